/// `/org/v2`: environments, and the one organization.
enum EnvironmentRoutes {
    static let path = "/org/v2/environments"
    private static let packages = ["ESSENTIALS", "ADVANCED"]

    static let routes: [Route] = [
        Route(.get, PathTemplate(path)) { request, fleet in
            try Page(request).list(
                await fleet.control.environments(), id: { $0.id }, kind: "EnvironmentList", version: "org/v2", request
            ) { describe($0, request) }
        },
        Route(.post, PathTemplate(path)) { request, fleet in
            let body = try request.object()
            var wish = EnvironmentCreation(displayName: try body.required("display_name"))
            try ControlShape.checkName(wish.displayName, at: "/display_name")
            wish.package = try package(body) ?? wish.package
            return .json(describe(try await fleet.control.createEnvironment(wish), request), status: 201)
        },
        Route(.get, PathTemplate(path + "/{id}")) { request, fleet in
            .json(describe(try await fleet.environment(request.capture("id")), request))
        },
        Route(.patch, PathTemplate(path + "/{id}")) { request, fleet in
            let body = try request.object()
            let name = try body.string("display_name")
            if let name {
                try ControlShape.checkName(name, at: "/display_name")
            }
            let package = try package(body)
            let id = try await fleet.environment(request.capture("id")).id
            return .json(
                describe(
                    try await fleet.control.updateEnvironment(id, displayName: name, package: package), request))
        },
        Route(.delete, PathTemplate(path + "/{id}")) { request, fleet in
            let id = try await fleet.environment(request.capture("id")).id
            try await fleet.control.deleteEnvironment(id)
            return .noContent
        },
        Route(.get, "/org/v2/organizations") { request, _ in
            try Page(request).list(
                [LocalIdentity.organizationID], id: { $0 }, kind: "OrganizationList", version: "org/v2", request
            ) { _ in organization(request) }
        },
        Route(.get, "/org/v2/organizations/{id}") { request, _ in
            guard request.capture("id") == LocalIdentity.organizationID else {
                throw RESTError.notFound("Organization '\(request.capture("id"))' does not exist.")
            }
            return .json(organization(request))
        },
    ]

    private static func package(_ body: JSONObject) throws(RESTError) -> String? {
        try body.object("stream_governance_config")?.word("package", of: packages)
    }

    static func describe(_ environment: EnvironmentInfo, _ request: RESTRequest) -> JSON {
        [
            "api_version": "org/v2", "kind": "Environment", "id": .string(environment.id),
            "metadata": ControlShape.metadata(
                request, path: "\(path)/\(PercentEncoding.encode(environment.id))",
                resource: "/environment=\(environment.id)",
                createdMs: environment.createdMs, updatedMs: environment.updatedMs),
            "display_name": .string(environment.displayName),
            "stream_governance_config": ["package": .string(environment.package)],
        ]
    }

    private static func organization(_ request: RESTRequest) -> JSON {
        [
            "api_version": "org/v2", "kind": "Organization", "id": .string(LocalIdentity.organizationID),
            "metadata": ControlShape.metadata(
                request, path: "/org/v2/organizations/\(LocalIdentity.organizationID)", resource: "", createdMs: 0,
                updatedMs: 0),
            "display_name": .string(LocalIdentity.organizationName), "jit_enabled": false,
        ]
    }
}

extension FleetBackend {
    /// The environment, or 404.
    func environment(_ id: String) async throws(RESTError) -> EnvironmentInfo {
        guard let environment = await control.environments().first(where: { $0.id == id }) else {
            throw .notFound("Environment '\(id)' does not exist.")
        }
        return environment
    }
}
