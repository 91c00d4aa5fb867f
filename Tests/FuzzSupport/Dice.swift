/// SplitMix64: the same numbers for the same seed in every process.
package struct Dice: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    package mutating func roll(_ count: Int) -> Int { Int.random(in: 0..<max(1, count), using: &self) }

    package mutating func pick<T>(_ items: [T]) -> T { items[roll(items.count)] }
}

/// Numbers at which arithmetic goes wrong.
package enum Edges {
    package static func of(width: Int) -> [Int64] {
        let bits = width * 8
        let (least, most): (Int64, Int64) =
            bits >= 64 ? (.min, .max) : (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
        let all: [Int64] = [
            least, least &+ 1, -(1 << 31) - 1, -(1 << 31), -2, -1, 0, 1, 2, (1 << 31) - 1, 1 << 31, (1 << 32) - 1,
            most &- 1, most,
        ]
        var seen: Set<Int64> = []
        return all.filter { $0 >= least && $0 <= most && seen.insert($0).inserted }
    }

    package static let all = of(width: 8)
}

extension [UInt8] {
    /// Writes a big-endian number of `width` bytes.
    package mutating func put(_ value: Int64, at position: Int, width: Int) {
        for index in 0..<width where position + index < count {
            self[position + index] = UInt8(truncatingIfNeeded: value >> Int64(8 * (width - 1 - index)))
        }
    }
}
