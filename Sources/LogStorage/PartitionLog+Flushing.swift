import KafkaProtocol

/// How a log gets to disk: by tickets that other threads perform, or at once.
extension PartitionLog {
    /// Whether a flush is due: by `flush.messages` or `flush.ms`, by durability `fsync`, or because a closed segment is
    /// not on disk yet.
    package func needsFlush(now: Int64) -> Bool {
        guard let unflushedSince, logEndOffset > recoveryPoint, !isOffline else { return false }
        return durability == .fsync || logEndOffset -| recoveryPoint >= config.flushMessages
            || now -| unflushedSince >= config.flushMs || recoveryPoint < active.baseOffset
    }

    /// Whether as many records as `flush.messages` says wait to be flushed.
    package var hasReachedFlushMessages: Bool { logEndOffset -| recoveryPoint >= config.flushMessages }

    /// Segments that one ticket covers at most: it holds a file descriptor for each of them and for the files beside
    /// them.
    package static let segmentsPerTicket = 8

    /// A flush that another thread can do: `perform` it anywhere, then hand it to ``completeFlush(_:succeeded:)``.
    /// It covers the first ``segmentsPerTicket`` segments that are not on disk; the log still has
    /// ``PartitionLog/hasUnflushed`` after it when there are more.
    /// Nil when everything is durable, or when the log is offline. While ``hasUnflushed``, ``flushObstacle`` says why
    /// there is no ticket: it has to be tried again.
    package func prepareFlush() -> FlushTicket? {
        // The flush stays due when there is no ticket.
        do { return try makeTicket() } catch { return nil }
    }

    private func makeTicket() throws(StorageError) -> FlushTicket? {
        flushObstacle = nil
        guard logEndOffset > recoveryPoint, !isOffline else { return nil }
        let unsynced = segments.filter { $0.syncedSize < $0.size }
        let isLast = unsynced.count <= Self.segmentsPerTicket
        // What lies between a segment and the next one on disk is on disk with it: nothing.
        let upToOffset = isLast ? logEndOffset : unsynced[Self.segmentsPerTicket].baseOffset
        var ticket = FlushTicket(upToOffset: upToOffset, generation: generation)
        ticket.unflushedSince = unflushedSince
        // Names hold the offset from which on recovery would read what a file vouches for.
        let files = unsyncedFiles.all.filter { isLast || $0.offset <= upToOffset }
        do throws(StorageError) {
            for segment in unsynced.prefix(Self.segmentsPerTicket) {
                ticket.handles.append(try segment.file().syncHandle())
                ticket.sizes.append((segment.baseOffset, segment.size))
            }
            for file in files {
                if let handle = try syncHandle(of: file) { ticket.handles.append(handle) }
            }
            try addNames(to: &ticket, isLast: isLast)
        } catch {
            flushObstacle = error
            if !error.isTransient { isOffline = true }
            throw error
        }
        if isLast { unflushedSince = nil }
        unsyncedFiles.remove(files)
        (hasUnsyncedFiles, isDirectoryUnsynced) = (!unsyncedFiles.isEmpty, false)
        return ticket
    }

    /// Behind the batches, and behind the indexes and snapshots that vouch for them, come the epochs (still under
    /// another name), then the names of files. Epochs wait for the last batch that they speak of.
    private func addNames(to ticket: inout FlushTicket, isLast: Bool) throws(StorageError) {
        if durability == .fsync, epochsAreUnwritten, isLast {
            do throws(StorageError) {
                ticket.handles.append(try fileSystem.beginReplacing(epochsPath, with: epochs.encoded()))
                epochsVersion += 1
                ticket.epochs = (epochs, epochsVersion)
            } catch {
                // The batches have the epochs; a later flush writes them.
                guard error.isTransient else { throw error }
            }
        }
        guard hasUnsyncedFiles else { return }
        ticket.handles.append(try fileSystem.directorySyncHandle(directory))
        if isDirectoryUnsynced, let parent { ticket.handles.append(try fileSystem.directorySyncHandle(parent)) }
    }

