/// `/twinlog/v1/sessions` and `/twinlog/v1/me`: logging in and out.
enum SessionRoutes {
    static let path = "/twinlog/v1/sessions"

    static let routes: [Route] = [
        Route(.post, PathTemplate(path)) { request, fleet in
            let body = try request.object()
            let session = try await fleet.control.logIn(
                email: try body.required("email"), password: try body.required("password"))
            let answer: JSON = [
                "kind": "TwinlogSession", "token": .string(session.token),
                "expires_at": .string(Timestamp.text(session.expiresMs)), "user": user(session.email),
                "organization": organization, "environments": await environments(fleet),
            ]
            return .json(answer, status: 201)
        },
        Route(.delete, PathTemplate(path)) { request, fleet in
            if let token = token(request) {
                await fleet.control.logOut(token: token)
            }
            return .noContent
        },
        Route(.get, "/twinlog/v1/me") { request, fleet in
            guard let token = token(request), let session = await fleet.control.session(token: token) else {
                throw RESTError.unauthorized("Log in first.")
            }
            return .json([
                "kind": "TwinlogUser", "user": user(session.email), "organization": organization,
                "environments": await environments(fleet),
            ])
        },
    ]

    private static func token(_ request: RESTRequest) -> String? {
        switch request.authorization.flatMap({ Access.Credentials(header: $0) }) {
        case .bearer(let token): token
        case .basic(_, let password): password
        case nil: nil
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
