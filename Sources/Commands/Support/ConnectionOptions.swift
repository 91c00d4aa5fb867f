import ArgumentParser
import KafkaClient
import RESTAPI

/// Where a command's Kafka client connects, and how.
struct KafkaEndpoint: Sendable {
    /// `HOST:PORT`, several separated by commas.
    var bootstrap: String
    var security = ClientSecurity.plaintext
    /// Certificate to trust beside those of the system, in PEM.
    var authority: String?
    /// Which key is used that the user has not named, and what to do when the cluster does not take it.
    var rememberedKey: String?
}

/// How `topic produce` and `topic consume` reach the cluster.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "API key (default: the one stored for the cluster; without any, the PLAINTEXT listener is used).")
    var apiKey: String?

    @Option(help: "API secret.")
    var apiSecret: String?

    @Option(
        name: [.customLong("bootstrap"), .customLong("bootstrap-server")],
        help: "HOST:PORT of any Kafka cluster, instead of --cluster.")
    var bootstrap: String?

    @Option(help: "File with configs of a Java client (bootstrap.servers, security.protocol, …), instead of --cluster.")
    var configFile: String?

    @Option(help: "Configs of a Java client: key=value pairs separated by commas; repeatable.")
    var config: [String] = []

    @Option(name: .customLong("protocol"), help: "Security protocol: PLAINTEXT, SSL, SASL_SSL or SASL_PLAINTEXT.")
    var securityProtocol: String?

    @Option(help: "SASL mechanism, for example PLAIN.")
    var saslMechanism: String?

    func check() throws {
        guard (apiKey == nil) == (apiSecret == nil) else {
            throw ValidationError("--api-key and --api-secret go together.")
        }
    }

    private var givenKey: KeyPair? {
        if let apiKey, let apiSecret { KeyPair(key: apiKey, secret: apiSecret) } else { nil }
    }

    func endpoint(_ scope: ClusterOptions, _ global: GlobalOptions) throws -> KafkaEndpoint {
        var configs: [String: String] = [:]
        for source in [configFile.map { [$0] } ?? [], config] {
            try configs.merge(KeyValueConfig.parse(source)) { _, last in last }
        }
        configs["security.protocol"] = securityProtocol ?? configs["security.protocol"]
        configs["sasl.mechanism"] = saslMechanism ?? configs["sasl.mechanism"]
        if configFile != nil, bootstrap == nil, configs["bootstrap.servers"] == nil, scope.cluster == nil {
            throw CLIError("\"\(configFile ?? "")\" has no bootstrap.servers: add --cluster or --bootstrap")
        }
        if let givenKey {
            configs.merge(SecurityConfigs.plain(givenKey)) { _, flag in flag }
        }
        guard let bootstrap = bootstrap ?? configs["bootstrap.servers"] else {
            return try endpoint(of: scope, configs, try global.client())
        }
        let security = try ConnectionOptions.security(configs)
        guard security.tls?.trust == .system else {
            return KafkaEndpoint(bootstrap: bootstrap, security: security)
        }
        // It may be a cluster of ours, whose certificate no system knows.
        let authority = try? global.client(timeoutMs: ConnectionOptions.askMs).authority()
        return KafkaEndpoint(bootstrap: bootstrap, security: security, authority: authority)
    }

    /// How long a server that need not exist is asked.
    private static let askMs: Int64 = 2_000

    private func endpoint(
        of scope: ClusterOptions, _ configs: [String: String], _ client: RESTClient
    ) throws -> KafkaEndpoint {
        let cluster = try scope.resolve(client, destination: false)
        let listeners = try client.listeners(of: cluster)
        var configs = configs
        var remembered: String?
        if configs["security.protocol"] == nil, let stored = client.context.key(for: cluster.id),
            listeners["SASL_SSL"] != nil
        {
            configs.merge(SecurityConfigs.plain(stored)) { own, _ in own }
            // Not so where the user has named one.
            if configs["sasl.jaas.config"] == SecurityConfigs.plain(stored)["sasl.jaas.config"] {
                remembered =
                    "it was logged in with API key \"\(stored.key)\", which \(try Contexts.path()) holds for "
                    + "\(cluster.id) of \(client.http.server); a new server does not know the keys of an earlier one: "
                    + "make another with \"twinlog api-key create --resource \(cluster.id) --use\""
            }
        }
        let name = configs["security.protocol"]?.uppercased() ?? "PLAINTEXT"
        guard let address = listeners[name] else {
            throw CLIError(
                "Kafka cluster \"\(cluster.id)\" has no \(name) listener"
                    + (name == "PLAINTEXT" ? ": add --api-key and --api-secret" : ""))
        }
        let security = try ConnectionOptions.security(configs)
        return KafkaEndpoint(
            bootstrap: address, security: security, authority: security.tls == nil ? nil : try client.authority(),
            rememberedKey: remembered)
    }

    private static func security(_ configs: [String: String]) throws -> ClientSecurity {
        do throws(SecurityProblem) {
            return try ClientSecurity(configs: { configs[$0] })
        } catch {
            throw CLIError("\(error)")
        }
    }
}

extension RESTClient {
    /// Certificate of the authority that the server's listeners show.
    func authority() throws -> String {
        guard let pem = try get("/twinlog/v1/tls")["ca_pem"]?.string else {
            throw CLIError("the server's answer holds no certificate")
        }
        return pem
    }
}
