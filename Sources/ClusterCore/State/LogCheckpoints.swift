import KafkaProtocol
import LogStorage

/// Where each log begins and up to where it is known to be on disk, as Kafka's two checkpoint files have it.
///
/// Kafka's format names a partition by its topic's name. Taken for another topic of the same name, a position would
/// hide records or spare them from recovery. So before a topic is created, the files are rid of its name, and the disk
/// has that before the metadata log has the topic: whatever a file says about a name, it says about the topic that has
/// it.
struct LogCheckpoints {
    typealias Positions = [String: [Int32: Int64]]

    /// nil when the file was damaged: whatever it holds has to be written over.
    fileprivate var logStarts: Positions? = [:]
    fileprivate var recoveryPoints: Positions? = [:]
    /// Whether a loss of power could bring an earlier version of a file back.
    fileprivate var mayFallBack = false

    init() {}

    /// Reads both files. From a damaged one nothing is taken, as in Kafka: logs then begin with their first segment,
    /// and are read as a whole after an unclean stop.
    init(
        in directory: String, _ fileSystem: any FileSystem, _ notices: inout [Notice]
    ) throws(StorageError) {
        logStarts = try Self.read(directory, OffsetCheckpoint.logStartOffsetFile, fileSystem, &notices)
        recoveryPoints = try Self.read(directory, OffsetCheckpoint.recoveryPointFile, fileSystem, &notices)
    }

    private static func read(
        _ directory: String, _ name: String, _ fileSystem: any FileSystem, _ notices: inout [Notice]
    ) throws(StorageError) -> Positions? {
        do throws(StorageError) {
            var positions: Positions = [:]
            for (partition, offset) in try OffsetCheckpoint.read(directory + "/" + name, from: fileSystem) {
                positions[partition.topic, default: [:]][partition.partition] = offset
            }
            return positions
        } catch {
            guard error.kind == .corrupt else {
                throw error
            }
            let text = "\(directory)/\(name) is damaged and passed over; logs tell their positions themselves"
            notices.append(Notice(level: .warning, text: text))
            return nil
        }
    }

    func logStartOffset(_ partition: OffsetCheckpoint.Partition) -> Int64 {
        max(logStarts?[partition.topic]?[partition.partition] ?? 0, 0)
    }

    func recoveryPoint(_ partition: OffsetCheckpoint.Partition) -> Int64 {
        max(recoveryPoints?[partition.topic]?[partition.partition] ?? 0, 0)
    }

    /// Whether a file may say something about a topic's name.
    fileprivate func mentions(_ topic: String) -> Bool {
        logStarts == nil || recoveryPoints == nil || logStarts?[topic] != nil || recoveryPoints?[topic] != nil
    }

    fileprivate func without(_ topics: some Sequence<String>) -> LogCheckpoints {
        var rest = self
        for topic in topics {
            rest.logStarts?[topic] = nil
            rest.recoveryPoints?[topic] = nil
        }
        return rest
    }
}

extension Cluster {
    /// Writes the checkpoint files for the logs as they are, if they say something else.
    ///
    /// - Parameter durable: wait until a loss of power cannot bring an earlier version back. Upkeep need not: what an
    ///   earlier version says about a log is still true.
    mutating func writeCheckpoints(durable: Bool) throws(StorageError) {
        var current = LogCheckpoints()
        for topic in topics.all {
            for partition in topic.partitions {
                guard let log = partition.log else {
                    // What was known stays known while a partition is offline.
                    let name = OffsetCheckpoint.Partition(topic: topic.name, partition: partition.index)
                    current.note(
                        name, start: checkpoints.logStartOffset(name), recovery: checkpoints.recoveryPoint(name))
                    continue
                }
                let name = OffsetCheckpoint.Partition(topic: topic.name, partition: partition.index)
                current.note(name, start: log.logStartOffset, recovery: log.recoveryPoint)
            }
        }
        try store(current, durable: durable)
    }

    /// Rids the files of the names of topics that are about to be created.
    ///
    /// - Throws: KAFKA_STORAGE_ERROR; the topics must not be created then.
    mutating func forgetPositions(ofNewTopicsIn records: [MetadataChange]) throws(ErrorCode) {
        var names: [String] = []
        for case .topic(let record) in records {
            names.append(record.name)
        }
        guard !names.isEmpty else {
            return
        }
        do throws(StorageError) {
            if names.contains(where: checkpoints.mentions) {
                try store(checkpoints.without(names), durable: true)
            } else if checkpoints.mayFallBack {
                try fileSystem.syncDirectory(configuration.dataDirectory)
                checkpoints.mayFallBack = false
            }
        } catch {
            notices.append(Notice(level: .error, text: "checkpoints were not written: \(error)"))
            throw .kafkaStorageError
        }
    }

