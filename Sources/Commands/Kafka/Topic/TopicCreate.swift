import ArgumentParser
import RESTAPI

struct TopicCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a topic.",
        discussion: """
            Examples:
              twinlog kafka topic create link-topic --cluster lkc-source --partitions 3
              twinlog kafka topic create events --cluster lkc-source --config retention.ms=3600000
            """)

    @Argument(help: "Topic name.")
    var topic: String

    @Option(help: "Number of partitions (default: the cluster's num.partitions).")
    var partitions: Int32?

    @Option(help: "Number of replicas (default: the cluster's default.replication.factor).")
    var replicationFactor: Int16?

    @Option(
        name: [.customLong("config"), .customLong("config-file")],
        help: "Topic configs: key=value pairs separated by commas, or a file with one pair a line; repeatable.")
    var config: [String] = []

    @Flag(help: "Only check whether the topic could be created.")
    var dryRun = false

    @Flag(help: "Succeed when the topic exists already.")
    var ifNotExists = false

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard partitions.map({ $0 > 0 }) ?? true, replicationFactor.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--partitions and --replication-factor must be 1 or more.")
        }
    }

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: false)
        do {
            try client.send(.post, cluster.path + "/topics", try body())
        } catch let failure as RESTFailure where failure.message.contains("already exists") {
            guard ifNotExists else {
                throw CLIError("topic \"\(topic)\" already exists for Kafka cluster \"\(cluster.id)\"")
            }
            return StandardOutput.print("Topic \"\(topic)\" already exists.")
        }
        StandardOutput.print(dryRun ? "Topic \"\(topic)\" can be created." : "Created topic \"\(topic)\".")
    }

    private func body() throws -> JSON {
        var members = [JSON.Member("topic_name", .string(topic))]
        if let partitions {
            members.append(JSON.Member("partitions_count", JSON(partitions)))
        }
        if let replicationFactor {
            members.append(JSON.Member("replication_factor", JSON(replicationFactor)))
        }
        if !config.isEmpty {
            members.append(JSON.Member("configs", .configs(try KeyValueConfig.parse(config))))
        }
        members.append(JSON.Member("validate_only", .bool(dryRun)))
        return .object(members)
    }
}
