import KafkaProtocol
import Testing

@testable import ClusterCore

/// A question of a few bytes must not have an answer of megabytes only because it is repeated.
@Suite("Amplification")
struct AmplificationTests {
    @Test(
        "configs of many topics are described in slices, and the answer is what one in one go would be",
        arguments: [Int16(1), 3, 4])
    func describedInSlices(version: Int16) throws {
        let harness = try ClusterHarness()
        let count = DescribeConfigsHandler.resourcesAtOnce * 2 + 3
        var request = DescribeConfigsRequest()
        request.includeSynonyms = true
        request.includeDocumentation = true
        for index in 0..<count {
            if index != 5 {
                try harness.createTopic("t\(index)", configs: index == 7 ? ["retention.ms": "77"] : [:])
            }
            var resource = DescribeConfigsRequest.DescribeConfigsResource()
            resource.resourceType = ConfigResource.Kind.topic.rawValue
            resource.resourceName = "t\(index)"
            request.resources.append(resource)
        }
        let (sent, outcome) = harness.send(request, version: version, on: harness.connect())
        guard case .pending = outcome else {
            Issue.record("\(count) topics were described in one go")
            return
        }
        // What comes in between changes nothing.
        var delete = DeleteTopicsRequest()
        delete.topicNames = ["t9"]
        #expect(try harness.call(delete, version: 5).responses.map(\.errorCode) == [0])
        let answer = try harness.settled(sent)
        #expect(answer.results.map(\.resourceName) == (0..<count).map { "t\($0)" })
        #expect(answer.results.map(\.errorCode.code).filter { $0 != .none } == [.unknownTopicOrPartition])
        #expect(answer.results[7].configs.first { $0.name == "retention.ms" }?.value == "77")
        let reply = try #require(harness.reply(to: sent))
        var stream = try #require(AnswerStream(reply))
        var pieces: [UInt8] = []
        while stream.remaining > 0 {
            var piece = [UInt8](repeating: 0, count: 1_000)
            let filled = piece.withUnsafeMutableBytes { stream.fill($0) }
            pieces += try piece[..<#require(filled)]
        }
        var writer = WireWriter(capacity: 1_000)
        reply.encode(into: &writer)
        #expect(Array(pieces.dropFirst(4)) == writer.copyBytes())
        // As one of them alone.
        request.resources = [request.resources[7]]
        let alone = try harness.call(request, version: version).results[0]
        #expect("\(alone)" == "\(answer.results[7])")
    }

    @Test("what a long answer is made from is counted until the answer has left")
    func countsRequest() throws {
        let harness = try ClusterHarness()
        var request = DescribeConfigsRequest()
        for index in 0..<1_000 {
            var resource = DescribeConfigsRequest.DescribeConfigsResource()
            resource.resourceType = ConfigResource.Kind.topic.rawValue
            resource.resourceName = "absent-\(index)"
            request.resources.append(resource)
        }
        let leaving = harness.connect()
        harness.send(request, version: 4, on: leaving)
        let sent = harness.send(request, version: 4, on: harness.connect()).sent
        #expect(harness.cluster.heldRecordBytes > 2 * 1_000 * 32 && harness.cluster.slicedRequestCount == 2)
        harness.disconnect(leaving)
        #expect(harness.cluster.heldRecordBytes > 1_000 * 32 && harness.cluster.slicedRequestCount == 1)
        _ = try harness.settled(sent)
        #expect(harness.cluster.heldRecordBytes == 0 && harness.cluster.slicedRequestCount == 0)
        let reply = try #require(harness.reply(to: sent))
        let stream = try #require(AnswerStream(reply))
        #expect(stream.heldBytes > 1_000 * 32)
    }

    @Test("a client that leaves while its answer is made leaves nothing behind")
    func leavesDuringSlices() throws {
        let harness = try ClusterHarness()
        var request = DescribeConfigsRequest()
        for index in 0..<100 {
            var resource = DescribeConfigsRequest.DescribeConfigsResource()
            resource.resourceType = ConfigResource.Kind.broker.rawValue
            resource.resourceName = "\(index)"
            request.resources.append(resource)
        }
        let connection = harness.connect()
        let sent = harness.send(request, version: 4, on: connection).sent
        #expect(!harness.cluster.piecewise.isEmpty)
        harness.disconnect(connection)
        #expect(harness.cluster.piecewise.isEmpty)
        harness.advance(by: 10)
        #expect(harness.reply(to: sent) == nil)
    }

    @Test("a resource that DescribeConfigs names many times is described once")
    func describeConfigs() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders")
        var resource = DescribeConfigsRequest.DescribeConfigsResource()
        resource.resourceType = 2
        resource.resourceName = "orders"
        var broker = resource
        broker.resourceType = 4
        broker.resourceName = "1"
        var request = DescribeConfigsRequest()
        request.resources = Array(repeating: resource, count: 5_000) + [broker, broker, resource]
        let results = try harness.call(request).results
        #expect(results.map(\.resourceName) == ["orders", "1"])
        #expect(results.allSatisfy { $0.errorCode == 0 && !$0.configs.isEmpty })
    }

    @Test("a group that DescribeGroups names many times is described once")
    func describeGroups() throws {
        let harness = try ClusterHarness()
        var request = DescribeGroupsRequest()
        request.groups = ["g", "h"] + Array(repeating: "g", count: 5_000)
        #expect(try harness.call(request).groups.map(\.groupID) == ["g", "h"])
    }

    @Test("whatever OffsetFetch names many times is answered once, and everything that it names is answered")
    func offsetFetch() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        for partition in Int32(0)..<3 {
            #expect(try client.commit("t", partition, offset: Int64(partition) + 5) == .none)
        }
        var whole = OffsetFetchRequest.OffsetFetchRequestGroup()
        whole.groupID = "g"
        whole.topics = nil
        var topic = OffsetFetchRequest.OffsetFetchRequestTopics()
        topic.name = "t"
        topic.partitionIndexes = [0, 1] + Array(repeating: 0, count: 1_000)
        var named = whole
        named.topics = [topic, topic]
        topic.partitionIndexes = [1, 2]
        var more = whole
        more.topics = [topic]
        var request = OffsetFetchRequest()
        request.groups = Array(repeating: whole, count: 1_000) + [named, named, more]
        let groups = try harness.call(request, version: 9).groups
        #expect(groups.map { $0.topics.map { $0.partitions.map(\.partitionIndex) } } == [[[0, 1, 2]], [[0, 1]], [[2]]])
        #expect(groups[2].topics[0].partitions[0].committedOffset == 7)
    }
}
