import KafkaProtocol
import LogStorage

/// Partitions whose logs could not be opened for a reason that may pass: a full disk, too many open files, a disk that
/// answers errors. They are tried again, some at a time and less and less often, until they open. Lost or damaged
/// records do not come back by waiting: those logs are not in here.
struct OfflinePartitions {
    struct Entry {
        let topicID: KafkaUUID
        let index: Int32
        var options: LogOptions

        /// A log that has to be read through takes a turn of the cluster for itself.
        var isSlow: Bool { !options.cleanShutdown }
    }

    /// In the order in which they are tried.
    private(set) var entries: [Entry] = []
    /// How many of them the present round has not tried yet.
    private var left = 0
    /// Whether a partition came back in the present round.
    private var hasNews = false
    /// From the end of a round to the next one, in milliseconds.
    private var delay = firstDelay
    var isScheduled = false

    static let firstDelay: Int64 = 1_000
    static let longestDelay: Int64 = 30_000
    /// Milliseconds between two slices of a round, in which the cluster serves who waits.
    static let sliceInterval: Int64 = 20
    /// Logs opened in one go.
    static let perSlice = 10

    static func mayPass(_ error: StorageError) -> Bool {
        switch error.kind {
        case .noSpace, .tooManyOpenFiles, .io: true
        default: false
        }
    }

    mutating func append(_ entry: Entry) {
        entries.append(entry)
    }

    /// Takes out what is tried now.
    mutating func takeSlice() -> [Entry] {
        if left == 0 {
            left = entries.count
            hasNews = false
        }
        let slice = entries.prefix(entries.first?.isSlow == true ? 1 : min(Self.perSlice, left))
        entries.removeFirst(slice.count)
        left -= slice.count
        return Array(slice)
    }

    /// Puts back what failed.
    /// - Returns: milliseconds until the next slice. Once something opens, the rest may too.
    mutating func finishSlice(tried: Int, failed: [Entry]) -> Int64 {
        entries += failed
        hasNews = hasNews || failed.count < tried
        guard left == 0 else {
            return Self.sliceInterval
        }
        delay = hasNews ? Self.firstDelay : min(delay *| 2, Self.longestDelay)
        return delay
    }
}

extension Cluster {
    mutating func tryAgainLater(_ topicID: KafkaUUID, _ index: Int32, _ options: LogOptions) {
        var options = options
        options.mustExist = true
        offline.append(OfflinePartitions.Entry(topicID: topicID, index: index, options: options))
        scheduleOfflineRetry(after: OfflinePartitions.firstDelay)
    }

    private mutating func scheduleOfflineRetry(after delay: Int64) {
        guard !offline.isScheduled, !offline.entries.isEmpty else {
            return
        }
        offline.isScheduled = true
        timers.schedule(.offlineRetry, at: deadline(after: delay))
    }

    /// Tries some of the partitions that are offline.
    mutating func retryOffline(now: Int64) {
        offline.isScheduled = false
        let tried = offline.takeSlice()
        var failed: [OfflinePartitions.Entry] = []
        for entry in tried {
            // Deleted topics need no log.
            guard let partition = topics[entry.topicID]?.partition(entry.index), partition.log == nil else {
                continue
            }
            var entry = entry
            if !openAgain(partition, &entry, now: now) {
                failed.append(entry)
            }
        }
        scheduleOfflineRetry(after: offline.finishSlice(tried: tried.count, failed: failed))
    }

    /// False when it has to be tried again.
    private mutating func openAgain(
        _ partition: Partition, _ entry: inout OfflinePartitions.Entry, now: Int64
    ) -> Bool {
        let name = "\(partition.topicName)-\(partition.index)"
        var options = entry.options
        options.now = now
        // The mirror may have stopped, or begun again, since the start.
        let ends = topics[entry.topicID]?.mirror?.producerEnds ?? []
        options.producerEnd = Int(entry.index) < ends.count ? ends[Int(entry.index)] : nil
        do throws(StorageError) {
            let log = try PartitionLog.open(
                directory: logDirectory(partition.topicName, partition.index), fileSystem: fileSystem,
                config: configs.logConfig(partition.topicName, nodeID: partition.leader), options: options)
            report(log.findings, of: name)
            // Should the rest fail: what is lost is told, and would look like another loss the next time.
            entry.options.recoveryPoint = min(entry.options.recoveryPoint, log.recoveryPoint)
            try keepPromises(partition, log, named: options.producerEnd, now: now)
            if partition.topicName == InternalTopic.consumerOffsets {
                try loadGroups(of: log, name, now: now)
            }
            partition.log = log
            log.reportChanges(to: upkeep.changes, as: partition.name)
            if lossyPartitions.contains(name) {
                noteCheckpointsAtOnce()
            }
        } catch {
            guard OfflinePartitions.mayPass(error) else {
                let reason = Self.explained(error, name, configuration)
                notices.append(Notice(level: .error, text: "partition \(name) stays offline: \(reason)"))
                return true
            }
            return false
        }
        notices.append(Notice(level: .info, text: "partition \(name) is online again"))
        parking.wake(.partition(partition.handle))
        return true
    }

    /// What a start does for the logs that it opens, before anything is written to this one: its epochs are no secret
    /// to the partition, lost records and those that take their place have different epochs, and what comes behind a
    /// stopped mirror's last record is this cluster's.
    ///
    /// - Throws: as a full disk does; nothing has been written to the log then.
    private mutating func keepPromises(
        _ partition: Partition, _ log: PartitionLog, named end: Int64?, now: Int64
    ) throws(StorageError) {
        partition.raiseLeaderEpoch(to: log.latestLeaderEpoch ?? -1)
        var changes: [MetadataChange] = []
        // As the name is in there until the next start, a second try comes to this too.
        if lossyPartitions.contains("\(partition.topicName)-\(partition.index)"), partition.leaderEpoch < .max {
            changes.append(
                .mirrorLeaderEpoch(
                    leaderEpochRecord(partition.topicID, partition.index, partition.leaderEpoch +| 1)))
        }
        if let found = log.producerEnd, found != end, var mirror = topics[partition.topicID]?.mirror {
            mirror.producerEnds[Int(partition.index)] = found
            changes.append(.mirrorTopic(mirror.record(topicID: partition.topicID)))
        }
        guard !changes.isEmpty else {
            return
        }
        do throws(ErrorCode) {
            try commit(changes, now: now)
        } catch {
            throw StorageError(.io, "write", metadataLog.log.directory, detail: error.name)
        }
    }
}
