/// Why text cannot be generated from a regular expression.
package struct TextPatternError: Error, CustomStringConvertible, Hashable {
    package let description: String
}

extension TextPattern {
    /// Reads Java's and Avro random generator's syntax as far as text can be made from it. Anchors at the ends are
    /// accepted and mean nothing; look-arounds, back references and word boundaries are refused.
    package init(parsing text: String) throws(TextPatternError) {
        var parser = TextPatternParser(text)
        root = try parser.parse()
    }
}

private struct TextPatternParser {
    private let characters: [Character]
    private var position = 0
    private var depth = 0

    init(_ text: String) {
        characters = Array(text)
    }

    mutating func parse() throws(TextPatternError) -> TextPattern.Node {
        let node = try alternatives()
        if position < characters.count { throw failure("there is a ) without its (") }
        let (least, most) = (node.lengths.lowerBound, node.lengths.upperBound)
        if least > Limit.length || (most != .max && most > Limit.length) {
            throw failure("it makes text of more than \(Limit.length) characters")
        }
        return node
    }

    private func failure(_ reason: String) -> TextPatternError {
        TextPatternError(description: "regex \"\(String(characters))\": \(reason)")
    }

    private var current: Character? { position < characters.count ? characters[position] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard current == character else { return false }
        position += 1
        return true
    }

    private mutating func alternatives() throws(TextPatternError) -> TextPattern.Node {
        depth += 1
        defer { depth -= 1 }
        if depth > Limit.depth { throw failure("groups are nested too deep") }
        var choices = [try sequence()]
        while take("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .alternatives(choices)
    }

    private mutating func sequence() throws(TextPatternError) -> TextPattern.Node {
        var parts: [TextPattern.Node] = []
        while let character = current, character != "|", character != ")" {
            if character == "^" || character == "$" {
                let outermost = depth == 1
                let atStart = parts.isEmpty && character == "^"
                let atEnd = character == "$" && (position + 1 == characters.count || characters[position + 1] == "|")
                guard outermost && (atStart || atEnd) else { throw failure("\(character) stands in the middle") }
                position += 1
                continue
            }
            parts.append(try repetition(of: try atom()))
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func atom() throws(TextPatternError) -> TextPattern.Node {
        let character = characters[position]
        position += 1
        switch character {
        case "(": return try group()
        case "[": return .oneOf(try characterClass())
        case ".": return .oneOf(Self.printable)
        case "\\": return .oneOf(try escape())
        case "*", "+", "?", "{": throw failure("nothing stands before \(character)")
        default: return .oneOf([character])
        }
    }

    private mutating func group() throws(TextPatternError) -> TextPattern.Node {
        if take("?") {
            guard take(":") else { throw failure("only groups ( ) and (?: ) can be generated") }
        }
        let node = try alternatives()
        guard take(")") else { throw failure("a ( is not closed") }
        return node
    }

    private mutating func repetition(of atom: TextPattern.Node) throws(TextPatternError) -> TextPattern.Node {
        var node = atom
        while let character = current, "*+?{".contains(character) {
            position += 1
            switch character {
            case "*": node = .repeated(node, least: 0, most: nil)
            case "+": node = .repeated(node, least: 1, most: nil)
            case "?": node = .repeated(node, least: 0, most: 1)
            default: node = try counted(node)
            }
            // Lazy and possessive repetitions make the same text.
            if !take("?") { _ = take("+") }
        }
        return node
    }

    private mutating func counted(_ node: TextPattern.Node) throws(TextPatternError) -> TextPattern.Node {
        guard let least = try number() else { throw failure("{ must be followed by a number") }
        var most: Int? = least
        if take(",") { most = try number() }
        guard take("}") else { throw failure("a { is not closed") }
        if let most, most < least { throw failure("{\(least),\(most)} counts down") }
        return .repeated(node, least: least, most: most)
    }

    private mutating func number() throws(TextPatternError) -> Int? {
        var digits = ""
        while let character = current, ("0"..."9").contains(character) {
            digits.append(character)
            position += 1
        }
        guard !digits.isEmpty else { return nil }
        guard let value = Int(digits), value <= Limit.length else {
            throw failure("at most \(Limit.length) repetitions are possible")
        }
        return value
    }

    private mutating func characterClass() throws(TextPatternError) -> [Character] {
        let negated = take("^")
        var members: [Character] = []
        var first = true
        while first || current != "]" {
            first = false
            guard let character = current else { throw failure("a [ is not closed") }
            position += 1
            var low = [character]
            if character == "\\" { low = try escape() }
            if character == "[" || (character == "&" && current == "&") {
                throw failure("classes inside classes cannot be generated")
            }
            if low.count == 1, current == "-", position + 1 < characters.count, characters[position + 1] != "]" {
                position += 1
                members += try range(from: low[0])
            } else {
                members += low
            }
        }
        position += 1
        if negated {
            let excluded = Set(members)
            members = Self.printable.filter { !excluded.contains($0) }
        }
        if members.isEmpty { throw failure("a class has no printable character") }
        // Each character once: [aab] makes a as often as b.
        var seen: Set<Character> = []
        return members.filter { seen.insert($0).inserted }
    }

    private mutating func range(from low: Character) throws(TextPatternError) -> [Character] {
        var high = [characters[position]]
        position += 1
        if high[0] == "\\" { high = try escape() }
        guard high.count == 1, let first = Self.scalar(low), let last = Self.scalar(high[0]), first <= last else {
            throw failure("a range in a class runs backwards")
        }
        guard last - first <= 0xFFFF else { throw failure("a range in a class is too wide") }
        return (first...last).compactMap { Unicode.Scalar($0).map { Character($0) } }
    }

    private static func scalar(_ character: Character) -> UInt32? {
        let scalars = character.unicodeScalars
        return scalars.count == 1 ? scalars.first?.value : nil
    }

    /// The characters that the escape at the position (behind the backslash) stands for.
    private mutating func escape() throws(TextPatternError) -> [Character] {
        guard let character = current else { throw failure("it ends in a backslash") }
        position += 1
        switch character {
        case "d": return Self.digits
        case "D": return Self.printable.filter { !Self.digits.contains($0) }
        case "w": return Self.word
        case "W": return Self.printable.filter { !Self.word.contains($0) }
        case "s": return [" "]
        case "S": return Self.printable.filter { $0 != " " }
        case "t": return ["\t"]
        case "n": return ["\n"]
        case "r": return ["\r"]
        case "f": return ["\u{c}"]
        case "x": return [try hexadecimal(2)]
        case "u": return [try hexadecimal(4)]
        case "a"..."z", "A"..."Z", "0"..."9": throw failure("\\\(character) cannot be generated")
        default: return [character]
        }
    }

    private mutating func hexadecimal(_ count: Int) throws(TextPatternError) -> Character {
        let digits = String(characters[position..<min(position + count, characters.count)])
        guard digits.count == count, let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
            throw failure("\(count) hexadecimal digits must follow")
        }
        position += count
        return Character(scalar)
    }

    static let digits = Array("0123456789")
    static let word = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
    /// Printable ASCII, the space included: what stands for any character.
    static let printable = (UInt8(32)...126).map { Character(Unicode.Scalar($0)) }
}
