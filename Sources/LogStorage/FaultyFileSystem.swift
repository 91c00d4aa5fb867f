/// A file system for tests that fails, tears writes, and forgets at a loss of power what was not synced. It has no
/// randomness of its own: who loses power brings the dice.
package final class FaultyFileSystem: FileSystem {
    package enum Operation: Sendable { case open, read, write, truncate, sync, rename, remove, list, makeDirectory }

    package enum Fault: Sendable {
        case fail(StorageError.Kind)
        /// A write that leaves only its first bytes behind and then fails.
        case tear(StorageError.Kind, keeping: Int)
    }

    /// Asked before each operation with the file's path; nil lets it happen.
    package var fault: ((Operation, String) -> Fault?)?
    /// Whether every use of a file that is not kept open opens it anew, as where the process has no descriptors to
    /// spare.
    package var opensEveryTime = false
    /// Sync calls that succeeded.
    package fileprivate(set) var syncCount = 0
    private var files: [String: FaultyFile] = [:]
    private var directories: Set<String> = [""]
    /// Names in each directory, so that thousands of them can be listed one by one.
    private var children: [String: Set<String>] = [:]

    package init() {}

    package func file(at path: String, create: Bool) throws(StorageError) -> any File {
        try ask(.open, path)
        if let file = files[path] { return file }
        guard create else { throw StorageError(.notFound, "open", path) }
        guard directories.contains(parent(path)) else { throw StorageError(.notFound, "open", path) }
        let file = FaultyFile(path: path, fileSystem: self)
        files[path] = file
        enter(path)
        return file
    }

    package func makeDirectory(_ path: String) throws(StorageError) {
        guard !path.isEmpty, !directories.contains(path) else { return }
        try ask(.makeDirectory, path)
        directories.insert(path)
        enter(path)
        try makeDirectory(parent(path))
    }

    private func enter(_ path: String) { children[parent(path), default: []].insert(name(path)) }
    private func leave(_ path: String) { children[parent(path)]?.remove(name(path)) }

    package func list(_ path: String) throws(StorageError) -> [DirectoryEntry] {
        if opensEveryTime { try ask(.open, path) }
        try ask(.list, path)
        guard directories.contains(path) else { throw StorageError(.notFound, "list", path) }
        return (children[path] ?? []).sorted().map { name in
            let file = files[path + "/" + name]
            return DirectoryEntry(
                name: name, isDirectory: file == nil, size: file?.content.count ?? 0, modifiedAt: 0)
        }
    }

    package func exists(_ path: String) -> Bool { files[path] != nil || directories.contains(path) }

    package func remove(_ path: String) throws(StorageError) {
        try ask(.remove, path)
        if files.removeValue(forKey: path) == nil {
            guard children[path]?.isEmpty != false else {
                throw StorageError(.alreadyExists, "remove", path, detail: "not empty")
            }
            directories.remove(path)
        }
        leave(path)
    }

    package func rename(_ path: String, to newPath: String) throws(StorageError) {
        try ask(.rename, path)
        try move(path, to: newPath)
    }

    private func move(_ path: String, to newPath: String) throws(StorageError) {
        if let file = files.removeValue(forKey: path) {
            files[newPath] = file
            file.path = newPath
        } else {
            guard directories.remove(path) != nil else { throw StorageError(.notFound, "rename", path) }
            directories.insert(newPath)
            for child in children.removeValue(forKey: path) ?? [] {
                try move(path + "/" + child, to: newPath + "/" + child)
            }
        }
        leave(path)
        enter(newPath)
    }

    package func syncDirectory(_ path: String) throws(StorageError) {
        if opensEveryTime { try ask(.open, path) }
        try ask(.sync, path)
    }

    package func treeSyncHandle(_ path: String) throws(StorageError) -> any SyncHandle {
        if opensEveryTime { try ask(.open, path) }
        return TreeSync(fileSystem: self, path: path)
    }

    private func syncTree(_ path: String) throws(StorageError) {
        try ask(.sync, path)
        for file in files.keys.sorted() where file.hasPrefix(path + "/") { files[file]?.settle() }
    }

    /// Tests stay on one thread.
    private final class TreeSync: SyncHandle, @unchecked Sendable {
        private let fileSystem: FaultyFileSystem
        private let path: String

        init(fileSystem: FaultyFileSystem, path: String) {
            self.fileSystem = fileSystem
            self.path = path
        }

        func sync() throws(StorageError) { try fileSystem.syncTree(path) }
    }

    /// The disk after the process died: everything that was written is there. Faults are gone.
    package func afterProcessDeath() -> FaultyFileSystem {
        copy { $0.content }
    }

    /// The disk after a loss of power: synced bytes are there; of each write since, in any order, all, some first bytes
    /// or nothing. Files have zeros where a later write reached the disk and an earlier one did not.
    package func afterPowerLoss<G: RandomNumberGenerator>(using generator: inout G) -> FaultyFileSystem {
        var contents: [String: [UInt8]] = [:]
        for path in files.keys.sorted() {
            contents[path] = files[path]?.surviving(using: &generator)
        }
        return copy { contents[$0.path] ?? [] }
    }

    private func copy(_ content: (FaultyFile) -> [UInt8]) -> FaultyFileSystem {
        let copy = FaultyFileSystem()
        copy.directories = directories
        copy.children = children
        for (path, file) in files {
            file.path = path
            copy.files[path] = FaultyFile(path: path, fileSystem: copy, content: content(file))
        }
        return copy
    }

    @discardableResult
    fileprivate func ask(_ operation: Operation, _ path: String) throws(StorageError) -> Fault? {
        switch fault?(operation, path) {
        case nil: return nil
        case .fail(let kind): throw StorageError(kind, "\(operation)", path, detail: "injected")
        case .tear(let kind, let keeping): return .tear(kind, keeping: keeping)
        }
    }

    private func parent(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    private func name(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }
}

private final class FaultyFile: File {
    private enum Change {
        case write(position: Int, bytes: [UInt8])
        case truncate(size: Int)
    }

    var path: String
    private(set) var content: [UInt8]
    private var durable: [UInt8]
    private var pending: [Change] = []
    private unowned let fileSystem: FaultyFileSystem
    private var isKeptOpen = false

    init(path: String, fileSystem: FaultyFileSystem, content: [UInt8] = []) {
        self.path = path
        self.fileSystem = fileSystem
        self.content = content
        durable = content
    }

    /// Before each use.
    private func open() throws(StorageError) {
        if fileSystem.opensEveryTime, !isKeptOpen { try fileSystem.ask(.open, path) }
    }

    func size() throws(StorageError) -> Int {
        try open()
        return content.count
    }

    func read(into memory: UnsafeMutableRawBufferPointer, at position: Int) throws(StorageError) -> Int {
        try open()
        try fileSystem.ask(.read, path)
        guard position < content.count else { return 0 }
        let count = min(memory.count, content.count - position)
        content.withUnsafeBytes {
            memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
        }
        return count
    }

    func write(
        _ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, at position: Int
    ) throws(StorageError) {
        var bytes = [UInt8](head) + [UInt8](body)
        try open()
        let fault = try fileSystem.ask(.write, path)
        if case .tear(_, let keeping) = fault { bytes = Array(bytes.prefix(keeping)) }
        let change = Change.write(position: position, bytes: bytes)
        Self.apply(change, to: &content)
        pending.append(change)
        if case .tear(let kind, _) = fault { throw StorageError(kind, "write", path, detail: "injected") }
    }

    func truncate(to size: Int) throws(StorageError) {
        try open()
        try fileSystem.ask(.truncate, path)
        let change = Change.truncate(size: size)
        Self.apply(change, to: &content)
        pending.append(change)
    }

    func sync() throws(StorageError) {
        try open()
        try fileSystem.ask(.sync, path)
        settle()
        fileSystem.syncCount += 1
    }

    func settle() {
        durable = content
        pending = []
    }

    func syncHandle() throws(StorageError) -> any SyncHandle {
        // A descriptor of its own.
        if fileSystem.opensEveryTime { try fileSystem.ask(.open, path) }
        return Handle(file: self)
    }

    func preallocate(from position: Int, length: Int) {}
    func startWriteback(from position: Int, length: Int) {}
    func startReading(from position: Int, length: Int) {}
    func dropCache(from position: Int, length: Int) {}
    func keepOpen() throws(StorageError) {
        try open()
        isKeptOpen = true
    }

    func close() { isKeptOpen = false }

    func surviving<G: RandomNumberGenerator>(using generator: inout G) -> [UInt8] {
        var bytes = durable
        for change in pending {
            switch (Int.random(in: 0..<4, using: &generator), change) {
            case (0, _): continue
            case (1, .write(let position, let written)):
                let kept = Int.random(in: 0...written.count, using: &generator)
                Self.apply(.write(position: position, bytes: Array(written.prefix(kept))), to: &bytes)
            default: Self.apply(change, to: &bytes)
            }
        }
        return bytes
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .truncate(let size):
            if size < bytes.count {
                bytes.removeLast(bytes.count - size)
            } else {
                bytes.append(contentsOf: repeatElement(0, count: size - bytes.count))
            }
        case .write(let position, let written):
            guard !written.isEmpty else { return }
            let end = position + written.count
            if end > bytes.count { bytes.append(contentsOf: repeatElement(0, count: end - bytes.count)) }
            bytes.replaceSubrange(position..<end, with: written)
        }
    }

    /// Tests stay on one thread.
    private final class Handle: SyncHandle, @unchecked Sendable {
        private let file: FaultyFile
        init(file: FaultyFile) { self.file = file }
        func sync() throws(StorageError) { try file.sync() }
    }
}
