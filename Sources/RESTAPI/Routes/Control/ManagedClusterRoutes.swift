/// `/cmk/v2`: clusters as things that are created, resized and deleted.
enum ManagedClusterRoutes {
    static let path = "/cmk/v2/clusters"
    private static let clouds = ["AWS", "GCP", "AZURE"]
    private static let availabilities = ["SINGLE_ZONE", "MULTI_ZONE", "LOW", "HIGH"]

    static let routes: [Route] = [
        Route(.get, PathTemplate(path)) { request, fleet in
            let environment = try await environment(request, fleet)
            var clusters = await fleet.control.managedClusters().filter { $0.environmentID == environment }
            if request.query["spec.deletion_protection"] != nil {
                let wanted = try request.flag("spec.deletion_protection", default: true)
                clusters.removeAll { $0.deletionProtection != wanted }
            }
            return try Page(request).list(
                clusters, id: { $0.id }, kind: "ClusterList", version: "cmk/v2", request
            ) { describe($0, request) }
        },
        Route(.post, PathTemplate(path)) { request, fleet in
            let wish = try creation(request.object())
            guard await fleet.control.environments().contains(where: { $0.id == wish.environmentID }) else {
                throw RESTError(
                    status: 400, code: 400, message: "Environment '\(wish.environmentID)' does not exist.",
                    source: .pointer("/spec/environment/id"))
            }
            return .json(describe(try await fleet.control.createCluster(wish), request), status: 202)
        },
        Route(.get, PathTemplate(path + "/{id}")) { request, fleet in
            let environment = try await environment(request, fleet)
            return .json(describe(try await find(request, fleet, environment: environment), request))
        },
        Route(.patch, PathTemplate(path + "/{id}"), update),
        Route(.delete, PathTemplate(path + "/{id}")) { request, fleet in
            let environment = try await environment(request, fleet)
            let cluster = try await find(request, fleet, environment: environment)
            guard !cluster.deletionProtection else {
                throw RESTError.conflict("Cluster '\(cluster.id)' is protected against deletion: take that away first.")
            }
            try await fleet.control.deleteCluster(cluster.id)
            return .noContent
        },
    ]

    /// The `environment` that every request about clusters has to name.
    private static func environment(
        _ request: RESTRequest, _ fleet: any FleetBackend
    ) async throws(RESTError) -> String {
        let id = try request.requiredQuery("environment")
        guard await fleet.control.environments().contains(where: { $0.id == id }) else {
            throw RESTError(
                status: 400, code: 400, message: "Environment '\(id)' does not exist.",
                source: .parameter("environment"))
        }
        return id
    }

    private static func find(
        _ request: RESTRequest, _ fleet: any FleetBackend, environment: String
    ) async throws(RESTError) -> ManagedCluster {
        let id = request.capture("id")
        let clusters = await fleet.control.managedClusters()
        guard let cluster = clusters.first(where: { $0.id == id && $0.environmentID == environment }) else {
            throw .notFound("Kafka cluster '\(id)' does not exist in environment '\(environment)'.")
        }
        return cluster
    }

    // MARK: Reading

    private static func creation(_ body: JSONObject) throws(RESTError) -> ClusterCreation {
        let spec = try body.requiredObject("spec")
        let name = try spec.required("display_name")
        try ControlShape.checkName(name, at: "/spec/display_name")
        let environment = try spec.requiredObject("environment").required("id")
        let (type, cku) = try config(spec.requiredObject("config"))
        var wish = ClusterCreation(environmentID: environment, displayName: name, type: type, cku: cku)
        wish.availability = try spec.word("availability", of: availabilities) ?? "SINGLE_ZONE"
        wish.cloud = try cloud(spec)
        wish.region = try spec.required("region")
        guard wish.region.utf8.count <= 64 else {
            throw .unprocessable("A region's name has 64 characters at most.", at: "/spec/region")
        }
        wish.deletionProtection = try spec.bool("deletion_protection", default: false)
        if wish.type == .dedicated, ["MULTI_ZONE", "HIGH"].contains(wish.availability), wish.cku == 1 {
            throw .unprocessable("A cluster over several zones needs 2 CKUs at least.", at: "/spec/config/cku")
        }
        return wish
    }

    private static func cloud(_ spec: JSONObject) throws(RESTError) -> String {
        guard let cloud = try spec.word("cloud", of: clouds) else {
            throw RESTError(
                status: 400, code: 400, message: "Field 'cloud' is required.", source: .pointer("/spec/cloud"))
        }
        return cloud
    }

