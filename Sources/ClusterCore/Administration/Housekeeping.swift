import KafkaProtocol
import LogStorage

extension Cluster {
    /// What Kafka's background threads do now and then: roll and delete old segments, forget idle producers and
    /// offsets.
    mutating func keepHouse(now: Int64) {
        for topic in topics.all {
            for partition in topic.partitions {
                guard let log = partition.log, !log.isOffline else {
                    continue
                }
                do throws(StorageError) {
                    try log.rollIfNeeded(now: now)
                    if try log.applyRetention(now: now) > 0 {
                        parking.wake(.partition(partition.handle))
                    }
                    if log.needsFlush(now: now) {
                        try log.flush()
                    }
                    log.removeExpiredProducers(now: now)
                } catch {
                    let text = "upkeep of \(topic.name)-\(partition.index) failed: \(error)"
                    notices.append(Notice(level: .error, text: text))
                }
            }
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

    /// Writes the checkpoint files without waiting for the disk.
    mutating func noteCheckpoints() {
        do throws(StorageError) {
            try writeCheckpoints(durable: false)
        } catch {
            notices.append(Notice(level: .error, text: "checkpoints were not written: \(error)"))
        }
    }
}
