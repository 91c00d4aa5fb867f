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
        if bytes < 0, !memoryWaiters.isEmpty {
            wakeMemoryWaiters()
        }
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
            if uploader == nil || !memory.isShort {
                let waiting = memoryWaiters
                memoryWaiters = []
                inOneTurn {
                    for id in waiting {
                        connection(id)?.memoryIsThere()
                    }
                }
            }
            if !memoryWaiters.isEmpty {
                watchMemory()
            }
        }
    }
}
