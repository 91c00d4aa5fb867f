import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Checkpoints")
struct CheckpointTests {
    private static let data = "/data/lkc-test/"

    private func delete(_ name: String, in harness: ClusterHarness) throws {
        var request = DeleteTopicsRequest()
        request.topicNames = [name]
        #expect(try harness.call(request, version: 5).responses.allSatisfy { $0.errorCode == 0 })
    }

    /// Hides all records of a topic and leaves positions in both checkpoint files.
    private func leavePositions(of topic: String, in harness: ClusterHarness) throws {
        for index in 0..<9 {
            try harness.produce(topic, "\(index)")
        }
        try harness.log(topic).flush()
        _ = try harness.log(topic).deleteRecords(before: 7)
        try harness.step { try $0.writeCheckpoints(durable: true) }
        let file = try #require(try harness.fileSystem.contents(of: Self.data + OffsetCheckpoint.logStartOffsetFile))
        #expect(String(decoding: file, as: UTF8.self).contains("\(topic) 0 7"))
    }

    private func values(_ topic: String, _ harness: ClusterHarness) throws -> [String]? {
        try harness.fetch(harness.fetchRequest(topic)).records?.values()
    }

    @Test(
        "a topic made again under its name inherits no positions, whatever ends the process and when", arguments: 0..<4)
    func madeAgain(moment: Int) throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders")
        try leavePositions(of: "orders", in: harness)
        try delete("orders", in: harness)
        if moment == 0 {
            try harness.restart(cleanly: false)
        }
        try harness.createTopic("orders")
        if moment == 1 {
            try harness.restart(cleanly: false)
        }
        try harness.produce("orders", "new")
        if moment == 2 {
            harness.advance(by: 60_000)
        }
        try harness.restart(cleanly: moment == 3)
        #expect(try values("orders", harness) == ["new"])
        #expect(try harness.log("orders").logStartOffset == 0)
    }

    @Test("nor does it after a loss of power", arguments: 0..<20)
    func madeAgainWithoutPower(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(durability: .fsync, fileSystem: disk)
        try harness.createTopic("orders")
        let request = try harness.produceRequest("orders", values: (0..<9).map(String.init), acks: 1)
        harness.send(request, version: 9, on: harness.connect())
        harness.flush()
        _ = try harness.log("orders").deleteRecords(before: 7)
        try harness.step { try $0.writeCheckpoints(durable: false) }
        try delete("orders", in: harness)
        try harness.createTopic("orders")
        harness.send(try harness.produceRequest("orders", values: ["new"]), version: 9, on: harness.connect())
        harness.flush()
        let again = try ClusterHarness(durability: .fsync, fileSystem: disk.afterPowerLoss(using: &random))
        #expect(try again.log("orders").logStartOffset == 0)
        #expect(try values("orders", again) == ["new"])
    }

    @Test(
        "a damaged file does not stop the start: it is mentioned, passed over and written anew",
        arguments: [OffsetCheckpoint.logStartOffsetFile, OffsetCheckpoint.recoveryPointFile, MetaProperties.fileName],
        ["", "\0\0\0\0\0\0", "0\n7\norders"])
    func damaged(file: String, content: String) throws {
        for cleanly in [true, false] {
            let harness = try ClusterHarness()
            try harness.createTopic("orders")
            try leavePositions(of: "orders", in: harness)
            if cleanly {
                try harness.step { try $0.close() }
            }
            try harness.fileSystem.replace(Self.data + file, with: Array(content.utf8), durable: false)
            try harness.restart(cleanly: false)
            let notices = harness.step { $0.drainNotices() }
            #expect(notices.contains { $0.text.contains(file) && $0.level == .warning })
            #expect(try harness.log("orders").logEndOffset == 9)
            harness.advance(by: 60_000)
            try harness.restart(cleanly: cleanly)
            #expect(!harness.step { $0.drainNotices() }.contains { $0.text.contains(file) })
        }
    }

    @Test("a damaged meta.properties that names another cluster still keeps this one out")
    func foreign() throws {
        let harness = try ClusterHarness()
        let content = Array("cluster.id=lkc-other\nnode".utf8)
        try harness.fileSystem.replace(Self.data + MetaProperties.fileName, with: content, durable: false)
        #expect(throws: StorageError.self) { try harness.restart(cleanly: false) }
    }
}

