import ArgumentParser

struct ClientConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client-config", abstract: "Configurations for Kafka clients.",
        subcommands: [ClientConfigCreateCommand.self, ClientConfigShortCommand.self],
        defaultSubcommand: ClientConfigShortCommand.self)
}

struct ClientConfigCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Print a ready configuration for the clients of a language.",
        discussion: """
            The client logs in with an API key over TLS: the one given, otherwise the one that is stored for the \
            cluster; without any, placeholders are printed, and a warning on standard error.

            Examples:
              twinlog kafka client-config create python --cluster lkc-source
              twinlog kafka client-config create java --cluster lkc-source > source.config
            """)

    @Argument(
        help: ArgumentHelp(ClientLanguage.allCases.map(\.rawValue).joined(separator: ", ") + ".", valueName: "language")
    )
    var language: ClientLanguage

    @Option(help: ArgumentHelp("API key of the cluster.", valueName: "KEY"))
    var apiKey: String?

    @Option(help: ArgumentHelp("Secret of the API key.", valueName: "SECRET"))
    var apiSecret: String?

    @Option(
        help: ArgumentHelp(
            "Save the certificate to trust in this file, and refer to it (default: the server's own file).",
            valueName: "FILE"))
    var caFile: String?

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (apiKey == nil) == (apiSecret == nil) else {
            throw ValidationError("--api-key and --api-secret go together.")
        }
    }

    func run() throws {
        let facts = try ClientFacts(try global.client(), scope, apiKey, apiSecret, caFile: caFile)
        if facts.key == nil {
            Platform.printError("There is no API key for the cluster: run \"twinlog api-key create\", or put one in.")
        }
        print(facts.render(language.client), terminator: "")
    }
}

extension ClientLanguage: ExpressibleByArgument {}

/// `kafka client-config CLUSTER --client KIND`, as `kafka cluster client-config` has it.
struct ClientConfigShortCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print", abstract: ClusterClientConfigCommand.configuration.abstract, shouldDisplay: false)

    @OptionGroup var command: ClusterClientConfigCommand

    func run() throws {
        try command.run()
    }
}
