import ArgumentParser
import RESTAPI

struct ClusterListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List Kafka clusters.",
        discussion: """
            Examples:
              twinlog kafka cluster list
              twinlog kafka cluster list -o json
            """)

    @Option(help: "Environment ID. There is one, env-local.")
    var environment: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        var scope = ClusterOptions()
        scope.environment = environment
        try scope.checkEnvironment()
        output.show(ClusterListCommand.table(try global.client().clusters()))
    }

    static func table(_ clusters: [ClusterSummary]) -> Table {
        Table(
            [
                Column("ID"), Column("Name"), Column("Type"), Column("Cloud"),
                Column("Region"), Column("Availability"), Column("Status"), Column("Endpoint"),
            ],
            rows: clusters.map { cluster in
                [
                    .string(cluster.id), .string(cluster.name), .string(cluster.type), "local",
                    "local", "single-zone", .string(cluster.status), .string(cluster.endpoint),
                ]
            },
            whenEmpty: "No clusters found.")
    }
}
