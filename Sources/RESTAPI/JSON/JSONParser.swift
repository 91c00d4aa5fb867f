/// Why a text is not JSON.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    package let message: String
    /// Bytes from the beginning of the text.
    package let offset: Int

    package var description: String { "\(message) at byte \(offset)" }
}

extension JSON {
    /// Arrays and objects inside each other; more are refused, because parsing nests as deep.
    package static let maximumDepth = 64

    package static func parse(_ text: String) throws(JSONError) -> JSON {
        try parse(Array(text.utf8))
    }

    /// Reads one value and nothing after it. An object that holds a name twice is refused: readers differ on which
    /// counts.
    package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSON {
        var parser = JSONParser(bytes)
        let value = try parser.parseValue(depth: 0)
        parser.skipSpace()
        guard parser.atEnd else {
            throw parser.error("unexpected text after the value")
        }
        return value
    }
}

/// Recursive descent over UTF-8.
struct JSONParser {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var atEnd: Bool { position >= bytes.count }
    private var current: UInt8? { atEnd ? nil : bytes[position] }

    func error(_ message: String) -> JSONError {
        JSONError(message: message, offset: position)
    }

    mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    mutating func parseValue(depth: Int) throws(JSONError) -> JSON {
        guard depth <= JSON.maximumDepth else {
            throw error("nested too deeply")
        }
        skipSpace()
        guard let byte = current else {
            throw error("unexpected end")
        }
        switch byte {
        case UInt8(ascii: "{"): return try parseObject(depth)
        case UInt8(ascii: "["): return try parseArray(depth)
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        default: throw error("unexpected character")
        }
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let matches = word.withUTF8Buffer { bytes[position...].starts(with: $0) }
        guard matches else {
            throw error("unexpected character")
        }
        position += word.utf8CodeUnitCount
        return value
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: byte) else {
            return false
        }
        position += 1
        return true
    }

    private mutating func parseObject(_ depth: Int) throws(JSONError) -> JSON {
        position += 1
        var members: [JSON.Member] = []
        var names: Set<String> = []
        skipSpace()
        if take("}") {
            return .object(members)
        }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else {
                throw error("expected a name in quotes")
            }
            let start = position
            let name = try parseString()
            guard names.insert(name).inserted else {
                throw JSONError(message: "\"\(name)\" is given twice in one object", offset: start)
            }
            skipSpace()
            guard take(":") else {
                throw error("expected ':'")
            }
            members.append(JSON.Member(name, try parseValue(depth: depth + 1)))
            skipSpace()
            if take("}") {
                return .object(members)
            }
            guard take(",") else {
                throw error("expected ',' or '}'")
            }
        }
    }

    private mutating func parseArray(_ depth: Int) throws(JSONError) -> JSON {
        position += 1
        var elements: [JSON] = []
        skipSpace()
        if take("]") {
            return .array(elements)
        }
        while true {
            elements.append(try parseValue(depth: depth + 1))
            skipSpace()
            if take("]") {
                return .array(elements)
            }
            guard take(",") else {
                throw error("expected ',' or ']'")
            }
        }
    }

    // MARK: Numbers

    private mutating func parseNumber() throws(JSONError) -> JSON {
        let start = position
        var isInteger = true
        _ = take("-")
        if !take("0") {
            try skipDigits()
        }
        if take(".") {
            isInteger = false
            try skipDigits()
        }
        if take("e") || take("E") {
            isInteger = false
            _ = take("+") || take("-")
            try skipDigits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) {
            return .int(value)
        }
        guard let value = Double(text), value.isFinite else {
            throw error("number out of range")
        }
        return .double(value)
    }

    private mutating func skipDigits() throws(JSONError) {
        let start = position
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            position += 1
        }
        guard position > start else {
            throw error("expected a digit")
        }
    }

    // MARK: Strings

    private mutating func parseString() throws(JSONError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw error("string is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): try parseEscape(into: &text)
            case 0..<0x20: throw error("control character in a string")
            default: text.append(byte)
            }
        }
        throw error("unterminated string")
    }

    private mutating func parseEscape(into text: inout [UInt8]) throws(JSONError) {
        guard let byte = current else {
            throw error("unterminated string")
        }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try parseScalar()).utf8)
        default: throw error("unknown escape")
        }
    }

    /// The scalar of one `\u` escape, or of two that form a surrogate pair.
    private mutating func parseScalar() throws(JSONError) -> Character {
        let high = try parseHex()
        if let scalar = Unicode.Scalar(high) {
            return Character(scalar)
        }
        guard (0xD800..<0xDC00).contains(high), take("\\"), take("u") else {
            throw error("lone surrogate")
        }
        let low = try parseHex()
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        else {
            throw error("lone surrogate")
        }
        return Character(scalar)
    }

    private mutating func parseHex() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else {
            throw error("incomplete escape")
        }
        var value: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("incomplete escape")
            }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }
}
