import ArgumentParser
import RESTAPI

struct EnvironmentCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create an environment.",
        discussion: """
            Examples:
              twinlog environment create staging
            """)

    @Argument(help: "Name of the environment.")
    var name: String

    @Option(help: "essentials or advanced; a label.")
    var governancePackage: GovernancePackage?

    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let created = try client.send(
            .post, "/org/v2/environments", EnvironmentCreateCommand.body(name, governancePackage))
        output.show(EnvironmentListCommand.box(created, current: EnvironmentOptions.current(client)))
    }

    static func body(_ name: String?, _ package: GovernancePackage?) -> JSON {
        var members: [JSON.Member] = []
        if let name {
            members.append(JSON.Member("display_name", .string(name)))
        }
        if let package {
            let config: JSON = ["package": .string(package.rawValue.uppercased())]
            members.append(JSON.Member("stream_governance_config", config))
        }
        return .object(members)
    }
}

enum GovernancePackage: String, CaseIterable, ExpressibleByArgument {
    case essentials, advanced
}
