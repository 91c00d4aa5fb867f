/// Makes the records of one schema. The same schema, seed and task give the same records, on any machine.
package struct RecordGenerator: Sendable {
    package let schema: RecordSchema
    package let seed: UInt64
    /// Records of different tasks differ although they share a seed.
    package let task: Int
    /// How many records were made: the next one's place in the sequence.
    package private(set) var iteration: Int64 = 0

    /// - Parameter seed: `random.seed`.
    package init(schema: RecordSchema, seed: UInt64, task: Int = 0) {
        self.schema = schema
        self.seed = seed
        self.task = task
    }

    package mutating func next() -> GeneratedRecord {
        defer { iteration += 1 }
        return record(at: iteration)
    }

    /// Goes on where an earlier run stopped.
    package mutating func skip(to iteration: Int64) {
        self.iteration = max(0, iteration)
    }

    /// The record at one place of the sequence. Each place has random numbers of its own: resuming costs nothing.
    package func record(at iteration: Int64) -> GeneratedRecord {
        var random = Randomness(seed: seed, task: task, iteration: iteration)
        let values: [(name: String, value: FieldValue)]
        if let rows = schema.rows {
            let row = rows[random.index(below: rows.count)]
            values = zip(schema.fields, row).map { (name: $0.name, value: $1) }
        } else {
            values = schema.fields.map { (name: $0.name, value: $0.shape.value(at: iteration, &random)) }
        }
        let key = schema.keyField.map { field in values.first { $0.name == field }?.value ?? .null }
        return GeneratedRecord(fields: values, key: key ?? .string(""), iteration: iteration)
    }
}

/// One generated record.
package struct GeneratedRecord: Sendable {
    package let fields: [(name: String, value: FieldValue)]
    /// The key field's value; empty text when the schema has no key field.
    package let key: FieldValue
    /// From 0.
    package let iteration: Int64

    package subscript(_ name: String) -> FieldValue? {
        fields.first { $0.name == name }?.value
    }

    /// The record as one line of JSON, fields in the schema's order.
    package var json: String { json(decimals: .base64) }

    package func json(decimals: DecimalFormat) -> String {
        var text = ""
        FieldValue.record(fields.map { FieldValue.Member($0.name, $0.value) })
            .appendJSON(to: &text, decimals: decimals)
        return text
    }

    /// The key as Connect's string converter writes it; empty for null.
    package var keyText: String { key.plainText ?? "" }
}

extension Shape {
    /// The value of the record at `place` (from 0). Elements of an array or a map count on from their record's place.
    func value(at place: Int64, _ random: inout Randomness) -> FieldValue {
        switch rule {
        case .counter(let counter): .int(counter.value(at: place))
        case .decimalCounter(let counter): fraction(counter.value(at: place))
        case .alternating(let start): .bool(start == (place % 2 == 0))
        case .range(let min, let max): .int(random.integer(from: min, below: max))
        case .decimalRange(let min, let max): fraction(random.fraction(from: min, below: max))
        case .unitRange(let min, let max): decimal(random.integer(from: min, below: max))
        case .options(let values): values[random.index(below: values.count)]
        case .odds(let likelihood): .bool(random.fraction() < likelihood)
        case .text(let rule): .string(rule.text(at: place, &random))
        case .length(let length): sized(by: length, at: place, &random)
        case .weights(let weights): branch(random.index(weights: weights), at: place, &random)
        case .unspecified: unspecified(at: place, &random)
        }
    }

    private func unspecified(at place: Int64, _ random: inout Randomness) -> FieldValue {
        switch type {
        case .null: .null
        case .boolean: .bool(random.next() & 1 == 1)
        case .int: .int(Int64(Int32(truncatingIfNeeded: random.next())))
        case .long: .int(Int64(bitPattern: random.next()))
        case .float, .double: fraction(random.fraction())
        case .string: .string(TextRule(source: .characters(.standard)).text(at: place, &random))
        case .bytes, .array, .map: sized(by: .standard, at: place, &random)
        case .fixed(_, let size): .bytes(random.bytes(size))
        case .decimal(let precision, _):
            decimal(random.integer(from: 1 - Limit.power(of: precision), below: Limit.power(of: precision)))
        case .enumeration(_, let symbols): .string(symbols[random.index(below: symbols.count)])
        case .record(_, let fields):
            .record(fields.map { FieldValue.Member($0.name, $0.shape.value(at: place, &random)) })
        case .union(let branches): branch(random.index(below: branches.count), at: place, &random)
        }
    }

    private func fraction(_ value: Double) -> FieldValue {
        if case .float = type { .float(Float(value)) } else { .double(value) }
    }

    private func decimal(_ unscaled: Int128) -> FieldValue {
        if case .decimal(_, let scale) = type { .decimal(unscaled: unscaled, scale: scale) } else { .null }
    }

    private func sized(by length: LengthBounds, at place: Int64, _ random: inout Randomness) -> FieldValue {
        let count = random.length(length)
        switch type {
        case .bytes: return .bytes(random.bytes(count))
        case .array(let element):
            return .array((0..<count).map { element.value(at: place &+ Int64($0), &random) })
        case .map(let keys, let values):
            var names: Set<String> = []
            var members: [FieldValue.Member] = []
            for index in 0..<count {
                let name = keys.value(at: place &+ Int64(index), &random).plainText ?? ""
                let value = values.value(at: place &+ Int64(index), &random)
                // As in the original, a key that comes up twice leaves the map smaller.
                if names.insert(name).inserted { members.append(.init(name, value)) }
            }
            return .map(members)
        default: return .null
        }
    }

    /// A union's branch as Connect has it: the value itself when at most null stands beside it, else a record that has
    /// a field for each branch, all but one of them null.
    private func branch(_ chosen: Int, at place: Int64, _ random: inout Randomness) -> FieldValue {
        guard case .union(let branches) = type else { return .null }
        let value = branches[chosen].value(at: place, &random)
        return Self.asBranch(value, chosen, of: branches)
    }

    static func asBranch(_ value: FieldValue, _ chosen: Int, of branches: [Shape]) -> FieldValue {
        let others = branches.indices.filter { !branches[$0].type.isNull }
        if others.count < 2 || branches[chosen].type.isNull { return value }
        return .record(others.map { .init(branches[$0].type.branchName, $0 == chosen ? value : .null) })
    }
}

extension TextRule {
    func text(at place: Int64, _ random: inout Randomness) -> String {
        let middle =
            switch source {
            case .characters(let length): random.printable(random.length(length))
            case .pattern(let pattern, let length): pattern.text(length: length, &random)
            case .counter(let counter): String(counter.value(at: place))
            case .uuid: random.uuid()
            case .email: random.email()
            case .personName: random.personName()
            }
        return prefix + middle + suffix
    }
}
