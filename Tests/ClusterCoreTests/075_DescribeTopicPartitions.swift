import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("DescribeTopicPartitions")
struct DescribeTopicPartitionsTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
        for (name, count) in [("a", Int32(2)), ("b", 3), ("c", 1)] {
            try harness.createTopic(name, partitions: count)
        }
    }

    private func request(
        _ names: String..., limit: Int32 = 2_000, cursor: (String, Int32)? = nil
    ) -> DescribeTopicPartitionsRequest {
        var request = DescribeTopicPartitionsRequest()
        request.topics = names.map { name in
            var topic = DescribeTopicPartitionsRequest.TopicRequest()
            topic.name = name
            return topic
        }
        request.responsePartitionLimit = limit
        request.cursor = cursor.map { name, partition in
            var cursor = DescribeTopicPartitionsRequest.Cursor()
            cursor.topicName = name
            cursor.partitionIndex = partition
            return cursor
        }
        return request
    }

    /// "topic:partition,partition" for each topic of an answer.
    private func shape(_ response: DescribeTopicPartitionsResponse) -> [String] {
        response.topics.map { topic in
            "\(topic.name ?? "?"):" + topic.partitions.map { "\($0.partitionIndex)" }.joined(separator: ",")
        }
    }

    @Test("all topics in the order of their names")
    func all() throws {
        let response = try harness.call(request())
        #expect(shape(response) == ["a:0,1", "b:0,1,2", "c:0"])
        #expect(response.nextCursor == nil)
        let topic = try #require(response.topics.first)
        #expect(topic.topicID == harness.cluster.topics["a"]?.id)
        #expect(topic.errorCode == 0)
        #expect(topic.topicAuthorizedOperations == 3576)
        let partition = try #require(topic.partitions.first)
        #expect(partition.leaderID == 1)
        #expect(partition.leaderEpoch == 0)
        #expect(partition.replicaNodes == [1])
        #expect(partition.isrNodes == [1])
        #expect(partition.offlineReplicas.isEmpty)
    }

    @Test("topics asked for come sorted, each once, with errors for those that do not exist")
    func named() throws {
        let response = try harness.call(request("c", "absent", "a b", "a", "c"))
        #expect(shape(response) == ["a:0,1", "a b:", "absent:", "c:0"])
        #expect(
            response.topics.map(\.errorCode.code)
                == [.none, .invalidTopicException, .unknownTopicOrPartition, .none])
    }

    @Test("pages follow each other by cursor, whatever the limit", arguments: Int32(1)...7)
    func pages(limit: Int32) throws {
        var found: [String] = []
        var cursor: (String, Int32)?
        for _ in 0..<10 {
            let response = try harness.call(request(limit: limit, cursor: cursor))
            let page = response.topics.flatMap { topic in
                topic.partitions.map { "\(topic.name ?? "?")\($0.partitionIndex)" }
            }
            #expect(page.count <= limit)
            found += page
            guard let next = response.nextCursor else {
                break
            }
            cursor = (next.topicName, next.partitionIndex)
        }
        #expect(found == ["a0", "a1", "b0", "b1", "b2", "c0"])
    }

    @Test("a full page ends with a cursor to the next topic's start")
    func boundary() throws {
        let response = try harness.call(request("a", "absent", "c", limit: 2))
        #expect(shape(response) == ["a:0,1"])
        #expect(response.nextCursor?.topicName == "absent")
        #expect(response.nextCursor?.partitionIndex == 0)
    }

    @Test("a limit below 1 counts as 1, one above the broker's as the broker's")
    func limits() throws {
        #expect(shape(try harness.call(request(limit: -5))) == ["a:0"])
        let harness = try ClusterHarness(brokerConfigs: ["max.request.partition.size.limit": "2"])
        try harness.createTopic("t", partitions: 5)
        let response = try harness.call(request(limit: 2_000))
        #expect(shape(response) == ["t:0,1"])
        #expect(response.nextCursor?.partitionIndex == 2)
    }

    @Test("a cursor may name a topic that is gone")
    func goneCursor() throws {
        #expect(shape(try harness.call(request(cursor: ("aa", 1)))) == ["b:0,1,2", "c:0"])
    }

    @Test("a cursor at a topic that was not asked for is an invalid request")
    func strangeCursor() throws {
        let response = try harness.call(request("a", "c", cursor: ("b", 0)))
        #expect(response.topics.map(\.name) == ["a", "c"])
        #expect(response.topics.allSatisfy { $0.errorCode.code == .invalidRequest })
        #expect(response.nextCursor == nil)
    }

    @Test("a negative cursor is an invalid request")
    func negativeCursor() throws {
        let response = try harness.call(request("a", cursor: ("a", -1)))
        #expect(response.topics.map(\.errorCode.code) == [.invalidRequest])
    }

    @Test("very many names are put in order, and answered, some at a time; each once")
    func long() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t5")
        let count = 2 * DescribeTopicPartitionsHandler.namesPerSlice + 10
        let names = (0..<count).map { "t\($0)" }
        var request = DescribeTopicPartitionsRequest()
        request.responsePartitionLimit = 100
        // In an order that is neither up nor down.
        request.topics = (names.filter { $0.hasSuffix("7") } + names + names.reversed()).map { name in
            var topic = DescribeTopicPartitionsRequest.TopicRequest()
            topic.name = name
            return topic
        }
        harness.holdsRecordChecks = true
        let (sent, _) = harness.send(request, version: 0, on: harness.connect())
        #expect(try harness.answer(to: sent) == nil)
        #expect(harness.finishRecordChecks() >= 6)
        let answer = try #require(try harness.answer(to: sent))
        #expect(answer.topics.map(\.name) == names.sorted())
        #expect(answer.topics.filter { $0.errorCode == 0 }.map(\.name) == ["t5"])
    }

    @Test("who asks for everything is not told of topics that are gone when their turn comes")
    func deletedMeanwhile() throws {
        let harness = try ClusterHarness()
        let count = DescribeTopicPartitionsHandler.namesPerSlice + 10
        var creation = CreateTopicsRequest()
        creation.timeoutMs = 600_000
        creation.topics = (0..<count).map { index in
            var topic = CreateTopicsRequest.CreatableTopic()
            (topic.name, topic.numPartitions, topic.replicationFactor) = ("t\(index)", 1, 1)
            return topic
        }
        #expect(try harness.call(creation).topics.allSatisfy { $0.errorCode == 0 })
        harness.holdsRecordChecks = true
        var request = DescribeTopicPartitionsRequest()
        request.responsePartitionLimit = 2_000
        let (sent, _) = harness.send(request, version: 0, on: harness.connect())
        #expect(try harness.answer(to: sent) == nil && harness.cluster.heldRecordBytes > count * 16)
        var deletion = DeleteTopicsRequest()
        deletion.topicNames = ["t7"]
        #expect(try harness.call(deletion, version: 5).responses.map(\.errorCode) == [0])
        harness.finishRecordChecks()
        let answer = try #require(try harness.answer(to: sent))
        #expect(answer.topics.allSatisfy { $0.errorCode == 0 } && !answer.topics.contains { $0.name == "t7" })
    }
}
