import CPlatform

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

// Every call to the operating system that this module makes is in this file.

/// Files of the operating system. Handles open their file when it is first used; beyond `openFileLimit` open files the
/// one that was not used for longest is closed (and opened again when needed), so that thousands of logs fit.
package final class PosixFileSystem: FileSystem {
    /// Files that one cluster keeps open at most.
    package static let defaultOpenFileLimit = 256

    let openFiles: OpenFileTable

    /// - Parameter budget: what all file systems of the process share beside the limit of this one.
    package init(openFileLimit: Int = PosixFileSystem.defaultOpenFileLimit, budget: (any OpenFileBudget)? = nil) {
        openFiles = OpenFileTable(limit: openFileLimit, budget: budget)
    }

    package func file(at path: String, create: Bool) throws(StorageError) -> any File {
        let file = PosixFile(path: path, table: openFiles)
        _ = try file.descriptor(create: create)
        return file
    }

    package func makeDirectory(_ path: String) throws(StorageError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw systemError("make directory", path)
        }
        try makeDirectory(String(path[..<slash]))
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw systemError("make directory", path) }
    }

    package func list(_ path: String) throws(StorageError) -> [DirectoryEntry] {
        guard let directory = openFiles.withRoom({ opendir(path) }) else { throw systemError("list", path) }
        defer { closedir(directory) }
        var entries: [DirectoryEntry] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            if name == "." || name == ".." { continue }
            var status = stat()
            guard fstatat(dirfd(directory), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            let isDirectory = status.st_mode & S_IFMT == S_IFDIR
            entries.append(
                DirectoryEntry(
                    name: name, isDirectory: isDirectory, size: isDirectory ? 0 : Int(status.st_size),
                    modifiedAt: modificationMilliseconds(status)))
        }
        return entries
    }

    package func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    package func remove(_ path: String) throws(StorageError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw systemError("remove", path)
        }
        let result = status.st_mode & S_IFMT == S_IFDIR ? rmdir(path) : unlink(path)
        if result != 0, errno != ENOENT { throw systemError("remove", path) }
    }

    package func rename(_ path: String, to newPath: String) throws(StorageError) {
        #if canImport(Darwin)
        let result = Darwin.rename(path, newPath)
        #elseif canImport(Glibc)
        let result = Glibc.rename(path, newPath)
        #else
        let result = Musl.rename(path, newPath)
        #endif
        if result != 0 { throw systemError("rename", path) }
    }

    package func syncDirectory(_ path: String) throws(StorageError) {
        try directorySyncHandle(path).sync()
    }
}

/// Opens a file or directory to be read or synced; nil, with `errno`, where that fails.
private func readable(_ path: String) -> Int32? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    return descriptor >= 0 ? descriptor : nil
}

extension PosixFileSystem {
    package func directorySyncHandle(_ path: String) throws(StorageError) -> any SyncHandle {
        try directoryHandle(path, .entries)
    }

    package func treeSyncHandle(_ path: String) throws(StorageError) -> any SyncHandle {
        try directoryHandle(path, .tree)
    }

    private func directoryHandle(
        _ path: String, _ extent: DirectorySyncHandle.Extent
    ) throws(StorageError) -> DirectorySyncHandle {
        guard let descriptor = openFiles.withRoom({ readable(path) }) else { throw systemError("sync", path) }
        return DirectorySyncHandle(descriptor: descriptor, path: path, extent: extent)
    }
}

/// Syncs a directory.
private final class DirectorySyncHandle: SyncHandle {
    enum Extent {
        /// The names in it.
        case entries
        /// All that is below it, by a call for its file system, or one by one where there is no such call.
        case tree
    }

    private let descriptor: Int32
    private let path: String
    private let extent: Extent

    init(descriptor: Int32, path: String, extent: Extent) {
        self.descriptor = descriptor
        self.path = path
        self.extent = extent
    }

    deinit { close(descriptor) }

    func sync() throws(StorageError) {
        switch extent {
        case .entries:
            // Some file systems have nothing to sync in a directory, and say so.
            if fsync(descriptor) != 0, errno != EINVAL { throw systemError("sync directory", path) }
        case .tree:
            let code = twinlog_sync_file_system(descriptor)
            if code == 0 { return }
            guard code == ENOSYS else { throw systemError("sync", path, code: code) }
            try syncEach(path, on: PosixFileSystem())
        }
    }

    private func syncEach(_ directory: String, on fileSystem: PosixFileSystem) throws(StorageError) {
        for entry in try fileSystem.list(directory) {
            let inner = directory + "/" + entry.name
            if entry.isDirectory {
                try syncEach(inner, on: fileSystem)
            } else {
                try fileSystem.file(at: inner, create: false).sync()
            }
        }
        try fileSystem.syncDirectory(directory)
    }
}

