import ArgumentParser
import RESTAPI

struct ConnectCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a connector.",
        discussion: """
            The file is JSON: {"name": "…", "config": {"connector.class": "DatagenSource", …}}, or the configs alone \
            with "name" among them.

            Examples:
              twinlog connect cluster create --config-file transactions.json --cluster lkc-source
            """)

    @Option(name: [.customLong("config-file"), .customLong("config")], help: "JSON file that describes the connector.")
    var configFile: String

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let (name, config) = try ConnectorFile.read(configFile)
        let connectors = try Connectors(try global.client(), scope)
        try connectors.client.send(.post, connectors.path, ["name": .string(name), "config": config])
        let created = try connectors.find(name)
        output.show(
            Box([
                (Column("ID"), .string(created.id)), (Column("Name"), .string(created.name)),
                (Column("Error Trace", optional: true), .string(created.trace)),
            ]))
    }
}

struct ConnectUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a connector's configs.",
        discussion: """
            Examples:
              twinlog connect cluster update lcc-a1b2c3 --config-file transactions.json --cluster lkc-source
              twinlog connect cluster update lcc-a1b2c3 --config max.interval=10 --cluster lkc-source
            """)

    @Argument(help: "Connector ID or name.")
    var id: String

    @Option(help: "JSON file with all configs.")
    var configFile: String?

    @Option(help: "Configs to change: key=value pairs separated by commas; repeatable.")
    var config: [String] = []

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (configFile == nil) != config.isEmpty else {
            throw ValidationError("Give either --config-file or --config.")
        }
    }

    func run() throws {
        let file = try configFile.map { try ConnectorFile.read($0) }
        let changes = try KeyValueConfig.parse(config)
        let connectors = try Connectors(try global.client(), scope)
        let connector = try connectors.find(id)
        let path = connectors.path(of: connector) + "/config"
        guard let file else {
            let before = Dictionary(connector.config, uniquingKeysWith: { _, last in last })
            let merged = before.merging(changes) { _, new in new }.sorted { $0.key < $1.key }
            try connectors.client.send(.put, path, .object(merged.map { JSON.Member($0.key, .string($0.value)) }))
            return StandardOutput.print("Updated connector \"\(connector.id)\".")
        }
        try connectors.client.send(.put, path, file.config)
        StandardOutput.print("Updated connector \"\(connector.id)\".")
    }
}
