import ArgumentParser
import RESTAPI

struct ConsumerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consumer", abstract: "Look at consumers and consumer groups.",
        subcommands: [ConsumerListCommand.self, ConsumerGroupCommand.self])
}

struct ConsumerGroupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group", abstract: "Look at consumer groups, how far they are, and move them.",
        subcommands: [
            ConsumerGroupListCommand.self, ConsumerGroupDescribeCommand.self, ConsumerGroupLagCommand.self,
            ConsumerGroupOffsetCommand.self,
        ])
}

struct ConsumerGroupLagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lag", abstract: "How far a consumer group is behind.",
        subcommands: [LagSummarizeCommand.self, LagListCommand.self, LagDescribeCommand.self])
}

struct ConsumerGroupOffsetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offset", abstract: "Move a consumer group.", subcommands: [OffsetResetCommand.self])
}

/// The cluster whose consumers a command is about, and how it answers.
struct ConsumerOptions: ParsableArguments {
    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func cluster() throws -> ConsumerCluster {
        let client = try global.client()
        return ConsumerCluster(client: client, cluster: try scope.resolve(client, destination: false))
    }
}

/// A consumer group that a command names first.
struct GroupOptions: ParsableArguments {
    @Argument(help: "Consumer group ID.")
    var group: String

    @OptionGroup var options: ConsumerOptions

    /// - Throws: when there is no such group.
    func find() throws -> ConsumerGroup {
        try options.cluster().group(group)
    }

    func show(_ content: some Printable) {
        options.output.show(content)
    }
}

/// What a cluster's server tells about consumers.
struct ConsumerCluster {
    let client: RESTClient
    let cluster: ClusterSummary

    func groups() throws -> [JSON] {
        try client.list(cluster.path + "/consumer-groups")
    }

    /// - Throws: the error that names the group, when there is none.
    func group(_ name: String) throws -> ConsumerGroup {
        let path = "\(cluster.path)/consumer-groups/\(PercentEncoding.encode(name))"
        do {
            return ConsumerGroup(client: client, name: name, path: path, description: try client.get(path))
        } catch let failure as RESTFailure where failure.status == 404 {
            throw CLIError("consumer group \"\(name)\" not found")
        }
    }
}

/// One consumer group, and what the server tells about it.
struct ConsumerGroup {
    let client: RESTClient
    let name: String
    fileprivate let path: String
    let description: JSON

    fileprivate init(client: RESTClient, name: String, path: String, description: JSON) {
        self.client = client
        self.name = name
        self.path = path
        self.description = description
    }

    func list(_ below: String) throws -> [JSON] {
        try client.list(path + below)
    }

    /// - Parameter missing: what it means when the server has nothing there.
    func get(_ below: String, missing: String) throws -> JSON {
        do {
            return try client.get(path + below)
        } catch let failure as RESTFailure where failure.status == 404 {
            throw CLIError("consumer group \"\(name)\" \(missing)")
        }
    }
}
