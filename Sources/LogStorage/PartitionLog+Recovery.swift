import KafkaProtocol

/// Reading batches that nobody vouches for, after an unclean stop.
extension PartitionLog {
    /// Takes epochs from the batches before the segment with index `end` that the checkpoint does not have, as an older
    /// version of it that a loss of power has brought back. Where there are none that costs a read of one header.
    func catchUpEpochs(before end: Int) throws(StorageError) {
        guard let segment = segments[..<end].last(where: { $0.size > 0 }),
            let last = try segment.lastHeaderOnDisk(), last.partitionLeaderEpoch > epochs.latest ?? -1
        else { return }
        let start = epochs.entries.last?.startOffset ?? segments[0].baseOffset
        for segment in segments[segmentIndex(for: start)..<end] {
            let scanner = BatchScanner(
                try segment.file(), from: 0, to: segment.size, windowSize: Segment.rebuildWindow)
            while let header = try scanner.next() {
                guard header.baseOffset >= start, header.partitionLeaderEpoch > epochs.latest ?? -1 else { continue }
                _ = epochs.assign(header.partitionLeaderEpoch, startOffset: header.baseOffset)
            }
        }
    }

    /// Takes epochs from the batches before the first epoch that is known. The checkpoint tells of a new log start
    /// before segments go, so there are such batches where a crash has kept the segments, and nobody was told of the
    /// log start. Otherwise that costs nothing.
    func findFirstEpochs() throws(StorageError) {
        guard let first = epochs.entries.first, first.startOffset > logStartOffset else { return }
        var found = LeaderEpochs()
        reading: for segment in segments[segmentIndex(for: logStartOffset)...] {
            guard segment.baseOffset < first.startOffset else { break }
            let scanner = BatchScanner(
                try segment.file(), from: 0, to: segment.size, windowSize: Segment.rebuildWindow)
            while let header = try scanner.next(), header.baseOffset < first.startOffset {
                guard header.nextOffset > logStartOffset else { continue }
                // Those of a source without epochs.
                guard header.partitionLeaderEpoch >= 0 else { break reading }
                _ = found.assign(header.partitionLeaderEpoch, startOffset: header.baseOffset)
            }
        }
        for entry in epochs.entries { _ = found.assign(entry.epoch, startOffset: entry.startOffset) }
        guard found != epochs else { return }
        (epochs, epochsAreUnwritten) = (found, true)
    }

    /// A segment that ends at the recovery point may have been closed after its last flush: its indexes were written,
    /// but a loss of power brought those of an earlier stop back, which speak of the first batches only.
    func distrustIndexes(of segment: Segment) throws(StorageError) {
        guard segment.size > 0, try !segment.indexesReachEnd(interval: config.indexIntervalBytes) else { return }
        try segment.rebuildIndexes(interval: config.indexIntervalBytes)
        _ = try segment.seal()
        noteUnsynced(segment.indexPaths, at: segment.baseOffset)
    }

    /// Why the batches of a segment end before its file does.
    private struct Break {
        var position: Int
        var reason: String
    }

