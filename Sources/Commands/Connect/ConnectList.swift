import ArgumentParser
import RESTAPI

struct ConnectListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List connectors.",
        discussion: """
            Examples:
              twinlog connect cluster list --cluster lkc-source
            """)

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        output.show(ConnectListCommand.table(try Connectors(try global.client(), scope).all()))
    }

    static let columns = [
        Column("ID"), Column("Name"), Column("Status"), Column("Type"), Column("Trace", optional: true),
    ]

    static func table(_ connectors: [ConnectorSummary]) -> Table {
        Table(columns, rows: connectors.map { row($0) })
    }

    static func row(_ connector: ConnectorSummary) -> [JSON] {
        [
            .string(connector.id), .string(connector.name), .string(connector.state), .string(connector.type),
            .string(connector.trace),
        ]
    }
}
