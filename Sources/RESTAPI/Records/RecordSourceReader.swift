import ClusterCore
import KafkaProtocol

/// Fetches batches and offsets of one topic, as a consumer inside the process.
final class RecordSourceReader {
    /// Bytes of one fetch, of all partitions and of one; a batch that is larger comes alone.
    private static let fetchBytes: Int32 = 4 << 20
    private static let partitionBytes: (least: Int32, most: Int32) = (16 << 10, 1 << 20)
    /// Errors of one partition that may go away by themselves.
    private static let mostTries = 5

    private let cluster: any ClusterBackend
    private let topic: String
    private let readCommitted: Bool
    private var topicID = KafkaUUID.zero

    init(_ cluster: any ClusterBackend, topic: String, readCommitted: Bool) {
        self.cluster = cluster
        self.topic = topic
        self.readCommitted = readCommitted
    }

    /// The partitions with their bounds, ordered.
    /// - Parameter wanted: nil for all.
    /// - Throws: 40403 without topic or partition.
    func open(_ wanted: [Int32]?) async throws -> [PartitionReading] {
        let description = try await cluster.topic(topic)
        topicID = description.topicID
        let leaders = Dictionary(
            description.partitions.map { ($0.partitionIndex, $0.leaderID) }, uniquingKeysWith: { first, _ in first })
        var partitions: [PartitionReading] = []
        for index in wanted ?? leaders.keys.sorted() {
            guard let leader = leaders[index] else {
                throw RESTError(
                    status: 404, code: 40403,
                    message: "Topic '\(topic)' has no partition \(index): it has \(leaders.count).")
            }
            partitions.append(PartitionReading(index, leader: leader))
        }
        for partition in partitions where partition.leader < 0 {
            giveUp(partition, "no broker leads it")
        }
        try await readBounds(partitions.filter { !$0.isOver })
        return partitions
    }

    private func giveUp(_ partition: PartitionReading, _ reason: String) {
        partition.isOver = true
        partition.notice = "The partition is offline: \(reason)."
    }

    private func byLeader(_ partitions: [PartitionReading]) -> [(Int32, [PartitionReading])] {
        Dictionary(grouping: partitions, by: \.leader).sorted { $0.key < $1.key }
    }

    // MARK: Offsets

    private func readBounds(_ partitions: [PartitionReading]) async throws {
        try await listOffsets(partitions, -2) { $0.start = $1 }
        try await listOffsets(partitions.filter { !$0.isOver }, -1) { $0.end = max($1, $0.start) }
    }

    /// Moves partitions to the first record at or after a time.
    func seek(_ partitions: [PartitionReading], _ time: Int64) async throws {
        try await listOffsets(partitions, time) { partition, offset in
            if offset < 0 {
                partition.seek(partition.end)
                partition.notice = partition.notice ?? "No record is from then or later."
            } else {
                partition.seek(min(max(offset, partition.start), partition.end))
            }
        }
    }

    private func listOffsets(
        _ partitions: [PartitionReading], _ timestamp: Int64, _ take: (PartitionReading, Int64) -> Void
    ) async throws {
        for (leader, partitions) in byLeader(partitions) {
            var request = ListOffsetsRequest()
            request.replicaID = -1
            request.isolationLevel = readCommitted ? 1 : 0
            request.timeoutMs = 10_000
            var wanted = ListOffsetsRequest.ListOffsetsTopic()
            wanted.name = topic
            wanted.partitions = partitions.map { partition in
                var item = ListOffsetsRequest.ListOffsetsPartition()
                item.partitionIndex = partition.partition
                item.timestamp = timestamp
                return item
            }
            request.topics = [wanted]
            let answers = try await cluster.call(request, at: leader).topics.first?.partitions ?? []
            let byPartition = Dictionary(
                answers.map { ($0.partitionIndex, $0) }, uniquingKeysWith: { first, _ in first })
            for partition in partitions {
                let answer = byPartition[partition.partition]
                let error = ErrorCode(rawValue: answer?.errorCode ?? ErrorCode.unknownServerError.rawValue)
                switch error {
                case .none: take(partition, answer?.offset ?? -1)
                case .unknownTopicOrPartition, .unknownTopicID: throw isGone
                default: giveUp(partition, error.message)
                }
            }
        }
    }

