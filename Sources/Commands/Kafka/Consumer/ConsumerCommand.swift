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

extension RESTClient {
    func groupPath(_ group: String, of cluster: ClusterSummary) -> String {
        "\(cluster.path)/consumer-groups/\(PercentEncoding.encode(group))"
    }

    /// What lies below a group, or the error that names the group.
    func group(_ group: String, of cluster: ClusterSummary, _ below: String = "") throws -> JSON {
        do {
            return try get(groupPath(group, of: cluster) + below)
        } catch let failure as RESTFailure where failure.status == 404 && below.isEmpty {
            throw CLIError("consumer group \"\(group)\" not found")
        }
    }
}
