/// A generated value, in the kinds that Kafka Connect's data model has.
package indirect enum FieldValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// Avro's int and long.
    case int(Int64)
    case float(Float)
    case double(Double)
    case string(String)
    /// Avro's bytes and fixed.
    case bytes([UInt8])
    /// `unscaled × 10^-scale`.
    case decimal(unscaled: Int128, scale: Int)
    case array([FieldValue])
    /// Keys differ; the order is the one they were made in.
    case map([Member])
    case record([Member])

    package struct Member: Sendable, Hashable {
        package let name: String
        package let value: FieldValue

        package init(_ name: String, _ value: FieldValue) {
            self.name = name
            self.value = value
        }
    }
}

/// How Connect's JSON converter writes decimals (`decimal.format`).
package enum DecimalFormat: String, Sendable {
    /// The unscaled number's bytes in base64, the converter's default.
    case base64 = "BASE64"
    case numeric = "NUMERIC"
}

extension FieldValue {
    /// The value as JSON, decimals in base64.
    package var json: String {
        var text = ""
        appendJSON(to: &text, decimals: .base64)
        return text
    }

    /// Appends the value as Connect's JSON converter writes it without schemas.
    func appendJSON(to text: inout String, decimals: DecimalFormat) {
        switch self {
        case .null: text += "null"
        case .int(let value): text += String(value)
        case .float(let value): text += Self.javaText(value.description)
        case .double(let value): text += Self.javaText(value.description)
        case .bool(let value): text += value ? "true" : "false"
        case .string(let value): Self.appendQuoted(value, to: &text)
        case .bytes(let bytes): text += "\"" + Self.base64(bytes) + "\""
        case .decimal(let unscaled, let scale):
            if decimals == .numeric {
                text += Self.decimalText(unscaled, scale)
            } else {
                text += "\"" + Self.base64(Self.shortestTwosComplement(unscaled)) + "\""
            }
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.appendJSON(to: &text, decimals: decimals)
            }
            text += "]"
        case .map(let members), .record(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                Self.appendQuoted(member.name, to: &text)
                text += ":"
                member.value.appendJSON(to: &text, decimals: decimals)
            }
            text += "}"
        }
    }

    /// The value as Connect's string converter writes it: what Java's `toString` gives. Nil for null.
    package var plainText: String? {
        switch self {
        case .null: return nil
        case .string(let value): return value
        case .decimal(let unscaled, let scale): return Self.decimalText(unscaled, scale)
        case .bytes(let bytes): return Self.base64(bytes)
        case .array(let elements): return "[" + elements.map { $0.plainText ?? "null" }.joined(separator: ", ") + "]"
        case .map(let members):
            return "{" + members.map { "\($0.name)=\($0.value.plainText ?? "null")" }.joined(separator: ", ") + "}"
        case .record(let members):
            // A struct leaves out what is null.
            let present = members.compactMap { member in member.value.plainText.map { "\(member.name)=\($0)" } }
            return "Struct{" + present.joined(separator: ",") + "}"
        default: return json
        }
    }
}

// MARK: - Text of the parts

extension FieldValue {
    static func appendQuoted(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{8}": text += "\\b"
            case "\u{c}": text += "\\f"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16, uppercase: true)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    /// Java's way to write a floating-point number: plain from 0.001 up to 10 million, else with `E`.
    /// - Parameter description: Swift's way, which has the same shortest digits.
    static func javaText(_ description: String) -> String {
        var rest = Substring(description)
        let sign = rest.hasPrefix("-") ? "-" : ""
        rest = rest.drop { $0 == "-" }
        guard rest.first?.isNumber == true else { return "null" }  // JSON has no NaN and no infinity
        var exponent = 0
        if let mark = rest.firstIndex(of: "e") {
            exponent = Int(rest[rest.index(after: mark)...].drop { $0 == "+" }) ?? 0
            rest = rest[..<mark]
        }
        let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
        // `digits` with the point after the first `point` of them.
        var digits = String(parts[0]) + (parts.count > 1 ? String(parts[1]) : "")
        var point = parts[0].count + exponent
        let leading = digits.prefix { $0 == "0" }.count
        digits = String(digits.dropFirst(leading))
        point -= leading
        while digits.hasSuffix("0") { digits.removeLast() }
        guard !digits.isEmpty else { return sign + "0.0" }
        if point > -3 && point <= 7 {
            if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
            let whole = digits.prefix(point)
            let fraction = digits.dropFirst(point)
            let padding = String(repeating: "0", count: point - whole.count)
            return sign + whole + padding + "." + (fraction.isEmpty ? "0" : fraction)
        }
        let fraction = digits.dropFirst()
        return sign + digits.prefix(1) + "." + (fraction.isEmpty ? "0" : fraction) + "E\(point - 1)"
    }

    static func decimalText(_ unscaled: Int128, _ scale: Int) -> String {
        var digits = String(unscaled.magnitude)
        guard scale > 0 else { return (unscaled < 0 ? "-" : "") + digits }
        if digits.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.count) + digits }
        return (unscaled < 0 ? "-" : "") + digits.dropLast(scale) + "." + digits.suffix(scale)
    }

    /// The number that is nearest to `units × 10^-decimals`.
    static func number(units: Int128, decimals: Int) -> Double {
        Double(decimalText(units, decimals)) ?? 0
    }

    /// Big-endian two's complement in as few bytes as hold it, as a decimal's unscaled number is written.
    static func shortestTwosComplement(_ value: Int128) -> [UInt8] {
        var bytes = (0..<16).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        while bytes.count > 1 {
            let negative = bytes[1] >= 0x80
            guard bytes[0] == (negative ? 0xFF : 0) else { break }
            bytes.removeFirst()
        }
        return bytes
    }

    static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for (index, byte) in group.enumerated() { bits |= UInt32(byte) << (16 - 8 * UInt32(index)) }
            for index in 0..<4 {
                let sextet = Int(bits >> (18 - 6 * UInt32(index)) & 0x3F)
                text.append(index <= group.count ? alphabet[sextet] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
