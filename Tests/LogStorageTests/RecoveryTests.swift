import KafkaProtocol
import Testing

@testable import LogStorage

@Suite("Closing, reopening and recovery")
struct RecoveryTests {
    private static var small: LogConfig {
        var config = LogConfig()
        config.segmentBytes = 900
        config.indexIntervalBytes = 150
        return config
    }

    private func worked(_ disk: Disk, steps: Int, seed: UInt64) throws -> PartitionLog {
        let log = try disk.open(Self.small)
        var workload = Workload(random: SeededGenerator(seed: seed))
        for _ in 0..<steps { try workload.step(log) }
        return log
    }

    @Test("after a clean stop a log is what it was, and goes on", arguments: Kind.allCases)
    func cleanStop(kind: Kind) throws {
        for seed in UInt64(1)...5 {
            let disk = try Disk(kind)
            let log = try worked(disk, steps: 50, seed: seed)
            let state = LogState(log)
            try log.close()
            let again = try disk.open(Self.small, clean: true)
            expectEqual(LogState(again), state)
            #expect(again.recoveryPoint == again.logEndOffset)
            try again.append("more", epoch: 100)
            let later = LogState(again)
            try again.close()
            expectEqual(LogState(try disk.open(Self.small, clean: true)), later)
        }
    }

    @Test("a clean stop is believed: nothing but the last bytes is read")
    func cleanStopIsCheap() throws {
        let disk = try Disk(.faulty)
        let log = try disk.open()
        for _ in 0..<2000 { try log.append(String(repeating: "x", count: 100)) }
        try log.close()
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        nonisolated(unsafe) var reads = 0
        faulty.fault = { operation, path in
            if operation == .read, path.hasSuffix(".log") { reads += 1 }
            return nil
        }
        #expect(try disk.open(clean: true).logEndOffset == 2000)
        #expect(reads <= 2)
    }

    @Test("without a clean stop everything is rebuilt from the batches", arguments: Kind.allCases)
    func uncleanStop(kind: Kind) throws {
        for seed in UInt64(1)...5 {
            let disk = try Disk(kind)
            let state = LogState(try worked(disk, steps: 50, seed: seed))
            expectEqual(LogState(try disk.open(Self.small)), state)
            for name in try disk.names where !name.hasSuffix(".log") {
                try disk.fileSystem.remove(disk.root + "/topic-0/" + name)
            }
            expectEqual(LogState(try disk.open(Self.small)), state)
        }
    }

    @Test("a recovery point spares older segments", arguments: [Kind.faulty])
    func recoveryPoint(kind: Kind) throws {
        let disk = try Disk(kind)
        let log = try worked(disk, steps: 60, seed: 3)
        try log.tidyFiles(limit: 1)
        let state = LogState(log)
        let last = try #require(log.segments.last).baseOffset
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        nonisolated(unsafe) var reads: [String: Int] = [:]
        faulty.fault = { operation, path in
            if operation == .read, path.hasSuffix(".log") { reads[path, default: 0] += 1 }
            return nil
        }
        let again = try disk.open(Self.small) { $0.recoveryPoint = last }
        // Of older segments only the end is looked at, once, to see that the next one begins there; of the one before
        // the recovery point once more, to see that its indexes reach it.
        let before = try #require(log.segments.dropLast().last).baseOffset
        reads[disk.root + "/topic-0/" + LogFileName.of(last, ".log")] = nil
        #expect(reads.removeValue(forKey: disk.root + "/topic-0/" + LogFileName.of(before, ".log")) == 2)
        #expect(reads.values.allSatisfy { $0 == 1 })
        expectEqual(LogState(again), state)
    }

