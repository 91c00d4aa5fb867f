/// Text from elsewhere as a terminal may show it: it can move nothing, colour nothing and hide nothing.
enum TerminalText {
    /// The text with every character that a terminal would act upon written as an escape: `\x1b`, `\r`, `\u{202e}`.
    ///
    /// - Parameter keepsLines: leaves ends of lines and tabs as they are.
    static func escape(_ text: String, keepsLines: Bool = false) -> String {
        guard text.unicodeScalars.contains(where: { isActive($0, keepsLines) }) else {
            return text
        }
        var result = ""
        for scalar in text.unicodeScalars {
            if isActive(scalar, keepsLines) {
                result += name(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Bytes of a record; those that are no UTF-8 appear as `\xff`. Ends of lines and tabs stay.
    static func escape(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) {
            return escape(text, keepsLines: true)
        }
        var result = ""
        var rest = bytes[...]
        while let first = rest.first {
            var iterator = rest.makeIterator()
            var parser = Unicode.UTF8.ForwardParser()
            if case .valid(let encoded) = parser.parseScalar(from: &iterator) {
                result += escape(String(Unicode.UTF8.decode(encoded)), keepsLines: true)
                rest = rest.dropFirst(encoded.count)
            } else {
                result += hexadecimal(UInt32(first))
                rest = rest.dropFirst()
            }
        }
        return result
    }

    private static func isActive(_ scalar: Unicode.Scalar, _ keepsLines: Bool) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: !keepsLines
        case 0x00...0x1F, 0x7F...0x9F: true
        // Marks that turn the direction of what follows, and separators that terminals take for ends of lines.
        case 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    private static func name(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default:
            scalar.value < 0x100 ? hexadecimal(scalar.value) : "\\u{\(String(scalar.value, radix: 16))}"
        }
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        "\\x" + (value < 16 ? "0" : "") + String(value, radix: 16)
    }
}
