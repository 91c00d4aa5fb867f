import ArgumentParser
import RESTAPI

struct LinkCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a cluster link.",
        discussion: """
            The link is made in the destination cluster (--cluster) and reads from the source cluster.

            Examples:
              twinlog kafka link create my-link --cluster lkc-dest --source-cluster-id lkc-source \
            --source-bootstrap-server 127.0.0.1:9092
              twinlog kafka link create my-link --cluster lkc-dest --source-cluster lkc-source --config-file my.config
            """)

    @Argument(help: "Name of the cluster link.")
    var link: String

    @OptionGroup var source: SourceEnd
    @OptionGroup var destination: DestinationEnd
    @OptionGroup var remote: RemoteEnd

    @Option(help: "API key for the cluster that the link is made in; for source-initiated links.")
    var localApiKey: String?

    @Option(help: "API secret for the cluster that the link is made in.")
    var localApiSecret: String?

    @Option(
        name: [.customLong("config"), .customLong("config-file")],
        help: "Link configs: key=value pairs separated by commas, or a file with one pair a line; repeatable.")
    var config: [String] = []

    @Flag(help: "Only check whether the link could be created.")
    var dryRun = false

    @Flag(help: "Create the link even if the source cluster cannot be reached.")
    var noValidate = false

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    private var ends: [any LinkEnd] { [source, destination, remote] }

    func validate() throws {
        for end in ends where (end.key == nil) != (end.secret == nil) {
            throw ValidationError("--\(end.side)-api-key and --\(end.side)-api-secret go together.")
        }
        guard (localApiKey == nil) == (localApiSecret == nil) else {
            throw ValidationError("--local-api-key and --local-api-secret go together.")
        }
        guard ends.filter({ !$0.isEmpty }).count <= 1 else {
            throw ValidationError("--source-…, --destination-… and --remote-… flags exclude each other.")
        }
    }

    func run() throws {
        let configs = try linkConfigs()
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: true)
        var members: [JSON.Member] = []
        for end in ends {
            if let id = end.cluster {
                members.append(JSON.Member("\(end.side)_cluster_id", .string(id)))
            }
        }
        members.append(JSON.Member("configs", .configs(configs)))
        let query = "link_name=\(PercentEncoding.encode(link))&validate_only=\(dryRun)&validate_link=\(!noValidate)"
        try Progress.show("Creating cluster link \"\(link)\"") {
            try client.send(.post, "\(cluster.path)/links?\(query)", .object(members))
        }
        StandardOutput.print(LinkCreateCommand.message(link, configs, dryRun: dryRun), terminator: "")
    }

    /// Configs of the file or list, overridden by the flags that are made for them.
    func linkConfigs() throws -> [String: String] {
        var configs = try KeyValueConfig.parse(config)
        for end in ends {
            if let bootstrap = end.bootstrap {
                configs["bootstrap.servers"] = bootstrap
            }
            if let key = end.key, let secret = end.secret {
                configs.merge(SecurityConfigs.plain(KeyPair(key: key, secret: secret))) { _, flag in flag }
            }
        }
        if let localApiKey, let localApiSecret {
            let local = SecurityConfigs.plain(KeyPair(key: localApiKey, secret: localApiSecret))
            for (name, value) in local {
                configs["local." + name] = value
            }
        }
        guard configs["bootstrap.servers"] != nil || configs["connection.mode"]?.uppercased() == "INBOUND" else {
            throw CLIError("no source address: add --source-bootstrap-server, or bootstrap.servers to the configs")
        }
        return configs
    }

    static func message(_ link: String, _ configs: [String: String], dryRun: Bool) -> String {
        let visible = configs.filter { LinkConfigs.isShown($0.key) }.sorted { $0.key < $1.key }
        let lines = visible.map { "\"\($0.key)\"=\"\($0.value)\"\n" }.joined()
        let start = dryRun ? "Cluster link \"\(link)\" can be created" : "Created cluster link \"\(link)\""
        return lines.isEmpty ? "\(start).\n" : "\(start) with configs:\n\(lines)"
    }
}

/// What may be repeated on a screen: only configs that are known to hold no secret.
enum LinkConfigs {
    static func isShown(_ name: String) -> Bool {
        shown.contains(name)
    }

    private static let shown: Set<String> = [
        "acl.filters", "acl.sync.enable", "acl.sync.ms", "auto.create.mirror.topics.enable",
        "auto.create.mirror.topics.filters", "availability.check.consecutive.failure.threshold",
        "availability.check.ms", "bootstrap.servers", "cluster.link.paused", "cluster.link.prefix",
        "cluster.link.retry.timeout.ms", "connection.mode", "consumer.group.prefix.enable",
        "consumer.offset.group.filters", "consumer.offset.sync.enable", "consumer.offset.sync.ms", "link.mode",
        "metadata.max.age.ms", "mirror.start.offset.spec", "sasl.mechanism", "security.protocol",
        "topic.config.sync.include", "topic.config.sync.ms",
    ]
}
