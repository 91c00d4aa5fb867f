import KafkaProtocol

/// A batch that passed all checks of an append.
struct CheckedBatch {
    var header: RecordBatchHeader
    var bytes: UnsafeRawBufferPointer
    /// Set in a control batch that ends a transaction.
    var marker: TransactionMarker?
    /// Whether `header` differs from that of `bytes` where the checksum covers it.
    var needsNewChecksum = false
    /// Takes the place of `bytes` when records had to be numbered anew.
    var renumbered: [UInt8]?
}

extension PartitionLog {
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
        if origin == .client {
            var budget = RecordBudget.unlimited
            guard let result = try appendAsLeader(records, leaderEpoch: leaderEpoch, now: now, within: &budget) else {
                throw AppendError(.invalidRecord, "The record batch is not acceptable: it is too long.")
            }
            return result
        }
        try checkLeader(leaderEpoch)
        var iterator = RecordBatchIterator(records)
        var batches: [CheckedBatch] = []
        repeat {
            let (header, bytes) = try nextForLeader(&iterator, origin)
            batches.append(CheckedBatch(header: header, bytes: bytes, marker: try marker(in: bytes, header)))
        } while iterator.remainder > 0
        var result = try append(batches[0], leaderEpoch: leaderEpoch, now: now, origin: origin)
        for batch in batches.dropFirst() {
            let next = try append(batch, leaderEpoch: leaderEpoch, now: now, origin: origin)
            result.lastOffset = next.lastOffset
            result.recordCount += next.recordCount
            result.bytes += next.bytes
        }
        return result
    }

    /// A client's produce whose records are only looked at as far as `budget` goes.
    /// - Returns: nil when it does not reach; nothing was appended then, and ``recordCheck(_:now:)`` is to be performed
    ///   elsewhere.
    package func appendAsLeader(
        _ records: UnsafeRawBufferPointer, leaderEpoch: Int32, now: Int64, within budget: inout RecordBudget
    ) throws(AppendError) -> AppendResult? {
        try checkLeader(leaderEpoch)
        var iterator = RecordBatchIterator(records)
        let (header, bytes) = try nextForLeader(&iterator, .client)
        guard iterator.remainder == 0 else {
            throw AppendError(.invalidRecord, "A produce request has one record batch for a partition, not several.")
        }
        guard budget.batches > 0,
            let batch = try ProducedBatchRules(config: config, now: now).check(bytes, header, within: &budget)
        else {
            return nil
        }
        budget.batches -= 1  // bounded: just compared
        return try append(batch, leaderEpoch: leaderEpoch, now: now, origin: .client)
    }

    /// What has to be found out about `records` before they can be appended; copies them.
    package func recordCheck(_ records: UnsafeRawBufferPointer, now: Int64) -> RecordCheck {
        RecordCheck(bytes: Array(records), rules: ProducedBatchRules(config: config, now: now))
    }

    /// Appends a client's batch whose records were looked at elsewhere, under the config that the topic had then.
    package func appendAsLeader(
        _ verdict: RecordVerdict, leaderEpoch: Int32, now: Int64
    ) throws(AppendError) -> AppendResult {
        try checkLeader(leaderEpoch)
        let records = try verdict.outcome.get()
        return try verdict.bytes.withBytes { (bytes) throws(AppendError) in
            let batch = CheckedBatch(
                header: records.header, bytes: bytes, needsNewChecksum: records.needsNewChecksum,
                renumbered: records.renumbered)
            return try append(batch, leaderEpoch: leaderEpoch, now: now, origin: .client)
        }
    }

    private func checkLeader(_ leaderEpoch: Int32) throws(AppendError) {
        try checkOnline()
        guard leaderEpoch >= latestLeaderEpoch ?? -1 else {
            throw AppendError(
                .fencedLeaderEpoch, "Leader epoch \(leaderEpoch) is below the log's, \(latestLeaderEpoch ?? -1).")
        }
    }

    /// The next batch, of which everything but the records was checked.
    private func nextForLeader(
        _ iterator: inout RecordBatchIterator, _ origin: AppendOrigin
    ) throws(AppendError) -> (header: RecordBatchHeader, bytes: UnsafeRawBufferPointer) {
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
        return (header, bytes)
    }

    private func append(
        _ batch: CheckedBatch, leaderEpoch: Int32, now: Int64, origin: AppendOrigin
    ) throws(AppendError) -> AppendResult {
        if let bytes = batch.renumbered {
            return try bytes.withBytes { (bytes) throws(AppendError) in
                let batch = CheckedBatch(header: RecordBatchHeader(parsing: bytes), bytes: bytes)
                return try append(batch, leaderEpoch: leaderEpoch, now: now, origin: origin)
            }
        }
        var header = batch.header
        if header.hasProducerID {
            if let marker = batch.marker {
                try producers.check(marker, header)
            } else if !header.isControl {
                if origin == .client, let earlier = producers.duplicate(of: header) {
                    return duplicateResult(header, earlier)
                }
                try producers.check(header, checksSequence: origin == .client)
            }
        }
        guard logEndOffset < .max - Int64(header.lastOffsetDelta) else {  // bounded: the delta is the count less 1
            throw AppendError(.kafkaStorageError, "There are no offsets left behind \(logEndOffset).")
        }
        header.baseOffset = logEndOffset
        header.partitionLeaderEpoch = leaderEpoch
        let stampsTime = config.messageTimestampType == .logAppendTime && origin == .client
        let isSealedAnew = stampsTime || batch.needsNewChecksum
        let headSize = isSealedAnew ? RecordBatchHeader.size : RecordBatchHeader.headSize
        let body = UnsafeRawBufferPointer(rebasing: batch.bytes[headSize...])
        if isSealedAnew {
            if stampsTime { _ = header.setTimestamps(.logAppendTime, maxTimestamp: now) }
            header.writeSealed(into: scratch, records: body)
        } else {
            RecordBatchHeader.writeHead(
                into: scratch, baseOffset: header.baseOffset, batchLength: header.batchLength,
                partitionLeaderEpoch: leaderEpoch)
        }
        do {
            if active.isFull(for: header, bytes: batch.bytes.count, config: config, now: now) {
                try roll(baseOffset: header.baseOffset, now: now)
            }
            try write(UnsafeRawBufferPointer(rebasing: scratch[..<headSize]), body, now: now)
            noteEpochs([header])
            try noteAppended(header, marker: batch.marker)
        } catch { throw AppendError(error) }
        active.pace(pacing)
        return AppendResult(
            baseOffset: header.baseOffset, lastOffset: header.lastOffset, logAppendTime: stampsTime ? now : -1,
            logStartOffset: logStartOffset, isDuplicate: false, recordCount: Int(header.recordCount),
            bytes: batch.bytes.count)
    }

    private func duplicateResult(_ header: RecordBatchHeader, _ earlier: ProducerEntry.Batch) -> AppendResult {
        AppendResult(
            baseOffset: earlier.firstOffset, lastOffset: earlier.lastOffset,
            logAppendTime: config.messageTimestampType == .logAppendTime ? earlier.timestamp : -1,
            logStartOffset: logStartOffset, isDuplicate: true, recordCount: Int(header.recordCount), bytes: 0)
    }

    // MARK: As follower

    /// A mirror's append: batches keep offsets, epochs and every other byte. Offsets must grow (gaps are fine), else
    /// OFFSET_OUT_OF_RANGE; epochs must not fall, else FENCED_LEADER_EPOCH. A partial batch at the end, as a fetch with
    /// a byte limit leaves it, is left out. Nothing is appended when any batch is refused.
    package func appendAsFollower(_ records: UnsafeRawBufferPointer, now: Int64) throws(AppendError) -> AppendResult {
        try checkOnline()
        let batches = try checkedForFollower(records)
        var result = AppendResult(
            baseOffset: batches.first?.header.baseOffset ?? -1, lastOffset: logEndOffset -| 1, logAppendTime: -1,
            logStartOffset: logStartOffset, isDuplicate: false, recordCount: 0, bytes: 0)
        var start = 0
        while start < batches.count {
            do {
                start = try appendRun(batches, from: start, now: now, result: &result)
            } catch { throw AppendError(error) }
        }
        if !batches.isEmpty { active.pace(pacing) }
        return result
    }

    private func checkedForFollower(_ records: UnsafeRawBufferPointer) throws(AppendError) -> [CheckedBatch] {
        var iterator = RecordBatchIterator(records)
        var batches: [CheckedBatch] = []
        var nextOffset = logEndOffset
        var epoch = latestLeaderEpoch ?? -1
        while true {
            let next: (header: RecordBatchHeader, bytes: UnsafeRawBufferPointer)?
            do {
                next = try iterator.next()
                if let next { try validateBatch(next.bytes, header: next.header, rules: .replicated) }
            } catch { throw AppendError(error) }
            guard let (header, bytes) = next else { return batches }
            guard header.baseOffset >= nextOffset else {
                throw AppendError(
                    .offsetOutOfRange, "A batch begins at offset \(header.baseOffset), the log is at \(nextOffset).")
            }
            guard header.partitionLeaderEpoch >= epoch || header.partitionLeaderEpoch == -1 else {
                throw AppendError(
                    .fencedLeaderEpoch,
                    "The batch at offset \(header.baseOffset) has leader epoch \(header.partitionLeaderEpoch), "
                        + "the log is at \(epoch).")
            }
            nextOffset = header.nextOffset
            epoch = max(epoch, header.partitionLeaderEpoch)
            batches.append(CheckedBatch(header: header, bytes: bytes, marker: try marker(in: bytes, header)))
        }
    }

    /// Writes as many batches as the active segment takes, in one go. Returns the index of the first one left.
    private func appendRun(
        _ batches: [CheckedBatch], from start: Int, now: Int64, result: inout AppendResult
    ) throws(StorageError) -> Int {
        let first = batches[start]
        if active.isFull(for: first.header, bytes: first.bytes.count, config: config, now: now) {
            // Segments follow each other without a gap even where records do not, so that recovery can tell a lost end
            // of a segment from a gap; only offsets that would not fit make an exception.
            let fits = first.header.lastOffset -| logEndOffset <= Int32.max
            let base = fits ? logEndOffset : first.header.baseOffset
            try roll(baseOffset: base, now: now)
        }
        var end = start + 1
        var bytes = first.bytes.count
        while end < batches.count {
            let next = batches[end]
            if active.isFull(for: next.header, bytes: bytes + next.bytes.count, config: config, now: now) { break }
            if next.header.lastOffset -| active.baseOffset > Int32.max { break }
            bytes += next.bytes.count
            end += 1
        }
        let run = UnsafeRawBufferPointer(start: first.bytes.baseAddress, count: bytes)
        try write(run, UnsafeRawBufferPointer(start: nil, count: 0), now: now)
        noteEpochs(batches[start..<end].lazy.map(\.header))
        for batch in batches[start..<end] {
            try noteAppended(batch.header, marker: batch.marker)
            result.lastOffset = batch.header.lastOffset
            result.recordCount = result.recordCount +| Int(batch.header.recordCount)
            result.bytes += batch.bytes.count
        }
        return end
    }

    // MARK: Both

    private func checkOnline() throws(AppendError) {
        guard !isOffline, !isClosed else {
            throw AppendError(.kafkaStorageError, "The log \(directory) is offline.")
        }
    }

    /// The marker of a control batch that ends a transaction.
    private func marker(
        in batch: UnsafeRawBufferPointer, _ header: RecordBatchHeader
    ) throws(AppendError) -> TransactionMarker? {
        do { return try TransactionMarker(in: batch, header) } catch { throw AppendError(error) }
    }

    /// Writes behind the last batch, or nothing: after a failure the file is cut back. A full disk leaves it at that;
    /// after any other failure, or when cutting fails, the log goes offline.
    private func write(
        _ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, now: Int64
    ) throws(StorageError) {
        do {
            try active.write(head, body, pacing: pacing)
            if unflushedSince == nil { unflushedSince = now }
        } catch {
            if !error.isTransient { isOffline = true }
            if error.kind == .tooManyOpenFiles { throw error }
            do { try active.cutBack() } catch { isOffline = true }
            throw error
        }
    }

    /// Notes new leader epochs of batches that have been written, and not before: an epoch that begins in an empty
    /// segment says that records were there.
    private func noteEpochs(_ headers: some Sequence<RecordBatchHeader>) {
        for header in headers where header.partitionLeaderEpoch >= 0 {
            guard header.partitionLeaderEpoch != epochs.latest else { continue }
            noteEpoch(header.partitionLeaderEpoch, startOffset: header.baseOffset)
        }
    }

    /// Notes a batch that has been written at the log end.
    private func noteAppended(_ header: RecordBatchHeader, marker: TransactionMarker?) throws(StorageError) {
        if active.size == 0, isActiveNameUnsynced { hasUnsyncedFiles = true }
        if active.size == 0, segments.count > 1 {
            hasUnsyncedFiles = true
            active.beginIndex()
        }
        active.note(header, indexInterval: config.indexIntervalBytes)
        if header.baseOffset > logEndOffset { isGapless = false }
        logEndOffset = header.nextOffset
        guard let aborted = noteProducer(header, marker: marker) else { return }
        let segment = active
        try online { () throws(StorageError) in try segment.appendAborted(aborted) }
        noteUnsynced([segment.transactionIndexPath], at: segment.baseOffset)
    }

    /// Returns the transaction that the batch aborted, for the transaction index.
    func noteProducer(_ header: RecordBatchHeader, marker: TransactionMarker?) -> TransactionIndex.Entry? {
        guard header.hasProducerID else { return nil }
        if let marker { return producers.append(marker, header, settlesLater: durability == .fsync) }
        if !header.isControl { producers.append(header) }
        return nil
    }
}

extension TransactionMarker {
    /// Nil for batches that do not end a transaction.
    init?(in batch: UnsafeRawBufferPointer, _ header: RecordBatchHeader) throws(RecordBatchError) {
        guard header.isControl, header.hasProducerID, header.recordCount > 0,
            case .endTransaction(let commit, let coordinatorEpoch) = try ControlRecords.parse(batch: batch)
        else { return nil }
        self.init(isAbort: !commit, coordinatorEpoch: coordinatorEpoch)
    }
}

extension AppendError {
    init(_ error: StorageError) {
        self.init(.kafkaStorageError, error.description)
    }

    /// The answer to a batch that is not acceptable.
    init(_ error: RecordBatchError) {
        let code: ErrorCode =
            switch error {
            case .tooShort, .badLength, .badCRC: .corruptMessage
            case .unknownCompression: .unsupportedCompressionType
            case .unsupportedMagic, .badRecordCount, .badProducerState, .badRecord, .trailingBytes, .compression,
                .badBaseOffset:
                .invalidRecord
            }
        self.init(code, "The record batch is not acceptable: \(error).")
    }
}
