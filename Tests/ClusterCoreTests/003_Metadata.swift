import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Metadata")
struct MetadataTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness(brokers: 2)
        try harness.createTopic("orders", partitions: 3, replicationFactor: 2)
    }

    private func request(_ names: String..., create: Bool = false) -> MetadataRequest {
        var request = MetadataRequest()
        request.topics = names.map { name in
            var topic = MetadataRequest.MetadataRequestTopic()
            topic.name = name
            return topic
        }
        request.allowAutoTopicCreation = create
        return request
    }

    private func request(ids: KafkaUUID...) -> MetadataRequest {
        var request = MetadataRequest()
        request.topics = ids.map { id in
            var topic = MetadataRequest.MetadataRequestTopic()
            topic.topicID = id
            topic.name = nil
            return topic
        }
        request.allowAutoTopicCreation = false
        return request
    }

    @Test(
        "brokers, cluster and topics in every version",
        arguments: versions(MetadataRequest.self, 1, 2, 5, 7, 8, 9, 10, 12))
    func all(version: Int16) throws {
        let response = try harness.call(request("orders"), version: version)
        #expect(response.brokers.map(\.nodeID) == [1, 2])
        #expect(response.brokers.map(\.host) == ["127.0.0.1", "127.0.0.1"])
        #expect(response.brokers.map(\.port) == [9092, 9102])
        #expect(response.clusterID == (version >= 2 ? "lkc-test" : nil))
        #expect(version == 0 || [1, 2].contains(response.controllerID))
        #expect(response.errorCode == 0)
        let topic = try #require(response.topics.first)
        #expect(topic.errorCode == 0)
        #expect(topic.name == "orders")
        #expect(!topic.isInternal)
        #expect((topic.topicID == .zero) == (version < 10))
        #expect(topic.partitions.map(\.partitionIndex) == [0, 1, 2])
        for partition in topic.partitions {
            #expect(partition.errorCode == 0)
            #expect([1, 2].contains(partition.leaderID))
            #expect(partition.leaderEpoch == (version >= 7 ? 0 : -1))
            #expect(partition.replicaNodes.sorted() == [1, 2])
            #expect(partition.isrNodes.sorted() == [1, 2])
            #expect(partition.offlineReplicas.isEmpty)
        }
        #expect(Set(topic.partitions.map(\.leaderID)) == [1, 2])
    }

    @Test("an empty list means all topics in v0 and none later; null means all")
    func emptyAndNull() throws {
        try harness.createTopic("other")
        #expect(try harness.call(request(), version: 0).topics.map(\.name) == ["orders", "other"])
        #expect(try harness.call(request(), version: 1).topics.isEmpty)
        #expect(try harness.call(request(), version: 13).topics.isEmpty)
        var null = MetadataRequest()
        null.topics = nil
        for version in [Int16(1), 8, 13] {
            #expect(try harness.call(null, version: version).topics.map(\.name) == ["orders", "other"])
        }
    }

    @Test("a topic that is named twice is answered once")
    func duplicates() throws {
        let response = try harness.call(request("orders", "absent", "orders", "absent"))
        #expect(response.topics.map(\.name) == ["orders", "absent"])
    }

    @Test("topics are found by id from v12 on")
    func ids() throws {
        let id = try #require(harness.cluster.topics["orders"]?.id)
        let unknown = KafkaUUID(high: 1, low: 2)
        let response = try harness.call(request(ids: id, unknown), version: 12)
        #expect(response.topics.map(\.errorCode.code) == [.none, .unknownTopicID])
        #expect(response.topics.map(\.name) == ["orders", nil])
        #expect(response.topics.map(\.topicID) == [id, unknown])
    }

    @Test("ids in v10 and v11 are an invalid request", arguments: [Int16(10), 11])
    func earlyIDs(version: Int16) throws {
        var early = request("orders")
        early.topics?[0].topicID = KafkaUUID(high: 1, low: 2)
        let response = try harness.call(early, version: version)
        #expect(response.topics.map(\.errorCode.code) == [.invalidRequest])
    }

    @Test(
        "unknown topics are created when client and broker both allow it",
        arguments: versions(MetadataRequest.self, 3, 4))
    func autoCreate(version: Int16) throws {
        let harness = try ClusterHarness(brokerConfigs: ["num.partitions": "4"])
        let refused = try harness.call(request("fresh"), version: version)
        // Before version 4 a client could not refuse.
        #expect(refused.topics.map(\.errorCode.code) == [version >= 4 ? .unknownTopicOrPartition : .none])
        let created = try harness.call(request("new", create: true), version: version)
        #expect(created.topics.map(\.errorCode.code) == [.none])
        #expect(created.topics.first?.partitions.count == 4)
        #expect(harness.cluster.topics["new"]?.partitions.count == 4)
    }

    @Test("auto.create.topics.enable=false creates nothing")
    func noAutoCreate() throws {
        let harness = try ClusterHarness(brokerConfigs: ["auto.create.topics.enable": "false"])
        for version in [Int16(0), 3, 13] {
            let response = try harness.call(request("new", create: true), version: version)
            #expect(response.topics.map(\.errorCode.code) == [.unknownTopicOrPartition])
        }
        #expect(harness.cluster.topics.count == 0)
    }

    @Test("asking for all topics creates none, nor do illegal and reserved names")
    func notCreated() throws {
        for name in ["", ".", "..", "a b", "ä", String(repeating: "x", count: 250)] {
            let response = try harness.call(request(name, create: true))
            #expect(response.topics.map(\.errorCode.code) == [.invalidTopicException], "\(name)")
        }
        for name in ["__consumer_offsets", "__transaction_state", "__cluster_metadata"] {
            let response = try harness.call(request(name, create: true))
            #expect(response.topics.map(\.errorCode.code) == [.unknownTopicOrPartition])
            #expect(response.topics.first?.isInternal == (name != "__cluster_metadata"))
        }
        #expect(harness.cluster.topics.count == 1)
    }

    @Test("internal topics are marked")
    func internalTopics() throws {
        try harness.createInternalTopic("__consumer_offsets")
        #expect(try harness.call(request("__consumer_offsets")).topics.first?.isInternal == true)
    }

    @Test("addresses are those of the listener that was asked")
    func listeners() throws {
        harness.step { cluster in
            cluster.setBrokers([
                Broker(
                    nodeID: 1,
                    endpoints: [
                        .plaintext: Endpoint(host: "plain", port: 1), "INTERNAL": Endpoint(host: "inside", port: 2),
                    ]),
                Broker(nodeID: 2, rack: "r2", endpoints: [.plaintext: Endpoint(host: "plain", port: 3)]),
            ])
            let info = ConnectionInfo(listener: "INTERNAL", nodeID: 1, clientHost: "127.0.0.1")
            cluster.connectionOpened(ConnectionID(rawValue: 900), info)
        }
        let plain = try harness.call(request("orders"))
        #expect(plain.brokers.map(\.port) == [1, 3])
        #expect(plain.brokers.map(\.rack) == [nil, "r2"])
        for version in [Int16(5), 6, 13] {
            let inside = try harness.call(request("orders"), version: version, on: ConnectionID(rawValue: 900))
            #expect(inside.brokers.map(\.host) == ["inside"])
            for partition in try #require(inside.topics.first).partitions {
                let isReachable = partition.leaderID == 1
                let code: ErrorCode = version >= 6 ? .listenerNotFound : .leaderNotAvailable
                #expect(partition.errorCode.code == (isReachable ? .none : code))
                #expect(isReachable || partition.leaderID == -1)
            }
        }
    }

    @Test("authorized operations are told when asked for (KIP-430)")
    func authorizedOperations() throws {
        let silent = try harness.call(request("orders"), version: 9)
        #expect(silent.clusterAuthorizedOperations == .min)
        #expect(silent.topics.first?.topicAuthorizedOperations == .min)
        var asking = request("orders")
        asking.includeClusterAuthorizedOperations = true
        asking.includeTopicAuthorizedOperations = true
        let answer = try harness.call(asking, version: 10)
        // What an unsecured broker of Kafka answers.
        #expect(answer.clusterAuthorizedOperations == 8096)
        #expect(answer.topics.first?.topicAuthorizedOperations == 3576)
        asking.includeClusterAuthorizedOperations = false
        #expect(try harness.call(asking, version: 11).topics.first?.topicAuthorizedOperations == 3576)
    }

    @Test("a change of leader shows with its epoch")
    func leaderChange() throws {
        try harness.elect(2, "orders", partition: 1)
        let partition = try #require(try harness.call(request("orders")).topics.first?.partitions[1])
        #expect(partition.leaderID == 2)
        #expect(partition.leaderEpoch == 1)
        try harness.elect(-1, "orders", partition: 1)
        let orphan = try #require(try harness.call(request("orders")).topics.first?.partitions[1])
        #expect(orphan.leaderID == -1)
        #expect(orphan.errorCode.code == .leaderNotAvailable)
    }
}
