import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("OffsetDelete")
struct OffsetDeleteTests {
    private func delete(
        _ topic: String, _ partitions: [Int32], _ harness: ClusterHarness, group: String = "g"
    ) throws -> (code: ErrorCode, partitions: [ErrorCode]) {
        var entry = OffsetDeleteRequest.OffsetDeleteRequestTopic()
        entry.name = topic
        entry.partitions = partitions.map { index in
            var item = OffsetDeleteRequest.OffsetDeleteRequestPartition()
            item.partitionIndex = index
            return item
        }
        var request = OffsetDeleteRequest()
        request.groupID = group
        request.topics = [entry]
        let response = try harness.call(request)
        let codes = response.topics.first?.partitions.map { ErrorCode(rawValue: $0.errorCode) } ?? []
        return (ErrorCode(rawValue: response.errorCode), codes)
    }

    @Test("offsets of an empty group go; what is not there is no error")
    func emptyGroup() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        #expect(try client.commit("t", 0, offset: 1) == .none)
        #expect(try client.commit("t", 1, offset: 2) == .none)
        #expect(try delete("t", [0, 2], harness) == (.none, [.none, .none]))
        #expect(try client.fetchOffset("t", 0) == -1)
        #expect(try client.fetchOffset("t", 1) == 2)
        try harness.restart()
        #expect(try GroupClient(harness).fetchOffset("t", 0) == -1)
    }

    @Test("topics that members subscribe to are protected, others are not")
    func subscribed() throws {
        let harness = try ClusterHarness.forGroups()
        try harness.createTopic("old")
        let client = GroupClient(harness, topics: ["t"])
        try harness.stabilize([client])
        #expect(try client.commit("t", offset: 1) == .none)
        #expect(try client.commit("old", offset: 2) == .none)
        #expect(try delete("t", [0], harness) == (.none, [.groupSubscribedToTopic]))
        #expect(try delete("old", [0], harness) == (.none, [.none]))
        #expect(try client.fetchOffset("t") == 1)
        #expect(try client.fetchOffset("old") == -1)
    }

    @Test("members of another protocol type protect everything")
    func otherProtocolType() throws {
        let harness = try ClusterHarness.forGroups()
        let worker = GroupClient(harness)
        worker.protocolType = "connect"
        try harness.stabilize([worker])
        #expect(try delete("t", [0], harness) == (.nonEmptyGroup, []))
    }

    @Test("unknown groups and topics are told apart")
    func unknown() throws {
        let harness = try ClusterHarness.forGroups()
        #expect(try delete("t", [0], harness) == (.groupIDNotFound, []))
        #expect(try delete("t", [0], harness, group: "") == (.invalidGroupID, []))
        #expect(try delete("nope", [0], harness) == (.none, [.unknownTopicOrPartition]))
    }
}
