import KafkaProtocol
import Testing

@testable import LogStorage

@Suite("Retention, deletion and truncation")
struct UpkeepTests {
    /// Segments of three batches of one record each, a millisecond apart.
    private func filled(
        _ disk: Disk, batches: Int, _ change: (inout LogConfig) -> Void = { _ in }
    ) throws -> PartitionLog {
        var config = LogConfig()
        config.segmentBytes = try TestBatch(values: ["00"]).bytes.count * 3
        change(&config)
        let log = try disk.open(config)
        for index in 0..<batches {
            try log.append(
                TestBatch(values: [index < 10 ? "0\(index)" : "\(index)"], timestamp: testTime + Int64(index)))
        }
        return log
    }

    @Test("DeleteRecords moves the log start and drops whole segments below it", arguments: Kind.allCases)
    func deleteRecords(kind: Kind) throws {
        let disk = try Disk(kind)
        let log = try filled(disk, batches: 10)
        #expect(try log.deleteRecords(before: 4) == 4)
        #expect(log.logStartOffset == 4)
        try log.tidyFiles(limit: .max)
        #expect(try disk.names.filter { $0.hasSuffix(".log") }.first == "00000000000000000003.log")
        #expect(try !disk.names.contains { $0.hasPrefix("00000000000000000000") })
        #expect(try log.deleteRecords(before: 2) == 4)
        #expect(throws: ReadError.offsetOutOfRange(logStartOffset: 4, logEndOffset: 10)) {
            try log.deleteRecords(before: 11)
        }
        #expect(try log.deleteRecords(before: -1) == 10)
        #expect(try log.records().isEmpty)
        #expect(try log.append("next").baseOffset == 10)
        try log.close()
        let again = try disk.open(log.config, clean: true) { $0.logStartOffset = 10 }
        #expect(again.logStartOffset == 10)
        #expect(try again.records() == ["10:next"])
    }

    @Test("retention by size keeps at least the size asked for", arguments: Kind.allCases)
    func retentionBytes(kind: Kind) throws {
        let disk = try Disk(kind)
        let log = try filled(disk, batches: 10) { $0.retentionMs = -1 }
        let batch = log.size / 10
        var config = log.config
        config.retentionBytes = batch * 5
        log.updateConfig(config)
        #expect(try log.applyRetention(now: testTime) == 1)
        #expect(log.logStartOffset == 3)
        #expect(log.size == batch * 7)
        config.retentionBytes = batch * 4
        log.updateConfig(config)
        #expect(try log.applyRetention(now: testTime) == 1)
        #expect(log.logStartOffset == 6)
        #expect(try log.applyRetention(now: testTime) == 0)
    }

    @Test("retention by time goes by the newest record of a segment, the active one included", arguments: Kind.allCases)
    func retentionMs(kind: Kind) throws {
        let disk = try Disk(kind)
        let log = try filled(disk, batches: 8) { $0.retentionMs = 1000 }
        #expect(try log.applyRetention(now: testTime + 1002) == 0)
        #expect(try log.applyRetention(now: testTime + 1003) == 1)
        #expect(log.logStartOffset == 3)
        #expect(try log.applyRetention(now: testTime + 9000) == 2)
        #expect(log.logStartOffset == 8)
        #expect(log.logEndOffset == 8)
        #expect(log.segmentCount == 1)
        #expect(log.size == 0)
        #expect(try log.append("more").baseOffset == 8)
        #expect(try log.applyRetention(now: testTime + 9000) == 1)
    }

    @Test("without the delete policy nothing goes by age or size")
    func compactOnly() throws {
        let log = try filled(Disk(.memory), batches: 8) {
            $0.retentionMs = 1
            $0.retentionBytes = 0
            $0.cleanupPolicy = .compact
        }
        #expect(try log.applyRetention(now: .max / 2) == 0)
        #expect(try log.records().count == 8)
    }

    @Test("retention does not go beyond the high watermark")
    func retentionStopsAtHighWatermark() throws {
        let disk = try Disk(.faulty)
        var config = LogConfig()
        config.segmentBytes = 200
        config.retentionBytes = 0
        let log = try disk.open(config) { $0.durability = .fsync }
        for _ in 0..<8 { try log.append("v") }
        #expect(try log.applyRetention(now: testTime) == 0)
        try log.flush()
        #expect(try log.applyRetention(now: testTime) > 0)
    }

    @Test("truncation at every offset leaves the records before it", arguments: Kind.allCases)
    func truncate(kind: Kind) throws {
        for target in Int64(0)...10 {
            let disk = try Disk(kind)
            let log = try filled(disk, batches: 10) { $0.indexIntervalBytes = 10 }
            let before = try log.records()
            try log.truncate(to: target)
            #expect(log.logEndOffset == target)
            #expect(try log.records() == Array(before.prefix(Int(target))))
            #expect(try log.append("new").baseOffset == target)
            #expect(try log.records(step: 50).last == "\(target):new")
            let again = try disk.open(log.config)
            #expect(try again.records() == log.records())
        }
    }

    @Test("truncation inside a batch takes the whole batch")
    func truncateInside() throws {
        let log = try Disk(.memory).open()
        try log.append("a", "b")
        try log.append("c", "d", "e")
        try log.truncate(to: 3)
        #expect(log.logEndOffset == 2)
        #expect(try log.records() == ["0:a", "1:b"])
    }

    @Test("after a truncation a log is as if the rest had never been appended", arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func truncateEquivalence(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var config = LogConfig()
        config.segmentBytes = 600
        config.indexIntervalBytes = 100
        var workload = Workload(random: SeededGenerator(seed: seed))
        let disk = try Disk(.memory)
        let log = try disk.open(config)
        var states: [(end: Int64, state: LogState)] = [(0, LogState(log))]
        for _ in 0..<40 {
            try workload.step(log)
            states.append((log.logEndOffset, LogState(log)))
        }
        while log.logEndOffset > 0 {
            let (end, state) = states[Int.random(in: 0..<states.count, using: &random)]
            guard end < log.logEndOffset else { continue }
            try log.truncate(to: end)
            expectEqual(LogState(log), state, "truncated to \(end)")
            if end < 5 { break }
        }
    }

    @Test("a log starts over at any offset", arguments: Kind.allCases)
    func truncateFully(kind: Kind) throws {
        let disk = try Disk(kind)
        let log = try filled(disk, batches: 10)
        try log.truncateFully(startingAt: 500, now: testTime)
        #expect((log.logStartOffset, log.logEndOffset, log.size) == (500, 500, 0))
        #expect(log.latestLeaderEpoch == nil)
        #expect(try log.append("v", epoch: 9).baseOffset == 500)
        #expect(try log.records() == ["500:v"])
        #expect(try disk.names.filter { $0.hasSuffix(".log") } == ["00000000000000000500.log"])
        let again = try disk.open()
        #expect((again.logStartOffset, again.logEndOffset) == (500, 501))
    }

    @Test("a deleted log leaves nothing", arguments: Kind.allCases)
    func delete(kind: Kind) throws {
        let disk = try Disk(kind)
        let log = try filled(disk, batches: 10)
        try log.delete()
        #expect(!disk.fileSystem.exists(disk.root + "/topic-0"))
        #expect(try log.refusal(TestBatch()) == .kafkaStorageError)
        #expect(try disk.open().logEndOffset == 0)
    }

    @Test("flushes are due by count, by time, and for closed segments")
    func flushPolicy() throws {
        let disk = try Disk(.faulty)
        var config = LogConfig()
        config.flushMessages = 3
        config.flushMs = 1000
        let log = try disk.open(config)
        #expect(!log.needsFlush(now: testTime))
        try log.append("a")
        #expect(!log.needsFlush(now: testTime + 999))
        #expect(log.needsFlush(now: testTime + 1000))
        try log.append("b", "c")
        #expect(log.needsFlush(now: testTime))
        let ticket = try #require(log.prepareFlush())
        try log.append("d")
        #expect(ticket.perform())
        log.completeFlush(ticket, succeeded: true)
        #expect(log.recoveryPoint == 3)
        #expect(!log.needsFlush(now: testTime))
        try log.flush()
        #expect(log.recoveryPoint == 4)
        #expect(log.prepareFlush() == nil)
        config.flushMessages = .max
        config.flushMs = .max
        log.updateConfig(config)
        try log.append("e")
        #expect(!log.needsFlush(now: .max / 2))
        try log.rollIfNeeded(now: .max / 2)
        #expect(log.needsFlush(now: testTime))
    }

    @Test("a flush that a truncation overtook proves nothing")
    func overtakenFlush() throws {
        let log = try Disk(.faulty).open { $0.durability = .fsync }
        for _ in 0..<5 { try log.append("v") }
        let ticket = try #require(log.prepareFlush())
        try log.truncate(to: 2)
        for _ in 0..<5 { try log.append("w") }
        log.completeFlush(ticket, succeeded: true)
        #expect(log.highWatermark == 0)
    }

    @Test("a later stop makes no snapshot where an earlier one says the same: that one gets the new name")
    func endSnapshots() throws {
        let disk = try Disk(.faulty)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        nonisolated(unsafe) var made = 0
        faulty.fault = { operation, path in
            if operation == .open, path.hasSuffix(".snapshot.tmp") { made += 1 }
            return nil
        }
        // Without producers, without, with one, with that one as it was.
        let batches = [
            TestBatch(), TestBatch(), TestBatch(producer: (7, 0, 0)), TestBatch(), TestBatch(producer: (7, 0, 1)),
        ]
        var counts: [Int] = []
        for (index, batch) in batches.enumerated() {
            let log = try disk.open(clean: index > 0)
            try log.append(batch)
            try log.close()
            counts.append(made)
            let names = try disk.names.filter { $0.hasSuffix(".snapshot") }
            #expect(names == [LogFileName.of(Int64(index + 1), ".snapshot")])
        }
        #expect(counts == [1, 1, 2, 2, 3])
        let log = try disk.open(clean: true)
        #expect(try log.append(TestBatch(producer: (7, 0, 1))).isDuplicate)
    }
}
