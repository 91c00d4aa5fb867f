import RESTAPI

/// A refusal by the server.
struct RESTFailure: Error, CustomStringConvertible {
    let status: Int
    let code: Int
    let message: String

    var description: String { "REST request failed: \(message)" }
}

/// The server's HTTP API, as the commands use it.
struct RESTClient {
    let http: HTTPClient

    init(_ url: ServerURL, timeoutMs: Int64 = 30_000) {
        http = HTTPClient(server: url, timeoutMs: timeoutMs)
    }

    @discardableResult
    func send(_ method: HTTPMethod, _ path: String, _ body: JSON? = nil) throws -> JSON {
        let reply = try http.send(method, path, body: body?.encoded())
        let value = reply.body.isEmpty ? JSON.null : (try? JSON.parse(reply.body)) ?? .null
        guard (200..<300).contains(reply.status) else {
            throw RESTFailure(
                status: reply.status, code: value["error_code"]?.int.map { Int($0) } ?? reply.status,
                message: value["message"]?.string ?? "HTTP status \(reply.status)")
        }
        return value
    }

    func get(_ path: String) throws -> JSON {
        try send(.get, path)
    }

    /// `data` of a list answer.
    func list(_ path: String) throws -> [JSON] {
        try get(path)["data"]?.array ?? []
    }

    // MARK: Clusters

    func clusters() throws -> [ClusterSummary] {
        try list("/twinlog/v1/clusters").map(ClusterSummary.init)
    }
}

/// A cluster as `/twinlog/v1/clusters` describes it.
struct ClusterSummary {
    let id: String
    let name: String
    /// `BASIC`, `DEDICATED`, …
    let type: String
    let status: String
    /// `HOST:PORT` by listener name.
    let bootstrap: [String: String]

    init(_ value: JSON) {
        id = value["cluster_id"]?.string ?? ""
        name = value["name"]?.string ?? ""
        type = value["type"]?.string ?? ""
        status = value["status"]?.string ?? ""
        let entries = value["bootstrap"]?.members ?? []
        bootstrap = Dictionary(
            entries.map { ($0.name, $0.value.string ?? "") }, uniquingKeysWith: { _, last in last })
    }

    var path: String { "/kafka/v3/clusters/\(PercentEncoding.encode(id))" }

    /// The address that the CLI shows as Endpoint: the one that asks for a key, if it is open.
    var endpoint: String {
        if let secure = bootstrap["SASL_SSL"] {
            return "SASL_SSL://\(secure)"
        }
        return bootstrap["PLAINTEXT"].map { "PLAINTEXT://\($0)" } ?? ""
    }
}
