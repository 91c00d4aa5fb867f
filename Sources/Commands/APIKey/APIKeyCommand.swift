import ArgumentParser

struct APIKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api-key", abstract: "Manage API keys, with which clients log in to a cluster.",
        subcommands: [
            APIKeyCreateCommand.self, APIKeyListCommand.self, APIKeyDescribeCommand.self, APIKeyUseCommand.self,
            APIKeyStoreCommand.self, APIKeyUpdateCommand.self, APIKeyDeleteCommand.self,
        ])
}
