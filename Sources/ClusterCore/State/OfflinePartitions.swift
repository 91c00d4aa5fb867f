import KafkaProtocol
import LogStorage

/// Partitions whose logs could not be opened for a reason that may pass: a full disk, too many open files, a disk that
/// answers errors. They are tried again, some at a time and less and less often, until they open. Lost or damaged
/// records do not come back by waiting: those logs are not in here.
struct OfflinePartitions {
    struct Entry {
        let topicID: KafkaUUID
        let index: Int32
        let options: LogOptions

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
            if !openAgain(partition, entry, now: now) {
                failed.append(entry)
            }
        }
        scheduleOfflineRetry(after: offline.finishSlice(tried: tried.count, failed: failed))
    }

    /// False when it has to be tried again.
    private mutating func openAgain(
        _ partition: Partition, _ entry: OfflinePartitions.Entry, now: Int64
    ) -> Bool {
        let name = "\(partition.topicName)-\(partition.index)"
        var options = entry.options
        options.now = now
        do throws(StorageError) {
            let log = try PartitionLog.open(
                directory: logDirectory(partition.topicName, partition.index), fileSystem: fileSystem,
                config: configs.logConfig(partition.topicName, nodeID: partition.leader), options: options)
            if partition.topicName == InternalTopic.consumerOffsets {
                try loadGroups(of: log, name, now: now)
            }
            report(log.findings, of: name)
            partition.log = log
            log.reportChanges(to: upkeep.changes, as: partition.name)
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
}
