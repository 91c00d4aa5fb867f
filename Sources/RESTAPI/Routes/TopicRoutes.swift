import KafkaProtocol

/// `/kafka/v3/clusters/{cluster_id}/topics…`: topics, their configs and partitions.
enum TopicRoutes {
    static let prefix = "/kafka/v3/clusters/{cluster_id}/topics"
    static let ofTopic = prefix + "/{topic_name}"

    static let routes: [Route] = topics + configs + partitions

    // MARK: Topics

    private static let topics: [Route] = [
        Route(.get, PathTemplate(prefix)) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let resource = Resource(request, clusterID: cluster.clusterID).below("topics")
            return .json(resource.list("KafkaTopicList", try await cluster.topics().map { describe($0, resource) }))
        },
        Route(.post, PathTemplate(prefix), create),
        Route(.get, PathTemplate(ofTopic)) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let resource = Resource(request, clusterID: cluster.clusterID).below("topics")
            return .json(describe(try await cluster.topic(request.capture("topic_name")), resource))
        },
        Route(.patch, PathTemplate(ofTopic)) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let name = request.capture("topic_name")
            guard let count = try request.object().integer("partitions_count", as: Int32.self) else {
                throw RESTError.badRequest("Field 'partitions_count' is required.")
            }
            try await cluster.setPartitions(of: name, to: count)
            let resource = Resource(request, clusterID: cluster.clusterID).below("topics")
            return .json(describe(try await cluster.topic(name), resource))
        },
        Route(.delete, PathTemplate(ofTopic)) { request, fleet in
            try await fleet.cluster(request).deleteTopic(request.capture("topic_name"))
            return .noContent
        },
    ]

    private static let create: Route.Handler = { request, fleet in
        let cluster = try await fleet.cluster(request)
        let body = try request.object()
        var topic = CreateTopicsRequest.CreatableTopic()
        topic.name = try body.required("topic_name")
        topic.numPartitions = try body.integer("partitions_count") ?? -1
        topic.replicationFactor = try body.integer("replication_factor") ?? -1
        topic.assignments = try assignments(body)
        try checkAgainstAssignments(&topic)
        topic.configs = try body.configs().sorted { $0.key < $1.key }.map { name, value in
            var config = CreateTopicsRequest.CreatableTopicConfig()
            config.name = name
            config.value = value
            return config
        }
        let validateOnly = try body.bool("validate_only", default: false)
        let result = try await cluster.createTopic(topic, validateOnly: validateOnly)
        let resource = Resource(request, clusterID: cluster.clusterID).below("topics")
        let answer = describe(
            name: topic.name, isInternal: false, replicationFactor: Int(result.replicationFactor),
            partitions: Int(result.numPartitions), resource)
        return .json(answer, status: validateOnly ? 200 : 201)
    }

    /// `replicas_assignments: [{partition_id, broker_ids}]`: which brokers have each partition, the leader first.
    private static func assignments(
        _ body: JSONObject
    ) throws(RESTError) -> [CreateTopicsRequest.CreatableReplicaAssignment] {
        var assignments: [CreateTopicsRequest.CreatableReplicaAssignment] = []
        for entry in try body.objects("replicas_assignments") {
            guard let partition = try entry.integer("partition_id", as: Int32.self),
                let brokers = try entry.integers("broker_ids", as: Int32.self)
            else {
                throw .badRequest("Each of 'replicas_assignments' needs 'partition_id' and 'broker_ids'.")
            }
            var assignment = CreateTopicsRequest.CreatableReplicaAssignment()
            assignment.partitionIndex = partition
            assignment.brokerIDs = brokers
            assignments.append(assignment)
        }
        return assignments
    }

    /// Kafka takes either counts or assignments; counts that say the same as the assignments are let pass.
    private static func checkAgainstAssignments(
        _ topic: inout CreateTopicsRequest.CreatableTopic
    ) throws(RESTError) {
        guard !topic.assignments.isEmpty else {
            return
        }
        let (count, factor) = (Int(topic.numPartitions), Int(topic.replicationFactor))
        guard count == -1 || count == topic.assignments.count else {
            throw .badRequest("'partitions_count' is \(count), but 'replicas_assignments' says otherwise.")
        }
        guard factor == -1 || topic.assignments.allSatisfy({ $0.brokerIDs.count == factor }) else {
            throw .badRequest("'replication_factor' is \(factor), but 'replicas_assignments' says otherwise.")
        }
        topic.numPartitions = -1
        topic.replicationFactor = -1
    }

    private static func describe(_ topic: MetadataResponse.MetadataResponseTopic, _ topics: Resource) -> JSON {
        describe(
            name: topic.name ?? "", isInternal: topic.isInternal,
            replicationFactor: topic.partitions.first?.replicaNodes.count ?? 0, partitions: topic.partitions.count,
            topics)
    }

    private static func describe(
        name: String, isInternal: Bool, replicationFactor: Int, partitions: Int, _ topics: Resource
    ) -> JSON {
        let resource = topics.below(name)
        return resource.object(
            "KafkaTopic", name: "/topic=\(name)",
            [
                JSON.Member("cluster_id", .string(topics.clusterID)),
                JSON.Member("topic_name", .string(name)),
                JSON.Member("is_internal", .bool(isInternal)),
                JSON.Member("replication_factor", JSON(replicationFactor)),
                JSON.Member("partitions_count", JSON(partitions)),
                JSON.Member("partitions", resource.below("partitions").related),
                JSON.Member("configs", resource.below("configs").related),
                JSON.Member(
                    "partition_reassignments", resource.below("partitions", "-", "reassignment").related),
            ])
    }

    // MARK: Configs

    private static let configs: [Route] = [
        Route(.get, PathTemplate(ofTopic + "/configs")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let name = request.capture("topic_name")
            let resource = Resource(request, clusterID: cluster.clusterID).below("topics", name, "configs")
            let data = try await cluster.topicConfigs(name).map { describe($0, of: name, resource) }
            return .json(resource.list("KafkaTopicConfigList", data))
        },
        Route(.post, PathTemplate(ofTopic + "/configs:alter")) { request, fleet in
            let body = try request.object()
            let changes = try ConfigChange.list(body.objects("data"))
            guard !changes.isEmpty else {
                throw RESTError.badRequest("Field 'data' must name at least one config.")
            }
            try await fleet.cluster(request).updateTopic(
                request.capture("topic_name"), changes, validateOnly: body.bool("validate_only", default: false))
            return .noContent
        },
        Route(.get, PathTemplate(ofTopic + "/configs/{config_name}")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let name = request.capture("topic_name")
            let configName = request.capture("config_name")
            guard let config = try await cluster.topicConfigs(name).first(where: { $0.name == configName }) else {
                throw RESTError.notFound("Config '\(configName)' of topic '\(name)' does not exist.")
            }
            let resource = Resource(request, clusterID: cluster.clusterID).below("topics", name, "configs")
            return .json(describe(config, of: name, resource))
        },
        Route(.put, PathTemplate(ofTopic + "/configs/{config_name}")) { request, fleet in
            guard let value = try request.object().string("value") else {
                throw RESTError.badRequest("Field 'value' is required.")
            }
            try await fleet.cluster(request).alterTopicConfigs(
                request.capture("topic_name"), [ConfigChange(name: request.capture("config_name"), value: value)],
                validateOnly: false)
            return .noContent
        },
        Route(.delete, PathTemplate(ofTopic + "/configs/{config_name}")) { request, fleet in
            try await fleet.cluster(request).alterTopicConfigs(
                request.capture("topic_name"), [ConfigChange(name: request.capture("config_name"), value: nil)],
                validateOnly: false)
            return .noContent
        },
    ]

    static func describe(
        _ config: ClusterBackend.ConfigDescription, of topic: String, _ configs: Resource
    ) -> JSON {
        configs.below(config.name).object(
            "KafkaTopicConfig", name: "/topic=\(topic)/config=\(config.name)",
            [
                JSON.Member("cluster_id", .string(configs.clusterID)), JSON.Member("topic_name", .string(topic)),
            ] + ConfigShape.members(config, isDefault: config.configSource == ConfigSource.defaultConfig))
    }

    // MARK: Partitions

    private static let partitions: [Route] = [
        Route(.get, PathTemplate(ofTopic + "/partitions")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let name = request.capture("topic_name")
            let resource = Resource(request, clusterID: cluster.clusterID).below("topics", name, "partitions")
            let partitions = try await cluster.topic(name).partitions.sorted { $0.partitionIndex < $1.partitionIndex }
            return .json(resource.list("KafkaPartitionList", partitions.map { describe($0, of: name, resource) }))
        },
        Route(.get, PathTemplate(ofTopic + "/partitions/{partition_id}")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let name = request.capture("topic_name")
            guard let index = Int32(request.capture("partition_id")) else {
                throw RESTError.notFound("HTTP 404 Not Found")
            }
            let topic = try await cluster.topic(name)
            guard let partition = topic.partitions.first(where: { $0.partitionIndex == index }) else {
                throw RESTError(.unknownTopicOrPartition)
            }
            let resource = Resource(request, clusterID: cluster.clusterID).below("topics", name, "partitions")
            return .json(describe(partition, of: name, resource))
        },
    ]

    private static func describe(
        _ partition: MetadataResponse.MetadataResponsePartition, of topic: String, _ partitions: Resource
    ) -> JSON {
        let index = partition.partitionIndex
        let resource = partitions.below("\(index)")
        let leader = partition.leaderID
        return resource.object(
            "KafkaPartition", name: "/topic=\(topic)/partition=\(index)",
            [
                JSON.Member("cluster_id", .string(partitions.clusterID)),
                JSON.Member("topic_name", .string(topic)),
                JSON.Member("partition_id", JSON(index)),
                JSON.Member("leader", leader < 0 ? .null : resource.below("replicas", "\(leader)").related),
                JSON.Member("replicas", resource.below("replicas").related),
                JSON.Member("reassignment", resource.below("reassignment").related),
            ])
    }
}
