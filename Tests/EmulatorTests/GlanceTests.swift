import ClusterCore
import KafkaProtocol
import LogStorage
import Testing

@testable import Emulator
@testable import RESTAPI

/// What pages show of a running cluster.
@Suite("A cluster at a glance", .timeLimit(.minutes(2)))
struct GlanceTests {
    private func withCluster(_ body: (any ClusterBackend) async throws -> Void) async throws {
        let options: [ServeOption: String] = [.ports: "auto", .ephemeral: "true", .logLevel: "critical"]
        let fleet = Fleet(try ServeConfigurationTests.resolve(options))
        try await fleet.start()
        do {
            try await body(try #require(await fleet.clusters.first))
        } catch {
            _ = await fleet.stop()
            throw error
        }
        #expect(await fleet.stop() == [])
    }

    private func create(_ name: String, _ partitions: Int32, on cluster: any ClusterBackend) async throws {
        var topic = CreateTopicsRequest.CreatableTopic()
        topic.name = name
        topic.numPartitions = partitions
        topic.replicationFactor = -1
        _ = try await cluster.createTopic(topic, validateOnly: false)
    }

    private func produce(_ values: [String], to topic: String, on cluster: any ClusterBackend) async throws {
        var builder = RecordBatchBuilder()
        for value in values {
            builder.append(key: nil, value: Array(value.utf8), timestamp: 1)
        }
        var data = ProduceRequest.PartitionProduceData()
        data.index = 1
        data.records = .owned(try builder.build())
        var item = ProduceRequest.TopicProduceData()
        item.name = topic
        item.topicID = try await cluster.topicSummaries([topic], partitions: false)[0].id
        item.partitionData = [data]
        var request = ProduceRequest()
        request.acks = -1
        request.timeoutMs = 1_000
        request.topicData = [item]
        let answer = try await cluster.call(request)
        #expect(answer.responses.first?.partitionResponses.first?.errorCode == 0)
    }

    @Test("topics come by name with what they hold, those with more partitions than one look takes as a whole")
    func topics() async throws {
        try await withCluster { cluster in
            try await create("wide", 1_234, on: cluster)
            try await create("b", 3, on: cluster)
            try await create("a", 1, on: cluster)
            try await produce(["x", "y"], to: "wide", on: cluster)
            let topics = try await cluster.topicSummaries(nil, partitions: false)
            #expect(topics.map(\.name) == ["a", "b", "wide"])
            #expect(topics.map(\.partitionCount) == [1, 3, 1_234])
            #expect(topics.map(\.recordCount) == [0, 0, 2])
            #expect(topics[2].sizeBytes > 60)
            #expect(topics.allSatisfy { $0.partitions.isEmpty && $0.mirror == nil && !$0.isInternal })
            #expect(topics[0].cleanupPolicy == "delete")
            #expect(topics[0].retentionMs == 604_800_000)
        }
    }

    @Test("a topic's partitions are all there, in order, with their own numbers")
    func partitions() async throws {
        try await withCluster { cluster in
            try await create("wide", 1_234, on: cluster)
            try await produce(["x", "y", "z"], to: "wide", on: cluster)
            let topics = try await cluster.topicSummaries(["none", "wide"], partitions: true)
            #expect(topics.count == 1)
            #expect(topics[0].partitions.map(\.index) == Array(0..<1_234))
            let log = try #require(topics[0].partitions[1].log)
            #expect((log.startOffset, log.endOffset, log.highWatermark, log.lastStableOffset) == (0, 3, 3, 3))
            #expect(log.sizeBytes == topics[0].sizeBytes)
            #expect(topics[0].partitions[2].log?.endOffset == 0)
            #expect(topics[0].partitions.allSatisfy { $0.leader == 1 && $0.replicas == [1] && $0.isr == [1] })
        }
    }
}
