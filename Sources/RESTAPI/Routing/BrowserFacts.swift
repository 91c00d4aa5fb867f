import HTTPTypes

/// What browsers add to requests by themselves.
package struct BrowserFacts: Sendable {
    /// The session's token from its cookie.
    package var session: String?
    /// Whether a script or a page's part asks, and no person who opens an address: nobody would see an answer to a
    /// challenge, but browsers would ask for a password in a dialogue of their own.
    package var isScript = false
    /// Whether a page of this very server sends it. False for what is no browser.
    package var isOwnPage = false

    static let cookieName = "twinlog_session"

    package init() {}

    /// - Parameter authority: the request's own host and port.
    init(headers: HTTPFields, authority: String) {
        session = headers[.cookie].flatMap(Self.session)
        isScript = headers[Self.fetchMode].map { $0.lowercased() != "navigate" } ?? false
        if let site = headers[Self.fetchSite] {
            isOwnPage = site.lowercased() == "same-origin"
        } else if let origin = headers[.origin] {
            let parts = origin.split(separator: "/", omittingEmptySubsequences: true)
            isOwnPage = parts.count == 2 && parts[1].lowercased() == authority.lowercased()
        }
    }

    private static let fetchMode = HTTPField.Name("sec-fetch-mode")!
    private static let fetchSite = HTTPField.Name("sec-fetch-site")!

    /// The session of a `Cookie` header; nil when it has none, or an ended one.
    static func session(cookies: String) -> String? {
        for pair in cookies.split(separator: ";") {
            let sides = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if sides.count == 2, sides[0] == cookieName {
                let value = sides[1].prefix { $0 != " " }
                return value.isEmpty ? nil : String(value)
            }
        }
        return nil
    }

    /// The `Set-Cookie` header that begins a session, or with nil ends it. Neither scripts nor pages of other sites get
    /// to use it.
    static func cookie(_ session: SessionInfo?) -> String {
        let seconds = max(0, (session?.lifetimeMs ?? 0) / 1000)
        return "\(cookieName)=\(session?.token ?? ""); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(seconds)"
    }
}
