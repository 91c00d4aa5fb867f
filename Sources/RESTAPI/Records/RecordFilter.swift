import KafkaProtocol

/// Which records are wanted, by what they hold.
struct RecordFilter: Sendable {
    enum Test: Sendable {
        /// The text in UTF-8; in small letters when case does not matter.
        case substring([UInt8], matchesCase: Bool)
        case expression(RegularExpression)
        case path(JSONPath)
    }

    enum Part: String, Sendable, CaseIterable {
        case key, value, headers
    }

    /// Characters of a filter's text.
    static let longestText = 1_000

    let test: Test
    let parts: Set<Part>

    /// - Returns: nil without a filter.
    /// - Throws: 400 that says what is wrong with it, and where.
    init?(_ request: RESTRequest) throws(RESTError) {
        parts = try Self.parts(request.query["filter_in"])
        let type = request.query["filter_type"] ?? "substring"
        let matchesCase = try request.flag("case_sensitive", default: false)
        guard ["substring", "regex", "jsonpath"].contains(type) else {
            throw RecordQuery.wrong("filter_type", "must be substring, regex or jsonpath, not '\(type)'")
        }
        guard let text = request.query["filter"], !text.isEmpty else {
            return nil
        }
        guard text.unicodeScalars.count <= Self.longestText else {
            throw RecordQuery.wrong("filter", "must have at most \(Self.longestText) characters")
        }
        switch type {
        case "regex": test = .expression(try RegularExpression(text, ignoresCase: !matchesCase))
        case "jsonpath": test = .path(try JSONPath(text, ignoresCase: !matchesCase))
        default: test = .substring(Array((matchesCase ? text : text.lowercased()).utf8), matchesCase: matchesCase)
        }
    }

    private static func parts(_ text: String?) throws(RESTError) -> Set<Part> {
        guard let text, !text.isEmpty else {
            return Set(Part.allCases)
        }
        var parts: Set<Part> = []
        for name in text.split(separator: ",") {
            guard let part = Part(rawValue: String(name)) else {
                throw RecordQuery.wrong("filter_in", "is a list of key, value and headers; '\(name)' is none of them")
            }
            parts.insert(part)
        }
        return parts
    }
}

/// Looks at records for a ``RecordFilter``; belongs to one reading.
final class RecordMatcher {
    /// Bytes of a key, a value or a header that are looked at; what stands behind is not searched.
    static let searchedBytes = 4 << 20

    private let filter: RecordFilter
    private let expression: RegularExpressionMatcher?

    init(_ filter: RecordFilter) {
        self.filter = filter
        switch filter.test {
        case .expression(let expression): self.expression = RegularExpressionMatcher(expression)
        case .path(let path):
            if case .matches(let expression) = path.condition {
                self.expression = RegularExpressionMatcher(expression)
            } else {
                expression = nil
            }
        case .substring: expression = nil
        }
    }

    func matches(_ record: RecordView) -> Bool {
        if filter.parts.contains(.value), let value = record.value, matches(value) {
            return true
        }
        if filter.parts.contains(.key), let key = record.key, matches(key) {
            return true
        }
        guard filter.parts.contains(.headers), record.headerCount > 0 else {
            return false
        }
        return record.headers.contains { header in
            Array(header.key.utf8).withUnsafeBytes { matches($0) }
                || header.value.map { value in value.withUnsafeBytes { matches($0) } } ?? false
        }
    }

    private func matches(_ whole: UnsafeRawBufferPointer) -> Bool {
        let bytes = UnsafeRawBufferPointer(rebasing: whole.prefix(Self.searchedBytes))
        switch filter.test {
        case .substring(let text, let matchesCase): return Self.contains(bytes, text, matchesCase: matchesCase)
        case .expression: return expression?.matches(bytes) ?? false
        case .path(let path):
            guard let value = try? JSON.parse(Array(bytes)) else {
                return false
            }
            return path.matches(value, expression)
        }
    }

    /// - Parameter text: in small letters unless case matters.
    static func contains(_ bytes: UnsafeRawBufferPointer, _ text: [UInt8], matchesCase: Bool) -> Bool {
        guard !matchesCase, text.contains(where: { $0 >= 0x80 }) else {
            return text.withUnsafeBytes { find($0, in: bytes, mask: matchesCase ? 0 : 0x20) }
        }
        // Only the language knows the small letters of others than ASCII.
        let folded = Array(String(decoding: bytes, as: UTF8.self).lowercased().utf8)
        return folded.withUnsafeBytes { folded in text.withUnsafeBytes { find($0, in: folded, mask: 0) } }
    }

    /// - Parameter mask: the bit by which ASCII letters of both kinds differ, or 0.
    private static func find(_ text: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer, mask: UInt8) -> Bool {
        guard let first = text.first else {
            return true
        }
        guard bytes.count >= text.count else {
            return false
        }
        for start in 0...bytes.count - text.count where isEqual(bytes[start], first, mask) {
            var length = 1
            while length < text.count, isEqual(bytes[start + length], text[length], mask) {
                length += 1
            }
            if length == text.count {
                return true
            }
        }
        return false
    }

    @inline(__always)
    private static func isEqual(_ byte: UInt8, _ wanted: UInt8, _ mask: UInt8) -> Bool {
        byte == wanted
            || mask != 0 && byte | mask == wanted && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(wanted)
    }
}
