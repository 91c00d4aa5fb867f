import ArgumentParser
import RESTAPI

struct MirrorListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List mirror topics of a cluster or of one link.",
        discussion: """
            Examples:
              twinlog kafka mirror list --cluster lkc-dest
              twinlog kafka mirror list --link my-link --mirror-status active
            """)

    @Option(help: "Name of the cluster link (default: all links).")
    var link: String?

    @Option(help: "Only mirrors of this status: active, paused, failed, stopped, pending_stopped, …")
    var mirrorStatus: String?

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: true)
        if let link {
            _ = try client.link(link, of: cluster)
        }
        let query = mirrorStatus.map { "?mirror_status=\(PercentEncoding.encode($0.uppercased()))" } ?? ""
        let mirrors = try client.list(client.linkPath(link ?? "-", of: cluster) + "/mirrors" + query)
        output.show(MirrorListCommand.table(mirrors))
    }

    static func table(_ mirrors: [JSON]) -> Table {
        Table(
            [
                Column("Link Name"), Column("Mirror Topic Name"), Column("Source Topic Name"), Column("Mirror Status"),
                Column("Status Time (ms)"), Column("Num Partition"), Column("Max Per Partition Mirror Lag"),
            ],
            rows: mirrors.map { mirror in
                let lags = (mirror["mirror_lags"]?.array ?? []).compactMap { $0["lag"]?.int }
                return [
                    mirror["link_name"] ?? .null, mirror["mirror_topic_name"] ?? .null,
                    mirror["source_topic_name"] ?? .null, mirror["mirror_status"] ?? .null,
                    mirror["state_time_ms"] ?? .null, mirror["num_partitions"] ?? .null, JSON(lags.max() ?? 0),
                ]
            })
    }
}