    /// Nil for a file that is not there any more. One that the disk does not give is removed where the batches can
    /// replace it: an index that cannot be read must not end a partition.
    private func syncHandle(of unsynced: UnsyncedFile) throws(StorageError) -> (any SyncHandle)? {
        do throws(StorageError) {
            let file = try fileSystem.file(at: unsynced.path, create: false)
            let handle = try file.syncHandle()
            file.close()
            return handle
        } catch {
            if error.kind == .notFound { return nil }
            guard !error.isTransient, unsynced.canBeRebuilt else { throw error }
            if snapshotOffset == unsynced.offset, unsynced.isSnapshot { snapshotOffset = -1 }
            try fileSystem.remove(unsynced.path)
            return nil
        }
    }

    private var parent: String? {
        guard let slash = directory.lastIndex(of: "/"), slash != directory.startIndex else { return nil }
        return String(directory[..<slash])
    }

    /// Takes note of a performed flush; a failed one takes the log offline, because nobody knows what it lost.
    package func completeFlush(_ ticket: FlushTicket, succeeded: Bool) {
        guard succeeded else {
            isOffline = true
            return
        }
        guard ticket.generation == generation else {
            if hasUnflushed, unflushedSince == nil { unflushedSince = ticket.unflushedSince }
            return
        }
        for (base, size) in ticket.sizes {
            guard let segment = segments.first(where: { $0.baseOffset == base }) else { continue }
            segment.syncedSize = max(segment.syncedSize, size)
        }
        recoveryPoint = max(recoveryPoint, ticket.upToOffset)
        producers.settle(below: recoveryPoint)
        if let flushed = ticket.epochs, flushed.version == epochsVersion { putInPlace(flushed.epochs) }
    }

    /// Gives the epochs that a flush has brought to disk the checkpoint's name.
    private func putInPlace(_ flushed: LeaderEpochs) {
        do throws(StorageError) {
            try fileSystem.finishReplacing(epochsPath)
            hasUnsyncedFiles = true
            epochsAreUnwritten = epochs != flushed
            if epochs.entries.first == flushed.entries.first { epochsBeginEarly = false }
        } catch {
            // The batches have them; the next flush tries again.
        }
    }

    /// Makes everything durable before it returns.
    /// - Throws: also when no file descriptor was free; the log is as it was then, and the flush stays due.
    package func flush() throws(StorageError) {
        while let ticket = try makeTicket() {
            let succeeded = ticket.perform()
            completeFlush(ticket, succeeded: succeeded)
            if !succeeded { throw StorageError(.io, "sync", directory) }
        }
        if isOffline { throw offlineError("flush") }
        try syncFiles()
    }

    /// Makes files that were made, replaced or removed survive a loss of power, by their directory.
    func syncFiles() throws(StorageError) {
        guard hasUnsyncedFiles else { return }
        for file in unsyncedFiles.all { try syncHandle(of: file)?.sync() }
        try fileSystem.syncDirectory(directory)
        if isDirectoryUnsynced, let parent { try fileSystem.syncDirectory(parent) }
        (unsyncedFiles, hasUnsyncedFiles, isDirectoryUnsynced) = (UnsyncedFiles(), false, false)
        isActiveNameUnsynced = false
    }

    func offlineError(_ operation: String) -> StorageError {
        StorageError(.io, operation, directory, detail: "the log is offline")
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
    /// Time of the oldest append that it covers.
    var unflushedSince: Int64?
    /// The epochs that are on disk then, to be put in the place of older ones.
    var epochs: (epochs: LeaderEpochs, version: Int)?

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

/// A file beside the segments that a flush has to bring to disk.
struct UnsyncedFile {
    let path: String
    /// The one in its name.
    let offset: Int64

    var isSnapshot: Bool { path.hasSuffix(".snapshot") }
    /// Whether nothing is lost without it. Nothing else than the file tells which transactions of a closed segment were
    /// aborted, as long as nobody reads all batches.
    var canBeRebuilt: Bool { isSnapshot || path.hasSuffix(".index") || path.hasSuffix(".timeindex") }
}

/// Each file once, in the order in which they came. There may be some ten thousand of them where segments are tiny.
struct UnsyncedFiles {
    private(set) var all: [UnsyncedFile] = []
    private var paths: Set<String> = []

    var isEmpty: Bool { all.isEmpty }

    mutating func insert(_ file: UnsyncedFile) {
        if paths.insert(file.path).inserted { all.append(file) }
    }

    mutating func remove(_ files: [UnsyncedFile]) {
        guard files.count < all.count else {
            self = UnsyncedFiles()
            return
        }
        for file in files { paths.remove(file.path) }
        all.removeAll { !paths.contains($0.path) }
    }
}
