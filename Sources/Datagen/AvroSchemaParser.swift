extension RecordSchema {
    /// Reads an Avro schema with the generator's `arg.properties` (`schema.string`).
    /// - Parameter keyField: `schema.keyfield`; empty for records with an empty key.
    package static func parse(avro text: String, keyField: String) throws(AvroSchemaError) -> RecordSchema {
        var parser = AvroSchemaParser()
        let document = try AvroSchemaJSON(parsing: text)
        let shape = try parser.shape(document, namespace: nil, path: [])
        guard case .record(let name, let fields) = shape.type else {
            throw AvroSchemaError(path: "", reason: "the schema must be a record, it is \(shape.type.avroName)")
        }
        let size = shape.estimatedSize
        guard size <= Limit.recordBytes else {
            throw AvroSchemaError(path: "", reason: "a record could be larger than \(Limit.recordBytes) bytes")
        }
        guard keyField.isEmpty || fields.contains(where: { $0.name == keyField }) else {
            let names = fields.map { $0.name }.joined(separator: ", ")
            throw AvroSchemaError(path: "schema.keyfield", reason: "there is no field \"\(keyField)\", only \(names)")
        }
        var rows: [[FieldValue]]?
        if case .options(let options) = shape.rule {
            rows = options.compactMap { option in
                if case .record(let members) = option { members.map { $0.value } } else { nil }
            }
        }
        let simple = name.split(separator: ".").last.map { String($0) } ?? name
        return RecordSchema(
            name: simple, recordName: name, keyField: keyField.isEmpty ? nil : keyField, fields: fields, rows: rows)
    }
}

/// Turns JSON into types, with the names defined so far.
struct AvroSchemaParser {
    private var named: [String: Shape] = [:]
    /// Named types that are being read: a reference to one of them would make records without end.
    private var open: Set<String> = []

    func failure(_ path: [String], _ reason: String) -> AvroSchemaError {
        AvroSchemaError(path: path.joined(separator: "."), reason: reason)
    }

    mutating func shape(
        _ json: AvroSchemaJSON, namespace: String?, path: [String]
    ) throws(AvroSchemaError) -> Shape {
        if path.count > Limit.depth { throw failure(path, "types are nested too deep") }
        switch json {
        case .string(let name): return try reference(name, namespace, path)
        case .array(let branches):
            return Shape(.union(try union(branches, namespace, path)))
        case .object:
            guard let kind = json["type"] else { throw failure(path, "a type is missing") }
            guard let name = kind.text else { return try shape(kind, namespace: namespace, path: path) }
            return try object(json, kind: name, namespace, path)
        default: throw failure(path, "a type is a name, an object or an array, not \(json.kind)")
        }
    }

    private static func primitive(_ name: String) -> FieldType? {
        switch name {
        case "null": .null
        case "boolean": .boolean
        case "int": .int
        case "long": .long
        case "float": .float
        case "double": .double
        case "string": .string
        case "bytes": .bytes
        default: nil
        }
    }

    private func reference(
        _ name: String, _ namespace: String?, _ path: [String]
    ) throws(AvroSchemaError) -> Shape {
        if let type = Self.primitive(name) { return Shape(type) }
        let full = name.contains(".") ? name : namespace.map { "\($0).\(name)" } ?? name
        for candidate in [full, name] {
            if let known = named[candidate] { return known }
            if open.contains(candidate) {
                throw failure(path, "the type \(candidate) contains itself: its records would not end")
            }
        }
        throw failure(path, "there is no type \"\(name)\"")
    }

    private mutating func union(
        _ branches: [AvroSchemaJSON], _ namespace: String?, _ path: [String]
    ) throws(AvroSchemaError) -> [Shape] {
        guard !branches.isEmpty else { throw failure(path, "a union must have a branch") }
        var shapes: [Shape] = []
        for (index, branch) in branches.enumerated() {
            let shape = try shape(branch, namespace: namespace, path: path + ["branch \(index)"])
            if case .union = shape.type { throw failure(path, "a union cannot be the branch of another") }
            guard !shapes.contains(where: { $0.type.branchName == shape.type.branchName }) else {
                throw failure(path, "a union has two branches of type \(shape.type.branchName)")
            }
            shapes.append(shape)
        }
        return shapes
    }

    private mutating func object(
        _ json: AvroSchemaJSON, kind: String, _ namespace: String?, _ path: [String]
    ) throws(AvroSchemaError) -> Shape {
        switch kind {
        case "array":
            guard let items = json["items"] else { throw failure(path, "an array needs items") }
            let type = FieldType.array(of: try shape(items, namespace: namespace, path: path + ["items"]))
            return Shape(type, try rule(of: json, type, path))
        case "map":
            guard let values = json["values"] else { throw failure(path, "a map needs values") }
            let keys = try keyShape(json["arg.properties"]?["keys"], path + ["keys"])
            let type = FieldType.map(
                keys: keys, values: try shape(values, namespace: namespace, path: path + ["values"]))
            return Shape(type, try rule(of: json, type, path))
        case "record", "error", "enum", "fixed": return try definition(json, kind: kind, namespace, path)
        default:
            var known = try reference(kind, namespace, path)
            if case .bytes = known.type, let decimal = try decimal(json, path) { known = Shape(decimal) }
            guard json["arg.properties"] != nil else { return known }
            return Shape(known.type, try rule(of: json, known.type, path))
        }
    }

