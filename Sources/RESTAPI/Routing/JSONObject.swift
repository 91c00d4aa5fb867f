/// A JSON object from outside: reading a field of the wrong type is a 400 that names it. Null counts as absent.
struct JSONObject {
    let value: JSON
    /// Where it stands in the body, as a JSON pointer.
    let pointer: String

    init(_ value: JSON, at pointer: String = "") {
        self.value = value
        self.pointer = pointer
    }

    private func wrong(_ name: String, _ problem: String) -> RESTError {
        RESTError(
            status: 400, code: 400, message: "Field '\(name)' \(problem).", source: .pointer("\(pointer)/\(name)"))
    }

    /// Whether the field is there and not null.
    func has(_ name: String) -> Bool { field(name) != nil }

    /// An object in this one; nil when it is absent.
    func object(_ name: String) throws(RESTError) -> JSONObject? {
        guard let field = field(name) else {
            return nil
        }
        guard field.members != nil else {
            throw wrong(name, "must be an object")
        }
        return JSONObject(field, at: "\(pointer)/\(name)")
    }

    func requiredObject(_ name: String) throws(RESTError) -> JSONObject {
        guard let object = try object(name) else {
            throw wrong(name, "is required")
        }
        return object
    }

    /// One of a few words; nil when it is absent.
    func word(_ name: String, of words: [String]) throws(RESTError) -> String? {
        guard let text = try string(name) else {
            return nil
        }
        guard words.contains(text) else {
            throw wrong(name, "must be one of \(words.joined(separator: ", ")), not '\(text)'")
        }
        return text
    }

    /// Values as text, as connectors take them: numbers and Booleans are written out.
    func strings() throws(RESTError) -> [String: String] {
        var strings: [String: String] = [:]
        for member in value.members ?? [] {
            switch member.value {
            case .string(let text): strings[member.name] = text
            case .int, .double, .bool: strings[member.name] = member.value.text()
            case .null: continue
            case .array, .object: throw wrong(member.name, "must be a string")
            }
        }
        return strings
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
            throw wrong(name, "must be a string")
        }
        return string
    }

    func required(_ name: String) throws(RESTError) -> String {
        guard let string = try string(name), !string.isEmpty else {
            throw wrong(name, "is required")
        }
        return string
    }

    func integer<I: FixedWidthInteger>(_ name: String, as type: I.Type = I.self) throws(RESTError) -> I? {
        guard let field = field(name) else {
            return nil
        }
        guard let value = field.int.flatMap({ I(exactly: $0) }) else {
            throw wrong(name, "must be an integer from \(I.min) to \(I.max)")
        }
        return value
    }

    /// A list of integers; nil when it is absent.
    func integers<I: FixedWidthInteger>(_ name: String, as type: I.Type = I.self) throws(RESTError) -> [I]? {
        guard let field = field(name) else {
            return nil
        }
        guard let array = field.array else {
            throw wrong(name, "must be a list of integers")
        }
        var integers: [I] = []
        for element in array {
            guard let value = element.int.flatMap({ I(exactly: $0) }) else {
                throw wrong(name, "must be a list of integers from \(I.min) to \(I.max)")
            }
            integers.append(value)
        }
        return integers
    }

    func bool(_ name: String, default fallback: Bool) throws(RESTError) -> Bool {
        guard let field = field(name) else {
            return fallback
        }
        guard let value = field.bool else {
            throw wrong(name, "must be true or false")
        }
        return value
    }

    /// A list of objects; absent is empty.
    func objects(_ name: String) throws(RESTError) -> [JSONObject] {
        guard let field = field(name) else {
            return []
        }
        guard let array = field.array else {
            throw wrong(name, "must be a list of objects")
        }
        var objects: [JSONObject] = []
        for element in array {
            guard element.members != nil else {
                throw wrong(name, "must be a list of objects")
            }
            objects.append(JSONObject(element, at: "\(pointer)/\(name)/\(objects.count)"))
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
