import KafkaProtocol

extension PartitionLog {
    // MARK: Deleting from the front

    /// DeleteRecords: moves the log start up to `offset` (-1: the high watermark) and drops segments below it.
    /// - Returns: the new log start offset.
    package func deleteRecords(before offset: Int64) throws(ReadError) -> Int64 {
        let target = offset == -1 ? highWatermark : offset
        guard target >= 0, target <= highWatermark else {
            throw .offsetOutOfRange(logStartOffset: logStartOffset, logEndOffset: highWatermark)
        }
        guard target > logStartOffset else { return logStartOffset }
        logStartOffset = target
        do {
            try dropSegmentsBelowStart()
            if epochs.truncate(before: target) { try writeEpochs() }
        } catch { throw .storage(error) }
        return logStartOffset
    }

    /// Deletes segments as `retention.ms` and `retention.bytes` say. Returns how many went.
    @discardableResult
    package func applyRetention(now: Int64) throws(StorageError) -> Int {
        guard !isOffline, !isClosed else { return 0 }
        var count = try dropSegmentsBelowStart()
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
        let dropped = try dropSegmentsBelowStart()
        if epochs.truncate(before: logStartOffset) { try writeEpochs() }
        return dropped
    }

    /// Deletes closed segments whose records are all below the log start.
    @discardableResult
    private func dropSegmentsBelowStart() throws(StorageError) -> Int {
        var count = 0
        while segments.count > 1, segments[1].baseOffset <= logStartOffset {
            let segment = segments.removeFirst()
            if segment.baseOffset != snapshotOffset { try removeSnapshot(segment.baseOffset) }
            try segment.deleteFiles()
            count += 1
        }
        return count
    }

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
            try removeTraces(from: 0)
            for segment in segments.reversed() { try segment.deleteFiles() }
            segments = [
                try Segment.create(baseOffset: offset, directory: directory, fileSystem: fileSystem, now: now)
            ]
            logStartOffset = offset
            epochs.removeAll()
            try writeEpochs()
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
            let bytes = try fileSystem.contents(of: directory + "/" + LogFileName.of(newest, ".snapshot")),
            let states = ProducerStates.decoded(snapshot: bytes)
        {
            producers = states
            producersHaveEnded = newest > producerEnd ?? .max
            snapshotOffset = newest
            from = newest
        }
        try replayProducers(from: from, to: end)
        _ = finishProducerEnd()
    }

    func removeSnapshot(_ offset: Int64) throws(StorageError) {
        try fileSystem.remove(directory + "/" + LogFileName.of(offset, ".snapshot"))
        if snapshotOffset == offset { snapshotOffset = -1 }
    }

    func removeSegments(after index: Int) throws(StorageError) {
        while segments.count > index + 1 { try segments.removeLast().deleteFiles() }
    }

    // MARK: Flushing

    /// Whether a flush is due: by `flush.messages` or `flush.ms`, by durability `fsync`, or because a closed segment is
    /// not on disk yet.
    package func needsFlush(now: Int64) -> Bool {
        guard let unflushedSince, logEndOffset > recoveryPoint, !isOffline else { return false }
        return durability == .fsync || logEndOffset -| recoveryPoint >= config.flushMessages
            || now -| unflushedSince >= config.flushMs || recoveryPoint < active.baseOffset
    }

    /// Whether as many records as `flush.messages` says wait to be flushed.
    package var hasReachedFlushMessages: Bool { logEndOffset -| recoveryPoint >= config.flushMessages }

    /// A flush that another thread can do: `perform` it anywhere, then hand it to ``completeFlush(_:succeeded:)``.
    /// Nil when everything is durable, or when the log is offline.
    /// While ``hasUnflushed`` no file descriptor was free: it has to be tried again.
    package func prepareFlush() -> FlushTicket? {
        // The flush stays due when there is no ticket.
        do { return try makeTicket() } catch { return nil }
    }

    private func makeTicket() throws(StorageError) -> FlushTicket? {
        guard logEndOffset > recoveryPoint, !isOffline else { return nil }
        var ticket = FlushTicket(upToOffset: logEndOffset, generation: generation)
        do throws(StorageError) {
            for segment in segments where segment.syncedSize < segment.size {
                ticket.handles.append(try segment.file().syncHandle())
                ticket.sizes.append((segment.baseOffset, segment.size))
            }
        } catch {
            if !error.isTransient { isOffline = true }
            throw error
        }
        unflushedSince = nil
        return ticket
    }

    /// Takes note of a performed flush; a failed one takes the log offline, because nobody knows what it lost.
    package func completeFlush(_ ticket: FlushTicket, succeeded: Bool) {
        guard succeeded else {
            isOffline = true
            return
        }
        guard ticket.generation == generation else { return }
        for (base, size) in ticket.sizes {
            guard let segment = segments.first(where: { $0.baseOffset == base }) else { continue }
            segment.syncedSize = max(segment.syncedSize, size)
        }
        recoveryPoint = max(recoveryPoint, ticket.upToOffset)
        producers.settle(below: recoveryPoint)
    }

    /// Makes everything durable before it returns.
    /// - Throws: also when no file descriptor was free; the log is as it was then, and the flush stays due.
    package func flush() throws(StorageError) {
        guard let ticket = try makeTicket() else {
            if isOffline { throw offlineError("flush") }
            return try syncFiles()
        }
        let succeeded = ticket.perform()
        if succeeded { try syncFiles() }
        completeFlush(ticket, succeeded: succeeded)
        if !succeeded { throw StorageError(.io, "sync", directory) }
    }

    /// Makes files that were made, replaced or removed survive a loss of power, by their directory.
    func syncFiles() throws(StorageError) {
        guard hasUnsyncedFiles else { return }
        try fileSystem.syncDirectory(directory)
        if isDirectoryUnsynced, let slash = directory.lastIndex(of: "/"), slash != directory.startIndex {
            try fileSystem.syncDirectory(String(directory[..<slash]))
        }
        (hasUnsyncedFiles, isDirectoryUnsynced) = (false, false)
    }

    private func offlineError(_ operation: String) -> StorageError {
        StorageError(.io, operation, directory, detail: "the log is offline")
    }

    // MARK: The end

    /// Clean close: indexes and the producer snapshot are written, the files given up. Batches and the names of files
    /// are on disk then; indexes and snapshots need not be, they are hints.
    /// - Parameter isSyncedTogether: the caller syncs many logs at once, and notes nothing about this one before.
    /// - Throws: for a log that is offline. It must be recovered when it is opened again: no mark of a clean
    ///   stop then.
    package func close(isSyncedTogether: Bool = false) throws(StorageError) {
        guard !isClosed else { return }
        do throws(StorageError) { try settle() } catch { isOffline = true }
        guard !isOffline else {
            isClosed = true
            for segment in segments { segment.closeFile() }
            throw offlineError("close")
        }
        if !isSyncedTogether { try flush() }
        let old = snapshotOffset
        if logEndOffset > segments[0].baseOffset, old != logEndOffset {
            try writeSnapshot(at: logEndOffset)
            if old >= 0, !segments.contains(where: { $0.baseOffset == old }) {
                try fileSystem.remove(directory + "/" + LogFileName.of(old, ".snapshot"))
            }
        }
        try active.seal(durable: durability == .fsync)
        for segment in segments { segment.closeFile() }
        recoveryPoint = logEndOffset
        isClosed = true
    }

    /// Removes the log's directory. The log must not be used any more.
    package func delete() throws(StorageError) {
        isClosed = true
        for segment in segments { segment.closeFile() }
        try fileSystem.removeTree(directory)
    }
}

/// A flush under way; see ``PartitionLog/prepareFlush()``.
package struct FlushTicket: Sendable {
    /// Everything below is durable once the flush is done.
    package let upToOffset: Int64
    let generation: Int
    var handles: [any SyncHandle] = []
    /// Base offsets of the segments with the bytes that the flush covers.
    var sizes: [(base: Int64, size: Int)] = []

    init(upToOffset: Int64, generation: Int) {
        self.upToOffset = upToOffset
        self.generation = generation
    }

    /// Waits for the disk; true when everything is on it. Call it once, on any thread.
    package func perform() -> Bool {
        for handle in handles {
            do { try handle.sync() } catch { return false }
        }
        return true
    }
}
