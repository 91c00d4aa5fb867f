import KafkaProtocol

/// A path into a JSON value, with or without a condition on what is found there: `$.order.items[0].price > 12`.
///
/// Steps: `.name`, `['name']`, `[0]` (negative ones count from the end), `[*]` and `.*` (all of them). Conditions:
/// `==`, `!=`, `<`, `<=`, `>`, `>=` with a string in quotes, a number, `true`, `false` or `null`, and `=~` with a
/// regular expression; without one the path has to exist. Of several values that a path finds, one is enough.
struct JSONPath: Sendable {
    enum Step: Sendable, Equatable {
        case name(String)
        case index(Int)
        case all
    }

    enum Condition: Sendable {
        case exists
        case compare(Comparison, JSON)
        case matches(RegularExpression)
    }

    enum Comparison: String, Sendable, CaseIterable {
        // Longer ones first: they begin like shorter ones.
        case equal = "=="
        case notEqual = "!="
        case atMost = "<="
        case atLeast = ">="
        case less = "<"
        case more = ">"
    }

    let steps: [Step]
    let condition: Condition

    /// - Throws: 400 that says where the text is wrong.
    init(_ text: String, ignoresCase: Bool) throws(RESTError) {
        var parser = JSONPathParser(text)
        steps = try parser.parseSteps()
        condition = try parser.parseCondition(ignoresCase: ignoresCase)
    }

    /// The values that the path finds.
    func values(in root: JSON) -> [JSON] {
        var values = [root]
        for step in steps {
            values = values.flatMap { Self.follow(step, $0) }
        }
        return values
    }

    private static func follow(_ step: Step, _ value: JSON) -> [JSON] {
        switch step {
        case .name(let name): return value[name].map { [$0] } ?? []
        case .all: return value.array ?? value.members?.map(\.value) ?? []
        case .index(let index):
            guard let array = value.array else {
                return []
            }
            let place = index < 0 ? array.count +| index : index
            return array.indices.contains(place) ? [array[place]] : []
        }
    }

    /// - Parameter matcher: of the condition's regular expression.
    func matches(_ root: JSON, _ matcher: RegularExpressionMatcher?) -> Bool {
        let values = values(in: root)
        switch condition {
        case .exists: return !values.isEmpty
        case .compare(let comparison, let other): return values.contains { Self.compare($0, comparison, other) }
        case .matches:
            return values.contains { value in
                let text = value.string ?? value.text()
                return Array(text.utf8).withUnsafeBytes { matcher?.matches($0) ?? false }
            }
        }
    }

    private static func compare(_ value: JSON, _ comparison: Comparison, _ other: JSON) -> Bool {
        switch comparison {
        case .equal: return isEqual(value, other)
        case .notEqual: return !isEqual(value, other)
        case .less, .atMost, .more, .atLeast: break
        }
        if let left = number(value), let right = number(other) {
            return holds(comparison, left, right)
        }
        if let left = value.string, let right = other.string {
            return holds(comparison, left, right)
        }
        return false
    }

    private static func holds<T: Comparable>(_ comparison: Comparison, _ left: T, _ right: T) -> Bool {
        switch comparison {
        case .less: left < right
        case .atMost: left <= right
        case .more: left > right
        case .atLeast: left >= right
        case .equal: left == right
        case .notEqual: left != right
        }
    }

    private static func isEqual(_ left: JSON, _ right: JSON) -> Bool {
        if case .int(let left) = left, case .int(let right) = right {
            return left == right
        }
        if let left = number(left), let right = number(right) {
            return left == right
        }
        return left == right
    }

