/// Whom a client configuration is for.
enum ClientKind: String, CaseIterable, Sendable {
    case java
    case librdkafka
    case python
    case kcat
    case spring
    case ktor
    case curl
}

/// The languages of `client-config create`, and how their clients are configured.
enum ClientLanguage: String, CaseIterable, Sendable {
    case clojure, cpp, csharp, go, groovy, java, kotlin, ktor, nodejs, python, restapi, ruby, rust, scala, springboot

    var client: ClientKind {
        switch self {
        case .clojure, .groovy, .java, .kotlin, .scala: .java
        case .cpp, .csharp, .go, .nodejs, .python, .ruby, .rust: .librdkafka
        case .ktor: .ktor
        case .springboot: .spring
        case .restapi: .curl
        }
    }
}

/// Ready-made configurations of Kafka clients that log in with an API key over TLS.
enum ClientConfiguration {
    /// What stands where a key has to be filled in.
    static let keyPlaceholder = "{{ CLUSTER_API_KEY }}"
    static let secretPlaceholder = "{{ CLUSTER_API_SECRET }}"

    /// The text of a configuration file.
    ///
    /// - Parameters:
    ///   - bootstrap: `HOST:PORT` of the SASL_SSL listener.
    ///   - caPath: file of the certificate to trust, in PEM.
    ///   - key: nil leaves a placeholder, as does `secret`.
    static func render(
        client: ClientKind, bootstrap: String, rest: String = "", caPath: String, key: String?, secret: String?
    ) -> String {
        let facts = Facts(
            bootstrap: bootstrap, rest: rest, caPath: caPath, key: key ?? keyPlaceholder,
            secret: secret ?? secretPlaceholder)
        switch client {
        case .java: return java(facts)
        case .spring: return spring(facts)
        case .ktor: return ktor(facts)
        case .curl: return curl(facts)
        case .librdkafka: return properties(librdkafka(facts), "# librdkafka: confluent-kafka, rdkafka, and others")
        case .kcat: return properties(librdkafka(facts), "# kcat -F FILE -L")
        case .python: return python(facts)
        }
    }

    private struct Facts {
        let bootstrap: String
        /// Address of the cluster in Kafka REST.
        let rest: String
        let caPath: String
        let key: String
        let secret: String
    }

    private static func login(_ facts: Facts) -> String {
        "org.apache.kafka.common.security.plain.PlainLoginModule required "
            + "username='\(jaas(facts.key))' password='\(jaas(facts.secret))';"
    }

    private static func java(_ facts: Facts) -> String {
        """
        # Kafka clients in Java, and cluster links
        bootstrap.servers=\(facts.bootstrap)
        security.protocol=SASL_SSL
        sasl.mechanism=PLAIN
        sasl.jaas.config=\(property(login(facts)))
        # The certificate authority of this server
        ssl.truststore.type=PEM
        ssl.truststore.location=\(property(facts.caPath))
        client.dns.lookup=use_all_dns_ips
        session.timeout.ms=45000
        acks=all

        """
    }

    /// Keys in quotes are not split at their dots (HOCON).
    private static func ktor(_ facts: Facts) -> String {
        """
        # Ktor, application.conf: environment.config.config("kafka").toMap() are the properties of a Kafka client
        kafka {
            "bootstrap.servers" = \(quoted(facts.bootstrap))
            "security.protocol" = "SASL_SSL"
            "sasl.mechanism" = "PLAIN"
            "sasl.jaas.config" = \(quoted(login(facts)))
            # The certificate authority of this server
            "ssl.truststore.type" = "PEM"
            "ssl.truststore.location" = \(quoted(facts.caPath))
            "session.timeout.ms" = "45000"
        }

        """
    }

    private static func spring(_ facts: Facts) -> String {
        """
        # Spring Boot, application.properties
        spring.kafka.bootstrap-servers=\(facts.bootstrap)
        spring.kafka.properties.security.protocol=SASL_SSL
        spring.kafka.properties.sasl.mechanism=PLAIN
        spring.kafka.properties.sasl.jaas.config=\(property(login(facts)))
        # The certificate authority of this server
        spring.kafka.properties.ssl.truststore.type=PEM
        spring.kafka.properties.ssl.truststore.location=\(property(facts.caPath))
        spring.kafka.properties.session.timeout.ms=45000

        """
    }

    private static func curl(_ facts: Facts) -> String {
        """
        # curl -K FILE; more below the same address: /topics, /consumer-groups, …
        url = \(quoted(facts.rest))
        user = \(quoted(facts.key + ":" + facts.secret))

        """
    }

    private static func librdkafka(_ facts: Facts) -> [(String, String)] {
        [
            ("bootstrap.servers", facts.bootstrap),
            ("security.protocol", "SASL_SSL"),
            ("sasl.mechanisms", "PLAIN"),
            ("sasl.username", facts.key),
            ("sasl.password", facts.secret),
            ("ssl.ca.location", facts.caPath),
            ("session.timeout.ms", "45000"),
        ]
    }

    private static func properties(_ entries: [(String, String)], _ comment: String) -> String {
        ([comment] + entries.map { "\($0.0)=\($0.1)" }).joined(separator: "\n") + "\n"
    }

    private static func python(_ facts: Facts) -> String {
        let entries = librdkafka(facts).map { name, value in
            let isNumber = !value.isEmpty && value.allSatisfy { $0.isASCII && $0.isNumber }
            return "    \"\(name)\": \(isNumber ? value : quoted(value)),"
        }
        return
            ([
                "# confluent_kafka.Producer(config), confluent_kafka.Consumer({**config, \"group.id\": \"…\"})",
                "config = {",
            ]
            + entries + ["}"]).joined(separator: "\n") + "\n"
    }

    // MARK: Escapes

    /// Inside single quotes of a JAAS entry.
    private static func jaas(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    }

    /// A value in a Java properties file.
    private static func property(_ text: String) -> String {
        text.replacing("\\", with: "\\\\")
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
