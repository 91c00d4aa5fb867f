/// One config that links have, with Cluster Linking's name, default and meaning.
package struct LinkConfigDefinition: Sendable {
    package enum ValueType: Sendable {
        case string
        case boolean
        /// A whole number from `minimum` on.
        case number(minimum: Int64)
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
        .init("cluster.link.retry.timeout.ms", .number(minimum: 0), "300000"),
        .init("mirror.start.offset.spec", .startOffset, "earliest"),
        .init("availability.check.ms", .number(minimum: 100), "60000"),
        .init("availability.check.consecutive.failure.threshold", .number(minimum: 1), "5"),
    ]

    private static let syncs: [LinkConfigDefinition] = [
        .init("consumer.group.prefix.enable", .boolean, "false"),
        .init("consumer.offset.sync.enable", .boolean, "false"),
        .init("consumer.offset.sync.ms", .number(minimum: 1_000), "30000"),
        .init("consumer.offset.group.filters", .filters, ""),
        .init("acl.sync.enable", .boolean, "false"),
        .init("acl.sync.ms", .number(minimum: 1_000), "5000"),
        .init("acl.filters", .filters, ""),
        .init("auto.create.mirror.topics.enable", .boolean, "false"),
        .init("auto.create.mirror.topics.filters", .filters, ""),
        .init("topic.config.sync.ms", .number(minimum: 1_000), "5000"),
        .init("topic.config.sync.include", .list, MirrorTopicConfigs.includedByDefault.joined(separator: ",")),
    ]

    private static let fetching: [LinkConfigDefinition] = [
        .init("num.cluster.link.fetchers", .number(minimum: 1), "1"),
        .init("replica.fetch.backoff.ms", .number(minimum: 1), "1000"),
        .init("replica.fetch.max.bytes", .number(minimum: 1), "5242880"),
        .init("replica.fetch.min.bytes", .number(minimum: 0), "1"),
        .init("replica.fetch.wait.max.ms", .number(minimum: 0), "500"),
        .init("replica.fetch.response.max.bytes", .number(minimum: 1), "10485760"),
        .init("replica.socket.timeout.ms", .number(minimum: 1), "30000"),
        .init("replica.socket.receive.buffer.bytes", .number(minimum: -1), "-1"),
        .init("metadata.max.age.ms", .number(minimum: 0), "300000"),
        .init("request.timeout.ms", .number(minimum: 1), "30000"),
        .init("retry.backoff.ms", .number(minimum: 0), "100"),
        .init("connections.max.idle.ms", .number(minimum: -1), "600000"),
        .init("socket.connection.setup.timeout.ms", .number(minimum: 1), "10000"),
        .init("socket.connection.setup.timeout.max.ms", .number(minimum: 1), "30000"),
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
