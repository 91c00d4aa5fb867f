import Testing

@testable import LogStorage

/// Every file system passes the same tests.
@Suite("File systems")
struct FileSystemTests {
    private func write(_ text: String, to file: any File, at position: Int) throws {
        try [UInt8](text.utf8).withUnsafeBytes { try file.write($0, at: position) }
    }

    private func text(_ file: any File) throws -> String { String(decoding: try file.readAll(), as: UTF8.self) }

    @Test("head and body land one after the other", arguments: Kind.allCases)
    func twoPartWrite(kind: Kind) throws {
        let disk = try Disk(kind)
        let file = try disk.fileSystem.file(at: disk.root + "/a", create: true)
        try write("xxxxx", to: file, at: 0)
        try [UInt8]("head".utf8).withUnsafeBytes { head in
            try [UInt8]("body".utf8).withUnsafeBytes { try file.write(head, $0, at: 2) }
        }
        #expect(try text(file) == "xxheadbody")
        #expect(try file.size() == 10)
    }

    @Test("a gap between writes reads as zeros", arguments: Kind.allCases)
    func gap(kind: Kind) throws {
        let disk = try Disk(kind)
        let file = try disk.fileSystem.file(at: disk.root + "/a", create: true)
        try write("ab", to: file, at: 0)
        try write("c", to: file, at: 70_000)
        let bytes = try file.readAll()
        #expect(bytes.count == 70_001)
        #expect(bytes[2..<70_000].allSatisfy { $0 == 0 })
        #expect(bytes.last == UInt8(ascii: "c"))
    }

    @Test("what was cut off does not come back when a file grows again", arguments: Kind.allCases)
    func truncateAndGrow(kind: Kind) throws {
        let disk = try Disk(kind)
        let file = try disk.fileSystem.file(at: disk.root + "/a", create: true)
        try write("secret", to: file, at: 0)
        try file.truncate(to: 2)
        try file.truncate(to: 5)
        #expect(try file.readAll() == [0x73, 0x65, 0, 0, 0])
        try file.truncate(to: 2)
        try write("X", to: file, at: 4)
        #expect(try file.readAll() == [0x73, 0x65, 0, 0, 0x58])
    }

    @Test("reading stops at the end of the file", arguments: Kind.allCases)
    func readAtEnd(kind: Kind) throws {
        let disk = try Disk(kind)
        let file = try disk.fileSystem.file(at: disk.root + "/a", create: true)
        try write("hello", to: file, at: 0)
        var memory = [UInt8](repeating: 0xff, count: 8)
        let counts = try memory.withUnsafeMutableBytes { memory in
            try [500, 5, 3].map { try file.read(into: memory, at: $0) }
        }
        #expect(counts == [0, 0, 2])
        #expect(memory.prefix(3) == [0x6c, 0x6f, 0xff])
    }

    @Test("a missing file is not made unless asked for", arguments: Kind.allCases)
    func missing(kind: Kind) throws {
        let disk = try Disk(kind)
        #expect { try disk.fileSystem.file(at: disk.root + "/none", create: false) } throws: {
            ($0 as? StorageError)?.kind == .notFound
        }
        #expect(!disk.fileSystem.exists(disk.root + "/none"))
        #expect(try disk.fileSystem.contents(of: disk.root + "/none") == nil)
        try disk.fileSystem.remove(disk.root + "/none")
        #expect { try disk.fileSystem.list(disk.root + "/none") } throws: {
            ($0 as? StorageError)?.kind == .notFound
        }
    }

    @Test("replacing a file leaves the new content and nothing else", arguments: Kind.allCases)
    func replace(kind: Kind) throws {
        let disk = try Disk(kind)
        try disk.fileSystem.replace(disk.root + "/a", with: [1, 2, 3], durable: true)
        try disk.fileSystem.replace(disk.root + "/a", with: [4], durable: false)
        #expect(try disk.fileSystem.contents(of: disk.root + "/a") == [4])
        #expect(try disk.fileSystem.list(disk.root).map(\.name) == ["a"])
    }

    @Test("a tree is listed with sizes and removed as a whole", arguments: Kind.allCases)
    func tree(kind: Kind) throws {
        let disk = try Disk(kind)
        try disk.fileSystem.makeDirectory(disk.root + "/t/inner/most")
        try disk.fileSystem.makeDirectory(disk.root + "/t/inner")
        try disk.fileSystem.replace(disk.root + "/t/inner/f", with: [1, 2], durable: false)
        let entries = try disk.fileSystem.list(disk.root + "/t/inner").sorted { $0.name < $1.name }
        #expect(entries.map(\.name) == ["f", "most"])
        #expect(entries.map(\.isDirectory) == [false, true])
        #expect(entries.map(\.size) == [2, 0])
        try disk.fileSystem.removeTree(disk.root + "/t")
        #expect(!disk.fileSystem.exists(disk.root + "/t"))
        try disk.fileSystem.removeTree(disk.root + "/t")
    }

    @Test("more files than may be open at once stay usable")
    func openFileLimit() throws {
        let disk = try Disk(.posix)
        let files = try (0..<10).map { try disk.fileSystem.file(at: disk.root + "/\($0)", create: true) }
        for round in 0..<3 {
            for (index, file) in files.enumerated() { try write("\(index)", to: file, at: round) }
        }
        for (index, file) in files.enumerated() {
            #expect(try text(file) == String(repeating: "\(index)", count: 3))
        }
        let table = try #require(disk.fileSystem as? PosixFileSystem).openFiles
        #expect(table.count <= 3)
    }

    @Test("file systems that share a budget stay within it together, and each may have one file open")
    func openFileBudget() throws {
        final class Budget: OpenFileBudget, @unchecked Sendable {
            var count = 0
            var most = 0
            var hasRoom: Bool { count < 4 }
            func change(by difference: Int) {
                count += difference
                most = max(most, count)
            }
        }
        let budget = Budget()
        let disk = try Disk(.posix)
        let systems = (0..<3).map { _ in PosixFileSystem(openFileLimit: 3, budget: budget) }
        var files = try systems.enumerated().flatMap { number, system in
            try (0..<5).map { try system.file(at: disk.root + "/\(number)-\($0)", create: true) }
        }
        for round in 0..<3 {
            for (index, file) in files.enumerated() { try write("\(index % 10)", to: file, at: round) }
        }
        for (index, file) in files.enumerated() {
            #expect(try text(file) == String(repeating: "\(index % 10)", count: 3))
        }
        // Four, and one of each system that found no room.
        #expect(budget.most <= 4 + 2)
        files = []
        #expect(budget.count == 0)
    }

    @Test("a full memory file system refuses writes and counts what is removed")
    func memoryCapacity() throws {
        let fileSystem = MemoryFileSystem()
        fileSystem.capacity = 100
        let file = try fileSystem.file(at: "/a", create: true)
        try [UInt8](repeating: 1, count: 90).withUnsafeBytes { try file.write($0, at: 0) }
        #expect { try [UInt8](repeating: 1, count: 11).withUnsafeBytes { try file.write($0, at: 90) } } throws: {
            ($0 as? StorageError)?.kind == .noSpace
        }
        #expect(try file.size() == 90)
        try fileSystem.remove("/a")
        #expect(fileSystem.usedBytes == 0)
    }
}
