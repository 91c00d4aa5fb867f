import ArgumentParser
import RESTAPI

struct APIKeyCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create an API key for a Kafka cluster.",
        discussion: """
            The secret is shown once. It is also stored for "kafka topic produce" and "kafka topic consume".

            Examples:
              twinlog api-key create --resource lkc-source
              twinlog api-key create --resource lkc-source --description "for the link" --use
            """)

    @Option(help: "Kafka cluster ID or name.")
    var resource: String

    @Option(help: "What the key is for.")
    var description: String?

    @Flag(help: "Use the key in later commands, instead of another one that is stored.")
    var use = false

    @OptionGroup var environment: EnvironmentOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let environment = environment.id(client)
        let cluster = try ClusterOptions.find(resource, in: try client.clusters(environment: environment))
        let answer = try client.send(.post, "/iam/v2/api-keys", body(cluster.id, environment))
        guard let key = answer["id"]?.string, let secret = answer["spec"]?["secret"]?.string else {
            throw CLIError("the server's answer holds no key")
        }
        let problem = remember(KeyPair(key: key, secret: secret), cluster.id, client)
        if output.output == .human {
            Platform.printError("Save the API key and secret. The secret is not retrievable later.")
        }
        output.show(Box([(Column("API Key"), .string(key)), (Column("API Secret"), .string(secret))]))
        switch (StandardOutput.failure, problem) {
        case (nil, nil): break
        case (nil, let problem?):
            let text = "API key \"\(key)\" is not stored for later commands: \(problem)"
            guard !use else {
                throw CLIError(text)
            }
            Platform.printError("Warning: " + text)
        case (let failure?, nil):
            throw CLIError("\(failure): API key \"\(key)\" and its secret are in \(try Contexts.path())")
        case (let failure?, let problem?):
            throw takeBack(key, client, because: "\(failure), and \(problem)")
        }
    }

    /// - Returns: why it cannot be remembered.
    private func remember(_ pair: KeyPair, _ cluster: String, _ client: RESTClient) -> CLIError? {
        let isFirst = client.context.key(for: cluster) == nil
        do throws(CLIError) {
            try Contexts.update(client.http.server.description) { context in
                context.store(pair, for: cluster, activate: use || isFirst)
            }
            return nil
        } catch {
            return error
        }
    }

    /// Deletes a key whose secret nobody has got to know.
    private func takeBack(_ key: String, _ client: RESTClient, because reason: String) -> CLIError {
        do {
            try client.send(.delete, "/iam/v2/api-keys/\(PercentEncoding.encode(key))")
            return CLIError("\(reason): no API key was made")
        } catch {
            return CLIError("\(reason): API key \"\(key)\" is of no use and could not be deleted: \(error)")
        }
    }

    private func body(_ cluster: String, _ environment: String) -> JSON {
        [
            "spec": [
                "display_name": "",
                "description": .string(description ?? ""),
                "owner": ["id": "u-local"],
                "resource": ["id": .string(cluster), "environment": .string(environment)],
            ]
        ]
    }
}
