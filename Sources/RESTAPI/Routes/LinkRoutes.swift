import ClusterCore
import KafkaProtocol

/// `/kafka/v3/clusters/{cluster_id}/links…`: links and their configs.
enum LinkRoutes {
    static let prefix = "/kafka/v3/clusters/{cluster_id}/links"

    static let routes: [Route] = [
        Route(.get, PathTemplate(prefix)) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let resource = Resource(request, clusterID: cluster.clusterID).below("links")
            return .json(resource.list("KafkaLinkDataList", try await cluster.links().map { describe($0, resource) }))
        },
        Route(.post, PathTemplate(prefix), create),
        Route(.get, PathTemplate(prefix + "/{link_name}")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let link = try await cluster.link(request.capture("link_name"))
            let resource = Resource(request, clusterID: cluster.clusterID).below("links")
            return .json(describe(link, resource, tasks: try request.flag("include_tasks", default: false)))
        },
        Route(.delete, PathTemplate(prefix + "/{link_name}")) { request, fleet in
            try await fleet.cluster(request).deleteLink(
                request.capture("link_name"), force: try request.flag("force", default: false),
                validateOnly: try request.flag("validate_only", default: false))
            return RESTResponse(status: 200)
        },
        Route(.get, PathTemplate(prefix + "/{link_name}/configs")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let link = request.capture("link_name")
            let resource = Resource(request, clusterID: cluster.clusterID).below("links", link, "configs")
            let configs = try await cluster.linkConfigs(link)
            return .json(resource.list("KafkaLinkConfigDataList", configs.map { describe($0, of: link, resource) }))
        },
        Route(.put, PathTemplate(prefix + "/{link_name}/configs:alter"), alterConfigs),
        Route(.get, PathTemplate(prefix + "/{link_name}/configs/{config_name}")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let link = request.capture("link_name")
            let name = request.capture("config_name")
            guard let config = try await cluster.linkConfigs(link).first(where: { $0.name == name }) else {
                throw RESTError.notFound("Config '\(name)' of cluster link '\(link)' does not exist.")
            }
            let resource = Resource(request, clusterID: cluster.clusterID).below("links", link, "configs")
            return .json(describe(config, of: link, resource))
        },
        Route(.put, PathTemplate(prefix + "/{link_name}/configs/{config_name}")) { request, fleet in
            guard let value = try request.object().string("value") else {
                throw RESTError.badRequest("Field 'value' is required.")
            }
            let change = LinkConfigChange.set(request.capture("config_name"), value)
            try await fleet.cluster(request).alterLinkConfigs(
                request.capture("link_name"), [change], validateOnly: false)
            return .noContent
        },
        Route(.delete, PathTemplate(prefix + "/{link_name}/configs/{config_name}")) { request, fleet in
            let change = LinkConfigChange.delete(request.capture("config_name"))
            try await fleet.cluster(request).alterLinkConfigs(
                request.capture("link_name"), [change], validateOnly: false)
            return .noContent
        },
    ]

    private static let create: Route.Handler = { request, fleet in
        let cluster = try await fleet.cluster(request)
        guard let name = request.query["link_name"], isLegalName(name) else {
            throw RESTError.badRequest("Invalid Cluster Link Name.")
        }
        let type = await cluster.info.type
        guard type == .dedicated else {
            throw RESTError.invalid(
                "A cluster link needs a Dedicated cluster as its destination, and cluster '\(cluster.clusterID)' is "
                    + "\(type.kind): create the link in a Dedicated cluster, with this one as its source.")
        }
        let body = try request.object()
        let creation = LinkCreation(
            name: name,
            sourceClusterID: try body.string("source_cluster_id"),
            destinationClusterID: try body.string("destination_cluster_id"),
            remoteClusterID: try body.string("remote_cluster_id"),
            clusterLinkID: try body.string("cluster_link_id"),
            configs: try body.configs(),
            validateOnly: try request.flag("validate_only", default: false),
            validateLink: try request.flag("validate_link", default: true))
        try await cluster.createLink(creation)
        return .noContent
    }

    private static let alterConfigs: Route.Handler = { request, fleet in
        let cluster = try await fleet.cluster(request)
        let body = try request.object()
        let changes = try ConfigChange.list(body.objects("data"))
        guard !changes.isEmpty else {
            throw RESTError.badRequest("Field 'data' must name at least one config.")
        }
        let validateOnly = try body.bool("validate_only", default: request.flag("validate_only", default: false))
        try await cluster.alterLinkConfigs(
            request.capture("link_name"), changes.map { change in
                change.value.map { LinkConfigChange.set(change.name, $0) } ?? .delete(change.name)
            },
            validateOnly: validateOnly)
        return .noContent
    }

    /// Kafka's alphabet for topic names: a link's name is used in metrics, logs and paths.
    static func isLegalName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && name.utf8.count <= 249
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
            && name != "-"
    }

    private static func describe(_ link: LinkStatus, _ links: Resource, tasks: Bool = false) -> JSON {
        let counts = PartitionCategory.allCases.compactMap { category -> JSON? in
            link.partitionCounts[category].map {
                ["state_category": .string(category.rawValue), "count": JSON($0)]
            }
        }
        return links.below(link.name).object(
            "KafkaLinkData", name: nil,
            [
                JSON.Member("source_cluster_id", JSON(link.sourceClusterID)),
                JSON.Member("destination_cluster_id", nil),
                JSON.Member("remote_cluster_id", nil),
                JSON.Member("link_name", .string(link.name)),
                JSON.Member("link_id", .string(link.id.hyphenated)),
                JSON.Member("cluster_link_id", .string(link.id.base64)),
                JSON.Member("topic_names", .array(link.topicNames.map { .string($0) })),
                JSON.Member("link_state", .string(link.state.rawValue)),
                JSON.Member("link_error", .string(link.error.rawValue)),
                JSON.Member("link_error_message", JSON(link.errorMessage)),
                JSON.Member("tasks", tasks ? .array([]) : .null),
                JSON.Member("category_counts", .array(counts)),
            ])
    }

    private static func describe(_ config: LinkConfigEntry, of link: String, _ configs: Resource) -> JSON {
        configs.below(config.name).object(
            "KafkaLinkConfigData", name: nil,
            [
                JSON.Member("cluster_id", .string(configs.clusterID)),
                JSON.Member("link_name", .string(link)),
                JSON.Member("name", .string(config.name)),
                JSON.Member("value", config.isSensitive ? .null : JSON(config.value)),
                JSON.Member("is_default", .bool(config.isDefault)),
                JSON.Member("is_read_only", .bool(config.isReadOnly)),
                JSON.Member("is_sensitive", .bool(config.isSensitive)),
                JSON.Member("source", config.isDefault ? "DEFAULT_CONFIG" : "DYNAMIC_CLUSTER_LINK_CONFIG"),
                JSON.Member("synonyms", .array([])),
            ])
    }
}

/// One entry of `{"data": [{"name", "value", "operation": "SET" | "DELETE"}]}`.
struct ConfigChange {
    let name: String
    /// nil: back to the default.
    let value: String?

    /// Not a config of topics, but changed like one.
    static let partitionCount = "num.partitions"

    /// A name may appear once.
    static func list(_ entries: [JSONObject]) throws(RESTError) -> [ConfigChange] {
        var changes: [ConfigChange] = []
        var names: Set<String> = []
        for entry in entries {
            let name = try entry.required("name")
            guard names.insert(name).inserted else {
                throw .invalid("Config '\(name)' is given twice.")
            }
            switch try entry.string("operation")?.uppercased() ?? "SET" {
            case "SET":
                guard let value = try entry.string("value") else {
                    throw .badRequest("Config '\(name)' needs a value to be set.")
                }
                changes.append(ConfigChange(name: name, value: value))
            case "DELETE": changes.append(ConfigChange(name: name, value: nil))
            case let operation:
                throw .badRequest("Operation '\(operation)' of config '\(name)' is neither SET nor DELETE.")
            }
        }
        return changes
    }
}
