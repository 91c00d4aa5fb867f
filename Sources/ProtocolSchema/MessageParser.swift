/// Reads the lines of one schema file one after another.
struct LineCursor {
    let file: String
    private let lines: [Line]
    private var position = 0

    init(file: String, text: String) {
        self.file = file
        lines = Line.lines(of: text)
    }

    var isAtEnd: Bool { position == lines.count }
    var current: Line? { isAtEnd ? nil : lines[position] }

    mutating func next(_ expected: String) throws(SchemaError) -> Line {
        guard position < lines.count else {
            throw error("the file ends where \(expected) should stand", at: (lines.last?.number ?? 0) + 1)
        }
        position += 1
        return lines[position - 1]
    }

    func error(_ message: String, at line: Int) -> SchemaError {
        SchemaError(file: file, line: line, message: message)
    }
}

/// Reads the blocks of fields that request, response and records share.
struct MessageParser {
    var cursor: LineCursor
    let versions: VersionRange
    let flexibleFrom: Int?
    private var structures: [Structure] = []

    init(cursor: LineCursor, versions: VersionRange, flexibleFrom: Int?) {
        self.cursor = cursor
        self.versions = versions
        self.flexibleFrom = flexibleFrom
    }

    /// Reads `keyword { … }`.
    mutating func message(_ keyword: String, name: String) throws(SchemaError) -> Message {
        let opening = try cursor.next("`\(keyword) {`")
        guard opening.words == [keyword, "{"] else {
            throw cursor.error("expected `\(keyword) {`", at: opening.number)
        }
        structures = []
        let fields = try block()
        let message = Message(
            name: name, fields: fields, structures: structures.sorted { $0.line < $1.line },
            versions: versions, flexibleFrom: flexibleFrom)
        try MessageChecker(file: cursor.file, message: message).check()
        return message
    }

    private mutating func block() throws(SchemaError) -> [Field] {
        var fields: [Field] = []
        while true {
            var line = try cursor.next("a field or `}`")
            if line.words == ["}"] { return fields }
            let opens = line.words.last == "{"
            if opens { line.words.removeLast() }
            let field = try parseField(line)
            if opens {
                guard let name = field.type.structureName else {
                    throw cursor.error("only a struct or an array of structs has fields", at: line.number)
                }
                guard !structures.contains(where: { $0.name == name }) else {
                    throw cursor.error("struct \(name) is defined twice", at: line.number)
                }
                structures.append(Structure(name: name, fields: [], line: line.number))
                let index = structures.count - 1
                structures[index].fields = try block()
            }
            fields.append(field)
        }
    }

    /// `name type [= default] [versions] [nullable versions] [@tag]`
    private func parseField(_ line: Line) throws(SchemaError) -> Field {
        var words = line.words[...]
        guard let name = words.popFirst(), let typeWord = words.popFirst() else {
            throw cursor.error(
                "a field is `name type [= default] [versions] [nullable versions] [@tag]`", at: line.number)
        }
        guard name.first?.isLowercase == true, name.allSatisfy({ $0.isLetter || $0.isNumber }) else {
            throw cursor.error("`\(name)` is not a field name", at: line.number)
        }
        let (type, isNullable) = try parseType(typeWord, line)
        var field = Field(
            name: name, type: type, versions: versions, nullableVersions: nil, defaultValue: nil, tag: nil,
            note: line.note, line: line.number)
        var nullable: VersionRange?
        while let word = words.popFirst() {
            if word == "=", field.defaultValue == nil, let value = words.popFirst() {
                field.defaultValue = try parseDefault(value, line)
            } else if word == "nullable", isNullable, nullable == nil, let range = words.popFirst() {
                nullable = try parseRange(range, line)
            } else if word.hasPrefix("@"), field.tag == nil, let tag = Int(word.dropFirst()), tag >= 0 {
                field.tag = tag
            } else if word.contains("..."), field.versions == versions {
                field.versions = try parseRange(word, line)
            } else {
                throw cursor.error("`\(word)` is out of place", at: line.number)
            }
        }
        if isNullable { field.nullableVersions = nullable ?? field.versions }
        return field
    }

    private func parseType(_ word: String, _ line: Line) throws(SchemaError) -> (FieldType, isNullable: Bool) {
        var text = word[...]
        let isNullable = text.last == "?"
        if isNullable { text.removeLast() }
        if text.first == "[", text.last == "]" {
            return (.array(try elementType(text.dropFirst().dropLast(), line)), isNullable)
        }
        return (try elementType(text, line), isNullable)
    }

    private func elementType(_ word: Substring, _ line: Line) throws(SchemaError) -> FieldType {
        if let primitive = Primitive(rawValue: String(word)) { return .primitive(primitive) }
        guard word.first?.isUppercase == true, word.allSatisfy({ $0.isLetter || $0.isNumber }) else {
            throw cursor.error("`\(word)` is not a type", at: line.number)
        }
        return .structure(String(word))
    }

    private func parseDefault(_ word: String, _ line: Line) throws(SchemaError) -> DefaultValue {
        switch word {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        if word.count >= 2, word.first == "\"", word.last == "\"" {
            return .string(String(word.dropFirst().dropLast()))
        }
        let number = word.hasPrefix("0x") ? Int64(word.dropFirst(2), radix: 16) : Int64(word)
        guard let number else { throw cursor.error("`\(word)` is not a default value", at: line.number) }
        return .integer(number)
    }

    private func parseRange(_ word: String, _ line: Line) throws(SchemaError) -> VersionRange {
        guard let range = VersionRange(parsing: word, within: versions) else {
            throw cursor.error("`\(word)` is not a range of versions", at: line.number)
        }
        return range
    }
}

extension FieldType {
    /// The struct that the type, or the elements of the array, are made of.
    var structureName: String? {
        switch self {
        case .primitive: nil
        case .structure(let name): name
        case .array(let element): element.structureName
        }
    }
}

extension VersionRange {
    /// `3...`, `...5`, `3...5`; an open end is that of `whole`. Nil unless the range is well formed and inside `whole`.
    init?(parsing word: String, within whole: VersionRange) {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[1].isEmpty, parts[2].isEmpty else { return nil }
        guard let lower = parts[0].isEmpty ? whole.lower : Int(parts[0]) else { return nil }
        guard let upper = parts[3].isEmpty ? whole.upper : Int(parts[3]) else { return nil }
        self.init(lower, upper)
        guard lower <= upper, whole.contains(self), word != "..." else { return nil }
    }
}
