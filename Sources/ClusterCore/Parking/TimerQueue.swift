import HeapModule
import KafkaProtocol

/// Deadlines in order. Cancelling is lazy: an event that is no longer true when it fires is ignored by its owner.
package struct TimerQueue {
    private struct Entry: Comparable {
        let deadline: Int64
        let order: UInt64
        let event: TimerEvent

        static func < (left: Entry, right: Entry) -> Bool {
            (left.deadline, left.order) < (right.deadline, right.order)
        }

        static func == (left: Entry, right: Entry) -> Bool {
            left.order == right.order
        }
    }

    private var heap = Heap<Entry>()
    private var nextOrder: UInt64 = 0

    /// The earliest event's moment, on the monotonic clock.
    package var nextDeadline: Int64? { heap.min?.deadline }

    package mutating func schedule(_ event: TimerEvent, at deadline: Int64) {
        heap.insert(Entry(deadline: deadline, order: nextOrder, event: event))
        nextOrder += 1
    }

    /// Tells what is scheduled so far from what comes later.
    package var mark: UInt64 { nextOrder }

    /// Takes the earliest event that is due at `now` and was scheduled before `mark`. Without the mark, an event that
    /// schedules itself at once would never let its owner go.
    package mutating func popDue(_ now: Int64, before mark: UInt64 = .max) -> TimerEvent? {
        guard let first = heap.min, first.deadline <= now, first.order < mark else {
            return nil
        }
        return heap.removeMin().event
    }
}

/// What can become due.
package enum TimerEvent: Sendable {
    /// A parked request reached its longest wait.
    case parked(sequence: UInt64)
    /// Something inside a consumer group; the group coordinator knows whether it still holds.
    case group(GroupTimer)
    /// Segment roll, expiry of offsets, checkpoints.
    case housekeeping
    /// Deleting what `retention.ms` and `retention.bytes` give up.
    case retention
    /// Forgetting silent producers.
    case producerExpiry
    /// Records that have waited for `flush.ms`.
    case flush(topic: KafkaUUID, partition: Int32)
    /// The next slice of making and removing partitions.
    case topicWork
    /// The next slice of answers that are too long to be made at once.
    case piecewise
    /// Partitions that could not be opened are tried again.
    case offlineRetry
    /// What was refused and is still in the metadata log is to be taken back.
    case metadataRetry
}