    /// Reads the segments from `first` on, keeps sound batches and cuts off the rest, which is noted in ``findings``.
    /// - Parameter knownEnd: the offset up to which other files say that there were records.
    /// - Returns: where the first segment begins of which bytes were cut off. A loss of power can bring them back until
    ///   the file is synced. `Int64.max` when there is none.
    func recover(from first: Int, knownEnd: Int64, _ options: LogOptions) throws(StorageError) -> Int64 {
        var firstCut = Int64.max
        var index = first
        while index < segments.count {
            if index > first, try leaveOutReturned(index) { continue }
            let segment = segments[index]
            if index > first, let reason = lostEnd(of: segments[index - 1], before: segment) {
                try cut(after: index - 1, at: nil, reason, knownEnd)
                break
            }
            // Not before: the one that turns out to be the last is appended to.
            if index > first {
                _ = try segments[index - 1].seal()
                noteUnsynced(segments[index - 1].indexPaths, at: segments[index - 1].baseOffset)
            }
            let fileSize = segment.size
            // The whole file is read here, so that a lost tail of an earlier segment takes the later ones with it.
            let found = try scan(segment, fileSize: fileSize)
            segment.noteAllChecked()
            if let found {
                try refuseWhatIsNotTorn(found, index, fileSize, knownEnd, options)
                try cut(after: index, at: (found.position, fileSize), found.reason, knownEnd)
            }
            if segment.size == 0, fileSize > 0, !cutsLater {
                // Indexes of an empty file would say at the next start that records are missing.
                hasUnsyncedFiles = true
                try segment.removeIndexFiles()
            }
            if cutsLater, index == segments.count - 1 {
                uncutFileSize = max(uncutFileSize ?? 0, fileSize)
            } else {
                try segment.cutTornTail(fileSize: fileSize)
                if fileSize > segment.size {
                    firstCut = min(firstCut, segment.baseOffset)
                    // Also where no batch is left that would be flushed: a clean stop vouches for the file's end.
                    noteUnsynced([segment.path + ".log"], at: segment.baseOffset)
                }
            }
            if try segment.rewriteTransactions() {
                noteUnsynced([segment.transactionIndexPath], at: segment.baseOffset)
            }
            if found != nil { break }
            index += 1
        }
        tellInterruptedCut()
        try checkRecoveryPoint(options)
        if !hasFoundLoss, knownEnd > logEndOffset {
            findings.append(
                .loss(from: logEndOffset, upTo: knownEnd, bytes: 0, reason: "the file is shorter than it was"))
        }
        return firstCut
    }

    /// Cuts off what opening the log with ``LogOptions/cutsLater`` has left behind the last sound batch.
    package func cutDamagedEnd() throws(StorageError) {
        guard let fileSize = uncutFileSize else { return }
        try active.cutTornTail(fileSize: fileSize)
        uncutFileSize = nil
    }

    /// Whether opening the log has told of a loss; other findings tell nothing about records.
    var hasFoundLoss: Bool { findings.contains { $0.lost != nil } }

    /// Records below the recovery point were on disk: where they are missing and no damage tells why, a file has been
    /// taken away, or shortened.
    /// - Throws: `.recordsLost`, unless the loss is accepted.
    func checkRecoveryPoint(_ options: LogOptions) throws(StorageError) {
        guard !hasFoundLoss, options.recoveryPoint > logEndOffset, !options.acceptsLoss else { return }
        let loss = LogFinding.loss(
            from: logEndOffset, upTo: options.recoveryPoint, bytes: 0,
            reason: "the log ends before what was known to be on disk")
        throw StorageError(.recordsLost, "open", directory, detail: loss.text)
    }

    /// Why records are missing between the log end found so far and a segment; nil when none are. After a loss of power
    /// the end of a file, or all that was in it, can be gone while the next file is whole. Compaction leaves gaps too,
    /// and so do offsets too far apart for one segment; an accepted loss leaves an empty segment.
    private func lostEnd(of last: Segment, before segment: Segment) -> String? {
        let name = LogFileName.of(last.baseOffset, ".log")
        guard last.size > 0 else { return isHollow(last) ? "\(name) is empty" : nil }
        let gap = segment.baseOffset -| logEndOffset
        guard gap >= 0 else { return "\(LogFileName.of(segment.baseOffset, ".log")) begins before \(name) ends" }
        guard gap > 0, gap <= Int32.max, !config.cleanupPolicy.contains(.compact) else { return nil }
        return "\(name) ends before the next segment begins"
    }

