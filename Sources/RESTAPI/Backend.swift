import ClusterCore
import KafkaProtocol

/// The clusters of this process, as the HTTP surface sees them.
package protocol FleetBackend: Sendable {
    /// All clusters, ordered by creation.
    var clusters: [any ClusterBackend] { get async }
    /// Whether every listener accepts: what `/readyz` answers.
    var isReady: Bool { get async }
    /// What stands above the clusters.
    var control: any ControlPlane { get }
    /// Tells what changes.
    var changeFeed: ChangeFeed { get }
    /// Milliseconds since the epoch at which the server was started.
    var startedMs: Int64 { get }
}

/// One cluster behind its owner's thread. Every call may come from any thread.
///
/// Calls throw ``RESTError`` for what a user did wrong, `ErrorCode` for a bare Kafka error; anything else becomes an
/// HTTP 500 whose text is only logged.
package protocol ClusterBackend: Sendable {
    /// Kafka's cluster id (`lkc-source`).
    var clusterID: String { get }
    var info: ClusterInfo { get async }

    /// Milliseconds since the epoch.
    var nowMs: Int64 { get }

    /// Runs a Kafka request in process, as the cluster's own principal.
    ///
    /// - Parameter node: the broker that it is sent to; nil when any will do.
    func call<R: KafkaRequest>(_ request: R, at node: Int32?) async throws -> R.Response

    /// Gives a topic more partitions and other configs: both or, when it throws, neither.
    func update(_ update: TopicUpdate) async throws

    // MARK: Links

    /// Links of this cluster, ordered by name.
    func links() async throws -> [LinkStatus]
    /// Creates a link, or with ``LinkCreation/validateOnly`` only says whether it could be.
    func createLink(_ creation: LinkCreation) async throws
    /// - Parameter force: also when mirror topics still live on the link; they stop being mirrors.
    func deleteLink(_ name: String, force: Bool, validateOnly: Bool) async throws
    /// Every config of the link, set or default, ordered by name; values of sensitive ones are nil.
    func linkConfigs(_ link: String) async throws -> [LinkConfigEntry]
    func alterLinkConfigs(_ link: String, _ changes: [LinkConfigChange], validateOnly: Bool) async throws

    // MARK: Mirrors

    /// Mirror topics of one link, or of all links when `link` is nil, ordered by name; stopped ones included.
    func mirrors(link: String?) async throws -> [MirrorStatus]
    func createMirror(_ creation: MirrorCreation) async throws
    /// Reads both sides completely and compares them byte by byte.
    /// - Parameter progress: told how far it is, often and from any thread; false ends it.
    func verify(
        topic: String, link: String, progress: (@Sendable (VerifyProgress) -> Bool)?
    ) async throws -> VerifyReport

    /// Numbers for `/metrics`.
    func statistics() async throws -> ClusterStatistics

    /// What the cluster consists of.
    /// - Parameter known: an earlier answer, so that nothing is looked at that has not changed.
    func contents(since known: ClusterContents?) async throws -> ClusterContents

    // MARK: At a glance

    /// Topics at a glance, ordered by name.
    /// - Parameters:
    ///   - names: topics that are wanted, of which those are left out that do not exist; nil for all.
    ///   - partitions: whether each comes with its partitions.
    func topicSummaries(_ names: [String]?, partitions: Bool) async throws -> [TopicSummary]
    /// Open client connections: those that are open for longest, and how many there are.
    func connections(limit: Int) async throws -> (listed: [ConnectionSummary], count: Int)
    /// Numbers of the last minutes, or of the last hour.
    /// - Parameter sinceMs: nothing that is older, in milliseconds since the epoch.
    func timeSeries(of subject: SeriesSubject, step: SeriesStep, sinceMs: Int64?) async throws -> TimeSeries
}

extension ClusterBackend {
    func call<R: KafkaRequest>(_ request: R) async throws -> R.Response {
        try await call(request, at: nil)
    }

    /// The link of that name, or the documented 404.
    func link(_ name: String) async throws -> LinkStatus {
        guard let link = try await links().first(where: { $0.name == name }) else {
            throw RESTError.linkNotFound(name)
        }
        return link
    }
}

/// What does not change often about a cluster.
package struct ClusterInfo: Sendable {
    package var name: String
    package var type: ClusterType
    /// `HOST:PORT` by listener name (`PLAINTEXT`, `SASL_SSL`, `SASL_PLAINTEXT`); only the listeners that are open.
    package var bootstrap: [String: String]

    package init(name: String, type: ClusterType, bootstrap: [String: String]) {
        self.name = name
        self.type = type
        self.bootstrap = bootstrap
    }
}

/// The commercial product's cluster types: only a dedicated cluster may be the destination of a link.
package enum ClusterType: String, Sendable, CaseIterable {
    case basic = "BASIC"
    case standard = "STANDARD"
    case enterprise = "ENTERPRISE"
    case dedicated = "DEDICATED"
}

