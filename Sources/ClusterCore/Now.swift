import KafkaProtocol

/// The time of one step, read from two clocks.
///
/// What is kept or shown (record timestamps, retention, expiry) goes by the wall clock, which somebody may set. What
/// becomes due (long polls, sessions, rebalances, delays) goes by the monotonic clock, which nobody can.
package struct Now: Sendable, Hashable {
    /// Milliseconds since the epoch. May step back and forth.
    package let wallMs: Int64
    /// Milliseconds since some fixed moment of this process or machine. Never steps back.
    package let monotonicMs: Int64

    package init(wallMs: Int64, monotonicMs: Int64) {
        self.wallMs = wallMs
        self.monotonicMs = monotonicMs
    }
}

extension Now: ExpressibleByIntegerLiteral {
    /// Both clocks show the same: for whoever does not care.
    package init(integerLiteral value: Int64) {
        self.init(wallMs: value, monotonicMs: value)
    }
}

extension Cluster {
    /// Starts a step. Entry points that take a ``Now`` do it themselves; an owner that calls anything else does it
    /// first.
    @inline(__always)
    package mutating func beginStep(_ now: Now) {
        // Two readings of one clock may come in the wrong order only if an owner mixes them up; time stands still then.
        monotonicMs = max(monotonicMs, now.monotonicMs)
        upkeep.epochsOfStep = 0
    }

    /// The moment `milliseconds` from now (0 when negative), on the clock that timers go by.
    func deadline(after milliseconds: Int64) -> Int64 {
        monotonicMs +| max(0, milliseconds)
    }
}
