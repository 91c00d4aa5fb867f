import KafkaProtocol
import LogStorage

/// Some records of one request that are looked at on another thread: a batch of some hundred bytes can decompress to a
/// hundred million.
package struct RecordCheckJob: Sendable {
    fileprivate enum Work: Sendable {
        /// Of a producer, with the bytes that the rest of the request may decompress to.
        case checks([RecordCheck], budget: Int)
        /// Stored ones; nil when the request only makes way for others.
        case search(RecordSearch?)
    }

    let id: UInt64
    fileprivate let work: Work

    /// Whether there is nothing to find out: the request only makes way for others, and needs no other thread.
    package var isPause: Bool {
        if case .search(nil) = work { true } else { false }
    }

    /// Ends after a slice's worth of bytes, so that the records of others have their turn. Call it once, on any thread;
    /// the result goes to ``Cluster/finish(_:_:now:)``.
    package func perform() -> RecordFindings {
        switch work {
        case .search(let search): .search(search?.perform())
        case .checks(let checks, let budget): .verdicts(Self.perform(checks, budget))
        }
    }

    /// - Returns: what was found about the first of the records, one of them at least.
    private static func perform(_ checks: [RecordCheck], _ budget: Int) -> [RecordVerdict] {
        var verdicts: [RecordVerdict] = []
        var left = budget
        for check in checks {
            let verdict = check.perform(within: left)
            verdicts.append(verdict)
            left -= verdict.decompressedBytes  // bounded: it was given `left`
            if budget - left >= RecordChecks.sliceBytes {  // bounded: both lie from 0 to the budget
                break
            }
        }
        return verdicts
    }
}

/// What a ``RecordCheckJob`` found.
package enum RecordFindings: Sendable {
    case verdicts([RecordVerdict])
    case search(RecordSearchResult?)
}

/// Requests with records that are looked at elsewhere (Produce, also for the number of its batches alone, and
/// ListOffsets by time), or that are long for other reasons (``SlicedRequest``): some of one request, then some of the
/// next one. A connection has one at most, since its next request waits; what others append to the same partitions
/// meanwhile comes first. Those that need no other thread have turns of their own.
struct RecordChecks {
    /// Requests whose records are looked at at once.
    static let atOnce = 2
    /// Decompressed bytes after which it is the next request's turn. One batch may have more.
    static let sliceBytes = 8 << 20
    /// Batches of one request after which it is the next one's turn, whatever they have; they are appended in one go,
    /// each with files to be opened, or made, in a log that nobody has written for a while.
    static let sliceBatches = 128

    /// Where in the answer a partition has its place.
    struct Place {
        let topic: Int
        let partition: Int
    }

    struct Entry {
        let place: Place
        let partition: Partition
        let check: RecordCheck
    }

    /// A class, so that its long arrays are not copied with every slice.
    final class Produce {
        var progress: ProduceHandler.Progress
        /// The last one is looked at first.
        fileprivate var left: [Entry]
        /// Bytes that those may decompress to.
        fileprivate var budget: Int
        /// Bytes of those.
        fileprivate var heldBytes: Int

        fileprivate init(_ progress: ProduceHandler.Progress, _ left: [Entry], budget: Int) {
            self.progress = progress
            self.left = left
            self.budget = budget
            heldBytes = left.reduce(0) { $0 +| $1.check.heldBytes }
        }

        fileprivate func next() -> Entry? {
            guard let entry = left.popLast() else {
                return nil
            }
            heldBytes -= entry.check.heldBytes  // bounded: it was counted in
            return entry
        }
    }

    enum Request {
        case produce(Produce)
        case sliced(any SlicedRequest)

        fileprivate var heldBytes: Int {
            switch self {
            case .produce(let produce): produce.heldBytes
            case .sliced(let request): request.heldBytes +| (request.wanted?.heldBytes ?? 0)
            }
        }

        fileprivate var work: RecordCheckJob.Work {
            switch self {
            case .produce(let produce):
                .checks(
                    produce.left.suffix(RecordChecks.sliceBatches).reversed().map(\.check), budget: produce.budget)
            case .sliced(let request): .search(request.wanted)
            }
        }
    }

    struct Waiting {
        let context: RequestContext
        var request: Request

