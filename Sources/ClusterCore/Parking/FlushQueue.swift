import KafkaProtocol
import LogStorage

/// A position that must be on disk before an answer may leave.
struct FlushTarget {
    let partition: Partition
    let log: PartitionLog
    let point: DurabilityPoint
}

/// One round of flushing, to be performed on other threads: see ``Cluster/takeFlush()``.
package struct FlushJob: Sendable {
    package struct Entry: Sendable {
        /// Names the log within its cluster.
        package let handle: Int
        package let ticket: FlushTicket
    }

    package let entries: [Entry]
}

/// What has to reach the disk before somebody may know it (durability `fsync`), and who waits for that.
///
/// One round at a time is under way; what arrives meanwhile shares the next one: group commit without a timer.
struct FlushQueue {
    struct Waiting {
        let token: RequestToken
        let targets: [FlushTarget]
        let response: any KafkaResponse
        /// Targets before that one have been in a round.
        fileprivate var next = 0

        init(token: RequestToken, targets: [FlushTarget], response: any KafkaResponse) {
            self.token = token
            self.targets = targets
            self.response = response
        }
    }

    private typealias Dirty = (log: PartitionLog, partition: Partition)

    /// Logs with records that no round has covered yet, by handle.
    private var dirty: [Int: Dirty] = [:]
    /// Their handles in the order in which they got the records, and some that were taken out of turn.
    private var order: [Int] = []
    /// The logs of the round that is under way.
    private var underWay: [Int: Dirty] = [:]
    private var waiting: [Waiting] = []
    /// Positions that the request being handled has to wait for, beside its own.
    private var touched: [FlushTarget] = []

    /// Why some log with new records is not in the last round; the first such log's reason.
    private(set) var obstacle: StorageError?
    /// Logs that could not even begin a round, and are offline for that.
    private var failures: [(partition: Partition, error: StorageError)] = []

    /// Logs that one round covers at most: each holds a few file descriptors meanwhile.
    static let logsPerRound = 64
    /// Those of them that requests choose in turn, so that one with thousands of logs does not hold up the others. The
    /// rest go by age: nobody may wait for them.
    private static let chosenPerRound = 56

    var isUnderWay: Bool { !underWay.isEmpty }
    var hasWork: Bool { !dirty.isEmpty || !waiting.isEmpty }
    var isDue: Bool { hasWork && !isUnderWay }
    var hasTouched: Bool { !touched.isEmpty }

    /// A log has records that must become durable, whoever waits for it.
    mutating func mark(_ partition: Partition, _ log: PartitionLog) {
        if dirty.updateValue((log, partition), forKey: partition.handle) == nil {
            order.append(partition.handle)
        }
    }

    /// As ``mark(_:_:)``; the answer to the request being handled must not leave before.
    mutating func touch(_ partition: Partition, _ log: PartitionLog) {
        mark(partition, log)
        touched.append(FlushTarget(partition: partition, log: log, point: log.durabilityPoint))
    }

    mutating func takeTouched() -> [FlushTarget] {
        defer { touched.removeAll(keepingCapacity: true) }
        return touched
    }

    /// Logs that went offline since the last call, because a round for them could not begin.
    mutating func takeFailures() -> [(partition: Partition, error: StorageError)] {
        defer { failures.removeAll() }
        return failures
    }

    mutating func add(_ request: Waiting) {
        waiting.append(request)
    }

    func isHolding(_ connection: ConnectionID) -> Bool { waiting.contains { $0.token.connection == connection } }

    mutating func removeAll(of connection: ConnectionID) {
        waiting.removeAll { $0.token.connection == connection }
    }

    /// The request of a token, which waits no more.
    mutating func take(_ token: RequestToken) -> Waiting? {
        guard let index = waiting.firstIndex(where: { $0.token.sequence == token.sequence }) else {
            return nil
        }
        return waiting.remove(at: index)
    }

    /// Begins a round.
    mutating func begin() -> FlushJob? {
        guard !isUnderWay else {
            return nil
        }
        obstacle = nil
        var entries: [FlushJob.Entry] = []
        var left: [Int: Dirty] = [:]
        chooseInTurn(&entries, &left)
        var count = 0
        while entries.count < Self.logsPerRound, count < order.count {
            take(order[count], &entries, &left)
            count += 1  // bounded: by the array
        }
        // Those that are left are the first of the next round.
        order = order[..<count].filter { left[$0] != nil } + order[count...]
        dirty.merge(left) { $1 }
        return entries.isEmpty ? nil : FlushJob(entries: entries)
    }

    /// A log of each request that waits, then another one of each.
    private mutating func chooseInTurn(_ entries: inout [FlushJob.Entry], _ left: inout [Int: Dirty]) {
        guard dirty.count > Self.logsPerRound else {
            return
        }
        var isDone = false
        while !isDone {
            isDone = true
            for index in waiting.indices {
                guard entries.count < Self.chosenPerRound else {
                    return
                }
                while waiting[index].next < waiting[index].targets.count {
                    let handle = waiting[index].targets[waiting[index].next].partition.handle
                    waiting[index].next += 1  // bounded: by the array
                    if dirty[handle] != nil {
                        take(handle, &entries, &left)
                        isDone = false
                        break
                    }
                }
            }
        }
    }

    /// Takes a log into the round, or into `left` when it has to be in the next one.
    private mutating func take(_ handle: Int, _ entries: inout [FlushJob.Entry], _ left: inout [Int: Dirty]) {
        guard let item = dirty.removeValue(forKey: handle), !item.log.isClosed, !item.log.isOffline else {
            return
        }
        if let ticket = item.log.prepareFlush() {
            entries.append(FlushJob.Entry(handle: handle, ticket: ticket))
            underWay[handle] = item
        } else if item.log.isOffline {
            if let error = item.log.flushObstacle {
                failures.append((item.partition, error))
            }
        } else if item.log.hasUnflushed {
            // No descriptor to be had: once more with the next round.
            obstacle = obstacle ?? item.log.flushObstacle
            left[handle] = item
        }
    }

    /// Ends the round: takes note of what is durable.
    /// - Returns: the partitions with news, and whether the disk took them.
    mutating func end(_ job: FlushJob, succeeded: [Bool], now: Int64) -> [(partition: Partition, succeeded: Bool)] {
        var results: [(partition: Partition, succeeded: Bool)] = []
        for (entry, succeeded) in zip(job.entries, succeeded) {
            guard let (log, partition) = underWay.removeValue(forKey: entry.handle), !log.isClosed else {
                continue
            }
            log.completeFlush(entry.ticket, succeeded: succeeded)
            results.append((partition, succeeded))
            // The rest of many segments; with durability `fsync` also what came meanwhile.
            if log.needsFlush(now: now) {
                mark(partition, log)
            }
        }
        underWay.removeAll()
        return results
    }

    /// The requests whose records are all durable, or never will be; they wait no more.
    mutating func takeSettled() -> [Waiting] {
        var settled: [Waiting] = []
        var left: [Waiting] = []
        for request in waiting {
            if request.targets.contains(where: { $0.log.state(of: $0.point) == .pending }) {
                left.append(request)
            } else {
                settled.append(request)
            }
        }
        waiting = left
        return settled
    }
}
