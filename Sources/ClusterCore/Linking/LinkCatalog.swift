import KafkaProtocol

/// What a mirror topic is doing, as REST and the CLI name it.
package enum MirrorState: Int8, Sendable, CaseIterable, CustomStringConvertible {
    case active = 0
    case paused = 1
    case failed = 2
    case linkPaused = 3
    case linkFailed = 4
    case sourceUnavailable = 5
    case pendingStopped = 6
    case stopped = 7
    case pendingMirror = 8
    case pendingSynchronize = 9
    case pendingSetupForRestore = 10
    case pendingRestore = 11

    /// Only a stopped mirror takes records from producers.
    package var isReadOnly: Bool { self != .stopped }

    /// As Confluent's Cluster Linking names it, for instance in `mirror_status`.
    package var description: String {
        switch self {
        case .active: "ACTIVE"
        case .paused: "PAUSED"
        case .failed: "FAILED"
        case .linkPaused: "LINK_PAUSED"
        case .linkFailed: "LINK_FAILED"
        case .sourceUnavailable: "SOURCE_UNAVAILABLE"
        case .pendingStopped: "PENDING_STOPPED"
        case .stopped: "STOPPED"
        case .pendingMirror: "PENDING_MIRROR"
        case .pendingSynchronize: "PENDING_SYNCHRONIZE"
        case .pendingSetupForRestore: "PENDING_SETUP_FOR_RESTORE"
        case .pendingRestore: "PENDING_RESTORE"
        }
    }
}

/// Why a mirror topic failed.
package enum MirrorError: Int8, Sendable, CaseIterable, CustomStringConvertible {
    case noError = 0
    case sourceTopicMayBeDeleted = 1
    case sourceTopicIDChanged = 2
    case sourcePartitionsDecreased = 3
    case nonMonotonicLogAppendEpoch = 4
    case unexpectedTruncation = 5
    case unsupportedMessageFormat = 6
    case nonMonotonicSourceEpoch = 7
    case illegalState = 8

    /// As Confluent's Cluster Linking names it, for instance in `mirror_topic_error`.
    package var description: String {
        switch self {
        case .noError: "NO_ERROR"
        case .sourceTopicMayBeDeleted: "SOURCE_TOPIC_MAY_BE_DELETED"
        case .sourceTopicIDChanged: "SOURCE_TOPIC_ID_CHANGED"
        case .sourcePartitionsDecreased: "SOURCE_PARTITIONS_DECREASED"
        case .nonMonotonicLogAppendEpoch: "NON_MONOTONIC_LOG_APPEND_EPOCH"
        case .unexpectedTruncation: "UNEXPECTED_TRUNCATION"
        case .unsupportedMessageFormat: "UNSUPPORTED_MESSAGE_FORMAT"
        case .nonMonotonicSourceEpoch: "NON_MONOTONIC_SOURCE_EPOCH"
        case .illegalState: "ILLEGAL_STATE"
        }
    }
}

