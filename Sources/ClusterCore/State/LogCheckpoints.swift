import KafkaProtocol
import LogStorage

/// Where each log begins and up to where it is known to be on disk, in Kafka's checkpoint files.
struct LogCheckpoints {
    var logStartOffsets: [OffsetCheckpoint.Partition: Int64] = [:]
    var recoveryPoints: [OffsetCheckpoint.Partition: Int64] = [:]

    init() {}

    init(in directory: String, _ fileSystem: any FileSystem) throws(StorageError) {
        logStartOffsets = try OffsetCheckpoint.read(
            directory + "/" + OffsetCheckpoint.logStartOffsetFile, from: fileSystem)
        recoveryPoints = try OffsetCheckpoint.read(
            directory + "/" + OffsetCheckpoint.recoveryPointFile, from: fileSystem)
    }
}

extension Cluster {
    /// Writes the checkpoint files for the logs as they are.
    ///
    /// - Parameter durable: wait for the disk. What an old file says is still true, so upkeep need not.
    func writeCheckpoints(durable: Bool) throws(StorageError) {
        var starts: [OffsetCheckpoint.Partition: Int64] = [:]
        var recovered: [OffsetCheckpoint.Partition: Int64] = [:]
        for topic in topics.all {
            for partition in topic.partitions {
                guard let log = partition.log else {
                    continue
                }
                let name = OffsetCheckpoint.Partition(topic: topic.name, partition: partition.index)
                recovered[name] = log.recoveryPoint
                if log.logStartOffset > 0 {
                    starts[name] = log.logStartOffset
                }
            }
        }
        let directory = configuration.dataDirectory
        try OffsetCheckpoint.write(
            starts, to: directory + "/" + OffsetCheckpoint.logStartOffsetFile, on: fileSystem, durable: durable)
        try OffsetCheckpoint.write(
            recovered, to: directory + "/" + OffsetCheckpoint.recoveryPointFile, on: fileSystem, durable: durable)
    }

    /// Closes every log and leaves the mark that lets the next start skip recovery. The cluster must not be used any
    /// more.
    ///
    /// - Throws: the first failure; then there is no mark and the next start recovers.
    package mutating func close() throws(StorageError) {
        for topic in topics.sorted {
            for partition in topic.partitions {
                try partition.log?.close()
            }
        }
        try metadataLog.log.close()
        try writeCheckpoints(durable: true)
        try CleanShutdown.mark(configuration.dataDirectory, fileSystem)
    }
}
