import KafkaProtocol
import LogStorage

/// One partition: its log, who leads it and in which epoch.
///
/// A class because it owns open files; only the cluster that made it touches it.
package final class Partition {
    /// Unique within the cluster and never reused: what parked requests wait on.
    package let handle: Int
    package let topicName: String
    package let topicID: KafkaUUID
    package let index: Int32
    /// Node ids of virtual brokers; data is stored once whatever their number.
    package internal(set) var replicas: [Int32]
    package internal(set) var isr: [Int32]
    /// -1 while no leader is up.
    package internal(set) var leader: Int32
    package internal(set) var leaderEpoch: Int32
    package internal(set) var partitionEpoch: Int32
    /// nil when the log could not be opened: clients get KAFKA_STORAGE_ERROR.
    package internal(set) var log: PartitionLog?
    /// Since it was collected last, if ``isBusy``.
    var traffic = Traffic()
    /// Whether there is traffic to be collected.
    var isBusy = false
    /// Whether a flush that `flush.ms` or `flush.messages` asks for is in the timer queue.
    var hasScheduledFlush = false
    /// `min.insync.replicas` of the topic.
    var minInSyncReplicas = 1
    /// Whether only a link may append.
    package internal(set) var isReadOnlyMirror = false

    init(handle: Int, topicName: String, record: PartitionRecord, log: PartitionLog?) {
        self.handle = handle
        self.topicName = topicName
        self.log = log
        topicID = record.topicID
        index = record.partitionID
        replicas = record.replicas
        isr = record.isr
        leader = record.leader
        leaderEpoch = record.leaderEpoch
        partitionEpoch = record.partitionEpoch
    }

    var name: PartitionName { PartitionName(topicID: topicID, index: index) }

    /// Leader epochs never go down.
    func raiseLeaderEpoch(to epoch: Int32) {
        if epoch > leaderEpoch {
            leaderEpoch = epoch
            partitionEpoch = partitionEpoch +| 1
        }
    }

    /// The log, or KAFKA_STORAGE_ERROR when it is offline.
    func usableLog() throws(ErrorCode) -> PartitionLog {
        guard let log, !log.isOffline else {
            throw .kafkaStorageError
        }
        return log
    }

    /// Refuses a client that asks a broker which does not lead, or that knows another epoch (KIP-320). A broker without
    /// a replica knows no epoch to compare with.
    ///
    /// - Parameter currentLeaderEpoch: what the client believes, -1 when it does not say.
    func checkLeader(nodeID: Int32, currentLeaderEpoch: Int32 = -1) throws(ErrorCode) {
        if currentLeaderEpoch != -1, currentLeaderEpoch != leaderEpoch, replicas.contains(nodeID) {
            throw currentLeaderEpoch < leaderEpoch ? .fencedLeaderEpoch : .unknownLeaderEpoch
        }
        guard leader == nodeID else {
            throw .notLeaderOrFollower
        }
    }

    /// Where an epoch ended (KIP-320): the largest epoch up to the given one, and the first offset after it; (-1, -1)
    /// for an epoch that is yet to come. The current epoch counts from its first moment on, before anything was
    /// written in it.
    func endOffset(forLeaderEpoch epoch: Int32, in log: PartitionLog) -> (leaderEpoch: Int32, endOffset: Int64) {
        guard epoch >= 0, epoch <= leaderEpoch else {
            return (-1, -1)
        }
        if epoch < leaderEpoch, epoch <= log.latestLeaderEpoch ?? -1 {
            return log.endOffset(forLeaderEpoch: epoch)
        }
        return (epoch == leaderEpoch ? epoch : log.latestLeaderEpoch ?? epoch, log.logEndOffset)
    }
}

/// A topic and its partitions, index by index.
package final class Topic {
    package let name: String
    package let id: KafkaUUID
    package internal(set) var partitions: [Partition] = []
    /// The link that feeds this topic, if it is a mirror topic (also after its mirroring has stopped).
    package internal(set) var mirror: MirrorTopic?

    init(name: String, id: KafkaUUID) {
        self.name = name
        self.id = id
    }

    package var isInternal: Bool { InternalTopic.isInternal(name) }
    package var replicationFactor: Int { partitions.first?.replicas.count ?? 0 }

    package func partition(_ index: Int32) -> Partition? {
        guard index >= 0, Int(index) < partitions.count else {
            return nil
        }
        return partitions[Int(index)]
    }
}