@Suite("Clean stop")
struct CleanStopTests {
    @Test("what a clean stop left is there after a loss of power, with few logs and with many", arguments: 0..<12)
    func losesNothing(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        let partitions: Int32 = seed % 2 == 0 ? 2 : 40
        try harness.createTopic("orders", partitions: partitions)
        for partition in 0..<partitions {
            for value in ["a", "b", "c"] {
                try harness.produce("orders", partition: partition, value)
            }
        }
        try harness.step { try $0.close() }
        let again = try ClusterHarness(fileSystem: disk.afterPowerLoss(using: &random))
        #expect(again.cluster.startedClean)
        for partition in 0..<partitions {
            let data = try again.fetch(again.fetchRequest("orders", partition: partition))
            #expect(try data.records?.values() == ["a", "b", "c"])
        }
    }

    @Test("a stop after which nothing has changed syncs and writes no log", arguments: [true, false])
    func isCheap(cleanly: Bool) throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders", partitions: 100)
        for partition in 0..<100 as Range<Int32> {
            try harness.produce("orders", partition: partition, "a")
        }
        try harness.restart(cleanly: true)
        if !cleanly {
            try harness.restart(cleanly: false)
        }
        nonisolated(unsafe) var writes = 0
        nonisolated(unsafe) var syncs = 0
        disk.fault = { operation, path in
            if path.contains("/orders-") {
                writes += operation == .write || operation == .rename ? 1 : 0
                syncs += operation == .sync ? 1 : 0
            }
            return nil
        }
        try harness.step { try $0.close() }
        #expect(writes == 0)
        #expect(syncs == 0)
    }

    @Test("a stop after which only what it writes itself has to be synced syncs many logs by one call")
    func syncsTogether() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(durability: .fsync, fileSystem: disk)
        try harness.createTopic("orders", partitions: 100)
        for partition in 0..<100 as Range<Int32> {
            let request = try harness.produceRequest("orders", partition: partition, values: ["a"], acks: 0)
            harness.send(request, version: 9, on: harness.connect())
        }
        harness.flush()
        // Names that the last round has left.
        harness.advance(by: 60_000)
        for partition in 0..<100 as Range<Int32> {
            try harness.log("orders", partition).flush()
            #expect(try !harness.log("orders", partition).isDirty)
        }
        nonisolated(unsafe) var syncs = 0
        disk.fault = { operation, path in
            syncs += operation == .sync && path.contains("/orders-") ? 1 : 0
            return nil
        }
        try harness.step { try $0.close() }
        #expect(syncs == 0)
        var random = SplitMix64(state: 3)
        let again = try ClusterHarness(durability: .fsync, fileSystem: disk.afterPowerLoss(using: &random))
        #expect(again.cluster.startedClean)
        for partition in 0..<100 as Range<Int32> {
            #expect(try again.log("orders", partition).recoveryPoint == 1)
        }
    }

    @Test("a stop syncs nothing for logs that have no records")
    func emptyLogs() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders", partitions: 10)
        try harness.restart(cleanly: true)
        nonisolated(unsafe) var syncs = 0
        disk.fault = { operation, path in
            syncs += operation == .sync && path.contains("/orders-") ? 1 : 0
            return nil
        }
        try harness.step { try $0.close() }
        #expect(syncs == 0)
    }
}

