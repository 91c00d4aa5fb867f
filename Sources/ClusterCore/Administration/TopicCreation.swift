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
        try checkNewName(topic.name)
        try configs.validateTopicConfigs(topic.configs)
        let assignment = try topic.assignment.isEmpty ? chooseAssignment(topic) : check(topic.assignment)
        try checkRoom(for: assignment.count)
        return PlannedTopic(
            id: random.nextUUID(), name: topic.name, assignment: assignment, configs: topic.configs)
    }

    /// Whether a new topic may have that name.
    func checkNewName(_ name: String) throws(AdminFailure) {
        if name == InternalTopic.clusterMetadata {
            throw AdminFailure(.topicAuthorizationFailed)
        }
        if topics[name] != nil {
            throw AdminFailure(.topicAlreadyExists, "Topic '\(name)' already exists.")
        }
        if let problem = TopicName.problem(name) {
            throw AdminFailure(.invalidTopicException, problem)
        }
        if let other = collidingTopic(name) {
            throw AdminFailure(.invalidTopicException, "Topic '\(name)' collides with existing topic: \(other)")
        }
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
        return topics.all.map(\.name).filter { $0 != name && $0.map { $0 == "." ? "_" : $0 } == unified }.min()
    }

    private func chooseAssignment(_ topic: NewTopic) throws(AdminFailure) -> [[Int32]] {
        let count = topic.partitionCount ?? configs.brokerInt("num.partitions")
        let factor = topic.replicationFactor ?? configs.brokerInt("default.replication.factor")
        guard factor > 0 else {
            throw AdminFailure(
                .invalidReplicationFactor, "Replication factor must be larger than 0, or -1 to use the default value.")
        }
        guard count > 0 else {
            throw AdminFailure(
                .invalidPartitions, "Number of partitions was set to an invalid non-positive value.")
        }
        try checkRequested(count)
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

    /// - Parameter replicationFactor: what every partition must have; nil takes the first one's.
    func check(
        _ assignment: [[Int32]], replicationFactor: Int? = nil
    ) throws(AdminFailure) -> [[Int32]] {
        let known = Set(configuration.brokers.map(\.nodeID))
        var factor = replicationFactor
        for replicas in assignment {
            if let problem = problem(replicas, known: known, factor: factor) {
                throw AdminFailure(.invalidReplicaAssignment, problem)
            }
            factor = replicas.count
        }
        try checkRequested(assignment.count)
        return assignment
    }

    private func problem(_ replicas: [Int32], known: Set<Int32>, factor: Int?) -> String? {
        if replicas.isEmpty {
            return "The manual partition assignment includes an empty replica list."
        }
        var seen: Set<Int32> = []
        for broker in replicas.sorted() {
            if !known.contains(broker) {
                return "The manual partition assignment includes broker \(broker), but no such broker is registered."
            }
            if !seen.insert(broker).inserted {
                return "The manual partition assignment includes the broker \(broker) more than once."
            }
        }
        guard let factor, factor != replicas.count else {
            return nil
        }
        return
            "The manual partition assignment includes a partition with \(replicas.count) replica(s), but this is not "
            + "consistent with previous partitions, which have \(factor) replica(s)."
    }

    /// Kafka's controller takes no more partitions in one request.
    func checkRequested(_ count: Int) throws(AdminFailure) {
        guard count <= configuration.limits.partitionsPerTopic else {
            throw AdminFailure(.policyViolation, "Excessively large number of partitions per request.")
        }
    }

    func checkRoom(for more: Int) throws(AdminFailure) {
        guard topics.partitionCount + more <= configuration.limits.partitions else {
            throw AdminFailure(
                .policyViolation, "The cluster is limited to \(configuration.limits.partitions) partitions.")
        }
    }

    /// Adds partitions up to `count`; used by CreatePartitions and by links.
    ///
    /// - Parameter assignment: node ids for each new partition; nil lets the cluster choose.
    package mutating func addPartitions(
        to topic: Topic, count: Int, assignment: [[Int32]]? = nil, validateOnly: Bool = false, now: Int64
    ) throws(AdminFailure) {
        let present = topic.partitions.count
        guard count != present else {
            throw AdminFailure(.invalidPartitions, "Topic already has \(present) partition(s).")
        }
        guard count > present else {
            throw AdminFailure(
                .invalidPartitions,
                "The topic \(topic.name) currently has \(present) partition(s); \(count) would not be an increase.")
        }
        if let assignment, assignment.count != count - present {
            throw AdminFailure(
                .invalidReplicaAssignment,
                "Attempted to add \(count - present) additional partition(s), but only \(assignment.count) "
                    + "assignment(s) were specified.")
        }
        try checkRequested(count - present)
        try checkRoom(for: count - present)
        let factor = max(1, topic.replicationFactor)
        let added: [[Int32]]
        if let assignment {
            added = try check(assignment, replicationFactor: factor)
        } else {
            added = try spread(count - present, factor, startingAt: present)
        }
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
