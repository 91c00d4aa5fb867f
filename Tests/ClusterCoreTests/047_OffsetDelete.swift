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

    /// More partitions of a topic than one portion has, of some topics.
    private func long(_ names: [String], partitions: Int = OffsetDeleteRequest.portion + 10) -> OffsetDeleteRequest {
        var request = OffsetDeleteRequest()
        request.groupID = "g"
        request.topics = names.map { name in
            var topic = OffsetDeleteRequest.OffsetDeleteRequestTopic()
            topic.name = name
            topic.partitions = (0..<Int32(partitions)).map { index in
                var item = OffsetDeleteRequest.OffsetDeleteRequestPartition()
                item.partitionIndex = index
                return item
            }
            return topic
        }
        return request
    }

    @Test("a long request goes in portions; every partition is answered once")
    func portions() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        #expect(try client.commit("t", 1, offset: 2) == .none)
        harness.holdsRecordChecks = true
        let request = long(["absent", "t"])
        let (sent, _) = harness.send(request, version: 0, on: harness.connect())
        #expect(try harness.answer(to: sent) == nil)
        harness.finishRecordChecks()
        let answer = try #require(try harness.answer(to: sent))
        #expect(answer.errorCode == 0 && answer.topics.map(\.name) == ["absent", "t"])
        let indexes = request.topics[0].partitions.map(\.partitionIndex)
        for (topic, code) in zip(answer.topics, [ErrorCode.unknownTopicOrPartition, .none]) {
            #expect(topic.partitions.map(\.partitionIndex) == indexes)
            #expect(topic.partitions.allSatisfy { $0.errorCode.code == code })
        }
        #expect(try client.fetchOffset("t", 1) == -1)
    }

    @Test("an error of the whole request is told once, in whichever portion it comes")
    func refusedPortions() throws {
        let harness = try ClusterHarness.forGroups()
        // Nobody asks for the group of a topic that is not there.
        let refused = try harness.call(long(["absent", "t"]))
        #expect(refused.errorCode.code == .groupIDNotFound && refused.topics.isEmpty)
        let first = try harness.call(long(["t", "absent"]))
        #expect(first.errorCode.code == .groupIDNotFound && first.topics.isEmpty)
    }

    @Test("what is behind a refusal is not done")
    func nothingBehindRefusal() throws {
        let harness = try ClusterHarness.forGroups()
        harness.holdsRecordChecks = true
        let (sent, _) = harness.send(long(["t", "t"]), version: 0, on: harness.connect())
        #expect(try harness.answer(to: sent)?.errorCode.code == .groupIDNotFound)
        let client = GroupClient(harness)
        #expect(try client.commit("t", 1, offset: 2) == .none)
        harness.finishRecordChecks()
        #expect(try client.fetchOffset("t", 1) == 2)
    }

    @Test("as many partitions as a cluster has, each in a topic of its own, can be named")
    func most() throws {
        let harness = try ClusterHarness.forGroups()
        let request = long((0..<100_000).map { "absent-\($0)" }, partitions: 1)
        let answer = try harness.call(request)
        #expect(answer.errorCode == 0 && answer.topics.count == 100_000)
        #expect(answer.topics.allSatisfy { $0.partitions.map(\.errorCode.code) == [.unknownTopicOrPartition] })
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
