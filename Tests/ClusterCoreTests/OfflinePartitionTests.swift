import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Offline partitions")
struct OfflinePartitionTests {
    @Test(
        "a partition that could not be opened comes back by itself, with a line",
        arguments: [StorageError.Kind.noSpace, .tooManyOpenFiles, .io])
    func comesBack(kind: StorageError.Kind) throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders", partitions: 30)
        try harness.produce("orders", partition: 3, "a")
        disk.fault = { _, path in path.contains("/orders-") ? .fail(kind) : nil }
        try harness.restart(cleanly: false)
        let refused = try harness.produceResult("orders", partition: 3, TestBatch())
        #expect(refused.errorCode.code == .kafkaStorageError)
        harness.advance(by: 10_000)
        #expect(harness.step { $0.drainNotices() }.filter { $0.text.contains("is offline") }.count == 30)
        disk.fault = nil
        harness.advance(by: 40_000)
        #expect(try harness.produce("orders", partition: 3, "b") == 1)
        #expect(harness.cluster.topics["orders"]?.partitions.allSatisfy { $0.log != nil } == true)
        #expect(harness.step { $0.drainNotices() }.filter { $0.text.contains("online again") }.count == 30)
        #expect(harness.cluster.offline.entries.isEmpty)
    }

    @Test("what a partition lost while nobody could open it is told by a new epoch", arguments: [true, false])
    func losses(isMetadataWritable: Bool) throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders", partitions: 2)
        for value in ["a", "b", "c"] { try harness.produce("orders", value) }
        try harness.step { try $0.close() }
        let path = "/data/lkc-test/orders-0/00000000000000000000.log"
        let bytes = try #require(try disk.contents(of: path))
        try disk.replace(path, with: bytes.dropLast(), durable: false)
        disk.fault = { _, path in path.contains("/orders-0/") ? .fail(.noSpace) : nil }
        try harness.restart(cleanly: false)
        #expect(harness.cluster.startedClean)
        let before = try harness.partition("orders").leaderEpoch
        if !isMetadataWritable {
            disk.fault = { operation, path in
                operation == .write && path.contains(MetadataLog.directoryName) ? .fail(.noSpace) : nil
            }
            harness.advance(by: 60_000)
            #expect(try harness.partition("orders").log == nil)
        }
        disk.fault = nil
        harness.advance(by: 60_000)
        #expect(try harness.partition("orders").leaderEpoch == before + 1)
        #expect(try harness.partition("orders", 1).leaderEpoch == before)
        #expect(try harness.produce("orders", "d") == 2)
        #expect(try harness.log("orders").endOffset(forLeaderEpoch: before) == (before, 2))
        try harness.restart(cleanly: true)
        #expect(try harness.partition("orders").leaderEpoch == before + 1)
    }

    @Test("a mirror that stopped while a partition was offline takes this cluster's producers there too")
    func stoppedMirror() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders")
        let topic = try #require(harness.cluster.topics["orders"])
        var mirror = MirrorTopicRecord()
        mirror.topicID = topic.id
        mirror.sourceTopicName = "orders"
        try harness.step { try $0.commit([.mirrorTopic(mirror)], now: harness.now) }
        var batch = TestBatch()
        (batch.producerID, batch.epoch, batch.sequence) = (5, 0, 0)
        let log = try harness.log("orders")
        batch.timestamps = [harness.now]
        _ = try batch.bytes().withUnsafeBytes { try log.appendAsFollower($0, now: harness.now) }
        #expect(log.activeProducers.count == 1)
        disk.fault = { _, path in path.contains("/orders-0/") ? .fail(.noSpace) : nil }
        try harness.restart(cleanly: false)
        let stopped = try #require(harness.cluster.topics["orders"])
        try harness.step { try $0.setMirrorState(stopped, .stopped, now: harness.now) }
        #expect(stopped.mirror?.producerEnds == [.max])
        disk.fault = nil
        harness.advance(by: 60_000)
        #expect(stopped.mirror?.producerEnds == [1])
        #expect(try harness.log("orders").activeProducers.isEmpty)
        // The same id and sequence as the source's producer: another producer's first record.
        #expect(try harness.produceResult("orders", batch).baseOffset == 1)
        try harness.restart(cleanly: false)
        #expect(try harness.log("orders").logEndOffset == 2)
        #expect(try harness.log("orders").activeProducers.count == 1)
        #expect(harness.cluster.topics["orders"]?.mirror?.producerEnds == [1])
    }

    @Test("groups come back with the partition that stores them")
    func groups() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("t")
        #expect(try GroupClient(harness).commit(offset: 5) == .none)
        disk.fault = { _, path in path.contains("/__consumer_offsets-") ? .fail(.noSpace) : nil }
        try harness.restart(cleanly: false)
        #expect(try GroupClient(harness).commit(offset: 6) != .none)
        disk.fault = nil
        harness.advance(by: 60_000)
        #expect(try GroupClient(harness).fetchOffset() == 5)
        #expect(try GroupClient(harness).commit(offset: 7) == .none)
    }

    @Test("that the offsets topic cannot be made is logged once, then ever more rarely, whoever asks")
    func offsetsTopic() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("t")
        disk.fault = { _, path in path.contains("/__consumer_offsets-") ? .fail(.noSpace) : nil }
        var lines = 0
        for _ in 0..<200 {
            #expect(try GroupClient(harness).commit(offset: 6) != .none)
            harness.advance(by: 1_000)
            lines += harness.step { $0.drainNotices() }.count { $0.text.contains("__consumer_offsets was not created") }
        }
        // At 0, 60 and 180 s.
        #expect(lines == 3)
        disk.fault = nil
        #expect(try GroupClient(harness).commit(offset: 6) == .none)
    }
}
