import KafkaProtocol

/// What lies below a partition: replicas, reassignments (there are none here) and offsets; and the configs of all
/// topics.
enum ReplicaRoutes {
    private static let topics = TopicRoutes.prefix
    private static let partition = TopicRoutes.ofTopic + "/partitions/{partition_id}"

    static let routes: [Route] = [
        Route(.get, PathTemplate(topics + "/-/configs")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let resource = Resource(request, clusterID: cluster.clusterID)
            var data: [JSON] = []
            for topic in try await cluster.topics() {
                let name = topic.name ?? ""
                let configs = resource.below("topics", name, "configs")
                // A topic that is deleted meanwhile is no reason to fail.
                let found = (try? await cluster.topicConfigs(name)) ?? []
                data += found.map { TopicRoutes.describe($0, of: name, configs) }
            }
            return .json(resource.below("topics", "-", "configs").list("KafkaTopicConfigList", data))
        },
        Route(.get, PathTemplate(TopicRoutes.ofTopic + "/default-configs")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let name = request.capture("topic_name")
            let resource = Resource(request, clusterID: cluster.clusterID).below("topics", name, "default-configs")
            let data = try await cluster.defaultTopicConfigs(name).map { TopicRoutes.describe($0, of: name, resource) }
            return .json(resource.list("KafkaTopicConfigList", data))
        },
        Route(.get, PathTemplate(topics + "/-/partitions/-/reassignment")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let resource = Resource(request, clusterID: cluster.clusterID)
            let url = resource.below("topics", "-", "partitions", "-", "reassignment")
            return .json(url.list("KafkaReassignmentList", []))
        },
        Route(.get, PathTemplate(TopicRoutes.ofTopic + "/partitions/-/reassignment")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let name = request.capture("topic_name")
            _ = try await cluster.topic(name)
            let resource = Resource(request, clusterID: cluster.clusterID)
            let url = resource.below("topics", name, "partitions", "-", "reassignment")
            return .json(url.list("KafkaReassignmentList", []))
        },
        Route(.get, PathTemplate(partition + "/reassignment")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let found = try await find(request, cluster)
            let topic = request.capture("topic_name")
            throw RESTError.notFound("Partition \(found.partitionIndex) of topic '\(topic)' is not being reassigned.")
        },
        Route(.get, PathTemplate(partition + "/replicas")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let found = try await find(request, cluster)
            let resource = place(request, cluster, found).below("replicas")
            let data = found.replicaNodes.sorted().map { describe($0, of: found, request, resource) }
            return .json(resource.list("KafkaReplicaList", data))
        },
        Route(.get, PathTemplate(partition + "/replicas/{broker_id}")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let found = try await find(request, cluster)
            let broker = Int32(request.capture("broker_id"))
            guard let broker, found.replicaNodes.contains(broker) else {
                throw RESTError.notFound("Replica \(request.capture("broker_id")) cannot be found.")
            }
            return .json(describe(broker, of: found, request, place(request, cluster, found).below("replicas")))
        },
        Route(.get, PathTemplate(TopicRoutes.ofTopic + "/partitions/-/replica-status")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let topic = try await cluster.topic(request.capture("topic_name"))
            return try await statuses(topic.partitions, partition: "-", request, cluster)
        },
        Route(.get, PathTemplate(partition + "/replica-status")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let found = try await find(request, cluster)
            return try await statuses([found], partition: "\(found.partitionIndex)", request, cluster)
        },
        Route(.get, PathTemplate(partition + "/offset"), offset),
    ]

    private static func find(
        _ request: RESTRequest, _ cluster: any ClusterBackend
    ) async throws -> MetadataResponse.MetadataResponsePartition {
        guard let index = Int32(request.capture("partition_id")) else {
            throw RESTError.notFound("HTTP 404 Not Found")
        }
        let topic = try await cluster.topic(request.capture("topic_name"))
        guard let partition = topic.partitions.first(where: { $0.partitionIndex == index }) else {
            throw RESTError(.unknownTopicOrPartition)
        }
        return partition
    }

    private static func place(
        _ request: RESTRequest, _ cluster: any ClusterBackend, _ partition: MetadataResponse.MetadataResponsePartition
    ) -> Resource {
        Resource(request, clusterID: cluster.clusterID)
            .below("topics", request.capture("topic_name"), "partitions", "\(partition.partitionIndex)")
    }

