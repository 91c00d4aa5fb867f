/// One config that links have, with Cluster Linking's name, default and meaning.
package struct LinkConfigDefinition: Sendable {
    package enum ValueType: Sendable {
        case string
        case boolean
        /// A whole number of Kafka's type INT.
        case int(ClosedRange<Int32>)
        /// A whole number of Kafka's type LONG.
        case long(ClosedRange<Int64>)
        /// One of these, whatever the case of its letters.
        case oneOf([String])
        /// `host:port,…`
        case servers
        /// Names separated by commas.
        case list
        /// `earliest`, `latest`, or a time in ISO 8601.
        case startOffset
        /// JSON text; its meaning is checked where it is used.
        case filters
        /// Never shown again.
        case secret

        /// What a number may be; nil for what is no number.
        package var bounds: ClosedRange<Int64>? {
            switch self {
            case .int(let range): Int64(range.lowerBound)...Int64(range.upperBound)
            case .long(let range): range
            default: nil
            }
        }
    }

    package let name: String
    package let type: ValueType
    /// nil when there is none.
    package let defaultValue: String?
    /// Computed by the cluster: cannot be set.
    package let isReadOnly: Bool
    /// Fixed once the link exists.
    package let isImmutable: Bool

    package var isSensitive: Bool {
        if case .secret = type { true } else { false }
    }

    init(
        _ name: String, _ type: ValueType, _ defaultValue: String? = nil, readOnly: Bool = false,
        immutable: Bool = false
    ) {
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
        isReadOnly = readOnly
        isImmutable = immutable
    }
}

