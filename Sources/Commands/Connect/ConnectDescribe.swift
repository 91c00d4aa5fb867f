import ArgumentParser
import RESTAPI

struct ConnectDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Describe a connector, its tasks and its configs.",
        discussion: """
            Examples:
              twinlog connect cluster describe lcc-a1b2c3 --cluster lkc-source
            """)

    @Argument(help: "Connector ID or name.")
    var id: String

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let connector = try Connectors(try global.client(), scope).find(id)
        let details = ConnectListCommand.table([connector])
        let tasks = ConnectDescribeCommand.tasks(connector)
        let configs = ConnectDescribeCommand.configs(connector)
        let value: JSON = [
            "connector": details.objects[0], "tasks": .array(tasks.objects), "configs": .array(configs.objects),
        ]
        output.show(
            [("Connector Details", details), ("Task Level Details", tasks), ("Configuration Details", configs)],
            value: value)
    }

    static func tasks(_ connector: ConnectorSummary) -> Table {
        Table(
            [Column("Task ID"), Column("State"), Column("Trace")],
            rows: connector.tasks.map { task in
                [
                    task["id"] ?? .null, .string(task["state"]?.string ?? ""),
                    .string(task["trace"]?.string ?? task["msg"]?.string ?? ""),
                ]
            })
    }

    static func configs(_ connector: ConnectorSummary) -> Table {
        Table(
            [Column("Config"), Column("Value")],
            rows: connector.config.map { [.string($0.name), .string($0.value)] })
    }
}
