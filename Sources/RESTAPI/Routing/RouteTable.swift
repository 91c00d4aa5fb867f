import KafkaProtocol

/// One operation of the HTTP surface.
package struct Route: Sendable {
    package typealias Handler = @Sendable (RESTRequest, any FleetBackend) async throws -> RESTResponse

    package let method: HTTPMethod
    package let template: PathTemplate
    let handler: Handler

    init(_ method: HTTPMethod, _ template: PathTemplate, _ handler: @escaping Handler) {
        self.method = method
        self.template = template
        self.handler = handler
    }
}

/// Every route, and how a request finds its own: literal segments win over captures because they stand first.
package struct RouteTable: Sendable {
    package let routes: [Route]
    /// Routes by their number of segments, so that a request is compared with few.
    private let byLength: [Int: [Route]]

    package init(_ routes: [Route] = RouteTable.all) {
        self.routes = routes
        byLength = Dictionary(grouping: routes) { $0.template.segments.count }
    }

    package static var all: [Route] {
        OperationsRoutes.routes + SecurityRoutes.routes + ClusterRoutes.routes + ReplicaRoutes.routes
            + TopicRoutes.routes + RecordRoutes.routes + RecordReadRoutes.routes
            + BrokerRoutes.routes + GroupRoutes.routes
            + GroupOffsetRoutes.routes
            + GlanceRoutes.routes + TimeSeriesRoutes.routes + EventRoutes.routes
            + LinkRoutes.routes + MirrorRoutes.routes + EnvironmentRoutes.routes + ManagedClusterRoutes.routes
            + APIKeyRoutes.routes
            + SessionRoutes.routes + ConnectorRoutes.routes
    }

    /// Answers any request; refusals are answers too.
    ///
    /// - Parameter report: told what a user must not see: failures that are ours.
    package func respond(
        to request: RESTRequest, fleet: any FleetBackend, report: @Sendable (any Error) -> Void = { _ in }
    ) async -> RESTResponse {
        let style = ErrorStyle(path: request.path)
        var allowed: [HTTPMethod] = []
        for route in byLength[request.path.count] ?? [] {
            guard let captures = route.template.match(request.path) else {
                continue
            }
            guard route.method == request.method else {
                allowed.append(route.method)
                continue
            }
            var request = request
            request.captures = captures
            do {
                try await Access.check(request, fleet)
                return try await route.handler(request, fleet)
            } catch {
                return RESTResponse(RESTError.describing(error, report), style: style, to: request)
            }
        }
        guard allowed.isEmpty else {
            var response = RESTResponse(
                RESTError(status: 405, code: 405, message: "HTTP 405 Method Not Allowed"), style: style)
            response.allowedMethods = allowed
            return response
        }
        return RESTResponse(.notFound("HTTP 404 Not Found"), style: style)
    }
}

extension RESTError {
    /// What a user sees of a failure. `report` hears about those that are ours.
    static func describing(_ error: any Error, _ report: (any Error) -> Void) -> RESTError {
        switch error {
        case let error as RESTError: return error
        case let error as ErrorCode: return RESTError(error)
        default:
            report(error)
            return RESTError(status: 500, code: 50002, message: "Internal server error.")
        }
    }
}
