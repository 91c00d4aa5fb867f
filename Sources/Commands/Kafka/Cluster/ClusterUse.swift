import ArgumentParser

struct ClusterUseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Use a Kafka cluster in later commands.",
        discussion: """
            Examples:
              twinlog kafka cluster use lkc-dest
            """)

    @Argument(help: "Kafka cluster ID or name.")
    var id: String

    @OptionGroup var environment: EnvironmentOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let environment = environment.id(client)
        let cluster = try ClusterOptions.find(id, in: try client.clusters(environment: environment))
        try Contexts.update(client.http.server.description) { $0.clusters[environment] = cluster.id }
        StandardOutput.print(
            "Set Kafka cluster \"\(cluster.id)\" as the active cluster for environment \"\(environment)\".")
    }
}
