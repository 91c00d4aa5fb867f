import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("OffsetFetch")
struct OffsetFetchTests {
    private func committed(_ harness: ClusterHarness) throws -> GroupClient {
        let client = GroupClient(harness)
        try #require(try client.commit("t", 0, offset: 10, metadata: "zero") == .none)
        try #require(try client.commit("t", 2, offset: 12) == .none)
        return client
    }

    private func old(_ partitions: [Int32]?) -> OffsetFetchRequest {
        var request = OffsetFetchRequest()
        request.groupID = "g"
        request.topics = partitions.map { indexes in
            var topic = OffsetFetchRequest.OffsetFetchRequestTopic()
            topic.name = "t"
            topic.partitionIndexes = indexes
            return [topic]
        }
        return request
    }

    private func new(
        _ topics: [OffsetFetchRequest.OffsetFetchRequestTopics]?, group: String = "g"
    ) -> OffsetFetchRequest {
        var item = OffsetFetchRequest.OffsetFetchRequestGroup()
        item.groupID = group
        item.topics = topics
        var request = OffsetFetchRequest()
        request.groups = [item]
        return request
    }

    @Test("partitions are answered in order; what was never committed is -1 without an error", arguments: Int16(1)...7)
    func oldVersions(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        _ = try committed(harness)
        let response = try harness.call(old([2, 1, 0]), version: version)
        let partitions = try #require(response.topics.first).partitions
        #expect(partitions.map(\.partitionIndex) == [2, 1, 0])
        #expect(partitions.map(\.committedOffset) == [12, -1, 10])
        #expect(partitions.map(\.metadata) == ["", "", "zero"])
        #expect(partitions.map(\.errorCode) == [0, 0, 0])
        #expect(partitions.map(\.committedLeaderEpoch) == (version >= 5 ? [3, -1, 3] : [-1, -1, -1]))
    }

    @Test("without topics everything that was committed is listed", arguments: Int16(2)...10)
    func all(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        _ = try committed(harness)
        let response = try harness.call(version >= 8 ? new(nil) : old(nil), version: version)
        if version >= 8 {
            let topic = try #require(response.groups[0].topics.first)
            #expect(topic.partitions.map(\.committedOffset) == [10, 12])
            #expect(version >= 10 ? topic.topicID == harness.cluster.topics["t"]?.id : topic.name == "t")
        } else {
            #expect(response.topics.map(\.name) == ["t"])
            #expect(response.topics[0].partitions.map(\.committedOffset) == [10, 12])
        }
    }

    @Test("version 10 names topics by id")
    func byID() throws {
        let harness = try ClusterHarness.forGroups()
        _ = try committed(harness)
        var known = OffsetFetchRequest.OffsetFetchRequestTopics()
        known.topicID = try #require(harness.cluster.topics["t"]).id
        known.partitionIndexes = [0]
        var unknown = OffsetFetchRequest.OffsetFetchRequestTopics()
        unknown.topicID = KafkaUUID(high: 4, low: 5)
        unknown.partitionIndexes = [0]
        let topics = try harness.call(new([known, unknown]), version: 10).groups[0].topics
        #expect(topics[0].partitions.map(\.committedOffset) == [10])
        #expect(topics[1].topicID == unknown.topicID)
        #expect(topics[1].partitions.map(\.errorCode) == [ErrorCode.unknownTopicID.rawValue])
        #expect(topics[1].partitions.map(\.committedOffset) == [-1])
    }

    @Test("several groups are answered together", arguments: Int16(8)...10)
    func batch(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        _ = try committed(harness)
        var request = new(nil)
        request.groups += new(nil, group: "unknown").groups
        let response = try harness.call(request, version: version)
        #expect(response.groups.map(\.groupID) == ["g", "unknown"])
        #expect(response.groups.map(\.topics.count) == [1, 0])
        #expect(response.groups.map(\.errorCode) == [0, 0])
    }

