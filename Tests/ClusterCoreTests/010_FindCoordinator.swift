import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("FindCoordinator")
struct FindCoordinatorTests {
    private func request(_ keys: [String], type: Int8 = 0) -> FindCoordinatorRequest {
        var request = FindCoordinatorRequest()
        request.key = keys[0]
        request.coordinatorKeys = keys
        request.keyType = type
        return request
    }

    @Test("one key at a time", arguments: Int16(0)...3)
    func single(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        let response = try harness.call(request(["g"]), version: version)
        #expect(response.errorCode == 0)
        #expect(response.nodeID == 1)
        #expect(response.host == "127.0.0.1")
        #expect(response.port == 9092)
        #expect(response.errorMessage == (version >= 1 ? "NONE" : nil))
    }

    @Test("many keys at a time", arguments: Int16(4)...6)
    func batch(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        let response = try harness.call(request(["a", "b"]), version: version)
        #expect(response.coordinators.map(\.key) == ["a", "b"])
        #expect(response.coordinators.map(\.port) == [9092, 9092])
        #expect(response.coordinators.map(\.errorCode) == [0, 0])
    }

    @Test("the first question creates the offsets topic: internal, compacted, fifty partitions")
    func createsTopic() throws {
        let harness = try ClusterHarness.forGroups(brokers: 2)
        #expect(harness.cluster.topics["__consumer_offsets"] == nil)
        _ = try harness.call(request(["g"]))
        let topic = try #require(harness.cluster.topics["__consumer_offsets"])
        #expect(topic.isInternal)
        #expect(topic.partitions.count == 50)
        #expect(topic.replicationFactor == 2)
        #expect(harness.cluster.configs.topic("__consumer_offsets", "cleanup.policy") == "compact")
        #expect(harness.cluster.configs.topic("__consumer_offsets", "segment.bytes") == "104857600")
    }

    @Test("the number of partitions and replicas follows the broker's configs")
    func configured() throws {
        let harness = try ClusterHarness.forGroups(
            brokers: 2, configs: ["offsets.topic.num.partitions": "3", "offsets.topic.replication.factor": "1"])
        _ = try harness.call(request(["g"]))
        let topic = try #require(harness.cluster.topics["__consumer_offsets"])
        #expect(topic.partitions.count == 3)
        #expect(topic.replicationFactor == 1)
    }

    @Test("the topic that is there decides which partition has a group, whatever the config says now")
    func configuredAnew() throws {
        let files = MemoryFileSystem()
        func open(_ partitions: Int) throws -> ClusterHarness {
            try ClusterHarness(
                brokers: 3, brokerConfigs: ["offsets.topic.num.partitions": "\(partitions)"], fileSystem: files)
        }
        let groups = (0..<30).map { "group-\($0)" }
        let old = try open(5)
        try old.createTopic("t")
        let coordinators = try old.call(request(groups)).coordinators.map(\.nodeID)
        #expect(Set(coordinators) == [1, 2, 3])
        for (index, group) in groups.enumerated() {
            let client = GroupClient(old, group: group, node: coordinators[index])
            #expect(try client.commit(offset: Int64(index)) == .none)
        }
        for partitions in [2, 50] {
            let new = try open(partitions)
            #expect(try new.call(request(groups)).coordinators.map(\.nodeID) == coordinators)
            #expect(new.cluster.topics["__consumer_offsets"]?.partitions.count == 5)
            for (index, group) in groups.enumerated() {
                let client = GroupClient(new, group: group, node: coordinators[index])
                #expect(try client.fetchOffset() == Int64(index))
                #expect(try client.commit(offset: Int64(index)) == .none)
            }
        }
    }

    @Test("groups are spread over the brokers, and the broker that is named serves the group")
    func spread() throws {
        let harness = try ClusterHarness.forGroups(brokers: 3)
        let groups = (0..<30).map { "group-\($0)" }
        let found = try harness.call(request(groups)).coordinators
        #expect(Set(found.map(\.nodeID)) == [1, 2, 3])
        for coordinator in found {
            #expect(coordinator.port == 9082 + 10 * coordinator.nodeID)
            let client = GroupClient(harness, group: coordinator.key, node: coordinator.nodeID)
            #expect(try client.commit(offset: 1) == .none)
        }
    }

    @Test("transactional ids have a coordinator too")
    func transactions() throws {
        let harness = try ClusterHarness.forGroups(brokers: 2)
        let found = try harness.call(request(["tx-1"], type: 1)).coordinators[0]
        #expect(found.errorCode == 0)
        #expect([1, 2].contains(found.nodeID))
    }

    @Test("share groups and unknown types are invalid", arguments: [2, 3, -1] as [Int8])
    func otherTypes(type: Int8) throws {
        let harness = try ClusterHarness.forGroups()
        let found = try harness.call(request(["k"], type: type)).coordinators[0]
        #expect(found.errorCode == ErrorCode.invalidRequest.rawValue)
        #expect(found.nodeID == -1)
        #expect(found.host.isEmpty)
        #expect(found.port == -1)
        let old = try harness.call(request(["k"], type: type), version: 3)
        #expect(old.errorCode == ErrorCode.invalidRequest.rawValue)
        #expect(old.nodeID == -1)
    }
}
