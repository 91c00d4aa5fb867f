import KafkaProtocol
import LogStorage

/// The cluster's own log, `__cluster_metadata-0`, in Kafka's format.
struct MetadataLog {
    /// Records in one batch at most; more are written as several batches.
    static let recordsPerBatch = 1_000
    static let directoryName = "__cluster_metadata-0"
    let log: PartitionLog

    static func open(
        configuration: ClusterConfiguration, fileSystem: any FileSystem, clean: Bool, now: Int64
    ) throws(StorageError) -> MetadataLog {
        let directory = configuration.dataDirectory + "/" + directoryName
        let log = try PartitionLog.open(
            directory: directory, fileSystem: fileSystem, config: LogConfig(), topicID: nil, cleanShutdown: clean,
            now: now)
        return MetadataLog(log: log)
    }

    /// Appends and makes durable: what a client was told about topics, configs and links must survive a power cut.
    func append(_ records: [MetadataChange], now: Int64) throws(ErrorCode) {
        do {
            for start in stride(from: 0, to: records.count, by: Self.recordsPerBatch) {
                let part = records[start..<min(start + Self.recordsPerBatch, records.count)]
                let values = part.map { (key: [UInt8]?.none, value: [UInt8]?.some($0.encoded())) }
                try log.appendCoordinatorBatch(values, leaderEpoch: 0, now: now)
            }
            try log.flush()
        } catch {
            throw .kafkaStorageError
        }
    }

    /// Calls `body` for every change from the start of the log.
    func replay(_ body: (MetadataChange) throws(StorageError) -> Void) throws(StorageError) {
        try log.forEachRecord { (record) throws(StorageError) in
            guard let value = record.value else {
                return
            }
            let change: MetadataChange?
            do throws(WireError) {
                change = try value.withBytes { (bytes) throws(WireError) in try MetadataChange(decoding: bytes) }
            } catch {
                throw log.corruption("metadata record at offset \(record.offset): \(error)")
            }
            if let change {
                try body(change)
            }
        }
    }
}
