import KafkaProtocol
import LogStorage

/// The cluster's own log, `__cluster_metadata-0`, in Kafka's format.
///
/// A commit is there as a whole or not at all. One batch is so by its checksum; a commit of several batches stands
/// between Kafka's BeginTransactionRecord and EndTransactionRecord (KIP-868), and a reader drops what was begun and
/// never ended.
struct MetadataLog {
    /// Records in one batch at most; more are written as several batches. Each batch costs a sync.
    var recordsPerBatch = 16_384
    static let directoryName = "__cluster_metadata-0"
    let log: PartitionLog
    /// A transaction was begun and can no longer be ended: the next append has to abort it first, so that readers do
    /// not take its records for part of the old commit.
    private(set) var hasOpenTransaction = false
    /// Whether ``Cluster/retryMetadataLog()`` is to come.
    var isRetryScheduled = false

    /// Part of a commit that was never finished, because the process or the disk failed in between.
    struct Unfinished {
        /// Offset of the record that began it.
        let offset: Int64
        /// Changes that were dropped.
        let count: Int
    }

    static func open(
        configuration: ClusterConfiguration, fileSystem: any FileSystem, clean: Bool, now: Int64
    ) throws(StorageError) -> MetadataLog {
        let directory = configuration.dataDirectory + "/" + directoryName
        var options = LogOptions()
        options.acceptsLoss = configuration.acceptedLosses.contains(directoryName)
        options.cleanShutdown = clean && !options.acceptsLoss
        options.everyAppendIsSynced = true
        options.isGapless = true
        options.cutsLater = true
        options.mustExist = configuration.mustExist
        options.now = now
        do {
            var config = LogConfig()
            config.maxMessageBytes = MetadataCommit.bytesPerBatch * 2
            let log = try PartitionLog.open(
                directory: directory, fileSystem: fileSystem, config: config, options: options)
            try log.keepActiveOpen()
            return MetadataLog(log: log)
        } catch {
            throw Cluster.explained(error, directoryName, configuration, damageToo: true)
        }
    }

    private init(log: PartitionLog) {
        self.log = log
    }

    /// A commit to be filled and then appended.
    func newCommit(now: Int64) -> MetadataCommit {
        MetadataCommit(recordsPerBatch: recordsPerBatch, now: now)
    }

    mutating func append(_ changes: [MetadataChange], now: Int64) throws(ErrorCode) {
        var commit = newCommit(now: now)
        for change in changes {
            commit.add(change)
        }
        try append(commit)
    }

    /// Whether something that was refused may still be in the log's file; nothing can be stored before that is taken
    /// back.
    var isUnsettled: Bool { log.isUnsettled }

    /// Tries to take back what was refused.
    func settle() throws(StorageError) { try log.settle() }

    /// Appends and makes durable: what a client was told about topics, configs and links must survive a power cut.
    ///
    /// - Throws: KAFKA_STORAGE_ERROR; then no reader will ever see any of the changes, unless the log ``isUnsettled``.
    mutating func append(_ commit: MetadataCommit) throws(ErrorCode) {
        var batches = commit.batches
        let isTransaction = batches.count > 1
        if hasOpenTransaction || isTransaction {
            var head = commit.newBatch()
            if hasOpenTransaction {
                head.append(.abortTransaction(AbortTransactionRecord()), now: commit.now)
            }
            if isTransaction {
                head.append(.beginTransaction(BeginTransactionRecord()), now: commit.now)
            }
            try append(head, now: commit.now)
            hasOpenTransaction = isTransaction
        }
        if isTransaction {
            batches[batches.count - 1].append(.endTransaction(EndTransactionRecord()), now: commit.now)
        }
        for (index, batch) in batches.enumerated() {
            try append(batch, now: commit.now)
            hasOpenTransaction = index < batches.count - 1
        }
    }

    /// Each batch is on disk before the next: damage with a sound batch behind it must never come from a loss of power.
    private func append(_ batch: RecordBatchBuilder, now: Int64) throws(ErrorCode) {
        guard let bytes = try? batch.build() else {
            throw .unknownServerError
        }
        do throws(AppendError) {
            try bytes.withBytes { (batch) throws(AppendError) in
                // No checksum covers the epochs of batches, and nobody reads those of this log: a damaged one must not
                // keep it from being written.
                try log.appendDurably(batch, leaderEpoch: max(0, log.latestLeaderEpoch ?? 0), now: now)
            }
        } catch {
            throw .kafkaStorageError
        }
    }

    /// Calls `body` for every change of a finished commit, from the start of the log.
    ///
    /// - Returns: what was dropped, if the last commit was not finished.
    mutating func replay(_ body: (MetadataChange) throws(StorageError) -> Void) throws(StorageError) -> Unfinished? {
        var begun: (offset: Int64, changes: [MetadataChange])?
        let log = log
        try log.forEachRecord { (record) throws(StorageError) in
            guard let change = try Self.change(in: record, of: log) else {
                return
            }
            switch change {
            case .beginTransaction:
                guard begun == nil else {
                    throw log.corruption("a transaction begins inside another at offset \(record.offset)")
                }
                begun = (record.offset, [])
            case .endTransaction:
                guard let finished = begun else {
                    throw log.corruption("a transaction ends that was not begun at offset \(record.offset)")
                }
                begun = nil
                for change in finished.changes {
                    try body(change)
                }
            case .abortTransaction:
                begun = nil
            case .featureLevel(let level) where FeatureLevels.isTooNew(level):
                // Nothing behind it, and nothing of the same commit, need be readable.
                try body(change)
            default:
                if begun == nil {
                    try body(change)
                } else {
                    begun?.changes.append(change)
                }
            }
        }
        hasOpenTransaction = begun != nil
        return begun.map { Unfinished(offset: $0.offset, count: $0.changes.count) }
    }

    private static func change(in record: Record, of log: PartitionLog) throws(StorageError) -> MetadataChange? {
        guard let value = record.value else {
            return nil
        }
        do throws(WireError) {
            return try value.withBytes { (bytes) throws(WireError) in try MetadataChange(decoding: bytes) }
        } catch {
            throw log.corruption("metadata record at offset \(record.offset): \(error)")
        }
    }
}

/// A commit to the metadata log as it will be written. It can be filled bit by bit, so that a large one holds up
/// nobody; nothing of it is in the log before ``MetadataLog/append(_:)``.
struct MetadataCommit {
    /// Bytes of record values in one batch at most.
    static let bytesPerBatch = 4 << 20

    let now: Int64
    private let recordsPerBatch: Int
    fileprivate private(set) var batches: [RecordBatchBuilder] = []
    private var bytes = 0
    /// Changes so far.
    private(set) var count = 0

    fileprivate init(recordsPerBatch: Int, now: Int64) {
        self.recordsPerBatch = recordsPerBatch
        self.now = now
    }

    fileprivate func newBatch() -> RecordBatchBuilder {
        RecordBatchBuilder(leaderEpoch: 0)
    }

    mutating func add(_ change: MetadataChange) {
        let value = change.encoded()
        let isFull = batches.last.map { $0.count >= recordsPerBatch || bytes + value.count > Self.bytesPerBatch }
        if isFull ?? true {
            batches.append(newBatch())
            bytes = 0
        }
        batches[batches.count - 1].append(key: nil, value: value, timestamp: now)
        bytes += value.count
        count += 1
    }
}

extension RecordBatchBuilder {
    fileprivate mutating func append(_ change: MetadataChange, now: Int64) {
        append(key: nil, value: change.encoded(), timestamp: now)
    }
}
