import ClusterCore
import KafkaProtocol
import NIOCore

/// Whose turn it is when one connection has more to do than others should wait for.
///
/// A connection hands out its frames for some milliseconds; then it enters a queue, of which one has its turn at a
/// time, and between two turns the sockets are looked at. So a client with one small request waits for one turn of
/// somebody else's, however many connections send however much.
extension ClusterLoop {
    /// Enters a connection that is told when its turn has come; once, however often it asks: a socket can become
    /// writable many times before.
    func awaitTurn(_ id: ConnectionID) {
        guard let handler = connection(id), !handler.isQueued else {
            return
        }
        handler.isQueued = true
        turnWaiters.append(id)
        scheduleTurn()
    }

    /// When a connection that begins to hand out frames has to stop; earlier than `now` when others were served for
    /// long already in this step.
    func turnEnd(_ now: Int64) -> Int64 {
        let share = turnWaiters.isEmpty ? limits.turnMs : limits.crowdedTurnMs
        return min(now +| share, stepEnd ?? .max)
    }

    /// Lets connections go on one after the other: they share one turn, and those that come too late get their own.
    func inOneTurn(_ body: () -> Void) {
        guard stepEnd == nil else {
            return body()
        }
        stepEnd = MonotonicClock.nowMs() +| limits.turnMs
        body()
        stepEnd = nil
    }

    private func scheduleTurn() {
        guard !isTurnScheduled, !isStopped else {
            return
        }
        isTurnScheduled = true
        inNextSlice { [self] in giveTurn() }
    }

    private func giveTurn() {
        // Still scheduled while the turn is taken: the pause before the next one begins after it, since the loop runs
        // what has become due meanwhile before it looks at a socket.
        defer {
            isTurnScheduled = false
            if !turnWaiters.isEmpty {
                scheduleTurn()
            }
        }
        guard !isStopped else {
            return
        }
        while !turnWaiters.isEmpty {
            if let next = connection(turnWaiters.removeFirst()) {
                next.isQueued = false
                next.turnCame()
                break
            }
        }
    }

    // MARK: Slices

    /// Does something once sockets were looked at: the loop runs every task that is due before it looks at them again,
    /// and slices of two kinds, each of which is due when the other ends, would let nobody in until both are done. One
    /// slice after the other, in the order in which they were asked for.
    func inNextSlice(_ body: @escaping @Sendable () -> Void) {
        guard !isStopped else {
            return
        }
        waitingSlices.append(body)
        scheduleSlice()
    }

    /// The same for what may begin now, if nothing has just ended or waits. What other threads have done comes like
    /// sockets' bytes, but before they are looked at.
    func inSlice(_ body: @escaping @Sendable () -> Void) {
        guard mayBeginSlice, waitingSlices.isEmpty else {
            return inNextSlice(body)
        }
        body()
        endSlice()
    }

    private func scheduleSlice() {
        guard !isSliceScheduled, !waitingSlices.isEmpty else {
            return
        }
        isSliceScheduled = true
        let earliest = NIODeadline.now() + .microseconds(limits.turnPauseUs)
        eventLoop.scheduleTask(deadline: max(nextSlice, earliest)) { [self] in
            if mayBeginSlice, let body = waitingSlices.popFirst() {
                isInSlice = true
                body()
                isInSlice = false
                endSlice()
            }
            isSliceScheduled = false
            scheduleSlice()
        }
    }

    private var mayBeginSlice: Bool { !isLookSpent && NIODeadline.now() >= nextSlice }

    /// Whether a frame may begin that may take as long as a slice: as one, or ahead of nobody who waits for one.
    var mayBeginLongFrame: Bool { isInSlice ? !isLookSpent : mayBeginSlice && waitingSlices.isEmpty }

    /// The pause begins here.
    func endSlice() {
        nextSlice = .now() + .microseconds(limits.turnPauseUs)
    }

    /// As ``endSlice()``, for what may have been none: it is one when it took long.
    /// - Returns: whether it did.
    func endSlice(since begin: NIODeadline) -> Bool {
        guard NIODeadline.now() - begin > .microseconds(limits.quickFrameUs) else {
            return false
        }
        // What lies in other sockets belongs to the same look, however long it takes to read: the pause begins once all
        // of them were read, when the loop comes to its tasks.
        isLookSpent = true
        eventLoop.execute { [self] in
            isLookSpent = false
            endSlice()
        }
        return true
    }
}
