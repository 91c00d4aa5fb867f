/// A kind of record that the generator can make: fields in order, each with how its values come about.
package struct RecordSchema: Sendable {
    /// The quickstart's name in lower case (`transactions`).
    package let name: String
    /// Full Avro name of the record (`datagen.example.transactions`).
    package let recordName: String
    /// The field whose value becomes the record's key.
    package let keyField: String
    package let fields: [Field]

    package init(name: String, recordName: String, keyField: String, fields: [Field]) {
        precondition(fields.contains { $0.name == keyField }, "the key field must be one of the fields")
        self.name = name
        self.recordName = recordName
        self.keyField = keyField
        self.fields = fields
    }

    package struct Field: Sendable {
        package let name: String
        package let type: FieldType
        package let rule: FieldRule

        package init(_ name: String, _ type: FieldType, _ rule: FieldRule) {
            self.name = name
            self.type = type
            self.rule = rule
        }
    }
}

/// Avro's primitive types, as far as the quickstarts use them.
package enum FieldType: Sendable, Equatable {
    case int
    case long
    case float
    case double
    case boolean
    case string
}

/// How a field's values come about.
package enum FieldRule: Sendable {
    /// Counts up from `start` by `step`, one step a record.
    case counter(start: Int64, step: Int64 = 1)
    /// Uniform integers, `max` excluded.
    case range(min: Int64, max: Int64)
    /// Uniform decimals, `max` excluded.
    case decimal(min: Double, max: Double)
    /// One of these, uniformly.
    case options([FieldValue])
    /// Text put together from parts.
    case pattern([PatternPart])
    case constant(FieldValue)
}

/// A part of generated text: what a regular expression's atom with a repetition stands for.
package enum PatternPart: Sendable {
    case literal(String)
    /// `least…most` characters of the set, the count uniform, then each character uniform.
    case oneOf([Character], least: Int, most: Int)
}

package enum FieldValue: Sendable, Hashable {
    case null
    case int(Int64)
    case double(Double)
    case bool(Bool)
    case string(String)
}
