import ArgumentParser

struct EnvironmentUseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Use an environment in later commands.",
        discussion: """
            Examples:
              twinlog environment use env-local
            """)

    @Argument(help: "Environment ID.")
    var id: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        _ = try client.environment(id)
        try Contexts.update(client.http.server.description) { $0.environment = id }
        StandardOutput.print("Using environment \"\(id)\".")
    }
}
