import KafkaProtocol
import LogStorage

/// An answer that tells where logs begin.
protocol LogStartAnswer: KafkaResponse {
    /// KAFKA_STORAGE_ERROR for what was to be told.
    ///
    /// - Parameter items: the places of log starts that are not stored; everything when there are none.
    mutating func withdraw(_ items: [LogStartWaiters.Item])
}

extension DeleteRecordsResponse: LogStartAnswer {
    mutating func withdraw(_ items: [LogStartWaiters.Item]) {
        for topic in topics.indices {
            for index in topics[topic].partitions.indices where topics[topic].partitions[index].errorCode == 0 {
                topics[topic].partitions[index].errorCode = ErrorCode.kafkaStorageError.rawValue
                topics[topic].partitions[index].lowWatermark = -1
            }
        }
    }
}

extension ListOffsetsResponse: LogStartAnswer {
    mutating func withdraw(_ items: [LogStartWaiters.Item]) {
        for item in items {
            var partition = ListOffsetsPartitionResponse()
            partition.partitionIndex = topics[item.topic].partitions[item.partition].partitionIndex
            partition.errorCode = ErrorCode.kafkaStorageError.rawValue
            topics[item.topic].partitions[item.partition] = partition
        }
    }
}

/// Requests that have moved log starts, or ask for them, and are answered once the checkpoint says so: what was deleted
/// stays so when the process dies then, and with durability `fsync` when the power fails. One write serves all that
/// came before it. There are no more of them than connections.
struct LogStartWaiters {
    /// Where a partition stands in an answer.
    struct Item {
        let topic: Int
        let partition: Int
    }

    struct Waiter {
        let token: RequestToken
        var response: any LogStartAnswer
        /// Log starts that are not stored, where the answer has others too.
        var items: [Item] = []
        /// Bytes of memory that the request and its answer take.
        var heldBytes = 0
    }

    /// Those whom the next write serves.
    private var next: [Waiter] = []
    /// Those whom the write serves that is under way.
    private var served: [Waiter] = []
    /// Bytes of memory that all of them take.
    private(set) var heldBytes = 0

    mutating func add(_ waiter: Waiter) {
        next.append(waiter)
        heldBytes = heldBytes +| waiter.heldBytes
    }

    mutating func beginWriting() {
        served += next
        next = []
    }

    mutating func waitForNextWrite() {
        next = served + next
        served = []
    }

    mutating func takeServed() -> [Waiter] {
        defer {
            served = []
            recount()
        }
        return served
    }

    private mutating func recount() {
        heldBytes = (next + served).reduce(0) { $0 +| $1.heldBytes }
    }

    func isHolding(_ connection: ConnectionID) -> Bool {
        next.contains { $0.token.connection == connection } || served.contains { $0.token.connection == connection }
    }

    mutating func removeAll(of connection: ConnectionID) {
        next.removeAll { $0.token.connection == connection }
        served.removeAll { $0.token.connection == connection }
        recount()
    }
}

extension Cluster {
    /// Where a log will begin if the process dies now, or with durability `fsync` if the power fails: what the files
    /// say then. Followers remove for good what a leader says is gone, so they are not told before it is.
    func storedLogStart(_ partition: Partition, _ log: PartitionLog) -> Int64 {
        // That files are gone is on disk once their directory is synced, which nobody waits for.
        let outlivesPower = configuration.durability == .fsync
        let (start, first) = (log.logStartOffset, outlivesPower ? 0 : log.firstSegmentOffset)
        guard start > first else {
            return start
        }
        let name = OffsetCheckpoint.Partition(topic: partition.topicName, partition: partition.index)
        return min(start, max(first, checkpoints.storedStart(name, outlivesPower: outlivesPower)))
    }

    /// Makes an answer wait until the checkpoint has the log starts as they are now.
    ///
    /// - Returns: false when it has them already.
    mutating func holdUntilLogStartsAreStored(_ waiter: LogStartWaiters.Waiter) -> Bool {
        noteChangedLogs()
        guard checkpoints.starts.needsWriting || waitsForCheckpointNames else {
            return false
        }
        checkpoints.waiters.add(waiter)
        storeLogStarts()
        return true
    }

    /// Whether log starts could not be stored just now. Clients ask again soon; that is not worth a write each time.
    var failedToStoreLogStarts: Bool {
        checkpoints.startsFailedAt.map { monotonicMs -| $0 < Self.logStartRetryMs } ?? false
    }

    private static let logStartRetryMs: Int64 = 1_000

    /// Begins to store the log starts as they are now, if they are not.
    mutating func storeLogStarts() {
        do throws(StorageError) {
            try beginCheckpoints(startsOnly: true)
        } catch {
            complain(.checkpoints, "log starts were not written: \(error)")
        }
    }

    private var waitsForCheckpointNames: Bool { configuration.durability == .fsync && checkpoints.starts.mayFallBack }

    /// Log starts have their place. Where they count only once their name is on disk, another thread waits for that.
    mutating func waitForCheckpointNames() {
        guard waitsForCheckpointNames else {
            return answerLogStartWaiters(succeeded: true)
        }
        do throws(StorageError) {
            let handle = try fileSystem.directorySyncHandle(configuration.dataDirectory)
            checkpoints.isWriting = true
            diskSyncs.append(DiskSync(purpose: .checkpointNames(checkpoints.renames), handle: handle))
        } catch {
            noteUnsyncedNames("\(error)")
        }
    }

    /// - Parameter renames: how often files had been put in place when it began.
    mutating func finishCheckpointNames(_ renames: Int, _ failure: StorageError?) {
        checkpoints.isWriting = false
        if let failure {
            noteUnsyncedNames("\(failure)")
        } else {
            checkpoints.namesAreOnDisk(upTo: renames)
            answerLogStartWaiters(succeeded: true)
        }
        writeCheckpointsAgain()
    }

    private mutating func noteUnsyncedNames(_ reason: String) {
        answerLogStartWaiters(succeeded: false)
        complain(.checkpoints, "names of checkpoints are not on disk: \(reason)")
    }

    /// - Parameter succeeded: otherwise nothing is acknowledged, though the records are gone as long as the process
    ///   lives: asked again, the client finds them deleted, and waits for another write.
    mutating func answerLogStartWaiters(succeeded: Bool) {
        if !succeeded {
            checkpoints.startsFailedAt = monotonicMs
        } else if !checkpoints.starts.needsWriting {
            checkpoints.startsFailedAt = nil
        }
        removeFilesBelowStarts()
        for waiter in checkpoints.waiters.takeServed() {
            var response = waiter.response
            if !succeeded {
                response.withdraw(waiter.items)
            }
            deliver(response, to: waiter.token)
            if succeeded, let deletion = response as? DeleteRecordsResponse {
                wakeFollowers(deletion)
            }
        }
    }

    /// Fetches that wait hear of the new log starts.
    private mutating func wakeFollowers(_ response: DeleteRecordsResponse) {
        for topic in response.topics {
            for item in topic.partitions where item.errorCode == 0 {
                if let partition = try? topics.partition(topic.name, item.partitionIndex) {
                    parking.wake(.partition(partition.handle))
                }
            }
        }
    }
}
