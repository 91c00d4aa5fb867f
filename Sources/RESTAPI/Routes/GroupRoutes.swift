import KafkaProtocol

/// `/kafka/v3/clusters/{cluster_id}/consumer-groups…`: groups, their members, and how far they are.
enum GroupRoutes {
    private static let prefix = "/kafka/v3/clusters/{cluster_id}/consumer-groups"
    private static let ofGroup = prefix + "/{consumer_group_id}"
    private static let ofConsumer = ofGroup + "/consumers/{consumer_id}"

    static let routes: [Route] = [
        Route(.get, PathTemplate(prefix)) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let resource = Resource(request, clusterID: cluster.clusterID).below("consumer-groups")
            var data: [JSON] = []
            for id in try await cluster.groupIDs() {
                // A group that ends meanwhile is no reason to fail.
                if let (group, node) = try? await cluster.group(id) {
                    data.append(describe(group, coordinator: node, resource))
                }
            }
            return .json(resource.list("KafkaConsumerGroupList", data))
        },
        Route(.get, PathTemplate(ofGroup)) { request, fleet in
            let found = try await Found(request, fleet)
            return .json(describe(found.group, coordinator: found.coordinator, found.groups))
        },
        Route(.get, PathTemplate(ofGroup + "/consumers")) { request, fleet in
            let found = try await Found(request, fleet)
            let data = found.group.members.sorted { $0.memberID < $1.memberID }.map { describe($0, found) }
            return .json(found.resource.below("consumers").list("KafkaConsumerList", data))
        },
        Route(.get, PathTemplate(ofConsumer)) { request, fleet in
            let found = try await Found(request, fleet)
            return .json(describe(try found.member(request), found))
        },
        Route(.get, PathTemplate(ofConsumer + "/assignments")) { request, fleet in
            let found = try await Found(request, fleet)
            let member = try found.member(request)
            let data = member.assignment.map { describe($0.topic, $0.partition, of: member, found) }
            let resource = found.resource.below("consumers", member.memberID, "assignments")
            return .json(resource.list("KafkaConsumerAssignmentList", data))
        },
        Route(.get, PathTemplate(ofConsumer + "/assignments/{topic_name}/partitions/{partition_id}")) {
            request, fleet in
            let found = try await Found(request, fleet)
            let member = try found.member(request)
            let topic = request.capture("topic_name")
            let index = Int32(request.capture("partition_id"))
            guard let index, member.assignment.contains(where: { $0.topic == topic && $0.partition == index }) else {
                throw RESTError.notFound("Consumer \(member.memberID) was not assigned that partition.")
            }
            return .json(describe(topic, index, of: member, found))
        },
        Route(.get, PathTemplate(ofGroup + "/lag-summary"), summary),
        Route(.get, PathTemplate(ofGroup + "/lags")) { request, fleet in
            let found = try await Found(request, fleet)
            let data = try await found.lags().map { describe($0, found) }
            return .json(found.resource.below("lags").list("KafkaConsumerLagList", data))
        },
        Route(.get, PathTemplate(ofGroup + "/lags/{topic_name}/partitions/{partition_id}")) { request, fleet in
            let found = try await Found(request, fleet)
            let topic = request.capture("topic_name")
            let index = Int32(request.capture("partition_id"))
            guard let lag = try await found.lags().first(where: { $0.topic == topic && $0.partition == index }) else {
                throw RESTError.notFound("Consumer group \(found.group.groupID) has committed nothing there.")
            }
            return .json(describe(lag, found))
        },
    ]

    /// The group of a request's path.
    private struct Found {
        let cluster: any ClusterBackend
        let group: DescribeGroupsResponse.DescribedGroup
        let coordinator: Int32
        /// Of the list of groups.
        let groups: Resource

        init(_ request: RESTRequest, _ fleet: any FleetBackend) async throws {
            cluster = try await fleet.cluster(request)
            groups = Resource(request, clusterID: cluster.clusterID).below("consumer-groups")
            (group, coordinator) = try await cluster.group(request.capture("consumer_group_id"))
        }

        var resource: Resource { groups.below(group.groupID) }
        var name: String { "/consumer-group=\(group.groupID)" }

        func member(_ request: RESTRequest) throws(RESTError) -> DescribeGroupsResponse.DescribedGroupMember {
            let id = request.capture("consumer_id")
            guard let member = group.members.first(where: { $0.memberID == id }) else {
                throw .notFound("Consumer \(id) cannot be found.")
            }
            return member
        }

        func lags() async throws -> [GroupLag] {
            try await cluster.lags(of: group, coordinator: coordinator)
        }
    }

    // MARK: Describing

    private static func describe(
        _ group: DescribeGroupsResponse.DescribedGroup, coordinator: Int32, _ groups: Resource
    ) -> JSON {
        let resource = groups.below(group.groupID)
        let cluster = Resource(base: groups.base, clusterID: groups.clusterID)
        return resource.object(
            "KafkaConsumerGroup", name: "/consumer-group=\(group.groupID)",
            [
                JSON.Member("cluster_id", .string(groups.clusterID)),
                JSON.Member("consumer_group_id", .string(group.groupID)),
                JSON.Member("is_simple", .bool(group.protocolType.isEmpty)),
                JSON.Member("partition_assignor", .string(group.protocolData)),
                JSON.Member("state", .string(state(group.groupState))),
                JSON.Member("type", "CLASSIC"),
                JSON.Member("is_mixed_consumer_group", false),
                JSON.Member("coordinator", cluster.below("brokers", "\(coordinator)").related),
                JSON.Member("consumers", resource.below("consumers").related),
                JSON.Member("consumer", resource.below("consumers").related),
                JSON.Member("lag_summary", resource.below("lag-summary").related),
            ])
    }

    /// Kafka's `PreparingRebalance` as REST's `PREPARING_REBALANCE`.
    static func state(_ state: String) -> String {
        var result = ""
        for character in state {
            if character.isUppercase, !result.isEmpty {
                result.append("_")
            }
            result += character.uppercased()
        }
        return result.isEmpty ? "UNKNOWN" : result
    }

    private static func describe(_ member: DescribeGroupsResponse.DescribedGroupMember, _ found: Found) -> JSON {
        let resource = found.resource.below("consumers", member.memberID)
        return resource.object(
            "KafkaConsumer", name: "\(found.name)/consumer=\(member.memberID)",
            [
                JSON.Member("cluster_id", .string(resource.clusterID)),
                JSON.Member("consumer_group_id", .string(found.group.groupID)),
                JSON.Member("consumer_id", .string(member.memberID)),
                JSON.Member("instance_id", JSON(member.groupInstanceID)),
                JSON.Member("client_id", .string(member.clientID)),
                JSON.Member("assignments", resource.below("assignments").related),
            ])
    }

    private static func describe(
        _ topic: String, _ partition: Int32, of member: DescribeGroupsResponse.DescribedGroupMember, _ found: Found
    ) -> JSON {
        let resource = found.resource.below(
            "consumers", member.memberID, "assignments", topic, "partitions", "\(partition)")
        let cluster = Resource(base: resource.base, clusterID: resource.clusterID)
        return resource.object(
            "KafkaConsumerAssignment",
            name: "\(found.name)/consumer=\(member.memberID)/assignment=\(topic)/partition=\(partition)",
            [
                JSON.Member("cluster_id", .string(resource.clusterID)),
                JSON.Member("consumer_group_id", .string(found.group.groupID)),
                JSON.Member("consumer_id", .string(member.memberID)),
                JSON.Member("topic_name", .string(topic)),
                JSON.Member("partition_id", JSON(partition)),
                JSON.Member("partition", cluster.below("topics", topic, "partitions", "\(partition)").related),
                JSON.Member("lag", found.resource.below("lags", topic, "partitions", "\(partition)").related),
            ])
    }

    private static func describe(_ lag: GroupLag, _ found: Found) -> JSON {
        let resource = found.resource.below("lags", lag.topic, "partitions", "\(lag.partition)")
        return resource.object(
            "KafkaConsumerLag", name: "\(found.name)/lag=\(lag.topic)/partition=\(lag.partition)",
            [
                JSON.Member("cluster_id", .string(resource.clusterID)),
                JSON.Member("consumer_group_id", .string(found.group.groupID)),
                JSON.Member("topic_name", .string(lag.topic)),
                JSON.Member("partition_id", JSON(lag.partition)),
                JSON.Member("current_offset", JSON(lag.currentOffset)),
                JSON.Member("log_end_offset", JSON(lag.endOffset)),
                JSON.Member("lag", JSON(lag.lag)),
                JSON.Member("consumer_id", .string(lag.member?.memberID ?? "")),
                JSON.Member("instance_id", JSON(lag.member?.groupInstanceID)),
                JSON.Member("client_id", .string(lag.member?.clientID ?? "")),
            ])
    }

    private static let summary: Route.Handler = { request, fleet in
        let found = try await Found(request, fleet)
        let lags = try await found.lags()
        guard let worst = lags.max(by: { $0.lag < $1.lag }) else {
            throw RESTError.notFound("Consumer group \(found.group.groupID) has committed nothing yet.")
        }
        let resource = found.resource.below("lag-summary")
        let cluster = Resource(request, clusterID: resource.clusterID)
        let member = worst.member?.memberID ?? ""
        return .json(
            resource.object(
                "KafkaConsumerGroupLagSummary", name: "\(found.name)/lag-summary",
                [
                    JSON.Member("cluster_id", .string(resource.clusterID)),
                    JSON.Member("consumer_group_id", .string(found.group.groupID)),
                    JSON.Member("max_lag_consumer_id", .string(member)),
                    JSON.Member("max_lag_instance_id", JSON(worst.member?.groupInstanceID)),
                    JSON.Member("max_lag_client_id", .string(worst.member?.clientID ?? "")),
                    JSON.Member("max_lag_topic_name", .string(worst.topic)),
                    JSON.Member("max_lag_partition_id", JSON(worst.partition)),
                    JSON.Member("max_lag", JSON(worst.lag)),
                    JSON.Member("total_lag", JSON(lags.reduce(0) { $0 +| $1.lag })),
                    JSON.Member("max_lag_consumer", found.resource.below("consumers", member).related),
                    JSON.Member(
                        "max_lag_partition",
                        cluster.below("topics", worst.topic, "partitions", "\(worst.partition)").related),
                ]))
    }
}
