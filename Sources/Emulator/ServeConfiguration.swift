import ClusterCore
import Credentials
import KafkaProtocol
import KafkaTransport
import LogStorage
import Logging
import RESTAPI

/// Everything that `twinlog serve` was told, checked.
package struct ServeConfiguration: Sendable {
    package enum Storage: Hashable, Sendable {
        case directory(String)
        /// `--ephemeral`: nothing is written to disk, everything is gone at the end.
        case memory
    }

    package enum Ports: String, Sendable, CaseIterable {
        /// The contract's: 9092, 9192, 8090, …
        case standard = "default"
        /// Chosen by the system.
        case auto
    }

    package var storage: Storage
    /// Address that every listener is bound to.
    package var listenHost: String
    /// Address that clients are told to dial.
    package var advertisedHost: String
    package var ports: Ports
    /// `--port-base`: PLAINTEXT port of the first broker of the first cluster; others follow in blocks of a hundred.
    package var portBase = standardPortBase
    /// `--http-port`, when the system is not to choose.
    package var wantedHTTPPort = standardHTTPPort
    package var readyFile: String?
    package var durability: Durability
    /// The user's own certificates; nil for those of the development authority.
    package var certificates: OwnCertificateFiles?
    /// The Kafka release whose API versions are advertised.
    package var kafkaVersion: String
    /// The clusters that a first start makes, and how they are started whenever they are there.
    package var clusters: [ClusterSpec]
    /// `--empty`: a first start makes no cluster.
    package var startsEmpty = false
    /// What clusters that are created later begin with; id, name, type and ports are theirs.
    package var newCluster: ClusterSpec
    /// `--http-auth required`: HTTP requests have to say who sends them.
    package var requiresHTTPAuthentication = false
    /// The only e-mail address and password that can log in; nil lets everybody in.
    package var logIn: (email: String, password: String)?
    /// `--accept-data-loss`: partitions whose missing records are given up.
    package var acceptedLosses: [AcceptedLoss] = []
    package var isQuiet: Bool
    package var logLevel: Logger.Level
    /// Things that the user should know and that are no errors.
    package var warnings: [String] = []

    /// 0 when the system is to choose.
    package var httpPort: Int { ports == .auto ? 0 : wantedHTTPPort }

    package static let defaultDataDirectory = "./twinlog-data"
    package static let standardHTTPPort = 8090
    package static let standardPortBase = 9092
    /// The ports of a cluster's brokers lie ten apart, those of clusters a hundred.
    package static let maximumBrokers = 10
    package static let kafkaVersions = ["4.2"]
    /// What every cluster starts with unless told otherwise. Kafka's own `server.properties` has the first of these,
    /// too: a consumer in a terminal should not wait 3 s for others. And who tries retention wants to see it act.
    static let standardBrokerConfigs = [
        "group.initial.rebalance.delay.ms": "0", "log.retention.check.interval.ms": "30000",
    ]

    package static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    static func isWildcard(_ host: String) -> Bool {
        host == "0.0.0.0" || host == "::" || host.isEmpty
    }
}

/// One cluster to start.
package struct ClusterSpec: Sendable {
    package var id: String
    package var name: String
    package var type: ClusterType
    /// Which hundred of ports it has, counted from ``ServeConfiguration/portBase`` on.
    package var block = 0
    /// PLAINTEXT port of its first broker.
    package var basePort: Int
    /// `port-base` of the cluster itself, in the file.
    package var ownBase: Int?
    /// Ports of its first broker that the file names, by listener.
    package var ports: [ListenerName: Int] = [:]
    package var brokers: Int
    package var brokerConfigs: [String: String]
    package var limits = TransportLimits()

    package func port(_ listener: ListenerName, brokerIndex: Int) -> Int {
        let offset = listener == .saslSSL ? 1 : listener == .saslPlaintext ? 2 : 0
        return (ports[listener] ?? basePort +| offset) +| 10 * brokerIndex
    }

    /// Every broker has one of each, on ports that follow each other.
    static let listeners: [ListenerName] = [.plaintext, .saslSSL, .saslPlaintext]

    static let source = ClusterSpec(
        id: "lkc-source", name: "source-cluster", type: .basic, basePort: 9092, brokers: 1, brokerConfigs: [:])
    static let destination = ClusterSpec(
        id: "lkc-dest", name: "dest-cluster", type: .dedicated, block: 1, basePort: 9192, brokers: 1,
        brokerConfigs: [:])
}
