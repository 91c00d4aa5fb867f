import ArgumentParser
import RESTAPI

struct LinkConfigurationUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change configs of a cluster link.",
        discussion: """
            Examples:
              twinlog kafka link configuration update my-link --cluster lkc-dest --config consumer.offset.sync.ms=5000
              twinlog kafka link configuration update my-link --cluster lkc-dest --config-file new.config
            """)

    @Argument(help: "Name of the cluster link.")
    var link: String

    @Option(
        name: [.customLong("config"), .customLong("config-file")],
        help: "Link configs: key=value pairs separated by commas, or a file with one pair a line; repeatable.")
    var config: [String]

    @Flag(help: "Only check whether the configs could be changed.")
    var dryRun = false

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: true)
        let configs = try KeyValueConfig.parse(config)
        _ = try client.link(link, of: cluster)
        let changes = configs.sorted { $0.key < $1.key }.map { change -> JSON in
            ["name": .string(change.key), "value": .string(change.value), "operation": "SET"]
        }
        try client.send(
            .put, "\(client.linkPath(link, of: cluster))/configs:alter?validate_only=\(dryRun)",
            ["data": .array(changes)])
        StandardOutput.print(dryRun ? "Cluster link \"\(link)\" can be updated." : "Updated cluster link \"\(link)\".")
    }
}