        fileprivate var heldBytes: Int {
            isSliced ? request.heldBytes +| context.heldBytes : request.heldBytes
        }

        fileprivate var isSliced: Bool {
            if case .sliced = request { true } else { false }
        }

        /// Whether another thread has to find something out before it goes on.
        fileprivate var needsThread: Bool {
            switch request {
            case .produce: true
            case .sliced(let request): request.wanted != nil
            }
        }
    }

    private var waiting: [UInt64: Waiting] = [:]
    private var ofConnection: [ConnectionID: UInt64] = [:]
    /// Whose turn comes next; those of which records are being looked at are not among them.
    private var turns: [UInt64] = []
    private var underWay = 0
    /// The same for those that only make way for others: they do not wait until records have been looked at.
    private var pauses: [UInt64] = []
    private var isPausing = false
    /// Bytes of batches, and of long requests, that wait.
    private(set) var heldBytes = 0
    /// Requests that are answered in slices.
    private(set) var sliced = SliceCounts()

    mutating func add(_ context: RequestContext, _ progress: ProduceHandler.Progress, budget: Int) {
        // Faults that the rest of the request has not named are shared out among them.
        let faults = max(1, progress.budget.faults / max(1, progress.unchecked.count))
        var progress = progress
        let entries = progress.unchecked.reversed().map { entry in
            var check = entry.check
            check.faults = faults
            return Entry(place: entry.place, partition: entry.partition, check: check)
        }
        progress.unchecked = []
        let produce = Produce(progress, entries, budget: budget)
        goOn(Waiting(context: context, request: .produce(produce)))
    }

    mutating func add(_ context: RequestContext, _ request: any SlicedRequest) {
        goOn(Waiting(context: context, request: .sliced(request)))
    }

    /// The next jobs, as many as may be under way.
    mutating func drain() -> [RecordCheckJob] {
        var jobs: [RecordCheckJob] = []
        while underWay < Self.atOnce, !turns.isEmpty {
            let id = turns.removeFirst()
            guard let request = waiting[id] else {
                continue
            }
            jobs.append(RecordCheckJob(id: id, work: request.request.work))
            underWay += 1  // bounded: by `atOnce`
        }
        while !isPausing, !pauses.isEmpty {
            let id = pauses.removeFirst()
            if waiting[id] != nil {
                jobs.append(RecordCheckJob(id: id, work: .search(nil)))
                isPausing = true
            }
        }
        return jobs
    }

    func isLooking(for connection: ConnectionID) -> Bool { ofConnection[connection] != nil }

    /// Ends a job.
    /// - Returns: nil when the request is not wanted any more.
    mutating func end(_ job: RecordCheckJob) -> Waiting? {
        if job.isPause {
            isPausing = false
        } else {
            underWay -= 1  // bounded: counted here
        }
        return forget(job.id)
    }

    /// Goes on with a request of which something is left, after those of others.
    mutating func goOn(_ request: Waiting) {
        let token = request.context.token
        heldBytes = heldBytes +| request.heldBytes
        if request.isSliced {
            sliced.note(request.context.place, 1)
        }
        waiting[token.sequence] = request
        if token.connection != .internalCaller {
            ofConnection[token.connection] = token.sequence
        }
        if request.needsThread {
            turns.append(token.sequence)
        } else {
            pauses.append(token.sequence)
        }
    }

    /// Whoever is gone has no more records looked at.
    mutating func removeAll(of connection: ConnectionID) {
        if let id = ofConnection[connection] {
            _ = forget(id)
        }
    }

    private mutating func forget(_ id: UInt64) -> Waiting? {
        guard let request = waiting.removeValue(forKey: id) else {
            return nil
        }
        heldBytes = heldBytes -| request.heldBytes
        if request.isSliced {
            sliced.note(request.context.place, -1)
        }
        ofConnection[request.context.token.connection] = nil
        return request
    }
}

extension Cluster {
    /// Records to be looked at now. To be called again after every ``finish(_:_:now:)``.
    package mutating func drainRecordChecks() -> [RecordCheckJob] {
        recordChecks.drain()
    }

