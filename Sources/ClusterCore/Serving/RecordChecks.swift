import KafkaProtocol
import LogStorage

/// Some records of one request that are looked at on another thread: a batch of some hundred bytes can decompress to a
/// hundred million.
package struct RecordCheckJob: Sendable {
    let id: UInt64
    fileprivate let checks: [RecordCheck]
    /// Bytes that the rest of the request may decompress to.
    fileprivate let budget: Int

    /// Ends after a slice's worth of bytes, so that the records of others have their turn. Call it once, on any thread;
    /// the result goes to ``Cluster/finish(_:_:now:)``.
    /// - Returns: what was found about the first of the records, one of them at least.
    package func perform() -> [RecordVerdict] {
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

/// Produce requests with records that are looked at elsewhere: some of one request's, then some of the next one's. A
/// connection has one at most, since its next request waits; what others append to the same partitions meanwhile comes
/// first.
struct RecordChecks {
    /// Requests whose records are looked at at once.
    static let atOnce = 2
    /// Decompressed bytes after which it is the next request's turn. One batch may have more.
    static let sliceBytes = 8 << 20
    /// Batches of one request after which it is the next one's turn, whatever they have; they are appended in one go.
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

    struct Waiting {
        let context: RequestContext
        var progress: ProduceHandler.Progress
        /// The last one is looked at first.
        fileprivate var left: [Entry]
        /// Bytes that those may decompress to.
        fileprivate var budget: Int
        /// Bytes of those.
        fileprivate var heldBytes: Int

        fileprivate mutating func next() -> Entry? {
            guard let entry = left.popLast() else {
                return nil
            }
            heldBytes -= entry.check.heldBytes  // bounded: it was counted in
            return entry
        }
    }

    private var waiting: [UInt64: Waiting] = [:]
    private var ofConnection: [ConnectionID: UInt64] = [:]
    /// Whose turn comes next; those of which records are being looked at are not among them.
    private var turns: [UInt64] = []
    private var underWay = 0
    /// Bytes of batches that wait.
    private(set) var heldBytes = 0

    mutating func add(_ context: RequestContext, _ progress: ProduceHandler.Progress, budget: Int) {
        let id = context.token.sequence
        // Faults that the rest of the request has not named are shared out among them.
        let faults = max(1, progress.budget.faults / max(1, progress.unchecked.count))
        var progress = progress
        let entries = progress.unchecked.reversed().map { entry in
            var check = entry.check
            check.faults = faults
            return Entry(place: entry.place, partition: entry.partition, check: check)
        }
        progress.unchecked = []
        let bytes = entries.reduce(0) { $0 +| $1.check.heldBytes }
        goOn(id, Waiting(context: context, progress: progress, left: entries, budget: budget, heldBytes: bytes))
    }

    /// The next jobs, as many as may be under way.
    mutating func drain() -> [RecordCheckJob] {
        var jobs: [RecordCheckJob] = []
        while underWay < Self.atOnce, !turns.isEmpty {
            let id = turns.removeFirst()
            guard let request = waiting[id] else {
                continue
            }
            let checks = request.left.suffix(Self.sliceBatches).reversed().map(\.check)
            jobs.append(RecordCheckJob(id: id, checks: checks, budget: request.budget))
            underWay += 1  // bounded: by `atOnce`
        }
        return jobs
    }

    func isLooking(for connection: ConnectionID) -> Bool { ofConnection[connection] != nil }

    /// Ends a job.
    /// - Returns: nil when the request is not wanted any more.
    mutating func end(_ job: RecordCheckJob) -> Waiting? {
        underWay -= 1  // bounded: counted here
        return forget(job.id)
    }

    /// Goes on with a request of which records are left, after those of others.
    mutating func goOn(_ id: UInt64, _ request: Waiting) {
        heldBytes = heldBytes +| request.heldBytes
        waiting[id] = request
        if request.context.token.connection != .internalCaller {
            ofConnection[request.context.token.connection] = id
        }
        turns.append(id)
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
        ofConnection[request.context.token.connection] = nil
        return request
    }
}

extension Cluster {
    /// Records to be looked at now. To be called again after every ``finish(_:_:now:)``.
    package mutating func drainRecordChecks() -> [RecordCheckJob] {
        recordChecks.drain()
    }

    /// Bytes of memory that records take which wait to be looked at.
    package var heldRecordBytes: Int { recordChecks.heldBytes }

    /// Whether a request waits for its records to be looked at: its client has sent everything that they need.
    package func isLookingAtRecords(of connection: ConnectionID) -> Bool {
        recordChecks.isLooking(for: connection)
    }

    /// Takes what was found and appends; answers after the last records of a request.
    package mutating func finish(_ job: RecordCheckJob, _ verdicts: [RecordVerdict], now clock: Now) {
        beginStep(clock)
        guard var request = recordChecks.end(job) else {
            return
        }
        let context = request.context
        for verdict in verdicts {
            guard let entry = request.next() else {
                break
            }
            request.budget -= verdict.decompressedBytes  // bounded: it was given the budget
            let answer = ProduceHandler.append(
                verdict, of: entry, context, now: clock.wallMs, &self, &request.progress)
            request.progress.response.responses[entry.place.topic].partitionResponses[entry.place.partition] = answer
        }
        if request.left.isEmpty {
            conclude(request)
        } else {
            recordChecks.goOn(job.id, request)
        }
        resumeWoken(now: clock.wallMs)
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

    private mutating func conclude(_ request: RecordChecks.Waiting) {
        let token = request.context.token
        switch ProduceHandler.conclude(request.progress, request.context, &self) {
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
