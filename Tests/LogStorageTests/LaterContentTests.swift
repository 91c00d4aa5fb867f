import Testing

@testable import LogStorage

@Suite("Files that another thread writes")
struct LaterContentTests {
    @Test("the content is made when the handle is synced, not before, and takes its place when that is asked for")
    func madeLater() throws {
        let disk = try Disk(.posix)
        let path = disk.root + "/file"
        try disk.fileSystem.replace(path, with: Array("old".utf8), durable: false)
        nonisolated(unsafe) var calls = 0
        let long = [UInt8](repeating: 7, count: 3 << 20)
        let handle = try disk.fileSystem.beginReplacing(path) {
            calls += 1
            return long
        }
        #expect(calls == 0)
        #expect(try disk.fileSystem.contents(of: path + ".tmp") == [])
        try handle.sync()
        #expect(calls == 1)
        #expect(try disk.fileSystem.contents(of: path) == Array("old".utf8))
        try disk.fileSystem.finishReplacing(path)
        #expect(try disk.fileSystem.contents(of: path) == long)
    }

    @Test("a file system that writes at once ends up with the same", arguments: [Kind.memory, .faulty])
    func atOnce(kind: Kind) throws {
        let disk = try Disk(kind)
        let path = disk.root + "/file"
        try disk.fileSystem.beginReplacing(path) { [1, 2, 3] }.sync()
        #expect(try disk.fileSystem.contents(of: path) == nil)
        try disk.fileSystem.finishReplacing(path)
        #expect(try disk.fileSystem.contents(of: path) == [1, 2, 3])
    }

    @Test("a checkpoint's text has what its changes say, in order, and a count")
    func text() {
        let text = OffsetCheckpointText()
        func lines() -> String { String(decoding: text.encoded(), as: UTF8.self) }
        #expect(lines() == "0\n0\n")
        text.change(["b": [10: 4, 2: 7], "a": [0: 1]])
        #expect(lines() == "0\n3\na 0 1\nb 2 7\nb 10 4\n")
        text.change(["b": [2: 0, 3: 9], "c": [1: 1], "a": [0: 0]])
        #expect(lines() == "0\n3\nb 3 9\nb 10 4\nc 1 1\n")
        text.change(["b": [0: 5], "d": [0: 0]], gone: ["b", "x"])
        #expect(lines() == "0\n2\nb 0 5\nc 1 1\n")
    }
}
