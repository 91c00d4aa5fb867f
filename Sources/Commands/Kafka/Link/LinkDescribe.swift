import ArgumentParser
import RESTAPI

struct LinkDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Describe a cluster link.",
        discussion: """
            Examples:
              twinlog kafka link describe my-link --cluster lkc-dest
            """)

    @Argument(help: "Name of the cluster link.")
    var link: String

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: true)
        output.show(LinkDescribeCommand.box(try client.link(link, of: cluster)))
    }

    static func box(_ link: JSON) -> Box {
        let names = [LinkList.text(link["link_name"]), LinkList.text(link["cluster_link_id"])]
        var fields = Array(zip(LinkList.names + LinkList.standingColumns, names + LinkList.standing(link)))
        let counts = (link["category_counts"]?.array ?? []).compactMap { entry -> String? in
            guard let state = entry["state_category"]?.string, let count = entry["count"]?.int else {
                return nil
            }
            return "\(state): \(count)"
        }
        fields.append(
            (Column("Mirror Partition States Count", optional: true), .string(counts.joined(separator: ", "))))
        return Box(fields)
    }
}

extension RESTClient {
    func linkPath(_ link: String, of cluster: ClusterSummary) -> String {
        "\(cluster.path)/links/\(PercentEncoding.encode(link))"
    }

    /// A link's description, or the error that users of the confluent CLI know.
    func link(_ name: String, of cluster: ClusterSummary, query: String = "") throws -> JSON {
        do {
            return try get(linkPath(name, of: cluster) + query)
        } catch let failure as RESTFailure where failure.status == 404 {
            throw CLIError("cluster link \"\(name)\" not found")
        }
    }
}
