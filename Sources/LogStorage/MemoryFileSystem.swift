/// Files in memory, for ephemeral clusters and tests: the same behaviour as a disk, gone with the process.
package final class MemoryFileSystem: FileSystem {
    /// Bytes that all files may have together; a write beyond it fails as on a full disk.
    package var capacity = Int.max
    package internal(set) var usedBytes = 0
    private var nodes: [String: Node] = [:]

    private enum Node {
        case directory(children: Set<String>)
        case file(MemoryFile)
    }

    package init() {}

    package func file(at path: String, create: Bool) throws(StorageError) -> any File {
        switch nodes[path] {
        case .file(let file): return file
        case .directory: throw StorageError(.io, "open", path, detail: "is a directory")
        case nil:
            guard create else { throw StorageError(.notFound, "open", path) }
            let file = MemoryFile(path: path, fileSystem: self)
            try link(path, .file(file))
            return file
        }
    }

    package func makeDirectory(_ path: String) throws(StorageError) {
        switch nodes[path] {
        case .directory: return
        case .file: throw StorageError(.alreadyExists, "make directory", path)
        case nil:
            if let parent = parent(path) { try makeDirectory(parent) }
            try link(path, .directory(children: []))
        }
    }

    package func list(_ path: String) throws(StorageError) -> [DirectoryEntry] {
        guard case .directory(let children) = nodes[path] else { throw StorageError(.notFound, "list", path) }
        return children.sorted().map { name in
            if case .file(let file) = nodes[path + "/" + name] {
                DirectoryEntry(name: name, isDirectory: false, size: file.count, modifiedAt: 0)
            } else {
                DirectoryEntry(name: name, isDirectory: true, size: 0, modifiedAt: 0)
            }
        }
    }

    package func exists(_ path: String) -> Bool { nodes[path] != nil }

    package func remove(_ path: String) throws(StorageError) {
        switch nodes[path] {
        case nil: return
        case .directory(let children):
            guard children.isEmpty else { throw StorageError(.alreadyExists, "remove", path, detail: "not empty") }
        case .file: break
        }
        unlink(path)
    }

    package func rename(_ path: String, to newPath: String) throws(StorageError) {
        guard let node = nodes[path] else { throw StorageError(.notFound, "rename", path) }
        switch nodes[newPath] {
        case .file(let replaced): usedBytes -= replaced.count
        case .directory(let children) where !children.isEmpty:
            throw StorageError(.alreadyExists, "rename", newPath, detail: "not empty")
        default: break
        }
        try link(newPath, node)
        if case .file(let file) = node { usedBytes += file.count }
        unlink(path)
        moveChildren(of: node, from: path, to: newPath)
    }

    private func moveChildren(of node: Node, from path: String, to newPath: String) {
        guard case .directory(let children) = node else { return }
        for child in children {
            guard let content = nodes.removeValue(forKey: path + "/" + child) else { continue }
            nodes[newPath + "/" + child] = content
            moveChildren(of: content, from: path + "/" + child, to: newPath + "/" + child)
        }
    }

    package func syncDirectory(_ path: String) throws(StorageError) {
        if path == "/" { return }
        guard case .directory = nodes[path] else { throw StorageError(.notFound, "sync directory", path) }
    }

    package func directorySyncHandle(_ path: String) throws(StorageError) -> any SyncHandle { NothingToSync() }

    package func treeSyncHandle(_ path: String) throws(StorageError) -> any SyncHandle { NothingToSync() }

    private struct NothingToSync: SyncHandle {
        func sync() throws(StorageError) {}
    }

    /// Paths of all files, sorted.
    package var filePaths: [String] {
        nodes.compactMap { if case .file = $0.value { $0.key } else { nil } }.sorted()
    }

    private func parent(_ path: String) -> String? {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return nil }
        return String(path[..<slash])
    }

    private func link(_ path: String, _ node: Node) throws(StorageError) {
        if let parent = parent(path) {
            guard case .directory(var children) = nodes[parent] else { throw StorageError(.notFound, "create", path) }
            nodes[parent] = nil
            children.insert(String(path.dropFirst(parent.count + 1)))
            nodes[parent] = .directory(children: children)
        }
        nodes[path] = node
    }

    private func unlink(_ path: String) {
        if case .file(let file) = nodes.removeValue(forKey: path) { usedBytes -= file.count }
        if let parent = parent(path), case .directory(var children) = nodes[parent] {
            nodes[parent] = nil
            children.remove(String(path.dropFirst(parent.count + 1)))
            nodes[parent] = .directory(children: children)
        }
    }
}

