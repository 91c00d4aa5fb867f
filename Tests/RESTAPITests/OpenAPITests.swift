import RESTAPI
import Testing
import YAML

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `Protocol/rest/openapi.yaml` is what we promise; the route table is what we do.
struct OpenAPITests {
    private let document: [String: Any]

    init() throws {
        var path = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        path.removeLast(3)
        let file = path.joined(separator: "/") + "/Protocol/rest/openapi.yaml"
        let text = try String(contentsOf: URL(filePath: file), encoding: .utf8)
        document = try #require(try YAMLNode.parse(text).map(Self.plain) as? [String: Any])
    }

    private static func plain(_ node: YAMLNode) -> Any {
        switch node {
        case .scalar(let text, _): text
        case .sequence(let items, _): items.map(plain)
        case .mapping(let entries, _):
            Dictionary(uniqueKeysWithValues: entries.map { ($0.key, plain($0.value)) }) as [String: Any]
        }
    }

    private var paths: [String: [String: Any]] {
        document["paths"] as? [String: [String: Any]] ?? [:]
    }

    private var operations: [(path: String, method: String, body: [String: Any])] {
        paths.flatMap { path, item in
            item.compactMap { method, body in
                RESTAPI.HTTPMethod(rawValue: method.uppercased()) == nil
                    ? nil : (path, method.uppercased(), body as? [String: Any] ?? [:])
            }
        }
    }

    @Test("every route is described, and every description is served")
    func agreement() {
        let described = Set(operations.map { "\($0.method) \($0.path)" })
        let served = Set(RouteTable.all.map { "\($0.method.rawValue) \($0.template)" })
        #expect(described.subtracting(served).isEmpty, "described, not served")
        #expect(served.subtracting(described).isEmpty, "served, not described")
        #expect(!described.isEmpty)
    }

    @Test("every capture of a path is declared as its parameter")
    func captures() throws {
        let shared = (document["components"] as? [String: Any])?["parameters"] as? [String: [String: Any]] ?? [:]
        for (path, item) in paths {
            let declared = (item["parameters"] as? [[String: Any]] ?? []).compactMap { parameter -> String? in
                let reference = (parameter["$ref"] as? String)?.split(separator: "/").last.map(String.init)
                return (reference.flatMap { shared[$0] } ?? parameter)["name"] as? String
            }
            let captures = path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                String($0.dropFirst().dropLast())
            }
            #expect(Set(declared) == Set(captures), "\(path)")
        }
    }

    @Test("every operation has an id of its own and a success")
    func operationsAreComplete() {
        let ids = operations.compactMap { $0.body["operationId"] as? String }
        #expect(ids.count == operations.count)
        #expect(Set(ids).count == ids.count)
        for operation in operations {
            let responses = (operation.body["responses"] as? [String: Any] ?? [:]).keys
            #expect(responses.contains { $0.hasPrefix("2") }, "\(operation.method) \(operation.path)")
        }
    }

    @Test("every reference points to something")
    func references() {
        var missing: [String] = []
        func visit(_ value: Any) {
            if let mapping = value as? [String: Any] {
                if let reference = mapping["$ref"] as? String, resolve(reference) == nil {
                    missing.append(reference)
                }
                for child in mapping.values {
                    visit(child)
                }
            }
            for child in value as? [Any] ?? [] {
                visit(child)
            }
        }
        visit(document)
        #expect(missing.isEmpty)
    }

    private func resolve(_ reference: String) -> Any? {
        var node: Any? = document
        for part in reference.split(separator: "/").dropFirst() {
            node = (node as? [String: Any])?[String(part)]
        }
        return node
    }
}
