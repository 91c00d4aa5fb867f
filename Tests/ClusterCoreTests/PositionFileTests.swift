import LogStorage
import Testing

@testable import ClusterCore

@Suite("One checkpoint file")
struct PositionFileTests {
    private static let directory = "/data"
    private static let name = OffsetCheckpoint.logStartOffsetFile
    private typealias Partition = OffsetCheckpoint.Partition

    /// What is known of a file, and what it should say.
    private final class Model {
        let disk = MemoryFileSystem()
        var file = PositionFile(name)
        var wanted: [Partition: Int64] = [:]
        /// Topics that are gone, which come again only once the file is rid of them.
        var gone: Set<String> = []
        var handle: (any SyncHandle)?
        /// What the file is to say when the handle has been synced and nothing came in between.
        var promised: [Partition: Int64] = [:]

        init() throws { try disk.makeDirectory(directory) }

        var content: [Partition: Int64] {
            get throws { try OffsetCheckpoint.read("\(directory)/\(name)", from: disk) }
        }

        func step(_ random: inout SplitMix64) throws {
            let name = Partition(
                topic: "t\(Int.random(in: 0..<4, using: &random))", partition: .random(in: 0..<3, using: &random))
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<6 where !gone.contains(name.topic):
                let offset = Int64.random(in: 0..<4, using: &random)
                file.note(name, offset)
                wanted[name] = offset > 0 ? offset : nil
            case 6:
                file.forgetTopic(name.topic)
                wanted = wanted.filter { $0.key.topic != name.topic }
                gone.insert(name.topic)
            case 7 where handle == nil && file.needsWriting:
                handle = try file.beginWriting(directory, disk)
                promised = wanted
            case 8, 9: try finish()
            case 10:
                file.abandonWriting()
                handle = nil
            case 11:
                try file.write(directory, disk, durable: true)
                (gone, handle) = ([], nil)
                #expect(try content == wanted)
            default: break
            }
        }

        func finish() throws {
            guard let handle else { return }
            try handle.sync()
            try file.finishWriting(directory, disk)
            self.handle = nil
            #expect(try content == promised)
            for partition in promised.keys {
                #expect(file.written(partition) == promised[partition])
            }
        }
    }

    @Test("it says what it was told, in whatever order it is told, replaced, given up and written", arguments: 0..<60)
    func sequences(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let model = try Model()
        for _ in 0..<200 {
            try model.step(&random)
        }
        try model.finish()
        while model.file.needsWriting {
            model.handle = try model.file.beginWriting(Self.directory, model.disk)
            model.promised = model.wanted
            try model.finish()
        }
        #expect(try model.content == model.wanted)
        let text = try #require(try model.disk.contents(of: "\(Self.directory)/\(Self.name)"))
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").dropFirst(2)
        #expect(lines.map(String.init) == lines.map(String.init).sorted())
    }

    @Test("until its name is on disk the least of what earlier versions said is certain")
    func certain() throws {
        let disk = MemoryFileSystem()
        try disk.makeDirectory(Self.directory)
        var file = PositionFile(Self.name)
        let name = Partition(topic: "t", partition: 0)
        for offset in [3, 8] as [Int64] {
            file.note(name, offset)
            try file.beginWriting(Self.directory, disk).sync()
            try file.finishWriting(Self.directory, disk)
            #expect(file.written(name) == offset && file.certain(name) == 0 && file.mayFallBack)
        }
        file.nameIsOnDisk()
        #expect(file.certain(name) == 8 && !file.mayFallBack)
    }
}
