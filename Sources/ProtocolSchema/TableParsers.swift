/// Reads `errors.table`: `code NAME retriable|- message…`, ordered by code.
package func parseErrors(file: String, text: String) throws(SchemaError) -> [ErrorDefinition] {
    var result: [ErrorDefinition] = []
    for line in Line.lines(of: text) {
        let words = line.words
        guard words.count >= 4, let code = Int(words[0]), words[2] == "retriable" || words[2] == "-" else {
            throw SchemaError(file: file, line: line.number, message: "expected `code NAME retriable|- message`")
        }
        if let last = result.last, last.code >= code {
            throw SchemaError(file: file, line: line.number, message: "code \(code) is out of order")
        }
        if result.contains(where: { $0.name == words[1] }) {
            throw SchemaError(file: file, line: line.number, message: "error \(words[1]) stands twice")
        }
        result.append(
            ErrorDefinition(
                code: code, constant: Naming.constant(words[1]), name: words[1], isRetriable: words[2] == "retriable",
                message: words[3...].joined(separator: " ")))
    }
    return result
}

/// Reads `api-keys.table`: `key Name`, ordered by key.
package func parseAPIKeys(file: String, text: String) throws(SchemaError) -> [APIKeyDefinition] {
    var result: [APIKeyDefinition] = []
    for line in Line.lines(of: text) {
        guard line.words.count == 2, let key = Int(line.words[0]), (result.last?.key ?? -1) < key else {
            throw SchemaError(file: file, line: line.number, message: "expected `key Name`, keys growing")
        }
        result.append(APIKeyDefinition(key: key, name: line.words[1]))
    }
    return result
}

/// Reads `configs.table`: comment lines that say what a config does, then
/// `topic name type default [constraint] [from broker.config,…]` or
/// `broker name type default update [constraint] [internal] [acts] [only VALUE]`.
package func parseConfigs(file: String, text: String) throws(SchemaError) -> [ConfigEntry] {
    var result: [ConfigEntry] = []
    var documentation: [String] = []
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        let text = Line.trimmed(raw)
        if text.isEmpty || text.hasPrefix("#") {
            documentation = []
        } else if text.hasPrefix("//") {
            documentation.append(Line.trimmed(text.dropFirst(2)))
        } else {
            var entry = try parseConfig(text, SchemaError(file: file, line: index + 1, message: ""))
            guard !documentation.isEmpty else {
                throw SchemaError(file: file, line: index + 1, message: "\(entry.name) is not explained")
            }
            if result.contains(where: { $0.scope == entry.scope && $0.name == entry.name }) {
                throw SchemaError(file: file, line: index + 1, message: "\(entry.name) stands twice")
            }
            entry.documentation = documentation.joined(separator: " ")
            documentation = []
            result.append(entry)
        }
    }
    return result
}

private let configTypes = [
    "boolean", "string", "int", "short", "long", "double", "list", "class", "password",
]

private func parseConfig(_ text: String, _ place: SchemaError) throws(SchemaError) -> ConfigEntry {
    func fault(_ message: String) -> SchemaError {
        SchemaError(file: place.file, line: place.line, message: message)
    }
    var words = text.split(separator: " ").map(String.init)[...]
    guard words.count >= 4, let scope = words.popFirst(), let name = words.popFirst(), let type = words.popFirst(),
        let value = words.popFirst(), ["topic", "broker"].contains(scope), configTypes.contains(type)
    else { throw fault("expected `topic|broker name type default …`") }
    var entry = ConfigEntry(
        scope: scope, name: name, type: type, defaultValue: value == "null" ? nil : value == "\"\"" ? "" : value,
        constraint: .none, update: nil, synonyms: [], documentation: "", line: place.line)
    while let word = words.popFirst() {
        if word == "from", let names = words.popFirst() {
            entry.synonyms = names.split(separator: ",").map(String.init)
        } else if ["readOnly", "perBroker", "clusterWide"].contains(word) {
            entry.update = word
        } else if word == "internal", scope == "broker" {
            entry.isInternal = true
        } else if word == "acts", scope == "broker" {
            entry.acts = true
        } else if word == "only", scope == "broker", let value = words.popFirst() {
            entry.onlyValue = value == "\"\"" ? "" : value
        } else if let constraint = configConstraint(word) {
            entry.constraint = constraint
        } else {
            throw fault("`\(word)` is out of place")
        }
    }
    guard (scope == "broker") == (entry.update != nil) else {
        throw fault("a broker config, and only that, is readOnly, perBroker or clusterWide")
    }
    return entry
}

private func configConstraint(_ word: String) -> ConfigEntry.Constraint? {
    if word.first == "{", word.last == "}" {
        return .oneOf(word.dropFirst().dropLast().split(separator: ",").map(String.init))
    }
    guard word.contains("...") else { return nil }
    // The bounds of `0.5...1` hold dots themselves, so look for the three in a row.
    let letters = Array(word)
    for index in letters.indices.dropLast(2) where letters[index...index + 2].allSatisfy({ $0 == "." }) {
        let lower = String(letters[..<index])
        let upper = String(letters[(index + 3)...])
        guard lower.isEmpty || Double(lower) != nil, upper.isEmpty || Double(upper) != nil else { return nil }
        return .range(lower: lower.isEmpty ? nil : lower, upper: upper.isEmpty ? nil : upper)
    }
    return nil
}
