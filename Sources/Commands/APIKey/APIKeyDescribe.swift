import ArgumentParser

struct APIKeyDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Describe an API key.",
        discussion: """
            Examples:
              twinlog api-key describe ABCDEFGHIJKLMNOP
            """)

    @Argument(help: "API key.")
    var key: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let row = APIKeyListCommand.row(try client.apiKey(key), context: client.context)
        output.show(Box(Array(zip(APIKeyListCommand.columns, row))))
    }
}
