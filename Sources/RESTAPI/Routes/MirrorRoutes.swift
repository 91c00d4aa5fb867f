import ClusterCore
import KafkaProtocol

/// `/kafka/v3/clusters/{cluster_id}/links/{link_name}/mirrors…`, and `verify`, which is ours.
enum MirrorRoutes {
    static let ofAllLinks = LinkRoutes.prefix + "/-/mirrors"
    static let ofLink = LinkRoutes.prefix + "/{link_name}/mirrors"
    static let verifyPath = "/twinlog/v1/clusters/{cluster_id}/links/{link_name}/mirrors/{mirror_topic_name}/verify"

    static let routes: [Route] = [
        Route(.get, PathTemplate(ofAllLinks)) { request, fleet in
            try await list(request, fleet, link: nil)
        },
        Route(.get, PathTemplate(ofLink)) { request, fleet in
            try await list(request, fleet, link: request.capture("link_name"))
        },
        Route(.post, PathTemplate(ofLink)) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let body = try request.object()
            let creation = MirrorCreation(
                link: request.capture("link_name"),
                sourceTopicName: try body.required("source_topic_name"),
                mirrorTopicName: try body.string("mirror_topic_name"),
                replicationFactor: try body.integer("replication_factor"),
                configs: try body.configs())
            try await cluster.createMirror(creation)
            return .noContent
        },
        Route(.get, PathTemplate(ofLink + "/{mirror_topic_name}")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let mirror = try await find(request, cluster)
            let errors = try request.flag("include_state_transition_errors", default: false)
            return .json(describe(mirror, Resource(request, clusterID: cluster.clusterID), errors: errors))
        },
        Route(.get, PathTemplate(verifyPath), verify),
        Route(.post, PathTemplate(verifyPath), verify),
        VerificationStream.route,
    ]

    private static func list(
        _ request: RESTRequest, _ fleet: any FleetBackend, link: String?
    ) async throws
        -> RESTResponse
    {
        let cluster = try await fleet.cluster(request)
        var mirrors: [MirrorStatus]
        if let link {
            mirrors = try await cluster.mirrors(link: try await cluster.link(link).name)
        } else {
            mirrors = try await cluster.mirrors(link: nil)
        }
        if let wanted = request.query["mirror_status"]?.uppercased() {
            guard MirrorState.allCases.contains(where: { $0.restName == wanted }) else {
                throw RESTError.badRequest("Unknown mirror status '\(wanted)'.")
            }
            mirrors.removeAll { $0.state.restName != wanted }
        }
        let resource = Resource(request, clusterID: cluster.clusterID)
        let url = resource.below("links", link ?? "-", "mirrors")
        return .json(url.list("KafkaMirrorDataList", mirrors.map { describe($0, resource, errors: false) }))
    }

    static func find(_ request: RESTRequest, _ cluster: any ClusterBackend) async throws -> MirrorStatus {
        let link = try await cluster.link(request.capture("link_name")).name
        let topic = request.capture("mirror_topic_name")
        guard let mirror = try await cluster.mirrors(link: link).first(where: { $0.mirrorTopicName == topic }) else {
            throw RESTError.mirrorNotFound(topic, link: link)
        }
        return mirror
    }

    private static func describe(_ mirror: MirrorStatus, _ cluster: Resource, errors: Bool) -> JSON {
        let lags = mirror.lags.map { lag -> JSON in
            [
                "partition": JSON(lag.partition), "lag": JSON(lag.lag),
                "last_source_fetch_offset": JSON(lag.lastSourceFetchOffset),
            ]
        }
        var fields = [
            JSON.Member("link_name", .string(mirror.linkName)),
            JSON.Member("mirror_topic_name", .string(mirror.mirrorTopicName)),
            JSON.Member("source_topic_name", .string(mirror.sourceTopicName)),
            JSON.Member("num_partitions", JSON(mirror.lags.count)),
            JSON.Member("mirror_status", .string(mirror.state.restName)),
            JSON.Member("mirror_topic_error", .string(mirror.errorName)),
            JSON.Member("mirror_topic_error_message", JSON(mirror.errorMessage)),
            JSON.Member("state_time_ms", JSON(mirror.stateTimeMs)),
            JSON.Member("mirror_lags", .array(lags)),
        ]
        if errors {
            fields.append(JSON.Member("mirror_state_transition_errors", .array([])))
        }
        let resource = cluster.below("links", mirror.linkName, "mirrors", mirror.mirrorTopicName)
        return resource.object("KafkaMirrorData", name: "/mirror-topic=\(mirror.mirrorTopicName)", fields)
    }

    // MARK: Verify

    private static let verify: Route.Handler = { request, fleet in
        let cluster = try await fleet.cluster(request)
        let mirror = try await find(request, cluster)
        let report = try await cluster.verify(
            topic: mirror.mirrorTopicName, link: mirror.linkName, progress: nil)
        return .json(describe(report, request))
    }

    static func describe(_ report: VerifyReport, _ request: RESTRequest) -> JSON {
        let url = "\(request.base)/" + request.path.map { PercentEncoding.encode($0) }.joined(separator: "/")
        return [
            "kind": "TwinlogVerifyReport",
            "metadata": ["self": .string(url), "resource_name": nil],
            "link_name": .string(report.linkName),
            "mirror_topic_name": .string(report.mirrorTopicName),
            "source_topic_name": .string(report.sourceTopicName),
            "source_partition_count": JSON(report.sourcePartitionCount),
            "mirror_partition_count": JSON(report.mirrorPartitionCount),
            "matches": .bool(report.matches),
            "nothing_to_compare": .bool(report.isEmpty),
            "difference": JSON(report.difference),
            "partitions": .array(report.partitions.map(describe)),
        ]
    }

    private static func describe(_ partition: PartitionComparison) -> JSON {
        [
            "partition": JSON(partition.partition),
            "matches": .bool(partition.matches),
            "difference": JSON(partition.difference),
            "compared": [
                "start_offset": JSON(partition.comparedStart), "end_offset": JSON(partition.comparedEnd),
            ],
            "source": describe(partition.source),
            "mirror": describe(partition.mirror),
        ]
    }

    private static func describe(_ digest: PartitionDigest) -> JSON {
        [
            "start_offset": JSON(digest.startOffset),
            "end_offset": JSON(digest.endOffset),
            "batches": JSON(digest.batches),
            "records": JSON(digest.records),
            "bytes": JSON(digest.bytes),
            "hash": .string(digest.hash),
        ]
    }
}

extension MirrorState {
    /// `mirror_status`.
    package var restName: String { description }
}

extension MirrorStatus {
    /// What keeps an active mirror from getting on has no name of its own in the vendor's list.
    fileprivate var errorName: String {
        error == .noError && errorMessage != nil ? "UNKNOWN" : error.restName
    }
}

extension MirrorError {
    /// `mirror_topic_error`.
    package var restName: String { description }
}