/// A file as a list of blocks, so that it grows without moving what it holds.
final class MemoryFile: File {
    private static let blockSize = 64 << 10

    let path: String
    private(set) var count = 0
    private var blocks: [UnsafeMutableRawPointer] = []
    private unowned let fileSystem: MemoryFileSystem

    init(path: String, fileSystem: MemoryFileSystem) {
        self.path = path
        self.fileSystem = fileSystem
    }

    deinit { for block in blocks { block.deallocate() } }

    func size() throws(StorageError) -> Int { count }

    func read(into memory: UnsafeMutableRawBufferPointer, at position: Int) throws(StorageError) -> Int {
        guard position < count, let target = memory.baseAddress else { return 0 }
        let length = min(memory.count, count - position)
        forEachPiece(from: position, length: length) { piece, done in
            (target + done).copyMemory(from: piece.baseAddress!, byteCount: piece.count)
        }
        return length
    }

    func write(
        _ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, at position: Int
    ) throws(StorageError) {
        let end = position + head.count + body.count
        let oldCount = count
        if end > count { try grow(to: end) }
        if position > oldCount { clear(oldCount..<position) }
        copy(head, to: position)
        copy(body, to: position + head.count)
    }

    func truncate(to size: Int) throws(StorageError) {
        if size > count {
            let oldCount = count
            try grow(to: size)
            clear(oldCount..<size)
            return
        }
        fileSystem.usedBytes -= count - size
        count = size
        let needed = (size + Self.blockSize - 1) / Self.blockSize
        while blocks.count > needed { blocks.removeLast().deallocate() }
    }

    func sync() throws(StorageError) {}
    func syncHandle() throws(StorageError) -> any SyncHandle { MemorySyncHandle() }
    func preallocate(from position: Int, length: Int) {}
    func startWriteback(from position: Int, length: Int) {}
    func startReading(from position: Int, length: Int) {}
    func dropCache(from position: Int, length: Int) {}
    func keepOpen() {}
    func close() {}

    private func grow(to size: Int) throws(StorageError) {
        guard fileSystem.usedBytes + (size - count) <= fileSystem.capacity else {
            throw StorageError(.noSpace, "write", path, detail: "the memory file system is full")
        }
        fileSystem.usedBytes += size - count
        while blocks.count * Self.blockSize < size {
            blocks.append(.allocate(byteCount: Self.blockSize, alignment: 16))
        }
        count = size
    }

    /// New blocks hold garbage: a file must read as zeros where nobody wrote.
    private func clear(_ range: Range<Int>) {
        forEachPiece(from: range.lowerBound, length: range.count) { piece, _ in
            UnsafeMutableRawBufferPointer(mutating: piece).initializeMemory(as: UInt8.self, repeating: 0)
        }
    }

    private func copy(_ bytes: UnsafeRawBufferPointer, to position: Int) {
        forEachPiece(from: position, length: bytes.count) { piece, done in
            UnsafeMutableRawPointer(mutating: piece.baseAddress!)
                .copyMemory(from: bytes.baseAddress! + done, byteCount: piece.count)
        }
    }

    private func forEachPiece(from position: Int, length: Int, _ body: (UnsafeRawBufferPointer, Int) -> Void) {
        var done = 0
        while done < length {
            let (index, offset) = (position + done).quotientAndRemainder(dividingBy: Self.blockSize)
            let size = min(Self.blockSize - offset, length - done)  // bounded: a place in a block
            body(UnsafeRawBufferPointer(start: blocks[index] + offset, count: size), done)  // bounded: as above
            done += size
        }
    }
}

private struct MemorySyncHandle: SyncHandle {
    func sync() throws(StorageError) {}
}
