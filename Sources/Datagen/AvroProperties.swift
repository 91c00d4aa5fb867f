/// The generator's `arg.properties`, turned into rules.
extension AvroSchemaParser {
    /// The rule of a type whose JSON may have properties.
    func rule(of json: AvroSchemaJSON, _ type: FieldType, _ path: [String]) throws(AvroSchemaError) -> FieldRule {
        guard let properties = json["arg.properties"] else { return .unspecified }
        return try rule(from: properties, type, path)
    }

    func rule(
        from properties: AvroSchemaJSON, _ type: FieldType, _ path: [String]
    ) throws(AvroSchemaError) -> FieldRule {
        guard case .object = properties else {
            throw failure(path, "arg.properties must be an object, not \(properties.kind)")
        }
        try exclude(properties, "options", ["length", "regex", "iteration", "range"], path)
        try exclude(properties, "iteration", ["length", "regex", "options", "range"], path)
        if let options = properties["options"] { return .options(try self.options(options, type, path)) }
        if let iteration = properties["iteration"] { return try self.iteration(iteration, properties, type, path) }
        switch type {
        case .string: return .text(try text(properties, path))
        case .boolean:
            guard let odds = properties["odds"] else { return .unspecified }
            guard let likelihood = odds.decimal, (0...1).contains(likelihood) else {
                throw failure(path, "odds must be a number from 0 to 1")
            }
            return .odds(likelihood)
        case .int, .long, .float, .double, .decimal:
            guard let range = properties["range"] else { return .unspecified }
            return try self.range(range, type, path)
        case .bytes, .array, .map:
            return try properties["length"].map { json throws(AvroSchemaError) in .length(try length(json, path)) }
                ?? .unspecified
        default: return .unspecified
        }
    }

    private func exclude(
        _ properties: AvroSchemaJSON, _ present: String, _ others: [String], _ path: [String]
    ) throws(AvroSchemaError) {
        guard properties[present] != nil, let other = others.first(where: { properties[$0] != nil }) else { return }
        throw failure(path, "\(present) and \(other) exclude each other")
    }

    // MARK: - Options

    private func options(
        _ json: AvroSchemaJSON, _ type: FieldType, _ path: [String]
    ) throws(AvroSchemaError) -> [FieldValue] {
        if json["file"] != nil { throw failure(path, "options cannot come from a file here: list them in the schema") }
        guard case .array(let list) = json else { throw failure(path, "options must be an array, not \(json.kind)") }
        guard !list.isEmpty else { throw failure(path, "options must not be empty") }
        var values: [FieldValue] = []
        for (index, option) in list.enumerated() {
            values.append(try value(option, Shape(type), path + ["option \(index)"]))
        }
        return values
    }

    /// A value written in the schema, as one of that type.
    private func value(
        _ json: AvroSchemaJSON, _ shape: Shape, _ path: [String]
    ) throws(AvroSchemaError) -> FieldValue {
        switch (shape.type, json) {
        case (.null, .null): return .null
        case (.boolean, .bool(let value)): return .bool(value)
        case (.int, .integer(let value)) where Int32(exactly: value) != nil: return .int(value)
        case (.long, .integer(let value)): return .int(value)
        case (.float, .integer), (.float, .number): return .float(Float(json.decimal ?? 0))
        case (.double, .integer), (.double, .number): return .double(json.decimal ?? 0)
        case (.string, .string(let text)): return .string(text)
        case (.bytes, .string(let text)): return .bytes(Array(text.utf8))
        case (.fixed(_, let size), .string(let text)) where text.utf8.count == size: return .bytes(Array(text.utf8))
        case (.decimal(let precision, let scale), .integer), (.decimal(let precision, let scale), .number):
            let units = try self.units(json, decimals: scale, path)
            guard units.magnitude < Limit.power(of: precision).magnitude else {
                throw failure(path, "it has more than \(precision) digits")
            }
            return .decimal(unscaled: units, scale: scale)
        case (.enumeration(_, let symbols), .string(let text)) where symbols.contains(text): return .string(text)
        case (.array(let element), .array(let list)):
            return .array(try list.map { json throws(AvroSchemaError) in try value(json, element, path) })
        case (.map(_, let values), .object(let members)):
            return .map(
                try members.map { member throws(AvroSchemaError) in
                    .init(member.name, try value(member.value, values, path + [member.name]))
                })
        case (.record(_, let fields), .object): return try record(json, fields, path)
        case (.union(let branches), _):
            if let index = branches.firstIndex(where: { Self.resembles(json, $0.type) }) {
                return Shape.asBranch(try value(json, branches[index], path), index, of: branches)
            }
        default: break
        }
        throw failure(path, "\(json.kind) does not fit the type \(shape.type.avroName)")
    }