// MARK: - Links

/// A link with how it fares.
package struct LinkStatus: Sendable {
    package var id: KafkaUUID
    package var name: String
    /// The other cluster; nil when it was not given and is not known yet.
    package var sourceClusterID: String?
    /// Names of the mirror topics on this link, ordered.
    package var topicNames: [String]
    package var state: LinkState
    package var error: LinkProblem
    package var errorMessage: String?
    /// Partitions by what they do, for `category_counts`.
    package var partitionCounts: [PartitionCategory: Int]

    package init(
        id: KafkaUUID, name: String, sourceClusterID: String?, topicNames: [String], state: LinkState,
        error: LinkProblem = .noError, errorMessage: String? = nil, partitionCounts: [PartitionCategory: Int] = [:]
    ) {
        self.id = id
        self.name = name
        self.sourceClusterID = sourceClusterID
        self.topicNames = topicNames
        self.state = state
        self.error = error
        self.errorMessage = errorMessage
        self.partitionCounts = partitionCounts
    }
}

/// `link_state`.
package enum LinkState: String, Sendable, CaseIterable {
    case active = "ACTIVE"
    case failed = "FAILED"
    case unavailable = "UNAVAILABLE"
    case paused = "PAUSED"
    case unknown = "UNKNOWN"
}

/// `link_error`.
package enum LinkProblem: String, Sendable, CaseIterable {
    case unknown = "UNKNOWN"
    case noError = "NO_ERROR"
    case authentication = "AUTHENTICATION_ERROR"
    case unresolvableBootstrap = "UNRESOLVABLE_BOOTSTRAP_ERROR"
    case invalidBootstrapInternalEndpoint = "INVALID_BOOTSTRAP_INTERNAL_ENDPOINT_ERROR"
    case bootstrapConnectionFailed = "BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR"
    case timeout = "TIMEOUT_ERROR"
}

/// `category_counts[].state_category`.
package enum PartitionCategory: String, Sendable, CaseIterable {
    case active = "ACTIVE"
    case paused = "PAUSED"
    case inError = "IN_ERROR"
    case pending = "PENDING"
    case notApplicable = "NOT_APPLICABLE"
}

/// What POST `/links` asks for.
package struct LinkCreation: Sendable {
    package var name: String
    package var sourceClusterID: String?
    package var destinationClusterID: String?
    package var remoteClusterID: String?
    /// Asserts the link's id (bidirectional links).
    package var clusterLinkID: String?
    package var configs: [String: String]
    /// `validate_only`: nothing is created.
    package var validateOnly: Bool
    /// `validate_link`: the source must answer (and be the cluster that was named) before the link is made.
    package var validateLink: Bool

    package init(
        name: String, sourceClusterID: String? = nil, destinationClusterID: String? = nil,
        remoteClusterID: String? = nil, clusterLinkID: String? = nil, configs: [String: String] = [:],
        validateOnly: Bool = false, validateLink: Bool = true
    ) {
        self.name = name
        self.sourceClusterID = sourceClusterID
        self.destinationClusterID = destinationClusterID
        self.remoteClusterID = remoteClusterID
        self.clusterLinkID = clusterLinkID
        self.configs = configs
        self.validateOnly = validateOnly
        self.validateLink = validateLink
    }
}

// MARK: - Mirrors

/// A mirror topic with how far it is.
package struct MirrorStatus: Sendable {
    package var linkName: String
    package var mirrorTopicName: String
    package var sourceTopicName: String
    package var state: MirrorState
    package var error: MirrorError
    /// Why a mirror that is ACTIVE does not get on although its source answers, in words; nil while it does.
    package var errorMessage: String?
    /// Milliseconds since the epoch of the last change of `state`.
    package var stateTimeMs: Int64
    /// One per partition, ordered.
    package var lags: [MirrorLag]

    package init(
        linkName: String, mirrorTopicName: String, sourceTopicName: String, state: MirrorState,
        error: MirrorError = .noError, errorMessage: String? = nil, stateTimeMs: Int64, lags: [MirrorLag]
    ) {
        self.errorMessage = errorMessage
        self.linkName = linkName
        self.mirrorTopicName = mirrorTopicName
        self.sourceTopicName = sourceTopicName
        self.state = state
        self.error = error
        self.stateTimeMs = stateTimeMs
        self.lags = lags
    }
}

/// How far one mirror partition is behind.
package struct MirrorLag: Sendable, Equatable {
    package var partition: Int32
    /// Source high watermark as last fetched, minus the local log end offset; -1 before the first fetch.
    package var lag: Int64
    /// Source high watermark as last fetched; -1 before the first fetch.
    package var lastSourceFetchOffset: Int64

    package init(partition: Int32, lag: Int64, lastSourceFetchOffset: Int64) {
        self.partition = partition
        self.lag = lag
        self.lastSourceFetchOffset = lastSourceFetchOffset
    }
}

