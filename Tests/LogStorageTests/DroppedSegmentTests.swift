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
        for _ in 0..<steps { try log.tidyFiles(limit: 1) }
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

    @Test("what somebody else has removed is no failure")
    func removedByOthers() throws {
        for steps in 0..<2 {
            let disk = try Disk(.posix)
            let log = try disk.open(Self.config)
            let value = String(repeating: "x", count: 5 << 20)
            for _ in 0..<4 { try log.append(value) }
            _ = try log.deleteRecords(before: log.active.baseOffset)
            for _ in 0..<steps { try log.tidyFiles(limit: 1) }
            let name = LogFileName.of(0, steps == 0 ? ".log" : ".log.deleted")
            try disk.fileSystem.remove(disk.root + "/topic-0/" + name)
            try log.tidyFiles(limit: .max)
            #expect(!log.hasDropped)
            #expect(try disk.names.filter { $0.hasPrefix("00000000000000000000") } == [])
        }
    }

    @Test("a log that is emptied, and begins where it did before, has none of the files that waited", arguments: 0..<4)
    func emptied(steps: Int) throws {
        let disk = try Disk(.faulty)
        var config = LogConfig()
        config.segmentBytes = 100
        let log = try disk.open(config)
        for index in 0..<12 { try log.append("\(index)") }
        _ = try log.deleteRecords(before: 10)
        for _ in 0..<steps { try log.tidyFiles(limit: 1) }
        try log.truncateFully(startingAt: 0, now: testTime)
        #expect(!log.hasDropped)
        for index in 0..<3 { try log.append("new \(index)") }
        try log.tidyFiles(limit: .max)
        for clean in [false, true] {
            if clean { try log.close() }
            let again = try disk.open(config, clean: clean)
            #expect(again.findings.isEmpty)
            #expect(try again.records() == ["0:new 0", "1:new 1", "2:new 2"])
        }
    }

    @Test("a large segment of which a part is gone does not come back in a log that is emptied")
    func emptiedLarge() throws {
        let disk = try Disk(.faulty)
        let log = try disk.open(Self.config)
        for _ in 0..<4 { try log.append(String(repeating: "x", count: 5 << 20)) }
        _ = try log.deleteRecords(before: log.active.baseOffset)
        try log.tidyFiles(limit: 1)
        #expect(log.hasDropped)
        try log.truncateFully(startingAt: 0, now: testTime)
        try log.append("new")
        #expect(try disk.open(Self.config).records() == ["0:new"])
        #expect(try disk.names.allSatisfy { !$0.hasSuffix(".deleted") })
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
        for _ in 0..<steps { try log.tidyFiles(limit: 1) }
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

    @Test("what is left of dropped segments, with holes, takes nothing along; of a log that ends before, all is read")
    func holesBelowStart() throws {
        for start: Int64 in [10, 50] {
            let disk = try Disk(.faulty)
            var config = LogConfig()
            config.segmentBytes = 100
            let log = try disk.open(config)
            for index in 0..<12 { try log.append("\(index)", epoch: Int32(index / 5)) }
            try log.flush()
            try log.tidyFiles(limit: 1)
            let directory = disk.root + "/topic-0/"
            // As losses of power leave them: an epoch checkpoint that was not synced, a file that came back empty.
            try disk.fileSystem.file(at: directory + LogFileName.leaderEpochCheckpoint, create: false).truncate(to: 0)
            for suffix in [".index", ".timeindex"] {
                try disk.fileSystem.remove(directory + LogFileName.of(5, suffix))
            }
            try disk.fileSystem.file(at: directory + LogFileName.of(5, ".log"), create: false).truncate(to: 0)
            let again = try disk.open(config) {
                $0.logStartOffset = start
                $0.recoveryPoint = start == 10 ? 12 : 0
            }
            #expect(again.logStartOffset == (start == 10 ? 10 : 0))
            #expect(try again.records().count == (start == 10 ? 2 : 5))
            #expect(again.findings.first?.text.hasPrefix(LogFileName.leaderEpochCheckpoint) == true)
            #expect(again.findings.dropFirst().isEmpty == (start == 10))
            #expect(again.latestLeaderEpoch == (start == 10 ? 2 : 0))
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
            // Those of closed segments are looked at when they are needed.
            #expect(again.findings.map(\.lost) == (isActive ? [nil] : []))
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

    @Test("with fsync a segment that a killed process has made is there for what it gets", arguments: 0..<12)
    func madeBeforeKill(seed: Int) throws {
        let disk = try Disk(.faulty)
        var config = LogConfig()
        config.segmentBytes = 100
        let log = try disk.open(config) { $0.durability = .fsync }
        for index in 0..<4 { try log.append("\(index)") }
        try log.flush()
        let end = log.logEndOffset
        try log.roll(baseOffset: end, now: testTime)
        // Killed; what follows relies on the name alone.
        let again = try disk.open(config) { ($0.durability, $0.recoveryPoint) = (.fsync, end) }
        #expect(try again.deleteRecords(before: end) == end)
        try again.append("kept")
        try again.flush()
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        var random = SeededGenerator(seed: UInt64(seed))
        var options = LogOptions()
        (options.durability, options.logStartOffset, options.recoveryPoint) = (.fsync, end, end)
        let after = try PartitionLog.open(
            directory: disk.root + "/topic-0", fileSystem: faulty.afterPowerLoss(using: &random), config: config,
            options: options)
        #expect(try after.records() == ["\(end):kept"])
    }
}
