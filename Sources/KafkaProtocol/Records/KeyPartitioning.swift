/// Where a keyed record belongs: Kafka's producers agree on this, so that all records of a key meet in one partition.
package enum KeyPartitioning {
    /// - Parameter count: partitions of the topic, 1 or more.
    package static func partition(for key: [UInt8], count: Int32) -> Int32 {
        (murmur2(key) & 0x7FFF_FFFF) % count
    }

    /// Austin Appleby's murmur2 with Kafka's seed.
    package static func murmur2(_ bytes: [UInt8]) -> Int32 {
        let multiplier: UInt32 = 0x5BD1_E995
        var hash = 0x9747_B28C ^ UInt32(truncatingIfNeeded: bytes.count)
        var index = 0
        while index + 4 <= bytes.count {
            var word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[index + $1]) << UInt32(8 * $1) }
            word = word &* multiplier
            word ^= word >> 24
            hash = (hash &* multiplier) ^ (word &* multiplier)
            index += 4
        }
        if index < bytes.count {
            for (shift, byte) in bytes[index...].enumerated() {
                hash ^= UInt32(byte) << UInt32(8 * shift)
            }
            hash = hash &* multiplier
        }
        hash ^= hash >> 13
        hash = hash &* multiplier
        hash ^= hash >> 15
        return Int32(bitPattern: hash)
    }
}
