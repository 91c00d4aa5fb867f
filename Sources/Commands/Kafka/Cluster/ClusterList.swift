import ArgumentParser
import RESTAPI

struct ClusterListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List Kafka clusters.",
        discussion: """
            Examples:
              twinlog kafka cluster list
              twinlog kafka cluster list --environment env-local -o json
            """)

    @Flag(help: "Clusters of all environments.")
    var all = false

    @OptionGroup var environment: EnvironmentOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let environments =
            all
            ? try client.list("/org/v2/environments?page_size=100").compactMap { $0["id"]?.string }
            : [environment.id(client)]
        var rows: [[JSON]] = []
        for environment in environments {
            let current = client.context.clusters[environment]
            rows += try client.clusters(environment: environment).map { ClusterListCommand.row($0, current: current) }
        }
        output.show(ClusterListCommand.table(rows))
    }

    static func table(_ rows: [[JSON]]) -> Table {
        Table(
            [
                Column("Current", key: "is_current", marks: true), Column("ID"), Column("Name"), Column("Type"),
                Column("Cloud"),
                Column("Region"), Column("Availability"), Column("Network", optional: true), Column("Status"),
                Column("Deletion Protection"), Column("Endpoint"),
            ], rows: rows)
    }

    static func row(_ cluster: ClusterSummary, current: String?) -> [JSON] {
        [
            .bool(cluster.id == current), .string(cluster.id), .string(cluster.name), .string(cluster.type),
            .string(cluster.cloud), .string(cluster.region), .string(cluster.availabilityText), "",
            .string(cluster.status), .bool(cluster.deletionProtection), .string(cluster.endpoint),
        ]
    }
}
