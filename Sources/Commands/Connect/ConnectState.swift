import ArgumentParser

struct ConnectPauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Pause connectors.",
        discussion: """
            Examples:
              twinlog connect cluster pause lcc-a1b2c3 --cluster lkc-source
            """)

    @Argument(help: "Connector IDs or names.")
    var ids: [String]

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let connectors = try Connectors(try global.client(), scope)
        for connector in try ids.map({ try connectors.find($0) }) {
            try connectors.client.send(.put, connectors.path(of: connector) + "/pause")
            StandardOutput.print("Paused connector \"\(connector.id)\".")
        }
    }
}

struct ConnectResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let paused connectors go on.",
        discussion: """
            Examples:
              twinlog connect cluster resume lcc-a1b2c3 --cluster lkc-source
            """)

    @Argument(help: "Connector IDs or names.")
    var ids: [String]

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let connectors = try Connectors(try global.client(), scope)
        for connector in try ids.map({ try connectors.find($0) }) {
            try connectors.client.send(.put, connectors.path(of: connector) + "/resume")
            StandardOutput.print("Resumed connector \"\(connector.id)\".")
        }
    }
}

struct ConnectDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete connectors. What they wrote stays.",
        discussion: """
            Examples:
              twinlog connect cluster delete lcc-a1b2c3 --cluster lkc-source --force
            """)

    @Argument(help: "Connector IDs or names.")
    var ids: [String]

    @Flag(help: "Do not ask.")
    var force = false

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let connectors = try Connectors(try global.client(), scope)
        let found = try ids.map { try connectors.find($0) }
        try Confirmation.ask("Delete \(Confirmation.list("connector", found.map(\.name)))?", force: force)
        for connector in found {
            try connectors.client.send(.delete, connectors.path(of: connector))
            StandardOutput.print("Deleted connector \"\(connector.id)\".")
        }
    }
}
