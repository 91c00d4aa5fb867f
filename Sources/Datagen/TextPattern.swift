/// A regular expression that text is generated from: literals, classes, groups, alternatives and repetitions.
package struct TextPattern: Sendable {
    indirect enum Node: Sendable {
        /// One of these characters.
        case oneOf([Character])
        case sequence([Node])
        case alternatives([Node])
        case repeated(Node, least: Int, most: Int?)
    }

    let root: Node

    /// Text that the pattern matches; every number of repetitions and every character of a class is as likely as the
    /// others.
    /// - Parameter length: bounds that the parser found to be within reach; a pattern whose lengths leave gaps
    ///   (`(aa)*`) may miss them.
    func text(length: LengthBounds?, _ random: inout Randomness) -> String {
        var last = ""
        for _ in 0..<Self.attempts {
            var text = ""
            let bounds = length.map { $0.min...($0.max - 1) } ?? 0...Int.max
            root.append(to: &text, bounds, &random)
            last = text
            if bounds.contains(text.count) { break }
        }
        return last
    }

    /// How often a length in a gap of the pattern's lengths is tried anew.
    private static let attempts = 20

    /// The lengths that come into question, gaps not considered; `Int.max` where there is no upper bound.
    var lengths: ClosedRange<Int> { root.lengths }
}

extension TextPattern.Node {
    var lengths: ClosedRange<Int> {
        switch self {
        case .oneOf: return 1...1
        case .sequence(let parts): return Self.total(of: parts)
        case .alternatives(let choices):
            let all = choices.map { $0.lengths }
            return (all.map { $0.lowerBound }.min() ?? 0)...(all.map { $0.upperBound }.max() ?? 0)
        case .repeated(let part, let least, let most):
            let each = part.lengths
            guard each.upperBound > 0 else { return 0...0 }
            let highest = most.map { saturating(each.upperBound, times: $0) } ?? Int.max
            return saturating(each.lowerBound, times: least)...highest
        }
    }

    private static func total(of parts: some Sequence<TextPattern.Node>) -> ClosedRange<Int> {
        var least = 0
        var most = 0
        for part in parts {
            let lengths = part.lengths
            least = saturating(least, plus: lengths.lowerBound)
            most = saturating(most, plus: lengths.upperBound)
        }
        return least...most
    }

    /// Appends text of this node, its length within `wanted` where the node can do that.
    func append(to text: inout String, _ wanted: ClosedRange<Int>, _ random: inout Randomness) {
        switch self {
        case .oneOf(let characters): text.append(characters[random.index(below: characters.count)])
        case .sequence(let parts): Self.append(parts, to: &text, wanted, &random)
        case .alternatives(let choices):
            let fitting = choices.filter { $0.lengths.overlaps(wanted) }
            let candidates = fitting.isEmpty ? choices : fitting
            candidates[random.index(below: candidates.count)].append(to: &text, wanted, &random)
        case .repeated(let part, let least, let most):
            let counts = Self.counts(of: part.lengths, least: least, most: most, wanted)
            let count = counts.lowerBound + random.index(below: counts.count)
            Self.append(Array(repeating: part, count: count), to: &text, wanted, &random)
        }
    }

    /// Each part gets what the parts before it took and the parts behind it can take leave over.
    private static func append(
        _ parts: [Self], to text: inout String, _ wanted: ClosedRange<Int>, _ random: inout Randomness
    ) {
        var suffixes = [0...0]
        for part in parts.reversed() {
            let lengths = part.lengths
            let behind = suffixes[suffixes.count - 1]
            suffixes.append(
                saturating(lengths.lowerBound, plus: behind.lowerBound)...saturating(
                    lengths.upperBound, plus: behind.upperBound))
        }
        var least = wanted.lowerBound
        var most = wanted.upperBound
        for (index, part) in parts.enumerated() {
            let behind = suffixes[parts.count - 1 - index]
            let low = behind.upperBound == .max ? 0 : max(0, least - behind.upperBound)
            let high = most == .max ? Int.max : max(low, most - behind.lowerBound)
            let before = text.count
            part.append(to: &text, low...high, &random)
            let taken = text.count - before
            least = max(0, least - taken)
            if most != .max { most = max(0, most - taken) }
        }
    }

    /// How many repetitions can give a length within `wanted`.
    private static func counts(
        of each: ClosedRange<Int>, least: Int, most: Int?, _ wanted: ClosedRange<Int>
    ) -> ClosedRange<Int> {
        guard each.upperBound > 0 else { return least...least }
        let needed = each.upperBound == .max ? least : (wanted.lowerBound + each.upperBound - 1) / each.upperBound
        let lowest = Swift.max(least, Swift.min(needed, Limit.length))
        let open = lowest + Limit.openRepetitions
        var highest = most ?? open
        if wanted.upperBound != .max {
            let room = each.lowerBound > 0 ? wanted.upperBound / each.lowerBound : wanted.upperBound
            highest = Swift.min(most ?? room, room)
            if most == nil { highest = Swift.min(highest, Swift.max(open, Limit.openLength)) }
        }
        let floor = most.map { Swift.min(lowest, $0) } ?? lowest
        return floor...Swift.max(floor, highest)
    }
}

private func saturating(_ left: Int, plus right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
}

private func saturating(_ left: Int, times right: Int) -> Int {
    if right == 0 { return 0 }
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? .max : product
}
