import KafkaProtocol
import LogStorage

/// A listener's name as clients see it in broker configs.
package struct ListenerName: Hashable, Sendable, RawRepresentable, ExpressibleByStringLiteral {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package init(stringLiteral value: String) {
        self.rawValue = value
    }

    package static let plaintext: ListenerName = "PLAINTEXT"
    package static let saslSSL: ListenerName = "SASL_SSL"
    package static let saslPlaintext: ListenerName = "SASL_PLAINTEXT"
}

/// Host and port that clients are told to dial.
package struct Endpoint: Hashable, Sendable {
    package var host: String
    /// 1…65535.
    package var port: Int32

    package init(host: String, port: Int32) {
        self.host = host
        self.port = port
    }
}

/// A virtual broker: a node id with listeners of its own. All brokers of a cluster share one log per partition.
package struct Broker: Sendable {
    package let nodeID: Int32
    package var rack: String?
    package var endpoints: [ListenerName: Endpoint]
    /// Where it listens itself, which need not be what clients are told.
    package var listeners: [ListenerName: Endpoint]

    /// - Parameter listeners: nil when it listens where clients are told to dial.
    package init(
        nodeID: Int32, rack: String? = nil, endpoints: [ListenerName: Endpoint],
        listeners: [ListenerName: Endpoint]? = nil
    ) {
        self.nodeID = nodeID
        self.rack = rack
        self.endpoints = endpoints
        self.listeners = listeners ?? endpoints
    }
}

/// What a cluster is told when it starts; none of it changes while it runs, except the endpoints.
package struct ClusterConfiguration: Sendable {
    /// Kafka's cluster id: what Metadata, REST and the CLI show (`lkc-source`).
    package var clusterID: String
    package var name: String
    package var brokers: [Broker]
    /// Folder of this cluster's logs, in the file system given beside this configuration.
    package var dataDirectory: String
    package var durability: Durability
    /// Static broker configs (`--broker-config`), by Kafka's keys.
    package var brokerConfigs: [String: String]
    package var limits: ClusterLimits
    /// Partitions (`orders-0`, `__cluster_metadata-0`) whose missing records the user gives up.
    package var acceptedLosses: Set<String> = []
    /// Whether this cluster had data in an earlier run: a directory without a metadata log is then no new one.
    package var mustExist = false
    /// Who checks log-ins; without one nobody gets in through SASL.
    package var authenticator: (any Authenticator)?

    package init(
        clusterID: String, name: String, brokers: [Broker], dataDirectory: String, durability: Durability = .os,
        brokerConfigs: [String: String] = [:], limits: ClusterLimits = ClusterLimits()
    ) {
        self.clusterID = clusterID
        self.name = name
        self.brokers = brokers
        self.dataDirectory = dataDirectory
        self.durability = durability
        self.brokerConfigs = brokerConfigs
        self.limits = limits
    }
}

/// Every count and size a client could drive up without bound.
package struct ClusterLimits: Sendable {
    /// Partitions over all topics.
    package var partitions = 100_000
    /// Partitions one CreateTopics or CreatePartitions item may ask for.
    package var partitionsPerTopic = 10_000
    /// Requests that wait for data, a rebalance or a flush.
    package var parkedRequests = 100_000
    /// Long requests that are answered in slices at the same time, each held as a whole; 1 or more. Each ``SliceKind``
    /// has a part of them. Further ones wait, not decoded.
    package var slicedRequests = 32
    /// Incremental fetch sessions (`max.incremental.fetch.session.cache.slots`).
    package var fetchSessions = 1_000
    /// Partitions of all those sessions together; a client whose session has no room names its partitions each time.
    package var fetchSessionPartitions = 500_000
    /// Bytes of memory of long Fetch requests that wait for records, all together; others are answered at once.
    package var waitingFetchBytes = 32 << 20
    /// Bytes of records in one Fetch answer (`fetch.max.bytes` of the broker: 55 MiB).
    package var fetchResponseBytes = 55 * 1024 * 1024
    /// Consumer groups and members per group.
    package var groups = 100_000
    package var membersPerGroup = 10_000
    /// Bytes of metadata a member or a commit may carry (`offset.metadata.max.bytes`).
    package var offsetMetadataBytes = 4_096
    /// Bytes that the batches of one Produce request may decompress to, as far as they are not looked at on the spot.
    /// One batch may have `Compression.defaultOutputLimit`.
    package var decompressedBytesPerRequest = 1 << 30
    package var links = 100
    package var mirrorTopics = 10_000

    package init() {}

    /// Lowers the limits that are broker configs too.
    mutating func apply(_ configs: ConfigStore) {
        fetchResponseBytes = min(fetchResponseBytes, configs.brokerInt("fetch.max.bytes"))
        fetchSessions = min(fetchSessions, configs.brokerInt("max.incremental.fetch.session.cache.slots"))
    }
}
