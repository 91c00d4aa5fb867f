import KafkaProtocol
import LogStorage

/// Where each log begins and up to where it is known to be on disk, as Kafka's two checkpoint files have it.
///
/// Kafka's format names a partition by its topic's name. Taken for another topic of the same name, a position would
/// hide records or spare them from recovery. So before a topic is created, the files are rid of its name, and the disk
/// has that before the metadata log has the topic: whatever a file says about a name, it says about the topic that has
/// it.
struct LogCheckpoints {
    /// From `log-start-offset-checkpoint`; a log that begins at 0 is not in it.
    var starts = PositionFile(OffsetCheckpoint.logStartOffsetFile)
    /// From `recovery-point-offset-checkpoint`; a log that is known to be on disk up to 0 is not in it.
    fileprivate var recoveryPoints = PositionFile(OffsetCheckpoint.recoveryPointFile)
    /// Whether a loss of power could bring an earlier version of a file back.
    var mayFallBack = false
    /// New versions, or their names, are on their way to the disk.
    var isWriting = false
    /// More was to be written meanwhile.
    var isWantedAgain = false
    var waiters = LogStartWaiters()

    init() {}

    /// Reads both files. From a damaged one nothing is taken, as in Kafka: logs then begin with their first segment,
    /// and are read as a whole after an unclean stop.
    ///
    /// - Parameter clean: whether the last stop was: then both are on disk. Otherwise the names that are seen here may
    ///   not be there yet when the power fails next.
    init(
        in directory: String, _ fileSystem: any FileSystem, clean: Bool, _ notices: inout [Notice]
    ) throws(StorageError) {
        mayFallBack = !clean
        try starts.read(directory, fileSystem, &notices)
        try recoveryPoints.read(directory, fileSystem, &notices)
    }

    func logStartOffset(_ partition: OffsetCheckpoint.Partition) -> Int64 { starts.written(partition) }
    func recoveryPoint(_ partition: OffsetCheckpoint.Partition) -> Int64 { recoveryPoints.written(partition) }

    /// Takes note of a log as it is; the files have it after the next write.
    mutating func note(_ partition: OffsetCheckpoint.Partition, start: Int64, recovery: Int64) {
        starts.note(partition, start)
        recoveryPoints.note(partition, recovery)
    }

    /// The topic is gone. The files have its name until the next write.
    mutating func forgetTopic(_ name: String) {
        starts.forgetTopic(name)
        recoveryPoints.forgetTopic(name)
    }

    /// Once after the start: what the files name and the cluster does not have.
    mutating func forgetAllBut(_ topics: TopicCatalog) {
        starts.forgetAllBut(topics)
        recoveryPoints.forgetAllBut(topics)
    }

    /// Whether a file may say something about a topic's name, now or after the next write.
    fileprivate func mentions(_ topic: String) -> Bool { starts.mentions(topic) || recoveryPoints.mentions(topic) }

    fileprivate func mentions(_ partition: OffsetCheckpoint.Partition) -> Bool {
        starts.mentions(partition) || recoveryPoints.mentions(partition)
    }

    fileprivate mutating func abandonWriting() {
        starts.abandonWriting()
        recoveryPoints.abandonWriting()
    }
}

extension Cluster {
    /// Writes the checkpoint files for the logs as they are, if they say something else.
    ///
    /// - Parameter durable: wait until a loss of power cannot bring an earlier version back.
    mutating func writeCheckpoints(durable: Bool) throws(StorageError) {
        noteChangedLogs()
        try store(durable: durable)
    }

    /// Begins to write the checkpoint files for the logs as they are, if they say something else; another thread waits
    /// for the disk. An earlier version may come back until then: what it says about a log is still true.
    ///
    /// - Parameter startsOnly: nobody waits for the recovery points.
    mutating func beginCheckpoints(startsOnly: Bool = false) throws(StorageError) {
        noteChangedLogs()
        guard !checkpoints.isWriting else {
            checkpoints.isWantedAgain = true
            return
        }
        checkpoints.waiters.beginWriting()
        var handles: [any SyncHandle] = []
        let files: [WritableKeyPath<LogCheckpoints, PositionFile>] =
            startsOnly ? [\.starts] : [\.starts, \.recoveryPoints]
        do throws(StorageError) {
            for file in files where checkpoints[keyPath: file].needsWriting {
                handles.append(
                    try checkpoints[keyPath: file].beginWriting(configuration.dataDirectory, fileSystem))
            }
        } catch {
            checkpoints.abandonWriting()
            answerLogStartWaiters(succeeded: false)
            throw error
        }
        guard !handles.isEmpty else {
            return waitForCheckpointNames()
        }
        checkpoints.isWriting = true
        diskSyncs.append(DiskSync(purpose: .checkpoints, handle: SyncHandles(handles)))
    }

