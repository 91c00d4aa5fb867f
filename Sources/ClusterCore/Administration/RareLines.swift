import KafkaProtocol

/// When a fault that lasts is worth another line in the log: at once, then after a minute, two, four … up to an hour;
/// sooner when its reason is another one.
package struct RareLines<Reason: Equatable & Sendable>: Sendable {
    private static var firstPauseMs: Int64 { 60_000 }
    private static var longestPauseMs: Int64 { 3_600_000 }

    private var last: (reason: Reason, atMs: Int64)?
    private var pauseMs = RareLines.firstPauseMs

    package init() {}

    /// Whether the fault was told already, so that its end is worth a line too.
    package var hasTold: Bool { last != nil }

    /// - Parameter now: the monotonic clock, in milliseconds.
    package mutating func isDue(_ reason: Reason, now: Int64) -> Bool {
        guard let last else {
            last = (reason, now)
            return true
        }
        let isNews = last.reason != reason
        guard isNews || now -| last.atMs >= pauseMs else {
            return false
        }
        pauseMs = isNews ? Self.firstPauseMs : min(pauseMs *| 2, Self.longestPauseMs)
        self.last = (reason, now)
        return true
    }
}
