package enum HTTPMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// A request, free of the HTTP library: what a route's handler reads.
package struct RESTRequest: Sendable {
    package var method: HTTPMethod
    /// Path segments, percent-decoded.
    package var path: [String]
    /// Query parameters, percent-decoded; of repeated ones the last counts.
    package var query: [String: String]
    package var body: [UInt8]
    /// Scheme and authority as the client wrote them (`http://127.0.0.1:8090`), for the links in answers.
    package var base: String
    /// The `Authorization` header.
    package var authorization: String?
    /// The `Content-Type` header.
    package var contentType: String?
    package var browser = BrowserFacts()
    /// What the route's template captured.
    package internal(set) var captures: [String: String] = [:]

    /// - Parameter target: path and query as they came over the wire.
    /// - Throws: 400 when the escapes make no text.
    package init(
        method: HTTPMethod, target: String, body: [UInt8] = [], base: String = "http://127.0.0.1:8090"
    ) throws(RESTError) {
        self.method = method
        self.body = body
        self.base = base
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = []
        for segment in (parts.first ?? "").split(separator: "/") {
            guard let segment = PercentEncoding.decode(segment) else {
                throw .badRequest("The path is not percent-encoded UTF-8.")
            }
            path.append(segment)
        }
        query = [:]
        for pair in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(sides[0], plusIsSpace: true),
                let value = PercentEncoding.decode(sides.count > 1 ? sides[1] : "", plusIsSpace: true)
            else {
                throw .badRequest("The query is not percent-encoded UTF-8.")
            }
            query[name] = value
        }
    }

    /// A captured segment; empty when the template has none of that name.
    func capture(_ name: String) -> String {
        captures[name] ?? ""
    }

    /// A Boolean query parameter.
    func flag(_ name: String, default value: Bool) throws(RESTError) -> Bool {
        switch query[name]?.lowercased() {
        case nil: return value
        case "true", "": return true
        case "false": return false
        case .some(let text):
            throw RESTError(
                status: 400, code: 400, message: "Query parameter '\(name)' must be true or false, not '\(text)'.",
                source: .parameter(name))
        }
    }

    /// A query parameter that has to be there.
    func requiredQuery(_ name: String) throws(RESTError) -> String {
        guard let value = query[name], !value.isEmpty else {
            throw RESTError(
                status: 400, code: 400, message: "Query parameter '\(name)' is required.", source: .parameter(name))
        }
        return value
    }

    /// The body as a JSON object. An empty body is an empty object.
    func object() throws(RESTError) -> JSONObject {
        guard body.contains(where: { $0 > 0x20 }) else {
            return JSONObject(.object([]))
        }
        let value: JSON
        do {
            value = try JSON.parse(body)
        } catch {
            throw .badRequest("The request body is not JSON: \(error).")
        }
        guard value.members != nil else {
            throw .badRequest("The request body must be a JSON object.")
        }
        return JSONObject(value)
    }
}

/// An answer.
package struct RESTResponse: Sendable {
    package var status: Int
    package var contentType: String
    package var body: [UInt8]
    /// What else the path would take; only with 405.
    package var allowedMethods: [HTTPMethod] = []
    /// How a client has to say who it is; only with 401.
    package var challenge: String?
    /// What is written in place of `body`, piece by piece.
    package var stream: EventStream?
    /// The `Set-Cookie` header.
    package var cookie: String?

    package init(status: Int, contentType: String = "application/json", body: [UInt8] = []) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    static func json(_ value: JSON, status: Int = 200) -> RESTResponse {
        RESTResponse(status: status, body: value.encoded())
    }

    static func text(
        _ text: String, contentType: String = "text/plain; charset=utf-8", status: Int = 200
    )
        -> RESTResponse
    {
        RESTResponse(status: status, contentType: contentType, body: Array(text.utf8))
    }

    static let noContent = RESTResponse(status: 204)

    /// - Parameter request: what is refused, if it is known yet.
    package init(_ error: RESTError, style: ErrorStyle = .kafka, to request: RESTRequest? = nil) {
        self.init(status: error.status, body: style.body(error).encoded())
        if error.status == 401, request?.browser.isScript != true {
            challenge = "Basic realm=\"twinlog\""
        }
    }
}

/// How refusals are written: the interfaces that we follow do not agree.
package enum ErrorStyle: Sendable {
    /// `{"error_code", "message"}`.
    case kafka
    /// `{"errors": [{"id", "status", "code", "title", "detail", "source"}]}`, after JSON:API.
    case controlPlane
    /// `{"error": {"code", "message"}}`.
    case connect

    /// The style of the interface that a path belongs to.
    init(path: [String]) {
        switch path.first {
        case "cmk", "org", "iam": self = .controlPlane
        case "connect": self = .connect
        default: self = .kafka
        }
    }

    func body(_ error: RESTError) -> JSON {
        switch self {
        case .kafka: return ["error_code": JSON(error.code), "message": .string(error.message)]
        case .connect: return ["error": ["code": JSON(error.status), "message": .string(error.message)]]
        case .controlPlane:
            let source: JSON =
                switch error.source {
                case .pointer(let pointer): ["pointer": .string(pointer)]
                case .parameter(let name): ["parameter": .string(name)]
                case nil: [:]
                }
            let fields: JSON = [
                "id": .string(String(UInt64.random(in: 0...UInt64.max), radix: 16)),
                "status": .string(String(error.status)),
                "code": .string(Self.code(error.status)),
                "title": .string(Self.title(error.status)),
                "detail": .string(error.message),
                "source": source,
            ]
            return ["errors": [fields]]
        }
    }

    private static func code(_ status: Int) -> String {
        switch status {
        case 400: "bad_request"
        case 401: "unauthorized"
        case 403: "forbidden"
        case 404: "resource_not_found"
        case 405: "method_not_allowed"
        case 409: "resource_conflict"
        case 413: "payload_too_large"
        case 422: "unprocessable_entity"
        case 503: "service_unavailable"
        default: "internal_error"
        }
    }

    private static func title(_ status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 413: "Payload Too Large"
        case 422: "Unprocessable Entity"
        case 503: "Service Unavailable"
        default: "Internal Server Error"
        }
    }
}
