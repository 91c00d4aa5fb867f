/// A JSON document as schemas are written in: members keep their order, whole numbers stay whole. `//` and `/* */`
/// comments are skipped, as Avro's own parser does. It lives here, and not with the HTTP interface, because a record
/// generator must know nothing of HTTP and takes its schemas as text.
enum AvroSchemaJSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([AvroSchemaJSON])
    case object([Member])

    struct Member: Sendable, Hashable {
        let name: String
        let value: AvroSchemaJSON
    }

    init(parsing text: String) throws(AvroSchemaError) {
        var reader = AvroSchemaJSONReader(text)
        self = try reader.document()
    }

    /// The member of that name; nil for what is no object or has no such member.
    subscript(_ name: String) -> AvroSchemaJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number, whole or not.
    var decimal: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// What the value is, for messages.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "a whole number"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// What is wrong with a schema that was given as text.
package struct AvroSchemaError: Error, Hashable, CustomStringConvertible {
    /// Where in the schema (`orders.address.city`); empty for the text as a whole.
    package let path: String
    package let reason: String

    package var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}

private struct AvroSchemaJSONReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    private func failure(_ reason: String) -> AvroSchemaError {
        let line = 1 + bytes[..<min(position, bytes.count)].count { $0 == UInt8(ascii: "\n") }
        return AvroSchemaError(path: "", reason: "not JSON: \(reason) (line \(line))")
    }

    mutating func document() throws(AvroSchemaError) -> AvroSchemaJSON {
        guard bytes.count <= Limit.schemaText else {
            throw AvroSchemaError(path: "", reason: "the schema is longer than \(Limit.schemaText) bytes")
        }
        let value = try value(depth: 0)
        try skipSpace()
        if position < bytes.count { throw failure("something follows the end") }
        return value
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func follows(_ text: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        return bytes[position...].starts(with: wanted)
    }

    private mutating func skipSpace() throws(AvroSchemaError) {
        while let byte = current {
            if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
                position += 1
            } else if follows("//") {
                while position < bytes.count && bytes[position] != 0x0A { position += 1 }
            } else if follows("/*") {
                position += 2
                while !follows("*/") {
                    if position >= bytes.count { throw failure("a comment is not closed") }
                    position += 1
                }
                position += 2
            } else {
                return
            }
        }
    }

    private mutating func take(_ byte: UInt8) throws(AvroSchemaError) -> Bool {
        try skipSpace()
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(AvroSchemaError) -> AvroSchemaJSON {
        if depth > Limit.depth { throw failure("values are nested too deep") }
        try skipSpace()
        guard let byte = current else { throw failure("it ends too early") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default:
            let words: [(String, AvroSchemaJSON)] = [("null", .null), ("true", .bool(true)), ("false", .bool(false))]
            for (word, value) in words where bytes[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return value
            }
            throw failure("no value can begin with \(Character(Unicode.Scalar(byte)))")
        }
    }

    private mutating func object(depth: Int) throws(AvroSchemaError) -> AvroSchemaJSON {
        position += 1
        var members: [AvroSchemaJSON.Member] = []
        var names: Set<String> = []
        if try take(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            try skipSpace()
            guard current == UInt8(ascii: "\"") else { throw failure("a member's name must be a string") }
            let name = try string()
            guard names.insert(name).inserted else { throw failure("the member \"\(name)\" is there twice") }
            guard try take(UInt8(ascii: ":")) else { throw failure("a : must follow \"\(name)\"") }
            members.append(.init(name: name, value: try value(depth: depth + 1)))
        } while try take(UInt8(ascii: ","))
        guard try take(UInt8(ascii: "}")) else { throw failure("a , or } is missing") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(AvroSchemaError) -> AvroSchemaJSON {
        position += 1
        var elements: [AvroSchemaJSON] = []
        if try take(UInt8(ascii: "]")) { return .array([]) }
        repeat { elements.append(try value(depth: depth + 1)) } while try take(UInt8(ascii: ","))
        guard try take(UInt8(ascii: "]")) else { throw failure("a , or ] is missing") }
        return .array(elements)
    }

    private mutating func number() throws(AvroSchemaError) -> AvroSchemaJSON {
        let start = position
        while let byte = current, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let digits = text.drop { $0 == "-" }
        let wellFormed =
            !text.hasPrefix("--") && !text.hasSuffix(".") && !text.contains(".e") && !text.contains(".E")
            && digits.first?.isNumber == true && !(digits.hasPrefix("0") && digits.dropFirst().first?.isNumber == true)
        if wellFormed, let value = Int64(text) { return .integer(value) }
        guard wellFormed, let value = Double(text), value.isFinite else {
            throw failure("\(text) is no number")
        }
        return .number(value)
    }

    private mutating func string() throws(AvroSchemaError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += String(try escape()).utf8
            case 0..<0x20: throw failure("a control character stands in a string")
            default: text.append(byte)
            }
        }
        throw failure("a string is not closed")
    }

    private mutating func escape() throws(AvroSchemaError) -> Character {
        guard let byte = current else { throw failure("a string is not closed") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Character(Unicode.Scalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code), follows("\\u") {
                position += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw failure("half of a character is missing") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure("half of a character is missing") }
            return Character(scalar)
        default: throw failure("\\\(Character(Unicode.Scalar(byte))) is no escape")
        }
    }

    private mutating func hexadecimal() throws(AvroSchemaError) -> UInt32 {
        let digits = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
        guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit), let code = UInt32(digits, radix: 16) else {
            throw failure("four hexadecimal digits must follow \\u")
        }
        position += 4
        return code
    }
}
