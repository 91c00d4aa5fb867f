/// Reads a regular expression; see ``RegularExpression`` for what is understood.
struct RegularExpressionParser {
    indirect enum Node {
        case empty
        case set(CharacterSet)
        case check(RegularExpression.Assertion)
        case sequence([Node])
        case choice([Node])
        case repetition(Node, least: Int, most: Int?)
    }

    /// What is wrong, and at which character, from 0.
    struct Failure: Error, CustomStringConvertible {
        let problem: String
        let position: Int

        var description: String { "\(problem), at character \(position)" }
    }

    /// Groups inside each other.
    private static let deepest = 50
    /// The largest count of a repetition.
    private static let largestCount = 1_000

    private let text: [Unicode.Scalar]
    private var position = 0
    private var ignoresCase: Bool
    private var matchesLineBreaks = false

    init(_ pattern: String, ignoresCase: Bool) {
        text = Array(pattern.unicodeScalars)
        self.ignoresCase = ignoresCase
    }

    private var current: Unicode.Scalar? { position < text.count ? text[position] : nil }

    private func failure(_ problem: String, at position: Int? = nil) -> Failure {
        Failure(problem: problem, position: position ?? self.position)
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else {
            return false
        }
        position += 1
        return true
    }

    mutating func parse() throws(Failure) -> Node {
        guard text.count <= RegularExpression.longestPattern else {
            throw failure(
                "more than \(RegularExpression.longestPattern) characters", at: RegularExpression.longestPattern)
        }
        try parseFlags()
        let node = try parseChoice(depth: 0)
        guard position == text.count else {
            throw failure("a ')' without its '('")
        }
        return node
    }

    private mutating func parseFlags() throws(Failure) {
        guard text.count > 3, text[0] == "(", text[1] == "?", text[2] == "i" || text[2] == "s" else {
            return
        }
        position = 2
        while let flag = current, flag != ")" {
            switch flag {
            case "i": ignoresCase = true
            case "s": matchesLineBreaks = true
            default: throw failure("'\(flag)' is no flag: there are i and s")
            }
            position += 1
        }
        guard take(")") else {
            throw failure("a '(' without its ')'", at: 0)
        }
    }

