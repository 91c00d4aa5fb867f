import KafkaProtocol

extension PartitionLog {
    // MARK: Deleting from the front

    /// DeleteRecords: moves the log start up to `offset` (-1: the high watermark) and drops segments below it, whose
    /// files go with ``tidyFiles(limit:)``.
    /// - Returns: the new log start offset.
    package func deleteRecords(before offset: Int64) throws(ReadError) -> Int64 {
        let target = offset == -1 ? highWatermark : offset
        guard target >= 0, target <= highWatermark else {
            throw .offsetOutOfRange(logStartOffset: logStartOffset, logEndOffset: highWatermark)
        }
        guard target > logStartOffset else { return logStartOffset }
        logStartOffset = target
        forgetEpochsBelowStart()
        dropSegmentsBelowStart()
        return logStartOffset
    }

    /// Drops segments as `retention.ms` and `retention.bytes` say; their files go with ``tidyFiles(limit:)``.
    /// Returns how many went.
    @discardableResult
    package func applyRetention(now: Int64) throws(StorageError) -> Int {
        guard !isOffline, !isClosed else { return 0 }
        var count = dropSegmentsBelowStart()
        guard config.cleanupPolicy.contains(.delete) else { return count }
        if config.retentionMs >= 0 {
            count += try dropSegments(try countOlder(than: now -| config.retentionMs), now: now)
        }
        if config.retentionBytes >= 0 { count += try dropSegments(countBeyondSize(), now: now) }
        return count
    }

    /// How many segments from the first on have no record that is young enough.
    private func countOlder(than limit: Int64) throws(StorageError) -> Int {
        var count = 0
        for segment in segments where segment.size > 0 {
            let greatest = try segment.greatestTimestamp(interval: config.indexIntervalBytes).timestamp
            guard (greatest >= 0 ? greatest : segment.createdAt) < limit else { break }
            count += 1
        }
        return count
    }

    /// How many segments from the first on can go without the log falling below `retention.bytes`.
    private func countBeyondSize() -> Int {
        var excess = size -| config.retentionBytes
        var count = 0
        for segment in segments where segment.size > 0 {
            guard excess >= Int64(segment.size) else { break }
            excess -= Int64(segment.size)
            count += 1
        }
        return count
    }

    /// Drops the first `count` segments, as far as the high watermark allows. An active one is replaced by an empty
    /// one.
    private func dropSegments(_ count: Int, now: Int64) throws(StorageError) -> Int {
        var allowed = 0
        while allowed < count, endOffset(ofSegment: allowed) <= highWatermark { allowed += 1 }
        guard allowed > 0 else { return 0 }
        if allowed == segments.count { try roll(baseOffset: logEndOffset, now: now) }
        logStartOffset = max(logStartOffset, segments[allowed].baseOffset)
        forgetEpochsBelowStart()
        return dropSegmentsBelowStart()
    }

    private func forgetEpochsBelowStart() {
        if epochs.truncate(before: logStartOffset) { epochsBeginEarly = true }
    }

    /// Before segments go: should the process die then, an older checkpoint would say that they are missing. The disk
    /// need not have it before the next flush. A full one must not keep segments from being deleted.
    private func tellEpochs() throws(StorageError) {
        guard epochsBeginEarly || owesEpochs else { return }
        do throws(StorageError) {
            try writeEpochs(isSyncedLater: true)
            if durability == .fsync { epochsAreUnwritten = true }
        } catch {
            guard error.isTransient else { throw error }
            // Again behind the files that go, which make room.
            epochsAreUnwritten = true
        }
    }

    /// Takes closed segments out of the log whose records are all below its start.
    @discardableResult
    private func dropSegmentsBelowStart() -> Int {
        var count = 0
        while count + 1 < segments.count, segments[count + 1].baseOffset <= logStartOffset { count += 1 }
        guard count > 0 else { return 0 }
        dropped += segments[..<count]
        segments.removeFirst(count)
        return count
    }

    /// Whether files are left of segments that the log does not have any more.
    package var hasDropped: Bool { !dropped.isEmpty }

    /// Whether ``tidyFiles(limit:)`` has something to do.
    package var owesFiles: Bool { !isClosed && hasDropped || owesEpochs }

