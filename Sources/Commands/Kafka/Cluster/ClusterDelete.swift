import ArgumentParser
import RESTAPI

struct ClusterDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete Kafka clusters with all their data.",
        discussion: """
            Asks for the name of each cluster first.

            Examples:
              twinlog kafka cluster delete lkc-source
              twinlog kafka cluster delete lkc-source lkc-dest --environment env-local --force
            """)

    @Argument(help: "Kafka cluster IDs or names.")
    var ids: [String]

    @Flag(help: "Do not ask.")
    var force = false

    @OptionGroup var environment: EnvironmentOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let environment = environment.id(client)
        let known = try client.clusters(environment: environment)
        let clusters = try ids.map { try ClusterOptions.find($0, in: known) }
        for cluster in clusters {
            try Confirmation.askForName("Kafka cluster \"\(cluster.id)\"", name: cluster.name, force: force)
        }
        for cluster in clusters {
            try Progress.show("Deleting Kafka cluster \"\(cluster.id)\"") {
                try client.send(.delete, ClusterSummary.controlPath(cluster.id, environment: environment))
            }
            try Contexts.update(client.http.server.description) { $0.forget(cluster: cluster.id) }
            StandardOutput.print("Deleted Kafka cluster \"\(cluster.id)\".")
        }
    }
}
