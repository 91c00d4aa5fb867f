import KafkaProtocol
import LogStorage

/// Partitions whose brokers are not there any more, or are there again, because the number of brokers has changed.
extension Cluster {
    /// Gives every partition a leader that exists and an ISR of the replicas that exist, in one durable commit. Data is
    /// stored once whatever the brokers, so nothing is lost by that and nothing has to be copied.
    ///
    /// Replicas stay as they are, those of missing brokers too: they are out of the ISR (and offline in Metadata's
    /// words) until the brokers are back, as in Kafka. Only a partition without any replica on a broker that exists,
    /// which in Kafka would be offline, moves: as many brokers as it had replicas, or as there are, take it over.
    ///
    /// - Throws: when it could not be stored. A leader epoch that was not may be lower after the next start than one
    ///   that
    ///   was written into a log, and that log would refuse every record.
    mutating func moveLeadership(now: Int64) throws(StorageError) {
        let nodes = configuration.brokers.map(\.nodeID)
        guard !nodes.isEmpty else {
            return
        }
        var changes: [MetadataChange] = []
        var moves = 0
        var takenOver = 0
        var missing: Set<Int32> = []
        for topic in topics.sorted {
            for partition in topic.partitions {
                guard let change = Self.change(of: partition, nodes) else {
                    continue
                }
                moves += change.leader == PartitionChange.leaderUnchanged ? 0 : 1
                takenOver += change.replicas == nil ? 0 : 1
                missing.formUnion(partition.replicas.filter { !nodes.contains($0) })
                changes.append(.partitionChange(change))
            }
        }
        guard !changes.isEmpty else {
            return
        }
        do throws(ErrorCode) {
            try commit(changes, now: now)
        } catch {
            throw StorageError(
                .io, "write", metadataLog.log.directory,
                detail: "the leaders of \(changes.count) partitions could not be stored (\(error.name))")
        }
        note(changes: changes.count, moves: moves, takenOver: takenOver, missing: missing.sorted())
    }

    private mutating func note(changes: Int, moves: Int, takenOver: Int, missing: [Int32]) {
        var text = "the brokers have changed: \(changes) partition(s) have other in-sync replicas"
        if !missing.isEmpty {
            text += "; broker(s) \(missing.map(String.init).joined(separator: ", ")) are gone"
        }
        if moves > 0 {
            text += "; leadership of \(moves) partition(s) moved to brokers that exist"
        }
        if takenOver > 0 {
            text += ", \(takenOver) of them had no other replica and were taken over"
        }
        notices.append(Notice(level: moves > 0 ? .warning : .info, text: text))
    }

    /// nil when everything is as it should be.
    private static func change(of partition: Partition, _ nodes: [Int32]) -> PartitionChangeRecord? {
        let alive = partition.replicas.filter(nodes.contains)
        var record = PartitionChangeRecord()
        record.topicID = partition.topicID
        record.partitionID = partition.index
        guard let first = alive.first else {
            let start = Int(partition.index) % nodes.count
            let replicas = (0..<max(1, min(partition.replicas.count, nodes.count))).map {
                nodes[(start + $0) % nodes.count]
            }
            record.replicas = replicas
            record.isr = replicas
            record.leader = replicas[0]
            return record
        }
        record.isr = partition.isr == alive ? nil : alive
        if !alive.contains(partition.leader) {
            record.leader = first
        }
        return record.isr == nil && record.leader == PartitionChange.leaderUnchanged ? nil : record
    }
}
