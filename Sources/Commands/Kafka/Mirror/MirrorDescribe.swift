import ArgumentParser
import RESTAPI

struct MirrorDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Describe a mirror topic, partition by partition.",
        discussion: """
            Examples:
              twinlog kafka mirror describe link-topic --link my-link --cluster lkc-dest
            """)

    @Argument(help: "Name of the mirror topic.")
    var mirrorTopic: String

    @Option(help: "Name of the cluster link.")
    var link: String

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: true)
        output.show(MirrorDescribeCommand.table(try client.mirror(mirrorTopic, link: link, of: cluster)))
    }

    static func table(_ mirror: JSON) -> Table {
        var columns = [
            Column("Link Name"), Column("Mirror Topic Name"), Column("Source Topic Name"), Column("Mirror Status"),
            Column("Mirror Topic Error"), Column("Status Time (ms)"), Column("Partition"),
            Column("Partition Mirror Lag"), Column("Last Source Fetch Offset"),
        ]
        // Ours, and there only when there is something to say.
        let message = mirror["mirror_topic_error_message"]?.string.map { [JSON.string($0)] } ?? []
        columns += message.map { _ in Column("Error Message") }
        return Table(
            columns,
            rows: (mirror["mirror_lags"]?.array ?? []).map { lag in
                [
                    mirror["link_name"] ?? .null, mirror["mirror_topic_name"] ?? .null,
                    mirror["source_topic_name"] ?? .null, mirror["mirror_status"] ?? .null,
                    mirror["mirror_topic_error"] ?? .null, mirror["state_time_ms"] ?? .null,
                    lag["partition"] ?? .null, lag["lag"] ?? .null, lag["last_source_fetch_offset"] ?? .null,
                ] + message
            })
    }
}

extension RESTClient {
    func mirror(_ topic: String, link: String, of cluster: ClusterSummary) throws -> JSON {
        _ = try self.link(link, of: cluster)
        do {
            return try get("\(linkPath(link, of: cluster))/mirrors/\(PercentEncoding.encode(topic))")
        } catch let failure as RESTFailure where failure.status == 404 {
            throw CLIError("mirror topic \"\(topic)\" not found under cluster link \"\(link)\"")
        }
    }
}
