import KafkaProtocol
import Testing

@testable import LogStorage

@Suite("Dropped segments")
struct DroppedSegmentTests {
    private static var config: LogConfig {
        var config = LogConfig()
        config.segmentBytes = 20 << 20
        config.maxMessageBytes = 10 << 20
        return config
    }

    @Test("a large segment goes some megabytes at a time, and a crash on the way is no loss", arguments: 0..<6)
    func large(steps: Int) throws {
        let disk = try Disk(.faulty)
        let log = try disk.open(Self.config)
        let value = String(repeating: "x", count: 5 << 20)
        for _ in 0..<9 { try log.append(value) }
        #expect(log.segmentCount == 3)
        let second = log.segments[1].baseOffset
        #expect(try log.deleteRecords(before: second) == second)
        #expect(log.hasDropped)
        for _ in 0..<steps { try log.removeDropped(limit: 1) }
        // 15 MiB of batches: a part of 8, and then the rest.
        #expect(log.hasDropped == (steps < 2))
        for start in [0, second] {
            let again = try disk.open(Self.config) { $0.logStartOffset = start }
            #expect(again.logEndOffset == 9)
            #expect(again.findings.isEmpty)
            #expect(again.logStartOffset == (steps == 0 ? start : second))
            #expect(try disk.names.allSatisfy { !$0.hasSuffix(".deleted") })
        }
    }

    @Test("dropped records are gone for readers, also for those that were about to get them")
    func readers() throws {
        let disk = try Disk(.memory)
        var config = LogConfig()
        config.segmentBytes = 300
        let log = try disk.open(config)
        for index in 0..<12 { try log.append("\(index)") }
        let slice = try log.read(from: 0, upTo: .max, maxBytes: 1_000, atLeastOneBatch: true)
        _ = try log.deleteRecords(before: 9)
        #expect(slice.records.copy() == nil)
        #expect(throws: ReadError.self) { try log.read(from: 8, upTo: .max, maxBytes: 1, atLeastOneBatch: true) }
        #expect(try log.records() == ["9:9", "10:10", "11:11"])
    }

    @Test(
        "a crash between files of dropped segments is no loss, whichever epochs they had", arguments: 0..<12,
        [Durability.os, .fsync])
    func epochs(steps: Int, durability: Durability) throws {
        let disk = try Disk(.faulty)
        var config = LogConfig()
        config.segmentBytes = 100
        let log = try disk.open(config) { $0.durability = durability }
        for index in 0..<12 { try log.append("\(index)", epoch: Int32(index / 3)) }
        try log.flush()
        #expect(log.segmentCount == 12)
        #expect(try log.deleteRecords(before: 10) == 10)
        for _ in 0..<steps { try log.removeDropped(limit: 1) }
        // What others are told is what a crash leaves.
        #expect(log.firstSegmentOffset == Int64(min(steps, 10)))
        for start: Int64 in [0, 10] {
            let again = try disk.open(config) {
                $0.durability = durability
                $0.logStartOffset = start
                $0.recoveryPoint = 12
            }
            #expect(again.findings.isEmpty)
            #expect(again.logStartOffset == max(start, Int64(min(steps, 10))))
            #expect(again.logEndOffset == 12)
            #expect(again.latestLeaderEpoch == 3)
        }
    }

    @Test("an index file that is longer than its segment allows is built anew, not read", arguments: [true, false])
    func longIndex(isActive: Bool) throws {
        for suffix in [".index", ".timeindex"] {
            let disk = try Disk(.posix)
            var config = LogConfig()
            config.segmentBytes = 300
            config.indexIntervalBytes = 1
            let log = try disk.open(config)
            for index in 0..<12 { try log.append("\(index)") }
            let base = isActive ? log.active.baseOffset : 0
            try log.close()
            let path = disk.root + "/topic-0/" + LogFileName.of(base, suffix)
            // It has no blocks: nobody could read it into memory.
            try disk.fileSystem.file(at: path, create: false).truncate(to: 12 << 36)
            let again = try disk.open(config, clean: true)
            #expect(again.findings.isEmpty)
            #expect(try again.offset(forTimestamp: testTime)?.offset == 0)
            #expect(try again.nextExpiry() == testTime +| config.retentionMs +| 1)
            #expect(try again.records().count == 12)
        }
    }

    @Test(
        "other small files that are longer than any can be are damaged, not read",
        arguments: [LogFileName.leaderEpochCheckpoint, PartitionMetadata.fileName, CutNote.fileName])
    func longFiles(name: String) throws {
        let disk = try Disk(.posix)
        let id = KafkaUUID(high: 1, low: 2)
        let log = try disk.open { $0.topicID = id }
        try log.append("a")
        try log.close()
        try disk.fileSystem.file(at: disk.root + "/topic-0/" + name, create: true).truncate(to: 12 << 36)
        let again = try disk.open(clean: true) { $0.topicID = id }
        #expect(try again.records() == ["0:a"])
        #expect(again.latestLeaderEpoch == 0)
    }
}
