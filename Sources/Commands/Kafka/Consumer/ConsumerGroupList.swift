import ArgumentParser
import RESTAPI

struct ConsumerGroupListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List consumer groups.",
        discussion: """
            Examples:
              twinlog kafka consumer group list --cluster lkc-dest
            """)

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: false)
        output.show(ConsumerGroupListCommand.table(try client.list(cluster.path + "/consumer-groups")))
    }

    static let columns = [
        Column("Cluster"), Column("Consumer Group"), Column("Coordinator"), Column("Simple", key: "is_simple"),
        Column("Partition Assignor"), Column("State"),
    ]

    static func row(_ group: JSON) -> [JSON] {
        let coordinator = group["coordinator"]?["related"]?.string?.split(separator: "/").last ?? ""
        return [
            LinkList.text(group["cluster_id"]), LinkList.text(group["consumer_group_id"]),
            .string(String(coordinator)), group["is_simple"] ?? false, LinkList.text(group["partition_assignor"]),
            LinkList.text(group["state"]),
        ]
    }

    static func table(_ groups: [JSON]) -> Table {
        Table(columns, rows: groups.map { row($0) }, whenEmpty: "No consumer groups found.")
    }
}

struct ConsumerGroupDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Describe a consumer group.",
        discussion: """
            Examples:
              twinlog kafka consumer group describe readers --cluster lkc-dest
            """)

    @Argument(help: "Consumer group ID.")
    var group: String

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: false)
        let row = ConsumerGroupListCommand.row(try client.group(group, of: cluster))
        output.show(Box(Array(zip(ConsumerGroupListCommand.columns, row))))
    }
}
