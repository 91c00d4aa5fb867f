import ArgumentParser

struct APIKeyUseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Use a stored API key in later commands.",
        discussion: """
            Examples:
              twinlog api-key use ABCDEFGHIJKLMNOP
            """)

    @Argument(help: "API key.")
    var key: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let contexts = try Contexts.load()
        let server = try global.server(contexts).description
        let keys = contexts.servers[server]?.keys ?? [:]
        guard let cluster = keys.first(where: { $0.value.secrets[key] != nil })?.key else {
            throw CLIError("no secret is stored for API key \"\(key)\": run \"twinlog api-key store\" first")
        }
        try Contexts.update(server) { $0.keys[cluster]?.active = key }
        StandardOutput.print("Using API Key \"\(key)\".")
    }
}

struct APIKeyStoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Store the secret of an API key that was made elsewhere.",
        discussion: """
            Asks for what is not given. The secret is written to a file that only you can read.

            Examples:
              twinlog api-key store ABCDEFGHIJKLMNOP
              twinlog api-key store ABCDEFGHIJKLMNOP "$SECRET" --resource lkc-source
            """)

    @Argument(help: "API key.")
    var key: String?

    @Argument(help: "API secret.")
    var secret: String?

    @Option(help: "Kafka cluster ID or name (default: the key's, as the server knows it).")
    var resource: String?

    @Flag(help: "Replace a secret that is stored already.")
    var force = false

    @OptionGroup var environment: EnvironmentOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let key = try key ?? ask("Key: ") { try Prompt.line($0) }
        let secret = try secret ?? ask("Secret: ") { try Prompt.secret($0) }
        let described = try client.apiKey(key)
        var cluster = described["spec"]?["resource"]?["id"]?.string ?? ""
        if let resource {
            cluster = try ClusterOptions.find(resource, in: try client.clusters(environment: environment.id(client))).id
        }
        if !force, client.context.keys[cluster]?.secrets[key] != nil {
            throw CLIError("a secret is stored for API key \"\(key)\" already: add --force to replace it")
        }
        let isFirst = client.context.key(for: cluster) == nil
        try Contexts.update(client.http.server.description) { context in
            context.store(KeyPair(key: key, secret: secret), for: cluster, activate: isFirst)
        }
        StandardOutput.print("Stored API secret for API key \"\(key)\".")
    }

    private func ask(_ question: String, _ prompt: (String) throws -> String) throws -> String {
        guard Prompt.isPossible else {
            throw CLIError("there is no terminal to ask for the key: give KEY and SECRET")
        }
        return try prompt(question)
    }
}
