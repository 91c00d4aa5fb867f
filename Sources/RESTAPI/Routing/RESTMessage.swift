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
            throw .badRequest("Query parameter '\(name)' must be true or false, not '\(text)'.")
        }
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

    package init(_ error: RESTError) {
        let body: JSON = ["error_code": JSON(error.code), "message": .string(error.message)]
        self.init(status: error.status, body: body.encoded())
    }
}

/// A JSON object from outside: reading a field of the wrong type is a 400 that names it. Null counts as absent.
struct JSONObject {
    private let value: JSON

    init(_ value: JSON) {
        self.value = value
    }

    private func field(_ name: String) -> JSON? {
        guard let field = value[name], !field.isNull else {
            return nil
        }
        return field
    }

    func string(_ name: String) throws(RESTError) -> String? {
        guard let field = field(name) else {
            return nil
        }
        guard let string = field.string else {
            throw .badRequest("Field '\(name)' must be a string.")
        }
        return string
    }

    func required(_ name: String) throws(RESTError) -> String {
        guard let string = try string(name), !string.isEmpty else {
            throw .badRequest("Field '\(name)' is required.")
        }
        return string
    }

    func integer<I: FixedWidthInteger>(_ name: String, as type: I.Type = I.self) throws(RESTError) -> I? {
        guard let field = field(name) else {
            return nil
        }
        guard let value = field.int.flatMap({ I(exactly: $0) }) else {
            throw .badRequest("Field '\(name)' must be an integer from \(I.min) to \(I.max).")
        }
        return value
    }

    func bool(_ name: String, default fallback: Bool) throws(RESTError) -> Bool {
        guard let field = field(name) else {
            return fallback
        }
        guard let value = field.bool else {
            throw .badRequest("Field '\(name)' must be true or false.")
        }
        return value
    }

    /// A list of objects; absent is empty.
    func objects(_ name: String) throws(RESTError) -> [JSONObject] {
        guard let field = field(name) else {
            return []
        }
        guard let array = field.array else {
            throw .badRequest("Field '\(name)' must be a list of objects.")
        }
        var objects: [JSONObject] = []
        for element in array {
            guard element.members != nil else {
                throw .badRequest("Field '\(name)' must be a list of objects.")
            }
            objects.append(JSONObject(element))
        }
        return objects
    }

    /// `configs: [{name, value}]`; a name may appear once.
    func configs(_ name: String = "configs") throws(RESTError) -> [String: String] {
        var configs: [String: String] = [:]
        for entry in try objects(name) {
            let key = try entry.required("name")
            guard configs.updateValue(try entry.string("value") ?? "", forKey: key) == nil else {
                throw .invalid("Config '\(key)' is given twice.")
            }
        }
        return configs
    }
}
