import KafkaProtocol
import LogStorage

extension Cluster {
    /// What Kafka's background threads do now and then: roll old segments, flush, forget old offsets.
    mutating func keepHouse(now: Int64) {
        var unflushed: [(Partition, PartitionLog)] = []
        lookAtDueLogs(\.segments, now: now) { (partition, log) throws(StorageError) in
            try log.rollIfNeeded(now: now)
            if log.needsFlush(now: now) {
                unflushed.append((partition, log))
            }
            return UpkeepResult(next: log.nextRollOrFlush)
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
        notices += repeatedNotices.take()
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
        lookAtDueLogs(\.retention, now: now) { (_, log) throws(StorageError) in
            try log.rollIfNeeded(now: now)
            let isCut = try log.applyRetention(now: now) > 0
            return UpkeepResult(next: try log.nextExpiry(), isNews: isCut)
        }
        timers.schedule(.retention, at: deadline(after: retentionCheckInterval))
    }

    /// Forgets producers that were silent for `producer.id.expiration.ms`, every
    /// `producer.id.expiration.check.interval.ms`.
    mutating func expireProducers(now: Int64) {
        lookAtDueLogs(\.producers, now: now) { (_, log) throws(StorageError) in
            log.removeExpiredProducers(now: now)
            return UpkeepResult(next: log.nextProducerExpiry)
        }
        timers.schedule(.producerExpiry, at: deadline(after: producerCheckInterval))
    }

    private struct UpkeepResult {
        /// When the log needs the next look if it does not change; nil for never.
        let next: Int64?
        /// Whether readers have to look again.
        var isNews = false
    }

    /// Does something to every log that is online and has changed, or whose moment has come; a failure concerns that
    /// log alone, and it is tried again next time.
    private mutating func lookAtDueLogs(
        _ queue: WritableKeyPath<Upkeep, UpkeepQueue>, now: Int64,
        _ look: (Partition, PartitionLog) throws(StorageError) -> UpkeepResult
    ) {
        noteChangedLogs()
        for name in upkeep[keyPath: queue].takeDue(now: now) {
            guard let partition = topics[name.topicID]?.partition(name.index), let log = partition.log, !log.isOffline
            else {
                continue
            }
            upkeep.looks += 1
            do throws(StorageError) {
                let result = try look(partition, log)
                if let next = result.next {
                    upkeep[keyPath: queue].plan(name, at: next)
                }
                if result.isNews {
                    parking.wake(.partition(partition.handle))
                }
            } catch {
                upkeep[keyPath: queue].noteChange(of: name)
                let failed = "\(partition.topicName)-\(partition.index)"
                complain(.upkeep, of: failed, "upkeep of \(failed) failed: \(error)")
            }
        }
    }

    /// Hands on which logs have changed: to every kind of upkeep, and to the checkpoints.
    mutating func noteChangedLogs() {
        for name in upkeep.changes.take() {
            guard let partition = topics[name.topicID]?.partition(name.index), let log = partition.log else {
                continue
            }
            log.changeWasTaken()
            if let damage = log.takeDamage() {
                let name = "\(partition.topicName)-\(partition.index)"
                let text = "partition \(name) is damaged, it cannot be read from there on: \(damage)"
                notices.append(Notice(level: .error, text: text))
            }
            upkeep.noteChange(of: name)
            let known = OffsetCheckpoint.Partition(topic: partition.topicName, partition: partition.index)
            checkpoints.note(known, start: log.logStartOffset, recovery: log.recoveryPoint)
        }
    }

    /// Begins to write the checkpoint files. They get their names once their bytes are on disk, so that a loss of power
    /// leaves no empty file; the names are not waited for.
    mutating func noteCheckpoints() {
        do throws(StorageError) {
            try beginCheckpoints()
        } catch {
            complain(.checkpoints, "checkpoints were not written: \(error)")
        }
    }

    /// After a loss that was told, or accepted: a crash from here on must not look like another one.
    mutating func noteCheckpointsAtOnce() {
        do throws(StorageError) {
            try writeCheckpoints(durable: true)
            for log in topics.sorted.flatMap({ $0.partitions.compactMap(\.log) }) where log.hasCutNote {
                try log.forgetCut()
            }
        } catch {
            complain(.checkpoints, "checkpoints were not written: \(error)")
        }
    }

    /// Writes where logs begin before it returns: what was deleted stays so when the process dies now.
    mutating func noteLogStarts() {
        do throws(StorageError) {
            try writeLogStarts()
        } catch {
            complain(.checkpoints, "log starts were not written: \(error)")
        }
    }
}
