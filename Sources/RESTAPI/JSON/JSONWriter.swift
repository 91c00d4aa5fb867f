extension JSON {
    /// The text of the value.
    ///
    /// - Parameter pretty: two spaces of indentation, one member a line.
    package func text(pretty: Bool = false) -> String {
        var writer = JSONWriter(pretty: pretty)
        writer.write(self, depth: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// UTF-8, without white space.
    package func encoded() -> [UInt8] {
        var writer = JSONWriter(pretty: false)
        writer.write(self, depth: 0)
        return writer.bytes
    }
}

/// Writes JSON as UTF-8.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    let pretty: Bool

    init(pretty: Bool) {
        self.pretty = pretty
    }

    mutating func write(_ value: JSON, depth: Int) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .int(let value): append(String(value))
        case .double(let value): append(value.isFinite ? "\(value)" : "null")
        case .string(let value): writeString(value)
        case .array(let elements):
            open("[")
            for (index, element) in elements.enumerated() {
                separate(index, depth + 1)
                write(element, depth: depth + 1)
            }
            close("]", isEmpty: elements.isEmpty, depth)
        case .object(let members):
            open("{")
            for (index, member) in members.enumerated() {
                separate(index, depth + 1)
                writeString(member.name)
                append(pretty ? ": " : ":")
                write(member.value, depth: depth + 1)
            }
            close("}", isEmpty: members.isEmpty, depth)
        }
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func open(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
    }

    private mutating func separate(_ index: Int, _ depth: Int) {
        if index > 0 {
            bytes.append(UInt8(ascii: ","))
        }
        breakLine(depth)
    }

    private mutating func close(_ bracket: Unicode.Scalar, isEmpty: Bool, _ depth: Int) {
        if !isEmpty {
            breakLine(depth)
        }
        bytes.append(UInt8(ascii: bracket))
    }

    private mutating func breakLine(_ depth: Int) {
        guard pretty else {
            return
        }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func writeString(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x08: append("\\b")
            case 0x09: append("\\t")
            case 0x0A: append("\\n")
            case 0x0C: append("\\f")
            case 0x0D: append("\\r")
            case 0..<0x20:
                append("\\u00")
                bytes.append(JSONWriter.hexDigits[Int(byte >> 4)])
                bytes.append(JSONWriter.hexDigits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}
