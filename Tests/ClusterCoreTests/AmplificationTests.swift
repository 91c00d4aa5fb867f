import KafkaProtocol
import Testing

@testable import ClusterCore

/// A question of a few bytes must not have an answer of megabytes only because it is repeated.
@Suite("Amplification")
struct AmplificationTests {
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
