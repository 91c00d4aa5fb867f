/// Runs a ``RegularExpression`` over texts: all ways that it could match at once, a character at a time (Thompson's
/// construction). Which characters lead from one set of ways to another is remembered, so that most characters cost one
/// look into a table.
final class RegularExpressionMatcher {
    /// What stands before the next character.
    private enum Before: UInt8 {
        case nothing, word, other
    }

    private struct Key: Hashable {
        /// Where the ways are, ordered.
        let ways: [Int]
        let before: Before
    }

    private struct State {
        let key: Key
        /// By ASCII character: the state behind, or one of the two below.
        var next = [Int32](repeating: RegularExpressionMatcher.unknown, count: 128)
        var matchesAtEnd: Bool?
    }

    private static let unknown: Int32 = -1
    private static let matched: Int32 = -2
    /// States that are remembered; beyond that all are forgotten.
    private static let mostStates = 500

    private let expression: RegularExpression
    private var states: [State] = []
    private var numbers: [Key: Int32] = [:]
    /// When each instruction was last visited, by walk.
    private var visited: [Int]
    private var walk = 0

    init(_ expression: RegularExpression) {
        self.expression = expression
        visited = [Int](repeating: 0, count: expression.program.count)
    }

    /// Whether the expression matches anywhere in a text of UTF-8; bytes that are none count as U+FFFD.
    func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        var state = number(of: Key(ways: [], before: .nothing))
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte < 0x80 {
                position += 1
                let known = states[Int(state)].next[Int(byte)]
                if known >= 0 {
                    state = known
                    continue
                }
                guard known == Self.unknown else {
                    return true
                }
                let (key, next) = (states[Int(state)].key, follow(state, UInt32(byte)))
                // What was forgotten meanwhile may have another number.
                if next == Self.matched || states.count > Int(state) && states[Int(state)].key == key {
                    states[Int(state)].next[Int(byte)] = next
                }
                state = next
            } else {
                state = follow(state, Self.scalar(text, &position))
            }
            guard state != Self.matched else {
                return true
            }
        }
        return matchesAtEnd(state)
    }

    private func matchesAtEnd(_ state: Int32) -> Bool {
        if let known = states[Int(state)].matchesAtEnd {
            return known
        }
        let result = consuming(states[Int(state)].key, next: nil) == nil
        states[Int(state)].matchesAtEnd = result
        return result
    }

    private func number(of key: Key) -> Int32 {
        if let known = numbers[key] {
            return known
        }
        if states.count >= Self.mostStates {
            states = []
            numbers = [:]
        }
        let number = Int32(states.count)
        states.append(State(key: key))
        numbers[key] = number
        return number
    }

    private func follow(_ state: Int32, _ scalar: UInt32) -> Int32 {
        guard let ways = consuming(states[Int(state)].key, next: scalar) else {
            return Self.matched
        }
        var targets: [Int] = []
        for way in ways {
            if case .take(let set) = expression.program[way], expression.sets[set].contains(scalar) {
                targets.append(way + 1)
            }
        }
        return number(of: Key(ways: targets.sorted(), before: Self.isWord(scalar) ? .word : .other))
    }

    /// The instructions that take a character and are reached from a state before `next`, the text's end when nil; nil
    /// once the whole expression matched.
    private func consuming(_ key: Key, next: UInt32?) -> [Int]? {
        walk += 1
        var found: [Int] = []
        // A match may begin everywhere.
        var pending = key.ways + [0]
        while let way = pending.popLast() {
            guard visited[way] != walk else {
                continue
            }
            visited[way] = walk
            switch expression.program[way] {
            case .take: found.append(way)
            case .split(let first, let second): pending += [second, first]
            case .jump(let target): pending.append(target)
            case .check(let assertion):
                if holds(assertion, key.before, next) {
                    pending.append(way + 1)
                }
            case .match: return nil
            }
        }
        return found
    }

    private func holds(_ assertion: RegularExpression.Assertion, _ before: Before, _ next: UInt32?) -> Bool {
        let isBoundary = (before == .word) != (next.map { Self.isWord($0) } ?? false)
        return switch assertion {
        case .start: before == .nothing
        case .end: next == nil
        case .wordBoundary: isBoundary
        case .noWordBoundary: !isBoundary
        }
    }

    private static func isWord(_ scalar: UInt32) -> Bool {
        CharacterSet.word.contains(scalar)
    }

    /// One character that is not ASCII.
    private static func scalar(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> UInt32 {
        let first = UInt32(text[position])
        position += 1
        let (count, least): (Int, UInt32)
        var value: UInt32
        switch first {
        case 0xC2...0xDF: (count, least, value) = (1, 0x80, first & 0x1F)
        case 0xE0...0xEF: (count, least, value) = (2, 0x800, first & 0x0F)
        case 0xF0...0xF4: (count, least, value) = (3, 0x10000, first & 0x07)
        default: return 0xFFFD
        }
        guard position + count <= text.count else {
            return 0xFFFD
        }
        for index in position..<position + count {
            guard text[index] & 0xC0 == 0x80 else {
                return 0xFFFD
            }
            value = value << 6 | UInt32(text[index] & 0x3F)
        }
        guard value >= least, Unicode.Scalar(value) != nil else {
            return 0xFFFD
        }
        position += count
        return value
    }
}
