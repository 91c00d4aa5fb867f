import ArgumentParser

/// The cluster at the other end of a link, as one group of flags names it.
protocol LinkEnd {
    /// First word of the group's flags.
    var side: String { get }
    var cluster: String? { get }
    var bootstrap: String? { get }
    var key: String? { get }
    var secret: String? { get }
}

extension LinkEnd {
    var isEmpty: Bool { cluster == nil && bootstrap == nil && key == nil && secret == nil }
}

struct SourceEnd: ParsableArguments, LinkEnd {
    @Option(name: [.customLong("source-cluster"), .customLong("source-cluster-id")], help: "Source cluster ID.")
    var cluster: String?

    @Option(
        name: .customLong("source-bootstrap-server"),
        help: "Bootstrap servers of the source cluster; may also be bootstrap.servers in the configs.")
    var bootstrap: String?

    @Option(name: .customLong("source-api-key"), help: "API key for the source cluster; implies SASL_SSL with PLAIN.")
    var key: String?

    @Option(name: .customLong("source-api-secret"), help: "API secret for the source cluster.")
    var secret: String?

    var side: String { "source" }
}

struct DestinationEnd: ParsableArguments, LinkEnd {
    @Option(
        name: [.customLong("destination-cluster"), .customLong("destination-cluster-id")],
        help: "Destination cluster ID; for source-initiated links.")
    var cluster: String?

    @Option(name: .customLong("destination-bootstrap-server"), help: "Bootstrap servers of the destination cluster.")
    var bootstrap: String?

    @Option(name: .customLong("destination-api-key"), help: "API key for the destination cluster.")
    var key: String?

    @Option(name: .customLong("destination-api-secret"), help: "API secret for the destination cluster.")
    var secret: String?

    var side: String { "destination" }
}

struct RemoteEnd: ParsableArguments, LinkEnd {
    @Option(
        name: [.customLong("remote-cluster"), .customLong("remote-cluster-id")],
        help: "Remote cluster ID; for bidirectional links.")
    var cluster: String?

    @Option(name: .customLong("remote-bootstrap-server"), help: "Bootstrap servers of the remote cluster.")
    var bootstrap: String?

    @Option(name: .customLong("remote-api-key"), help: "API key for the remote cluster.")
    var key: String?

    @Option(name: .customLong("remote-api-secret"), help: "API secret for the remote cluster.")
    var secret: String?

    var side: String { "remote" }
}

/// Kafka's client configs for an API key.
enum SecurityConfigs {
    static func plain(_ pair: KeyPair) -> [String: String] {
        [
            "security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN",
            "sasl.jaas.config": "org.apache.kafka.common.security.plain.PlainLoginModule required "
                + "username=\"\(escape(pair.key))\" password=\"\(escape(pair.secret))\";",
        ]
    }

    /// Between double quotes JAAS takes a backslash for the next character as it is.
    private static func escape(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}
