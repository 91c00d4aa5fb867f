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

    @Argument(help: "Kafka cluster ID or name (default: that of \"twinlog kafka cluster use\").")
    var id: String?

    @OptionGroup var environment: EnvironmentOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        var scope = ClusterOptions()
        scope.cluster = id
        scope.environment = environment
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: false)
        let topics = try client.list(cluster.path + "/topics").count
        let current = client.context.clusters[environment.id(client)]
        output.show(ClusterDescribeCommand.box(cluster, current: current, topics: topics))
    }

    /// - Parameter topics: how many there are; nil when nobody asked.
    static func box(_ cluster: ClusterSummary, current: String?, topics: Int?) -> Box {
        var fields: [(Column, JSON)] = [
            (Column("Current", key: "is_current"), .bool(cluster.id == current)),
            (Column("ID"), .string(cluster.id)),
            (Column("Name"), .string(cluster.name)),
            (Column("Type"), .string(cluster.type)),
        ]
        if let cku = cluster.cku {
            fields.append((Column("Cluster Size"), .int(cku)))
        }
        fields += [
            (Column("Ingress Limit (MB/s)", key: "ingress_limit"), "unlimited"),
            (Column("Egress Limit (MB/s)", key: "egress_limit"), "unlimited"),
            (Column("Storage"), "unlimited"),
            (Column("Cloud"), .string(cluster.cloud)),
            (Column("Region"), .string(cluster.region)),
            (Column("Availability"), .string(cluster.availabilityText)),
            (Column("Network", optional: true), ""),
            (Column("Status"), .string(cluster.status)),
            (Column("Deletion Protection"), .bool(cluster.deletionProtection)),
            (Column("Endpoint"), .string(cluster.endpoint)),
            (Column("REST Endpoint"), .string(cluster.restEndpoint)),
        ]
        if let topics {
            fields.append((Column("Topic Count", optional: true), JSON(topics)))
        }
        return Box(fields)
    }
}