    /// Drops a segment that begins inside the one before: it had been cut off, and the log went on over its offsets
    /// before a loss of power brought it back. Where the one before has gaps an offset of its may be damaged instead.
    private func leaveOutReturned(_ index: Int) throws(StorageError) -> Bool {
        let (last, segment) = (segments[index - 1], segments[index])
        guard segment.baseOffset < logEndOffset, !last.hasGaps, last.size > 0 else { return false }
        findings.append(
            LogFinding(
                text: "\(LogFileName.of(segment.baseOffset, ".log")) begins before the file before it ends: a loss of "
                    + "power brought back what had been cut off, \(segment.size) bytes are left out"))
        hasUnsyncedFiles = true
        try segments.remove(at: index).deleteFiles()
        return true
    }

    /// Checks every batch of a segment and notes the sound ones. Returns where and why it stopped before the end.
    private func scan(_ segment: Segment, fileSize: Int) throws(StorageError) -> Break? {
        segment.beginScan()
        // Nothing is appended behind a gap that was accepted, or that compaction left, but from the segment's begin on.
        logEndOffset = max(logEndOffset, segment.baseOffset)
        let scanner = BatchScanner(try segment.file(), from: 0, to: fileSize, windowSize: Self.recoveryWindow)
        while let header = try scanner.next() {
            let expected = logEndOffset
            guard isGapless ? header.baseOffset == expected : header.baseOffset >= expected,
                header.nextOffset -| segment.baseOffset <= Int64(Int32.max) + 1
            else {
                return Break(
                    position: scanner.batchStart,
                    reason: "a batch at offset \(header.baseOffset) cannot follow offset \(logEndOffset - 1)")
            }
            if let fault = Self.fault(in: try scanner.batch(), header) {
                return Break(
                    position: scanner.batchStart,
                    reason: "the batch at offset \(header.baseOffset) is damaged (\(fault))")
            }
            if header.baseOffset > expected { segment.hasGaps = true }
            for entry in passProducerEnd(upTo: header.baseOffset) { segment.noteAborted(entry) }
            _ = epochs.assign(header.partitionLeaderEpoch, startOffset: header.baseOffset)
            segment.note(header, indexInterval: config.indexIntervalBytes)
            logEndOffset = header.nextOffset
            let marker = header.isControl ? soundMarker(in: try scanner.batch(), header) : nil
            if let aborted = noteProducer(header, marker: marker) { segment.noteAborted(aborted) }
        }
        guard scanner.isBroken else { return nil }
        let name = LogFileName.of(segment.baseOffset, ".log")
        return Break(
            position: scanner.position, reason: "there is no whole batch at byte \(scanner.position) of \(name)")
    }

    private static func fault(in batch: UnsafeRawBufferPointer, _ header: RecordBatchHeader) -> RecordBatchError? {
        do {
            try validateBatch(batch, header: header, rules: .replicated)
            return nil
        } catch {
            return error
        }
    }

    // MARK: Cutting

    /// Removes the segments behind `index` and takes note of what goes, with what is left of the file at `index`.
    private func cut(
        after index: Int, at place: (position: Int, fileSize: Int)?, _ reason: String, _ knownEnd: Int64
    ) throws(StorageError) {
        var bytes = 0
        var end = knownEnd
        if let place {
            bytes += place.fileSize - place.position
            end = max(end, try soundEnd(segments[index], from: place.position, to: place.fileSize))
        }
        for segment in segments[(index + 1)...] {
            bytes += segment.size
            end = max(end, segment.baseOffset, try soundEnd(segment, from: 0, to: segment.size))
        }
        if let note = cutNote, note.from <= logEndOffset { end = max(end, note.upTo) }
        findings.append(.loss(from: logEndOffset, upTo: end > logEndOffset ? end : nil, bytes: bytes, reason: reason))
        try noteCut(upTo: end)
        guard index + 1 < segments.count else { return }
        try removeSegments(after: index)
        // Another loss of power must not bring them back among what is appended from here on.
        try fileSystem.syncDirectory(directory)
    }

