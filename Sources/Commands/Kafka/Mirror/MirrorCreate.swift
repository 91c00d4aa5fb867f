import ArgumentParser
import RESTAPI

struct MirrorCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a mirror topic under a link.",
        discussion: """
            Examples:
              twinlog kafka mirror create link-topic --link my-link --cluster lkc-dest
              twinlog kafka mirror create src_orders --source-topic orders --link my-prefix-link
            """)

    @Argument(help: "Name of the mirror topic.")
    var mirrorTopic: String

    @Option(help: "Name of the cluster link.")
    var link: String

    @Option(help: "Topic of the source cluster (default: the mirror topic's name).")
    var sourceTopic: String?

    @Option(help: "Number of replicas of the mirror (default: the destination's).")
    var replicationFactor: Int16?

    @Option(
        name: [.customLong("config"), .customLong("config-file")],
        help: "Topic configs: key=value pairs separated by commas, or a file with one pair a line; repeatable.")
    var config: [String] = []

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard replicationFactor.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--replication-factor must be 1 or more.")
        }
    }

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: true)
        _ = try client.link(link, of: cluster)
        var members = [
            JSON.Member("source_topic_name", .string(sourceTopic ?? mirrorTopic)),
            JSON.Member("mirror_topic_name", .string(mirrorTopic)),
        ]
        if let replicationFactor {
            members.append(JSON.Member("replication_factor", JSON(replicationFactor)))
        }
        if !config.isEmpty {
            members.append(JSON.Member("configs", .configs(try KeyValueConfig.parse(config))))
        }
        do {
            try client.send(.post, client.linkPath(link, of: cluster) + "/mirrors", .object(members))
        } catch let failure as RESTFailure where failure.message.contains("renaming") {
            throw nameRule(prefix: try prefix(client, cluster))
        }
        StandardOutput.print("Created mirror topic \"\(mirrorTopic)\".")
    }

    private func prefix(_ client: RESTClient, _ cluster: ClusterSummary) throws -> String {
        let path = client.linkPath(link, of: cluster) + "/configs/cluster.link.prefix"
        return try client.get(path)["value"]?.string ?? ""
    }

    /// What a mirror has to be called, and how to say it.
    func nameRule(prefix: String) -> CLIError {
        let start = "cluster link \"\(link)\" has"
        guard !prefix.isEmpty else {
            return CLIError(
                "\(start) no cluster.link.prefix, so a mirror topic is called as its source topic: leave out "
                    + "--source-topic, or make a link with a prefix")
        }
        // Without --source-topic either name may have been meant.
        let source =
            sourceTopic ?? (mirrorTopic.hasPrefix(prefix) ? String(mirrorTopic.dropFirst(prefix.count)) : mirrorTopic)
        let name = prefix + source
        return CLIError(
            "\(start) the prefix \"\(prefix)\", so the mirror of topic \"\(source)\" is called \"\(name)\": "
                + "kafka mirror create \(name) --source-topic \(source) --link \(link)")
    }
}
