/// Keeps web pages from driving the server through the browser of someone who runs it: DNS rebinding makes a foreign
/// name point at 127.0.0.1 (the Host header tells), other sites post to it (the Origin header tells).
struct HostGuard: Sendable {
    /// Lower case, without ports.
    let allowed: Set<String>

    static let loopback: Set<String> = ["localhost", "127.0.0.1", "::1", "[::1]"]

    init(allowed: [String]) {
        self.allowed = HostGuard.loopback.union(allowed.map { $0.lowercased() })
    }

    /// - Parameters:
    ///   - authority: the Host header, `HOST[:PORT]`.
    ///   - origin: the Origin header; browsers send it with every request that could do harm from elsewhere.
    func check(authority: String, origin: String?) throws(RESTError) {
        guard permits(authority) else {
            throw .forbidden("Host '\(authority)' is not served here; use localhost or 127.0.0.1.")
        }
        guard let origin else {
            return
        }
        let parts = origin.split(separator: "/", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0] == "http:" || parts[0] == "https:", permits(String(parts[1])) else {
            throw .forbidden("Requests from origin '\(origin)' are not allowed.")
        }
    }

    private func permits(_ authority: String) -> Bool {
        let host = HostGuard.host(of: authority).lowercased()
        // Any IPv4 loopback address is this machine.
        return allowed.contains(host) || (host.hasPrefix("127.") && HostGuard.isIPv4(host))
    }

    /// The authority without its port.
    static func host(of authority: String) -> String {
        if authority.first == "[" {
            return authority.firstIndex(of: "]").map { String(authority[...$0]) } ?? authority
        }
        return authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init)
            ?? authority
    }

    private static func isIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