    @Test("a log file cut at any byte keeps its whole batches", arguments: [Kind.posix, .memory])
    func cutAtEveryByte(kind: Kind) throws {
        let disk = try Disk(kind)
        let log = try disk.open()
        var ends = [0]
        for index in 0..<3 { ends.append(ends[index] + (try log.append("value \(index)").bytes)) }
        let bytes = try #require(try disk.contents("00000000000000000000.log"))
        // A file without a byte in it is another matter: see MissingFilesTests.
        for count in bytes.indices.dropFirst() {
            let path = disk.root + "/topic-0/00000000000000000000.log"
            try disk.fileSystem.replace(path, with: Array(bytes.prefix(count)), durable: false)
            let again = try disk.open()
            let whole = try #require(ends.lastIndex { $0 <= count })
            #expect(again.logEndOffset == Int64(whole))
            #expect(try again.records().count == whole)
            #expect(try disk.contents("00000000000000000000.log")?.count == ends[whole])
            #expect(try again.append("new").baseOffset == Int64(whole))
        }
    }

    @Test(
        "garbage and zeros behind the last batch are cut off, also when the stop claims to have been clean",
        arguments: [true, false], [[UInt8](repeating: 0, count: 5000), Array("garbage that is no batch".utf8)])
    func tail(clean: Bool, tail: [UInt8]) throws {
        let disk = try Disk(.posix)
        let log = try disk.open()
        try log.append("a")
        try log.append("b")
        try log.close()
        let good = try #require(try disk.contents("00000000000000000000.log"))
        try disk.fileSystem.replace(
            disk.root + "/topic-0/00000000000000000000.log", with: good + tail, durable: false)
        let again = try disk.open(clean: clean)
        #expect(try again.records() == ["0:a", "1:b"])
        #expect(try disk.contents("00000000000000000000.log") == good)
    }

    @Test("a damaged batch takes all later ones with it, in later segments too")
    func damageInTheMiddle() throws {
        let disk = try Disk(.memory)
        var config = LogConfig()
        config.segmentBytes = 300
        let log = try disk.open(config)
        for index in 0..<12 { try log.append("\(index)") }
        let second = log.segments[1].baseOffset
        let path = disk.root + "/topic-0/" + LogFileName.of(second, ".log")
        let size = try TestBatch(values: ["0"]).bytes.count
        var bytes = try #require(try disk.fileSystem.contents(of: path))
        bytes[size + 65] ^= 1
        try disk.fileSystem.replace(path, with: bytes, durable: false)
        let again = try disk.open(config)
        #expect(again.logEndOffset == second + 1)
        #expect(again.segmentCount == 2)
        let finding = try #require(again.findings.first)
        #expect(again.findings.count == 1)
        #expect(finding.lost == LostOffsets(from: second + 1, upTo: 12))
        #expect(finding.text.hasPrefix("records at offsets \(second + 1) to 11 are lost, "))
        #expect(finding.text.contains("the batch at offset \(second + 1) is damaged"))
        #expect(try again.records().count == Int(second) + 1)
        #expect(try disk.names.filter { $0.hasSuffix(".log") }.count == 2)
    }

    @Test("a damaged epoch checkpoint is made anew from the batches")
    func damagedEpochs() throws {
        let disk = try Disk(.memory)
        let log = try worked(disk, steps: 60, seed: 9)
        let epochs = log.epochs
        try log.close()
        try disk.fileSystem.replace(
            disk.root + "/topic-0/leader-epoch-checkpoint", with: Array("0\n5\n1".utf8), durable: false)
        let again = try disk.open(Self.small, clean: true)
        #expect(again.epochs == epochs)
        #expect(again.findings.filter { $0.lost == nil && $0.text.contains("leader-epoch-checkpoint was") }.count == 1)
    }

    @Test("a damaged producer snapshot is passed over")
    func damagedSnapshot() throws {
        let disk = try Disk(.memory)
        let log = try worked(disk, steps: 60, seed: 4)
        let state = LogState(log)
        try log.close()
        for name in try disk.names where name.hasSuffix(".snapshot") {
            try disk.fileSystem.replace(disk.root + "/topic-0/" + name, with: [0, 1, 2], durable: false)
        }
        let again = try disk.open(Self.small, clean: true)
        expectEqual(LogState(again), state)
        #expect(again.findings.contains { $0.lost == nil && $0.text.contains(".snapshot was damaged") })
    }

