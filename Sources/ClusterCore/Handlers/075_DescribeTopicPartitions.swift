import KafkaProtocol

/// DescribeTopicPartitions: topics page by page (KIP-966), what the Java admin client describes topics with.
///
/// Serves v0. Differs from Kafka: replicas are virtual, so no eligible or last known leaders are ever named.
enum DescribeTopicPartitionsHandler: RequestHandler {
    /// `max.request.partition.size.limit`.
    static let partitionLimit = 2_000

    static func handle(
        _ request: DescribeTopicPartitionsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<DescribeTopicPartitionsResponse> {
        if let cursor = request.cursor, cursor.partitionIndex < 0 {
            return .disconnect("DescribeTopicPartitions cursor names partition \(cursor.partitionIndex)")
        }
        let limit = max(1, min(partitionLimit, Int(request.responsePartitionLimit)))
        let wanted = request.topics.isEmpty ? cluster.topics.sorted.map(\.name) : Set(request.topics.map(\.name)).sorted()
        let start = request.cursor?.topicName
        var response = DescribeTopicPartitionsResponse()
        var room = limit
        for name in wanted where start.map({ name >= $0 }) ?? true {
            let first = name == start ? Int(request.cursor?.partitionIndex ?? 0) : 0
            guard let topic = cluster.topics[name] else {
                response.topics.append(unknown(name))
                continue
            }
            guard room > 0 else {
                response.nextCursor = cursor(name, 0)
                break
            }
            let end = min(topic.partitions.count, first + room)
            response.topics.append(describe(topic, first..<max(first, end)))
            room -= max(0, end - first)
            if end < topic.partitions.count {
                response.nextCursor = cursor(name, end)
                break
            }
        }
        return .reply(response)
    }

    private static func cursor(_ name: String, _ partition: Int) -> DescribeTopicPartitionsResponse.Cursor {
        var cursor = DescribeTopicPartitionsResponse.Cursor()
        cursor.topicName = name
        cursor.partitionIndex = Int32(partition)
        return cursor
    }

    private static func unknown(
        _ name: String
    ) -> DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic {
        var answer = DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic()
        answer.name = name
        let code: ErrorCode = TopicName.problem(name) == nil ? .unknownTopicOrPartition : .invalidTopicException
        answer.errorCode = code.rawValue
        return answer
    }

    private static func describe(
        _ topic: Topic, _ range: Range<Int>
    ) -> DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic {
        var answer = DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic()
        answer.name = topic.name
        answer.topicID = topic.id
        answer.isInternal = topic.isInternal
        answer.topicAuthorizedOperations = AuthorizedOperations.topic
        answer.partitions = topic.partitions.dropFirst(range.lowerBound).prefix(range.count).map { partition in
            var entry = DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition()
            entry.partitionIndex = partition.index
            entry.errorCode = partition.leader < 0 ? ErrorCode.leaderNotAvailable.rawValue : 0
            entry.leaderID = partition.leader
            entry.leaderEpoch = partition.leaderEpoch
            entry.replicaNodes = partition.replicas
            entry.isrNodes = partition.isr
            entry.eligibleLeaderReplicas = []
            entry.lastKnownElr = []
            return entry
        }
        return answer
    }
}
