import KafkaProtocol
import LogStorage

/// Durability `fsync`: what was appended becomes visible, and is acknowledged, once it is on disk.
///
/// The cluster does not wait for the disk. It gives a round of tickets out (``takeFlush()``), which its owner performs
/// on other threads, and takes the results back (``flushed(_:succeeded:now:)``). Records of a client that has left, or
/// never wanted an answer, are in those rounds like all others.
extension Cluster {
    /// Whether there is something to flush and no round under way.
    package var needsFlush: Bool { flushes.isDue }
    /// Whether results of a round are awaited.
    package var isFlushing: Bool { flushes.isUnderWay }

    /// Begins a round; nil when there is nothing to do, or one is under way. Every ticket has to be performed, and the
    /// results come back together.
    package mutating func takeFlush(now clock: Now) -> FlushJob? {
        beginStep(clock)
        let begun = flushes.begin()
        if let obstacle = flushes.obstacle, flushLines.isDue(obstacle.kind, now: monotonicMs) {
            let text = "records are not brought to disk yet, and it is tried again: \(obstacle)"
            notices.append(Notice(level: .warning, text: text))
        }
        for (partition, error) in flushes.takeFailures() {
            noteFailedFlush(of: partition, ": \(error)")
        }
        guard let job = begun else {
            if !flushes.isUnderWay {
                answerSettled(now: clock.wallMs)
            }
            return nil
        }
        return job
    }

    /// Takes the results of a round, one for each of its entries, and answers who waited for them.
    package mutating func flushed(_ job: FlushJob, succeeded: [Bool], now clock: Now) {
        beginStep(clock)
        for (partition, succeeded) in flushes.end(job, succeeded: succeeded, now: clock.wallMs) {
            if succeeded {
                parking.wake(.partition(partition.handle))
            } else {
                noteFailedFlush(of: partition)
            }
        }
        answerSettled(now: clock.wallMs)
    }

    private mutating func noteFailedFlush(of partition: Partition, _ reason: String = "") {
        parking.wake(.partition(partition.handle))
        let name = "\(partition.topicName)-\(partition.index)"
        complain(.flush, of: name, "flush of \(name) failed; its log is offline now\(reason)")
    }

    /// Brings everything to disk before it returns: for the end, and for owners that may wait.
    package mutating func flush(now: Now) {
        while let job = takeFlush(now: now) {
            flushed(job, succeeded: job.entries.map { $0.ticket.perform() }, now: now)
        }
    }

    private mutating func answerSettled(now: Int64) {
        for request in flushes.takeSettled() {
            if let response = answer(request) {
                deliver(response, to: request.token)
            } else {
                hangUp(request.token)
            }
        }
        resumeWoken(now: now)
    }

    /// Brings what one request waits for to disk, for callers inside the process that cannot wait; nil when it waits
    /// for something else.
    mutating func flushAlone(_ token: RequestToken) -> (any KafkaResponse)? {
        guard let request = flushes.take(token) else {
            return nil
        }
        for target in request.targets {
            do throws(StorageError) {
                try target.log.flush()
                parking.wake(.partition(target.partition.handle))
            } catch {
                let name = "\(target.partition.topicName)-\(target.partition.index)"
                complain(.flush, of: name, "flush of \(name) failed: \(error)")
            }
        }
        return answer(request)
    }

    /// Makes an answer wait for what its request appended to internal logs.
    mutating func holdUntilDurable(_ outcome: AnyOutcome, _ token: RequestToken) -> AnyOutcome {
        let targets = flushes.takeTouched()
        guard case .reply(let response) = outcome, !targets.isEmpty else {
            return outcome
        }
        flushes.add(FlushQueue.Waiting(token: token, targets: targets, response: response))
        return .pending
    }

    // MARK: Answers

    /// The answer as it was prepared, or what it has to be when the disk did not take everything.
    /// nil when there is no answer that would tell the truth.
    private func answer(_ request: FlushQueue.Waiting) -> (any KafkaResponse)? {
        let lost = request.targets.filter { $0.log.state(of: $0.point) != .durable }.map(\.partition)
        guard !lost.isEmpty else {
            return request.response
        }
        switch request.response {
        case let produced as ProduceResponse: return withStorageErrors(produced, lost)
        case var committed as OffsetCommitResponse:
            for topic in committed.topics.indices {
                for index in committed.topics[topic].partitions.indices {
                    committed.topics[topic].partitions[index].errorCode =
                        ErrorCode.kafkaStorageError.forOffsetCommits.rawValue
                }
            }
            return committed
        default: return nil
        }
    }

    /// Closes a connection instead of answering: its client has to look again.
    mutating func hangUp(_ token: RequestToken) {
        if token.connection == .internalCaller {
            internalWaiters.removeValue(forKey: token.sequence)?(nil)
            return
        }
        guard connections[token.connection] != nil else {
            return
        }
        var reply = Reply(to: token, body: BareToken())
        reply.framing = .nothing
        reply.effect = .close
        deliveries.append(Delivery(connection: token.connection, reply: reply))
    }

    /// KAFKA_STORAGE_ERROR for partitions that the disk did not take.
    private func withStorageErrors(_ produced: ProduceResponse, _ lost: [Partition]) -> ProduceResponse {
        var response = produced
        for topic in response.responses.indices {
            let entry = response.responses[topic]
            for index in entry.partitionResponses.indices {
                let number = entry.partitionResponses[index].index
                let isLost = lost.contains { partition in
                    partition.index == number
                        && (partition.topicID == entry.topicID || partition.topicName == entry.name)
                }
                if isLost {
                    response.responses[topic].partitionResponses[index].errorCode = ErrorCode.kafkaStorageError.rawValue
                    response.responses[topic].partitionResponses[index].baseOffset = -1
                    response.responses[topic].partitionResponses[index].logAppendTimeMs = -1
                    response.responses[topic].partitionResponses[index].logStartOffset = -1
                }
            }
        }
        return response
    }
}
