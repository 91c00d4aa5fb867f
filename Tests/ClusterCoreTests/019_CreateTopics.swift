import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("CreateTopics")
struct CreateTopicsTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness(brokers: 3)
    }

    private func topic(
        _ name: String, partitions: Int32 = 1, replicas: Int16 = 1, assignments: [Int32: [Int32]] = [:],
        configs: [(String, String?)] = []
    ) -> CreateTopicsRequest.CreatableTopic {
        var topic = CreateTopicsRequest.CreatableTopic()
        topic.name = name
        topic.numPartitions = partitions
        topic.replicationFactor = replicas
        topic.assignments = assignments.sorted { $0.key < $1.key }.map { entry in
            var assignment = CreateTopicsRequest.CreatableReplicaAssignment()
            assignment.partitionIndex = entry.key
            assignment.brokerIDs = entry.value
            return assignment
        }
        topic.configs = configs.map { entry in
            var config = CreateTopicsRequest.CreatableTopicConfig()
            config.name = entry.0
            config.value = entry.1
            return config
        }
        return topic
    }

    private func create(
        _ topics: CreateTopicsRequest.CreatableTopic..., validateOnly: Bool = false, version: Int16? = nil
    ) throws -> [CreateTopicsResponse.CreatableTopicResult] {
        var request = CreateTopicsRequest()
        request.topics = topics
        request.validateOnly = validateOnly
        return try harness.call(request, version: version).topics
    }

    /// Expects one topic to be refused with this code and message.
    private func expectRefusal(
        _ topic: CreateTopicsRequest.CreatableTopic, _ code: ErrorCode, _ message: String?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let count = harness.cluster.topics.count
        let result = try #require(try create(topic).first, sourceLocation: sourceLocation)
        #expect(result.errorCode.code == code, sourceLocation: sourceLocation)
        if let message {
            #expect(result.errorMessage == message, sourceLocation: sourceLocation)
        }
        #expect(result.topicID == .zero, sourceLocation: sourceLocation)
        #expect(harness.cluster.topics.count == count, sourceLocation: sourceLocation)
    }

    @Test(
        "clients cannot create what is the cluster's own",
        arguments: ["__consumer_offsets", "__transaction_state", "__share_group_state", "__cluster_metadata"])
    func internalTopics(name: String) throws {
        #expect(try create(topic(name)).first?.errorCode.code == .topicAuthorizationFailed)
        #expect(harness.cluster.topics[name] == nil)
    }

    @Test("a topic is there as asked for", arguments: versions(CreateTopicsRequest.self, 3, 4, 5, 6))
    func created(version: Int16) throws {
        let results = try create(topic("orders", partitions: 4, replicas: 2), version: version)
        let result = try #require(results.first)
        #expect(results.count == 1)
        #expect(result.errorCode == 0)
        #expect(result.errorMessage == nil)
        #expect(result.numPartitions == (version >= 5 ? 4 : -1))
        #expect(result.replicationFactor == (version >= 5 ? 2 : -1))
        let found = try #require(harness.cluster.topics["orders"])
        #expect((result.topicID == found.id) == (version >= 7))
        #expect(found.partitions.map(\.index) == [0, 1, 2, 3])
        for partition in found.partitions {
            #expect(Set(partition.replicas).count == 2)
            #expect(partition.isr == partition.replicas)
            #expect(partition.leader == partition.replicas[0])
            #expect(partition.leaderEpoch == 0)
        }
        #expect(Set(found.partitions.map(\.leader)) == [1, 2, 3])
    }

    @Test("-1 takes num.partitions and default.replication.factor")
    func defaults() throws {
        let harness = try ClusterHarness(
            brokers: 3, brokerConfigs: ["num.partitions": "5", "default.replication.factor": "3"])
        var request = CreateTopicsRequest()
        request.topics = [topic("orders", partitions: -1, replicas: -1)]
        let result = try #require(try harness.call(request).topics.first)
        #expect(result.numPartitions == 5)
        #expect(result.replicationFactor == 3)
    }

    @Test("the answer describes the topic's configs from v5 on")
    func configs() throws {
        let result = try #require(try create(topic("orders", configs: [("retention.ms", "60000")])).first)
        let configs = try #require(result.configs)
        let retention = try #require(configs.first { $0.name == "retention.ms" })
        #expect(retention.value == "60000")
        #expect(retention.configSource == 1)
        #expect(!retention.readOnly)
        let policy = try #require(configs.first { $0.name == "cleanup.policy" })
        #expect(policy.value == "delete")
        #expect(policy.configSource == 5)
        #expect(try harness.log("orders").config.retentionMs == 60_000)
    }

    @Test("validateOnly checks and creates nothing")
    func validateOnly() throws {
        let good = try #require(try create(topic("orders", partitions: 2), validateOnly: true).first)
        #expect(good.errorCode == 0)
        #expect(good.numPartitions == 2)
        let bad = try #require(try create(topic("a b"), validateOnly: true).first)
        #expect(bad.errorCode.code == .invalidTopicException)
        #expect(harness.cluster.topics.count == 0)
    }

    @Test("names that cannot be are refused with Kafka's reason")
    func names() throws {
        let prefix = "Topic name is invalid: "
        try expectRefusal(topic(""), .invalidTopicException, prefix + "the empty string is not allowed")
        try expectRefusal(topic("."), .invalidTopicException, prefix + "'.' is not allowed")
        try expectRefusal(topic(".."), .invalidTopicException, prefix + "'..' is not allowed")
        let long = String(repeating: "x", count: 250)
        try expectRefusal(
            topic(long), .invalidTopicException,
            prefix + "the length of '\(long)' is longer than the max allowed length 249")
        try expectRefusal(
            topic("a b"), .invalidTopicException,
            prefix + "'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'")
        try expectRefusal(topic("../etc"), .invalidTopicException, nil)
        #expect(try create(topic(String(long.dropLast()))).first?.errorCode == 0)
    }

    @Test("a name that is taken, or that differs only in dots and underscores, is refused")
    func collisions() throws {
        _ = try create(topic("a.b"))
        try expectRefusal(topic("a.b"), .topicAlreadyExists, "Topic 'a.b' already exists.")
        try expectRefusal(topic("a_b"), .invalidTopicException, "Topic 'a_b' collides with existing topic: a.b")
        try expectRefusal(topic("a.b", partitions: 0), .topicAlreadyExists, nil)
    }

    @Test("the cluster's own log is not a topic that anybody can create")
    func metadataTopic() throws {
        try expectRefusal(topic("__cluster_metadata"), .topicAuthorizationFailed, nil)
    }

    @Test("the same name twice in a request is refused once")
    func duplicates() throws {
        let results = try create(topic("twice"), topic("fine"), topic("twice"))
        #expect(results.map(\.name).sorted() == ["fine", "twice"])
        let twice = try #require(results.first { $0.name == "twice" })
        #expect(twice.errorCode.code == .invalidRequest)
        #expect(twice.errorMessage == "Duplicate topic name.")
        #expect(results.first { $0.name == "fine" }?.errorCode == 0)
        #expect(harness.cluster.topics["twice"] == nil)
    }

    @Test("partition counts and replication factors that cannot be")
    func counts() throws {
        for count in [Int32(0), -2, .min] {
            try expectRefusal(
                topic("bad", partitions: count), .invalidPartitions,
                "Number of partitions was set to an invalid non-positive value.")
        }
        for factor in [Int16(0), -2, .min] {
            try expectRefusal(
                topic("bad", partitions: 0, replicas: factor), .invalidReplicationFactor,
                "Replication factor must be larger than 0, or -1 to use the default value.")
        }
        try expectRefusal(
            topic("bad", replicas: 4), .invalidReplicationFactor,
            "Unable to replicate the partition 4 time(s): The target replication factor of 4 cannot be reached because "
                + "only 3 broker(s) are registered.")
    }

    @Test("more than 10,000 partitions in one request are too many for all its topics")
    func excessive() throws {
        let results = try create(topic("one", partitions: 10_000), topic("two", partitions: 1))
        #expect(results.map(\.errorCode.code) == [.policyViolation, .policyViolation])
        #expect(results.first?.errorMessage == "Excessively large number of partitions per request.")
        try expectRefusal(topic("huge", partitions: .max), .policyViolation, nil)
    }

    @Test("the cluster's limit of partitions holds")
    func clusterLimit() throws {
        var limits = ClusterLimits()
        limits.partitions = 3
        let harness = try ClusterHarness(limits: limits)
        var request = CreateTopicsRequest()
        request.topics = [topic("one", partitions: 2), topic("two", partitions: 2)]
        #expect(try harness.call(request).topics.map(\.errorCode.code) == [.none, .policyViolation])
    }

    @Test("manual assignments are taken as they are")
    func manual() throws {
        let wish = topic("manual", partitions: -1, replicas: -1, assignments: [0: [3, 1], 1: [2, 3]])
        let result = try #require(try create(wish).first)
        #expect(result.errorCode == 0)
        #expect(result.numPartitions == 2)
        #expect(result.replicationFactor == 2)
        #expect(harness.cluster.topics["manual"]?.partitions.map(\.replicas) == [[3, 1], [2, 3]])
        #expect(harness.cluster.topics["manual"]?.partitions.map(\.leader) == [3, 2])
    }

    @Test("manual assignments that cannot be are refused with Kafka's reason")
    func badAssignments() throws {
        func manual(
            _ assignments: [Int32: [Int32]], partitions: Int32 = -1, replicas: Int16 = -1
        )
            -> CreateTopicsRequest.CreatableTopic
        {
            topic("bad", partitions: partitions, replicas: replicas, assignments: assignments)
        }
        let start = "A manual partition assignment was specified, but "
        try expectRefusal(
            manual([0: [1]], replicas: 1), .invalidRequest, start + "replication factor was not set to -1.")
        try expectRefusal(manual([0: [1]], partitions: 1), .invalidRequest, start + "numPartitions was not set to -1.")
        let includes = "The manual partition assignment includes "
        try expectRefusal(manual([0: []]), .invalidReplicaAssignment, includes + "an empty replica list.")
        try expectRefusal(
            manual([0: [1, 9]]), .invalidReplicaAssignment, includes + "broker 9, but no such broker is registered.")
        try expectRefusal(manual([0: [2, 2]]), .invalidReplicaAssignment, includes + "the broker 2 more than once.")
        try expectRefusal(
            manual([0: [1], 1: [1, 2]]), .invalidReplicaAssignment,
            includes + "a partition with 2 replica(s), but this is not consistent with previous partitions, which have "
                + "1 replica(s).")
        try expectRefusal(
            manual([0: [1], 2: [1]]), .invalidReplicaAssignment,
            "partitions should be a consecutive 0-based integer sequence")
        var twice = manual([0: [1]])
        twice.assignments.append(twice.assignments[0])
        try expectRefusal(
            twice, .invalidReplicaAssignment, "Found multiple manual partition assignments for partition 0")
    }

    @Test("configs that cannot be are INVALID_CONFIG")
    func badConfigs() throws {
        try expectRefusal(
            topic("bad", configs: [("no.such", "1")]), .invalidConfig, "Unknown topic config name: no.such")
        try expectRefusal(
            topic("bad", configs: [("retention.ms", nil), ("segment.ms", nil)]), .invalidConfig,
            "Null value not supported for topic configs: retention.ms,segment.ms")
        let bad: [(String, String)] = [
            ("retention.ms", "soon"), ("retention.ms", "-2"), ("cleanup.policy", "archive"), ("segment.bytes", "1000"),
            ("compression.type", "brotli"), ("min.insync.replicas", "0"), ("max.message.bytes", "99999999999"),
            ("min.cleanable.dirty.ratio", "1.5"), ("preallocate", "maybe"), ("message.timestamp.type", "Now"),
            ("remote.storage.enable", "true"),
        ]
        for (name, value) in bad {
            try expectRefusal(topic("bad", configs: [(name, value)]), .invalidConfig, nil)
        }
        try expectRefusal(
            topic("bad", configs: [("min.compaction.lag.ms", "10"), ("max.compaction.lag.ms", "5")]), .invalidConfig,
            nil)
        // Several faults: the first that Kafka looks at is told.
        try expectRefusal(topic("bad", partitions: 0, configs: [("no.such", "1")]), .invalidConfig, nil)
    }

    @Test("values may have blanks around them")
    func blanks() throws {
        let configs: [(String, String?)] = [("retention.ms", " 1000 "), ("cleanup.policy", "compact , delete")]
        #expect(try create(topic("blank", configs: configs)).first?.errorCode == 0)
        let config = try harness.log("blank").config
        #expect(config.retentionMs == 1_000)
        #expect(config.cleanupPolicy == [.compact, .delete])
    }

    @Test("a topic that cannot be stored is KAFKA_STORAGE_ERROR and does not exist")
    func storage() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        disk.fault = { operation, path in
            operation == .write && path.contains("__cluster_metadata") ? .fail(.noSpace) : nil
        }
        var request = CreateTopicsRequest()
        request.topics = [topic("lost")]
        #expect(try harness.call(request).topics.first?.errorCode.code == .kafkaStorageError)
        #expect(harness.cluster.topics["lost"] == nil)
        disk.fault = nil
        #expect(try harness.call(request).topics.first?.errorCode == 0)
    }
}
