import KafkaProtocol

/// Appends that are on disk when they return, or are not in the log at all: for a log in which whatever is found
/// counts, although nobody was told that it was written.
extension PartitionLog {
    /// All that one append changes.
    struct Savepoint {
        fileprivate let end: Int64
        fileprivate let epochs: LeaderEpochs
        fileprivate let segmentBase: Int64
        fileprivate let segment: Segment.Savepoint
    }

    /// Whether a refused append may still be in the file: nothing can be appended until ``settle()`` succeeds.
    package var isUnsettled: Bool { refused != nil }

    /// Appends batches of the log's owner and brings them to disk.
    ///
    /// - Throws: then nothing of it is left, neither in the log nor on disk, whatever went wrong; or the log is
    ///   ``isUnsettled``.
    package func appendDurably(
        _ records: UnsafeRawBufferPointer, leaderEpoch: Int32, now: Int64
    ) throws(AppendError) {
        let before: Savepoint
        do throws(StorageError) {
            try settle()
            try keepActiveOpen()
            before = Savepoint(
                end: logEndOffset, epochs: epochs, segmentBase: active.baseOffset, segment: active.savepoint)
        } catch {
            throw AppendError(error)
        }
        guard !isOffline, !isClosed else {
            throw AppendError(.kafkaStorageError, "The log \(directory) is offline.")
        }
        do throws(AppendError) {
            _ = try appendAsLeader(records, leaderEpoch: leaderEpoch, now: now, origin: .coordinator)
            do throws(StorageError) {
                if owesEpochs { try writeEpochs() }
                try syncHere()
            } catch { throw AppendError(error) }
        } catch {
            refused = before
            // Where it fails it is tried again before the next append.
            do throws(StorageError) { try settle() } catch {}
            throw error
        }
    }

    /// Takes back what was refused, if that has still to be done, and waits until that is on disk. It needs no file
    /// descriptor beside the one that is kept.
    package func settle() throws(StorageError) {
        guard let before = refused else { return }
        guard !isClosed else { throw StorageError(.io, "take back", directory, detail: "the log is closed") }
        // The append may have begun a segment.
        let isSame = active.baseOffset == before.segmentBase
        try active.goBack(to: isSame ? before.segment : Segment.Savepoint())
        generation += 1
        logEndOffset = before.end
        recoveryPoint = min(recoveryPoint, before.end)
        unflushedSince = nil
        knownPlaces.forget()
        epochsAreUnwritten = epochsAreUnwritten || epochs != before.epochs
        epochs = before.epochs
        // An epoch that begins in an empty log says that records were there.
        if before.end == segments[0].baseOffset { try writeEpochs() }
        isOffline = false
        refused = nil
    }

    /// Keeps the descriptor of the file that is appended to: what is written or taken back must not depend on what the
    /// rest of the process has open.
    package func keepActiveOpen() throws(StorageError) {
        guard keptSegment !== active || !active.isKeptOpen else { return }
        keptSegment?.closeFile()
        try active.keepOpen()
        keptSegment = active
    }

    /// As ``flush()``, without a descriptor more.
    private func syncHere() throws(StorageError) {
        for segment in segments where segment.syncedSize < segment.size {
            try segment.file().sync()
            segment.syncedSize = segment.size
        }
        try syncFiles()
        unflushedSince = nil
        recoveryPoint = logEndOffset
    }
}

extension Segment {
    /// What ``goBack(to:)`` needs to know; without values that of a segment which has just been begun.
    struct Savepoint {
        var size = 0
        var bytesSinceIndexEntry = 0
        var greatest: (timestamp: Int64, offset: Int64)? = (-1, -1)
        var firstTimestamp: Int64?
        /// Entries of the indexes.
        var offsetCount = 0
        var timeCount = 0
    }

    /// Cuts the file to what it held, and waits for the disk.
    func goBack(to before: Savepoint) throws(StorageError) {
        let file = try file()
        do throws(StorageError) {
            try file.truncate(to: before.size)
        } catch {
            // At least nobody who reads the file later takes it for a batch.
            let length = min(RecordBatchHeader.size, try file.size() - before.size)
            let zeros = [UInt8](repeating: 0, count: max(0, length))
            try zeros.withBytes { (bytes) throws(StorageError) in try file.write(bytes, at: before.size) }
            throw error
        }
        try file.sync()
        restore(before)
    }
}
