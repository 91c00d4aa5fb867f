import ArgumentParser
import RESTAPI

struct LinkConfigurationListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the configs of a cluster link.",
        discussion: """
            Examples:
              twinlog kafka link configuration list my-link --cluster lkc-dest
            """)

    @Argument(help: "Name of the cluster link.")
    var link: String

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: true)
        _ = try client.link(link, of: cluster)
        let configs = try client.list(client.linkPath(link, of: cluster) + "/configs")
        output.show(LinkConfigurationListCommand.table(configs, destination: cluster.id))
    }

    /// The confluent CLI adds a row of its own for the destination; scripts look for it.
    static func table(_ configs: [JSON], destination: String) -> Table {
        var rows = configs.map { config -> [JSON] in
            [
                LinkList.text(config["name"]), LinkList.text(config["value"]), config["is_read_only"] ?? false,
                config["is_sensitive"] ?? false, LinkList.text(config["source"]), config["synonyms"] ?? [],
            ]
        }
        rows.append(["dest.cluster.id", .string(destination), true, true, "", []])
        rows.sort { ($0[0].string ?? "") < ($1[0].string ?? "") }
        return Table(
            [
                Column("Config Name"), Column("Config Value"), Column("Read-Only"), Column("Sensitive"),
                Column("Source"), Column("Synonyms"),
            ], rows: rows)
    }
}
