/// A kind of record that the generator can make: fields in order, each with how its values come about.
package struct RecordSchema: Sendable {
    /// The quickstart's name in lower case (`transactions`); of a schema given as text the record's own name.
    package let name: String
    /// Full Avro name of the record (`datagen.example.transactions`).
    package let recordName: String
    /// The field whose value becomes the record's key; nil for an empty key, as the original does it.
    package let keyField: String?
    package let fields: [Field]
    /// Whole records to choose from, values in the fields' order; nil when each field goes by its own rule.
    package let rows: [[FieldValue]]?

    package init(
        name: String, recordName: String, keyField: String?, fields: [Field], rows: [[FieldValue]]? = nil
    ) {
        precondition(
            keyField.map { key in fields.contains { $0.name == key } } ?? true,
            "the key field must be one of the fields")
        precondition(
            rows?.allSatisfy { $0.count == fields.count } ?? true, "a row has one value for each field")
        self.name = name
        self.recordName = recordName
        self.keyField = keyField
        self.fields = fields
        self.rows = rows
    }

    package struct Field: Sendable {
        package let name: String
        package let shape: Shape
        package var type: FieldType { shape.type }
        package var rule: FieldRule { shape.rule }

        package init(_ name: String, _ type: FieldType, _ rule: FieldRule = .unspecified) {
            self.init(name, Shape(type, rule))
        }

        package init(_ name: String, _ shape: Shape) {
            self.name = name
            self.shape = shape
        }
    }

    /// The same schema keyed by another field, or by none.
    package func keyed(by field: String?) -> RecordSchema {
        RecordSchema(name: name, recordName: recordName, keyField: field, fields: fields, rows: rows)
    }
}

/// A type and how its values come about.
package struct Shape: Sendable {
    package let type: FieldType
    package let rule: FieldRule
    /// The most bytes that a value's JSON may take, roughly. Kept, as types that share parts would be walked for ever.
    let estimatedSize: Int

    package init(_ type: FieldType, _ rule: FieldRule = .unspecified) {
        self.type = type
        self.rule = rule
        estimatedSize = Self.estimatedSize(type, rule)
    }
}

/// Avro's types. Logical types other than decimal keep the numbers of the type below them, as Connect's JSON does.
package indirect enum FieldType: Sendable {
    case null
    case boolean
    case int
    case long
    case float
    case double
    case string
    case bytes
    case fixed(name: String, size: Int)
    /// Bytes or fixed with the logical type decimal: at most 38 digits, `scale` of them after the point.
    case decimal(precision: Int, scale: Int)
    case enumeration(name: String, symbols: [String])
    case array(of: Shape)
    case map(keys: Shape, values: Shape)
    case record(name: String, fields: [RecordSchema.Field])
    case union([Shape])

    /// Avro's word for the type; a decimal is `bytes`.
    package var avroName: String {
        switch self {
        case .null: "null"
        case .boolean: "boolean"
        case .int: "int"
        case .long: "long"
        case .float: "float"
        case .double: "double"
        case .string: "string"
        case .bytes, .decimal: "bytes"
        case .fixed: "fixed"
        case .enumeration: "enum"
        case .array: "array"
        case .map: "map"
        case .record: "record"
        case .union: "union"
        }
    }

    /// How Connect names the type as a branch of a union: the simple name of a named type, else Avro's word.
    var branchName: String {
        switch self {
        case .fixed(let name, _), .enumeration(let name, _), .record(let name, _):
            name.split(separator: ".").last.map { String($0) } ?? name
        default: avroName
        }
    }

    var isNull: Bool {
        if case .null = self { true } else { false }
    }
}

