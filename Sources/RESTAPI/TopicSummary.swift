import ClusterCore
import KafkaProtocol

/// A topic at a glance: what a list of topics shows of it.
package struct TopicSummary: Sendable {
    package var name: String
    package var id: KafkaUUID
    package var isInternal: Bool
    package var replicationFactor: Int
    package var partitionCount = 0
    /// Bytes of all logs.
    package var sizeBytes: Int64 = 0
    /// Offsets between the starts and the ends of the logs: more than records where a log was compacted or has gaps.
    package var recordCount: Int64 = 0
    package var cleanupPolicy: String
    /// Milliseconds; -1 for ever.
    package var retentionMs: Int64
    /// Whether the topic is or was a mirror; ``mirror`` says how it fares.
    package var isMirror = false
    package var mirror: MirrorStatus?
    /// Only where they were asked for; ordered.
    package var partitions: [PartitionSummary] = []

    package init(
        name: String, id: KafkaUUID, isInternal: Bool, replicationFactor: Int, cleanupPolicy: String,
        retentionMs: Int64
    ) {
        self.name = name
        self.id = id
        self.isInternal = isInternal
        self.replicationFactor = replicationFactor
        self.cleanupPolicy = cleanupPolicy
        self.retentionMs = retentionMs
    }
}

/// A partition at a glance.
package struct PartitionSummary: Sendable {
    package var index: Int32
    /// -1 while no leader is up.
    package var leader: Int32
    package var leaderEpoch: Int32
    package var replicas: [Int32]
    package var isr: [Int32]
    /// nil when the log could not be opened, or has become unusable.
    package var log: LogSummary?

    package init(
        index: Int32, leader: Int32, leaderEpoch: Int32, replicas: [Int32], isr: [Int32], log: LogSummary? = nil
    ) {
        self.index = index
        self.leader = leader
        self.leaderEpoch = leaderEpoch
        self.replicas = replicas
        self.isr = isr
        self.log = log
    }
}

/// Where a partition's log begins and ends, and how large it is.
package struct LogSummary: Sendable {
    package var startOffset: Int64
    package var endOffset: Int64
    package var highWatermark: Int64
    package var lastStableOffset: Int64
    package var sizeBytes: Int64

    package init(
        startOffset: Int64, endOffset: Int64, highWatermark: Int64, lastStableOffset: Int64, sizeBytes: Int64
    ) {
        self.startOffset = startOffset
        self.endOffset = endOffset
        self.highWatermark = highWatermark
        self.lastStableOffset = lastStableOffset
        self.sizeBytes = sizeBytes
    }
}

/// A client's connection to a cluster.
package struct ConnectionSummary: Sendable {
    /// Counts up with each connection of a cluster since the process was started.
    package var id: UInt64
    /// What the client calls itself; nil while it has not sent a request.
    package var clientID: String?
    package var softwareName: String?
    package var softwareVersion: String?
    /// `HOST:PORT`.
    package var address: String
    package var listener: String
    /// Who it acts for (`User:ANONYMOUS`).
    package var principal: String
    /// Milliseconds since the epoch at which it was opened.
    package var connectedMs: Int64
    /// Requests so far.
    package var requests: Int64

    package init(
        id: UInt64, clientID: String?, softwareName: String?, softwareVersion: String?, address: String,
        listener: String, principal: String, connectedMs: Int64, requests: Int64
    ) {
        self.id = id
        self.clientID = clientID
        self.softwareName = softwareName
        self.softwareVersion = softwareVersion
        self.address = address
        self.listener = listener
        self.principal = principal
        self.connectedMs = connectedMs
        self.requests = requests
    }
}