    private func keyShape(_ properties: AvroSchemaJSON?, _ path: [String]) throws(AvroSchemaError) -> Shape {
        guard let properties else { return Shape(.string) }
        return Shape(.string, try rule(from: properties, .string, path))
    }

    private func decimal(_ json: AvroSchemaJSON, _ path: [String]) throws(AvroSchemaError) -> FieldType? {
        guard json["logicalType"] == .string("decimal") else { return nil }
        guard case .integer(let precision)? = json["precision"], (1...Int64(Limit.precision)).contains(precision) else {
            throw failure(path, "a decimal needs a precision from 1 to \(Limit.precision)")
        }
        guard case .integer(let scale) = json["scale"] ?? .integer(0), (0...precision).contains(scale) else {
            throw failure(path, "a decimal's scale must be from 0 to its precision")
        }
        return .decimal(precision: Int(precision), scale: Int(scale))
    }

    private mutating func definition(
        _ json: AvroSchemaJSON, kind: String, _ namespace: String?, _ path: [String]
    ) throws(AvroSchemaError) -> Shape {
        guard let name = json["name"]?.text else { throw failure(path, "the \(kind) has no name") }
        let space = name.contains(".") ? nil : json["namespace"]?.text ?? namespace
        let full = space.map { $0.isEmpty ? name : "\($0).\(name)" } ?? name
        guard full.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(Self.isName) else {
            throw failure(path, "\"\(full)\" is no name")
        }
        guard named[full] == nil, open.insert(full).inserted else {
            throw failure(path, "the type \(full) is defined twice")
        }
        let inner = full.lastIndex(of: ".").map { String(full[..<$0]) }
        let here = path.isEmpty ? [name.split(separator: ".").last.map { String($0) } ?? name] : path
        let type =
            switch kind {
            case "enum": try enumeration(json, full, here)
            case "fixed": try fixed(json, full, here)
            default: FieldType.record(name: full, fields: try fields(json, inner, here))
            }
        let shape = Shape(type, try rule(of: json, type, here))
        open.remove(full)
        named[full] = shape
        return shape
    }

    private func enumeration(
        _ json: AvroSchemaJSON, _ name: String, _ path: [String]
    ) throws(AvroSchemaError) -> FieldType {
        guard case .array(let list)? = json["symbols"], !list.isEmpty else {
            throw failure(path, "an enum needs symbols")
        }
        let symbols = list.compactMap { $0.text }
        guard symbols.count == list.count, Set(symbols).count == symbols.count,
            symbols.allSatisfy({ Self.isName($0[...]) })
        else { throw failure(path, "symbols must be names that differ") }
        return .enumeration(name: name, symbols: symbols)
    }

    private func fixed(
        _ json: AvroSchemaJSON, _ name: String, _ path: [String]
    ) throws(AvroSchemaError) -> FieldType {
        guard case .integer(let size)? = json["size"], (0...Int64(Limit.length)).contains(size) else {
            throw failure(path, "a fixed needs a size from 0 to \(Limit.length)")
        }
        return try decimal(json, path) ?? .fixed(name: name, size: Int(size))
    }

    private mutating func fields(
        _ json: AvroSchemaJSON, _ namespace: String?, _ path: [String]
    ) throws(AvroSchemaError) -> [RecordSchema.Field] {
        guard case .array(let list)? = json["fields"] else { throw failure(path, "a record needs fields") }
        guard !list.isEmpty else { throw failure(path, "a record needs at least one field") }
        var fields: [RecordSchema.Field] = []
        for (index, field) in list.enumerated() {
            guard let name = field["name"]?.text, Self.isName(name[...]) else {
                throw failure(path, "field \(index) has no name, or not a proper one")
            }
            guard !fields.contains(where: { $0.name == name }) else {
                throw failure(path, "the field \(name) is there twice")
            }
            guard let type = field["type"] else { throw failure(path + [name], "a type is missing") }
            var shape = try shape(type, namespace: namespace, path: path + [name])
            // Only a union takes properties from its field: JSON leaves it no other place for them.
            if case .union(let branches) = shape.type, let properties = field["arg.properties"],
                let weights = try weights(properties, branches: branches.count, path + [name])
            {
                shape = Shape(shape.type, .weights(weights))
            }
            fields.append(.init(name, shape))
        }
        return fields
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.unicodeScalars.first, first == "_" || isLetter(first) else { return false }
        return text.unicodeScalars.allSatisfy { $0 == "_" || isLetter($0) || ("0"..."9").contains($0) }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }
}
