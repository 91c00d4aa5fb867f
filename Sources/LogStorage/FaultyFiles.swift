/// A file of a ``FaultyFileSystem``: what it holds, and what of that is on disk.
final class FaultyFile: File {
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
        try syncContent()
    }

    /// As whoever holds a descriptor does.
    func syncContent() throws(StorageError) {
        try fileSystem.ask(.sync, path)
        settle()
        fileSystem.syncCount += 1
    }

    func settle() {
        durable = content
        pending = []
    }

    func syncHandle() throws(StorageError) -> any SyncHandle {
        // Another descriptor.
        try fileSystem.ask(.open, path)
        return Handle(file: self, HeldHandle(fileSystem.handles))
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
        private let held: HeldHandle

        init(file: FaultyFile, _ held: HeldHandle) {
            self.file = file
            self.held = held
        }

        func sync() throws(StorageError) { try file.syncContent() }
    }
}

/// Sync handles of a ``FaultyFileSystem`` that somebody holds.
final class HandleCount {
    fileprivate(set) var count = 0
}

/// Counts as long as it lives.
final class HeldHandle {
    private let count: HandleCount

    init(_ count: HandleCount) {
        self.count = count
        count.count += 1
    }

    deinit { count.count -= 1 }
}

enum FaultyNode {
    case file(FaultyFile)
    case directory(FaultyDirectory)

    func setPath(_ path: String) {
        switch self {
        case .file(let file): file.path = path
        case .directory(let directory):
            for (name, node) in directory.sortedEntries { node.setPath(path + "/" + name) }
        }
    }

    /// Everything from here on is on disk.
    func settleTree() {
        switch self {
        case .file(let file): file.settle()
        case .directory(let directory):
            directory.settle()
            for (_, node) in directory.sortedEntries { node.settleTree() }
        }
    }
}

/// A directory of a ``FaultyFileSystem``: its names, and which of them are on disk.
final class FaultyDirectory {
    private enum Change {
        case set(String, FaultyNode)
        case remove(String)
        /// One step for the disk too.
        case rename(String, to: String, FaultyNode)
    }

    private(set) var entries: [String: FaultyNode] = [:]
    private var durable: [String: FaultyNode] = [:]
    private var pending: [Change] = []

    var sortedEntries: [(name: String, node: FaultyNode)] {
        entries.sorted { $0.key < $1.key }.map { (name: $0.key, node: $0.value) }
    }

    func set(_ name: String, _ node: FaultyNode) { change(.set(name, node)) }
    func remove(_ name: String) { change(.remove(name)) }

    func rename(_ name: String, to newName: String) {
        guard let node = entries[name] else { return }
        change(.rename(name, to: newName, node))
    }

    private func change(_ change: Change) {
        Self.apply(change, to: &entries)
        pending.append(change)
    }

    func settle() {
        durable = entries
        pending = []
    }

    /// Each change since the last sync happened or did not, whatever became of those before it.
    func surviving<G: RandomNumberGenerator>(using generator: inout G) -> [String: FaultyNode] {
        var survivors = durable
        for change in pending where Int.random(in: 0..<3, using: &generator) > 0 {
            Self.apply(change, to: &survivors)
        }
        return survivors
    }

    private static func apply(_ change: Change, to entries: inout [String: FaultyNode]) {
        switch change {
        case .set(let name, let node): entries[name] = node
        case .remove(let name): entries[name] = nil
        case .rename(let name, let newName, let node):
            entries[name] = nil
            entries[newName] = node
        }
    }

    /// Fills a directory of another file system with what `entries` and `content` say; all of that is on its disk.
    func copy(
        to target: FaultyDirectory, of fileSystem: FaultyFileSystem, at path: String,
        entries: (FaultyDirectory) -> [String: FaultyNode], content: (FaultyFile) -> [UInt8]
    ) {
        for (name, node) in entries(self).sorted(by: { $0.key < $1.key }) {
            let newPath = path + "/" + name
            switch node {
            case .file(let file):
                let copy = FaultyFile(path: newPath, fileSystem: fileSystem, content: content(file))
                target.entries[name] = .file(copy)
            case .directory(let directory):
                let copy = FaultyDirectory()
                directory.copy(to: copy, of: fileSystem, at: newPath, entries: entries, content: content)
                target.entries[name] = .directory(copy)
            }
        }
        target.settle()
    }
}
