import KafkaProtocol

/// How long the records may be that an append looks at itself. A batch of some hundred bytes can decompress to a
/// hundred million.
package struct RecordBudget: Sendable {
    /// Bytes that may still be decompressed.
    package var bytes: Int
    /// Records that may still be read.
    package var records: Int
    /// Bytes of records, decompressed, that may still be compressed again to number them anew; the codecs take many
    /// times as long for it.
    package var recompressedBytes: Int
    /// Batches that may still be appended, each of which is a write.
    package var batches: Int
    /// Record faults that may still be named; a batch is refused whatever their number.
    package var faults: Int

    package init(
        bytes: Int, records: Int, recompressedBytes: Int, batches: Int = .max, faults: Int = reportedFaults
    ) {
        self.batches = batches
        self.bytes = bytes
        self.records = records
        self.recompressedBytes = recompressedBytes
        self.faults = faults
    }

    /// Record faults that the answer to one request names.
    package static let reportedFaults = 10_000

    /// What no batch exceeds that is acceptable at all.
    package static let unlimited = RecordBudget(
        bytes: Compression.defaultOutputLimit, records: .max, recompressedBytes: .max)
}

/// The records of a producer's batch, to be looked at on another thread: everything about an append that takes long and
/// depends on nothing but the batch and its topic's config.
package struct RecordCheck: Sendable {
    /// The whole batch, whose header and checksum were found to be right.
    let bytes: [UInt8]
    let rules: ProducedBatchRules
    /// Record faults that may be named.
    package var faults = RecordBudget.reportedFaults

    /// Bytes of memory that it takes while it waits.
    package var heldBytes: Int { bytes.count }

    /// Takes as long as it takes. Call it once, on any thread.
    /// - Parameter limit: bytes that the records may decompress to; no batch may have more than
    ///   `Compression.defaultOutputLimit`.
    package func perform(within limit: Int) -> RecordVerdict {
        var budget = RecordBudget.unlimited
        budget.bytes = max(0, min(limit, budget.bytes))
        budget.faults = faults
        let granted = budget.bytes
        let outcome: Result<CheckedRecords, AppendError> = bytes.withUnsafeBytes { bytes in
            Result { () throws(AppendError) in
                guard let batch = try rules.check(bytes, RecordBatchHeader(parsing: bytes), within: &budget) else {
                    throw AppendError(.messageTooLarge, "The records of the request decompress to too many bytes.")
                }
                return CheckedRecords(
                    header: batch.header, needsNewChecksum: batch.needsNewChecksum, renumbered: batch.renumbered)
            }
        }
        return RecordVerdict(bytes: bytes, outcome: outcome, decompressedBytes: granted - budget.bytes)
    }
}

/// What a ``RecordCheck`` found; ``PartitionLog/appendAsLeader(_:leaderEpoch:now:)`` takes it.
package struct RecordVerdict: Sendable {
    let bytes: [UInt8]
    let outcome: Result<CheckedRecords, AppendError>
    /// Bytes that were decompressed; those of records that turned out to be broken count as many as there may be.
    package let decompressedBytes: Int
}

/// A ``CheckedBatch`` without the bytes that it was lent.
struct CheckedRecords: Sendable {
    let header: RecordBatchHeader
    let needsNewChecksum: Bool
    let renumbered: [UInt8]?
}

/// What a leader makes of the records of a producer's batch. The rules are those of Kafka's LogValidator.
struct ProducedBatchRules: Sendable {
    let config: LogConfig
    /// Milliseconds since the epoch when the batch came.
    let now: Int64

