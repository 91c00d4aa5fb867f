import KafkaProtocol
import LogStorage

extension Cluster {
    /// Logs that are looked at in one turn, and groups.
    static let looksPerSlice = 25

    /// What Kafka's background threads do now and then: roll old segments, flush, forget old offsets.
    mutating func keepHouse(now: Int64) {
        beginUpkeep(\.segments, now: now)
        if epochRiseIsDue {
            raiseLeaderEpochs(now: now)
        }
        expireOffsets(now: now)
        groups.orphans.tryAgain()
        removals.retryFailed()
        upkeep.untidy += upkeep.failedTidying
        upkeep.failedTidying = []
        scheduleTopicWorkLeft()
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
        beginUpkeep(\.retention, now: now)
        timers.schedule(.retention, at: deadline(after: retentionCheckInterval))
    }

    /// Forgets producers that were silent for `producer.id.expiration.ms`, every
    /// `producer.id.expiration.check.interval.ms`.
    mutating func expireProducers(now: Int64) {
        beginUpkeep(\.producers, now: now)
        timers.schedule(.producerExpiry, at: deadline(after: producerCheckInterval))
    }

    /// Looks at every log that is online and has changed, or whose moment has come: at some at once, at more in slices.
    private mutating func beginUpkeep(_ queue: WritableKeyPath<Upkeep, UpkeepQueue>, now: Int64) {
        noteChangedLogs()
        upkeep[keyPath: queue].begin(now: now)
        goOnWithUpkeep(queue, now: now)
        scheduleTopicWorkLeft()
    }

    /// One slice of whatever upkeep there is.
    mutating func goOnWithUpkeep(now: Int64) {
        if let queue = Upkeep.queues.first(where: { upkeep[keyPath: $0].isUnderWay }) {
            goOnWithUpkeep(queue, now: now)
        }
    }

    /// A failure concerns one log alone, and it is tried again next time. A log with many old segments counts for many.
    private mutating func goOnWithUpkeep(_ queue: WritableKeyPath<Upkeep, UpkeepQueue>, now: Int64) {
        var left = Self.looksPerSlice
        while left > 0, let name = upkeep[keyPath: queue].next() {
            left -= 1
            guard let partition = topics[name.topicID]?.partition(name.index), let log = partition.log, !log.isOffline
            else {
                continue
            }
            upkeep.looks += 1
            let segmentCount = log.segmentCount
            defer { left -= max(0, segmentCount - log.segmentCount) }
            do throws(StorageError) {
                if let next = try look(at: log, of: partition, queue, now: now) {
                    upkeep[keyPath: queue].plan(name, at: next)
                }
            } catch {
                upkeep[keyPath: queue].noteChange(of: name)
                let failed = "\(partition.topicName)-\(partition.index)"
                complain(.upkeep, of: failed, "upkeep of \(failed) failed: \(error)")
            }
        }
    }

    /// - Returns: when the log needs the next look if it does not change; nil for never.
    private mutating func look(
        at log: PartitionLog, of partition: Partition, _ queue: WritableKeyPath<Upkeep, UpkeepQueue>, now: Int64
    ) throws(StorageError) -> Int64? {
        switch queue {
        case \Upkeep.segments:
            try log.rollIfNeeded(now: now)
            if log.needsFlush(now: now) {
                flushes.mark(partition, log)
            }
            return log.nextRollOrFlush
        case \Upkeep.retention:
            // Also those that went before something failed.
            defer { tidyFilesSoon(partition) }
            try log.rollIfNeeded(now: now)
            if try log.applyRetention(now: now) > 0 {
                // Readers have to look again.
                parking.wake(.partition(partition.handle))
            }
            return try log.nextExpiry()
        default:
            log.removeExpiredProducers(now: now)
            return log.nextProducerExpiry
        }
    }

    /// The files of segments that a log has just dropped go in slices, and leader epochs that have just begun come to
    /// their checkpoints in slices: one request may do both to many logs. A few epochs are written at once: then a log
    /// whose file is emptied right afterwards does not begin as if nothing had been there.
    mutating func tidyFilesSoon(_ partition: Partition) {
        guard let log = partition.log, log.owesFiles else {
            return
        }
        if !log.hasDropped, upkeep.epochsOfStep < Self.epochsAtOnce {
            upkeep.epochsOfStep += 1  // bounded: just compared
            // What fails is tried again, and told, in its slice.
            _ = try? log.tidyFiles(limit: 1)
        }
        guard log.owesFiles, upkeep.isUntidy.insert(partition.name).inserted else {
            return
        }
        upkeep.untidy.append(partition.name)
        scheduleTopicWork()
    }

    /// One slice of what logs owe their files.
    mutating func tidyFiles() {
        var left = Self.tidiedFilesPerSlice
        while left > 0, let name = upkeep.untidy.last {
            let partition = topics[name.topicID]?.partition(name.index)
            if let partition, mustStoreStart(of: partition) {
                left -= 1
                upkeep.untidy.removeLast()
                upkeep.awaitingStart.append(name)
                continue
            }
            let movesStart = partition?.log?.hasDropped == true
            do throws(StorageError) {
                left -= try partition?.log?.tidyFiles(limit: left) ?? 0
                if partition?.log?.owesFiles != true {
                    upkeep.untidy.removeLast()
                    upkeep.isUntidy.remove(name)
                }
                if movesStart, let partition {
                    // Followers hear of a log start once nothing brings earlier records back.
                    parking.wake(.partition(partition.handle))
                }
            } catch {
                left -= 1
                upkeep.untidy.removeLast()
                upkeep.failedTidying.append(name)
                let failed = "\(partition?.topicName ?? "")-\(name.index)"
                let text = "files of \(failed) were not written or removed yet: \(error)"
                complain(.upkeep, of: "files of \(failed)", text)
            }
        }
        if !upkeep.awaitingStart.isEmpty {
            storeLogStarts()
        }
    }

    /// Whether files of dropped segments have to stay: of those that go a loss of power may bring back any, and what is
    /// missing between them is no loss only if the checkpoint says that the log begins behind them. Where the disk
    /// takes no checkpoint they go all the same: it may be full, and theirs all the room there is.
    private func mustStoreStart(of partition: Partition) -> Bool {
        guard configuration.durability == .fsync, checkpoints.startsFailedAt == nil, let log = partition.log,
            !log.isClosed, log.hasDropped
        else {
            return false
        }
        return storedLogStart(partition, log) < min(log.firstKeptOffset, log.logStartOffset)
    }

    /// Log starts have been stored, or could not be.
    mutating func removeFilesBelowStarts() {
        guard !upkeep.awaitingStart.isEmpty else {
            return
        }
        upkeep.untidy += upkeep.awaitingStart
        upkeep.awaitingStart = []
        scheduleTopicWork()
    }

    /// Epoch checkpoints that one step writes itself.
    private static let epochsAtOnce = 4

    /// Files, or parts of large ones, that go in one turn: some milliseconds for those that lie in the page cache.
    static let tidiedFilesPerSlice = 10

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