    @Test("indexes that a clean stop did not leave like that are made anew, with a line", arguments: [nil, [1, 2, 3]])
    func damagedIndex(content: [UInt8]?) throws {
        let disk = try Disk(.memory)
        let log = try worked(disk, steps: 60, seed: 4)
        let state = LogState(log)
        try log.close()
        let name = LogFileName.of(log.segments.last?.baseOffset ?? -1, ".index")
        #expect(try disk.open(Self.small, clean: true).findings == [])
        if let content {
            try disk.fileSystem.replace(disk.root + "/topic-0/" + name, with: content, durable: false)
        } else {
            try disk.fileSystem.remove(disk.root + "/topic-0/" + name)
        }
        let again = try disk.open(Self.small, clean: true)
        expectEqual(LogState(again), state)
        #expect(again.findings.map(\.lost) == [nil] && again.findings.first?.text.hasPrefix(name) == true)
        try again.close()
        #expect(try disk.open(Self.small, clean: true).findings == [])
    }

    @Test("a log start beyond the log end leaves the records alone and is mentioned", arguments: [true, false])
    func startBeyondEnd(clean: Bool) throws {
        let disk = try Disk(.memory)
        let log = try disk.open()
        try log.append("a")
        try log.close()
        let again = try disk.open(clean: clean) { $0.logStartOffset = 40 }
        #expect((again.logStartOffset, again.logEndOffset) == (0, 1))
        #expect(try again.records() == ["0:a"])
        #expect(again.findings.map(\.lost) == [nil])
        #expect(again.findings.first?.text.contains("its records are kept") == true)
    }

    @Test("an empty log goes on at the log start that is known of it")
    func startBeyondEmptyLog() throws {
        let disk = try Disk(.memory)
        _ = try disk.open()
        let again = try disk.open { $0.logStartOffset = 40 }
        #expect((again.logStartOffset, again.logEndOffset) == (40, 40))
        #expect(again.findings.first?.text.contains("goes on at 40") == true)
    }

    @Test("a damaged partition.metadata is written anew, a foreign one keeps the log closed", arguments: [true, false])
    func partitionMetadata(clean: Bool) throws {
        let disk = try Disk(.memory)
        let id = KafkaUUID(high: 7, low: 9)
        let log = try disk.open { $0.topicID = id }
        try log.append("a")
        try log.close()
        let good = try disk.contents("partition.metadata")
        for damage in [[], [UInt8](repeating: 0, count: 40), Array("version: 0\ntopic".utf8)] {
            try disk.fileSystem.replace(disk.root + "/topic-0/partition.metadata", with: damage, durable: false)
            let again = try disk.open(clean: clean) { $0.topicID = id }
            #expect(try again.records() == ["0:a"])
            #expect(again.findings.contains { $0.text.contains("partition.metadata") && $0.lost == nil })
            #expect(try disk.contents("partition.metadata") == good)
            try again.close()
        }
        let error = #expect(throws: StorageError.self) {
            _ = try disk.open(clean: clean) { $0.topicID = KafkaUUID(high: 1, low: 1) }
        }
        #expect(error?.description.contains("belongs to topic") == true)
    }

    @Test("where every append was synced, damage before a sound batch is not cut off; a torn last batch is")
    func damageWhereEveryAppendWasSynced() throws {
        let disk = try Disk(.memory)
        let log = try disk.open()
        let size = try log.append("a").bytes
        for value in ["b", "c"] { try log.append(value) }
        let name = "00000000000000000000.log"
        let good = try #require(try disk.contents(name))
        func open(flipping byte: Int, accepting: Bool = false) throws -> PartitionLog {
            var bytes = good
            bytes[byte] ^= 0x40
            try disk.fileSystem.replace(disk.root + "/topic-0/" + name, with: bytes, durable: false)
            return try disk.open {
                $0.everyAppendIsSynced = true
                $0.acceptsLoss = accepting
            }
        }
        // Every byte of the second batch, its length too: no header can then tell where the third one begins.
        for byte in size..<2 * size where !(size + 12..<size + 16).contains(byte) && byte >= size + 8 {
            let error = #expect(throws: StorageError.self) { _ = try open(flipping: byte) }
            #expect(error?.description.contains("sound batches follow") == true)
        }
        #expect(try open(flipping: size + 62, accepting: true).logEndOffset == 1)
        let torn = try open(flipping: 2 * size + 62)
        #expect(torn.logEndOffset == 2)
        #expect(torn.findings.first?.lost == LostOffsets(from: 2, upTo: nil))
    }

    @Test("retries of idempotent producers are recognised after a restart", arguments: [true, false])
    func duplicatesAfterRestart(clean: Bool) throws {
        let disk = try Disk(.posix)
        let log = try disk.open()
        let batch = TestBatch(values: ["a", "b"], producer: (7, 1, 0))
        try log.append(batch)
        if clean { try log.close() }
        let again = try disk.open(clean: clean)
        let result = try again.append(batch)
        #expect(result.isDuplicate)
        #expect((result.baseOffset, result.lastOffset) == (0, 1))
        #expect(try again.refusal(TestBatch(producer: (7, 1, 5))) == .outOfOrderSequenceNumber)
    }
}

