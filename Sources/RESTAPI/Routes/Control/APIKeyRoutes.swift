/// `/iam/v2/api-keys`: keys that open one cluster each.
enum APIKeyRoutes {
    static let path = "/iam/v2/api-keys"

    static let routes: [Route] = [
        Route(.get, PathTemplate(path)) { request, fleet in
            var keys = try await fleet.control.apiKeys()
            if let owner = request.query["spec.owner"], !owner.isEmpty {
                keys.removeAll { $0.ownerID != owner }
            }
            if let resource = request.query["spec.resource"], !resource.isEmpty {
                keys.removeAll { $0.resourceID != resource }
            }
            return try Page(request).list(
                keys, id: { $0.id }, kind: "ApiKeyList", version: "iam/v2", request
            ) { describe($0, request) }
        },
        Route(.post, PathTemplate(path), create),
        Route(.get, PathTemplate(path + "/{id}")) { request, fleet in
            .json(describe(try await find(request, fleet), request))
        },
        Route(.patch, PathTemplate(path + "/{id}")) { request, fleet in
            let spec = try request.object().object("spec")
            let name = try spec?.string("display_name")
            let description = try spec?.string("description")
            try checkTexts(name, description)
            let id = try await find(request, fleet).id
            return .json(
                describe(
                    try await fleet.control.updateAPIKey(id, displayName: name, description: description), request))
        },
        Route(.delete, PathTemplate(path + "/{id}")) { request, fleet in
            let id = try await find(request, fleet).id
            try await fleet.control.deleteAPIKey(id)
            return .noContent
        },
    ]

    private static let create: Route.Handler = { request, fleet in
        let spec = try request.object().requiredObject("spec")
        let name = try spec.string("display_name") ?? ""
        let description = try spec.string("description") ?? ""
        try checkTexts(name, description)
        let owner = try spec.object("owner")?.required("id") ?? LocalIdentity.userID
        let resource = try spec.requiredObject("resource").required("id")
        guard await fleet.control.managedClusters().contains(where: { $0.id == resource }) else {
            throw RESTError(
                status: 400, code: 400, message: "Resource '\(resource)' is no cluster here.",
                source: .pointer("/spec/resource/id"))
        }
        let wish = APIKeyCreation(displayName: name, description: description, ownerID: owner, resourceID: resource)
        let (key, secret) = try await fleet.control.createAPIKey(wish)
        return .json(describe(key, request, secret: secret), status: 202)
    }

    /// The limits of what is only shown.
    private static func checkTexts(_ name: String?, _ description: String?) throws(RESTError) {
        guard (name ?? "").utf8.count <= 256 else {
            throw .unprocessable("A display name has 256 bytes at most.", at: "/spec/display_name")
        }
        guard (description ?? "").utf8.count <= 1_024 else {
            throw .unprocessable("A description has 1024 bytes at most.", at: "/spec/description")
        }
    }

    private static func find(_ request: RESTRequest, _ fleet: any FleetBackend) async throws -> APIKeyInfo {
        let id = request.capture("id")
        guard let key = try await fleet.control.apiKeys().first(where: { $0.id == id }) else {
            throw RESTError.notFound("API key '\(id)' does not exist.")
        }
        return key
    }

    private static func describe(_ key: APIKeyInfo, _ request: RESTRequest, secret: String? = nil) -> JSON {
        var spec: [JSON.Member] = []
        if let secret {
            spec.append(JSON.Member("secret", .string(secret)))
        }
        let owner = ControlShape.reference(
            request, key.ownerID, path: "/iam/v2/users", resource: "/user=\(key.ownerID)")
        let resource = ControlShape.reference(
            request, key.resourceID, path: ManagedClusterRoutes.path, resource: "/cloud-cluster=\(key.resourceID)")
        spec += [
            JSON.Member("display_name", .string(key.displayName)),
            JSON.Member("description", .string(key.description)),
            JSON.Member("owner", typed(owner, "iam/v2", "User")),
            JSON.Member("resource", typed(resource, "cmk/v2", "Cluster")),
            JSON.Member("resources", [typed(resource, "cmk/v2", "Cluster")]),
        ]
        return [
            "api_version": "iam/v2", "kind": "ApiKey", "id": .string(key.id),
            "metadata": ControlShape.metadata(
                request, path: "\(path)/\(PercentEncoding.encode(key.id))", resource: "/api-key=\(key.id)",
                createdMs: key.createdMs, updatedMs: key.updatedMs),
            "spec": .object(spec),
        ]
    }

    private static func typed(_ reference: JSON, _ version: String, _ kind: String) -> JSON {
        .object(
            (reference.members ?? []) + [
                JSON.Member("api_version", .string(version)), JSON.Member("kind", .string(kind)),
            ])
    }
}
