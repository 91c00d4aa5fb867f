import KafkaProtocol

/// What is found at the ends of a segment's index files without reading the rest, and how its files go.
extension Segment {
    /// The last entry of a closed segment's time index, which is its greatest, without reading the others; nil where
    /// the end of the file is not what it should be.
    func lastTimeEntryOnDisk() throws(StorageError) -> TimeIndex.Entry? {
        let file: any File
        do {
            file = try fileSystem.file(at: path + ".timeindex", create: false)
        } catch {
            guard error.kind == .notFound else { throw error }
            return nil
        }
        defer { file.close() }
        let length = try file.size()
        guard length > 0, length % TimeIndex.entrySize == 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: min(2 * TimeIndex.entrySize, length))
        var failure: StorageError?
        let count = bytes.count
        let read = bytes.withUnsafeMutableBytes { memory in
            do throws(StorageError) { return try file.read(into: memory, at: length - count) } catch { failure = error }
            return 0
        }
        if let failure { throw failure }
        guard read == count, let entries = TimeIndex.decoded(bytes)?.entries, let last = entries.last,
            entries.count * TimeIndex.entrySize == count, last != TimeIndex.Entry(timestamp: 0, relativeOffset: 0)
        else { return nil }
        return last
    }

    /// Position of the batch that the index file's last entry names; 0 when there is none of use.
    func lastIndexedPosition() throws(StorageError) -> Int {
        let file: any File
        do {
            file = try fileSystem.file(at: path + ".index", create: false)
        } catch {
            guard error.kind == .notFound else { throw error }
            return 0
        }
        let start = try file.size() - OffsetIndex.entrySize
        var entry = [UInt8](repeating: 0, count: OffsetIndex.entrySize)
        guard start >= 0, start % OffsetIndex.entrySize == 0 else { return 0 }
        var failure: StorageError?
        entry.withUnsafeMutableBytes { memory in
            do throws(StorageError) { _ = try file.read(into: memory, at: start) } catch { failure = error }
        }
        if let failure { throw failure }
        let position: Int32 = entry.withUnsafeBytes { $0.number(at: 4) }
        return position >= 0 && Int(position) < size ? Int(position) : 0
    }

    // MARK: Removing

    func deleteFiles() throws(StorageError) {
        if isLeaving { return try fileSystem.remove(path + ".log.deleted") }
        closeFile()
        // An index without its log would say that records are missing.
        try removeIndexFiles()
        try fileSystem.remove(path + ".log")
    }

    /// As ``deleteFiles()``, bit by bit: what is left of a large file has a name that no start takes for a segment.
    /// - Returns: whether all is gone, and how many files or parts of one that were.
    func removeFiles(atMost bytes: Int) throws(StorageError) -> (isGone: Bool, files: Int) {
        guard size > bytes else {
            try deleteFiles()
            return (true, 1 + Self.indexSuffixes.count)
        }
        let leaving = path + ".log.deleted"
        let rest = size - bytes  // bounded: just compared
        var files = 1
        if !isLeaving {
            closeFile()
            try removeIndexFiles()
        }
        do throws(StorageError) {
            if !isLeaving {
                try fileSystem.rename(path + ".log", to: leaving)
                isLeaving = true
                files += Self.indexSuffixes.count + 1
            }
            let file = try fileSystem.file(at: leaving, create: false)
            defer { file.close() }
            try file.truncate(to: rest)
        } catch {
            // Somebody else has removed it.
            guard error.kind == .notFound else { throw error }
            return (true, files)
        }
        size = rest
        return (false, files)
    }

    func removeIndexFiles() throws(StorageError) {
        for suffix in Self.indexSuffixes { try fileSystem.remove(path + suffix) }
    }

    /// Whether index files speak of batches.
    func hasIndexFiles() throws(StorageError) -> Bool {
        for suffix in Self.indexSuffixes {
            do {
                if try fileSystem.file(at: path + suffix, create: false).size() > 0 { return true }
            } catch {
                guard error.kind == .notFound else { throw error }
            }
        }
        return false
    }
}
