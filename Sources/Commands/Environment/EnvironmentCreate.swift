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

    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let created = try client.send(.post, "/org/v2/environments", ["display_name": .string(name)])
        output.show(EnvironmentListCommand.box(created, current: EnvironmentOptions.current(client)))
    }
}
