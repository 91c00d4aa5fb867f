import ClusterCore
import KafkaProtocol
import NIOCore

/// Who waits for memory, and who is made to give some back.
extension ClusterLoop {
    /// Enters a connection whose next request, or the rest of one, has to wait; it is told when there is memory.
    func awaitMemory(_ id: ConnectionID) {
        memoryWaiters.append(id)
        watchMemory()
    }

    /// Whether the next request of a connection has to wait, as bytes; the connection is told when to try it again.
    func mustWait(_ frame: UnsafeRawBufferPointer, of id: ConnectionID) -> Bool {
        let isShort = memory.isShort
        if isShort, APIKey.mayHaveLongAnswer(frame) {
            guard letsOneIn else {
                awaitMemory(id)
                return true
            }
            letsOneIn = false
            return false
        }
        return SliceNeed(frame: frame).map { mustWait($0, of: id, memoryIsShort: isShort) } ?? false
    }

    /// Places are given in the order in which they were asked for, also to those who ask for the next one while they
    /// have one.
    private func mustWait(_ need: SliceNeed, of id: ConnectionID, memoryIsShort: Bool) -> Bool {
        let isNext = wokenSliceWaiter == id
        let isBehind = !isNext && sliceWaiters.contains { $0.need == need && $0.id != id }
        let hasRoom = withLoopCluster { $0.hasRoom(for: need, memoryIsShort: memoryIsShort) } ?? true
        guard isBehind || !hasRoom else {
            return false
        }
        if !sliceWaiters.contains(where: { $0.id == id }) {
            sliceWaiters.insert((id, need), at: isNext ? 0 : sliceWaiters.count)
        }
        // Those before it may be gone.
        wakeSliceWaiters()
        return true
    }

    /// Lets the first of those go on whose long requests wait for others of their kind that are answered in slices.
    func wakeSliceWaiters() {
        guard !sliceWaiters.isEmpty, !isSliceWakingScheduled, firstSliceWaiter != nil else {
            return
        }
        isSliceWakingScheduled = true
        // Not from within, as above; one at a time, since each may take the last place, and most have a slice to do.
        inNextSlice { [self] in
            isSliceWakingScheduled = false
            guard !isStopped, let index = firstSliceWaiter else {
                return
            }
            let id = sliceWaiters.remove(at: index).id
            wokenSliceWaiter = id
            connection(id)?.memoryIsThere()
            wokenSliceWaiter = nil
            wakeSliceWaiters()
        }
    }

    /// Where the first one is for whose kind there is room.
    private var firstSliceWaiter: Int? {
        let isShort = memory.isShort
        return withLoopCluster { [sliceWaiters] cluster in
            sliceWaiters.firstIndex { cluster.hasRoom(for: $0.need, memoryIsShort: isShort) }
        } ?? nil
    }

    /// Whether a connection may take in more of a long request: one may always, so that requests get done.
    func mayUpload(_ id: ConnectionID) -> Bool {
        guard memory.isShort else {
            return true
        }
        uploader = uploader ?? id
        return uploader == id
    }

    func endUpload(_ id: ConnectionID) {
        if uploader == id {
            uploader = nil
        }
    }

    /// Notes that a connection holds more or less than before.
    func charge(_ bytes: Int) {
        memory.charge(bytes)
        guard bytes < 0 else {
            return
        }
        starvedChecks = 0
        if !memoryWaiters.isEmpty {
            wakeMemoryWaiters()
        }
        wakeSliceWaiters()
    }

    /// Lets those go on who waited, in their order, as far as there is memory. Not from within: who frees memory is in
    /// the middle of something.
    private func wakeMemoryWaiters() {
        guard !memory.isShort, !isWakingScheduled else {
            return
        }
        isWakingScheduled = true
        eventLoop.execute { [self] in
            isWakingScheduled = false
            let waiting = memoryWaiters
            memoryWaiters = []
            inOneTurn {
                for (index, id) in waiting.enumerated() {
                    if memory.isShort {
                        memoryWaiters = Array(waiting[index...]) + memoryWaiters
                        return
                    }
                    connection(id)?.memoryIsThere()
                }
            }
        }
    }

    /// Lets everybody try again, one of them whether there is memory or not when there has been none for long: requests
    /// that wait hold some themselves, and it may be all that there is.
    private func wakeAllMemoryWaiters() {
        if isStarved {
            starvedChecks = 0
            letsOneIn = true
        }
        let waiting = memoryWaiters
        memoryWaiters = []
        inOneTurn {
            for id in waiting {
                connection(id)?.memoryIsThere()
            }
        }
        letsOneIn = false
    }

    private var isStarved: Bool { Int64(starvedChecks) * limits.memoryCheckMs >= limits.starvedMs }

    /// While somebody waits: counts again what every connection holds (sockets drain without a word) and ends those
    /// whose clients neither take nor send a byte.
    private func watchMemory() {
        guard !isWatchingMemory else {
            return
        }
        isWatchingMemory = true
        eventLoop.scheduleTask(in: .milliseconds(limits.memoryCheckMs)) { [self] in
            isWatchingMemory = false
            guard !memoryWaiters.isEmpty, !isStopped else {
                return
            }
            let now = MonotonicClock.nowMs()
            for handler in openConnections {
                handler.recount()
                if memory.isShort, handler.isStalled(since: now -| limits.stalledMs) {
                    handler.closeStalled()
                }
            }
            starvedChecks = memory.isShort ? starvedChecks + 1 : 0
            // A slow upload must not keep everybody out for as long as it likes.
            if uploader == nil || !memory.isShort || isStarved {
                wakeAllMemoryWaiters()
            }
            if !memoryWaiters.isEmpty {
                watchMemory()
            }
        }
    }
}