    /// Removes files of dropped segments, the oldest first, so that a crash in between leaves no hole: what is left
    /// then is below the log start, or is dropped again. Where none is left the epoch checkpoint gets what it lacks.
    ///
    /// - Parameter limit: about how many files, each of at most ``removedBytesPerFile``; at least something is done.
    /// - Returns: for how many files that counts.
    @discardableResult
    package func tidyFiles(limit: Int) throws(StorageError) -> Int {
        // A closed log's directory may have been moved, and its name be another log's.
        guard !isClosed else { return 0 }
        var count = 0
        if hasDropped {
            try tellEpochs()
            if durability == .fsync, isActiveNameUnsynced {
                // All that goes may have been all that there was: the log's end is then in this name alone.
                try fileSystem.syncDirectory(directory)
                isActiveNameUnsynced = false
                count += Self.filesPerSync
            }
        }
        while count < limit, let segment = dropped.first {
            hasUnsyncedFiles = true
            if segment.baseOffset != snapshotOffset { try removeSnapshot(segment.baseOffset) }
            let (isGone, files) = try segment.removeFiles(atMost: Self.removedBytesPerFile)
            count += 1 + files
            if isGone { dropped.removeFirst() }
        }
        if !hasDropped, owesEpochs {
            try writeEpochs()
            count += Self.filesPerEpochs
        }
        return count
    }

    /// For how many removed files it counts to wait for the disk.
    private static let filesPerSync = 10
    /// The same for replacing the epoch checkpoint.
    static let filesPerEpochs = 2

    /// Bytes of a file that go at a time: to give back its blocks, and the memory in which it is cached, takes the
    /// system long.
    package static let removedBytesPerFile = 8 << 20

    // MARK: Cutting the end

    /// Drops everything from `offset` on. A batch that holds it goes as a whole: the log end is then the batch's base
    /// offset.
    package func truncate(to offset: Int64) throws(StorageError) {
        guard offset < logEndOffset else { return }
        guard offset > segments[0].baseOffset else { return try truncateFully(startingAt: offset, now: 0) }
        try online { () throws(StorageError) in
            try removeTraces(from: offset)
            try removeSegments(after: segmentIndex(for: offset))
            let end = try cutActive(at: offset)
            try forget(from: end)
        }
    }

    /// Cuts the active segment and returns the new log end.
    private func cutActive(at offset: Int64) throws(StorageError) -> Int64 {
        let segment = active
        let scanner = BatchScanner(
            try segment.file(),
            from: try segment.offsetIndex(interval: config.indexIntervalBytes)
                .position(atOrBefore: offset -| segment.baseOffset),
            to: segment.size, windowSize: Segment.rebuildWindow)
        while let header = try scanner.next() {
            guard header.lastOffset >= offset else { continue }
            let end = min(offset, header.baseOffset)
            try segment.truncate(
                toPosition: scanner.batchStart, offset: end, interval: config.indexIntervalBytes)
            noteUnsynced(segment.indexPaths, at: segment.baseOffset)
            return end
        }
        return offset
    }

    /// Removes what speaks of records from `offset` on beside the segments, before those go: after a crash in between
    /// nothing must seem to be missing.
    private func removeTraces(from offset: Int64) throws(StorageError) {
        if epochs.truncate(from: offset) { try writeEpochs() }
        for entry in try fileSystem.list(directory) {
            guard let snapshot = LogFileName.offset(of: entry.name, suffix: ".snapshot"), snapshot > offset else {
                continue
            }
            try removeSnapshot(snapshot)
        }
    }

    /// Drops everything and goes on at `offset`, as a follower does whose leader begins beyond it: what was known of
    /// producers goes too, so that a transaction whose end lies in between does not stay open for ever.
    package func truncateFully(startingAt offset: Int64, now: Int64) throws(StorageError) {
        try online { () throws(StorageError) in
            // Names that may be wanted again.
            try tidyFiles(limit: .max)
            try removeTraces(from: 0)
            for segment in segments.reversed() { try segment.deleteFiles() }
            segments = [
                try Segment.create(baseOffset: offset, directory: directory, fileSystem: fileSystem, now: now)
            ]
            logStartOffset = offset
            hasUnsyncedFiles = true
            // A log that never had an epoch, as a mirror's when it begins, has none on disk.
            if epochsAreUnwritten { try writeEpochs() }
            try forget(from: offset)
            recoveryPoint = offset
        }
    }