    /// Checks every record and returns the batch as it has to be stored: with the timestamp of its latest record in the
    /// header, and, when it is compressed, with offsets that count up. Kafka keeps an uncompressed batch as it came
    /// even if its offsets do not (`assignOffsetsNonCompressed`), and rebuilds a compressed one
    /// (`validateMessagesAndAssignOffsetsCompressed`).
    /// - Returns: nil when `budget` does not reach; nothing is known about the records then.
    func check(
        _ bytes: UnsafeRawBufferPointer, _ header: RecordBatchHeader, within budget: inout RecordBudget
    ) throws(AppendError) -> CheckedBatch? {
        guard header.baseOffset == 0 else {
            throw AppendError(.invalidRecord, "A produced batch has base offset 0, not \(header.baseOffset).")
        }
        guard !header.isControl else {
            throw AppendError(.invalidRecord, "Clients may not write control records.")
        }
        guard header.timestampType == .createTime else {
            throw AppendError(.invalidTimestamp, "Producers may not set the timestamp type LogAppendTime.")
        }
        guard Int(header.recordCount) <= budget.records else {
            return nil
        }
        let range = acceptedTimestamps
        let limit = min(budget.bytes, Compression.defaultOutputLimit)
        let summary: RecordSummary
        do {
            summary = try validateRecords(bytes, header: header, timestampRange: range, outputLimit: limit)
        } catch .compression(.limitExceeded) where limit < Compression.defaultOutputLimit {
            budget.bytes = 0
            return nil
        } catch {
            // How far it came is not known: the rest of the request is looked at elsewhere.
            if header.isCompressed { budget.bytes = 0 }
            throw AppendError(error)
        }
        budget.records -= Int(summary.count)
        if header.isCompressed {
            budget.bytes -= summary.payloadBytes
        }
        if summary.firstOutsideRange != nil || config.requiresKeys && summary.firstIndexWithoutKey != nil {
            let error = try faults(in: bytes, header, accepted: range, atMost: budget.faults)
            budget.faults -= error.recordErrors.count
            throw error
        }
        if header.isCompressed, !summary.countsUp {
            guard summary.payloadBytes <= budget.recompressedBytes else {
                return nil
            }
            budget.recompressedBytes -= summary.payloadBytes
            return try renumbered(bytes, header, summary)
        }
        var batch = CheckedBatch(header: header, bytes: bytes)
        batch.needsNewChecksum = batch.header.setTimestamps(.createTime, maxTimestamp: summary.maxTimestamp)
        return batch
    }

    /// Nil when every timestamp is fine.
    private var acceptedTimestamps: ClosedRange<Int64>? {
        let (before, after) = (config.messageTimestampBeforeMaxMs, config.messageTimestampAfterMaxMs)
        guard config.messageTimestampType == .createTime, before != .max || after != .max else { return nil }
        let (first, underflow) = now.subtractingReportingOverflow(max(before, 0))
        let (last, overflow) = now.addingReportingOverflow(max(after, 0))
        return (underflow || before == .max ? .min : first)...(overflow ? .max : last)
    }

    /// Names every record that the topic does not take: one without a key that needs one, or else one that is too old
    /// or too new. A bad timestamp anywhere decides the code.
    private func faults(
        in bytes: UnsafeRawBufferPointer, _ header: RecordBatchHeader, accepted: ClosedRange<Int64>?, atMost limit: Int
    ) throws(AppendError) -> AppendError {
        var faults: [AppendError.RecordError] = []
        var count = 0
        var hasBadTimestamp = false
        do {
            try forEachRecord(in: bytes) { record in
                var outside: ClosedRange<Int64>?
                if !config.requiresKeys || record.key != nil {
                    guard let accepted, record.timestamp != -1, !accepted.contains(record.timestamp) else {
                        return true
                    }
                    outside = accepted
                    hasBadTimestamp = true
                }
                count += 1
                if count <= limit {
                    let text = outside.map { range in
                        "Timestamp \(record.timestamp) is out of range: it has to lie from \(range.lowerBound) to "
                            + "\(range.upperBound)."
                    }
                    let message = text ?? "A record of a compacted topic needs a key."
                    faults.append(.init(batchIndex: Int32(clamping: record.index), message: message))
                }
                return true
            }
        } catch { throw AppendError(error) }
        let reason = hasBadTimestamp ? "timestamps that are out of range" : "missing keys"
        return AppendError(
            hasBadTimestamp ? .invalidTimestamp : .invalidRecord,
            "\(count) of \(header.recordCount) records are refused because of \(reason).", recordErrors: faults)
    }

    /// The batch with offsets 0, 1, 2, … and the same codec.
    private func renumbered(
        _ bytes: UnsafeRawBufferPointer, _ header: RecordBatchHeader, _ summary: RecordSummary
    ) throws(AppendError) -> CheckedBatch {
        var builder = RecordBatchBuilder(like: header)
        do {
            try forEachRecord(in: bytes) { record in
                builder.appendAtNextOffset(record)
                return true
            }
        } catch { throw AppendError(error) }
        let rebuilt: [UInt8]
        do { rebuilt = try builder.build(maxTimestamp: summary.maxTimestamp) } catch {
            throw AppendError(RecordBatchError.compression(error))
        }
        guard rebuilt.count <= min(config.maxMessageBytes, config.segmentBytes) else {
            throw AppendError(
                .messageTooLarge, "With offsets that count up the batch has \(rebuilt.count) bytes, too many.")
        }
        return CheckedBatch(header: header, bytes: bytes, renumbered: rebuilt)
    }
}
