import ClusterCore
import KafkaProtocol

/// `/twinlog/v1/clusters/{cluster_id}/topics…` and `…/connections`: a cluster at a glance, one request for a page.
enum GlanceRoutes {
    static let cluster = "/twinlog/v1/clusters/{cluster_id}"
    static let topics = cluster + "/topics"
    /// Connections that are listed; those beyond are only counted.
    static let listedConnections = 1_000

    static let routes: [Route] = [
        Route(.get, PathTemplate(topics)) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let data = try await cluster.topicSummaries(nil, partitions: false).map { JSON.object(fields($0)) }
            let url = "\(request.base)/twinlog/v1/clusters/\(PercentEncoding.encode(cluster.clusterID))/topics"
            return .json(Envelope.list("TwinlogTopicList", url: url, data))
        },
        Route(.get, PathTemplate(topics + "/{topic_name}")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let name = request.capture("topic_name")
            guard let topic = try await cluster.topicSummaries([name], partitions: true).first else {
                throw RESTError(.unknownTopicOrPartition, message: "The topic '\(name)' does not exist.")
            }
            let partitions = JSON.Member("partitions", .array(topic.partitions.map(describe)))
            return .json(.object([JSON.Member("kind", "TwinlogTopic")] + fields(topic) + [partitions]))
        },
        Route(.get, PathTemplate(cluster + "/connections")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let (connections, count) = try await cluster.connections(limit: listedConnections)
            return .json([
                "kind": "TwinlogConnectionList", "data": .array(connections.map(describe)), "count": JSON(count),
            ])
        },
    ]

    private static func fields(_ topic: TopicSummary) -> [JSON.Member] {
        [
            JSON.Member("topic_name", .string(topic.name)), JSON.Member("topic_id", .string(topic.id.base64)),
            JSON.Member("is_internal", .bool(topic.isInternal)),
            JSON.Member("partitions_count", JSON(topic.partitionCount)),
            JSON.Member("replication_factor", JSON(topic.replicationFactor)),
            JSON.Member("size_bytes", JSON(topic.sizeBytes)), JSON.Member("records_count", JSON(topic.recordCount)),
            JSON.Member("cleanup_policy", .string(topic.cleanupPolicy)),
            JSON.Member("retention_ms", JSON(topic.retentionMs)),
            JSON.Member("mirror", topic.mirror.map(describe) ?? .null),
        ]
    }

    private static func describe(_ mirror: MirrorStatus) -> JSON {
        // Before the first fetch nobody knows.
        let known = mirror.lags.map(\.lag).filter { $0 >= 0 }
        let lag = known.reduce(0) { $0 +| $1 }
        return [
            "link_name": .string(mirror.linkName), "source_topic_name": .string(mirror.sourceTopicName),
            "state": .string(mirror.state.restName), "lag": known.isEmpty ? .null : JSON(lag),
            "error_message": JSON(mirror.errorMessage),
        ]
    }

    private static func describe(_ partition: PartitionSummary) -> JSON {
        func number(_ value: Int64?) -> JSON { value.map { JSON($0) } ?? .null }
        return [
            "partition_id": JSON(partition.index), "leader_id": JSON(partition.leader),
            "leader_epoch": JSON(partition.leaderEpoch), "start_offset": number(partition.log?.startOffset),
            "end_offset": number(partition.log?.endOffset), "high_watermark": number(partition.log?.highWatermark),
            "last_stable_offset": number(partition.log?.lastStableOffset),
            "size_bytes": number(partition.log?.sizeBytes), "is_offline": .bool(partition.log == nil),
            "replicas": .array(partition.replicas.map { JSON($0) }), "isr": .array(partition.isr.map { JSON($0) }),
        ]
    }

    private static func describe(_ connection: ConnectionSummary) -> JSON {
        [
            "connection_id": .int(Int64(clamping: connection.id)), "client_id": JSON(connection.clientID),
            "client_software_name": JSON(connection.softwareName),
            "client_software_version": JSON(connection.softwareVersion), "address": .string(connection.address),
            "listener": .string(connection.listener), "principal": .string(connection.principal),
            "connected_ms": JSON(connection.connectedMs), "requests": JSON(connection.requests),
        ]
    }
}