@Suite("Loss of power")
struct PowerLossTests {
    @Test("topics that were created are there, with all their partitions", arguments: 0..<12)
    func topics(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(durability: seed % 3 == 0 ? .fsync : .os, fileSystem: disk)
        let counts: [Int32] = [1, 5, 40]
        for count in counts { try harness.createTopic("t\(count)", partitions: count) }
        let again = try ClusterHarness(
            durability: harness.configuration.durability, fileSystem: disk.afterPowerLoss(using: &random))
        for count in counts {
            let partitions = again.cluster.topics["t\(count)"]?.partitions ?? []
            #expect(partitions.count == count)
            #expect(partitions.allSatisfy { $0.log != nil })
        }
        #expect(!again.step { $0.drainNotices() }.contains { $0.level == .error })
    }

    @Test(
        "with fsync everything acknowledged is there, and nothing waits for somebody to accept a loss",
        arguments: 0..<20)
    func acknowledged(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let disk = FaultyFileSystem()
        let configs = ["log.segment.bytes": "1048576"]
        let harness = try ClusterHarness(brokerConfigs: configs, durability: .fsync, fileSystem: disk)
        try harness.createTopic("orders", partitions: 3)
        var acknowledged = 0
        for round in 0..<6 as Range<Int32> {
            let request = try harness.produceRequest("orders", partition: round % 3, values: ["\(round)"])
            harness.send(request, version: 9, on: harness.connect())
            if Bool.random(using: &random) {
                harness.flush()
                acknowledged = Int(round) + 1
            }
            if round == 3 { harness.advance(by: 60_000) }
        }
        let again = try ClusterHarness(
            brokerConfigs: configs, durability: .fsync, fileSystem: disk.afterPowerLoss(using: &random))
        let logs = again.cluster.topics["orders"]?.partitions.map(\.log) ?? []
        #expect(logs.count == 3)
        #expect(logs.allSatisfy { $0 != nil })
        for index in 0..<3 {
            let least = (0..<acknowledged).count { $0 % 3 == index }
            #expect(Int(logs[index]?.logEndOffset ?? -1) >= least)
        }
        #expect(!again.step { $0.drainNotices() }.contains { $0.text.contains("--accept-data-loss") })
    }
}

@Suite("Accepting a loss")
struct DataLossTests {
    private static let data = "/data/lkc-test/"

    private func restart(_ harness: ClusterHarness, accepting names: Set<String>) throws -> Cluster {
        var configuration = harness.configuration
        configuration.acceptedLosses = names
        return try Cluster(
            configuration: configuration, fileSystem: harness.fileSystem, seed: 9,
            now: Now(wallMs: harness.now, monotonicMs: harness.now))
    }

