import ClusterCore
import KafkaProtocol
import Testing

@testable import RESTAPI

struct GlanceRoutesTests {
    private static let topics = "/twinlog/v1/clusters/lkc-dest/topics"
    private let cluster = FakeCluster("lkc-dest")
    private var fleet: FakeFleet { FakeFleet(members: [cluster]) }

    private func topic(_ name: String) -> TopicSummary {
        var topic = TopicSummary(
            name: name, id: KafkaUUID(high: 0, low: 1), isInternal: false, replicationFactor: 3,
            cleanupPolicy: "compact", retentionMs: -1)
        topic.partitionCount = 2
        topic.sizeBytes = 300
        topic.recordCount = 7
        let log = LogSummary(startOffset: 3, endOffset: 10, highWatermark: 9, lastStableOffset: 8, sizeBytes: 300)
        topic.partitions = [
            PartitionSummary(index: 0, leader: 1, leaderEpoch: 4, replicas: [1, 2], isr: [1], log: log),
            PartitionSummary(index: 1, leader: -1, leaderEpoch: 0, replicas: [2], isr: []),
        ]
        return topic
    }

    private func mirror(_ lags: [Int64]) -> MirrorStatus {
        MirrorStatus(
            linkName: "l", mirrorTopicName: "m", sourceTopicName: "s", state: .active, errorMessage: "slow",
            stateTimeMs: 0,
            lags: lags.enumerated().map { MirrorLag(partition: Int32($0), lag: $1, lastSourceFetchOffset: 0) })
    }

    @Test("the list tells of each topic what a table shows")
    func list() async throws {
        cluster.state.withLock { $0.summaries = [topic("a")] }
        let reply = try await fleet.send(.get, Self.topics)
        #expect(reply.status == 200)
        #expect(
            reply.data == [
                [
                    "topic_name": "a", "topic_id": "AAAAAAAAAAAAAAAAAAAAAQ", "is_internal": false,
                    "partitions_count": 2, "replication_factor": 3, "size_bytes": 300, "records_count": 7,
                    "cleanup_policy": "compact", "retention_ms": -1, "mirror": nil,
                ]
            ])
    }

    @Test("a mirror's lag is that of all its partitions, and null while nobody knows")
    func mirrors() async throws {
        var known = topic("m")
        known.mirror = mirror([3, -1, 4])
        var unknown = topic("n")
        unknown.mirror = mirror([-1])
        cluster.state.withLock { [known, unknown] in $0.summaries = [known, unknown] }
        let reply = try await fleet.send(.get, Self.topics)
        #expect(
            reply.data.first?["mirror"] == [
                "link_name": "l", "source_topic_name": "s", "state": "ACTIVE", "lag": 7, "error_message": "slow",
            ])
        #expect(reply.data.last?["mirror"]?["lag"] == .null)
    }

    @Test("one topic comes with its partitions; of those that are offline nothing is made up")
    func partitions() async throws {
        cluster.state.withLock { $0.summaries = [topic("a")] }
        let reply = try await fleet.send(.get, Self.topics + "/a")
        let partitions = try #require(reply.json["partitions"]?.array)
        #expect(reply.json["size_bytes"] == 300)
        #expect(
            partitions.first == [
                "partition_id": 0, "leader_id": 1, "leader_epoch": 4, "start_offset": 3, "end_offset": 10,
                "high_watermark": 9, "last_stable_offset": 8, "size_bytes": 300, "is_offline": false,
                "replicas": [1, 2], "isr": [1],
            ])
        #expect(partitions.last?["is_offline"] == true)
        #expect(partitions.last?["end_offset"] == .null)
        #expect(partitions.last?["leader_id"] == -1)
    }

    @Test("a topic that does not exist is 40403, a cluster 404")
    func unknown() async throws {
        let reply = try await fleet.send(.get, Self.topics + "/none")
        #expect(reply.status == 404)
        #expect(reply.errorCode == 40403)
        #expect(try await fleet.send(.get, "/twinlog/v1/clusters/lkc-none/topics").status == 404)
        #expect(try await fleet.send(.get, "/twinlog/v1/clusters/lkc-none/connections").status == 404)
    }

    @Test("connections are listed up to a thousand, and all are counted")
    func connections() async throws {
        let one = ConnectionSummary(
            id: 7, clientID: nil, softwareName: "librdkafka", softwareVersion: "2.1", address: "127.0.0.1:5",
            listener: "PLAINTEXT", principal: "User:ANONYMOUS", connectedMs: 12, requests: 3)
        cluster.state.withLock { $0.connections = Array(repeating: one, count: 1_001) }
        let reply = try await fleet.send(.get, "/twinlog/v1/clusters/lkc-dest/connections")
        #expect(reply.json["count"] == 1_001)
        #expect(reply.data.count == 1_000)
        #expect(
            reply.data.first == [
                "connection_id": 7, "client_id": nil, "client_software_name": "librdkafka",
                "client_software_version": "2.1", "address": "127.0.0.1:5", "listener": "PLAINTEXT",
                "principal": "User:ANONYMOUS", "connected_ms": 12, "requests": 3,
            ])
    }
}
