/// Reads one file of `Protocol/apis`.
package func parseAPI(file: String, text: String) throws(SchemaError) -> APIDefinition {
    var cursor = LineCursor(file: file, text: text)
    let first = try cursor.next("`api NAME KEY`")
    guard first.words.count == 3, first.words[0] == "api", let key = Int(first.words[2]), (0...999).contains(key) else {
        throw cursor.error("expected `api NAME KEY`", at: first.number)
    }
    let name = first.words[1]
    let facts = try HeaderFacts(&cursor, start: first.number, allowed: ["advertised", "access", "errors"])
    let advertised = try facts.range("advertised", within: VersionRange(0, Int(Int16.max))) ?? facts.versions
    guard let access = facts.lines["access"] else { throw cursor.error("`access` is missing", at: first.number) }

    var parser = MessageParser(cursor: cursor, versions: facts.versions, flexibleFrom: facts.flexibleFrom)
    let request = try parser.message("request", name: name + "Request")
    let response = try parser.message("response", name: name + "Response")
    if let extra = parser.cursor.current { throw cursor.error("nothing may follow the response", at: extra.number) }
    let rules = try parseAccess(access, cursor)
    return APIDefinition(
        file: file, name: name, key: key, versions: facts.versions, advertised: advertised,
        flexibleFrom: facts.flexibleFrom, access: rules, errors: facts.lines["errors"]?.words ?? [],
        errorsLine: facts.lines["errors"]?.number ?? first.number, request: request, response: response)
}

private func parseAccess(_ line: Line, _ cursor: LineCursor) throws(SchemaError) -> [AccessRule] {
    if line.words == ["none"] { return [] }
    let resources = ["topic", "group", "cluster", "transactionalID"]
    let operations = [
        "read", "write", "create", "delete", "alter", "describe", "clusterAction", "describeConfigs", "alterConfigs",
        "idempotentWrite",
    ]
    var rules: [AccessRule] = []
    for part in line.words.joined(separator: " ").split(separator: ",") {
        let words = part.split(separator: " ").map(String.init)
        guard words.count == 2, resources.contains(words[0]), operations.contains(words[1]) else {
            throw cursor.error("`\(part)` is not `resource operation`", at: line.number)
        }
        rules.append(AccessRule(resource: words[0], operation: words[1]))
    }
    return rules
}

/// Reads one file of `Protocol/records`: `record NAME key TYPE | value | metadata ID`, then facts and `fields { … }`.
package func parseRecord(file: String, text: String) throws(SchemaError) -> RecordDefinition {
    var cursor = LineCursor(file: file, text: text)
    let first = try cursor.next("`record NAME KIND`")
    guard first.words.count >= 3, first.words[0] == "record", let kind = recordKind(first.words.dropFirst(2)) else {
        throw cursor.error(
            "expected `record NAME key TYPE`, `record NAME value` or `record NAME metadata ID`", at: first.number)
    }
    let facts = try HeaderFacts(&cursor, start: first.number, allowed: [])
    var parser = MessageParser(cursor: cursor, versions: facts.versions, flexibleFrom: facts.flexibleFrom)
    let message = try parser.message("fields", name: first.words[1])
    if let extra = parser.cursor.current { throw cursor.error("nothing may follow the fields", at: extra.number) }
    return RecordDefinition(file: file, kind: kind, message: message)
}

private func recordKind(_ words: ArraySlice<String>) -> RecordDefinition.Kind? {
    let words = Array(words)
    if words == ["value"] { return .value }
    guard words.count == 2, let number = Int(words[1]), number >= 0 else { return nil }
    switch words[0] {
    case "key": return .key(number)
    case "metadata": return .metadata(number)
    default: return nil
    }
}

/// The lines between the first one and the first block.
private struct HeaderFacts {
    var lines: [String: Line] = [:]
    var versions = VersionRange(0, 0)
    var flexibleFrom: Int?
    private let cursor: LineCursor

    init(_ cursor: inout LineCursor, start: Int, allowed: [String]) throws(SchemaError) {
        while var line = cursor.current, line.words.last != "{" {
            _ = try cursor.next("a fact")
            let key = line.words.removeFirst()
            guard key == "versions" || key == "flexible" || allowed.contains(key) else {
                throw cursor.error("`\(key)` is not known here", at: line.number)
            }
            if key == "errors", let earlier = lines[key] {
                lines[key] = Line(joining: earlier, line)
            } else if lines.updateValue(line, forKey: key) != nil {
                throw cursor.error("`\(key)` stands twice", at: line.number)
            }
        }
        self.cursor = cursor
        guard let versions = try range("versions", within: VersionRange(0, Int(Int16.max))) else {
            throw cursor.error("`versions` is missing", at: start)
        }
        self.versions = versions
        guard let flexible = lines["flexible"] else { throw cursor.error("`flexible` is missing", at: start) }
        if flexible.words != ["none"] { flexibleFrom = try range("flexible", within: versions)?.lower }
    }

    func range(_ key: String, within whole: VersionRange) throws(SchemaError) -> VersionRange? {
        guard let line = lines[key] else { return nil }
        guard line.words.count == 1, let range = VersionRange(parsing: line.words[0], within: whole) else {
            throw cursor.error("`\(line.words.joined(separator: " "))` is not a range of versions", at: line.number)
        }
        return range
    }
}

extension Line {
    /// One fact written on several lines.
    init(joining first: Line, _ second: Line) {
        self = first
        words += second.words
    }
}
