/// A route's path: literal segments and `{captures}`, as written in `Protocol/rest/openapi.yaml`.
package struct PathTemplate: Sendable, Equatable, CustomStringConvertible, ExpressibleByStringLiteral {
    enum Segment: Sendable, Equatable {
        case literal(String)
        case capture(String)
    }

    package let description: String
    let segments: [Segment]

    package init(stringLiteral value: String) {
        self.init(value)
    }

    package init(_ text: String) {
        description = text
        segments = text.split(separator: "/").map { part in
            part.first == "{" && part.last == "}"
                ? .capture(String(part.dropFirst().dropLast())) : .literal(String(part))
        }
    }

    /// The captured segments, or nil when the path is another one.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == segments.count else {
            return nil
        }
        var captures: [String: String] = [:]
        for (segment, part) in zip(segments, path) {
            switch segment {
            case .literal(let literal):
                guard literal == part else {
                    return nil
                }
            case .capture(let name):
                guard !part.isEmpty else {
                    return nil
                }
                captures[name] = part
            }
        }
        return captures
    }
}

/// Percent-encoding (RFC 3986) of path segments and query parts.
package enum PercentEncoding {
    /// nil when an escape is incomplete or the result is not UTF-8.
    package static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            switch source[index] {
            case UInt8(ascii: "%"):
                guard index + 2 < source.count, let high = hexValue(source[index + 1]),
                    let low = hexValue(source[index + 2])
                else {
                    return nil
                }
                bytes.append(high << 4 | low)
                index += 2
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            case let byte: bytes.append(byte)
            }
            index += 1
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Everything but unreserved characters is escaped, so the result is safe as a segment and in a query.
    package static func encode(_ text: some StringProtocol) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
