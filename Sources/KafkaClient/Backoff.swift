import KafkaProtocol

/// Where jitter comes from: each call gives 64 random bits. Injected, so that a run can be replayed.
package typealias RandomBits = () -> UInt64

/// Delays that double from `initialMs` up to `maximumMs`, each moved by up to 20 % either way, as Kafka's clients do
/// (KIP-580), so that clients which failed together do not return together. An `initialMs` above `maximumMs` is not
/// reached: then every delay is about `maximumMs`, from the first on.
package struct Backoff: Sendable {
    package let initialMs: Int64
    package let maximumMs: Int64
    /// Failures in a row so far.
    package private(set) var attempts = 0

    package init(initialMs: Int64, maximumMs: Int64) {
        self.maximumMs = max(1, maximumMs)
        self.initialMs = min(max(1, initialMs), self.maximumMs)
    }

    /// The delay before the next try, in milliseconds.
    package mutating func next(_ random: RandomBits) -> Int64 {
        let doublings = Int64(min(attempts, 30))
        attempts += 1
        let plain = initialMs > maximumMs >> doublings ? maximumMs : initialMs << doublings
        let span = plain / 5
        guard span > 0 else {
            return plain
        }
        let jitter = Int64(random() % UInt64(2 * span + 1)) - span  // bounded: a fifth of an Int64
        return plain +| jitter
    }

    package mutating func reset() {
        attempts = 0
    }
}