    /// What the vendor's on-prem tools show of replicas. All brokers share one log, so all are caught up always.
    private static func statuses(
        _ partitions: [MetadataResponse.MetadataResponsePartition], partition: String, _ request: RESTRequest,
        _ cluster: any ClusterBackend
    ) async throws -> RESTResponse {
        let topic = request.capture("topic_name")
        let indexes = partitions.map(\.partitionIndex)
        let starts = try await cluster.offsets(of: topic, indexes, at: ListedOffset.earliest)
        let ends = try await cluster.offsets(of: topic, indexes, at: ListedOffset.latest)
        let now = cluster.nowMs
        let resource = Resource(request, clusterID: cluster.clusterID)
            .below("topics", topic, "partitions", partition, "replica-status")
        var data: [JSON] = []
        for item in partitions.sorted(by: { $0.partitionIndex < $1.partitionIndex }) {
            let index = item.partitionIndex
            for broker in item.replicaNodes.sorted() {
                let fields = [
                    JSON.Member("cluster_id", .string(cluster.clusterID)),
                    JSON.Member("topic_name", .string(topic)),
                    JSON.Member("partition_id", JSON(index)),
                    JSON.Member("broker_id", JSON(broker)),
                    JSON.Member("is_leader", .bool(item.leaderID == broker)),
                    JSON.Member("is_observer", false),
                    JSON.Member("is_isr_eligible", true),
                    JSON.Member("is_in_isr", .bool(item.isrNodes.contains(broker))),
                    JSON.Member("is_caught_up", true),
                    JSON.Member("log_start_offset", JSON(starts[index] ?? 0)),
                    JSON.Member("log_end_offset", JSON(ends[index] ?? 0)),
                    JSON.Member("last_caught_up_time_ms", JSON(now)),
                    JSON.Member("last_fetch_time_ms", JSON(now)),
                    JSON.Member("link_name", ""),
                ]
                let name = "/topic=\(topic)/partition=\(index)/replica-status=\(broker)"
                data.append(resource.object("KafkaReplicaStatus", name: name, fields))
            }
        }
        return .json(resource.list("KafkaReplicaStatusList", data))
    }

    private static let offset: Route.Handler = { request, fleet in
        let cluster = try await fleet.cluster(request)
        let partition = try await find(request, cluster)
        let index = partition.partitionIndex
        let wish = request.query["offset_type"]?.lowercased() ?? "latest"
        let mark: Int64
        switch wish {
        case "latest", "end": mark = ListedOffset.latest
        case "earliest", "beginning": mark = ListedOffset.earliest
        case "max_timestamp": mark = ListedOffset.maxTimestamp
        default:
            guard let time = Timestamp.ms(wish.uppercased()) else {
                throw RESTError.badRequest(
                    "Query parameter 'offset_type' must be earliest, latest, max_timestamp or a time, not '\(wish)'.")
            }
            mark = time
        }
        let name = request.capture("topic_name")
        let offsets = try await cluster.offsets(of: name, [index], at: mark)
        let resource = place(request, cluster, partition).below("offset")
        return .json(
            resource.object(
                "KafkaPartitionOffset", name: "/topic=\(name)/partition=\(index)/offset",
                [
                    JSON.Member("cluster_id", .string(cluster.clusterID)),
                    JSON.Member("topic_name", .string(name)),
                    JSON.Member("partition_id", JSON(index)),
                    JSON.Member("offset_type", .string(wish)),
                    JSON.Member("offset", JSON(offsets[index] ?? -1)),
                ]))
    }

    private static func describe(
        _ broker: Int32, of partition: MetadataResponse.MetadataResponsePartition, _ request: RESTRequest,
        _ replicas: Resource
    ) -> JSON {
        let topic = request.capture("topic_name")
        let index = partition.partitionIndex
        let cluster = Resource(request, clusterID: replicas.clusterID)
        return replicas.below("\(broker)").object(
            "KafkaReplica", name: "/topic=\(topic)/partition=\(index)/replica=\(broker)",
            [
                JSON.Member("cluster_id", .string(replicas.clusterID)),
                JSON.Member("topic_name", .string(topic)),
                JSON.Member("partition_id", JSON(index)),
                JSON.Member("broker_id", JSON(broker)),
                JSON.Member("is_leader", .bool(partition.leaderID == broker)),
                JSON.Member("is_in_sync", .bool(partition.isrNodes.contains(broker))),
                JSON.Member("broker", cluster.below("brokers", "\(broker)").related),
            ])
    }
}
