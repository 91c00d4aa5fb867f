import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("CreatePartitions")
struct CreatePartitionsTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness(brokers: 3)
        try harness.createTopic("orders", partitions: 2, replicationFactor: 2)
    }

    private func wish(
        _ name: String, _ count: Int32, _ assignments: [[Int32]]? = nil
    ) -> CreatePartitionsRequest.CreatePartitionsTopic {
        var topic = CreatePartitionsRequest.CreatePartitionsTopic()
        topic.name = name
        topic.count = count
        topic.assignments = assignments.map { lists in
            lists.map { brokers in
                var assignment = CreatePartitionsRequest.CreatePartitionsAssignment()
                assignment.brokerIDs = brokers
                return assignment
            }
        }
        return topic
    }

    private func create(
        _ topics: CreatePartitionsRequest.CreatePartitionsTopic..., validateOnly: Bool = false, version: Int16? = nil
    ) throws -> [CreatePartitionsResponse.CreatePartitionsTopicResult] {
        var request = CreatePartitionsRequest()
        request.topics = topics
        request.validateOnly = validateOnly
        return try harness.call(request, version: version).results
    }

    @Test("internal topics keep their partitions")
    func internalTopic() throws {
        try harness.createInternalTopic("__consumer_offsets")
        #expect(try create(wish("__consumer_offsets", 60)).first?.errorCode.code == .topicAuthorizationFailed)
    }

    private func expectRefusal(
        _ topic: CreatePartitionsRequest.CreatePartitionsTopic, _ code: ErrorCode, _ message: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let result = try #require(try create(topic).first)
        #expect(result.errorCode.code == code, sourceLocation: sourceLocation)
        if let message {
            #expect(result.errorMessage == message, sourceLocation: sourceLocation)
        }
        #expect(harness.cluster.topics["orders"]?.partitions.count == 2, sourceLocation: sourceLocation)
    }

    @Test("partitions are added and can be written at once", arguments: versions(CreatePartitionsRequest.self, 1, 2))
    func added(version: Int16) throws {
        try harness.produce("orders", "old")
        let result = try #require(try create(wish("orders", 5), version: version).first)
        #expect(result.errorCode == 0)
        #expect(result.name == "orders")
        let topic = try #require(harness.cluster.topics["orders"])
        #expect(topic.partitions.map(\.index) == [0, 1, 2, 3, 4])
        for partition in topic.partitions.dropFirst(2) {
            #expect(Set(partition.replicas).count == 2)
            #expect(partition.leader == partition.replicas[0])
        }
        let connection = harness.connect(node: topic.partitions[4].leader)
        let request = harness.produceRequest("orders", partition: 4, batch: try TestBatch().bytes())
        #expect(try harness.call(request, on: connection).responses.first?.partitionResponses.first?.baseOffset == 0)
    }

    @Test("manual assignments are taken as they are")
    func manual() throws {
        #expect(try create(wish("orders", 4, [[3, 1], [1, 2]])).first?.errorCode == 0)
        #expect(harness.cluster.topics["orders"]?.partitions.suffix(2).map(\.replicas) == [[3, 1], [1, 2]])
    }

    @Test("validateOnly adds nothing")
    func validateOnly() throws {
        #expect(try create(wish("orders", 3), validateOnly: true).first?.errorCode == 0)
        #expect(harness.cluster.topics["orders"]?.partitions.count == 2)
    }

    @Test("counts that are no increase are refused with Kafka's reason")
    func counts() throws {
        try expectRefusal(wish("orders", 2), .invalidPartitions, "Topic already has 2 partition(s).")
        for count in [Int32(1), 0, -1] {
            try expectRefusal(
                wish("orders", count), .invalidPartitions,
                "The topic orders currently has 2 partition(s); \(count) would not be an increase.")
        }
        try expectRefusal(wish("orders", .max), .policyViolation)
    }

    @Test("assignments that do not fit are refused with Kafka's reason")
    func assignments() throws {
        try expectRefusal(
            wish("orders", 4, [[1, 2]]), .invalidReplicaAssignment,
            "Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.")
        try expectRefusal(
            wish("orders", 3, []), .invalidReplicaAssignment,
            "Attempted to add 1 additional partition(s), but only 0 assignment(s) were specified.")
        try expectRefusal(
            wish("orders", 3, [[1]]), .invalidReplicaAssignment,
            "The manual partition assignment includes a partition with 1 replica(s), but this is not consistent with "
                + "previous partitions, which have 2 replica(s).")
        try expectRefusal(wish("orders", 3, [[1, 8]]), .invalidReplicaAssignment)
        try expectRefusal(wish("orders", 3, [[1, 1]]), .invalidReplicaAssignment)
        try expectRefusal(wish("orders", 3, [[]]), .invalidReplicaAssignment)
    }

    @Test("unknown topics, and names given twice, are refused")
    func names() throws {
        try expectRefusal(wish("absent", 3), .unknownTopicOrPartition)
        let twice = try create(wish("orders", 3), wish("orders", 4))
        #expect(twice.map(\.errorCode.code) == [.invalidRequest])
        #expect(twice.first?.errorMessage == "Duplicate topic name.")
        #expect(harness.cluster.topics["orders"]?.partitions.count == 2)
    }

    @Test("added partitions are there after a restart", arguments: [true, false])
    func restart(cleanly: Bool) throws {
        _ = try create(wish("orders", 3, [[2, 3]]))
        try harness.restart(cleanly: cleanly)
        #expect(harness.cluster.topics["orders"]?.partitions.map(\.index) == [0, 1, 2])
        #expect(try harness.partition("orders", 2).replicas == [2, 3])
    }
}
