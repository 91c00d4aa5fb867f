/// Checks what the grammar alone cannot: names, structs, defaults, null and tags.
struct MessageChecker {
    let file: String
    let message: Message

    func check() throws(SchemaError) {
        try check(message.fields)
        for structure in message.structures {
            if structure.fields.isEmpty { throw error("struct \(structure.name) has no fields", structure.line) }
            try check(structure.fields)
            try checkCycle(structure.fields, path: [structure.name])
        }
    }

    private func error(_ text: String, _ line: Int) -> SchemaError {
        SchemaError(file: file, line: line, message: text)
    }

    private func check(_ fields: [Field]) throws(SchemaError) {
        var names: Set<String> = []
        var tags: Set<Int> = []
        for field in fields {
            guard names.insert(field.name).inserted else { throw error("field \(field.name) stands twice", field.line) }
            if let name = field.type.structureName, !message.structures.contains(where: { $0.name == name }) {
                throw error("struct \(name) is not defined", field.line)
            }
            if let tag = field.tag {
                guard tags.insert(tag).inserted else { throw error("tag \(tag) stands twice", field.line) }
            }
            try checkNull(field)
            try checkTag(field)
            try checkDefault(field)
        }
        guard tags.isEmpty || tags.max() == tags.count - 1 else {
            throw error("tags are not numbered from 0 without gaps", fields[0].line)
        }
    }

    private func checkNull(_ field: Field) throws(SchemaError) {
        guard let nullable = field.nullableVersions else { return }
        if case .primitive(let primitive) = field.type, !primitive.mayBeNull {
            throw error("\(primitive.rawValue) cannot be null", field.line)
        }
        guard field.versions.contains(nullable) else {
            throw error("field \(field.name) may be null in versions that do not have it", field.line)
        }
    }

    private func checkTag(_ field: Field) throws(SchemaError) {
        guard field.tag != nil else { return }
        guard let first = message.flexibleFrom, field.versions.lower >= first else {
            throw error("a tagged field needs flexible versions", field.line)
        }
        if field.nullableVersions != nil, field.defaultValue == nil {
            throw error("a tagged field that may be null must state its default", field.line)
        }
    }

    private func checkDefault(_ field: Field) throws(SchemaError) {
        guard let value = field.defaultValue else { return }
        switch (field.type, value) {
        case (_, .null):
            guard field.nullableVersions != nil else {
                throw error("the default is null but the type is not nullable", field.line)
            }
        case (.primitive(.bool), .bool), (.primitive(.string), .string):
            return
        case (.primitive(let primitive), .integer(let number)):
            guard primitive.integerBounds?.contains(number) == true else {
                throw error("default \(number) does not fit \(primitive.rawValue)", field.line)
            }
        default:
            throw error("the default does not fit the type of \(field.name)", field.line)
        }
    }

    private func checkCycle(_ fields: [Field], path: [String]) throws(SchemaError) {
        for field in fields {
            guard let name = field.type.structureName else { continue }
            if path.contains(name) { throw error("struct \(name) contains itself", field.line) }
            guard let structure = message.structures.first(where: { $0.name == name }) else { continue }
            try checkCycle(structure.fields, path: path + [name])
        }
    }
}
