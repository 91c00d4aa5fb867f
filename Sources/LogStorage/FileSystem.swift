/// A failed operation on files.
package struct StorageError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable, CustomStringConvertible {
        case notFound, alreadyExists, noSpace, accessDenied, tooManyOpenFiles, corrupt, io
        /// Written by a newer version of this program.
        case tooNew
        /// Records that were there are not any more; the user may accept that.
        case recordsLost

        package var description: String {
            switch self {
            case .notFound: "it is not there"
            case .alreadyExists: "it is there already"
            case .noSpace: "no space left on the disk"
            case .accessDenied: "access is denied"
            case .tooManyOpenFiles: "too many files are open"
            case .corrupt: "it is damaged"
            case .io: "the disk reports an error"
            case .tooNew: "it was written by a newer version"
            case .recordsLost: "records are lost"
            }
        }
    }

    package var kind: Kind
    /// What was tried, e.g. `write`.
    package var operation: String
    package var path: String
    /// The system's error number; 0 when the system did not fail.
    package var errno: Int32
    /// A sentence that goes with `corrupt`, or the system's text.
    package var detail: String

    package init(_ kind: Kind, _ operation: String, _ path: String, errno: Int32 = 0, detail: String = "") {
        self.kind = kind
        self.operation = operation
        self.path = path
        self.errno = errno
        self.detail = detail
    }

    /// Whether the same operation may succeed later, with nothing damaged in between.
    package var isTransient: Bool { kind == .noSpace || kind == .tooManyOpenFiles }

    package var description: String {
        "\(operation) \(path): \(detail.isEmpty ? "\(kind)" : detail)"
    }
}

/// The only way by which this module reaches disks. An instance belongs to the thread that steps its cluster.
package protocol FileSystem: AnyObject {
    /// A handle for a file, which is created when it does not exist and `create` says so. Handles are cheap: an
    /// implementation opens the file when it is first needed and may close it in between.
    /// - Throws: `.notFound` when it is not there and `create` is false.
    func file(at path: String, create: Bool) throws(StorageError) -> any File
    /// Makes a directory and those above it; one that exists is fine.
    func makeDirectory(_ path: String) throws(StorageError)
    /// Names, not paths, in no particular order, with the sizes of plain files.
    /// - Throws: `.notFound`.
    func list(_ path: String) throws(StorageError) -> [DirectoryEntry]
    func exists(_ path: String) -> Bool
    /// Removes a file, or a directory that is empty; one that does not exist is fine.
    func remove(_ path: String) throws(StorageError)
    /// Moves a file or directory; a file in its place is replaced in one step.
    func rename(_ path: String, to newPath: String) throws(StorageError)
    /// Makes creations, removals and renames in a directory survive a loss of power.
    func syncDirectory(_ path: String) throws(StorageError)
    /// What ``syncDirectory(_:)`` does, on whatever thread.
    func directorySyncHandle(_ path: String) throws(StorageError) -> any SyncHandle
    /// Something that makes a directory and everything below it survive a loss of power, on whatever thread: for many
    /// small files at once. It may sync more than that.
    func treeSyncHandle(_ path: String) throws(StorageError) -> any SyncHandle
}

package struct DirectoryEntry: Sendable, Equatable {
    package var name: String
    package var isDirectory: Bool
    /// Bytes; 0 for a directory.
    package var size: Int
    /// Milliseconds since the epoch; 0 when the file system keeps none.
    package var modifiedAt: Int64
}

/// One file of a ``FileSystem``. Positions and lengths are bytes.
package protocol File: AnyObject {
    func size() throws(StorageError) -> Int
    /// Fills as much of `memory` as the file has from `position` on and returns that count.
    func read(into memory: UnsafeMutableRawBufferPointer, at position: Int) throws(StorageError) -> Int
    /// Writes `head` and then `body`, all or an error; after an error what lies beyond `position` is undefined.
    func write(
        _ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, at position: Int
    ) throws(StorageError)
    /// Cuts (or extends by zeros) to `size` and gives back space that was reserved beyond it.
    func truncate(to size: Int) throws(StorageError)
    /// Waits until everything written is on disk.
    func sync() throws(StorageError)
    /// Something that another thread can sync while this one goes on writing.
    func syncHandle() throws(StorageError) -> any SyncHandle
    /// Something that writes the whole content of this empty file, and syncs it, on whatever thread: making the content
    /// may take long. A file system for tests writes at once.
    func syncHandle(writing content: @escaping @Sendable () -> [UInt8]) throws(StorageError) -> any SyncHandle
    /// Reserves disk space without changing the size. A hint: failure is not reported.
    func preallocate(from position: Int, length: Int)
    /// Starts writing a range of dirty pages to disk. A hint.
    func startWriteback(from position: Int, length: Int)
    /// Starts reading a range into the page cache. A hint.
    func startReading(from position: Int, length: Int)
    /// Lets the system forget cached pages of a range. A hint.
    func dropCache(from position: Int, length: Int)
    /// Takes the system resources now and keeps them until ``close()``: no use in between can fail for lack of them.
    func keepOpen() throws(StorageError)
    /// Gives up system resources; the next use takes them again.
    func close()
}

/// Makes the writes that a file has received so far durable, on whatever thread. Used once.
package protocol SyncHandle: Sendable {
    func sync() throws(StorageError)
}