    @Test("a long request goes in portions, and is answered as if it had not", arguments: [Int16(5), 9])
    func portions(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        _ = try committed(harness)
        let many = Array(0..<Int32(2 * OffsetFetchRequest.portion))
        let names = (0..<2_500).map { "absent-\($0)" }
        var request = old(many)
        var topic = OffsetFetchRequest.OffsetFetchRequestTopics()
        (topic.name, topic.partitionIndexes) = ("t", many)
        var others = names.map { name in
            var topic = OffsetFetchRequest.OffsetFetchRequestTopics()
            (topic.name, topic.partitionIndexes) = (name, [7])
            return topic
        }
        if version >= 8 {
            // The same once more is not answered.
            others.append(topic)
            request = new([topic] + others)
            request.groups += new(nil, group: "unknown").groups
        } else {
            request.topics? += others.map { other in
                var topic = OffsetFetchRequest.OffsetFetchRequestTopic()
                (topic.name, topic.partitionIndexes) = (other.name, other.partitionIndexes)
                return topic
            }
        }
        harness.holdsRecordChecks = true
        let (sent, _) = harness.send(request, version: version, on: harness.connect())
        #expect(try harness.answer(to: sent) == nil)
        harness.finishRecordChecks()
        let answer = try #require(try harness.answer(to: sent))
        var found: [(name: String, partitions: [Int32], offsets: [Int64])] = []
        if version >= 8 {
            #expect(answer.groups.map(\.groupID) == ["g", "unknown"])
            found = answer.groups[0].topics.map {
                ($0.name, $0.partitions.map(\.partitionIndex), $0.partitions.map(\.committedOffset))
            }
        } else {
            found = answer.topics.map {
                ($0.name, $0.partitions.map(\.partitionIndex), $0.partitions.map(\.committedOffset))
            }
        }
        #expect(found.map(\.name) == ["t"] + names)
        #expect(found[0].partitions == many && found[0].offsets == many.map { $0 == 0 ? 10 : $0 == 2 ? 12 : -1 })
        #expect(found.dropFirst().allSatisfy { $0.partitions == [7] && $0.offsets == [-1] })
    }

    @Test("a member epoch that nobody has is no mark of ours: every group is answered once", arguments: Int16(9)...10)
    func strangeEpoch(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        _ = try committed(harness)
        var request = new(nil, group: "unknown")
        request.groups += new(nil).groups
        request.groups += (0..<300).map { new(nil, group: "unknown-\($0)").groups[0] }
        for index in request.groups.indices {
            request.groups[index].memberEpoch = .min
        }
        harness.holdsRecordChecks = true
        let (sent, _) = harness.send(request, version: version, on: harness.connect())
        // Groups that are asked for as a whole may have many offsets each.
        #expect(try harness.answer(to: sent) == nil)
        harness.finishRecordChecks()
        let answer = try #require(try harness.answer(to: sent))
        #expect(answer.groups.map(\.groupID) == request.groups.map(\.groupID))
        #expect(answer.groups[1].topics.map { $0.partitions.map(\.committedOffset) } == [[10, 12]])
    }

    @Test("a broker that does not coordinate the group says so where there is room for it", arguments: Int16(1)...10)
    func wrongBroker(version: Int16) throws {
        let harness = try ClusterHarness.forGroups(brokers: 2)
        let coordinator = try GroupClient(harness, node: 1).commit(offset: 1) == .none ? 1 : 2 as Int32
        let connection = harness.connect(node: 3 - coordinator)
        let response = try harness.call(version >= 8 ? new(nil) : old([1]), version: version, on: connection)
        let code = ErrorCode.notCoordinator.rawValue
        switch version {
        case 8...: #expect(response.groups.map(\.errorCode) == [code])
        case 2...: #expect(response.errorCode == code)
        default: #expect(response.topics[0].partitions.map(\.errorCode) == [code])
        }
    }

    @Test("deleting a topic forgets the offsets of its name")
    func deletedTopic() throws {
        let harness = try ClusterHarness.forGroups()
        let client = try committed(harness)
        var state = DeleteTopicsRequest.DeleteTopicState()
        state.name = "t"
        var request = DeleteTopicsRequest()
        request.topics = [state]
        try #require(try harness.call(request).responses[0].errorCode == 0)
        try harness.createTopic("t", partitions: 3)
        #expect(try client.fetchOffset("t", 0) == -1)
        try harness.restart()
        let again = GroupClient(harness)
        #expect(try again.fetchOffset("t", 2) == -1)
    }
}
