import ArgumentParser
import RESTAPI

struct LinkListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List cluster links.",
        discussion: """
            Examples:
              twinlog kafka link list --cluster lkc-dest
              twinlog kafka link list --include-topics
            """)

    @Flag(help: "One row for each mirror topic.")
    var includeTopics = false

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: true)
        output.show(LinkListCommand.table(try client.list(cluster.path + "/links"), includeTopics: includeTopics))
    }

    static func table(_ links: [JSON], includeTopics: Bool) -> Table {
        var columns = LinkList.names
        if includeTopics {
            columns.append(Column("Topic Name"))
        }
        columns += LinkList.standingColumns
        var rows: [[JSON]] = []
        for link in links {
            let topics = includeTopics ? link["topic_names"]?.array ?? [] : []
            for topic in topics.isEmpty ? [JSON("")] : topics {
                var row = [LinkList.text(link["link_name"]), LinkList.text(link["cluster_link_id"])]
                if includeTopics {
                    row.append(topic)
                }
                rows.append(row + LinkList.standing(link))
            }
        }
        return Table(columns, rows: rows)
    }
}

enum LinkList {
    static let names = [Column("Name", key: "link_name"), Column("ID", key: "link_id", optional: true)]

    static let standingColumns = [
        Column("Source Cluster", optional: true), Column("Destination Cluster", optional: true),
        Column("Remote Cluster", optional: true), Column("State"), Column("Error", optional: true),
        Column("Error Message", optional: true),
    ]

    static func text(_ value: JSON?) -> JSON {
        .string(value?.string ?? "")
    }

    /// Clusters, state and error of a link; NO_ERROR is not worth a word.
    static func standing(_ link: JSON) -> [JSON] {
        let error = link["link_error"]?.string ?? ""
        return [
            text(link["source_cluster_id"]), text(link["destination_cluster_id"]), text(link["remote_cluster_id"]),
            text(link["link_state"]), .string(error == "NO_ERROR" ? "" : error), text(link["link_error_message"]),
        ]
    }
}
