/// A JSON value (RFC 8259) whose objects keep their order, so that answers and printed output read the way they were
/// written. Our own because it starts at once, needs no reflection, writes explicit nulls and bounds hostile input.
package enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object([Member])

    /// One name and its value.
    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: JSON

        package init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) {
        self = .string(value)
    }

    package init(integerLiteral value: Int64) {
        self = .int(value)
    }

    package init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    package init(arrayLiteral elements: JSON...) {
        self = .array(elements)
    }

    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }

    package init(nilLiteral: ()) {
        self = .null
    }
}

// MARK: - Reading fields

extension JSON {
    package init(_ value: some BinaryInteger) {
        self = .int(Int64(value))
    }

    package init(_ value: Bool) {
        self = .bool(value)
    }

    package init(_ value: String) {
        self = .string(value)
    }

    /// nil becomes null.
    package init(_ value: String?) {
        self = value.map { .string($0) } ?? .null
    }

    /// The member of that name; nil when it is absent or this is no object.
    package subscript(_ name: String) -> JSON? {
        guard case .object(let members) = self else {
            return nil
        }
        return members.last { $0.name == name }?.value
    }

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var int: Int64? {
        switch self {
        case .int(let value): value
        case .double(let value): Int64(exactly: value)
        default: nil
        }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    package var array: [JSON]? {
        if case .array(let value) = self { value } else { nil }
    }

    package var members: [Member]? {
        if case .object(let value) = self { value } else { nil }
    }

    package var isNull: Bool { self == .null }
}
