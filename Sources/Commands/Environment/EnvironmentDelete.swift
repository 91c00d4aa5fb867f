import ArgumentParser
import RESTAPI

struct EnvironmentDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete environments.",
        discussion: """
            Asks for the name of each environment first.

            Examples:
              twinlog environment delete env-a1b2c3 --force
            """)

    @Argument(help: "Environment IDs.")
    var ids: [String]

    @Flag(help: "Do not ask.")
    var force = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        for id in ids {
            let name = try client.environment(id)["display_name"]?.string ?? id
            try Confirmation.askForName("environment \"\(id)\"", name: name, force: force)
        }
        for id in ids {
            try client.send(.delete, "/org/v2/environments/\(PercentEncoding.encode(id))")
            try Contexts.update(client.http.server.description) { $0.forget(environment: id) }
            StandardOutput.print("Deleted environment \"\(id)\".")
        }
    }
}
