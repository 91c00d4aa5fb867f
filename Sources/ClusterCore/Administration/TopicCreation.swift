import KafkaProtocol

/// Why an administrative item was refused: the code for the wire, and the sentence for people.
package struct AdminFailure: Error, Sendable {
    package let code: ErrorCode
    package let message: String?

    package init(_ code: ErrorCode, _ message: String? = nil) {
        self.code = code
        self.message = message
    }
}

/// A topic that somebody wants.
package struct NewTopic: Sendable {
    package var name: String
    /// nil takes `num.partitions`.
    package var partitionCount: Int?
    /// nil takes `default.replication.factor`.
    package var replicationFactor: Int?
    /// Node ids for each partition in order; empty lets the cluster choose.
    package var assignment: [[Int32]]
    package var configs: [String: String]

    package init(
        name: String, partitionCount: Int? = nil, replicationFactor: Int? = nil, assignment: [[Int32]] = [],
        configs: [String: String] = [:]
    ) {
        self.name = name
        self.partitionCount = partitionCount
        self.replicationFactor = replicationFactor
        self.assignment = assignment
        self.configs = configs
    }
}

/// A topic as it would be created.
struct PlannedTopic {
    let id: KafkaUUID
    let name: String
    let assignment: [[Int32]]
    let configs: [String: String]
    var replicationFactor: Int { assignment.first?.count ?? 0 }

    /// Configs come before partitions, so that the logs open with them.
    func records(leaderEpoch: Int32 = 0) -> [MetadataChange] {
        var topic = TopicRecord()
        topic.name = name
        topic.topicID = id
        let settings = configs.sorted { $0.key < $1.key }.map { entry in
            MetadataChange.config(ConfigResource.topic(name).record(entry.key, entry.value))
        }
        return [.topic(topic)] + settings + PlannedTopic.partitions(assignment, startingAt: 0, topicID: id, leaderEpoch)
    }

    static func partitions(
        _ assignment: [[Int32]], startingAt first: Int, topicID: KafkaUUID, _ leaderEpoch: Int32
    ) -> [MetadataChange] {
        assignment.enumerated().map { index, replicas in
            var record = PartitionRecord()
            record.partitionID = Int32(first + index)
            record.topicID = topicID
            record.replicas = replicas
            record.isr = replicas
            record.leader = replicas[0]
            record.leaderEpoch = leaderEpoch
            record.partitionEpoch = 0
            return .partition(record)
        }
    }
}

extension Cluster {
    /// Checks a wish as Kafka's controller does and works out the rest.
    mutating func plan(_ topic: NewTopic) throws(AdminFailure) -> PlannedTopic {
        if let problem = TopicName.problem(topic.name) {
            throw AdminFailure(.invalidTopicException, problem)
        }
        if topics[topic.name] != nil {
            throw AdminFailure(.topicAlreadyExists, "Topic '\(topic.name)' already exists.")
        }
        if let other = collidingTopic(topic.name) {
            throw AdminFailure(
                .invalidTopicException, "Topic '\(topic.name)' collides with existing topic: \(other)")
        }
        try configs.validateTopicConfigs(topic.configs)
        let assignment = try topic.assignment.isEmpty ? chooseAssignment(topic) : check(topic.assignment)
        try checkRoom(for: assignment.count)
        return PlannedTopic(
            id: random.nextUUID(), name: topic.name, assignment: assignment, configs: topic.configs)
    }

    /// Plans and creates.
    @discardableResult
    package mutating func createTopic(_ topic: NewTopic, now: Int64) throws(AdminFailure) -> Topic {
        let planned = try plan(topic)
        try create(planned, now: now)
        guard let created = topics[planned.id] else {
            throw AdminFailure(.unknownServerError)
        }
        return created
    }

    mutating func create(_ planned: PlannedTopic, now: Int64) throws(AdminFailure) {
        do throws(ErrorCode) {
            try commit(planned.records(), now: now)
        } catch {
            throw AdminFailure(error, "The topic could not be stored.")
        }
    }

