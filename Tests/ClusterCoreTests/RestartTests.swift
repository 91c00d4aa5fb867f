import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Restart")
struct RestartTests {
    private func delete(_ names: String..., in harness: ClusterHarness) throws {
        var request = DeleteTopicsRequest()
        request.topicNames = names
        let results = try harness.call(request, version: 5).responses
        #expect(results.allSatisfy { $0.errorCode == 0 })
    }

    @Test("topics keep ids, partitions, epochs and records", arguments: [true, false])
    func topics(cleanly: Bool) throws {
        let harness = try ClusterHarness(brokers: 3)
        let id = try harness.createTopic("orders", partitions: 3, replicationFactor: 2)
        try harness.elect(2, "orders", partition: 1)
        let before = harness.cluster.topics["orders"]?.partitions.map { ($0.leader, $0.leaderEpoch, $0.replicas) }
        let rise: Int32 = cleanly ? 0 : 1
        let leader = harness.connect(node: try harness.partition("orders").leader)
        let request = try harness.produceRequest("orders", values: ["a", "b"])
        #expect(try harness.call(request, on: leader).responses.first?.partitionResponses.first?.errorCode == 0)
        try harness.restart(cleanly: cleanly)
        let topic = try #require(harness.cluster.topics["orders"])
        #expect(topic.id == id)
        #expect(harness.cluster.topics[id] === topic)
        #expect(topic.partitions.map(\.leader) == before?.map(\.0))
        #expect(topic.partitions.map(\.leaderEpoch) == before?.map { $0.1 + rise })
        #expect(topic.partitions.map(\.replicas) == before?.map(\.2))
        let data = try harness.fetch(
            harness.fetchRequest("orders"), on: harness.connect(node: topic.partitions[0].leader))
        #expect(try data.records?.values() == ["a", "b"])
    }