/// Topics by name and by id.
package struct TopicCatalog {
    private var byName: [String: Topic] = [:]
    private var byID: [KafkaUUID: Topic] = [:]
    /// Names that could be mistaken for another in metric names, by what they look like there.
    private var unified: [String: String] = [:]
    package private(set) var partitionCount = 0
    /// How many topics have been removed.
    private(set) var removals = 0

    package subscript(name: String) -> Topic? { byName[name] }
    package subscript(id: KafkaUUID) -> Topic? { byID[id] }

    package var count: Int { byName.count }

    /// All topics, ordered by name.
    package var sorted: [Topic] {
        byName.values.sorted { $0.name < $1.name }
    }

    /// All topics in no particular order.
    package var all: Dictionary<String, Topic>.Values { byName.values }

    mutating func insert(_ topic: Topic) {
        byName[topic.name] = topic
        byID[topic.id] = topic
        partitionCount += topic.partitions.count
        if TopicName.canCollide(topic.name) {
            unified[TopicName.unified(topic.name)] = topic.name
        }
    }

    /// A topic that cannot be told from one of this name in metric names.
    func collidingName(_ name: String) -> String? {
        let other = unified[TopicName.unified(name)]
        return other == name ? nil : other
    }

    mutating func remove(_ id: KafkaUUID) -> Topic? {
        guard let topic = byID.removeValue(forKey: id) else {
            return nil
        }
        byName[topic.name] = nil
        unified[TopicName.unified(topic.name)] = nil
        partitionCount -= topic.partitions.count
        removals += 1
        return topic
    }

    /// Gives a topic of the catalog more partitions, in the order of their numbers.
    mutating func add(_ partitions: [Partition], to topic: Topic) {
        topic.partitions += partitions
        partitionCount += partitions.count
    }

    /// A partition that a client named, or the error it must be told.
    package func partition(_ name: String, _ index: Int32) throws(ErrorCode) -> Partition {
        guard let partition = byName[name]?.partition(index) else {
            throw .unknownTopicOrPartition
        }
        return partition
    }

    /// A partition that a client named by topic id (KIP-516).
    package func partition(_ id: KafkaUUID, _ index: Int32) throws(ErrorCode) -> Partition {
        guard let topic = byID[id] else {
            throw .unknownTopicID
        }
        guard let partition = topic.partition(index) else {
            throw .unknownTopicOrPartition
        }
        return partition
    }
}

/// Topics that the cluster itself writes.
package enum InternalTopic {
    package static let consumerOffsets = "__consumer_offsets"
    package static let transactionState = "__transaction_state"
    package static let shareGroupState = "__share_group_state"
    /// The cluster's own log. It is no topic for clients, and none may take its name.
    package static let clusterMetadata = "__cluster_metadata"

    package static func isInternal(_ name: String) -> Bool {
        name.utf8.first == UInt8(ascii: "_")
            && (name == consumerOffsets || name == transactionState || name == shareGroupState)
    }
}

extension InternalTopic {
    /// Users neither create nor change nor delete what the cluster writes itself. The code is the one that Kafka's
    /// controller gives for `__cluster_metadata`, and any Kafka whose ACLs protect its internal topics.
    static func refuseUsers(of name: String, to operation: String) throws(AdminFailure) {
        if isInternal(name) || name == clusterMetadata {
            throw AdminFailure(
                .topicAuthorizationFailed, "'\(name)' is an internal topic; clients cannot \(operation) it.")
        }
    }
}

/// What Kafka allows as a topic name.
package enum TopicName {
    package static let maximumLength = 249

    /// '.' and '_' are the same in metric names, so Kafka refuses names that differ only there.
    static func canCollide(_ name: String) -> Bool {
        name.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") }
    }

    static func unified(_ name: String) -> String {
        String(decoding: name.utf8.map { $0 == UInt8(ascii: ".") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
    }

    /// nil when the name is legal, otherwise why it is not.
    package static func problem(_ name: String) -> String? {
        if name.isEmpty {
            return "Topic name is invalid: the empty string is not allowed"
        }
        if name == "." || name == ".." {
            return "Topic name is invalid: '\(name)' is not allowed"
        }
        if name.utf8.count > maximumLength {
            return
                "Topic name is invalid: the length of '\(name)' is longer than the max allowed length \(maximumLength)"
        }
        let legal = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return legal
            ? nil
            : "Topic name is invalid: '\(name)' contains one or more characters other than ASCII alphanumerics, "
                + "'.', '_' and '-'"
    }
}