    /// '.' and '_' are the same in metric names, so Kafka refuses names that differ only there.
    private func collidingTopic(_ name: String) -> String? {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") }) else {
            return nil
        }
        let unified = name.map { $0 == "." ? "_" : $0 }
        return topics.all.first { $0.name != name && $0.name.map { $0 == "." ? "_" : $0 } == unified }?.name
    }

    private func chooseAssignment(_ topic: NewTopic) throws(AdminFailure) -> [[Int32]] {
        let count = topic.partitionCount ?? configs.brokerInt("num.partitions")
        let factor = topic.replicationFactor ?? configs.brokerInt("default.replication.factor")
        guard count > 0 else {
            throw AdminFailure(
                .invalidPartitions, "Number of partitions was set to an invalid non-positive value.")
        }
        guard count <= configuration.limits.partitionsPerTopic else {
            throw AdminFailure(
                .invalidPartitions,
                "Number of partitions \(count) is above the limit of \(configuration.limits.partitionsPerTopic).")
        }
        guard factor > 0 else {
            throw AdminFailure(
                .invalidReplicationFactor, "Replication factor must be larger than 0, or -1 to use the default value.")
        }
        return try spread(count, factor, startingAt: topics.count)
    }

    /// Leaders go round the brokers, replicas follow the leader.
    func spread(_ count: Int, _ factor: Int, startingAt start: Int) throws(AdminFailure) -> [[Int32]] {
        let nodes = configuration.brokers.map(\.nodeID)
        guard factor <= nodes.count else {
            throw AdminFailure(
                .invalidReplicationFactor,
                "Unable to replicate the partition \(factor) time(s): The target replication factor of \(factor) "
                    + "cannot be reached because only \(nodes.count) broker(s) are registered.")
        }
        return (0..<count).map { partition in
            (0..<factor).map { nodes[(start + partition + $0) % nodes.count] }
        }
    }

    func check(_ assignment: [[Int32]]) throws(AdminFailure) -> [[Int32]] {
        let known = Set(configuration.brokers.map(\.nodeID))
        for (index, replicas) in assignment.enumerated() {
            if replicas.isEmpty {
                throw AdminFailure(
                    .invalidReplicaAssignment, "The manual partition assignment includes an empty replica list.")
            }
            if Set(replicas).count != replicas.count {
                throw AdminFailure(
                    .invalidReplicaAssignment,
                    "The manual partition assignment of partition \(index) names a broker more than once.")
            }
            if let unknown = replicas.first(where: { !known.contains($0) }) {
                throw AdminFailure(
                    .invalidReplicaAssignment,
                    "The manual partition assignment includes broker \(unknown), but no such broker is registered.")
            }
            if replicas.count != assignment[0].count {
                throw AdminFailure(
                    .invalidReplicaAssignment,
                    "The manual partition assignment mixes replication factors.")
            }
        }
        return assignment
    }

    func checkRoom(for more: Int) throws(AdminFailure) {
        guard topics.partitionCount + more <= configuration.limits.partitions else {
            throw AdminFailure(
                .policyViolation, "The cluster is limited to \(configuration.limits.partitions) partitions.")
        }
    }

    /// Adds partitions up to `count`; used by CreatePartitions and by links.
    package mutating func addPartitions(
        to topic: Topic, count: Int, assignment: [[Int32]] = [], validateOnly: Bool = false, now: Int64
    ) throws(AdminFailure) {
        let present = topic.partitions.count
        guard count > present else {
            let verb = count == present ? "already has" : "currently has"
            throw AdminFailure(
                .invalidPartitions,
                count == present
                    ? "Topic \(verb) \(present) partition(s)."
                    : "The topic \(topic.name) \(verb) \(present) partition(s); \(count) would not be an increase.")
        }
        guard count <= configuration.limits.partitionsPerTopic else {
            throw AdminFailure(
                .invalidPartitions,
                "Number of partitions \(count) is above the limit of \(configuration.limits.partitionsPerTopic).")
        }
        try checkRoom(for: count - present)
        if !assignment.isEmpty, assignment.count != count - present {
            throw AdminFailure(
                .invalidReplicaAssignment,
                "Attempted to add \(count - present) additional partition(s), but only \(assignment.count) "
                    + "assignment(s) were specified.")
        }
        let added =
            assignment.isEmpty
            ? try spread(count - present, max(1, topic.replicationFactor), startingAt: present)
            : try check(assignment)
        guard !validateOnly else {
            return
        }
        do throws(ErrorCode) {
            try commit(PlannedTopic.partitions(added, startingAt: present, topicID: topic.id, 0), now: now)
        } catch {
            throw AdminFailure(error, "The partitions could not be stored.")
        }
    }
}
