import KafkaProtocol
import LogStorage

/// The moment in which a mirror becomes a topic of its own.
///
/// What the source's producers left in its logs must not be taken for this cluster's producers: a new producer with the
/// same id would have its records taken for repetitions. The metadata log says where the source's producers end, in the
/// record that makes the topic writable, so that no crash can separate the two.
extension Cluster {
    /// What is to be committed for a mirror to stop being one: its state with where the source's producers end, and new
    /// leader epochs, so that what is written here can be told from what the source writes at the same offsets.
    func stopping(_ topic: Topic, error: MirrorError? = nil, now: Int64) -> [MetadataChange] {
        guard var mirror = topic.mirror else {
            return []
        }
        mirror.state = .stopped
        mirror.error = error ?? mirror.error
        mirror.stateTimeMs = now
        // A log that is offline ends where recovery finds its end.
        mirror.producerEnds = topic.partitions.map { $0.log?.logEndOffset ?? .max }
        let epochs = topic.partitions.filter { $0.leaderEpoch < .max }.map { partition in
            MetadataChange.mirrorLeaderEpoch(
                leaderEpochRecord(topic.id, partition.index, partition.leaderEpoch +| 1))
        }
        return [.mirrorTopic(mirror.record(topicID: topic.id))] + epochs
    }

    /// Lets the logs forget what the source's producers did. After a crash in between, loading does it.
    mutating func endSourceProducers(of topic: Topic) {
        for partition in topic.partitions {
            do throws(StorageError) {
                try partition.log?.endProducers()
            } catch {
                let text = "partition \(topic.name)-\(partition.index) is offline: \(error)"
                notices.append(Notice(level: .error, text: text))
            }
            parking.wake(.partition(partition.handle))
        }
    }

    /// Where the source's producers end in each stopped mirror, by topic id and partition, as the last record of each
    /// says.
    static func producerEnds(_ records: [MetadataChange]) -> [KafkaUUID: [Int64]] {
        var ends: [KafkaUUID: [Int64]] = [:]
        for case .mirrorTopic(let record) in records {
            ends[record.topicID] = record.producerEnds.isEmpty ? nil : record.producerEnds
        }
        return ends
    }

    /// After loading: a log that has lost its tail ends before the offset that the metadata names. What is written from
    /// there on is this cluster's, so the metadata has to say so before anything is.
    mutating func correctProducerEnds(now: Int64) throws(ErrorCode) {
        var changes: [MetadataChange] = []
        for topic in topics.sorted {
            guard var mirror = topic.mirror, !mirror.producerEnds.isEmpty else {
                continue
            }
            let found = mirror.producerEnds.enumerated().map { index, end in
                topic.partition(Int32(clamping: index))?.log?.producerEnd ?? end
            }
            if found != mirror.producerEnds {
                mirror.producerEnds = found
                changes.append(.mirrorTopic(mirror.record(topicID: topic.id)))
            }
        }
        if !changes.isEmpty {
            try commit(changes, now: now)
        }
    }
}
