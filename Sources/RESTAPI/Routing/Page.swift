/// One page of a list of the control plane: `page_size` and `page_token` in, `metadata.next` out.
struct Page {
    static let defaultSize = 10
    static let largestSize = 100

    let size: Int
    /// The last item of the page before: a token stays good when others come and go.
    let after: String?

    init(_ request: RESTRequest) throws(RESTError) {
        size = try Self.size(request.query["page_size"])
        guard let token = request.query["page_token"], !token.isEmpty else {
            after = nil
            return
        }
        guard let bytes = Base64.decode(token), let id = String(validating: bytes, as: UTF8.self) else {
            throw Self.wrongToken
        }
        after = id
    }

    private static func size(_ text: String?) throws(RESTError) -> Int {
        guard let text else {
            return defaultSize
        }
        guard let size = Int(text), (1...largestSize).contains(size) else {
            throw RESTError(
                status: 400, code: 400, message: "Query parameter 'page_size' must be from 1 to \(largestSize).",
                source: .parameter("page_size"))
        }
        return size
    }

    private static var wrongToken: RESTError {
        RESTError(
            status: 400, code: 400, message: "Query parameter 'page_token' is not one of ours.",
            source: .parameter("page_token"))
    }

    /// - Parameters:
    ///   - items: all there are, in an order that does not change.
    ///   - id: what tells an item from others.
    func list<Item>(
        _ items: [Item], id: (Item) -> String, kind: String, version: String, _ request: RESTRequest,
        describe: (Item) -> JSON
    ) throws(RESTError) -> RESTResponse {
        var start = 0
        if let after {
            guard let index = items.firstIndex(where: { id($0) == after }) else {
                throw Self.wrongToken
            }
            start = index + 1
        }
        let page = items[start..<min(items.count, start + size)]
        let rest = request.path.map { PercentEncoding.encode($0) }.joined(separator: "/")
        let url = "\(request.base)/\(rest)"
        var next: JSON = .null
        if let last = page.last, start + size < items.count {
            var query = request.query
            query["page_token"] = Base64.encode(Array(id(last).utf8))
            let text = query.sorted { $0.key < $1.key }.map {
                "\(PercentEncoding.encode($0.key))=\(PercentEncoding.encode($0.value))"
            }
            next = .string("\(url)?\(text.joined(separator: "&"))")
        }
        let metadata: JSON = ["first": .string(url), "next": next, "total_size": JSON(items.count)]
        return .json([
            "api_version": .string(version), "kind": .string(kind), "metadata": metadata,
            "data": .array(page.map(describe)),
        ])
    }
}