    /// `config`: the cluster's type, and for dedicated ones their size.
    private static func config(_ config: JSONObject) throws(RESTError) -> (ClusterType, cku: Int?) {
        let kinds = ClusterType.allCases.map(\.kind)
        guard let kind = try config.word("kind", of: kinds), let type = ClusterType(kind: kind) else {
            throw RESTError(
                status: 400, code: 400, message: "Field 'kind' is required: one of \(kinds.joined(separator: ", ")).",
                source: .pointer("/spec/config/kind"))
        }
        let cku: Int32? = try config.integer("cku")
        guard type == .dedicated else {
            guard cku == nil else {
                throw .unprocessable("Only dedicated clusters have CKUs.", at: "/spec/config/cku")
            }
            return (type, nil)
        }
        return (type, try check(cku ?? 1))
    }

    private static func check(_ cku: Int32) throws(RESTError) -> Int {
        guard (1...152).contains(cku) else {
            throw .unprocessable("A dedicated cluster has from 1 to 152 CKUs.", at: "/spec/config/cku")
        }
        return Int(cku)
    }

    private static let update: Route.Handler = { request, fleet in
        let body = try request.object()
        let spec = try body.requiredObject("spec")
        let environment = try spec.requiredObject("environment").required("id")
        let cluster = try await find(request, fleet, environment: environment)
        for fixed in ["availability", "cloud", "region"] {
            let facts = ["availability": cluster.availability, "cloud": cluster.cloud, "region": cluster.region]
            let present = facts[fixed]
            if let wish = try spec.string(fixed), wish != present {
                throw RESTError.unprocessable("The \(fixed) of a cluster cannot be changed.", at: "/spec/\(fixed)")
            }
        }
        var change = ClusterChange()
        change.displayName = try spec.string("display_name")
        if let name = change.displayName {
            try ControlShape.checkName(name, at: "/spec/display_name")
        }
        if let wish = try spec.object("config") {
            let (type, cku) = try config(wish)
            let isUpgrade = cluster.type == .basic && type == .standard
            guard type == cluster.type || isUpgrade else {
                throw RESTError.unprocessable(
                    "A \(cluster.type.kind) cluster cannot become \(type.kind); only Basic can become Standard.",
                    at: "/spec/config/kind")
            }
            change.type = type
            change.cku = cku
        }
        if spec.has("deletion_protection") {
            change.deletionProtection = try spec.bool("deletion_protection", default: false)
        }
        return .json(describe(try await fleet.control.updateCluster(cluster.id, change), request))
    }

    // MARK: Describing

    static func describe(_ cluster: ManagedCluster, _ request: RESTRequest) -> JSON {
        var config: [JSON.Member] = [JSON.Member("kind", .string(cluster.type.kind))]
        if let cku = cluster.cku {
            config.append(JSON.Member("cku", JSON(cku)))
        }
        var status: [JSON.Member] = [JSON.Member("phase", "PROVISIONED")]
        if let cku = cluster.cku {
            status.append(JSON.Member("cku", JSON(cku)))
        }
        let listener = ["SASL_SSL", "SASL_PLAINTEXT", "PLAINTEXT"].first { cluster.bootstrap[$0] != nil }
        let endpoint = listener.map { "\($0)://\(cluster.bootstrap[$0] ?? "")" } ?? ""
        let environment = ControlShape.reference(
            request, cluster.environmentID, path: EnvironmentRoutes.path,
            resource: "/environment=\(cluster.environmentID)")
        let spec: JSON = [
            "display_name": .string(cluster.displayName),
            "availability": .string(cluster.availability),
            "cloud": .string(cluster.cloud),
            "region": .string(cluster.region),
            "config": .object(config),
            "kafka_bootstrap_endpoint": .string(endpoint),
            "http_endpoint": .string(request.base),
            "api_endpoint": .string(request.base),
            "deletion_protection": .bool(cluster.deletionProtection),
            "environment": environment,
        ]
        return [
            "api_version": "cmk/v2", "kind": "Cluster", "id": .string(cluster.id),
            "metadata": ControlShape.metadata(
                request, path: "\(path)/\(PercentEncoding.encode(cluster.id))",
                resource: "/environment=\(cluster.environmentID)/cloud-cluster=\(cluster.id)",
                createdMs: cluster.createdMs, updatedMs: cluster.updatedMs),
            "spec": spec,
            "status": .object(status),
        ]
    }
}

extension ClusterType {
    /// `spec.config.kind`.
    package var kind: String {
        switch self {
        case .basic: "Basic"
        case .standard: "Standard"
        case .enterprise: "Enterprise"
        case .dedicated: "Dedicated"
        }
    }

    package init?(kind: String) {
        guard let type = ClusterType.allCases.first(where: { $0.kind == kind }) else {
            return nil
        }
        self = type
    }
}
