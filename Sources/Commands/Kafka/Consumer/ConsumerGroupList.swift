import ArgumentParser
import RESTAPI

struct ConsumerGroupListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List consumer groups.",
        discussion: """
            Examples:
              twinlog kafka consumer group list --cluster lkc-dest
            """)

    @OptionGroup var options: ConsumerOptions

    func run() throws {
        options.output.show(ConsumerGroupListCommand.table(try options.cluster().groups()))
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
        Table(columns, rows: groups.map { row($0) })
    }
}

struct ConsumerGroupDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Describe a consumer group.",
        discussion: """
            Examples:
              twinlog kafka consumer group describe readers --cluster lkc-dest
            """)

    @OptionGroup var group: GroupOptions

    func run() throws {
        let row = ConsumerGroupListCommand.row(try group.find().description)
        group.show(Box(Array(zip(ConsumerGroupListCommand.columns, row))))
    }
}
