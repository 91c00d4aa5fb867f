/// Writes `ErrorCode`.
func errorCodeFile(_ errors: [ErrorDefinition]) -> String {
    var swift = SwiftText(header: "errors.table")
    swift.line()
    swift.line("/// An error of the Kafka protocol; a code without a name is kept as it is.")
    swift.block("package struct ErrorCode: RawRepresentable, Error, Hashable, Sendable, CustomStringConvertible") {
        swift in
        swift.line("package var rawValue: Int16")
        swift.line()
        swift.line("package init(rawValue: Int16) { self.rawValue = rawValue }")
        swift.line()
        for error in errors {
            swift.line("/// \(error.message)")
            swift.line("package static var \(error.constant): ErrorCode { ErrorCode(rawValue: \(error.code)) }")
        }
        swift.line()
        swift.line("/// Every error with a name, ordered by code.")
        swift.line(
            "package static let all: [ErrorCode] = (\(errors.first?.code ?? 0)...\(errors.last?.code ?? 0))"
                + ".map(ErrorCode.init(rawValue:))")
        swift.line()
        swift.line("/// Kafka's name; `UNKNOWN(n)` for a code without one.")
        swift.block("package var name: String") { swift in
            swift.block("switch rawValue") { swift in
                for error in errors { swift.line("case \(error.code): \"\(error.name)\"") }
                swift.line("default: \"UNKNOWN(\\(rawValue))\"")
            }
        }
        swift.line()
        swift.line("/// Whether a client may repeat the request unchanged and hope.")
        swift.block("package var isRetriable: Bool") { swift in
            swift.block("switch rawValue") { swift in
                let codes = errors.filter(\.isRetriable).map { String($0.code) }
                for start in stride(from: 0, to: codes.count, by: 16) {
                    swift.line("case \(codes[start..<min(start + 16, codes.count)].joined(separator: ", ")): true")
                }
                swift.line("default: false")
            }
        }
        swift.line()
        swift.line("/// One sentence for people.")
        swift.block("package var message: String") { swift in
            swift.block("switch rawValue") { swift in
                for error in errors { swift.line("case \(error.code): \(quoted(error.message))") }
                swift.line("default: \"An error without a name, code \\(rawValue).\"")
            }
        }
        swift.line()
        swift.line("package var description: String { name }")
    }
    return swift.text
}

/// Writes `ConfigDefinitions`.
func configFile(_ configs: [ConfigEntry]) -> String {
    var swift = SwiftText(header: "configs.table")
    swift.line()
    swift.line("/// The configuration keys that we know.")
    swift.block("package enum ConfigDefinitions") { swift in
        for scope in ["topic", "broker"] {
            if scope == "broker" { swift.line() }
            swift.line("/// Keys of a \(scope), ordered as in the table.")
            swift.line("package static let \(scope): [ConfigDefinition] = [")
            swift.indented { swift in
                for entry in configs where entry.scope == scope { emit(entry, into: &swift) }
            }
            swift.line("]")
        }
    }
    return swift.text
}

private func emit(_ entry: ConfigEntry, into swift: inout SwiftText) {
    let constraint: String
    switch entry.constraint {
    case .none: constraint = ".none"
    case .range(let lower, let upper): constraint = ".range(lower: \(lower ?? "nil"), upper: \(upper ?? "nil"))"
    case .oneOf(let values): constraint = ".oneOf([\(values.map(quoted).joined(separator: ", "))])"
    }
    swift.line("ConfigDefinition(")
    swift.indented { swift in
        let value = entry.defaultValue.map(quoted) ?? "nil"
        swift.line("name: \(quoted(entry.name)), scope: .\(entry.scope), type: .\(entry.type), defaultValue: \(value),")
        swift.line("constraint: \(constraint),")
        swift.line(
            "update: .\(entry.update ?? "dynamic"), synonyms: [\(entry.synonyms.map(quoted).joined(separator: ", "))],")
        if entry.isInternal { swift.line("isInternal: true,") }
        if entry.acts { swift.line("acts: true,") }
        if let value = entry.onlyValue { swift.line("onlyValue: \(quoted(value)),") }
        swift.line("documentation: \(quoted(entry.documentation))),")
    }
}

private func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
}