/// What POST `/links/{link}/mirrors` asks for.
package struct MirrorCreation: Sendable {
    package var link: String
    package var sourceTopicName: String
    /// nil: the source's name, with the link's prefix.
    package var mirrorTopicName: String?
    /// nil: the destination's default.
    package var replicationFactor: Int16?
    package var configs: [String: String]

    package init(
        link: String, sourceTopicName: String, mirrorTopicName: String? = nil, replicationFactor: Int16? = nil,
        configs: [String: String] = [:]
    ) {
        self.link = link
        self.sourceTopicName = sourceTopicName
        self.mirrorTopicName = mirrorTopicName
        self.replicationFactor = replicationFactor
        self.configs = configs
    }
}

// MARK: - Verify

/// The outcome of comparing a mirror topic with its source, partition by partition.
package struct VerifyReport: Sendable, Equatable {
    package var linkName: String
    package var mirrorTopicName: String
    package var sourceTopicName: String
    package var sourcePartitionCount: Int
    package var mirrorPartitionCount: Int
    /// Those that both sides have, ordered by partition.
    package var partitions: [PartitionComparison]
    /// What differs in the topics as a whole, in words; nil when nothing does.
    package var difference: String?

    /// Whether both sides have the same partitions, and every partition the same bytes at the same offsets.
    package var matches: Bool { !partitions.isEmpty && difference == nil && partitions.allSatisfy { $0.matches } }
    /// Whether no byte was compared, so that ``matches`` proves nothing.
    package var isEmpty: Bool { partitions.allSatisfy { $0.source.batches == 0 && $0.mirror.batches == 0 } }

    package init(
        linkName: String, mirrorTopicName: String, sourceTopicName: String, sourcePartitionCount: Int,
        mirrorPartitionCount: Int, partitions: [PartitionComparison], difference: String? = nil
    ) {
        self.sourcePartitionCount = sourcePartitionCount
        self.mirrorPartitionCount = mirrorPartitionCount
        self.difference = difference
        self.linkName = linkName
        self.mirrorTopicName = mirrorTopicName
        self.sourceTopicName = sourceTopicName
        self.partitions = partitions
    }
}

/// How far the comparison of one partition is.
package struct VerifyProgress: Sendable {
    package var partition: Int32
    /// Bytes and records of the mirror that were compared.
    package var comparedBytes: Int
    package var comparedRecords: Int
    /// Bytes that there are to compare, about; exactly at the end.
    package var totalBytes: Int

    package init(partition: Int32, comparedBytes: Int, comparedRecords: Int, totalBytes: Int) {
        self.partition = partition
        self.comparedBytes = comparedBytes
        self.comparedRecords = comparedRecords
        self.totalBytes = totalBytes
    }
}

/// Both sides of one partition.
package struct PartitionComparison: Sendable, Equatable {
    package var partition: Int32
    /// Only the range that both sides keep is compared.
    package var source: PartitionDigest
    package var mirror: PartitionDigest
    /// The first offset that both keep, and the first that was not compared; equal when nothing was.
    package var comparedStart: Int64
    package var comparedEnd: Int64
    package var matches: Bool
    /// What differs first, in words; nil when nothing does.
    package var difference: String?

    package init(
        partition: Int32, source: PartitionDigest, mirror: PartitionDigest, comparedStart: Int64, comparedEnd: Int64,
        matches: Bool, difference: String? = nil
    ) {
        self.comparedStart = comparedStart
        self.comparedEnd = comparedEnd
        self.partition = partition
        self.source = source
        self.mirror = mirror
        self.matches = matches
        self.difference = difference
    }
}

/// What one side of a partition holds.
package struct PartitionDigest: Sendable, Equatable {
    package var startOffset: Int64
    package var endOffset: Int64
    package var batches: Int
    package var records: Int
    package var bytes: Int
    /// Hexadecimal digest over the batches as they are stored.
    package var hash: String

    package init(startOffset: Int64, endOffset: Int64, batches: Int, records: Int, bytes: Int, hash: String) {
        self.startOffset = startOffset
        self.endOffset = endOffset
        self.batches = batches
        self.records = records
        self.bytes = bytes
        self.hash = hash
    }
}

// MARK: - Statistics

/// Numbers of one cluster at one moment.
package struct ClusterStatistics: Sendable {
    package var topics: Int
    package var partitions: Int
    /// Open client connections, all listeners.
    package var connections: Int
    /// Bytes of all logs.
    package var logBytes: Int64
    package var groups: Int

    package init(topics: Int, partitions: Int, connections: Int, logBytes: Int64, groups: Int) {
        self.topics = topics
        self.partitions = partitions
        self.connections = connections
        self.logBytes = logBytes
        self.groups = groups
    }
}
