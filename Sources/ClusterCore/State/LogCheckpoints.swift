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
    /// How often a file has got a new version in its place, and how many of these names are on disk.
    private(set) var renames = 0
    private var renamesOnDisk = 0
    private var renamesWithStarts = 0
    /// How often log starts have been stored, or have come to outlive a loss of power.
    private(set) var startVersions = 0
    /// A new version of log starts, or its name, is on its way to the disk.
    var isWriting = false
    /// More was to be written meanwhile.
    var isWantedAgain = false
    /// A new version of the recovery points is on its way to the disk: nobody waits for that.
    fileprivate var isWritingRecoveryPoints = false
    fileprivate var areRecoveryPointsWantedAgain = false
    var waiters = LogStartWaiters()
    /// When log starts could not be stored, on the monotonic clock in milliseconds, unless they could since.
    var startsFailedAt: Int64?

    init() {}

    /// Reads both files. From a damaged one nothing is taken, as in Kafka: logs then begin with their first segment,
    /// and are read as a whole after an unclean stop.
    ///
    /// - Parameters:
    ///   - clean: whether the last stop was: then both are on disk. Otherwise the names that are seen here may not be
    ///     there yet when the power fails next.
    ///   - durability: with `fsync` they are brought there.
    init(
        in directory: String, _ fileSystem: any FileSystem, clean: Bool, _ durability: Durability,
        _ notices: inout [Notice]
    ) throws(StorageError) {
        if !clean, durability == .fsync {
            try fileSystem.syncDirectory(directory)
        } else if !clean {
            renames = 1
        }
        try starts.read(directory, fileSystem, &notices)
        try recoveryPoints.read(directory, fileSystem, &notices)
    }

    /// Whether a loss of power could bring an earlier version of a file back.
    var mayFallBack: Bool { renames != renamesOnDisk }

    mutating func noteRename(ofStarts: Bool) {
        renames += 1
        if ofStarts {
            renamesWithStarts = renames
            noteStoredStarts()
        }
    }

    /// The directory was synced when there had been so many renames.
    mutating func namesAreOnDisk(upTo count: Int) {
        renamesOnDisk = max(renamesOnDisk, count)
        if renamesWithStarts <= count {
            starts.nameIsOnDisk()
            noteStoredStarts()
        }
    }

    fileprivate mutating func noteStoredStarts() {
        startVersions += 1
    }

    /// Where a log begins, as the files say it.
    ///
    /// - Parameter outlivesPower: as they say it at the least after a loss of power.
    func storedStart(_ partition: OffsetCheckpoint.Partition, outlivesPower: Bool) -> Int64 {
        outlivesPower ? starts.certain(partition) : starts.written(partition)
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
        defer {
            if !startsOnly {
                beginRecoveryPoints()
            }
        }
        try beginLogStarts()
    }

    private mutating func beginLogStarts() throws(StorageError) {
        guard !checkpoints.isWriting else {
            checkpoints.isWantedAgain = true
            return
        }
        checkpoints.waiters.beginWriting()
        guard checkpoints.starts.needsWriting else {
            return waitForCheckpointNames()
        }
        do throws(StorageError) {
            let handle = try checkpoints.starts.beginWriting(configuration.dataDirectory, fileSystem)
            checkpoints.isWriting = true
            diskSyncs.append(DiskSync(purpose: .logStarts, handle: handle))
        } catch {
            answerLogStartWaiters(succeeded: false)
            throw error
        }
    }

    private mutating func beginRecoveryPoints() {
        guard !checkpoints.isWritingRecoveryPoints else {
            checkpoints.areRecoveryPointsWantedAgain = true
            return
        }
        guard checkpoints.recoveryPoints.needsWriting else {
            return
        }
        do throws(StorageError) {
            let handle = try checkpoints.recoveryPoints.beginWriting(configuration.dataDirectory, fileSystem)
            checkpoints.isWritingRecoveryPoints = true
            diskSyncs.append(DiskSync(purpose: .recoveryPoints, handle: handle))
        } catch {
            complainOfCheckpoints(error)
        }
    }

    private mutating func complainOfCheckpoints(_ error: StorageError) {
        complain(.checkpoints, "checkpoints were not written: \(error)")
    }

    /// Puts new log starts in place that have reached the disk.
    ///
    /// - Parameter failure: why they have not.
    mutating func finishLogStarts(_ failure: StorageError?) {
        checkpoints.isWriting = false
        if checkpoints.starts.needsWriting, !checkpoints.starts.isBeingWritten {
            // What was begun has been given up for a write that failed.
            checkpoints.waiters.waitForNextWrite()
            checkpoints.isWantedAgain = true
        }
        do throws(StorageError) {
            try finish(\.starts, failure)
        } catch {
            answerLogStartWaiters(succeeded: false)
            complainOfCheckpoints(error)
        }
        waitForCheckpointNames()
        writeCheckpointsAgain()
    }

    mutating func finishRecoveryPoints(_ failure: StorageError?) {
        checkpoints.isWritingRecoveryPoints = false
        do throws(StorageError) {
            try finish(\.recoveryPoints, failure)
        } catch {
            complainOfCheckpoints(error)
        }
        if checkpoints.areRecoveryPointsWantedAgain {
            checkpoints.areRecoveryPointsWantedAgain = false
            noteChangedLogs()
            beginRecoveryPoints()
        }
    }

    private mutating func finish(
        _ file: WritableKeyPath<LogCheckpoints, PositionFile>, _ failure: StorageError?
    ) throws(StorageError) {
        guard checkpoints[keyPath: file].isBeingWritten else {
            return
        }
        do throws(StorageError) {
            if let failure {
                throw failure
            }
            try checkpoints[keyPath: file].finishWriting(configuration.dataDirectory, fileSystem)
            checkpoints.noteRename(ofStarts: file == \.starts)
        } catch {
            checkpoints[keyPath: file].abandonWriting()
            throw error
        }
    }

    /// What was to be written while something else was under way.
    mutating func writeCheckpointsAgain() {
        guard checkpoints.isWantedAgain, !checkpoints.isWriting else {
            return
        }
        checkpoints.isWantedAgain = false
        noteChangedLogs()
        do throws(StorageError) {
            try beginLogStarts()
        } catch {
            complainOfCheckpoints(error)
        }
    }

    /// Writes where logs begin, if the file says something else. What is acknowledged then is on disk with durability
    /// `fsync`, and outlives the process in any case.
    mutating func writeLogStarts() throws(StorageError) {
        noteChangedLogs()
        let isDurable = configuration.durability == .fsync
        try store(\.starts, durable: isDurable)
        try bringNamesToDisk(isDurable)
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
            } else {
                try bringNamesToDisk(true)
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
        try bringNamesToDisk(durable)
    }

    /// Waits for the names of checkpoints that were replaced, also of those that are being brought to disk already.
    private mutating func bringNamesToDisk(_ isWanted: Bool) throws(StorageError) {
        guard isWanted, checkpoints.mayFallBack else {
            return
        }
        try fileSystem.syncDirectory(configuration.dataDirectory)
        checkpoints.namesAreOnDisk(upTo: checkpoints.renames)
    }

    private mutating func store(
        _ file: WritableKeyPath<LogCheckpoints, PositionFile>, durable: Bool
    ) throws(StorageError) {
        checkpoints[keyPath: file].abandonWriting()
        guard checkpoints[keyPath: file].needsWriting else {
            return
        }
        try checkpoints[keyPath: file].write(configuration.dataDirectory, fileSystem, durable: durable)
        if !durable {
            checkpoints.noteRename(ofStarts: file == \.starts)
        } else if file == \.starts {
            checkpoints.noteStoredStarts()
        }
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
        try signAtOnce()
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
