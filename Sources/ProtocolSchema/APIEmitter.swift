/// Writes the Swift file of one API.
struct APIEmitter {
    let api: APIDefinition

    init(_ api: APIDefinition) { self.api = api }

    func file() -> String {
        var swift = SwiftText(header: api.file)
        swift.line()
        let versions = "versions \(api.versions.lower) to \(api.versions.upper)"
        MessageEmitter(api.request).emit(
            into: &swift, documentation: "Request of \(api.name), key \(api.key), \(versions).",
            conformance: "KafkaRequest"
        ) { swift in
            swift.line("package typealias Response = \(api.response.name)")
            swift.line("package static var apiKey: APIKey { .\(Naming.camel(api.name)) }")
            swift.line("package static var flexibleFrom: Int16? { \(api.flexibleFrom.map(String.init) ?? "nil") }")
            swift.line("package static var servedVersions: ClosedRange<Int16> { \(range(api.versions)) }")
            swift.line("package static var advertisedVersions: ClosedRange<Int16> { \(range(api.advertised)) }")
            swift.line()
        }
        swift.line()
        MessageEmitter(api.response).emit(
            into: &swift, documentation: "Response of \(api.name), key \(api.key), \(versions).",
            conformance: "KafkaResponse"
        ) { _ in }
        return swift.text
    }
}

private func range(_ range: VersionRange) -> String { "\(range.lower)...\(range.upper)" }

/// Writes the Swift file of one stored record.
func recordFile(_ record: RecordDefinition) -> String {
    var swift = SwiftText(header: record.file)
    swift.line()
    let conformance: String
    let documentation: String
    let constant: String?
    switch record.kind {
    case .key(let type):
        conformance = "StoredKey"
        documentation = "Key of type \(type) in a coordinator's log."
        constant = "package static var type: Int16 { \(type) }"
    case .value:
        conformance = "VersionedValue"
        documentation = "Stored behind its version as an int16."
        constant = nil
    case .metadata(let id):
        conformance = "MetadataRecord"
        documentation = "Record of type \(id) in the cluster metadata log."
        constant = "package static var id: UInt32 { \(id) }"
    }
    MessageEmitter(record.message).emit(into: &swift, documentation: documentation, conformance: conformance) { swift in
        if let constant { swift.line(constant) }
        swift.line("package static var versions: ClosedRange<Int16> { \(range(record.message.versions)) }")
        swift.line()
    }
    return swift.text
}

/// Writes `APIKey` with the names of all keys and what is known about those that have a definition.
func apiKeyFile(keys: [APIKeyDefinition], apis: [APIDefinition]) -> String {
    var swift = SwiftText(header: "api-keys.table and Protocol/apis")
    swift.line()
    swift.line("/// The number that says which API a request is for.")
    swift.block("package struct APIKey: RawRepresentable, Hashable, Sendable, CustomStringConvertible") { swift in
        swift.line("package var rawValue: Int16")
        swift.line()
        swift.line("package init(rawValue: Int16) { self.rawValue = rawValue }")
        swift.line()
        for key in keys {
            swift.line("package static var \(Naming.camel(key.name)): APIKey { APIKey(rawValue: \(key.key)) }")
        }
        swift.line()
        swift.line("/// Kafka's name; `Unknown(n)` for a number without one.")
        swift.block("package var description: String") { swift in
            swift.block("switch rawValue") { swift in
                for key in keys { swift.line("case \(key.key): \"\(key.name)\"") }
                swift.line("default: \"Unknown(\\(rawValue))\"")
            }
        }
        swift.line()
        swift.line("/// The first flexible version; nil when there is none or the API has no definition here.")
        swift.block("package var flexibleFrom: Int16?") { swift in
            swift.block("switch rawValue") { swift in
                for api in apis {
                    if let first = api.flexibleFrom { swift.line("case \(api.key): \(first)") }
                }
                swift.line("default: nil")
            }
        }
        swift.line()
        swift.line("/// What is known about the API; nil when it has no definition here.")
        swift.block("package var details: APIDescription?") { swift in
            swift.line("APIDescription.all.first { $0.key == self }")
        }
    }
    swift.line()
    swift.block("extension APIDescription") { swift in
        swift.line("/// Every API with a definition, ordered by key.")
        swift.line("package static let all: [APIDescription] = [")
        swift.indented { swift in
            for api in apis { emitDescription(api, into: &swift) }
        }
        swift.line("]")
    }
    return swift.text
}

private func emitDescription(_ api: APIDefinition, into swift: inout SwiftText) {
    swift.line("APIDescription(")
    swift.indented { swift in
        let flexible = api.flexibleFrom.map(String.init) ?? "nil"
        swift.line(
            "key: .\(Naming.camel(api.name)), served: \(range(api.versions)), "
                + "advertised: \(range(api.advertised)), flexibleFrom: \(flexible),")
        let rules = api.access.map { "(.\($0.resource), .\($0.operation))" }
        swift.line("access: [\(rules.joined(separator: ", "))],")
        swift.line("errors: [")
        swift.indented { swift in
            for error in api.errors { swift.line(".\(error),") }
        }
        swift.line("]),")
    }
}

/// Writes the switch over all requests and responses.
func registryFile(apis: [APIDefinition]) -> String {
    var swift = SwiftText(header: "apis")
    swift.line()
    swift.line("/// Messages chosen at run time, for tests and tools; servers and clients name their types.")
    swift.block("package enum MessageRegistry") { swift in
        swift.line("/// Decodes a body; nil when the API has no definition here.")
        swift.line("package static func decode(")
        swift.indented { swift in
            swift.line("apiKey: Int16, isRequest: Bool, version: Int16, from reader: inout WireReader")
        }
        swift.block(") throws(WireError) -> (any KafkaMessage)?") { swift in
            swift.block("switch (apiKey, isRequest)") { swift in
                for api in apis {
                    for (flag, message) in [("true", api.request), ("false", api.response)] {
                        swift.line("case (\(api.key), \(flag)): try \(message.name)(from: &reader, version: version)")
                    }
                }
                swift.line("default: nil")
            }
        }
    }
    return swift.text
}
