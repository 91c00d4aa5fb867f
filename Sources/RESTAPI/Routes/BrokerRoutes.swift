import KafkaProtocol

/// `/kafka/v3/clusters/{cluster_id}/broker-configs…`: dynamic configs of all brokers; and the brokers themselves,
/// which the on-prem mode of the vendor's tools lists.
enum BrokerRoutes {
    private static let configs = "/kafka/v3/clusters/{cluster_id}/broker-configs"
    private static let brokers = "/kafka/v3/clusters/{cluster_id}/brokers"

    static let routes: [Route] = clusterConfigs + ofBrokers

    private static let clusterConfigs: [Route] = [
        Route(.get, PathTemplate(configs)) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let resource = Resource(request, clusterID: cluster.clusterID).below("broker-configs")
            let data = try await cluster.brokerConfigs(1).map { describe($0, resource, broker: nil) }
            return .json(resource.list("KafkaClusterConfigList", data))
        },
        Route(.post, PathTemplate(configs + ":alter")) { request, fleet in
            let body = try request.object()
            let changes = try ConfigChange.list(body.objects("data"))
            guard !changes.isEmpty else {
                throw RESTError.badRequest("Field 'data' must name at least one config.")
            }
            try await fleet.cluster(request).alterBrokerConfigs(
                changes, validateOnly: body.bool("validate_only", default: false))
            return .noContent
        },
        Route(.get, PathTemplate(configs + "/{name}")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let resource = Resource(request, clusterID: cluster.clusterID).below("broker-configs")
            let config = try await find(request.capture("name"), cluster, broker: 1)
            return .json(describe(config, resource, broker: nil))
        },
        Route(.put, PathTemplate(configs + "/{name}")) { request, fleet in
            guard let value = try request.object().string("value") else {
                throw RESTError.badRequest("Field 'value' is required.")
            }
            try await fleet.cluster(request).alterBrokerConfigs(
                [ConfigChange(name: request.capture("name"), value: value)], validateOnly: false)
            return .noContent
        },
        Route(.delete, PathTemplate(configs + "/{name}")) { request, fleet in
            try await fleet.cluster(request).alterBrokerConfigs(
                [ConfigChange(name: request.capture("name"), value: nil)], validateOnly: false)
            return .noContent
        },
    ]

    private static let ofBrokers: [Route] = [
        Route(.get, PathTemplate(brokers)) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let resource = Resource(request, clusterID: cluster.clusterID).below("brokers")
            return .json(resource.list("KafkaBrokerList", try await cluster.brokers().map { describe($0, resource) }))
        },
        Route(.get, PathTemplate(brokers + "/{broker_id}")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let resource = Resource(request, clusterID: cluster.clusterID).below("brokers")
            return .json(describe(try await broker(request, cluster), resource))
        },
        Route(.get, PathTemplate(brokers + "/{broker_id}/configs")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let id = try await broker(request, cluster).brokerID
            let resource = Resource(request, clusterID: cluster.clusterID).below("brokers", "\(id)", "configs")
            let data = try await cluster.brokerConfigs(id).map { describe($0, resource, broker: id) }
            return .json(resource.list("KafkaBrokerConfigList", data))
        },
        Route(.get, PathTemplate(brokers + "/{broker_id}/configs/{name}")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let id = try await broker(request, cluster).brokerID
            let resource = Resource(request, clusterID: cluster.clusterID).below("brokers", "\(id)", "configs")
            return .json(describe(try await find(request.capture("name"), cluster, broker: id), resource, broker: id))
        },
    ]

    private static func broker(
        _ request: RESTRequest, _ cluster: any ClusterBackend
    ) async throws -> DescribeClusterResponse.DescribeClusterBroker {
        let text = request.capture("broker_id")
        guard let id = Int32(text), let broker = try await cluster.brokers().first(where: { $0.brokerID == id }) else {
            throw RESTError.notFound("Broker \(text) cannot be found.")
        }
        return broker
    }

    private static func find(
        _ name: String, _ cluster: any ClusterBackend, broker: Int32
    ) async throws -> ClusterBackend.ConfigDescription {
        guard let config = try await cluster.brokerConfigs(broker).first(where: { $0.name == name }) else {
            throw RESTError.notFound("Config '\(name)' of the brokers does not exist.")
        }
        return config
    }

    private static func describe(
        _ broker: DescribeClusterResponse.DescribeClusterBroker, _ brokers: Resource
    ) -> JSON {
        let resource = brokers.below("\(broker.brokerID)")
        return resource.object(
            "KafkaBroker", name: "/broker=\(broker.brokerID)",
            [
                JSON.Member("cluster_id", .string(brokers.clusterID)),
                JSON.Member("broker_id", JSON(broker.brokerID)),
                JSON.Member("host", .string(broker.host)),
                JSON.Member("port", JSON(broker.port)),
                JSON.Member("rack", JSON(broker.rack)),
                JSON.Member("configs", resource.below("configs").related),
                JSON.Member("partition_replicas", resource.below("partition-replicas").related),
            ])
    }

    private static func describe(
        _ config: ClusterBackend.ConfigDescription, _ configs: Resource, broker: Int32?
    ) -> JSON {
        let isDefault = config.configSource == ConfigSource.defaultConfig
        var fields = [JSON.Member("cluster_id", .string(configs.clusterID))]
        if let broker {
            fields.append(JSON.Member("broker_id", JSON(broker)))
        } else {
            fields.append(JSON.Member("config_type", "BROKER"))
        }
        fields += ConfigShape.members(config, isDefault: isDefault)
        let kind = broker == nil ? "KafkaClusterConfig" : "KafkaBrokerConfig"
        let place = broker.map { "/broker=\($0)" } ?? "/broker-config"
        return configs.below(config.name).object(kind, name: "\(place)/config=\(config.name)", fields)
    }
}

/// The fields that configs of all kinds share.
enum ConfigShape {
    static func members(
        _ config: ClusterBackend.ConfigDescription, isDefault: Bool
    ) -> [JSON.Member] {
        let synonyms = config.synonyms.map { synonym -> JSON in
            [
                "name": .string(synonym.name), "value": JSON(synonym.value),
                "source": .string(ConfigSource.name(synonym.source)),
            ]
        }
        return [
            JSON.Member("name", .string(config.name)),
            JSON.Member("value", config.isSensitive ? .null : JSON(config.value)),
            JSON.Member("is_default", .bool(isDefault)),
            JSON.Member("is_read_only", .bool(config.readOnly)),
            JSON.Member("is_sensitive", .bool(config.isSensitive)),
            JSON.Member("source", .string(ConfigSource.name(config.configSource))),
            JSON.Member("synonyms", .array(synonyms)),
        ]
    }
}