    /// Whether a value looks like one of that type outside. Trying each branch of nested unions could take for ever.
    private static func resembles(_ json: AvroSchemaJSON, _ type: FieldType) -> Bool {
        switch (type, json) {
        case (.null, .null), (.boolean, .bool), (.long, .integer), (.string, .string), (.bytes, .string),
            (.array, .array), (.map, .object):
            true
        case (.int, .integer(let value)): Int32(exactly: value) != nil
        case (.float, _), (.double, _), (.decimal, _): json.decimal != nil
        case (.fixed(_, let size), .string(let text)): text.utf8.count == size
        case (.enumeration(_, let symbols), .string(let text)): symbols.contains(text)
        case (.record(_, let fields), .object): fields.allSatisfy { json[$0.name] != nil }
        default: false
        }
    }

    private func record(
        _ json: AvroSchemaJSON, _ fields: [RecordSchema.Field], _ path: [String]
    ) throws(AvroSchemaError) -> FieldValue {
        var members: [FieldValue.Member] = []
        for field in fields {
            guard let given = json[field.name] else {
                throw failure(path, "the field \(field.name) is missing")
            }
            members.append(.init(field.name, try value(given, field.shape, path + [field.name])))
        }
        return .record(members)
    }

    // MARK: - Numbers

    private func range(
        _ json: AvroSchemaJSON, _ type: FieldType, _ path: [String]
    ) throws(AvroSchemaError) -> FieldRule {
        let (low, high) = (json["min"], json["max"])
        guard low != nil || high != nil else { throw failure(path, "range needs min or max") }
        switch type {
        case .int, .long:
            let limits = Self.limits(of: type)
            let min = try whole(low, "min of range", type, path) ?? limits.lowerBound
            let max = try whole(high, "max of range", type, path) ?? limits.upperBound
            guard min < max else { throw failure(path, "min of range must be below max") }
            return .range(min: min, max: max)
        case .decimal(let precision, let scale):
            let bound = Limit.power(of: precision)
            var (min, max) = (1 - bound, bound)
            if let low { min = try units(low, decimals: scale, path) }
            if let high { max = try units(high, decimals: scale, path) }
            guard min < max, min > -bound, max <= bound else {
                throw failure(path, "min of range must be below max, both of at most \(precision) digits")
            }
            return .unitRange(min: min, max: max)
        default:
            let widest = Self.widest(type)
            let min = try fraction(low, "min of range", type, path) ?? -widest
            let max = try fraction(high, "max of range", type, path) ?? widest
            guard min < max else { throw failure(path, "min of range must be below max") }
            return .decimalRange(min: min, max: max)
        }
    }

    private static func widest(_ type: FieldType) -> Double {
        if case .float = type { Double(Float.greatestFiniteMagnitude) } else { Double.greatestFiniteMagnitude }
    }

    private static func limits(of type: FieldType) -> ClosedRange<Int64> {
        if case .long = type { Int64.min...Int64.max } else { Int64(Int32.min)...Int64(Int32.max) }
    }

    private func whole(
        _ json: AvroSchemaJSON?, _ what: String, _ type: FieldType, _ path: [String]
    ) throws(AvroSchemaError) -> Int64? {
        guard let json else { return nil }
        guard case .integer(let value) = json else {
            throw failure(path, "\(what) must be a whole number, not \(json.kind)")
        }
        guard Self.limits(of: type).contains(value) else { throw failure(path, "\(what) is out of the type's range") }
        return value
    }

    private func fraction(
        _ json: AvroSchemaJSON?, _ what: String, _ type: FieldType, _ path: [String]
    ) throws(AvroSchemaError) -> Double? {
        guard let json else { return nil }
        guard let value = json.decimal else { throw failure(path, "\(what) must be a number, not \(json.kind)") }
        guard value.magnitude <= Self.widest(type) else { throw failure(path, "\(what) is out of the type's range") }
        return value
    }