    private var isGone: RESTError {
        RESTError(status: 404, code: 40403, message: "Topic '\(topic)' was deleted while it was read.")
    }

    // MARK: Batches

    /// Fetches what follows in each partition: at least one batch of one of them, unless none has any.
    func fetch(_ partitions: [PartitionReading]) async throws {
        try Task.checkCancellation()
        for (leader, partitions) in byLeader(partitions) {
            let share = Self.fetchBytes *| 2 / Int32(clamping: max(1, partitions.count))
            let partitionBytes = min(Self.partitionBytes.most, max(Self.partitionBytes.least, share))
            var request = FetchRequest()
            request.maxWaitMs = 0
            request.minBytes = 0
            request.maxBytes = Self.fetchBytes
            request.isolationLevel = readCommitted ? 1 : 0
            var wanted = FetchRequest.FetchTopic()
            wanted.topic = topic
            wanted.topicID = topicID
            wanted.partitions = partitions.map { partition in
                var item = FetchRequest.FetchPartition()
                item.partition = partition.partition
                item.fetchOffset = partition.next
                item.partitionMaxBytes = partitionBytes
                return item
            }
            request.topics = [wanted]
            let response = try await cluster.call(request, at: leader)
            try RESTError.check(response.errorCode, nil)
            let answers = response.responses.flatMap(\.partitions)
            try await take(answers, partitions)
        }
    }

    private func take(_ answers: [FetchResponse.PartitionData], _ partitions: [PartitionReading]) async throws {
        let byPartition = Dictionary(answers.map { ($0.partitionIndex, $0) }, uniquingKeysWith: { first, _ in first })
        var hasRecords = false
        var quiet: [PartitionReading] = []
        for partition in partitions {
            guard let answer = byPartition[partition.partition] else {
                continue
            }
            let error = ErrorCode(rawValue: answer.errorCode)
            guard error == .none else {
                hasRecords = true
                try await recover(partition, error)
                continue
            }
            partition.start = max(partition.start, answer.logStartOffset)
            partition.heardEnd = readCommitted ? answer.lastStableOffset : answer.highWatermark
            guard let records = answer.records?.copy(), !records.isEmpty else {
                quiet.append(partition)
                continue
            }
            hasRecords = true
            partition.take(records, answer.abortedTransactions ?? [])
        }
        // Of several, those that the answer had no room for are asked again. Where nothing came at all, nothing is.
        if !hasRecords {
            for partition in quiet {
                partition.skipToEnd()
            }
        }
    }

    private func recover(_ partition: PartitionReading, _ error: ErrorCode) async throws {
        partition.tries += 1
        switch error {
        case .unknownTopicOrPartition, .unknownTopicID: throw isGone
        case .offsetOutOfRange where partition.tries <= Self.mostTries:
            let wanted = partition.next
            try await listOffsets([partition], -2) { $0.start = $1 }
            guard !partition.isOver else {
                return
            }
            if wanted < partition.start {
                partition.notice = "Records before offset \(partition.start) were deleted while they were read."
                _ = partition.skip(to: min(partition.start, max(partition.end, partition.start)))
            } else {
                partition.isOver = true
                partition.notice = "Records from offset \(wanted) on were removed while they were read."
            }
        case .notLeaderOrFollower, .fencedLeaderEpoch, .leaderNotAvailable:
            guard partition.tries <= Self.mostTries else {
                return giveUp(partition, error.message)
            }
            let now = try await cluster.topic(topic).partitions.first { $0.partitionIndex == partition.partition }
            partition.leader = now?.leaderID ?? -1
            if partition.leader < 0 {
                giveUp(partition, "no broker leads it")
            }
        default: giveUp(partition, error.message)
        }
    }
}