/// How the values of a type come about: what the generator's `arg.properties` say.
package enum FieldRule: Sendable {
    /// The type's default: any number, 8 to 15 characters, one of the symbols, …
    case unspecified
    /// `iteration` of whole numbers: one step a record.
    case counter(Counter)
    /// `iteration` of float and double.
    case decimalCounter(DecimalCounter)
    /// `iteration` of booleans.
    case alternating(start: Bool)
    /// `range` of whole numbers, `max` excluded.
    case range(min: Int64, max: Int64)
    /// `range` of float and double, `max` excluded.
    case decimalRange(min: Double, max: Double)
    /// `range` of decimals, in units of their last digit, `max` excluded.
    case unitRange(min: Int128, max: Int128)
    /// `options`: one of these, uniformly.
    case options([FieldValue])
    /// `odds`: how likely true is, 0…1.
    case odds(Double)
    /// `regex`, `kind`, `length`, `iteration`, `prefix` and `suffix` of strings.
    case text(TextRule)
    /// `length` of bytes, arrays and maps.
    case length(LengthBounds)
    /// `distribution` or `position` of a union: one weight a branch.
    case weights([Double])

    /// Counts up from `start` by `step`.
    package static func counter(start: Int64, step: Int64 = 1) -> FieldRule {
        .counter(Counter(start: start, step: step))
    }

    /// Text that the regular expression matches. For patterns written in this module: a wrong one traps.
    package static func matching(_ pattern: String) -> FieldRule {
        guard let parsed = try? TextPattern(parsing: pattern) else {
            preconditionFailure("not a pattern that can be generated: \(pattern)")
        }
        return .text(TextRule(source: .pattern(parsed, length: nil)))
    }

    /// One of these words, uniformly.
    package static func words(_ words: String...) -> FieldRule {
        .options(words.map { .string($0) })
    }
}

/// How long strings, bytes, arrays and maps get.
package struct LengthBounds: Sendable, Hashable {
    package let min: Int
    /// Excluded; always above `min`.
    package let max: Int

    package init(min: Int, max: Int) {
        precondition(0 <= min && min < max)
        self.min = min
        self.max = max
    }

    /// What the generator takes without `length`: 8…15.
    package static let standard = LengthBounds(min: 8, max: 16)
}

/// How strings come about.
package struct TextRule: Sendable {
    package enum Source: Sendable {
        /// Printable ASCII characters.
        case characters(LengthBounds)
        /// What a regular expression matches, of that length where given.
        case pattern(TextPattern, length: LengthBounds?)
        case counter(Counter)
        case uuid
        case email
        case personName
    }

    package let source: Source
    package let prefix: String
    package let suffix: String

    package init(source: Source, prefix: String = "", suffix: String = "") {
        self.source = source
        self.prefix = prefix
        self.suffix = suffix
    }
}

/// `iteration`: from `initial` on by `step`, back to `start` where `restart` would be reached.
package struct Counter: Sendable, Hashable {
    package let start: Int64
    package let restart: Int64
    package let step: Int64
    package let initial: Int64

    /// - Parameters:
    ///   - restart: by default the type's last value in the step's direction.
    ///   - step: not 0, and towards `restart`.
    package init(start: Int64, restart: Int64? = nil, step: Int64 = 1, initial: Int64? = nil) {
        self.start = start
        self.restart = restart ?? (step > 0 ? .max : .min)
        self.step = step
        self.initial = initial ?? start
        precondition(step != 0 && (self.restart > start) == (step > 0) && self.restart != start)
    }

    /// The value of the record at `place` (from 0).
    package func value(at place: Int64) -> Int64 {
        guard place > 0 else { return initial }
        let travelled = Int128(place) * Int128(step) + Int128(initial) - Int128(start)
        let lap = (Int128(restart) - Int128(start)).magnitude
        let position = Int128(travelled.magnitude % lap)
        return Int64(truncatingIfNeeded: Int128(start) + (step > 0 ? position : -position))
    }
}

/// `iteration` of fractions, counted in whole units of their last decimal so that 0.1 + 0.2 stays 0.3.
package struct DecimalCounter: Sendable, Hashable {
    let counter: Counter
    /// How many decimals a unit has: 0…15.
    let decimals: Int

    func value(at place: Int64) -> Double {
        FieldValue.number(units: Int128(counter.value(at: place)), decimals: decimals)
    }
}
