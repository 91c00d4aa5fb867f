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

    /// The record at one place of the sequence. Each place has random numbers of its own, so that resuming costs
    /// nothing.
    package func record(at iteration: Int64) -> GeneratedRecord {
        var random = Randomness(seed: seed, task: task, iteration: iteration)
        let values = schema.fields.map { field in
            (name: field.name, value: field.rule.value(at: iteration, &random))
        }
        return GeneratedRecord(
            fields: values, key: values.first { $0.name == schema.keyField }?.value ?? .null, iteration: iteration)
    }
}

/// One generated record.
package struct GeneratedRecord: Sendable {
    package let fields: [(name: String, value: FieldValue)]
    /// The key field's value.
    package let key: FieldValue
    /// From 0.
    package let iteration: Int64

    package subscript(_ name: String) -> FieldValue? {
        fields.first { $0.name == name }?.value
    }

    /// The record as one line of JSON, fields in the schema's order.
    package var json: String {
        let members = fields.map { "\(FieldValue.string($0.name).json):\($0.value.json)" }
        return "{" + members.joined(separator: ",") + "}"
    }

    /// The key as Connect's string converter writes it.
    package var keyText: String {
        if case .string(let text) = key { text } else { key.json }
    }
}

extension FieldRule {
    func value(at iteration: Int64, _ random: inout Randomness) -> FieldValue {
        switch self {
        case .counter(let start, let step): return .int(start &+ step &* iteration)
        case .range(let min, let max): return .int(Int64.random(in: min..<max, using: &random))
        case .decimal(let min, let max): return .double(Double.random(in: min..<max, using: &random))
        case .options(let values): return values.randomElement(using: &random) ?? .null
        case .constant(let value): return value
        case .pattern(let parts):
            var text = ""
            for part in parts {
                switch part {
                case .literal(let literal): text += literal
                case .oneOf(let characters, let least, let most):
                    for _ in 0..<Int.random(in: least...most, using: &random) {
                        text.append(characters[Int.random(in: 0..<characters.count, using: &random)])
                    }
                }
            }
            return .string(text)
        }
    }
}

extension FieldValue {
    /// The value as JSON.
    package var json: String {
        switch self {
        case .null: return "null"
        case .int(let value): return String(value)
        case .double(let value): return "\(value)"
        case .bool(let value): return value ? "true" : "false"
        case .string(let value):
            var text = "\""
            for scalar in value.unicodeScalars {
                switch scalar {
                case "\"": text += "\\\""
                case "\\": text += "\\\\"
                case "\u{0}"..<" ":
                    let digits = String(scalar.value, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                default: text.unicodeScalars.append(scalar)
                }
            }
            return text + "\""
        }
    }
}

/// SplitMix64: small, fast, and the same everywhere. Not for secrets.
struct Randomness: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64, task: Int, iteration: Int64) {
        var mixer = Randomness(state: seed)
        mixer.state ^= Randomness(state: UInt64(bitPattern: Int64(task))).peek
        _ = mixer.next()
        mixer.state ^= Randomness(state: UInt64(bitPattern: iteration)).peek
        _ = mixer.next()
        self = mixer
    }

    private init(state: UInt64) {
        self.state = state
    }

    private var peek: UInt64 {
        var copy = self
        return copy.next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