    /// Bytes of memory that requests take which wait for their records to be looked at, or for news, or are answered in
    /// slices.
    package var heldRecordBytes: Int {
        recordChecks.heldBytes +| making.planBytes +| parking.heldBytes +| piecewise.heldBytes
            +| checkpoints.waiters.heldBytes
    }

    /// Whether a request waits for us alone, and not for other clients as a long poll does: it is looked at elsewhere
    /// or in slices, its partitions are made, or it waits for the disk. Its client has sent everything that it needs.
    package func isWorking(for connection: ConnectionID) -> Bool {
        recordChecks.isLooking(for: connection) || flushes.isHolding(connection)
            || checkpoints.waiters.isHolding(connection) || piecewise.isMeasuring(for: connection)
            || making.isPlanning(for: connection) || parking.isAwaitingTopics(connection)
    }

    /// Takes what was found and goes on; answers after the last records of a request.
    ///
    /// - Returns: the connection whose request waits for something else from now on, if it does: until now it may have
    ///   waited for us alone (``isWorking(for:)``).
    @discardableResult
    package mutating func finish(
        _ job: RecordCheckJob, _ findings: RecordFindings, now clock: Now
    ) -> ConnectionID? {
        beginStep(clock)
        guard let waiting = recordChecks.end(job) else {
            return nil
        }
        var left: ConnectionID?
        switch (waiting.request, findings) {
        case (.produce(let produce), .verdicts(let verdicts)):
            append(verdicts, produce, waiting.context, now: clock.wallMs)
        case (.sliced(let request), .search(let result)):
            if let result {
                request.take(result)
            }
            if let response = request.goOn(waiting.context, &self) {
                conclude(request, response, waiting.context)
            } else if request.isWaiting {
                left = waiting.context.token.connection
            } else {
                recordChecks.add(waiting.context, request)
            }
        case (.produce, .search), (.sliced, .verdicts): break
        }
        resumeWoken(now: clock.wallMs)
        return left
    }

    private mutating func conclude(
        _ request: any SlicedRequest, _ response: any KafkaResponse, _ context: RequestContext
    ) {
        let token = context.token
        if !request.targets.isEmpty {
            flushes.add(FlushQueue.Waiting(token: token, targets: request.targets, response: response))
            return
        }
        if let deletion = response as? DeleteRecordsResponse {
            let waiter = LogStartWaiters.Waiter(token: token, response: deletion, heldBytes: context.heldBytes)
            if holdUntilLogStartsAreStored(waiter) {
                return
            }
        }
        deliver(response, to: token)
    }

    private mutating func append(
        _ verdicts: [RecordVerdict], _ produce: RecordChecks.Produce, _ context: RequestContext, now: Int64
    ) {
        for verdict in verdicts {
            guard let entry = produce.next() else {
                break
            }
            produce.budget -= verdict.decompressedBytes  // bounded: it was given the budget
            let answer = ProduceHandler.append(verdict, of: entry, context, now: now, &self, &produce.progress)
            produce.progress.response.responses[entry.place.topic].partitionResponses[entry.place.partition] = answer
        }
        if produce.left.isEmpty {
            conclude(produce.progress, context)
        } else {
            recordChecks.goOn(RecordChecks.Waiting(context: context, request: .produce(produce)))
        }
    }

    /// Looks at all records on this thread, for owners that may wait.
    package mutating func finishRecordChecks(now clock: Now) {
        while true {
            let jobs = drainRecordChecks()
            guard !jobs.isEmpty else {
                return
            }
            for job in jobs {
                finish(job, job.perform(), now: clock)
            }
        }
    }

    private mutating func conclude(_ progress: ProduceHandler.Progress, _ context: RequestContext) {
        let token = context.token
        switch ProduceHandler.conclude(progress, context, &self) {
        case .reply(let response): deliver(response, to: token)
        case .pending: break
        case .noReply: deliverNothing(to: token)
        case .disconnect(let reason):
            notices.append(Notice(level: .warning, text: "closing a connection: \(reason)", isAboutClient: true))
            hangUp(token)
        }
    }

    /// Lets a connection go on whose request wants no answer.
    private mutating func deliverNothing(to token: RequestToken) {
        var reply = Reply(to: token, body: BareToken())
        reply.framing = .nothing
        deliveries.append(Delivery(connection: token.connection, reply: reply))
    }
}
