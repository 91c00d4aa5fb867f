import ArgumentParser
import RESTAPI

struct APIKeyDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete API keys.",
        discussion: """
            Examples:
              twinlog api-key delete ABCDEFGHIJKLMNOP --force
            """)

    @Argument(help: "API keys.")
    var keys: [String]

    @Flag(help: "Do not ask.")
    var force = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        for key in keys {
            _ = try client.apiKey(key)
        }
        try Confirmation.ask("Delete \(Confirmation.list("API key", keys))?", force: force)
        for key in keys {
            try client.send(.delete, "/iam/v2/api-keys/\(PercentEncoding.encode(key))")
            try Contexts.update(client.http.server.description) { $0.forget(key: key) }
            StandardOutput.print("Deleted API key \"\(key)\".")
        }
    }
}