extension File {
    package func syncHandle(writing content: @escaping @Sendable () -> [UInt8]) throws(StorageError) -> any SyncHandle {
        try write(all: content())
        return try syncHandle()
    }

    /// Writes from the beginning.
    fileprivate func write(all bytes: [UInt8]) throws(StorageError) {
        var failure: StorageError?
        bytes.withUnsafeBytes { memory in
            do throws(StorageError) { try write(memory, at: 0) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Writes one run of bytes.
    package func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(StorageError) {
        try write(bytes, UnsafeRawBufferPointer(start: nil, count: 0), at: position)
    }

    /// The whole content.
    package func readAll() throws(StorageError) -> [UInt8] {
        let size = try size()
        var bytes = [UInt8](repeating: 0, count: size)
        var failure: StorageError?
        var count = 0
        bytes.withUnsafeMutableBytes { memory in
            do throws(StorageError) { count = try read(into: memory, at: 0) } catch { failure = error }
        }
        if let failure { throw failure }
        if count < size { bytes.removeLast(size - count) }
        return bytes
    }
}

/// Files that are read as a whole.
enum SmallFile {
    /// A checkpoint of 100,000 partitions has some 25 MB, a snapshot of a million producers 46.
    static let maximumBytes = 256 << 20
}

extension FileSystem {
    /// The content of a small file; nil when there is none.
    /// - Throws: `.corrupt` for a file that is longer than any of ours can be: its length is damaged, and reading it
    ///   would take all memory.
    package func contents(of path: String) throws(StorageError) -> [UInt8]? {
        do throws(StorageError) {
            let file = try file(at: path, create: false)
            let size = try file.size()
            guard size <= SmallFile.maximumBytes else {
                throw StorageError(.corrupt, "read", path, detail: "it has \(size) bytes")
            }
            return try file.readAll()
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }

    /// As ``contents(of:)``, but nil also for a file of more than `limit` bytes.
    package func contents(of path: String, atMost limit: Int) throws(StorageError) -> [UInt8]? {
        do throws(StorageError) {
            let file = try file(at: path, create: false)
            guard try file.size() <= limit else { return nil }
            return try file.readAll()
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }

    /// Replaces a small file in one step: readers see the old content or the new one, never a mixture.
    /// - Parameters:
    ///   - durable: whether to wait until the new content would survive a loss of power.
    ///   - isSound: whether to wait until a loss of power would leave the old content or the new one, but not an empty
    ///     file, which an unsynced one becomes.
    package func replace(
        _ path: String, with bytes: [UInt8], durable: Bool, isSound: Bool = false
    ) throws(StorageError) {
        let file = try replacement(of: path, with: bytes)
        if durable || isSound { try file.sync() }
        file.close()
        try finishReplacing(path)
        if durable, let slash = path.lastIndex(of: "/") { try syncDirectory(String(path[..<slash])) }
    }

    /// The first half of replacing a file without waiting for the disk: writes the new content under another name.
    /// Once the returned handle has been synced, ``finishReplacing(_:)`` puts it in place. Whatever replaces the file
    /// in between makes an end of this.
    package func beginReplacing(_ path: String, with bytes: [UInt8]) throws(StorageError) -> any SyncHandle {
        let file = try replacement(of: path, with: bytes)
        let handle = try file.syncHandle()
        file.close()
        return handle
    }

    /// As ``beginReplacing(_:with:)``, but the content is made and written when the handle is synced.
    package func beginReplacing(
        _ path: String, making content: @escaping @Sendable () -> [UInt8]
    ) throws(StorageError) -> any SyncHandle {
        let file = try replacement(of: path)
        let handle = try file.syncHandle(writing: content)
        file.close()
        return handle
    }

    /// A file with the new content beside the one that it is to replace.
    private func replacement(of path: String, with bytes: [UInt8]) throws(StorageError) -> any File {
        let file = try replacement(of: path)
        try file.write(all: bytes)
        return file
    }

    /// An empty one.
    private func replacement(of path: String) throws(StorageError) -> any File {
        let temporary = path + ".tmp"
        try remove(temporary)
        return try file(at: temporary, create: true)
    }

    /// Puts what ``beginReplacing(_:with:)`` has written in place. A loss of power leaves the old content or the new.
    package func finishReplacing(_ path: String) throws(StorageError) {
        try rename(path + ".tmp", to: path)
    }

    /// Replaces a file as ``replace(_:with:durable:isSound:)`` does without waiting for the disk, but leaves one alone
    /// that has this content already.
    /// - Returns: whether it was written.
    package func update(_ path: String, to bytes: [UInt8]) throws(StorageError) -> Bool {
        if try contents(of: path, atMost: bytes.count) == bytes { return false }
        try replace(path, with: bytes, durable: false)
        return true
    }

    /// Removes a directory and what is in it; one that does not exist is fine.
    package func removeTree(_ path: String) throws(StorageError) {
        let entries: [DirectoryEntry]
        do {
            entries = try list(path)
        } catch {
            if error.kind == .notFound { return }
            throw error
        }
        for entry in entries {
            if entry.isDirectory {
                try removeTree(path + "/" + entry.name)
            } else {
                try remove(path + "/" + entry.name)
            }
        }
        try remove(path)
    }
}
