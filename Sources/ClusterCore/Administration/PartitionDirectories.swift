import KafkaProtocol
import LogStorage

/// The first half of making partitions: their directories.
extension Cluster {
    /// Makes the next directories of a job.
    /// - Parameters:
    ///   - limit: directories after which others are served.
    ///   - syncsEach: each is on disk when this returns; otherwise who calls syncs them together.
    mutating func makeDirectories(
        _ job: inout PartitionMaking.Job, limit: Int, syncsEach: Bool, now: Int64
    ) {
        var left = limit
        while left > 0, !job.isMade {
            let topic = job.topics[job.next]
            if topic.isMade {
                job.next += 1
                continue
            }
            left -= 1
            // Before anything is done to a directory: by now it may be another topic's of that name, or another
            // partition's of this one.
            if let failure = hindrance(topic.wish) {
                job.topics[job.next].failure = failure
                continue
            }
            let record = topic.wish.partitions[topic.logs.count]
            let starts = topic.wish.startOffsets.dropFirst(topic.logs.count)
            do throws(StorageError) {
                let log = try makeLog(topic.wish, record, from: starts.first ?? 0, syncs: syncsEach, now: now)
                job.topics[job.next].logs.append(log)
            } catch {
                job.topics[job.next].failure = storageFailure(error)
            }
        }
    }

    private mutating func makeLog(
        _ wish: PartitionMaking.Wish, _ record: PartitionRecord, from start: Int64, syncs: Bool, now: Int64
    ) throws(StorageError) -> PartitionLog {
        let directory = logDirectory(wish.topicName, record.partitionID)
        if isWanted(directory) {
            try makeWay(directory)
        }
        var options = LogOptions()
        options.topicID = wish.topicID
        options.durability = configuration.durability
        options.syncsCreation = syncs
        options.now = now
        do throws(StorageError) {
            // Its own config comes with the commit, which may hold the topic's.
            let log = try PartitionLog.open(
                directory: directory, fileSystem: fileSystem, config: LogConfig(), options: options)
            if start > 0 {
                try log.truncateFully(startingAt: start, now: now)
                if syncs {
                    try fileSystem.syncDirectory(directory)
                }
            }
            return log
        } catch {
            // Half a directory is none.
            removals.append(directory, log: nil, as: awayName(wish.topicName, record.partitionID, wish.topicID))
            scheduleTopicWork()
            throw error
        }
    }
}
