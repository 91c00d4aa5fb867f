import KafkaProtocol
import LogStorage

/// A position that must be on disk before an answer may leave.
struct FlushTarget {
    let partition: Partition
    /// The first offset that need not be durable.
    let offset: Int64
}

/// Acknowledgements that wait for the disk (durability `fsync`). Everything that arrives in one turn of the owner's loop
/// shares one flush per log: group commit without a timer.
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

    mutating func takeAll() -> [Waiting] {
        defer { waiting.removeAll(keepingCapacity: true) }
        return waiting
    }
}

extension Cluster {
    /// Whether acknowledgements wait for ``flush()``.
    package var needsFlush: Bool { !flushes.isEmpty }

    /// Brings what waits to disk and answers. The owner calls it once everything that has arrived is handled.
    package mutating func flush(now: Int64) {
        let waiting = flushes.takeAll()
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
        for request in waiting {
            deliver(answer(request, failed), to: request.token)
        }
        resumeWoken(now: now)
    }

    private func answer(_ request: FlushQueue.Waiting, _ failed: Set<Int>) -> ProduceResponse {
        guard request.targets.contains(where: { failed.contains($0.partition.handle) }) else {
            return request.response
        }
        var response = request.response
        for topic in response.responses.indices {
            for index in response.responses[topic].partitionResponses.indices {
                response.responses[topic].partitionResponses[index].errorCode = ErrorCode.kafkaStorageError.rawValue
            }
        }
        return response
    }
}
