import ArgumentParser
import RESTAPI

struct ClusterDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Describe a Kafka cluster.",
        discussion: """
            Examples:
              twinlog kafka cluster describe lkc-source
              twinlog kafka cluster describe dest-cluster -o yaml
            """)

    @Argument(help: "Kafka cluster ID or name.")
    var id: String

    @Option(help: "Environment ID. There is one, env-local.")
    var environment: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        var scope = ClusterOptions()
        scope.cluster = id
        scope.environment = environment
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: false)
        let topics = try client.list(cluster.path + "/topics").count
        output.show(ClusterDescribeCommand.box(cluster, topics: topics, url: client.http.server.description))
    }

    static func box(_ cluster: ClusterSummary, topics: Int, url: String) -> Box {
        var fields: [(Column, JSON)] = [
            (Column("ID"), .string(cluster.id)),
            (Column("Name"), .string(cluster.name)),
            (Column("Type"), .string(cluster.type)),
            (Column("Cloud"), "local"),
            (Column("Region"), "local"),
            (Column("Availability"), "single-zone"),
            (Column("Status"), .string(cluster.status)),
            (Column("Endpoint"), .string(cluster.endpoint)),
            (Column("REST Endpoint"), .string(url)),
            (Column("Topic Count"), JSON(topics)),
        ]
        for (listener, address) in cluster.bootstrap.sorted(by: { $0.key < $1.key }) {
            fields.append((Column("\(listener) Listener"), .string(address)))
        }
        return Box(fields)
    }
}