private func modificationMilliseconds(_ status: stat) -> Int64 {
    #if canImport(Darwin)
    let time = status.st_mtimespec
    #else
    let time = status.st_mtim
    #endif
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

/// What a failed call means.
private func systemError(_ operation: String, _ path: String, code: Int32 = errno) -> StorageError {
    let kind: StorageError.Kind =
        switch code {
        case ENOENT: .notFound
        case EEXIST, ENOTEMPTY: .alreadyExists
        case ENOSPC, EDQUOT, EFBIG: .noSpace
        case EACCES, EPERM, EROFS: .accessDenied
        case EMFILE, ENFILE: .tooManyOpenFiles
        default: .io
        }
    return StorageError(kind, operation, path, errno: code, detail: String(cString: strerror(code)))
}

/// Open files of several file systems, each on a thread of its own, together.
package protocol OpenFileBudget: Sendable {
    /// Whether one more may be open. Who has none open may open one all the same.
    var hasRoom: Bool { get }
    func change(by difference: Int)
}

/// Which files are open; picks one to close when there are too many (second chance: a hand goes round and takes the
/// first that was not used since it last passed).
final class OpenFileTable {
    private struct Slot { weak var file: PosixFile? }

    private let limit: Int
    private let budget: (any OpenFileBudget)?
    private var slots: [Slot] = []
    private var free: [Int] = []
    private var hand = 0
    /// Files open now, for tests.
    private(set) var count = 0

    init(limit: Int, budget: (any OpenFileBudget)? = nil) {
        self.limit = max(limit, 1)
        self.budget = budget
    }

    /// Closes files until another one may be opened.
    func makeRoom() {
        while count >= limit, closeOne() {}
        while budget?.hasRoom == false, closeOne() {}
    }

    /// Enters an open file; it keeps the number to leave by.
    func enter(_ file: PosixFile) -> Int {
        count += 1
        budget?.change(by: 1)
        if let slot = free.popLast() {
            slots[slot].file = file
            return slot
        }
        slots.append(Slot(file: file))
        return slots.count - 1
    }

    func leave(_ slot: Int) {
        slots[slot].file = nil
        free.append(slot)
        count -= 1
        budget?.change(by: -1)
    }

    /// Tries something that needs a file descriptor; while the process has none, files that can be opened again are
    /// closed for it.
    func withRoom<T>(_ attempt: () -> T?) -> T? {
        for _ in 0...count {
            if let found = attempt() { return found }
            let code = errno
            guard code == EMFILE || code == ENFILE, closeOne() else {
                errno = code
                return nil
            }
        }
        return attempt()
    }

    /// False when no file is open.
    func closeOne() -> Bool {
        while count > 0 {
            hand = (hand + 1) % slots.count
            guard let file = slots[hand].file else { continue }
            if file.wasUsed {
                file.wasUsed = false
            } else {
                file.close()
                return true
            }
        }
        return false
    }
}

final class PosixFile: File {
    private let path: String
    private let table: OpenFileTable
    private var openDescriptor: Int32 = -1
    private var slot = -1
    var wasUsed = false

    init(path: String, table: OpenFileTable) {
        self.path = path
        self.table = table
    }

    deinit { close() }

    func close() {
        guard openDescriptor >= 0 else { return }
        closeDescriptor(openDescriptor)
        openDescriptor = -1
        if slot >= 0 { table.leave(slot) }
        slot = -1
    }

    /// Such a file is not in the table any more, which closes what others need.
    func keepOpen() throws(StorageError) {
        _ = try descriptor()
        if slot >= 0 { table.leave(slot) }
        slot = -1
    }

    func descriptor(create: Bool = false) throws(StorageError) -> Int32 {
        wasUsed = true
        if openDescriptor >= 0 { return openDescriptor }
        table.makeRoom()
        while true {
            openDescriptor = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0o600)
            if openDescriptor >= 0 { break }
            let error = systemError("open", path)
            // The rest of the process may have taken what the limit promised: live with fewer open files then.
            guard error.kind == .tooManyOpenFiles, table.closeOne() else { throw error }
        }
        slot = table.enter(self)
        return openDescriptor
    }

    func size() throws(StorageError) -> Int {
        var status = stat()
        guard fstat(try descriptor(), &status) == 0 else { throw systemError("size of", path) }
        return Int(status.st_size)
    }

    func read(into memory: UnsafeMutableRawBufferPointer, at position: Int) throws(StorageError) -> Int {
        let descriptor = try descriptor()
        var done = 0
        while done < memory.count {
            let count = pread(descriptor, memory.baseAddress! + done, memory.count - done, off_t(position + done))
            if count > 0 {
                done += count
            } else if count == 0 {
                break
            } else if errno != EINTR {
                throw systemError("read", path)
            }
        }
        return done
    }

    func write(
        _ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, at position: Int
    ) throws(StorageError) {
        try writeAll(head, body, to: descriptor(), at: position, path)
    }

    func truncate(to size: Int) throws(StorageError) {
        let descriptor = try descriptor()
        while ftruncate(descriptor, off_t(size)) != 0 {
            if errno != EINTR { throw systemError("truncate", path) }
        }
    }

    func sync() throws(StorageError) {
        let code = twinlog_sync_data(try descriptor())
        if code != 0 { throw systemError("sync", path, code: code) }
    }

    func syncHandle() throws(StorageError) -> any SyncHandle {
        try PosixSyncHandle(descriptor: duplicate(), path: path)
    }

    func syncHandle(writing content: @escaping @Sendable () -> [UInt8]) throws(StorageError) -> any SyncHandle {
        try PosixSyncHandle(descriptor: duplicate(), path: path, content: content)
    }

    private func duplicate() throws(StorageError) -> Int32 {
        // Making room may close this very file.
        let copy = table.withRoom { () -> Int32? in
            guard let descriptor = try? descriptor() else { return nil }
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
            return copy >= 0 ? copy : nil
        }
        guard let copy else { throw systemError("sync", path) }
        return copy
    }

    func preallocate(from position: Int, length: Int) {
        guard let descriptor = try? descriptor() else { return }
        _ = twinlog_preallocate(descriptor, off_t(position), off_t(length))
    }

    func startWriteback(from position: Int, length: Int) {
        guard let descriptor = try? descriptor() else { return }
        _ = twinlog_start_writeback(descriptor, off_t(position), off_t(length))
    }

    func startReading(from position: Int, length: Int) {
        guard let descriptor = try? descriptor() else { return }
        _ = twinlog_advise_will_need(descriptor, off_t(position), off_t(length))
    }

    func dropCache(from position: Int, length: Int) {
        guard let descriptor = try? descriptor() else { return }
        _ = twinlog_advise_dont_need(descriptor, off_t(position), off_t(length))
    }
}

