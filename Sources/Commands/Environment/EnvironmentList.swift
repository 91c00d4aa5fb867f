import ArgumentParser
import RESTAPI

struct EnvironmentListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List environments.",
        discussion: """
            Examples:
              twinlog environment list
              twinlog environment list -o json
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let current = EnvironmentOptions.current(client)
        output.show(EnvironmentListCommand.table(try client.environments(), current: current))
    }

    static func table(_ environments: [JSON], current: String) -> Table {
        Table(
            EnvironmentListCommand.columns, rows: environments.map { row($0, current: current) })
    }

    static let columns = [
        Column("Current", key: "is_current", marks: true), Column("ID"), Column("Name"),
        Column("Stream Governance Package"),
    ]

    static func row(_ environment: JSON, current: String) -> [JSON] {
        let package = environment["stream_governance_config"]?["package"]?.string ?? ""
        return [
            .bool(environment["id"]?.string == current), environment["id"] ?? .null,
            environment["display_name"] ?? .null, .string(package),
        ]
    }

    static func box(_ environment: JSON, current: String) -> Box {
        Box(Array(zip(columns, row(environment, current: current))))
    }
}

extension RESTClient {
    func environments() throws -> [JSON] {
        try list("/org/v2/environments?page_size=100")
    }

    func environment(_ id: String) throws -> JSON {
        do {
            return try get("/org/v2/environments/\(PercentEncoding.encode(id))")
        } catch let failure as RESTFailure where failure.status == 404 || failure.status == 403 {
            throw CLIError("environment \"\(id)\" not found")
        }
    }
}
