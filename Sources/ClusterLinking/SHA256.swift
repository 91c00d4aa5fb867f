/// SHA-256 (FIPS 180-4). Here so that `verify` prints what `sha256sum` prints for the same bytes of a segment file,
/// without a dependency for one function.
struct SHA256 {
    private var state: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19
    )
    private var pending: [UInt8] = []
    private var length: UInt64 = 0
    private var schedule = [UInt32](repeating: 0, count: 64)

    static let blockSize = 64

    init() {
        pending.reserveCapacity(2 * Self.blockSize)
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        length &+= UInt64(bytes.count)
        var rest = bytes[...]
        if !pending.isEmpty {
            let taken = rest.prefix(Self.blockSize - pending.count)
            pending.append(contentsOf: taken)
            rest = rest.dropFirst(taken.count)
            guard pending.count == Self.blockSize else {
                return
            }
            let block = pending
            pending.removeAll(keepingCapacity: true)
            block.withUnsafeBytes { compress($0) }
        }
        let whole = rest.count / Self.blockSize * Self.blockSize
        compress(UnsafeRawBufferPointer(rebasing: rest.prefix(whole)))
        pending.append(contentsOf: rest.dropFirst(whole))
    }

    /// The digest of everything so far, as 64 hexadecimal digits. The value can go on afterwards.
    func hexDigest() -> String {
        var copy = self
        let bits = length &* 8
        let zeros = (Self.blockSize * 2 - 9 - copy.pending.count) % Self.blockSize
        var tail: [UInt8] = [0x80] + [UInt8](repeating: 0, count: zeros)
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            tail.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
        tail.withUnsafeBytes { copy.update($0) }
        let words = [
            copy.state.0, copy.state.1, copy.state.2, copy.state.3, copy.state.4, copy.state.5, copy.state.6,
            copy.state.7,
        ]
        return words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
        var (h0, h1, h2, h3, h4, h5, h6, h7) = state
        schedule.withUnsafeMutableBufferPointer { w in
            Self.constants.withUnsafeBufferPointer { k in
                for start in stride(from: 0, to: blocks.count, by: Self.blockSize) {
                    Self.expand(blocks, start, w)
                    var (a, b, c, d, e, f, g, h) = (h0, h1, h2, h3, h4, h5, h6, h7)
                    for index in 0..<64 {
                        let sum1 = Self.rotate(e, 6) ^ Self.rotate(e, 11) ^ Self.rotate(e, 25)
                        let choice = (e & f) ^ (~e & g)
                        let first = h &+ sum1 &+ choice &+ k[index] &+ w[index]
                        let sum0 = Self.rotate(a, 2) ^ Self.rotate(a, 13) ^ Self.rotate(a, 22)
                        let majority = (a & b) ^ (a & c) ^ (b & c)
                        (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ sum0 &+ majority)
                    }
                    (h0, h1, h2, h3) = (h0 &+ a, h1 &+ b, h2 &+ c, h3 &+ d)
                    (h4, h5, h6, h7) = (h4 &+ e, h5 &+ f, h6 &+ g, h7 &+ h)
                }
            }
        }
        state = (h0, h1, h2, h3, h4, h5, h6, h7)
    }

    @inline(__always)
    private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
        (value &>> count) | (value &<< (32 &- count))
    }

    @inline(__always)
    private static func expand(
        _ blocks: UnsafeRawBufferPointer, _ start: Int, _ w: UnsafeMutableBufferPointer<UInt32>
    ) {
        for index in 0..<16 {
            w[index] = UInt32(bigEndian: blocks.loadUnaligned(fromByteOffset: start + 4 * index, as: UInt32.self))
        }
        for index in 16..<64 {
            let early = w[index - 15]
            let late = w[index - 2]
            let small0 = rotate(early, 7) ^ rotate(early, 18) ^ (early &>> 3)
            let small1 = rotate(late, 17) ^ rotate(late, 19) ^ (late &>> 10)
            w[index] = w[index - 16] &+ small0 &+ w[index - 7] &+ small1
        }
    }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes, worked out rather than
    /// listed.
    private static let constants: [UInt32] = {
        var primes: [UInt64] = []
        var candidate: UInt64 = 2
        while primes.count < 64 {
            if primes.allSatisfy({ candidate % $0 != 0 }) {
                primes.append(candidate)
            }
            candidate += 1
        }
        return primes.map { UInt32(truncatingIfNeeded: cubeRoot(scaledBy32Bits: $0)) }
    }()

    /// The largest x with x³ ≤ value · 2⁹⁶: the cube root of `value` in units of 2⁻³².
    private static func cubeRoot(scaledBy32Bits value: UInt64) -> UInt64 {
        let target = UInt128(value) << 96
        var low: UInt64 = 0
        var high: UInt64 = 1 << 35
        while low + 1 < high {
            let middle = low + (high - low) / 2
            let root = UInt128(middle)
            if root * root * root <= target {
                low = middle
            } else {
                high = middle
            }
        }
        return low
    }
}