/// Within `PosixFile`, `close` means its own method.
private func closeDescriptor(_ descriptor: Int32) { close(descriptor) }

/// Writes two pieces one after the other, however many calls the system needs for that.
private func writeAll(
    _ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, to descriptor: Int32, at position: Int,
    _ path: String
) throws(StorageError) {
    let total = head.count + body.count
    var done = 0
    while done < total {
        let count: Int
        if done < head.count, body.count > 0 {
            count = writeTwo(descriptor, UnsafeRawBufferPointer(rebasing: head[done...]), body, position + done)
        } else {
            let rest =
                done < head.count
                ? UnsafeRawBufferPointer(rebasing: head[done...])
                : UnsafeRawBufferPointer(rebasing: body[(done - head.count)...])
            count = pwrite(descriptor, rest.baseAddress!, rest.count, off_t(position + done))
        }
        if count > 0 {
            done += count
        } else if count == 0 {
            throw StorageError(.io, "write", path, detail: "nothing was written")
        } else if errno != EINTR {
            throw systemError("write", path)
        }
    }
}

private func writeTwo(
    _ descriptor: Int32, _ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, _ position: Int
) -> Int {
    var parts = (
        iovec(iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress), iov_len: head.count),
        iovec(iov_base: UnsafeMutableRawPointer(mutating: body.baseAddress), iov_len: body.count)
    )
    return withUnsafePointer(to: &parts) {
        $0.withMemoryRebound(to: iovec.self, capacity: 2) { pwritev(descriptor, $0, 2, off_t(position)) }
    }
}

/// A duplicate of a file's descriptor: stays usable whatever the owner does with the original.
private final class PosixSyncHandle: SyncHandle {
    private let descriptor: Int32
    private let path: String
    /// What is to be written first; nil for nothing.
    private let content: (@Sendable () -> [UInt8])?

    init(descriptor: Int32, path: String, content: (@Sendable () -> [UInt8])? = nil) {
        self.descriptor = descriptor
        self.path = path
        self.content = content
    }

    deinit { close(descriptor) }

    func sync() throws(StorageError) {
        if let content {
            var failure: StorageError?
            content().withUnsafeBytes { bytes in
                do throws(StorageError) {
                    try writeAll(bytes, UnsafeRawBufferPointer(start: nil, count: 0), to: descriptor, at: 0, path)
                } catch { failure = error }
            }
            if let failure { throw failure }
        }
        let code = twinlog_sync_data(descriptor)
        if code != 0 { throw systemError("sync", path, code: code) }
    }
}