    /// Puts new checkpoint files in place that have reached the disk.
    mutating func finishCheckpoints(succeeded: Bool) {
        checkpoints.isWriting = false
        do throws(StorageError) {
            guard succeeded else {
                checkpoints.abandonWriting()
                throw StorageError(.io, "sync", configuration.dataDirectory)
            }
            checkpoints.mayFallBack = true
            if checkpoints.starts.needsWriting, !checkpoints.starts.isBeingWritten {
                // What was begun has been given up for a write that failed.
                checkpoints.waiters.waitForNextWrite()
                checkpoints.isWantedAgain = true
            }
            try checkpoints.starts.finishWriting(configuration.dataDirectory, fileSystem)
            try checkpoints.recoveryPoints.finishWriting(configuration.dataDirectory, fileSystem)
        } catch {
            checkpoints.abandonWriting()
            answerLogStartWaiters(succeeded: false)
            complain(.checkpoints, "checkpoints were not written: \(error)")
        }
        waitForCheckpointNames()
        writeCheckpointsAgain()
    }

    /// What was to be written while something else was under way.
    mutating func writeCheckpointsAgain() {
        guard checkpoints.isWantedAgain, !checkpoints.isWriting else {
            return
        }
        checkpoints.isWantedAgain = false
        noteCheckpoints()
    }

    /// Writes where logs begin, if the file says something else. What is acknowledged then is on disk with durability
    /// `fsync`, and outlives the process in any case.
    mutating func writeLogStarts() throws(StorageError) {
        noteChangedLogs()
        try store(\.starts, durable: configuration.durability == .fsync)
    }

    /// Rids the files of the names of topics that are about to be created.
    ///
    /// - Throws: KAFKA_STORAGE_ERROR; the topics must not be created then.
    mutating func forgetPositions(ofNewTopics names: [String]) throws(ErrorCode) {
        guard !names.isEmpty else {
            return
        }
        do throws(StorageError) {
            if names.contains(where: checkpoints.mentions) {
                names.forEach { checkpoints.forgetTopic($0) }
                try store(durable: true)
            } else if checkpoints.mayFallBack {
                try fileSystem.syncDirectory(configuration.dataDirectory)
                checkpoints.mayFallBack = false
            }
        } catch {
            complain(.checkpoints, "checkpoints were not written: \(error)")
            throw .kafkaStorageError
        }
    }

    /// Before a log is emptied, or cut at its end: positions of what it held would be taken for a loss after a crash.
    ///
    /// - Parameter start: where it begins all the same.
    mutating func forgetPositions(of partition: Partition, keepingStart start: Int64 = 0) throws(StorageError) {
        noteChangedLogs()
        let name = OffsetCheckpoint.Partition(topic: partition.topicName, partition: partition.index)
        checkpoints.note(name, start: start, recovery: 0)
        // What it is then, or still is if emptying it fails, is noted with the next write.
        partition.log?.noteChange()
        guard checkpoints.mentions(name) else {
            return
        }
        try store(durable: true)
    }

    /// Logs with something to sync up to which a clean stop syncs each by itself.
    static let logsSyncedOneByOne = 16

    private mutating func store(durable: Bool) throws(StorageError) {
        try store(\.starts, durable: durable)
        try store(\.recoveryPoints, durable: durable)
        guard durable, checkpoints.mayFallBack else {
            return
        }
        try fileSystem.syncDirectory(configuration.dataDirectory)
        checkpoints.mayFallBack = false
    }

    private mutating func store(
        _ file: WritableKeyPath<LogCheckpoints, PositionFile>, durable: Bool
    ) throws(StorageError) {
        checkpoints[keyPath: file].abandonWriting()
        guard checkpoints[keyPath: file].needsWriting else {
            return
        }
        try checkpoints[keyPath: file].write(configuration.dataDirectory, fileSystem, durable: durable)
        checkpoints.mayFallBack = checkpoints.mayFallBack || !durable
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
        for waiter in making.takeWaiters() {
            waiter([AdminFailure(.brokerNotAvailable, "The cluster is being closed.")])
        }
        finishInstalling()
        let logs = topics.sorted.flatMap { $0.partitions.compactMap(\.log) }
        let directory = configuration.dataDirectory
        let isSyncedTogether = logs.count(where: \.needsSyncToClose) > Self.logsSyncedOneByOne
        // What keeps one log from being closed, a full disk for instance, must not keep the others from the disk.
        var failure: StorageError?
        for log in logs + [metadataLog.log] {
            do throws(StorageError) {
                try log.close(isSyncedTogether: isSyncedTogether && log !== metadataLog.log)
            } catch {
                failure = failure ?? error
            }
        }
        if isSyncedTogether {
            try fileSystem.treeSyncHandle(directory).sync()
        } else {
            try fileSystem.syncDirectory(directory)
        }
        if let failure {
            throw failure
        }
        try writeCheckpoints(durable: true)
        guard startedClean || topics.all.allSatisfy({ $0.partitions.allSatisfy { $0.log != nil } }) else {
            // Logs that were never opened since the last unclean stop have still to be recovered.
            return
        }
        try CleanShutdown.mark(configuration.dataDirectory, fileSystem)
    }
}