    /// Makes everything beside the segments forget offsets from `end` on.
    private func forget(from end: Int64) throws(StorageError) {
        generation += 1
        logEndOffset = end
        logStartOffset = min(logStartOffset, end)
        recoveryPoint = min(recoveryPoint, end)
        knownPlaces.forget()
        if epochs.truncate(from: end) { try writeEpochs() }
        producers.removeAll()
        producersHaveEnded = false
        snapshotOffset = -1
        var newest: Int64 = -1
        for entry in try fileSystem.list(directory) {
            guard let offset = LogFileName.offset(of: entry.name, suffix: ".snapshot") else { continue }
            if offset > end || offset < logStartOffset || segments[0].baseOffset == end {
                try removeSnapshot(offset)
            } else {
                newest = max(newest, offset)
            }
        }
        var from = segments[0].baseOffset
        if newest >= 0,
            let bytes = try fileSystem.contents(
                of: directory + "/" + LogFileName.of(newest, ".snapshot"), atMost: SmallFile.maximumBytes),
            let states = ProducerStates.decoded(snapshot: bytes)
        {
            producers = states
            producersHaveEnded = newest > producerEnd ?? .max
            snapshotOffset = newest
            from = newest
        }
        try replayProducers(from: from, to: end)
        _ = finishProducerEnd()
        producers.settle(below: highWatermark)
    }

    func removeSnapshot(_ offset: Int64) throws(StorageError) {
        // Should it come back after a loss of power, other batches may lead to its offset.
        hasUnsyncedFiles = true
        try fileSystem.remove(directory + "/" + LogFileName.of(offset, ".snapshot"))
        if snapshotOffset == offset { snapshotOffset = -1 }
    }

    func removeSegments(after index: Int) throws(StorageError) {
        while segments.count > index + 1 {
            hasUnsyncedFiles = true
            try segments.removeLast().deleteFiles()
        }
    }

    // MARK: The end

    /// Clean close: indexes and the producer snapshot are written, the files given up. All of it is on disk then, since
    /// the next start looks at nothing but the ends.
    /// - Parameter isSyncedTogether: the caller syncs many logs at once, and notes nothing about this one before.
    /// - Throws: for a log that is offline. It must be recovered when it is opened again: no mark of a clean
    ///   stop then.
    package func close(isSyncedTogether: Bool = false) throws(StorageError) {
        guard !isClosed else { return }
        do throws(StorageError) { try settle() } catch { isOffline = true }
        guard !isOffline else {
            giveUp()
            throw offlineError("close")
        }
        if !isSyncedTogether { try flush() }
        if epochsAreUnwritten {
            // A clean stop vouches for everything; who syncs many logs at once does so before the mark.
            if isSyncedTogether { recoveryPoint = logEndOffset }
            try writeEpochs(isSyncedLater: isSyncedTogether)
        }
        if lacksEndSnapshot { try writeEndSnapshot() }
        if try active.seal() { noteUnsynced(active.indexPaths, at: active.baseOffset) }
        if !isSyncedTogether { try syncFiles() }
        giveUp()
        recoveryPoint = logEndOffset
    }

    /// The snapshot of a clean stop; that of an earlier stop goes. Where it says the same, mostly that there are no
    /// producers, it gets the new name: making a file takes file systems many times as long.
    private func writeEndSnapshot() throws(StorageError) {
        let old = snapshotOffset
        guard old >= 0, !segments.contains(where: { $0.baseOffset == old }) else {
            return try writeSnapshot(at: logEndOffset)
        }
        let oldPath = directory + "/" + LogFileName.of(old, ".snapshot")
        guard try fileSystem.contents(of: oldPath) == producers.snapshot() else {
            try writeSnapshot(at: logEndOffset)
            return try fileSystem.remove(oldPath)
        }
        let path = directory + "/" + LogFileName.of(logEndOffset, ".snapshot")
        try fileSystem.rename(oldPath, to: path)
        noteUnsynced([path], at: logEndOffset)
        snapshotOffset = logEndOffset
    }

    /// Removes the log's directory. The log must not be used any more.
    package func delete() throws(StorageError) {
        giveUp()
        try fileSystem.removeTree(directory)
    }
}
