import ArgumentParser
import RESTAPI

struct TopicDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Describe a topic.",
        discussion: """
            Examples:
              twinlog kafka topic describe link-topic --cluster lkc-source
            """)

    @Argument(help: "Topic name.")
    var topic: String

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: false)
        output.show(TopicDescribeCommand.box(try client.topic(topic, of: cluster)))
    }

    static func box(_ topic: JSON) -> Box {
        Box([
            (Column("Name"), topic["topic_name"] ?? .null),
            (Column("Internal", key: "is_internal"), topic["is_internal"] ?? .null),
            (Column("Replication Factor"), topic["replication_factor"] ?? .null),
            (Column("Partition Count"), topic["partitions_count"] ?? .null),
        ])
    }
}

extension RESTClient {
    /// A topic's description, or the error that users of the confluent CLI know.
    func topic(_ name: String, of cluster: ClusterSummary) throws -> JSON {
        do {
            return try get("\(cluster.path)/topics/\(PercentEncoding.encode(name))")
        } catch let failure as RESTFailure where failure.code == 40403 {
            throw CLIError("unknown topic \"\(name)\"")
        }
    }
}