@Suite("Failing disks")
struct FailureTests {
    @Test("a full disk refuses the append, undoes it and lets the log go on", arguments: [0, 1, 20, 70])
    func fullDisk(kept: Int) throws {
        let disk = try Disk(.faulty)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        let log = try disk.open()
        try log.append("a")
        let size = log.size
        faulty.fault = { operation, _ in operation == .write ? .tear(.noSpace, keeping: kept) : nil }
        #expect(try log.refusal(TestBatch(values: ["b"])) == .kafkaStorageError)
        #expect(!log.isOffline)
        #expect(log.logEndOffset == 1)
        #expect(try disk.contents("00000000000000000000.log")?.count == Int(size))
        #expect(try log.records() == ["0:a"])
        faulty.fault = nil
        #expect(try log.append("c").baseOffset == 1)
        #expect(try log.records() == ["0:a", "1:c"])
    }

    @Test(
        "a disk that is full while a segment is closed leaves the log as it was",
        arguments: [".index.tmp", ".timeindex.tmp", ".snapshot.tmp", ".log"])
    func fullDiskWhileRolling(suffix: String) throws {
        let disk = try Disk(.faulty)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        var config = LogConfig()
        config.segmentBytes = 300
        config.indexIntervalBytes = 50
        let log = try disk.open(config)
        var expected: [String] = []
        while log.size <= 300 - 72 {
            expected.append("\(log.logEndOffset):v")
            try log.append("v")
        }
        faulty.fault = { operation, path in
            (operation == .write || operation == .open) && path.hasSuffix(suffix) ? .fail(.noSpace) : nil
        }
        #expect(try log.refusal(TestBatch()) == .kafkaStorageError)
        faulty.fault = nil
        #expect(!log.isOffline)
        #expect(log.segmentCount == 1)
        for _ in 0..<8 {
            expected.append("\(log.logEndOffset):v")
            try log.append("v")
        }
        #expect(log.segmentCount > 2)
        #expect(try log.records() == expected)
        #expect(try disk.open(config).records() == expected)
        try log.close()
        #expect(try disk.open(config, clean: true).records() == expected)
    }

    @Test("a leader epoch that could not be written is written later")
    func fullDiskAtNewEpoch() throws {
        let disk = try Disk(.faulty)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        let log = try disk.open()
        try log.append("a")
        faulty.fault = { operation, path in
            operation == .write && path.hasSuffix("checkpoint.tmp") ? .fail(.noSpace) : nil
        }
        try log.append("b", epoch: 4)
        #expect(log.latestLeaderEpoch == 4)
        #expect(throws: StorageError.self) { try log.tidyFiles(limit: 1) }
        #expect(log.owesFiles)
        faulty.fault = nil
        try log.tidyFiles(limit: 1)
        #expect(!log.owesFiles)
        #expect(try disk.contents("leader-epoch-checkpoint") == [UInt8]("0\n2\n0 0\n4 1\n".utf8))
    }

