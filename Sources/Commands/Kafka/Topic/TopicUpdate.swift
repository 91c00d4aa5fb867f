import ArgumentParser
import RESTAPI

struct TopicUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change configs or the number of partitions of a topic.",
        discussion: """
            num.partitions among the configs adds partitions.

            Examples:
              twinlog kafka topic update link-topic --config retention.ms=3600000 --cluster lkc-source
              twinlog kafka topic update link-topic --config num.partitions=6 --cluster lkc-source
            """)

    @Argument(help: "Topic name.")
    var topic: String

    @Option(
        name: [.customLong("config"), .customLong("config-file")],
        help: "Topic configs: key=value pairs separated by commas, or a file with one pair a line; repeatable.")
    var config: [String]

    @Flag(help: "Only check whether the topic could be changed.")
    var dryRun = false

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    private static let partitionCount = "num.partitions"

    func run() throws {
        var changes = try KeyValueConfig.parse(config)
        let partitions = try changes.removeValue(forKey: TopicUpdateCommand.partitionCount).map { text in
            guard let count = Int32(text), count > 0 else {
                throw CLIError("\(TopicUpdateCommand.partitionCount) must be a number of partitions, not \"\(text)\"")
            }
            return count
        }
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: false)
        let path = "\(cluster.path)/topics/\(PercentEncoding.encode(topic))"
        _ = try client.topic(topic, of: cluster)
        // One request, so that all of it is done or nothing.
        var wishes = changes
        wishes[TopicUpdateCommand.partitionCount] = partitions.map { "\($0)" }
        if !wishes.isEmpty {
            let data = wishes.sorted { $0.key < $1.key }.map { change -> JSON in
                ["name": .string(change.key), "value": .string(change.value), "operation": "SET"]
            }
            try client.send(.post, path + "/configs:alter", ["data": .array(data), "validate_only": .bool(dryRun)])
        }
        guard !dryRun else {
            return StandardOutput.print("Topic \"\(topic)\" can be updated.")
        }
        var values = try client.list(path + "/configs").filter { changes[$0["name"]?.string ?? ""] != nil }
        if let partitions {
            values.append(
                ["name": .string(TopicUpdateCommand.partitionCount), "value": .string("\(partitions)")])
        }
        if output.output == .human {
            StandardOutput.print("Updated the following configuration values for topic \"\(topic)\":")
        }
        output.show(TopicConfigurationListCommand.table(values))
    }
}

struct TopicConfigurationListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the configs of a topic.",
        discussion: """
            Examples:
              twinlog kafka topic configuration list link-topic --cluster lkc-source
            """)

    @Argument(help: "Topic name.")
    var topic: String

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: false)
        _ = try client.topic(topic, of: cluster)
        let configs = try client.list("\(cluster.path)/topics/\(PercentEncoding.encode(topic))/configs")
        output.show(TopicConfigurationListCommand.table(configs))
    }

    static func table(_ configs: [JSON]) -> Table {
        let rows = configs.map { config -> [JSON] in
            [LinkList.text(config["name"]), LinkList.text(config["value"]), config["is_read_only"] ?? false]
        }
        return Table(
            [Column("Name"), Column("Value"), Column("Read-Only")],
            rows: rows.sorted { ($0[0].string ?? "") < ($1[0].string ?? "") })
    }
}
