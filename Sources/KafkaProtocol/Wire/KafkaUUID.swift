/// A 128-bit identifier of a topic, directory or client instance.
package struct KafkaUUID: Hashable, Sendable, CustomStringConvertible {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The id that stands for "none".
    package static let zero = KafkaUUID(high: 0, low: 0)

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// 22 characters of the URL-safe alphabet without padding, as Kafka prints ids.
    package var base64: String {
        var text: [UInt8] = []
        text.reserveCapacity(22)
        // 21 characters take 126 bits from the top, the last one the two bits left, shifted up by four.
        for index in 0..<22 {
            text.append(Self.alphabet[Int(sextet(at: index))])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// 32 lower-case hexadecimal digits.
    package var hexadecimal: String {
        [high, low].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    private func sextet(at index: Int) -> UInt64 {
        let shift = 128 - 6 * (index + 1)
        if shift >= 64 { return (high >> UInt64(shift - 64)) & 0x3f }
        if shift < 0 { return (low << 4) & 0x3f }
        // `high` is shifted out entirely by Swift's smart shift when it holds no bit of this character.
        return ((low >> UInt64(shift)) | (high << UInt64(64 - shift))) & 0x3f
    }

    /// Reads what `base64` prints; nil for anything else.
    package init?(base64: String) {
        let text = Array(base64.utf8)
        guard text.count == 22 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, character) in text.enumerated() {
            guard let position = Self.alphabet.firstIndex(of: character) else { return nil }
            let value = UInt64(position)
            let bits: UInt64 = index == 21 ? 2 : 6
            if index == 21 && value & 0xf != 0 { return nil }
            high = (high << bits) | (low >> (64 - bits))
            low = (low << bits) | (index == 21 ? value >> 4 : value)
        }
        self.init(high: high, low: low)
    }

    package var description: String { base64 }
}
