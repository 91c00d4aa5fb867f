import ArgumentParser

/// How keys and values are written in bytes, as far as that needs no Schema Registry.
enum RecordFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// As it is typed.
    case string
    /// Four bytes, unsigned, the least significant first.
    case integer
    /// Eight bytes, IEEE 754, the least significant first.
    case double

    func encode(_ text: [UInt8]) throws(CLIError) -> [UInt8] {
        switch self {
        case .string: return text
        case .integer:
            guard let value = UInt32(String(decoding: text, as: UTF8.self)) else {
                throw CLIError("\"\(String(decoding: text, as: UTF8.self))\" is no integer from 0 to \(UInt32.max)")
            }
            return RecordFormat.bytes(value)
        case .double:
            guard let value = Double(String(decoding: text, as: UTF8.self)) else {
                throw CLIError("\"\(String(decoding: text, as: UTF8.self))\" is no number")
            }
            return RecordFormat.bytes(value.bitPattern)
        }
    }

    /// What people read; bytes of another length than the format's stay as they are.
    func decode(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .integer where bytes.count == 4: Array("\(UInt32(truncatingIfNeeded: RecordFormat.number(bytes)))".utf8)
        case .double where bytes.count == 8: Array("\(Double(bitPattern: RecordFormat.number(bytes)))".utf8)
        default: bytes
        }
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private static func number(_ bytes: [UInt8]) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