    /// The offset after the last sound batch from `position` on; -1 when there is none. Where a header does not lead to
    /// the next one, that is looked for at every byte.
    private func soundEnd(_ segment: Segment, from position: Int, to end: Int) throws(StorageError) -> Int64 {
        var found: Int64 = -1
        var start = position
        for _ in 0..<Self.searchesBehindDamage {
            let scanner = BatchScanner(try segment.file(), from: start, to: end, windowSize: Self.recoveryWindow)
            while let header = try scanner.next() {
                // The checksum does not cover offsets: one that its segment cannot hold is not told.
                guard Self.fault(in: try scanner.batch(), header) == nil, header.baseOffset >= segment.baseOffset,
                    header.nextOffset -| segment.baseOffset <= Int64(Int32.max) + 1
                else { continue }
                found = max(found, header.nextOffset)
            }
            guard scanner.isBroken, let next = try soundBatch(in: segment, from: scanner.position + 1, to: end) else {
                break
            }
            start = next
        }
        return found
    }

    /// Of a log that is synced at every append only the last append can be torn, and after a clean stop nothing can.
    /// Damage with sound batches behind it is damage to acknowledged records: cutting would take them along.
    private func refuseWhatIsNotTorn(
        _ found: Break, _ index: Int, _ fileSize: Int, _ knownEnd: Int64, _ options: LogOptions
    ) throws(StorageError) {
        let isUntorn = options.cleanShutdown && !options.acceptsLoss
        guard refusesDamage || isUntorn else { return }
        var isFollowed = try soundBatch(in: segments[index], from: found.position + 1, to: fileSize) != nil
        for later in segments[(index + 1)...] where !isFollowed {
            isFollowed = try soundBatch(in: later, from: 0, to: later.size) != nil
        }
        guard isFollowed else { return }
        let reason = "\(found.reason), and sound batches follow it, so this is no torn write"
        guard !refusesDamage else { throw StorageError(.corrupt, "read", directory, detail: reason) }
        // A clean stop notes the end.
        let loss = LogFinding.loss(from: logEndOffset, upTo: knownEnd, bytes: 0, reason: reason)
        throw StorageError(.recordsLost, "open", directory, detail: loss.text)
    }

    /// Where a sound batch begins, at any byte of a range: after damage no header can be trusted to lead there.
    private func soundBatch(in segment: Segment, from start: Int, to end: Int) throws(StorageError) -> Int? {
        guard start < end else { return nil }
        let file = try segment.file()
        var bytes = [UInt8](repeating: 0, count: min(end - start, Self.searchedBytes))
        var failure: StorageError?
        let found = bytes.withUnsafeMutableBytes { memory in
            do throws(StorageError) {
                let count = try file.read(into: memory, at: start)
                return Self.soundBatch(in: UnsafeRawBufferPointer(rebasing: memory[..<count]))
            } catch {
                failure = error
                return nil
            }
        }
        if let failure { throw failure }
        return found.map { start + $0 }
    }

    private static func soundBatch(in memory: UnsafeRawBufferPointer) -> Int? {
        guard memory.count >= RecordBatchHeader.size else { return nil }
        for start in 0...(memory.count - RecordBatchHeader.size) {
            let rest = UnsafeRawBufferPointer(rebasing: memory[start...])
            guard rest[RecordBatchHeader.Position.magic] == UInt8(bitPattern: RecordBatchHeader.magic) else { continue }
            let header = RecordBatchHeader(parsing: rest)
            guard header.sizeInBytes >= RecordBatchHeader.size, header.sizeInBytes <= rest.count else { continue }
            let batch = UnsafeRawBufferPointer(rebasing: rest[..<header.sizeInBytes])
            if fault(in: batch, header) == nil { return start }
        }
        return nil
    }

    /// How often the next sound batch is looked for, for the end of a loss to be told.
    static let searchesBehindDamage = 8
    /// Bytes behind damage in which sound batches are looked for.
    static let searchedBytes = 64 << 20
    /// Bytes read at once while recovering.
    static let recoveryWindow = 1 << 20
}