    /// A number in units of its last allowed decimal, rounded.
    private func units(
        _ json: AvroSchemaJSON, decimals: Int, _ path: [String]
    ) throws(AvroSchemaError) -> Int128 {
        if case .integer(let value) = json {
            let (units, overflow) = Int128(value).multipliedReportingOverflow(by: Limit.power(of: decimals))
            if !overflow { return units }
        } else if let value = json.decimal {
            let scaled = (value * Double(Limit.power(of: decimals))).rounded()
            if scaled.magnitude < 1e38 { return Int128(scaled) }
        }
        throw failure(path, "\(json.kind) does not fit a decimal with \(decimals) decimals")
    }

    // MARK: - Iteration

    private func iteration(
        _ json: AvroSchemaJSON, _ properties: AvroSchemaJSON, _ type: FieldType, _ path: [String]
    ) throws(AvroSchemaError) -> FieldRule {
        guard case .object = json else { throw failure(path, "iteration must be an object, not \(json.kind)") }
        guard let start = json["start"] else { throw failure(path, "iteration needs start") }
        switch type {
        case .boolean:
            guard case .bool(let first) = start else { throw failure(path, "start of iteration must be a boolean") }
            guard json["restart"] == nil, json["step"] == nil else {
                throw failure(path, "iteration of booleans has neither restart nor step")
            }
            return .alternating(start: first)
        case .int, .long: return .counter(try counter(json, type, path))
        case .string:
            let (prefix, suffix) = try affixes(properties, path)
            return .text(TextRule(source: .counter(try counter(json, .int, path)), prefix: prefix, suffix: suffix))
        case .float, .double: return .decimalCounter(try decimalCounter(json, type, path))
        default: throw failure(path, "iteration is for numbers, booleans and strings, not for \(type.avroName)")
        }
    }

    private func counter(
        _ json: AvroSchemaJSON, _ type: FieldType, _ path: [String]
    ) throws(AvroSchemaError) -> Counter {
        let start = try whole(json["start"], "start of iteration", type, path) ?? 0
        let restart = try whole(json["restart"], "restart of iteration", type, path)
        let step = try whole(json["step"], "step of iteration", type, path)
        let initial = try whole(json["initial"], "initial of iteration", type, path)
        return try counter(start, restart, step, initial, Self.limits(of: type), path)
    }

    private func counter(
        _ start: Int64, _ restart: Int64?, _ step: Int64?, _ initial: Int64?, _ limits: ClosedRange<Int64>,
        _ path: [String]
    ) throws(AvroSchemaError) -> Counter {
        if step == 0 { throw failure(path, "step of iteration must not be 0") }
        let step = step ?? restart.map { $0 < start ? -1 : 1 } ?? 1
        let end = restart ?? (step > 0 ? limits.upperBound : limits.lowerBound)
        if end == start { throw failure(path, "start and restart of iteration must differ") }
        if (end > start) != (step > 0) {
            throw failure(path, "step of iteration must lead from start to restart")
        }
        return Counter(start: start, restart: end, step: step, initial: initial)
    }

    private func decimalCounter(
        _ json: AvroSchemaJSON, _ type: FieldType, _ path: [String]
    ) throws(AvroSchemaError) -> DecimalCounter {
        var numbers: [String: Double] = [:]
        for name in ["start", "restart", "step", "initial"] {
            numbers[name] = try fraction(json[name], "\(name) of iteration", type, path)
        }
        // The fewest decimals in which every number is whole.
        var decimals = 0
        while !numbers.values.allSatisfy({ Self.isWhole($0, decimals) }) { decimals += 1 }
        var whole: [String: Int64] = [:]
        for (name, number) in numbers {
            let scaled = (number * Double(Limit.power(of: decimals))).rounded()
            guard decimals <= Limit.counterDecimals, scaled.magnitude < 0x1p62 else {
                throw failure(path, "\(name) of iteration has too many digits")
            }
            whole[name] = Int64(scaled)
        }
        // A counter without restart goes on until its units run out.
        let counter = try counter(
            whole["start"] ?? 0, whole["restart"], whole["step"] ?? (numbers["restart"] == nil
                ? Int64(Limit.power(of: decimals))
                : Int64(Limit.power(of: decimals)) * ((numbers["restart"] ?? 0) < (numbers["start"] ?? 0) ? -1 : 1)),
            whole["initial"], Int64.min...Int64.max, path)
        return DecimalCounter(counter: counter, decimals: decimals)
    }

