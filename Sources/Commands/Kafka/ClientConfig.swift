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

    @OptionGroup var login: ClientLogin
    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let facts = try login.facts(scope, global)
        if facts.key == nil {
            Platform.printError("There is no API key for the cluster: run \"twinlog api-key create\", or put one in.")
        }
        StandardOutput.print(facts.render(language.client), terminator: "")
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
