/// A regular expression that takes time in proportion to the text, whatever the expression and the text are.
///
/// What is understood: characters, `.` (all but a line break), `[a-z]`, `[^a-z]`, `\d \w \s` and `\D \W \S`, `^` and
/// `$` (the whole text's ends), `\b \B`, `( )`, `(?: )`, `|`, `* + ? {n} {n,} {n,m}` (also lazy, which is the same when
/// only asked whether something matches), `\t \n \r \f \0 \xHH \uHHHH \x{H…}`, `\` before punctuation, and `(?i)` or
/// `(?s)` at the beginning: regardless of case, `.` matches line breaks too. Not understood, because no bound on time
/// could be kept: references to groups, and looking ahead or behind.
struct RegularExpression: Sendable {
    /// Characters of an expression.
    static let longestPattern = 1_000
    /// Instructions of its program: what repetitions with counts may multiply it to.
    static let largestProgram = 2_000

    enum Assertion: Sendable, Equatable {
        case start, end, wordBoundary, noWordBoundary
    }

    enum Instruction: Sendable, Equatable {
        /// Takes one character of the set, then goes on behind.
        case take(Int)
        case split(Int, Int)
        case jump(Int)
        case check(Assertion)
        case match
    }

    private(set) var program: [Instruction] = []
    private(set) var sets: [CharacterSet] = []

    /// - Parameter ignoresCase: as `(?i)` does.
    /// - Throws: 400 that says where the expression is wrong.
    init(_ pattern: String, ignoresCase: Bool = false) throws(RESTError) {
        var parser = RegularExpressionParser(pattern, ignoresCase: ignoresCase)
        let tree: RegularExpressionParser.Node
        do {
            tree = try parser.parse()
            try emit(tree)
            try append(.match)
        } catch {
            throw .badRequest("Regular expression, character \(error.position + 1): \(error.problem).")
        }
    }

    // MARK: Compiling

    private mutating func append(_ instruction: Instruction) throws(RegularExpressionParser.Failure) {
        guard program.count < Self.largestProgram else {
            throw RegularExpressionParser.Failure(problem: "the expression repeats too much", position: 0)
        }
        program.append(instruction)
    }

    private mutating func emit(_ node: RegularExpressionParser.Node) throws(RegularExpressionParser.Failure) {
        switch node {
        case .empty: break
        case .set(let set):
            let index = sets.firstIndex(of: set) ?? sets.count
            if index == sets.count {
                sets.append(set)
            }
            try append(.take(index))
        case .check(let assertion): try append(.check(assertion))
        case .sequence(let nodes):
            for node in nodes {
                try emit(node)
            }
        case .choice(let nodes): try emit(choice: nodes[...])
        case .repetition(let node, let least, let most):
            for _ in 0..<least {
                let start = program.count
                try emit(node)
                // What takes nothing is not repeated: nested counts would go on for ever.
                guard program.count > start else {
                    break
                }
            }
            if let most {
                try emit(node, atMost: most - least)
            } else {
                let start = program.count
                try append(.split(start + 1, 0))
                try emit(node)
                try append(.jump(start))
                program[start] = .split(start + 1, program.count)
            }
        }
    }

    private mutating func emit(
        choice nodes: ArraySlice<RegularExpressionParser.Node>
    ) throws(RegularExpressionParser.Failure) {
        guard let first = nodes.first else {
            return
        }
        guard nodes.count > 1 else {
            return try emit(first)
        }
        let start = program.count
        try append(.split(start + 1, 0))
        try emit(first)
        let end = program.count
        try append(.jump(0))
        program[start] = .split(start + 1, program.count)
        try emit(choice: nodes.dropFirst())
        program[end] = .jump(program.count)
    }

    /// Up to `count` times.
    private mutating func emit(
        _ node: RegularExpressionParser.Node, atMost count: Int
    ) throws(RegularExpressionParser.Failure) {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(program.count)
            try append(.split(program.count + 1, 0))
            try emit(node)
        }
        for split in splits {
            program[split] = .split(split + 1, program.count)
        }
    }
}

/// Characters, by ranges of their scalars' numbers.
struct CharacterSet: Sendable, Equatable {
    var ranges: [ClosedRange<UInt32>] = []
    var isNegated = false
    var ignoresCase = false

    func contains(_ scalar: UInt32) -> Bool {
        var isIn = has(scalar)
        if !isIn, ignoresCase, let character = Unicode.Scalar(scalar) {
            let properties = character.properties
            for text in [properties.lowercaseMapping, properties.uppercaseMapping] where !isIn {
                let scalars = text.unicodeScalars
                isIn = scalars.count == 1 && scalars.first.map { has($0.value) } ?? false
            }
        }
        return isIn != isNegated
    }

    private func has(_ scalar: UInt32) -> Bool {
        ranges.contains { $0.contains(scalar) }
    }

    static let digits = CharacterSet(ranges: [0x30...0x39])
    static let word = CharacterSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let space = CharacterSet(ranges: [0x09...0x0D, 0x20...0x20, 0x85...0x85, 0xA0...0xA0, 0x2028...0x2029])
    static let any = CharacterSet(ranges: [0...0x10FFFF])
    static let anyButLineBreak = CharacterSet(ranges: [0x0A...0x0A, 0x0D...0x0D], isNegated: true)

    /// The ranges of all that is not in these.
    var inverse: [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next {
                result.append(next...range.lowerBound - 1)
            }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10FFFF {
            result.append(next...0x10FFFF)
        }
        return result
    }
}
