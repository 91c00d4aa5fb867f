import ArgumentParser
import RESTAPI

struct EnvironmentUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change an environment's name or package.",
        discussion: """
            Examples:
              twinlog environment update env-a1b2c3 --name staging
            """)

    @Argument(help: "Environment ID (default: that of \"twinlog environment use\").")
    var id: String?

    @Option(help: "New name.")
    var name: String?

    @Option(help: "essentials or advanced; a label.")
    var governancePackage: GovernancePackage?

    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard name != nil || governancePackage != nil else {
            throw ValidationError("Nothing to change: add --name or --governance-package.")
        }
    }

    func run() throws {
        let client = try global.client()
        let current = EnvironmentOptions.current(client)
        let id = id ?? current
        _ = try client.environment(id)
        let path = "/org/v2/environments/\(PercentEncoding.encode(id))"
        let changed = try client.send(.patch, path, EnvironmentCreateCommand.body(name, governancePackage))
        output.show(EnvironmentListCommand.box(changed, current: current))
    }
}