    private mutating func parseChoice(depth: Int) throws(Failure) -> Node {
        guard depth <= Self.deepest else {
            throw failure("more than \(Self.deepest) groups inside each other")
        }
        var choices = [try parseSequence(depth)]
        while take("|") {
            choices.append(try parseSequence(depth))
        }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func parseSequence(_ depth: Int) throws(Failure) -> Node {
        var nodes: [Node] = []
        while let scalar = current, scalar != "|", scalar != ")" {
            let start = position
            let node = try parseItem(depth)
            nodes.append(try parseRepetition(node, at: start))
        }
        return nodes.isEmpty ? .empty : .sequence(nodes)
    }

    private mutating func parseItem(_ depth: Int) throws(Failure) -> Node {
        let start = position
        guard let scalar = current else {
            return .empty
        }
        position += 1
        switch scalar {
        case "(":
            if take("?"), !take(":") {
                throw failure("only groups '(?:…)' are understood: nothing looks ahead or behind", at: start)
            }
            let node = try parseChoice(depth: depth + 1)
            guard take(")") else {
                throw failure("a '(' without its ')'", at: start)
            }
            return node
        case "[": return .set(try parseSet(start))
        case ".": return .set(matchesLineBreaks ? .any : .anyButLineBreak)
        case "^": return .check(.start)
        case "$": return .check(.end)
        case "*", "+", "?": throw failure("nothing stands before '\(scalar)' that it could repeat", at: start)
        case "{": return literal(scalar)
        case "\\": return try parseEscape(start)
        default: return literal(scalar)
        }
    }

    private func literal(_ scalar: Unicode.Scalar) -> Node {
        .set(CharacterSet(ranges: [scalar.value...scalar.value], ignoresCase: ignoresCase))
    }

    // MARK: Repetitions

    private mutating func parseRepetition(_ node: Node, at start: Int) throws(Failure) -> Node {
        var node = node
        while let scalar = current {
            let place = position
            switch scalar {
            case "*":
                position += 1
                node = .repetition(node, least: 0, most: nil)
            case "+":
                position += 1
                node = .repetition(node, least: 1, most: nil)
            case "?":
                position += 1
                node = .repetition(node, least: 0, most: 1)
            case "{":
                guard let (least, most) = try parseCounts() else {
                    return node
                }
                node = .repetition(node, least: least, most: most)
            default: return node
            }
            // Lazy ones find the same; a second repetition is refused, as it is a mistake nearly always.
            _ = take("?")
            if let next = current, next == "*" || next == "+" {
                throw failure("nothing stands before '\(next)' that it could repeat", at: place + 1)
            }
        }
        return node
    }

    /// `{n}`, `{n,}` or `{n,m}`; nil, and nothing read, for a brace that is none.
    private mutating func parseCounts() throws(Failure) -> (least: Int, most: Int?)? {
        let start = position
        position += 1
        guard let least = parseNumber() else {
            position = start
            return nil
        }
        var most: Int? = least
        if take(",") {
            most = parseNumber()
        }
        guard take("}") else {
            position = start
            return nil
        }
        guard least <= Self.largestCount, most ?? 0 <= Self.largestCount, most.map({ $0 >= least }) ?? true else {
            throw failure("counts are from 0 to \(Self.largestCount), the smaller one first", at: start)
        }
        return (least, most)
    }

    private mutating func parseNumber() -> Int? {
        let start = position
        while let scalar = current, ("0"..."9").contains(scalar), position - start < 6 {
            position += 1
        }
        return position == start ? nil : Int(String(String.UnicodeScalarView(text[start..<position])))
    }

    // MARK: Escapes and sets

    private mutating func parseEscape(_ start: Int) throws(Failure) -> Node {
        guard let scalar = current else {
            throw failure("a '\\' at the end", at: start)
        }
        switch scalar {
        case "b":
            position += 1
            return .check(.wordBoundary)
        case "B":
            position += 1
            return .check(.noWordBoundary)
        default: break
        }
        if let set = namedSet(scalar) {
            position += 1
            return .set(set)
        }
        return literal(try parseEscapedScalar(start))
    }

    private func namedSet(_ scalar: Unicode.Scalar) -> CharacterSet? {
        switch scalar {
        case "d": .digits
        case "w": .word
        case "s": .space
        case "D": CharacterSet(ranges: CharacterSet.digits.inverse)
        case "W": CharacterSet(ranges: CharacterSet.word.inverse)
        case "S": CharacterSet(ranges: CharacterSet.space.inverse)
        default: nil
        }
    }

    /// What stands behind a backslash.
    private mutating func parseEscapedScalar(_ start: Int) throws(Failure) -> Unicode.Scalar {
        guard let scalar = current else {
            throw failure("a '\\' at the end", at: start)
        }
        position += 1
        switch scalar {
        case "t": return "\t"
        case "n": return "\n"
        case "r": return "\r"
        case "f": return "\u{0C}"
        case "0": return "\0"
        case "x":
            if take("{") {
                let value = try parseHex(1...6, start)
                guard take("}") else {
                    throw failure("'\\x{' without '}'", at: start)
                }
                return value
            }
            return try parseHex(2...2, start)
        case "u": return try parseHex(4...4, start)
        case "1"..."9": throw failure("references to groups are not understood", at: start)
        case "a"..."z", "A"..."Z": throw failure("'\\\(scalar)' is not understood", at: start)
        default: return scalar
        }
    }

    private mutating func parseHex(_ counts: ClosedRange<Int>, _ start: Int) throws(Failure) -> Unicode.Scalar {
        var value: UInt32 = 0
        var count = 0
        while count < counts.upperBound, let digit = current.flatMap({ Character($0).hexDigitValue }) {
            value = value << 4 | UInt32(digit)
            position += 1
            count += 1
        }
        guard counts.contains(count), let scalar = Unicode.Scalar(value) else {
            throw failure("an escape that names no character", at: start)
        }
        return scalar
    }

    private mutating func parseSet(_ start: Int) throws(Failure) -> CharacterSet {
        var set = CharacterSet(ignoresCase: ignoresCase)
        set.isNegated = take("^")
        var isFirst = true
        while let scalar = current, scalar != "]" || isFirst {
            isFirst = false
            let place = position
            position += 1
            if scalar == "\\", let named = current.flatMap({ namedSet($0) }) {
                position += 1
                set.ranges += named.ranges
                continue
            }
            let low = scalar == "\\" ? try parseEscapedScalar(place) : scalar
            guard current == "-", position + 1 < text.count, text[position + 1] != "]" else {
                set.ranges.append(low.value...low.value)
                continue
            }
            position += 1
            let next = text[position]
            position += 1
            let high = next == "\\" ? try parseEscapedScalar(place) : next
            guard low.value <= high.value else {
                throw failure("a range whose end comes before its beginning", at: place)
            }
            set.ranges.append(low.value...high.value)
        }
        guard take("]") else {
            throw failure("a '[' without its ']'", at: start)
        }
        return set
    }
}
