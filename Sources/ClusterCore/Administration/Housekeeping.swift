import KafkaProtocol
import LogStorage

extension Cluster {
    /// What Kafka's background threads do now and then: roll old segments, flush, forget old offsets.
    mutating func keepHouse(now: Int64) {
        var unflushed: [(Partition, PartitionLog)] = []
        forEachLog { (partition, log) throws(StorageError) in
            try log.rollIfNeeded(now: now)
            if log.needsFlush(now: now) {
                unflushed.append((partition, log))
            }
            return false
        }
        for (partition, log) in unflushed {
            flushes.mark(partition, log)
        }
        if epochRiseIsDue {
            raiseLeaderEpochs(now: now)
        }
        expireOffsets(now: now)
        groups.orphans.waitsForUpkeep = false
        removals.retryFailed()
        if !groups.orphans.isEmpty || !removals.isEmpty {
            scheduleTopicWork()
        }
        noteCheckpoints()
    }

    /// Starts what has an interval of its own. As in Kafka the first look at retention comes after
    /// `log.initial.task.delay.ms`, sooner when the interval is shorter.
    mutating func scheduleFirstUpkeep() {
        let initial = Int64(configs.brokerInt("log.initial.task.delay.ms"))
        timers.schedule(.retention, at: deadline(after: min(initial, retentionCheckInterval)))
        timers.schedule(.producerExpiry, at: deadline(after: min(initial, producerCheckInterval)))
    }

    private var retentionCheckInterval: Int64 { Int64(configs.brokerInt("log.retention.check.interval.ms")) }
    private var producerCheckInterval: Int64 { Int64(configs.brokerInt("producer.id.expiration.check.interval.ms")) }

    /// Deletes segments as `retention.ms` and `retention.bytes` say, every `log.retention.check.interval.ms`.
    mutating func enforceRetention(now: Int64) {
        forEachLog { (_, log) throws(StorageError) in
            try log.rollIfNeeded(now: now)
            return try log.applyRetention(now: now) > 0
        }
        timers.schedule(.retention, at: deadline(after: retentionCheckInterval))
    }

    /// Forgets producers that were silent for `producer.id.expiration.ms`, every
    /// `producer.id.expiration.check.interval.ms`.
    mutating func expireProducers(now: Int64) {
        forEachLog { (_, log) throws(StorageError) in
            log.removeExpiredProducers(now: now)
            return false
        }
        timers.schedule(.producerExpiry, at: deadline(after: producerCheckInterval))
    }

    /// Does something to every log that is online; a failure concerns that log alone.
    ///
    /// - Parameter upkeep: tells whether readers have to look again.
    private mutating func forEachLog(_ upkeep: (Partition, PartitionLog) throws(StorageError) -> Bool) {
        for topic in topics.sorted {
            for partition in topic.partitions {
                guard let log = partition.log, !log.isOffline else {
                    continue
                }
                do throws(StorageError) {
                    if try upkeep(partition, log) {
                        parking.wake(.partition(partition.handle))
                    }
                } catch {
                    let text = "upkeep of \(topic.name)-\(partition.index) failed: \(error)"
                    notices.append(Notice(level: .error, text: text))
                }
            }
        }
    }

    /// Writes the checkpoint files without waiting for the disk.
    mutating func noteCheckpoints() {
        do throws(StorageError) {
            try writeCheckpoints(durable: false)
        } catch {
            notices.append(Notice(level: .error, text: "checkpoints were not written: \(error)"))
        }
    }
}
