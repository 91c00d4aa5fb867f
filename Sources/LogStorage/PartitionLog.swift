import KafkaProtocol

/// One partition's log in Kafka's on-disk format.
package final class PartitionLog {
    package let directory: String
    package internal(set) var config: LogConfig
    /// From `partition.metadata`.
    package internal(set) var topicID: KafkaUUID?
    /// The first offset that readers may see.
    package internal(set) var logStartOffset: Int64 = 0
    /// The offset that the next record gets.
    package internal(set) var logEndOffset: Int64 = 0
    /// Set once a write or sync failed: nothing can be appended any more (KAFKA_STORAGE_ERROR).
    package internal(set) var isOffline = false

    init(directory: String, config: LogConfig) {
        self.directory = directory
        self.config = config
    }

    /// Opens a log, creates it when the directory holds none, or recovers it after an unclean stop.
    package static func open(
        directory: String, fileSystem: any FileSystem, config: LogConfig, options: LogOptions
    ) throws(StorageError) -> PartitionLog { fatalError("being written") }

    /// ``open(directory:fileSystem:config:options:)`` with the options that most callers have.
    package static func open(
        directory: String, fileSystem: any FileSystem, config: LogConfig, topicID: KafkaUUID?, cleanShutdown: Bool,
        now: Int64
    ) throws(StorageError) -> PartitionLog {
        var options = LogOptions()
        options.topicID = topicID
        options.cleanShutdown = cleanShutdown
        options.now = now
        return try open(directory: directory, fileSystem: fileSystem, config: config, options: options)
    }

    /// The end of what consumers may see: with durability `os` the log end, with `fsync` what is known to be on disk.
    package var highWatermark: Int64 { fatalError("being written") }
    /// The end of what read_committed consumers may see: the first offset of the oldest open transaction, at most the
    /// high watermark.
    package var lastStableOffset: Int64 { fatalError("being written") }
    /// Everything below is on disk; for `recovery-point-offset-checkpoint`.
    package var recoveryPoint: Int64 { fatalError("being written") }
    /// Bytes of all segments.
    package var size: Int64 { fatalError("being written") }
    /// The epoch of the newest batch; nil for a log that never held one.
    package var latestLeaderEpoch: Int32? { fatalError("being written") }

    // MARK: Appending

    /// A client's or coordinator's produce: checks the batch, assigns offsets and the leader epoch.
    /// - Parameters:
    ///   - records: whole batches; borrowed for the call, not copied.
    ///   - now: milliseconds since the epoch.
    package func appendAsLeader(
        _ records: UnsafeRawBufferPointer, leaderEpoch: Int32, now: Int64, origin: AppendOrigin = .client
    ) throws(AppendError) -> AppendResult { fatalError("being written") }

    /// A mirror's append: batches keep offsets, epochs and every other byte. Offsets must grow (gaps are fine) and epochs
    /// must not fall. A partial batch at the end is left out.
    package func appendAsFollower(_ records: UnsafeRawBufferPointer, now: Int64) throws(AppendError) -> AppendResult {
        fatalError("being written")
    }

    // MARK: Reading

    /// Whole batches from the one that holds `offset` on.
    /// - Parameters:
    ///   - limitOffset: batches that reach it or lie beyond are left out (high watermark or last stable offset).
    ///   - maxBytes: size that the slice may have.
    ///   - atLeastOneBatch: give the first batch even if it is bigger than `maxBytes`.
    package func read(
        from offset: Int64, upTo limitOffset: Int64, maxBytes: Int, atLeastOneBatch: Bool
    ) throws(ReadError) -> LogSlice { fatalError("being written") }

    /// Aborted transactions that overlap offsets from `offset` up to (not including) `endOffset`.
    package func abortedTransactions(from offset: Int64, upTo endOffset: Int64) throws(ReadError) -> [AbortedTransaction] {
        fatalError("being written")
    }

    /// The first record whose timestamp is `timestamp` or later; nil when there is none.
    package func offset(forTimestamp timestamp: Int64) throws(ReadError) -> TimestampOffset? { fatalError("being written") }

    /// The first record with the greatest timestamp (ListOffsets -3); nil for an empty log.
    package func offsetOfMaxTimestamp() throws(ReadError) -> TimestampOffset? { fatalError("being written") }

    /// Where an epoch ends (OffsetForLeaderEpoch): the largest known epoch that is not above the given one and the first
    /// offset of the next epoch. (-1, -1) when unknown.
    package func endOffset(forLeaderEpoch epoch: Int32) -> (leaderEpoch: Int32, endOffset: Int64) { fatalError("being written") }

    /// The epoch that an offset was written in; nil when unknown.
    package func leaderEpoch(forOffset offset: Int64) -> Int32? { fatalError("being written") }

    /// Notes that a leader epoch begins at the log end, as a new leader does before it appends.
    package func assignLeaderEpoch(_ epoch: Int32) throws(StorageError) { fatalError("being written") }

    /// Producers with a state, by id.
    package var activeProducers: [ActiveProducer] { fatalError("being written") }

    // MARK: Upkeep

    /// DeleteRecords: moves the log start up to `offset` (-1: the high watermark) and drops segments below it.
    /// - Returns: the new log start offset.
    package func deleteRecords(before offset: Int64) throws(ReadError) -> Int64 { fatalError("being written") }

    /// Drops everything from `offset` on.
    package func truncate(to offset: Int64) throws(StorageError) { fatalError("being written") }

    /// Drops everything and goes on at `offset`.
    package func truncateFully(startingAt offset: Int64, now: Int64) throws(StorageError) { fatalError("being written") }

    /// Deletes segments as `retention.ms` and `retention.bytes` say. Returns how many went.
    @discardableResult
    package func applyRetention(now: Int64) throws(StorageError) -> Int { fatalError("being written") }

    /// Closes the active segment when it is old enough.
    package func rollIfNeeded(now: Int64) throws(StorageError) { fatalError("being written") }

    /// Forgets producers that have not written for `producer.id.expiration.ms`.
    package func removeExpiredProducers(now: Int64) { fatalError("being written") }

    package func updateConfig(_ config: LogConfig) { fatalError("being written") }

    /// Whether the flush policy asks for a flush now.
    package func needsFlush(now: Int64) -> Bool { fatalError("being written") }

    /// Makes everything durable before it returns.
    package func flush() throws(StorageError) { fatalError("being written") }

    /// A flush that another thread can do: `perform` it anywhere, then hand it to ``completeFlush(_:succeeded:)``.
    /// Nil when everything is durable.
    package func prepareFlush() -> FlushTicket? { fatalError("being written") }

    /// Takes note of a performed flush; a failed one takes the log offline.
    package func completeFlush(_ ticket: FlushTicket, succeeded: Bool) { fatalError("being written") }

    /// Clean close: writes indexes and the producer snapshot, flushes, gives up the files.
    package func close() throws(StorageError) { fatalError("being written") }

    /// Removes the log's directory. The log must not be used any more.
    package func delete() throws(StorageError) { fatalError("being written") }
}

/// A flush under way; see ``PartitionLog/prepareFlush()``.
package struct FlushTicket: Sendable {
    /// Everything below is durable once the flush is done.
    package let upToOffset: Int64
    let generation: Int
    let handles: [any SyncHandle]

    /// Waits for the disk. Call it once, on any thread.
    package func perform() -> Bool {
        for handle in handles {
            do { try handle.sync() } catch { return false }
        }
        return true
    }
}
