import ArgumentParser
import Emulator

/// `twinlog serve`: runs the clusters until it is told to stop.
package struct ServeCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the clusters and the REST API until interrupted.",
        discussion: """
            Starts source-cluster (lkc-source, 127.0.0.1:9092), dest-cluster (lkc-dest, 127.0.0.1:9192) and the REST \
            API (http://127.0.0.1:8090). Every option can also be given in the environment (TWINLOG_DATA_DIR, …) or \
            in the file of --config; flags win over the environment, and that over the file.

            Exit codes: 0 after SIGTERM or SIGINT; 64 wrong flags; 78 wrong configuration; 69 an address cannot be \
            listened on; 73 the data directory or ready file cannot be made or is in use; 74 logs \
            cannot be read, or at the end something could not be written, for instance on a full disk: what was \
            acknowledged is kept then, and the next start checks the logs; 130 when a signal asks again, more than a \
            second after the first: then nothing is waited for, and the next start checks the logs too.
            """)

    @Option(help: ArgumentHelp("Keep data here (default ./twinlog-data).", valueName: "DIR"))
    var dataDir: String?

    @Flag(help: "Keep data in memory only.")
    var ephemeral = false

    @Option(help: ArgumentHelp("Listen on this address (default 127.0.0.1).", valueName: "HOST"))
    var listen: String?

    @Option(help: ArgumentHelp("Tell clients to dial this host (default: the address listened on).", valueName: "HOST"))
    var advertise: String?

    @Flag(help: "Permit --listen with an address that other machines can reach.")
    var allowRemote = false

    @Option(
        help: ArgumentHelp(
            """
            'required' makes HTTP requests name an API key or a session, and needs TWINLOG_EMAIL and TWINLOG_PASSWORD; \
            'open' does not (default open).
            """, valueName: "WHICH"))
    var httpAuth: String?

    @Option(help: ArgumentHelp("Virtual brokers per cluster, 1 to 10 (default 1).", valueName: "N"))
    var brokers: String?

    @Option(help: ArgumentHelp("'default', or 'auto' to let the system choose every port.", valueName: "WHICH"))
    var ports: String?

    @Option(
        help: ArgumentHelp(
            """
            PLAINTEXT port of the first cluster's first broker (default 9092). SASL_SSL and SASL_PLAINTEXT follow, \
            each further broker is 10 above, each further cluster 100.
            """, valueName: "N"))
    var portBase: String?

    @Option(help: ArgumentHelp("Port of the REST API (default 8090).", valueName: "N"))
    var httpPort: String?

    @Option(help: ArgumentHelp("Write addresses to this file as JSON once everything accepts.", valueName: "FILE"))
    var readyFile: String?

    @Option(
        help: ArgumentHelp(
            "What an acknowledgement means: 'os', in the page cache, or 'fsync', on disk (default os).",
            valueName: "POLICY"))
    var durability: String?

    @Option(help: ArgumentHelp("A Kafka broker config for all clusters; repeatable.", valueName: "KEY=VALUE"))
    var brokerConfig: [String] = []

    @Option(help: ArgumentHelp("Kafka release whose API versions are advertised (default 4.2).", valueName: "V"))
    var asVersion: String?

    @Option(help: ArgumentHelp("Read options from this YAML file.", valueName: "FILE"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Show this certificate, and those behind it, to TLS clients (PEM; default: one of our own authority).",
            valueName: "FILE"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The key of --tls-certificate (PEM, not encrypted).", valueName: "FILE"))
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "What clients have to trust, for client configurations (PEM; default: --tls-certificate).",
            valueName: "FILE"))
    var tlsCa: String?

    @Option(
        help: ArgumentHelp(
            "Go on without missing records of this partition; __cluster_metadata-0: the metadata log; repeatable.",
            valueName: "[CLUSTER/]TOPIC-PARTITION"))
    var acceptDataLoss: [String] = []

    @Flag(help: "Make no clusters on a first start; those that are there are started.")
    var empty = false

    @Flag(help: "Print nothing but errors.")
    var quiet = false

    @Option(
        help: ArgumentHelp(
            "trace, debug, info, notice, warning, error or critical (default info).", valueName: "LEVEL"))
    var logLevel: String?

    package init() {}

    package func run() async throws {
        try await ServeCommand.run { () throws(StartError) in try settings() }
    }

    /// `serve` with sound flags, without the parser.
    ///
    /// - Parameter arguments: the command line after the program's name.
    /// - Returns: false for everything else, and for whatever the parser has to explain; then nothing was done.
    static func runsAlone(_ arguments: [String]) async throws -> Bool {
        guard arguments.first == "serve", let settings = ServeFlags.settings(arguments.dropFirst()) else {
            return false
        }
        try await run { () throws(StartError) in settings }
        return true
    }

    private static func run(_ settings: () throws(StartError) -> ServeSettings) async throws {
        do throws(StartError) {
            let configuration = try ServeConfiguration.resolve(
                flags: settings(), environment: ServerEnvironment.variables(), readFile: ServerEnvironment.text)
            try await Server.run(configuration)
        } catch {
            Console.err("twinlog: \(error.message)")
            throw ExitCode(error.status.rawValue)
        }
    }

    /// What this command line says, unparsed.
    func settings() throws(StartError) -> ServeSettings {
        var settings = ServeSettings()
        let values: [(ServeOption, String?)] = [
            (.dataDirectory, dataDir), (.listen, listen), (.advertise, advertise), (.brokers, brokers),
            (.ports, ports), (.portBase, portBase), (.httpPort, httpPort),
            (.readyFile, readyFile), (.durability, durability), (.asVersion, asVersion),
            (.config, config), (.logLevel, logLevel), (.tlsCertificate, tlsCertificate), (.tlsKey, tlsKey),
            (.tlsAuthority, tlsCa), (.httpAuth, httpAuth), (.ephemeral, ephemeral ? "true" : nil),
            (.allowRemote, allowRemote ? "true" : nil), (.empty, empty ? "true" : nil), (.quiet, quiet ? "true" : nil),
        ]
        for case (let option, let value?) in values {
            settings.set(option, value, .flag(option.rawValue))
        }
        for name in acceptDataLoss {
            settings.set(.acceptDataLoss, name, .flag(ServeOption.acceptDataLoss.rawValue))
        }
        for pair in brokerConfig {
            try settings.setBrokerConfig(pair, .flag(ServeOption.brokerConfig.rawValue))
        }
        return settings
    }
}
