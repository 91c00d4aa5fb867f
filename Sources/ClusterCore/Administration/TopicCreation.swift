import KafkaProtocol

/// Why an administrative item was refused: the code for the wire, and the sentence for people.
package struct AdminFailure: Error, Sendable, CustomStringConvertible {
    package let code: ErrorCode
    package let message: String?

    package init(_ code: ErrorCode, _ message: String? = nil) {
        self.code = code
        self.message = message
    }

    package var description: String { message ?? "\(code)" }
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

/// Partitions that a topic would get in addition.
struct PlannedGrowth {
    let topic: Topic
    /// Index of the first new partition.
    let first: Int
    /// Node ids of each.
    let assignment: [[Int32]]
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
        if topics[name] != nil || making.newNames.contains(name) {
            throw AdminFailure(.topicAlreadyExists, "Topic '\(name)' already exists.")
        }
        if let problem = TopicName.problem(name) {
            throw AdminFailure(.invalidTopicException, problem)
        }
        if let other = topics.collidingName(name) ?? making.collidingName(name) {
            throw AdminFailure(.invalidTopicException, "Topic '\(name)' collides with existing topic: \(other)")
        }
    }

    /// Plans and creates, in one go however many partitions there are: for callers that cannot wait.
    @discardableResult
    package mutating func createTopic(_ topic: NewTopic, now: Int64) throws(AdminFailure) -> Topic {
        let planned = try plan(topic)
        try makeAtOnce(reserve(planned, changes: planned.records()), now: now)
        guard let created = topics[planned.id] else {
            throw AdminFailure(.unknownServerError)
        }
        return created
    }

    /// Keeps name and room of a planned topic until it is made, or is not.
    ///
    /// - Parameter startOffsets: where its logs begin, see ``PartitionMaking/Wish``.
    mutating func reserve(
        _ planned: PlannedTopic, changes: [MetadataChange], startOffsets: [Int64] = []
    ) -> PartitionMaking.Wish {
        let wish = PartitionMaking.Wish(
            topicName: planned.name, topicID: planned.id, isNew: true, partitions: changes.partitions,
            changes: changes, startOffsets: startOffsets)
        making.reserve(wish, startingAt: 0)
        return wish
    }

    mutating func makeAtOnce(_ wish: PartitionMaking.Wish, now: Int64) throws(AdminFailure) {
        if let failure = makeAtOnce([wish], now: now)[0] {
            throw failure
        }
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
        return try spread(count, factor, startingAt: topics.count + making.newNames.count)
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
        guard topics.partitionCount + making.partitionCount + more <= configuration.limits.partitions else {
            throw AdminFailure(
                .policyViolation, "The cluster is limited to \(configuration.limits.partitions) partitions.")
        }
    }

    /// Checks a wish for more partitions and works out the rest.
    ///
    /// - Parameter assignment: node ids for each new partition; nil lets the cluster choose.
    /// - Returns: node ids of the partitions to be added, and the index of the first.
    func planPartitions(
        of topic: Topic, count: Int, assignment: [[Int32]]? = nil
    ) throws(AdminFailure) -> (first: Int, assignment: [[Int32]]) {
        // With those that are on their way.
        let present = making.futureCount(of: topic)
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
        if let assignment {
            return (present, try check(assignment, replicationFactor: factor))
        }
        return (present, try spread(count - present, factor, startingAt: present))
    }

    /// As ``planPartitions(of:count:assignment:)``, for a topic that a user names.
    func planGrowth(
        _ name: String, to count: Int, assignment: [[Int32]]? = nil
    ) throws(AdminFailure) -> PlannedGrowth {
        // Groups are found by the number of partitions: it must not change under them.
        try InternalTopic.refuseUsers(of: name, to: "enlarge")
        guard let topic = topics[name] else {
            throw AdminFailure(.unknownTopicOrPartition, "The topic '\(name)' does not exist.")
        }
        if topic.mirror?.state.isReadOnly == true {
            throw AdminFailure(
                .invalidRequest, "Cannot change the partition count of mirror topic '\(topic.name)'")
        }
        let (first, added) = try planPartitions(of: topic, count: count, assignment: assignment)
        return PlannedGrowth(topic: topic, first: first, assignment: added)
    }

    /// Keeps room for planned partitions until they are made, or are not.
    /// - Parameter configs: changes of the topic's configs that are to hold with the new partitions, or not at all.
    mutating func reserve(_ growth: PlannedGrowth, with configs: [MetadataChange] = []) -> PartitionMaking.Wish {
        let partitions = PlannedTopic.partitions(
            growth.assignment, startingAt: growth.first, topicID: growth.topic.id, 0)
        return reserve(growth.topic, startingAt: growth.first, changes: configs + partitions)
    }

    /// Keeps room for partitions of a topic until they are made, or are not.
    mutating func reserve(
        _ topic: Topic, startingAt first: Int, changes: [MetadataChange]
    ) -> PartitionMaking.Wish {
        let wish = PartitionMaking.Wish(
            topicName: topic.name, topicID: topic.id, isNew: false, partitions: changes.partitions, changes: changes)
        making.reserve(wish, startingAt: first)
        return wish
    }
}

extension [MetadataChange] {
    fileprivate var partitions: [PartitionRecord] {
        compactMap { if case .partition(let record) = $0 { record } else { nil } }
    }
}
