import Synchronization

/// How many readings go on at once; others wait for their turn. Streams have places of their own.
final class ReadingPlaces: Sendable {
    private struct State {
        var taken = 0
        /// In the order in which they came.
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let limit: Int
    private let longestQueue: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: readings at once.
    ///   - longestQueue: those that may wait; a reading takes a bounded time.
    init(limit: Int, waiting longestQueue: Int) {
        self.limit = limit
        self.longestQueue = longestQueue
    }

    /// Whether one more would have to wait behind too many.
    var isCrowded: Bool { state.withLock { $0.taken >= limit && $0.waiting.count >= longestQueue } }

    /// Returns once there is a place, which is to be given back.
    /// - Throws: 503 when too many wait already.
    func take() async throws(RESTError) {
        guard !isCrowded else {
            throw RESTError(
                status: 503, code: 503,
                message: "\(longestQueue) others wait to read records, as many as may: try again later.")
        }
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.taken < limit else {
                    state.waiting.append(continuation)
                    return false
                }
                state.taken += 1
                return true
            }
            if isFree {
                continuation.resume()
            }
        }
    }

    func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.taken -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
