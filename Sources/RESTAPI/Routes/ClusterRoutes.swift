import KafkaProtocol

/// `/kafka/v3/clusters` and `/kafka/v3/clusters/{cluster_id}`; with names, types and addresses under `/twinlog/v1`.
enum ClusterRoutes {
    static let routes: [Route] = [
        Route(.get, "/kafka/v3/clusters") { request, fleet in
            let data = await fleet.clusters.map { describe(Resource(request, clusterID: $0.clusterID)) }
            return .json(Envelope.list("KafkaClusterList", url: request.base + "/kafka/v3/clusters", data))
        },
        Route(.get, "/kafka/v3/clusters/{cluster_id}") { request, fleet in
            let cluster = try await fleet.cluster(request)
            return .json(describe(Resource(request, clusterID: cluster.clusterID)))
        },
        Route(.get, "/twinlog/v1/clusters") { request, fleet in
            var data: [JSON] = []
            for cluster in await fleet.clusters {
                data.append(await details(cluster, request))
            }
            return .json(Envelope.list("TwinlogClusterList", url: request.base + "/twinlog/v1/clusters", data))
        },
        Route(.get, "/twinlog/v1/clusters/{cluster_id}") { request, fleet in
            .json(await details(try await fleet.cluster(request), request))
        },
    ]

    private static func describe(_ resource: Resource) -> JSON {
        resource.object(
            "KafkaCluster", name: "",
            [
                JSON.Member("cluster_id", .string(resource.clusterID)),
                JSON.Member("controller", resource.below("brokers", "1").related),
                JSON.Member("acls", resource.below("acls").related),
                JSON.Member("brokers", resource.below("brokers").related),
                JSON.Member("broker_configs", resource.below("broker-configs").related),
                JSON.Member("consumer_groups", resource.below("consumer-groups").related),
                JSON.Member("topics", resource.below("topics").related),
                JSON.Member(
                    "partition_reassignments",
                    resource.below("topics", "-", "partitions", "-", "reassignment").related),
            ])
    }

    private static func details(_ cluster: any ClusterBackend, _ request: RESTRequest) async -> JSON {
        let info = await cluster.info
        let bootstrap = info.bootstrap.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }
        let url = "\(request.base)/twinlog/v1/clusters/\(PercentEncoding.encode(cluster.clusterID))"
        return [
            "kind": "TwinlogCluster",
            "metadata": ["self": .string(url), "resource_name": .string("crn:///kafka=\(cluster.clusterID)")],
            "cluster_id": .string(cluster.clusterID),
            "name": .string(info.name),
            "type": .string(info.type.rawValue),
            "status": "UP",
            "bootstrap": .object(bootstrap),
            "http_endpoint": .string(request.base),
        ]
    }
}