/// Every link config, ordered by name.
package enum LinkConfigTable {
    package static let all: [LinkConfigDefinition] = (behaviour + syncs + fetching + security).sorted {
        $0.name < $1.name
    }
    /// Configs of producers, consumers and serializers that stand in a Java client's file beside what a link needs. A
    /// link takes such a file as it is, and leaves them out.
    package static func isForOtherClients(_ name: String) -> Bool {
        otherClients.contains(name) || otherClientPrefixes.contains { name.hasPrefix($0) }
    }

    private static let otherClients: Set<String> = [
        "acks", "auto.commit.interval.ms", "auto.offset.reset", "batch.size", "buffer.memory", "client.id",
        "client.rack", "compression.type", "default.api.timeout.ms", "delivery.timeout.ms", "enable.auto.commit",
        "enable.idempotence", "fetch.max.bytes", "fetch.max.wait.ms", "fetch.min.bytes", "group.id",
        "group.instance.id", "heartbeat.interval.ms", "isolation.level", "key.deserializer", "key.serializer",
        "linger.ms", "max.block.ms", "max.in.flight.requests.per.connection", "max.partition.fetch.bytes",
        "max.poll.interval.ms", "max.poll.records", "max.request.size", "partition.assignment.strategy",
        "reconnect.backoff.max.ms", "reconnect.backoff.ms", "retries", "session.timeout.ms", "transaction.timeout.ms",
        "transactional.id", "value.deserializer", "value.serializer",
    ]
    /// Those among them that would make a Java consumer refuse its file, with that consumer's bounds (ConsumerConfig).
    static let otherClientNumbers: [String: LinkConfigDefinition.ValueType] = [
        "reconnect.backoff.ms": .long(0...(.max)), "reconnect.backoff.max.ms": .long(0...(.max)),
    ]
    private static let otherClientPrefixes = ["schema.registry.", "basic.auth.", "bearer.auth."]

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    package static subscript(name: String) -> LinkConfigDefinition? { byName[name] }

    private static let behaviour: [LinkConfigDefinition] = [
        .init("bootstrap.servers", .servers),
        .init("link.mode", .oneOf(["DESTINATION", "SOURCE", "BIDIRECTIONAL"]), "DESTINATION", immutable: true),
        .init("connection.mode", .oneOf(["OUTBOUND", "INBOUND"]), "OUTBOUND", immutable: true),
        .init("remote.link.connection.mode", .string, readOnly: true),
        .init("cluster.link.prefix", .string, immutable: true),
        .init("cluster.link.paused", .boolean, "false"),
        .init("cluster.link.retry.timeout.ms", .long(0...(.max)), "300000"),
        .init("mirror.start.offset.spec", .startOffset, "earliest"),
        .init("availability.check.ms", .int(100...(.max)), "60000"),
        .init("availability.check.consecutive.failure.threshold", .int(1...(.max)), "5"),
    ]

    private static let syncs: [LinkConfigDefinition] = [
        .init("consumer.group.prefix.enable", .boolean, "false"),
        .init("consumer.offset.sync.enable", .boolean, "false"),
        .init("consumer.offset.sync.ms", .int(1_000...(.max)), "30000"),
        .init("consumer.offset.group.filters", .filters, ""),
        .init("acl.sync.enable", .boolean, "false"),
        .init("acl.sync.ms", .int(1_000...(.max)), "5000"),
        .init("acl.filters", .filters, ""),
        .init("auto.create.mirror.topics.enable", .boolean, "false"),
        .init("auto.create.mirror.topics.filters", .filters, ""),
        .init("topic.config.sync.ms", .int(1_000...(.max)), "5000"),
        .init("topic.config.sync.include", .list, MirrorTopicConfigs.includedByDefault.joined(separator: ",")),
    ]

    private static let fetching: [LinkConfigDefinition] = [
        .init("num.cluster.link.fetchers", .int(1...(.max)), "1"),
        .init("replica.fetch.backoff.ms", .int(1...(.max)), "1000"),
        .init("replica.fetch.max.bytes", .int(1...(.max)), "5242880"),
        .init("replica.fetch.min.bytes", .int(0...(.max)), "1"),
        .init("replica.fetch.wait.max.ms", .int(0...(.max)), "500"),
        .init("replica.fetch.response.max.bytes", .int(1...(.max)), "10485760"),
        .init("replica.socket.timeout.ms", .int(1...(.max)), "30000"),
        .init("replica.socket.receive.buffer.bytes", .int(-1...(.max)), "-1"),
        .init("metadata.max.age.ms", .long(0...(.max)), "300000"),
        .init("request.timeout.ms", .int(1...(.max)), "30000"),
        .init("retry.backoff.ms", .long(0...(.max)), "100"),
        .init("connections.max.idle.ms", .long(-1...(.max)), "600000"),
        .init("socket.connection.setup.timeout.ms", .long(1...(.max)), "10000"),
        .init("socket.connection.setup.timeout.max.ms", .long(1...(.max)), "30000"),
        .init(
            "client.dns.lookup", .oneOf(["use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"]),
            "use_all_dns_ips"),
    ]

    private static let security: [LinkConfigDefinition] =
        remote("") + remote("local.") + [
            .init("local.listener", .string),
            .init("local.listener.name", .string),
        ]

    private static func remote(_ prefix: String) -> [LinkConfigDefinition] {
        [
            .init(
                prefix + "security.protocol", .oneOf(["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]), "PLAINTEXT"),
            .init(prefix + "sasl.mechanism", .string, "GSSAPI"),
            .init(prefix + "sasl.jaas.config", .secret),
            .init(prefix + "ssl.cipher.suites", .list),
            .init(prefix + "ssl.enabled.protocols", .list, "TLSv1.2,TLSv1.3"),
            .init(prefix + "ssl.endpoint.identification.algorithm", .string, "https"),
            .init(prefix + "ssl.keystore.type", .string, "JKS"),
            .init(prefix + "ssl.keystore.certificate.chain", .string),
            .init(prefix + "ssl.keystore.key", .secret),
            .init(prefix + "ssl.keystore.location", .string),
            .init(prefix + "ssl.keystore.password", .secret),
            .init(prefix + "ssl.key.password", .secret),
            .init(prefix + "ssl.truststore.type", .string, "JKS"),
            .init(prefix + "ssl.truststore.certificates", .string),
            .init(prefix + "ssl.truststore.location", .string),
            .init(prefix + "ssl.truststore.password", .secret),
        ]
    }
}