    /// Before a log is emptied: positions of what it held would be taken for a loss after a crash.
    mutating func forgetPositions(of partition: Partition) throws(StorageError) {
        let name = OffsetCheckpoint.Partition(topic: partition.topicName, partition: partition.index)
        guard checkpoints.logStartOffset(name) > 0 || checkpoints.recoveryPoint(name) > 0 else {
            return
        }
        var rest = checkpoints
        rest.logStarts?[name.topic]?[name.partition] = nil
        rest.recoveryPoints?[name.topic]?[name.partition] = nil
        try store(rest, durable: true)
    }

    /// Changed logs up to which a clean stop syncs each by itself.
    static let logsSyncedOneByOne = 16

    private mutating func store(_ new: LogCheckpoints, durable: Bool) throws(StorageError) {
        if new.logStarts != checkpoints.logStarts || checkpoints.logStarts == nil {
            try write(new.logStarts ?? [:], OffsetCheckpoint.logStartOffsetFile, durable)
            checkpoints.logStarts = new.logStarts ?? [:]
            checkpoints.mayFallBack = checkpoints.mayFallBack || !durable
        }
        if new.recoveryPoints != checkpoints.recoveryPoints || checkpoints.recoveryPoints == nil {
            try write(new.recoveryPoints ?? [:], OffsetCheckpoint.recoveryPointFile, durable)
            checkpoints.recoveryPoints = new.recoveryPoints ?? [:]
            checkpoints.mayFallBack = checkpoints.mayFallBack || !durable
        }
        guard durable, checkpoints.mayFallBack else {
            return
        }
        try fileSystem.syncDirectory(configuration.dataDirectory)
        checkpoints.mayFallBack = false
    }

    private func write(
        _ positions: LogCheckpoints.Positions, _ file: String, _ durable: Bool
    ) throws(StorageError) {
        var offsets: [OffsetCheckpoint.Partition: Int64] = [:]
        for (topic, partitions) in positions {
            for (index, offset) in partitions {
                offsets[OffsetCheckpoint.Partition(topic: topic, partition: index)] = offset
            }
        }
        try OffsetCheckpoint.write(
            offsets, to: configuration.dataDirectory + "/" + file, on: fileSystem, durable: durable)
    }

    /// Closes every log and leaves the mark that lets the next start skip recovery. The cluster must not be used any
    /// more. What a loss of power could take is on disk before checkpoints and mark say so, whatever the durability:
    /// only logs that have changed are synced, and many of them by one call.
    ///
    /// - Throws: the first failure; then there is no mark and the next start recovers.
    package mutating func close() throws(StorageError) {
        for waiter in internalWaiters.values {
            waiter(nil)
        }
        internalWaiters = [:]
        let logs = topics.sorted.flatMap { $0.partitions.compactMap(\.log) }
        let directory = configuration.dataDirectory
        let isSyncedTogether = logs.count(where: \.isDirty) > Self.logsSyncedOneByOne
        for log in logs {
            try log.close(isSyncedTogether: isSyncedTogether)
        }
        try metadataLog.log.close()
        if isSyncedTogether {
            try fileSystem.treeSyncHandle(directory).sync()
        } else {
            try fileSystem.syncDirectory(directory)
        }
        try writeCheckpoints(durable: true)
        guard startedClean || topics.all.allSatisfy({ $0.partitions.allSatisfy { $0.log != nil } }) else {
            // Logs that were never opened since the last unclean stop have still to be recovered.
            return
        }
        try CleanShutdown.mark(configuration.dataDirectory, fileSystem)
    }
}

extension LogCheckpoints {
    fileprivate mutating func note(_ partition: OffsetCheckpoint.Partition, start: Int64, recovery: Int64) {
        if recovery > 0 {
            recoveryPoints?[partition.topic, default: [:]][partition.partition] = recovery
        }
        if start > 0 {
            logStarts?[partition.topic, default: [:]][partition.partition] = start
        }
    }
}
