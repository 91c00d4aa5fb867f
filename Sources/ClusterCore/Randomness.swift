import KafkaProtocol

/// A small, seeded generator: the core takes its randomness from outside, so that a run can be replayed.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    var state: UInt64

    package init(state: UInt64) {
        self.state = state
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A random (version 4) UUID whose text form does not start with a dash, as Kafka takes care of for its ids.
    package mutating func nextUUID() -> KafkaUUID {
        while true {
            let high = (next() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
            let low = (next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
            let id = KafkaUUID(high: high, low: low)
            if !id.base64.hasPrefix("-") {
                return id
            }
        }
    }
}