    @Test("every acknowledged record is there once and in order after kill -9, over many segments")
    func records() throws {
        let harness = try ClusterHarness()
        try harness.createTopic(
            "orders", configs: ["segment.bytes": "1048576", "max.message.bytes": "1000000"])
        let filler = String(repeating: "x", count: 200_000)
        for index in 0..<20 {
            try harness.produce("orders", "\(index)-" + filler)
            if index % 7 == 6 {
                try harness.restart(cleanly: false)
            }
        }
        #expect(try harness.log("orders").logEndOffset == 20)
        var offset: Int64 = 0
        var found: [String] = []
        while offset < 20 {
            let records = try #require(
                try harness.fetch(harness.fetchRequest("orders", from: offset)).records?.records())
            for record in records where record.offset >= offset {
                let value = String(decoding: record.value ?? [], as: UTF8.self)
                found.append(String(value.prefix { $0 != "-" }))
                #expect(record.offset == Int64(found.count - 1))
            }
            offset = (records.last?.offset ?? offset) + 1
        }
        #expect(found == (0..<20).map(String.init))
    }

    @Test("configs of topics and brokers come back", arguments: [true, false])
    func configs(cleanly: Bool) throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders", configs: ["retention.ms": "1000"])
        try harness.createTopic("plain")
        _ = try harness.alter(2, "orders", .set("segment.ms", "2000"), .delete("retention.ms"))
        _ = try harness.alter(4, "", .set("log.retention.ms", "3000"))
        _ = try harness.alter(4, "1", .set("message.max.bytes", "4000"))
        try harness.restart(cleanly: cleanly)
        let config = try harness.log("orders").config
        #expect(config.segmentMs == 2_000)
        #expect(config.retentionMs == 3_000)
        #expect(config.maxMessageBytes == 4_000)
        // Broker settings were made after the topic was: they hold for its log all the same.
        #expect(try harness.log("plain").config.retentionMs == 3_000)
        #expect(try harness.topicConfig("plain", "retention.ms").configSource == 3)
    }

    @Test("deleted topics stay deleted, also when their name lives on", arguments: [true, false])
    func deleted(cleanly: Bool) throws {
        let harness = try ClusterHarness()
        try harness.createTopic("gone", configs: ["retention.ms": "1"])
        try harness.createTopic("again", partitions: 3, configs: ["retention.ms": "1"])
        try harness.produce("again", partition: 2, "old")
        try delete("gone", "again", in: harness)
        let id = try harness.createTopic("again")
        try harness.produce("again", "new")
        try harness.restart(cleanly: cleanly)
        #expect(harness.cluster.topics["gone"] == nil)
        let topic = try #require(harness.cluster.topics["again"])
        #expect(topic.id == id)
        #expect(topic.partitions.count == 1)
        #expect(harness.cluster.topics.partitionCount == 1)
        #expect(try harness.log("again").config.retentionMs == LogConfig().retentionMs)
        #expect(try harness.fetch(harness.fetchRequest("again")).records?.values() == ["new"])
        let folders = try harness.fileSystem.list("/data/lkc-test").filter(\.isDirectory).map(\.name)
        #expect(!folders.contains { $0.hasPrefix("gone-") || $0 == "again-1" || $0 == "again-2" })
    }

    @Test("files that could not be deleted leave nothing to the next topic of that name", arguments: [true, false])
    func deletionCutShort(restarted: Bool) throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders")
        try harness.produce("orders", "old")
        disk.fault = { operation, path in operation == .remove && path.contains("orders-0") ? .fail(.io) : nil }
        try delete("orders", in: harness)
        let notices = harness.step { $0.drainNotices() }
        #expect(notices.contains { $0.text.contains("orders-0") })
        disk.fault = nil
        if restarted {
            try harness.restart(cleanly: false)
        }
        #expect(harness.cluster.topics["orders"] == nil)
        try harness.createTopic("orders")
        #expect(try harness.log("orders").logEndOffset == 0)
        #expect(try harness.produce("orders", "new") == 0)
        try harness.restart()
        #expect(try harness.fetch(harness.fetchRequest("orders")).records?.values() == ["new"])
    }

    @Test("one log that cannot be opened takes its partition offline, not the cluster")
    func offlinePartition() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders", partitions: 2)
        try harness.produce("orders", "a")
        try harness.produce("orders", partition: 1, "b")
        disk.fault = { _, path in path.contains("orders-1") ? .fail(.io) : nil }
        try harness.restart(cleanly: false)
        let notices = harness.step { $0.drainNotices() }
        #expect(notices.contains { $0.text.contains("orders-1") && $0.level == .error })
        #expect(try harness.produce("orders", "c") == 1)
        let result = try harness.produceResult("orders", partition: 1, TestBatch())
        #expect(result.errorCode.code == .kafkaStorageError)
        let data = try harness.fetch(harness.fetchRequest("orders", partition: 1))
        #expect(data.errorCode.code == .kafkaStorageError)
    }

    @Test("a metadata log that cannot be read keeps the cluster from starting")
    func unreadableMetadata() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders")
        disk.fault = { operation, path in
            operation == .read && path.contains("__cluster_metadata") ? .fail(.io) : nil
        }
        #expect(throws: StorageError.self) { try harness.restart(cleanly: false) }
    }

    @Test("hundreds of topics of one request are all there after a crash")
    func manyTopics() throws {
        let harness = try ClusterHarness()
        var request = CreateTopicsRequest()
        request.topics = (0..<300).map { index in
            var topic = CreateTopicsRequest.CreatableTopic()
            topic.name = "t\(index)"
            topic.numPartitions = 4
            topic.replicationFactor = 1
            return topic
        }
        #expect(try harness.call(request).topics.allSatisfy { $0.errorCode == 0 })
        try harness.restart(cleanly: false)
        #expect(harness.cluster.topics.count == 300)
        #expect(harness.cluster.topics.partitionCount == 1_200)
    }

    @Test("retention runs by the clock, as often as it is told, and what it deleted stays deleted after a restart")
    func retention() throws {
        let harness = try ClusterHarness(brokerConfigs: ["log.retention.check.interval.ms": "1000"])
        try harness.createTopic("orders", configs: ["retention.ms": "60000"])
        _ = try harness.produceResult("orders", TestBatch(values: ["a", "b"], timestamps: [harness.now]))
        harness.advance(by: 59_000)
        #expect(try harness.log("orders").logStartOffset == 0)
        harness.advance(by: 2_000)
        #expect(try harness.log("orders").logStartOffset == 2)
        // The files go in the turns that follow.
        harness.advance(by: 10)
        try harness.restart(cleanly: false)
        #expect(try harness.log("orders").logStartOffset == 2)
        #expect(try harness.produce("orders", "c") == 2)
    }
}

