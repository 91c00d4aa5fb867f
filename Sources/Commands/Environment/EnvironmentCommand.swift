import ArgumentParser

struct EnvironmentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environment", abstract: "Manage environments, which hold clusters.",
        subcommands: [
            EnvironmentListCommand.self, EnvironmentDescribeCommand.self, EnvironmentUseCommand.self,
            EnvironmentCreateCommand.self, EnvironmentUpdateCommand.self, EnvironmentDeleteCommand.self,
        ], aliases: ["env"])
}
