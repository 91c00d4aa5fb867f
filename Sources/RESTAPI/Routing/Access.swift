/// Who may send a request, when the server asks (`--http-auth required`).
///
/// An API key opens the data of its cluster, by HTTP Basic; a session's token opens everything, as a bearer token, as
/// the password of HTTP Basic or in its cookie. Roles come with the authorizer.
enum Access {
    static func check(_ request: RESTRequest, _ fleet: any FleetBackend) async throws(RESTError) {
        // Browsers send cookies along by themselves, also when another page makes them send something.
        if request.browser.session != nil, request.authorization == nil, request.method != .get,
            !request.browser.isOwnPage
        {
            throw .forbidden("Only the console's own pages may change something with its session.")
        }
        guard !isOpen(request.path), await fleet.control.requiresAuthentication else {
            return
        }
        guard let header = request.authorization else {
            if let token = request.browser.session, await fleet.control.session(token: token) != nil {
                return
            }
            throw .unauthorized("This server asks for an API key (HTTP Basic) or a session's token (Bearer).")
        }
        guard let credentials = Credentials(header: header) else {
            throw .unauthorized()
        }
        switch credentials {
        case .bearer(let token):
            guard await fleet.control.session(token: token) != nil else {
                throw .unauthorized()
            }
        case .basic(let name, let password):
            if await fleet.control.session(token: password) != nil {
                return
            }
            guard let cluster = cluster(request.path) else {
                throw .unauthorized("API keys open the data of their cluster only: log in for everything else.")
            }
            guard await fleet.control.verify(key: name, secret: password, cluster: cluster) else {
                throw .unauthorized()
            }
        }
    }

    /// What has to work before anyone can say who they are.
    private static func isOpen(_ path: [String]) -> Bool {
        switch path {
        case ["healthz"], ["readyz"]: true
        case ["twinlog", "v1", "sessions"], ["twinlog", "v1", "ca"], ["twinlog", "v1", "tls"]: true
        default: false
        }
    }

    /// The cluster whose data a path is about.
    private static func cluster(_ path: [String]) -> String? {
        guard path.count >= 4, path[0] == "kafka" || path[0] == "twinlog", path[2] == "clusters" else {
            return nil
        }
        return path[3]
    }

    enum Credentials: Equatable {
        case basic(name: String, password: String)
        case bearer(String)

        init?(header: String) {
            let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard parts.count == 2 else {
                return nil
            }
            let value = parts[1].drop { $0 == " " }
            switch parts[0].lowercased() {
            case "bearer": self = .bearer(String(value))
            case "basic":
                guard let text = Base64.decode(value).flatMap({ String(validating: $0, as: UTF8.self) }),
                    let colon = text.firstIndex(of: ":")
                else {
                    return nil
                }
                self = .basic(name: String(text[..<colon]), password: String(text[text.index(after: colon)...]))
            default: return nil
            }
        }
    }
}
