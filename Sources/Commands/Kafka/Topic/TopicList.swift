import ArgumentParser
import RESTAPI

struct TopicListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List topics.",
        discussion: """
            Examples:
              twinlog kafka topic list --cluster lkc-source
            """)

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: false)
        output.show(TopicListCommand.table(try client.list(cluster.path + "/topics")))
    }

    static func table(_ topics: [JSON]) -> Table {
        Table(
            [
                Column("Name"), Column("Internal", key: "is_internal"), Column("Replication Factor"),
                Column("Partition Count"),
            ],
            rows: topics.map { topic in
                [
                    topic["topic_name"] ?? .null, topic["is_internal"] ?? .null, topic["replication_factor"] ?? .null,
                    topic["partitions_count"] ?? .null,
                ]
            })
    }
}