/// How a topic is tied to its source.
package struct MirrorTopic: Sendable {
    package var linkID: KafkaUUID
    package var sourceTopicName: String
    /// All zero when the source does not tell topic ids.
    package var sourceTopicID: KafkaUUID
    package var state: MirrorState
    package var error: MirrorError
    /// Milliseconds since the epoch of the last change of `state`.
    package var stateTimeMs: Int64
    /// By partition, once stopped: where the source's producers end (``PartitionLog/producerEnd``).
    package internal(set) var producerEnds: [Int64] = []
    /// By partition, while nothing is copied (paused, failed): the source's high watermark as it was last heard.
    package internal(set) var sourceEnds: [Int64] = []

    /// - Returns: nil when it was never heard, or is heard of still.
    package func sourceEnd(of partition: Int32) -> Int64? {
        let index = Int(partition)
        return sourceEnds.indices.contains(index) && sourceEnds[index] >= 0 ? sourceEnds[index] : nil
    }

    package init(
        linkID: KafkaUUID, sourceTopicName: String, sourceTopicID: KafkaUUID, state: MirrorState, error: MirrorError,
        stateTimeMs: Int64
    ) {
        self.linkID = linkID
        self.sourceTopicName = sourceTopicName
        self.sourceTopicID = sourceTopicID
        self.state = state
        self.error = error
        self.stateTimeMs = stateTimeMs
    }

    init(_ record: MirrorTopicRecord) {
        linkID = record.linkID
        sourceTopicName = record.sourceTopicName
        sourceTopicID = record.sourceTopicID
        state = MirrorState(rawValue: record.state) ?? .failed
        error = MirrorError(rawValue: record.error) ?? .illegalState
        stateTimeMs = record.stateTimeMs
        producerEnds = record.producerEnds
        sourceEnds = record.sourceEnds
    }

    func record(topicID: KafkaUUID) -> MirrorTopicRecord {
        var record = MirrorTopicRecord()
        record.topicID = topicID
        record.linkID = linkID
        record.sourceTopicName = sourceTopicName
        record.sourceTopicID = sourceTopicID
        record.state = state.rawValue
        record.error = error.rawValue
        record.stateTimeMs = stateTimeMs
        record.producerEnds = producerEnds
        record.sourceEnds = sourceEnds
        return record
    }
}

/// A cluster link as this cluster keeps it: what was asked for. How it fares is known to the link's engine.
package struct ClusterLink: Sendable {
    package let id: KafkaUUID
    package let name: String
    /// The other cluster's id; nil when the creator did not say and the source did not tell.
    package var remoteClusterID: String?
    /// Only what was set; secrets included, so never show it without ``LinkConfig`` masking.
    package var configs: [String: String]
    /// Milliseconds since the epoch.
    package let createdMs: Int64
    /// When `cluster.link.paused` changed last, milliseconds since the epoch; -1 when it never did.
    package internal(set) var pauseTimeMs: Int64 = -1

    init(_ record: ClusterLinkRecord) {
        id = record.linkID
        name = record.name
        remoteClusterID = record.remoteClusterID
        configs = Dictionary(record.configs.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
        createdMs = record.createdMs
        pauseTimeMs = record.pauseTimeMs
    }

    package init(id: KafkaUUID, name: String, remoteClusterID: String?, configs: [String: String], createdMs: Int64) {
        self.id = id
        self.name = name
        self.remoteClusterID = remoteClusterID
        self.configs = configs
        self.createdMs = createdMs
    }

    var record: ClusterLinkRecord {
        var record = ClusterLinkRecord()
        record.linkID = id
        record.name = name
        record.remoteClusterID = remoteClusterID
        record.createdMs = createdMs
        record.pauseTimeMs = pauseTimeMs
        record.configs = configs.sorted { $0.key < $1.key }.map { entry in
            var config = ClusterLinkRecord.LinkConfig()
            config.name = entry.key
            config.value = entry.value
            return config
        }
        return record
    }
}

/// The cluster's links by name and id.
package struct LinkCatalog {
    private var byID: [KafkaUUID: ClusterLink] = [:]
    private var idByName: [String: KafkaUUID] = [:]
    /// Grows with every change, so that engines can see cheaply that something happened.
    package private(set) var revision: UInt64 = 0

    package var count: Int { byID.count }
    package subscript(name: String) -> ClusterLink? { idByName[name].flatMap { byID[$0] } }
    package subscript(id: KafkaUUID) -> ClusterLink? { byID[id] }
    package var sorted: [ClusterLink] { byID.values.sorted { $0.name < $1.name } }

    mutating func replay(_ record: ClusterLinkRecord) {
        let link = ClusterLink(record)
        byID[link.id] = link
        idByName[link.name] = link.id
        revision += 1
    }

    mutating func replay(_ record: RemoveClusterLinkRecord) {
        if let link = byID.removeValue(forKey: record.linkID) {
            idByName[link.name] = nil
            revision += 1
        }
    }
}