    /// Whether the number is exactly what so many decimals write; beyond the limit everything is, to end the search.
    private static func isWhole(_ number: Double, _ decimals: Int) -> Bool {
        let scaled = (number * Double(Limit.power(of: decimals))).rounded()
        guard decimals <= Limit.counterDecimals, scaled.magnitude < 0x1p62 else { return true }
        return FieldValue.number(units: Int128(scaled), decimals: decimals) == number
    }

    // MARK: - Text, lengths, unions

    private func text(_ properties: AvroSchemaJSON, _ path: [String]) throws(AvroSchemaError) -> TextRule {
        let (prefix, suffix) = try affixes(properties, path)
        let bounds = try properties["length"].map { json throws(AvroSchemaError) in try length(json, path) }
        var source = TextRule.Source.characters(bounds ?? .standard)
        if let regex = properties["regex"] {
            guard let text = regex.text else { throw failure(path, "regex must be a string, not \(regex.kind)") }
            source = .pattern(try pattern(text, bounds, path), length: bounds)
        } else if let kind = properties["kind"] {
            switch kind.text {
            case "uuid": source = .uuid
            case "email": source = .email
            case "name": source = .personName
            default: throw failure(path, "kind must be uuid, email or name")
            }
        }
        return TextRule(source: source, prefix: prefix, suffix: suffix)
    }

    private func pattern(
        _ text: String, _ bounds: LengthBounds?, _ path: [String]
    ) throws(AvroSchemaError) -> TextPattern {
        let pattern: TextPattern
        do {
            pattern = try TextPattern(parsing: text)
        } catch {
            throw failure(path, error.description)
        }
        if let bounds, !pattern.lengths.overlaps(bounds.min...(bounds.max - 1)) {
            throw failure(path, "regex \"\(text)\" matches nothing of the length wanted")
        }
        return pattern
    }

    private func affixes(
        _ properties: AvroSchemaJSON, _ path: [String]
    ) throws(AvroSchemaError) -> (prefix: String, suffix: String) {
        for name in ["prefix", "suffix"] {
            if let json = properties[name], json.text == nil {
                throw failure(path, "\(name) must be a string, not \(json.kind)")
            }
        }
        return (properties["prefix"]?.text ?? "", properties["suffix"]?.text ?? "")
    }

    private func length(_ json: AvroSchemaJSON, _ path: [String]) throws(AvroSchemaError) -> LengthBounds {
        var bounds = (min: Int64(0), max: Int64(0))
        if case .integer(let exact) = json {
            bounds = (exact, exact < .max ? exact + 1 : exact)
        } else {
            guard json["min"] != nil || json["max"] != nil else {
                throw failure(path, "length must be a whole number or have min or max")
            }
            bounds.min = try whole(json["min"], "min of length", .int, path) ?? 0
            bounds.max = try whole(json["max"], "max of length", .int, path) ?? bounds.min + Int64(Limit.openLength)
        }
        guard bounds.min >= 0 else { throw failure(path, "length must not be negative") }
        guard bounds.min < bounds.max else { throw failure(path, "max of length must be above min") }
        guard bounds.max <= Limit.length else { throw failure(path, "length must not exceed \(Limit.length)") }
        return LengthBounds(min: Int(bounds.min), max: Int(bounds.max))
    }

    /// `position` or `distribution` of a union with so many branches; nil when neither is there.
    func weights(
        _ properties: AvroSchemaJSON, branches: Int, _ path: [String]
    ) throws(AvroSchemaError) -> [Double]? {
        if let position = properties["position"] {
            guard case .integer(let index) = position, (0..<Int64(branches)).contains(index) else {
                throw failure(path, "position must be from 0 to \(branches - 1)")
            }
            return (0..<branches).map { $0 == Int(index) ? 1 : 0 }
        }
        guard let distribution = properties["distribution"] else { return nil }
        guard case .object(let members) = distribution, members.count == branches else {
            throw failure(path, "distribution must give each of the \(branches) branches its probability")
        }
        var weights: [Double] = []
        for index in 0..<branches {
            guard let weight = distribution[String(index)]?.decimal, weight >= 0 else {
                throw failure(path, "distribution must have a probability for branch \(index)")
            }
            weights.append(weight)
        }
        guard (0.999...1.001).contains(weights.reduce(0, +)) else {
            throw failure(path, "the probabilities of distribution must add up to 1")
        }
        return weights
    }
}
