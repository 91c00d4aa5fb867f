import RESTAPI

/// A refusal by the server.
struct RESTFailure: Error, CustomStringConvertible {
    let status: Int
    let code: Int
    let message: String

    init(status: Int, code: Int, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// Reads the forms of Kafka REST (`error_code`, `message`), of the control plane (`errors`) and of Connect
    /// (`error`).
    init(status: Int, body: JSON) {
        self.status = status
        if let first = body["errors"]?.array?.first {
            code = first["code"]?.string.flatMap { Int($0) } ?? status
            message = first["detail"]?.string ?? first["title"]?.string ?? "HTTP status \(status)"
        } else if body["error"]?.members != nil {
            code = body["error"]?["code"]?.int.map { Int($0) } ?? status
            message = body["error"]?["message"]?.string ?? "HTTP status \(status)"
        } else {
            code = body["error_code"]?.int.map { Int($0) } ?? status
            message = body["message"]?.string ?? "HTTP status \(status)"
        }
    }

    var description: String {
        status == 401
            ? "\(message.isEmpty ? "not logged in" : message): run \"twinlog login\""
            : "REST request failed: \(message.split(whereSeparator: \.isNewline).joined(separator: " "))"
    }
}

/// The server's HTTP API, as the commands use it.
struct RESTClient {
    let http: HTTPClient
    let context: Context

    init(_ url: ServerURL, context: Context = Context(), timeoutMs: Int64 = 30_000) {
        http = HTTPClient(server: url, authorityFile: context.authorityFile, timeoutMs: timeoutMs)
        self.context = context
    }

    @discardableResult
    func send(_ method: HTTPMethod, _ path: String, _ body: JSON? = nil) throws -> JSON {
        var answer = try exchange(method, path, body, token: context.token)
        if answer.status == 401, let email = context.email, let password = context.password {
            let token = try logIn(email: email, password: password)
            try Contexts.update(http.server.description) { $0.token = token }
            answer = try exchange(method, path, body, token: token)
        }
        guard (200..<300).contains(answer.status) else {
            throw RESTFailure(status: answer.status, body: answer.body)
        }
        return answer.body
    }

    private func exchange(
        _ method: HTTPMethod, _ path: String, _ body: JSON?, token: String?
    ) throws(CLIError) -> (status: Int, body: JSON) {
        let reply = try http.send(method, path, body: body?.encoded(), token: token)
        return (reply.status, reply.body.isEmpty ? .null : (try? JSON.parse(reply.body)) ?? .null)
    }

    /// - Returns: the token of a new session.
    func logIn(email: String, password: String) throws -> String {
        let credentials: JSON = ["email": .string(email), "password": .string(password)]
        let answer = try exchange(.post, "/twinlog/v1/sessions", credentials, token: nil)
        guard (200..<300).contains(answer.status), let token = answer.body["token"]?.string else {
            let failure = RESTFailure(status: answer.status, body: answer.body)
            throw CLIError("log-in failed: \(failure.message)")
        }
        return token
    }

    func get(_ path: String) throws -> JSON {
        try send(.get, path)
    }

    /// More pages than any server of ours has; a server that never ends is left.
    private static let maximumPages = 1_000

    /// `data` of a list answer, of all its pages.
    func list(_ path: String) throws -> [JSON] {
        var data: [JSON] = []
        var next: String? = path
        for _ in 0..<RESTClient.maximumPages {
            guard let page = next else {
                return data
            }
            let answer = try get(page)
            data += answer["data"]?.array ?? []
            let address = answer["metadata"]?["next"]?.string ?? ""
            next = RESTClient.target(ofURL: address, below: http.server.prefix)
        }
        throw CLIError("the server's list has no end")
    }

    /// Path and query of an address; the next page is always asked from the server that gave the first.
    static func target(ofURL text: String, below prefix: String) -> String? {
        guard !text.isEmpty else {
            return nil
        }
        var rest = text[...]
        if let scheme = text.firstRange(of: "://") {
            rest = text[scheme.upperBound...]
            rest = rest[(rest.firstIndex(of: "/") ?? rest.endIndex)...]
        }
        if !prefix.isEmpty, rest.hasPrefix(prefix + "/") {
            rest = rest.dropFirst(prefix.count)
        }
        return rest.first == "/" ? String(rest) : nil
    }
}