    @Test("a partition whose directory is gone stays offline until the loss is accepted", arguments: [true, false])
    func directoryGone(cleanly: Bool) throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders", partitions: 2)
        try harness.produce("orders", "a")
        try harness.produce("orders", partition: 1, "b")
        if cleanly {
            try harness.step { try $0.close() }
        }
        try harness.fileSystem.removeTree(Self.data + "orders-1")
        try harness.restart(cleanly: false)
        let lines = harness.step { $0.drainNotices() }.map(\.text)
        #expect(
            lines.contains { $0.contains("orders-1 is offline") && $0.contains("--accept-data-loss lkc-test/orders-1") }
        )
        #expect(!harness.fileSystem.exists(Self.data + "orders-1"))
        #expect(try harness.produceResult("orders", partition: 1, TestBatch()).errorCode.code == .kafkaStorageError)
        #expect(try harness.produce("orders", "c") == 1)
        try harness.step { try $0.close() }
        var cluster = try restart(harness, accepting: ["orders-1", "orders-0", "other-7"])
        let texts = cluster.drainNotices().map(\.text)
        #expect(texts.contains { $0.hasPrefix("partition orders-1: ") && $0.contains("the directory is gone") })
        #expect(texts.contains("--accept-data-loss orders-0: nothing was missing"))
        #expect(texts.contains("--accept-data-loss other-7: there is no such partition"))
        #expect(cluster.topics["orders"]?.partition(1)?.log?.logEndOffset == 0)
        #expect(cluster.topics["orders"]?.partition(1)?.leaderEpoch == (cleanly ? 1 : 2))
    }

    @Test("a cluster whose metadata log is gone does not start beside its partitions until that is accepted")
    func metadataGone() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders")
        try harness.produce("orders", "a")
        try harness.fileSystem.removeTree(Self.data + MetadataLog.directoryName)
        let error = #expect(throws: StorageError.self) { try harness.restart(cleanly: false) }
        #expect(error?.description.contains("--accept-data-loss lkc-test/__cluster_metadata-0") == true)
        #expect(!harness.fileSystem.exists(Self.data + MetadataLog.directoryName))
        #expect(harness.fileSystem.exists(Self.data + "orders-0"))
        #expect(try restart(harness, accepting: [MetadataLog.directoryName]).topics.count == 0)
    }

    @Test("an emptied metadata log refuses the start too, and so does a damaged one until that is accepted")
    func metadataEmptied() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders")
        try harness.createTopic("others")
        let path = Self.data + MetadataLog.directoryName + "/00000000000000000000.log"
        let good = try #require(try harness.fileSystem.contents(of: path))
        try harness.fileSystem.replace(path, with: [], durable: false)
        let error = #expect(throws: StorageError.self) { try harness.restart(cleanly: false) }
        #expect(error?.description.contains("--accept-data-loss lkc-test/__cluster_metadata-0") == true)
        var damaged = good
        damaged[80] ^= 1
        try harness.fileSystem.replace(path, with: damaged, durable: false)
        #expect(throws: StorageError.self) { try harness.restart(cleanly: false) }
        var cluster = try restart(harness, accepting: [MetadataLog.directoryName])
        #expect(cluster.topics.count == 0)
        #expect(cluster.drainNotices().contains { $0.text.contains("__cluster_metadata-0") && $0.level == .error })
    }

    @Test("a metadata log without any batch does not start a cluster beside records", arguments: [true, false])
    func metadataHollow(isFileGone: Bool) throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders")
        try harness.produce("orders", "a")
        let directory = Self.data + MetadataLog.directoryName
        let path = directory + "/00000000000000000000.log"
        let good = try #require(try harness.fileSystem.contents(of: path))
        if isFileGone {
            try harness.fileSystem.removeTree(directory)
            try harness.fileSystem.makeDirectory(directory)
        } else {
            try harness.fileSystem.replace(path, with: [UInt8](repeating: 7, count: good.count), durable: false)
        }
        let error = #expect(throws: StorageError.self) { try harness.restart(cleanly: false) }
        #expect(error?.description.contains("--accept-data-loss lkc-test/__cluster_metadata-0") == true)
        #expect(error?.description.contains("orders-0") == true)
        #expect(harness.fileSystem.exists(Self.data + "orders-0"))
        #expect(throws: StorageError.self) { try harness.restart(cleanly: false) }
        try harness.fileSystem.replace(path, with: good, durable: false)
        try harness.restart(cleanly: false)
        #expect(try harness.log("orders").logEndOffset == 1)
    }

    @Test("a damaged last commit is no torn write where records followed it")
    func metadataEndDamaged() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("others")
        try harness.createTopic("orders")
        try harness.produce("orders", "a")
        let path = Self.data + MetadataLog.directoryName + "/00000000000000000000.log"
        let good = try #require(try harness.fileSystem.contents(of: path))
        var damaged = good
        damaged[damaged.count - 5] ^= 1
        try harness.fileSystem.replace(path, with: damaged, durable: false)
        for _ in 0..<2 {
            let error = #expect(throws: StorageError.self) { try harness.restart(cleanly: false) }
            #expect(error?.description.contains("--accept-data-loss lkc-test/__cluster_metadata-0") == true)
            #expect(try harness.fileSystem.contents(of: path) == damaged)
        }
        try harness.fileSystem.replace(path, with: good, durable: false)
        try harness.restart(cleanly: false)
        #expect(try harness.log("orders").logEndOffset == 1)
        try harness.fileSystem.replace(path, with: damaged, durable: false)
        var cluster = try restart(harness, accepting: [MetadataLog.directoryName])
        #expect(cluster.topics["others"] != nil)
        #expect(cluster.topics["orders"] == nil)
        #expect(cluster.drainNotices().contains { $0.text.contains("-stray and never removed; how to take") })
        let left = try #require(try harness.fileSystem.contents(of: path))
        #expect(left.count < damaged.count || Array(left.prefix(damaged.count)) != damaged)
    }

    @Test("an accepted loss need not be accepted again after a crash")
    func acceptedForGood() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders")
        for value in ["a", "b"] { try harness.produce("orders", value) }
        try harness.step { try $0.close() }
        try harness.fileSystem.removeTree(Self.data + "orders-0")
        var cluster = try restart(harness, accepting: ["orders-0"])
        #expect(cluster.drainNotices().contains { $0.text.contains("the directory is gone") })
        try harness.restart(cleanly: false)
        #expect(try harness.produce("orders", "c") == 0)
    }

    @Test("a mirror that goes on beyond a gap drops what the source dropped, with its open transactions")
    func mirrorOverGap() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders")
        let partition = try harness.partition("orders")
        partition.isReadOnlyMirror = true
        let log = try harness.log("orders")
        var builder = RecordBatchBuilder(
            baseOffset: 0, producerID: 7, producerEpoch: 0, baseSequence: 0, isTransactional: true, leaderEpoch: 0)
        builder.append(key: nil, value: [1], timestamp: harness.now)
        let batch = try builder.build()
        _ = try batch.withUnsafeBytes { try log.appendAsFollower($0, now: harness.now) }
        #expect(log.lastStableOffset == 0)
        let now = harness.now
        try harness.step { try $0.startMirror(partition, at: 50, now: now) }
        #expect((log.logStartOffset, log.logEndOffset, log.lastStableOffset) == (50, 50, 50))
        let notice = harness.step { $0.drainNotices() }.first { $0.text.contains("offsets 0 to 0 are removed") }
        // A source may delete records as often as it likes: nothing is wrong, and the log is not to be filled.
        #expect(notice?.level == .info && notice?.isAboutClient == true)
    }

    @Test("with fsync a mirror that begins anew opens again after a loss of power", arguments: 0..<12 as Range<UInt64>)
    func mirrorBeginsAnew(seed: UInt64) throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(durability: .fsync, fileSystem: disk)
        try harness.createTopic("orders")
        let partition = try harness.partition("orders")
        partition.isReadOnlyMirror = true
        let now = harness.now
        try harness.step { try $0.startMirror(partition, at: 5_000, now: now) }
        // Until both checkpoints speak of it.
        harness.advance(by: 120_000)
        var random = SplitMix64(state: seed)
        let after = try ClusterHarness(durability: .fsync, fileSystem: disk.afterPowerLoss(using: &random))
        #expect(try after.log("orders").logStartOffset == 5_000)
    }

    @Test(
        "records below a log start stay gone when a crash meets a mirror that begins anew",
        arguments: Array(stride(from: 14, to: 30, by: 3)))
    func mirrorBeginsAnewBehindDropped(call: Int) throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders", configs: ["segment.bytes": "1048576"])
        for _ in 0..<4 { try harness.produce("orders", String(repeating: "x", count: 700_000)) }
        let partition = try harness.partition("orders")
        let log = try harness.log("orders")
        partition.isReadOnlyMirror = true
        _ = try log.deleteRecords(before: 4)
        #expect(log.hasDropped)
        try harness.step { try $0.writeLogStarts() }
        var calls = 0
        var left: FaultyFileSystem?
        disk.fault = { _, _ in
            calls += 1
            if calls == call { left = disk.afterProcessDeath() }
            return nil
        }
        let now = harness.now
        try harness.step { try $0.startMirror(partition, at: 5_000, now: now) }
        disk.fault = nil
        let after = try ClusterHarness(fileSystem: left ?? disk.afterProcessDeath())
        #expect(try after.log("orders").logStartOffset >= 4)
    }
}
