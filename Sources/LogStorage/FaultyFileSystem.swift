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
    package internal(set) var syncCount = 0
    /// Sync handles that are held now, each a descriptor of its own.
    package var openHandles: Int { handles.count }
    let handles = HandleCount()
    private let root = FaultyDirectory()

    package init() {}

    package func file(at path: String, create: Bool) throws(StorageError) -> any File {
        try ask(.open, path)
        if case .file(let file) = node(path) { return file }
        guard create, let (directory, name) = place(path), directory.entries[name] == nil else {
            throw StorageError(.notFound, "open", path)
        }
        let file = FaultyFile(path: path, fileSystem: self)
        directory.set(name, .file(file))
        return file
    }

    package func makeDirectory(_ path: String) throws(StorageError) {
        guard node(path) == nil else { return }
        try ask(.makeDirectory, path)
        try makeDirectory(parent(path))
        guard let (directory, name) = place(path) else { throw StorageError(.notFound, "make directory", path) }
        directory.set(name, .directory(FaultyDirectory()))
    }

    package func list(_ path: String) throws(StorageError) -> [DirectoryEntry] {
        if opensEveryTime { try ask(.open, path) }
        try ask(.list, path)
        guard case .directory(let directory) = node(path) else { throw StorageError(.notFound, "list", path) }
        return directory.sortedEntries.map { name, node in
            switch node {
            case .file(let file):
                DirectoryEntry(name: name, isDirectory: false, size: file.content.count, modifiedAt: 0)
            case .directory: DirectoryEntry(name: name, isDirectory: true, size: 0, modifiedAt: 0)
            }
        }
    }

    package func exists(_ path: String) -> Bool { node(path) != nil }

    package func remove(_ path: String) throws(StorageError) {
        try ask(.remove, path)
        guard let (directory, name) = place(path), let node = directory.entries[name] else { return }
        if case .directory(let removed) = node, !removed.entries.isEmpty {
            throw StorageError(.alreadyExists, "remove", path, detail: "not empty")
        }
        directory.remove(name)
    }

    package func rename(_ path: String, to newPath: String) throws(StorageError) {
        try ask(.rename, path)
        guard let (from, name) = place(path), let (to, newName) = place(newPath), let node = from.entries[name] else {
            throw StorageError(.notFound, "rename", path)
        }
        if from === to {
            from.rename(name, to: newName)
        } else {
            from.remove(name)
            to.set(newName, node)
        }
        node.setPath(newPath)
    }

    package func syncDirectory(_ path: String) throws(StorageError) {
        if opensEveryTime { try ask(.open, path) }
        try syncEntries(path)
    }

    private func syncEntries(_ path: String) throws(StorageError) {
        try ask(.sync, path)
        guard case .directory(let directory) = node(path) else {
            throw StorageError(.notFound, "sync directory", path)
        }
        directory.settle()
    }

    package func directorySyncHandle(_ path: String) throws(StorageError) -> any SyncHandle {
        guard case .directory = node(path) else { throw StorageError(.notFound, "sync directory", path) }
        try ask(.open, path)
        return PathSync(handles) { [self] () throws(StorageError) in try syncEntries(path) }
    }

    package func treeSyncHandle(_ path: String) throws(StorageError) -> any SyncHandle {
        try ask(.open, path)
        return PathSync(handles) { [self] () throws(StorageError) in
            try ask(.sync, path)
            node(path)?.settleTree()
        }
    }

    /// Tests stay on one thread.
    private final class PathSync: SyncHandle, @unchecked Sendable {
        private let body: () throws(StorageError) -> Void
        private let held: HeldHandle

        init(_ count: HandleCount, _ body: @escaping () throws(StorageError) -> Void) {
            held = HeldHandle(count)
            self.body = body
        }

        func sync() throws(StorageError) { try body() }
    }

    /// The disk after the process died: everything that was written is there. Faults are gone.
    package func afterProcessDeath() -> FaultyFileSystem {
        let copy = FaultyFileSystem()
        root.copy(to: copy.root, of: copy, at: "", entries: { $0.entries }, content: { $0.content })
        return copy
    }

    /// The disk after a loss of power: synced bytes are there; of each write since, in any order, all, some first bytes
    /// or nothing. Files have zeros where a later write reached the disk and an earlier one did not. Likewise a name
    /// that was made, replaced or removed since its directory was last synced is as it was or as it is: syncing a file
    /// says nothing about its name.
    package func afterPowerLoss<G: RandomNumberGenerator>(using generator: inout G) -> FaultyFileSystem {
        let copy = FaultyFileSystem()
        var dice = generator
        root.copy(
            to: copy.root, of: copy, at: "", entries: { $0.surviving(using: &dice) },
            content: { $0.surviving(using: &dice) })
        generator = dice
        return copy
    }

    private func node(_ path: String) -> FaultyNode? {
        var node = FaultyNode.directory(root)
        for name in path.split(separator: "/") {
            guard case .directory(let directory) = node, let next = directory.entries[String(name)] else { return nil }
            node = next
        }
        return node
    }

    /// The directory that a path's last name is or would be in; nil when there is none.
    private func place(_ path: String) -> (directory: FaultyDirectory, name: String)? {
        guard let name = path.split(separator: "/").last, case .directory(let directory) = node(parent(path)) else {
            return nil
        }
        return (directory, String(name))
    }

    @discardableResult
    func ask(_ operation: Operation, _ path: String) throws(StorageError) -> Fault? {
        switch fault?(operation, path) {
        case nil: return nil
        case .fail(let kind): throw StorageError(kind, "\(operation)", path, detail: "injected")
        case .tear(let kind, let keeping): return .tear(kind, keeping: keeping)
        }
    }

    private func parent(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
}
