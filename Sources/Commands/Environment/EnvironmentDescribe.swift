import ArgumentParser

struct EnvironmentDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Describe an environment.",
        discussion: """
            Examples:
              twinlog environment describe env-local
            """)

    @Argument(help: "Environment ID (default: that of \"twinlog environment use\").")
    var id: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let current = EnvironmentOptions.current(client)
        output.show(EnvironmentListCommand.box(try client.environment(id ?? current), current: current))
    }
}
