/// Why bytes could not be read as a Kafka message. Offsets of the fault are not kept: the connection is closed anyway.
package enum WireError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `needed` bytes were asked for and only `available` are left.
    case truncated(needed: Int, available: Int)
    /// A length or count below -1, or a null where the field may not be null.
    case negativeLength(Int)
    /// A null where this version of the message does not allow one.
    case unexpectedNull
    /// A count of elements that cannot fit into the bytes left.
    case countBeyondFrame(count: Int, available: Int)
    /// Arrays with more elements together than the reader was told to take.
    case tooManyElements
    /// A string that is not UTF-8.
    case invalidUTF8
    /// Bytes left after the last field.
    case trailingBytes(Int)
    /// A variable-length integer longer than its type allows.
    case varintTooLong
    /// A version of a message or stored record that we do not read.
    case unsupportedVersion(Int16)
    /// A byte that is neither null (-1) nor present (1) before an optional struct.
    case invalidPresence(Int8)
    /// A stored record of a type that we do not know.
    case unknownType(Int)

    package var description: String {
        switch self {
        case .truncated(let needed, let available): "\(needed) bytes are needed, \(available) are left"
        case .negativeLength(let length): "a length is \(length)"
        case .unexpectedNull: "a field is null that must not be"
        case .countBeyondFrame(let count, let available): "\(count) elements cannot fit into \(available) bytes"
        case .tooManyElements: "there are too many elements"
        case .invalidUTF8: "a string is not UTF-8"
        case .trailingBytes(let count): "\(count) bytes follow the last field"
        case .varintTooLong: "a variable-length integer is too long"
        case .unsupportedVersion(let version): "version \(version) is not supported"
        case .invalidPresence(let value): "\(value) says neither that a struct is there nor that it is null"
        case .unknownType(let type): "type \(type) is unknown"
        }
    }
}
