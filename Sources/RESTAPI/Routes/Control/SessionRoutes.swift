/// `/twinlog/v1/sessions` and `/twinlog/v1/me`: logging in and out.
enum SessionRoutes {
    static let path = "/twinlog/v1/sessions"

    static let routes: [Route] = [
        Route(.post, PathTemplate(path)) { request, fleet in
            let body = try request.object()
            let isCookie = try body.bool("cookie", default: false)
            let session = try await fleet.control.logIn(
                email: try body.required("email"), password: try body.required("password"))
            // A token in a cookie that scripts cannot read is not to be read from the answer either.
            let token: [JSON.Member] = isCookie ? [] : [JSON.Member("token", .string(session.token))]
            let fields: [JSON.Member] = [
                JSON.Member("expires_at", .string(Timestamp.text(session.expiresMs))),
                JSON.Member("user", user(session.email)), JSON.Member("organization", organization),
                JSON.Member("environments", await environments(fleet)),
            ]
            var response = RESTResponse.json(
                .object([JSON.Member("kind", "TwinlogSession")] + token + fields), status: 201)
            response.cookie = isCookie ? BrowserFacts.cookie(session) : nil
            return response
        },
        Route(.delete, PathTemplate(path)) { request, fleet in
            if let token = token(request) {
                await fleet.control.logOut(token: token)
            }
            var response = RESTResponse.noContent
            response.cookie = request.browser.session == nil ? nil : BrowserFacts.cookie(nil)
            return response
        },
        Route(.get, "/twinlog/v1/me") { request, fleet in
            var session: SessionInfo?
            if let token = token(request) {
                session = await fleet.control.session(token: token)
            }
            guard try session != nil || request.flag("anonymous", default: false) else {
                throw RESTError.unauthorized("Log in first.")
            }
            return .json([
                "kind": "TwinlogUser", "user": session.map { user($0.email) } ?? .null,
                "requires_log_in": .bool(await fleet.control.requiresAuthentication),
                "organization": organization, "environments": await environments(fleet),
            ])
        },
    ]

    private static func token(_ request: RESTRequest) -> String? {
        switch request.authorization.flatMap({ Access.Credentials(header: $0) }) {
        case .bearer(let token): token
        case .basic(_, let password): password
        case nil: request.browser.session
        }
    }

    private static func user(_ email: String) -> JSON {
        ["id": .string(LocalIdentity.userID), "email": .string(email)]
    }

    private static var organization: JSON {
        ["id": .string(LocalIdentity.organizationID), "name": .string(LocalIdentity.organizationName)]
    }

    private static func environments(_ fleet: any FleetBackend) async -> JSON {
        .array(
            await fleet.control.environments().map { ["id": .string($0.id), "name": .string($0.displayName)] })
    }
}
