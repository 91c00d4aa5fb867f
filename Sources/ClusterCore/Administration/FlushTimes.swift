import KafkaProtocol
import LogStorage

/// `flush.ms` and `flush.messages`: when records go to disk that nobody waits for.
extension Cluster {
    /// Notes what was just appended: it is flushed `flush.ms` later, or in this turn when `flush.messages` is reached.
    mutating func scheduleFlush(of partition: Partition, _ log: PartitionLog) {
        let delay = log.hasReachedFlushMessages ? 0 : log.config.flushMs
        guard delay < .max, !partition.hasScheduledFlush || delay == 0 else {
            return
        }
        partition.hasScheduledFlush = true
        timers.schedule(.flush(topic: partition.topicID, partition: partition.index), at: deadline(after: delay))
    }

    /// Flushes what has waited long enough. What was flushed meanwhile costs nothing.
    mutating func flushScheduled(_ topicID: KafkaUUID, _ index: Int32) {
        guard let partition = topics[topicID]?.partition(index), partition.hasScheduledFlush else {
            return
        }
        partition.hasScheduledFlush = false
        guard let log = partition.log, !log.isOffline else {
            return
        }
        flushes.mark(partition, log)
    }
}
