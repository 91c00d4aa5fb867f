import ArgumentParser
import Credentials
import RESTAPI

struct ClusterClientConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client-config", abstract: "Print a ready configuration for a Kafka client.",
        discussion: """
            The client logs in with an API key over TLS: the one given, otherwise the one that is stored for the \
            cluster; without any, placeholders are printed.

            Examples:
              twinlog kafka cluster client-config lkc-source --client python
              twinlog kafka cluster client-config lkc-source --client java > source.config
              twinlog kafka cluster client-config lkc-source --client kcat --api-key KEY --api-secret SECRET > kcat.conf
            """)

    @Argument(help: "Kafka cluster ID or name (default: that of \"twinlog kafka cluster use\").")
    var id: String?

    @Option(help: "java, librdkafka, python, kcat, spring, ktor or curl.")
    var client: ClientKind

    @OptionGroup var login: ClientLogin
    @OptionGroup var environment: EnvironmentOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        var scope = ClusterOptions()
        scope.cluster = id
        scope.environment = environment
        StandardOutput.print(try login.facts(scope, global).render(client), terminator: "")
    }
}

/// With which key a client is to log in, and where it finds the certificate to trust.
struct ClientLogin: ParsableArguments {
    @Option(help: ArgumentHelp("API key of the cluster.", valueName: "KEY"))
    var apiKey: String?

    @Option(help: ArgumentHelp("Secret of the API key.", valueName: "SECRET"))
    var apiSecret: String?

    @Option(
        help: ArgumentHelp(
            "Save the certificate to trust in this file, and refer to it (default: the server's own file).",
            valueName: "FILE"))
    var caFile: String?

    func validate() throws {
        guard (apiKey == nil) == (apiSecret == nil) else {
            throw ValidationError("--api-key and --api-secret go together.")
        }
    }

    func facts(_ scope: ClusterOptions, _ global: GlobalOptions) throws -> ClientFacts {
        try ClientFacts(try global.client(), scope, apiKey, apiSecret, caFile: caFile)
    }
}

/// What a client has to know of a cluster.
struct ClientFacts {
    let bootstrap: String
    let rest: String
    let caPath: String
    let key: String?
    let secret: String?

    init(
        _ client: RESTClient, _ scope: ClusterOptions, _ apiKey: String?, _ apiSecret: String?, caFile: String?
    ) throws {
        let cluster = try scope.resolve(client, destination: false)
        guard let bootstrap = try client.listeners(of: cluster)["SASL_SSL"] else {
            throw CLIError("Kafka cluster \"\(cluster.id)\" has no SASL_SSL listener")
        }
        let stored = client.context.key(for: cluster.id)
        self.bootstrap = bootstrap
        rest = "\(client.http.server)\(cluster.path)"
        caPath = try ClientFacts.authorityFile(client, caFile)
        key = apiKey ?? stored?.key
        secret = apiSecret ?? stored?.secret
    }

    func render(_ client: ClientKind) -> String {
        ClientConfiguration.render(
            client: client, bootstrap: bootstrap, rest: rest, caPath: caPath, key: key, secret: secret)
    }

    /// A file on this machine that holds the certificate to trust.
    private static func authorityFile(_ client: RESTClient, _ caFile: String?) throws -> String {
        let answer = try client.get("/twinlog/v1/tls")
        guard let caFile else {
            guard let path = answer["ca_file"]?.string, Platform.fileExists(path) else {
                throw CLIError("the server's certificate authority is in no file here: add --ca-file FILE to save it")
            }
            return path
        }
        do throws(CredentialError) {
            try SecretFiles.replace(caFile, with: Array((answer["ca_pem"]?.string ?? "").utf8), .everyone)
        } catch {
            throw CLIError("\(error)")
        }
        return SecretFiles.absolutePath(caFile)
    }
}

extension ClientKind: ExpressibleByArgument {}
