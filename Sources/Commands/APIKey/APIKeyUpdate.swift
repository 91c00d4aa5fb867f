import ArgumentParser
import RESTAPI

struct APIKeyUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change what an API key is for.",
        discussion: """
            Examples:
              twinlog api-key update ABCDEFGHIJKLMNOP --description "for the link"
            """)

    @Argument(help: "API key.")
    var key: String

    @Option(help: "What the key is for.")
    var description: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        _ = try client.apiKey(key)
        let path = "/iam/v2/api-keys/\(PercentEncoding.encode(key))"
        try client.send(.patch, path, ["spec": ["description": .string(description)]])
        StandardOutput.print("Updated API key \"\(key)\".")
    }
}