    @Test("any other failed write takes the log offline; it stays readable and recovers when opened again")
    func failedWrite() throws {
        let disk = try Disk(.faulty)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        let log = try disk.open()
        try log.append("a")
        faulty.fault = { operation, _ in
            switch operation {
            case .write: .tear(.io, keeping: 62)
            case .truncate: .fail(.io)
            default: nil
            }
        }
        #expect(try log.refusal(TestBatch(values: ["b"])) == .kafkaStorageError)
        #expect(log.isOffline)
        faulty.fault = nil
        #expect(try log.refusal(TestBatch(values: ["c"])) == .kafkaStorageError)
        #expect(try log.records() == ["0:a"])
        #expect(throws: StorageError.self) { try log.close() }
        let again = try disk.open()
        #expect(try again.records() == ["0:a"])
        #expect(try again.append("d").baseOffset == 1)
    }

    @Test("a failed sync takes the log offline and acknowledges nothing")
    func failedSync() throws {
        let disk = try Disk(.faulty)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        let log = try disk.open { $0.durability = .fsync }
        try log.append("a")
        try log.flush()
        try log.append("b")
        faulty.fault = { operation, path in
            operation == .sync && path.hasSuffix(".log") ? .fail(.io) : nil
        }
        #expect(throws: StorageError.self) { try log.flush() }
        #expect(log.isOffline)
        #expect(log.highWatermark == 1)
        #expect(try log.refusal(TestBatch()) == .kafkaStorageError)
    }

    @Test("a slice that can no longer be read says so")
    func failedRead() throws {
        let disk = try Disk(.faulty)
        let log = try disk.open()
        try log.append("a")
        let slice = try log.read(from: 0, upTo: 1, maxBytes: 1000, atLeastOneBatch: true)
        try #require(disk.fileSystem as? FaultyFileSystem).fault = { operation, _ in
            operation == .read ? .fail(.io) : nil
        }
        #expect(slice.records.copy() == nil)
    }

    /// Runs a workload with flushes at random, cuts power, and looks at what the next start finds.
    @Test("after a loss of power a log is a prefix that has everything acknowledged", arguments: 0..<60)
    func powerLoss(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var config = LogConfig()
        config.segmentBytes = Int.random(in: 500...4000, using: &random)
        config.indexIntervalBytes = 200
        var disk = FaultyFileSystem()
        try disk.makeDirectory("/data")
        try disk.syncDirectory("")
        var workload = Workload(random: SeededGenerator(seed: UInt64(seed) &+ 1000))
        var expected: [String] = []
        var epochs = LeaderEpochs()
        var recoveryPoint: Int64 = 0
        for _ in 0..<4 {
            var options = LogOptions()
            options.now = testTime
            options.durability = .fsync
            options.recoveryPoint = recoveryPoint
            let log = try PartitionLog.open(
                directory: "/data/t-0", fileSystem: disk, config: config, options: options)
            let found = try log.records()
            #expect(Array(expected.prefix(found.count)) == found, "a prefix of what was written")
            #expect(log.logEndOffset >= recoveryPoint, "everything acknowledged is there")
            #expect(log.highWatermark == log.logEndOffset)
            _ = epochs.truncate(from: log.logEndOffset)
            #expect(log.epochs == epochs, "epochs are those of the batches")
            // Producers that lost their last batches go on from what the log knows of them.
            workload = Workload(random: SeededGenerator(seed: random.next()))
            workload.resume(log)
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                try workload.step(log)
                if Int.random(in: 0..<4, using: &random) == 0 {
                    try log.flush()
                    recoveryPoint = log.recoveryPoint
                }
            }
            recoveryPoint = log.highWatermark
            expected = try log.records()
            epochs = log.epochs
            disk = disk.afterPowerLoss(using: &random)
        }
    }

    @Test("after the death of the process every acknowledged record is there", arguments: 0..<20)
    func processDeath(seed: Int) throws {
        var config = LogConfig()
        config.segmentBytes = 1500
        var disk = FaultyFileSystem()
        var workload = Workload(random: SeededGenerator(seed: UInt64(seed)))
        var state: LogState?
        for _ in 0..<3 {
            let log = try PartitionLog.open(
                directory: "/data/t-0", fileSystem: disk, config: config, topicID: nil, cleanShutdown: false,
                now: testTime)
            if let state { expectEqual(LogState(log), state) }
            for _ in 0..<25 { try workload.step(log) }
            state = LogState(log)
            disk = disk.afterProcessDeath()
        }
    }
}
