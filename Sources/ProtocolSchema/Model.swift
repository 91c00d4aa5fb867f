/// A fault in a file under `Protocol/`, with the line that has it.
package struct SchemaError: Error, Hashable, CustomStringConvertible {
    package var file: String
    /// Counted from 1.
    package var line: Int
    package var message: String

    package init(file: String, line: Int, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    package var description: String { "\(file):\(line): \(message)" }
}

/// Versions of a message, both ends included.
package struct VersionRange: Hashable, Sendable {
    package var lower: Int
    package var upper: Int

    package init(_ lower: Int, _ upper: Int) {
        self.lower = lower
        self.upper = upper
    }

    func contains(_ other: VersionRange) -> Bool { lower <= other.lower && other.upper <= upper }
}

/// The types that need no definition.
package enum Primitive: String, CaseIterable, Sendable {
    case bool, int8, int16, uint16, int32, uint32, int64, float64, uuid, string, bytes, records

    /// The bounds of the integer types; nil for the others.
    var integerBounds: ClosedRange<Int64>? {
        switch self {
        case .int8: Int64(Int8.min)...Int64(Int8.max)
        case .int16: Int64(Int16.min)...Int64(Int16.max)
        case .uint16: 0...Int64(UInt16.max)
        case .int32: Int64(Int32.min)...Int64(Int32.max)
        case .uint32: 0...Int64(UInt32.max)
        case .int64: Int64.min...Int64.max
        default: nil
        }
    }

    var mayBeNull: Bool { self == .string || self == .bytes || self == .records }
}

package indirect enum FieldType: Hashable, Sendable {
    case primitive(Primitive)
    case structure(String)
    case array(FieldType)
}

package enum DefaultValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case string(String)
}

package struct Field: Hashable, Sendable {
    package var name: String
    package var type: FieldType
    /// Versions that have the field, cut to those of the message.
    package var versions: VersionRange
    /// Versions in which the field may be null; nil when it never may.
    package var nullableVersions: VersionRange?
    package var defaultValue: DefaultValue?
    /// The number of a tagged field.
    package var tag: Int?
    /// The comment at the end of the line.
    package var note: String
    package var line: Int
}

package struct Structure: Hashable, Sendable {
    package var name: String
    package var fields: [Field]
    package var line: Int
}

/// The body of a request, a response or a stored record.
package struct Message: Hashable, Sendable {
    package var name: String
    package var fields: [Field]
    /// Structs that fields of the message use, in the order of their definition.
    package var structures: [Structure]
    package var versions: VersionRange
    /// The first version with compact types and tagged fields.
    package var flexibleFrom: Int?
}

/// What a caller must be allowed to do.
package struct AccessRule: Hashable, Sendable {
    package var resource: String
    package var operation: String
}

/// One file of `Protocol/apis`.
package struct APIDefinition: Hashable, Sendable {
    package var file: String
    package var name: String
    package var key: Int
    package var versions: VersionRange
    package var advertised: VersionRange
    package var flexibleFrom: Int?
    package var access: [AccessRule]
    package var errors: [String]
    package var errorsLine: Int
    package var request: Message
    package var response: Message
}

/// One file of `Protocol/records`.
package struct RecordDefinition: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// A key of a coordinator's log: an int16 type, then the fields.
        case key(Int)
        /// A value of a coordinator's log: an int16 version, then the fields.
        case value
        /// A value of the metadata log: frame version, type id and version as varints, then the fields.
        case metadata(Int)
    }

    package var file: String
    package var kind: Kind
    package var message: Message
}

/// One line of `errors.table`.
package struct ErrorDefinition: Hashable, Sendable {
    package var code: Int
    package var constant: String
    package var name: String
    package var isRetriable: Bool
    package var message: String
}

/// One line of `api-keys.table`.
package struct APIKeyDefinition: Hashable, Sendable {
    package var key: Int
    package var name: String
}

/// One entry of `configs.table`.
package struct ConfigEntry: Hashable, Sendable {
    package enum Constraint: Hashable, Sendable {
        case none
        case range(lower: String?, upper: String?)
        case oneOf([String])
    }

    package var scope: String
    package var name: String
    package var type: String
    package var defaultValue: String?
    package var constraint: Constraint
    /// How a broker config may change; nil for topic configs.
    package var update: String?
    /// Broker configs that give a topic config its default, strongest first.
    package var synonyms: [String]
    /// Kafka describes it only when it is set.
    package var isInternal = false
    /// Whether it changes what Twinlog does; topic configs do not say.
    package var acts = false
    /// The one value that is accepted of a config that does not act and whose other values would promise safety.
    package var onlyValue: String?
    package var documentation: String
    package var line: Int
}
