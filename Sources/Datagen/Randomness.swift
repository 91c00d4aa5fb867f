/// SplitMix64: small, fast, and the same everywhere. Not for secrets. Draws are made here and not by the standard
/// library, whose ways of drawing may change and our records with them.
struct Randomness: Sendable {
    private var state: UInt64

    /// A stream of its own for each place of each task's sequence.
    init(seed: UInt64, task: Int, iteration: Int64) {
        var mixer = Randomness(state: seed)
        mixer.state ^= Randomness(state: UInt64(bitPattern: Int64(task))).peek
        _ = mixer.next()
        mixer.state ^= Randomness(state: UInt64(bitPattern: iteration)).peek
        _ = mixer.next()
        self = mixer
    }

    private init(state: UInt64) {
        self.state = state
    }

    private var peek: UInt64 {
        var copy = self
        return copy.next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 up to, not including, `count`; uniform.
    mutating func index(below count: Int) -> Int {
        Int(below(UInt64(count)))
    }

    private mutating func below(_ bound: UInt64) -> UInt64 {
        precondition(bound > 0)
        // Lemire: the high word of a product is uniform once the few low words that favour some results are dropped.
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let unfair = (0 &- bound) % bound
            while product.low < unfair { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }

    mutating func integer(from min: Int64, below max: Int64) -> Int64 {
        min &+ Int64(bitPattern: below(UInt64(bitPattern: max &- min)))
    }

    mutating func integer(from min: Int128, below max: Int128) -> Int128 {
        let width = (max - min).magnitude
        if let narrow = UInt64(exactly: width) { return min + Int128(below(narrow)) }
        let limit = UInt128.max - UInt128.max % width
        while true {
            let drawn = UInt128(next()) << 64 | UInt128(next())
            if drawn < limit { return min + Int128(drawn % width) }
        }
    }

    /// 0 up to, not including, 1.
    mutating func fraction() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    mutating func fraction(from min: Double, below max: Double) -> Double {
        let share = fraction()
        let width = max - min
        let value = width.isFinite ? min + share * width : min * (1 - share) + max * share
        return value < max ? value : min
    }

    mutating func length(_ bounds: LengthBounds) -> Int {
        bounds.min + index(below: bounds.max - bounds.min)
    }

    /// An index, as likely as its weight is heavy. At least one weight is above 0.
    mutating func index(weights: [Double]) -> Int {
        var drawn = fraction() * weights.reduce(0, +)
        for (index, weight) in weights.enumerated() where weight > 0 {
            if drawn < weight { return index }
            drawn -= weight
        }
        return weights.lastIndex { $0 > 0 } ?? 0
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// Printable ASCII, the space included.
    mutating func printable(_ count: Int) -> String {
        String(decoding: (0..<count).map { _ in UInt8(32 + index(below: 95)) }, as: UTF8.self)
    }

    /// A random UUID (version 4) in lower case.
    mutating func uuid() -> String {
        var bytes = bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        let groups = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16]
        return groups.map { digits[$0].joined() }.joined(separator: "-")
    }

    mutating func personName() -> String {
        pick(Self.givenNames) + " " + pick(Self.familyNames)
    }

    mutating func email() -> String {
        "\(pick(Self.givenNames)).\(pick(Self.familyNames))\(index(below: 100))@example.com".lowercased()
    }

    private mutating func pick(_ words: [String]) -> String {
        words[index(below: words.count)]
    }

    private static let givenNames = ["Ada", "Bela", "Chidi", "Dora", "Emil", "Farah", "Goran", "Hana", "Ines", "Jonas"]
    private static let familyNames = ["Abara", "Berg", "Costa", "Dahl", "Egger", "Fox", "Gupta", "Hara", "Ito", "Jovic"]
}
