import KafkaProtocol
import LogStorage

/// Records of one request that are looked at on another thread: a batch of some hundred bytes can decompress to a
/// hundred million.
package struct RecordCheckJob: Sendable {
    let id: UInt64
    let checks: [RecordCheck]

    /// Bytes of memory that it takes while it waits.
    package var heldBytes: Int { checks.reduce(0) { $0 + $1.heldBytes } }

    /// Takes as long as it takes. Call it once, on any thread; the result goes to
    /// ``Cluster/finish(_:_:now:)``.
    package func perform() -> [RecordVerdict] {
        checks.map { $0.perform() }
    }
}

/// Produce requests with records that are looked at elsewhere. A connection has one at most, since its next request
/// waits; what others append to the same partitions meanwhile comes first.
struct RecordChecks {
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
    }

    private var new: [RecordCheckJob] = []
    private var waiting: [UInt64: Waiting] = [:]

    mutating func add(_ context: RequestContext, _ progress: ProduceHandler.Progress) {
        let id = context.token.sequence
        // Faults that the rest of the request has not named are shared out among them.
        let faults = max(1, progress.budget.faults / max(1, progress.unchecked.count))
        let checks = progress.unchecked.map { entry in
            var check = entry.check
            check.faults = faults
            return check
        }
        new.append(RecordCheckJob(id: id, checks: checks))
        waiting[id] = Waiting(context: context, progress: progress)
    }

    mutating func drain() -> [RecordCheckJob] {
        guard !new.isEmpty else {
            return []
        }
        defer { new.removeAll() }
        return new
    }

    mutating func take(_ job: RecordCheckJob) -> Waiting? {
        waiting.removeValue(forKey: job.id)
    }
}

extension Cluster {
    /// Records to be looked at since the last call.
    package mutating func drainRecordChecks() -> [RecordCheckJob] {
        recordChecks.drain()
    }

    /// Takes what was found, appends, and answers. A client that has left meanwhile has its records appended all the
    /// same: they had come.
    package mutating func finish(_ job: RecordCheckJob, _ verdicts: [RecordVerdict], now clock: Now) {
        beginStep(clock)
        guard let request = recordChecks.take(job) else {
            return
        }
        let context = request.context
        var progress = request.progress
        for (entry, verdict) in zip(progress.unchecked, verdicts) {
            let answer = ProduceHandler.append(
                verdict, of: entry, context, now: clock.wallMs, &self, &progress)
            progress.response.responses[entry.place.topic].partitionResponses[entry.place.partition] = answer
        }
        switch ProduceHandler.conclude(progress, context, &self) {
        case .reply(let response): deliver(response, to: context.token)
        case .pending: break
        case .noReply: deliverNothing(to: context.token)
        case .disconnect(let reason):
            notices.append(Notice(level: .warning, text: "closing a connection: \(reason)", isAboutClient: true))
            hangUp(context.token)
        }
        resumeWoken(now: clock.wallMs)
    }

    /// Lets a connection go on whose request wants no answer.
    private mutating func deliverNothing(to token: RequestToken) {
        var reply = Reply(to: token, body: BareToken())
        reply.framing = .nothing
        deliveries.append(Delivery(connection: token.connection, reply: reply))
    }
}
