import KafkaProtocol
import LogStorage

/// A position that must be on disk before an answer may leave.
struct FlushTarget {
    let partition: Partition
    /// The first offset that need not be durable.
    let offset: Int64
}

/// Acknowledgements that wait for the disk (durability `fsync`). Everything that arrives in one turn of the owner's
/// loop shares one flush per log: group commit without a timer.
struct FlushQueue {
    struct Waiting {
        let token: RequestToken
        let targets: [FlushTarget]
        let response: ProduceResponse
    }

    private var waiting: [Waiting] = []

    var isEmpty: Bool { waiting.isEmpty }

    mutating func add(_ request: Waiting) {
        waiting.append(request)
    }

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

    mutating func takeAll() -> [Waiting] {
        defer { waiting.removeAll(keepingCapacity: true) }
        return waiting
    }
}

extension Cluster {
    /// Whether acknowledgements wait for ``flush()``.
    package var needsFlush: Bool { !flushes.isEmpty }

    /// Brings what waits to disk and answers. The owner calls it once everything that has arrived is handled.
    package mutating func flush(now clock: Now) {
        beginStep(clock)
        let now = clock.wallMs
        let waiting = flushes.takeAll()
        let failed = flushLogs(waiting)
        for request in waiting {
            deliver(answer(request, failed), to: request.token)
        }
        resumeWoken(now: now)
    }

    /// Brings what one request waits for to disk, for callers that cannot wait; nil when it waits for something else.
    mutating func flushAlone(_ token: RequestToken) -> ProduceResponse? {
        guard let request = flushes.take(token) else {
            return nil
        }
        return answer(request, flushLogs([request]))
    }

    /// - Returns: handles of the partitions that the disk did not take.
    private mutating func flushLogs(_ waiting: [FlushQueue.Waiting]) -> Set<Int> {
        var failed: Set<Int> = []
        var flushed: Set<Int> = []
        for target in waiting.lazy.flatMap(\.targets) where flushed.insert(target.partition.handle).inserted {
            do throws(StorageError) {
                try target.partition.log?.flush()
                parking.wake(.partition(target.partition.handle))
            } catch {
                failed.insert(target.partition.handle)
                let name = "\(target.partition.topicName)-\(target.partition.index)"
                notices.append(Notice(level: .error, text: "flush of \(name) failed: \(error)"))
            }
        }
        return failed
    }

    /// The answer as it was prepared, with KAFKA_STORAGE_ERROR for partitions that the disk did not take.
    private func answer(_ request: FlushQueue.Waiting, _ failed: Set<Int>) -> ProduceResponse {
        let lost = request.targets.lazy.map(\.partition).filter { failed.contains($0.handle) }
        guard !lost.isEmpty else {
            return request.response
        }
        var response = request.response
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
