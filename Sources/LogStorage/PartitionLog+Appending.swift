import KafkaProtocol

extension PartitionLog {
    /// A batch that passed all checks.
    private struct Checked {
        var header: RecordBatchHeader
        var bytes: UnsafeRawBufferPointer
        /// Set in a control batch that ends a transaction.
        var marker: TransactionMarker?
    }

    // MARK: As leader

    /// A client's or coordinator's produce: checks the batch, assigns offsets and the leader epoch. The batch keeps its
    /// compression whatever `compression.type` says.
    /// - Parameters:
    ///   - records: whole batches; borrowed for the call, not copied.
    ///   - leaderEpoch: not below ``latestLeaderEpoch``, else FENCED_LEADER_EPOCH.
    ///   - now: milliseconds since the epoch.
    package func appendAsLeader(
        _ records: UnsafeRawBufferPointer, leaderEpoch: Int32, now: Int64, origin: AppendOrigin = .client
    ) throws(AppendError) -> AppendResult {
        try checkOnline()
        guard leaderEpoch >= latestLeaderEpoch ?? -1 else {
            throw AppendError(
                .fencedLeaderEpoch, "Leader epoch \(leaderEpoch) is below the log's, \(latestLeaderEpoch ?? -1).")
        }
        var iterator = RecordBatchIterator(records)
        let first = try checkedForLeader(&iterator, now: now, origin: origin)
        guard iterator.remainder > 0 else { return try appendAsLeader(first, leaderEpoch: leaderEpoch, now: now) }
        if origin == .client {
            throw AppendError(.invalidRecord, "A produce request has one record batch for a partition, not several.")
        }
        var batches = [first]
        while iterator.remainder > 0 {
            batches.append(try checkedForLeader(&iterator, now: now, origin: origin))
        }
        var result = try appendAsLeader(first, leaderEpoch: leaderEpoch, now: now)
        for batch in batches.dropFirst() {
            let next = try appendAsLeader(batch, leaderEpoch: leaderEpoch, now: now)
            result.lastOffset = next.lastOffset
            result.recordCount += next.recordCount
            result.bytes += next.bytes
        }
        return result
    }

    private func checkedForLeader(
        _ iterator: inout RecordBatchIterator, now: Int64, origin: AppendOrigin
    ) throws(AppendError) -> Checked {
        let next: (header: RecordBatchHeader, bytes: UnsafeRawBufferPointer)?
        do { next = try iterator.next() } catch { throw AppendError(error) }
        guard let (header, bytes) = next else {
            throw AppendError(.invalidRecord, "There is no whole record batch.")
        }
        guard bytes.count <= config.maxMessageBytes else {
            throw AppendError(
                .messageTooLarge, "The batch has \(bytes.count) bytes, max.message.bytes is \(config.maxMessageBytes).")
        }
        guard bytes.count <= config.segmentBytes else {
            throw AppendError(
                .recordListTooLarge, "The batch has \(bytes.count) bytes, segment.bytes is \(config.segmentBytes).")
        }
        do {
            try validateBatch(bytes, header: header, rules: origin == .client ? .produced : .replicated)
        } catch { throw AppendError(error) }
        if origin == .coordinator {
            return Checked(header: header, bytes: bytes, marker: try marker(in: bytes, header))
        }
        try checkClientBatch(bytes, header, now: now)
        if header.hasProducerID, let earlier = producers.duplicate(of: header) {
            throw duplicateResult(header, earlier)
        }
        return Checked(header: header, bytes: bytes, marker: nil)
    }
}