    private static func number(_ value: JSON) -> Double? {
        switch value {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
}

/// Reads a ``JSONPath``.
private struct JSONPathParser {
    private static let mostSteps = 64

    private let text: [Character]
    private var position = 0

    init(_ text: String) {
        self.text = Array(text)
    }

    private var current: Character? { position < text.count ? text[position] : nil }

    private func failure(_ problem: String) -> RESTError {
        .badRequest("JSON path, character \(position + 1): \(problem).")
    }

    private mutating func skipSpace() {
        while current?.isWhitespace == true {
            position += 1
        }
    }

    mutating func parseSteps() throws(RESTError) -> [JSONPath.Step] {
        skipSpace()
        guard current == "$" else {
            throw failure("it begins with '$'")
        }
        position += 1
        var steps: [JSONPath.Step] = []
        while let character = current, character == "." || character == "[" {
            guard steps.count < Self.mostSteps else {
                throw failure("more than \(Self.mostSteps) steps")
            }
            position += 1
            steps.append(character == "." ? try parseName() : try parseBracket())
        }
        return steps
    }

    private mutating func parseName() throws(RESTError) -> JSONPath.Step {
        if current == "*" {
            position += 1
            return .all
        }
        let start = position
        while let character = current, !character.isWhitespace, !".[]=!<>'\"*".contains(character) {
            position += 1
        }
        guard position > start else {
            throw failure("a name is missing")
        }
        return .name(String(text[start..<position]))
    }

    private mutating func parseBracket() throws(RESTError) -> JSONPath.Step {
        skipSpace()
        let step: JSONPath.Step
        if current == "*" {
            position += 1
            step = .all
        } else if current == "'" || current == "\"" {
            step = .name(try parseQuoted())
        } else {
            let start = position
            while let character = current, character == "-" || character.isASCII && character.isNumber {
                position += 1
            }
            guard let index = Int(String(text[start..<position])) else {
                position = start
                throw failure("a number, a name in quotes or * belongs between brackets")
            }
            step = .index(index)
        }
        skipSpace()
        guard current == "]" else {
            throw failure("']' is missing")
        }
        position += 1
        return step
    }

    /// A text in quotes of either kind; a backslash takes the next character as it is.
    private mutating func parseQuoted() throws(RESTError) -> String {
        let start = position
        let quote = text[position]
        position += 1
        var result = ""
        while let character = current {
            position += 1
            if character == quote {
                return result
            }
            if character == "\\", let next = current {
                position += 1
                result.append(next)
            } else {
                result.append(character)
            }
        }
        position = start
        throw failure("the quote is not closed")
    }

    mutating func parseCondition(ignoresCase: Bool) throws(RESTError) -> JSONPath.Condition {
        skipSpace()
        guard current != nil else {
            return .exists
        }
        let rest = String(text[position...].prefix(2))
        if rest == "=~" {
            position += 2
            return try parseExpression(ignoresCase)
        }
        guard let comparison = JSONPath.Comparison.allCases.first(where: { rest.hasPrefix($0.rawValue) }) else {
            throw failure("==, !=, <, <=, >, >= or =~ was expected")
        }
        position += comparison.rawValue.count
        skipSpace()
        let value: JSON
        if current == "'" || current == "\"" {
            value = .string(try parseQuoted())
            skipSpace()
            guard current == nil else {
                throw failure("something follows the text in quotes")
            }
        } else {
            let literal = String(text[position...])
            guard let parsed = try? JSON.parse(literal), parsed.array == nil, parsed.members == nil else {
                throw failure("a text in quotes, a number, true, false or null was expected")
            }
            value = parsed
        }
        return .compare(comparison, value)
    }

    private mutating func parseExpression(_ ignoresCase: Bool) throws(RESTError) -> JSONPath.Condition {
        skipSpace()
        guard current != nil else {
            throw failure("a regular expression is missing")
        }
        var end = text.count
        while end > position, text[end - 1].isWhitespace {
            end -= 1
        }
        var pattern = String(text[position..<end])
        for quote in ["/", "\"", "'"] where pattern.count > 1 && pattern.hasPrefix(quote) && pattern.hasSuffix(quote) {
            pattern = String(pattern.dropFirst().dropLast())
            break
        }
        return .matches(try RegularExpression(pattern, ignoresCase: ignoresCase))
    }
}