@Suite("Stops that cannot be clean")
struct FailedStopTests {
    @Test("a stop on a full disk brings every record to disk all the same", arguments: [2, 60])
    func fullDisk(topics: Int) throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        let names = (0..<topics).map { "t\($0)" }
        for name in names {
            try harness.createTopic(name)
            #expect(try harness.produce(name, "a", "b") == 0)
        }
        // Nothing new can be written; what was written before can be synced.
        disk.fault = { operation, _ in operation == .write ? .fail(.noSpace) : nil }
        #expect(throws: StorageError.self) { try harness.step { try $0.close() } }
        var dice = SplitMix64(state: 5)
        let after = try ClusterHarness(fileSystem: disk.afterPowerLoss(using: &dice))
        for name in names {
            #expect(try after.log(name).logEndOffset == 2, "\(name)")
        }
    }
}

@Suite("Data directories")
struct DataDirectoryTests {
    @Test("a directory is signed with the cluster's id, in Kafka's form")
    func signed() throws {
        let harness = try ClusterHarness()
        let path = harness.configuration.dataDirectory + "/meta.properties"
        let bytes = try #require(try harness.fileSystem.contents(of: path))
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.contains("cluster.id=lkc-test"))
        #expect(lines.contains("node.id=1"))
        #expect(lines.contains("version=1"))
    }

    @Test("a directory is signed late: at the stop, if nobody waited for the disk, or by the next start")
    func signedLate() throws {
        let configuration = try ClusterHarness().configuration
        let path = configuration.dataDirectory + "/meta.properties"
        let fileSystem = MemoryFileSystem()
        let now = Now(wallMs: 1, monotonicMs: 1)
        func start() throws -> Cluster {
            try Cluster(configuration: configuration, fileSystem: fileSystem, seed: 1, now: now)
        }
        // Killed.
        _ = try start()
        #expect(!fileSystem.exists(path))
        var cluster = try start()
        try cluster.close()
        #expect(try MetaProperties.read(directory: configuration.dataDirectory, from: fileSystem)?.nodeID == 1)
        // A disk that fails keeps nobody from being served, and is told.
        try fileSystem.remove(path)
        cluster = try start()
        _ = cluster.drainNotices()
        for sync in cluster.drainDiskSyncs() {
            cluster.finish(sync, StorageError(.io, "sync", path), now: now)
        }
        #expect(cluster.drainNotices().contains { $0.text.contains("meta.properties is written at the next start") })
        try cluster.close()
        #expect(!fileSystem.exists(path))
    }

    @Test("a cluster refuses another cluster's directory and leaves it alone")
    func foreign() throws {
        let harness = try ClusterHarness()
        var other = harness.configuration
        other.clusterID = "lkc-other"
        let error = #expect(throws: StorageError.self) {
            _ = try Cluster(configuration: other, fileSystem: harness.fileSystem, seed: 1, now: harness.clock)
        }
        #expect(error?.description.contains("belongs to cluster 'lkc-test'") == true)
        try harness.restart()
    }
}
