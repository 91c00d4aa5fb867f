import KafkaProtocol

/// DescribeTopicPartitions: topics page by page (KIP-966), what the Java admin client describes topics with.
///
/// Serves v0. Differs from Kafka: replicas are virtual, so no eligible or last known leaders are ever named.
enum DescribeTopicPartitionsHandler: RequestHandler {
    static func handle(
        _ request: DescribeTopicPartitionsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<DescribeTopicPartitionsResponse> {
        var response = DescribeTopicPartitionsResponse()
        if let cursor = request.cursor, cursor.partitionIndex < 0 || !asksFor(cursor.topicName, request) {
            response.topics = request.topics.map { failed($0.name, .invalidRequest) }
            return .reply(response)
        }
        let largest = cluster.configs.brokerInt("max.request.partition.size.limit")
        var room = max(1, min(largest, Int(request.responsePartitionLimit)))
        let wanted =
            request.topics.isEmpty ? cluster.topics.sorted.map(\.name) : Set(request.topics.map(\.name)).sorted()
        let start = request.cursor?.topicName
        for name in wanted where start.map({ name >= $0 }) ?? true {
            guard room > 0 else {
                response.nextCursor = cursor(name, 0)
                break
            }
            guard let topic = cluster.topics[name] else {
                let isLegal = TopicName.problem(name) == nil
                response.topics.append(failed(name, isLegal ? .unknownTopicOrPartition : .invalidTopicException))
                continue
            }
            let first = name == start ? min(Int(request.cursor?.partitionIndex ?? 0), topic.partitions.count) : 0
            let end = min(topic.partitions.count, first + room)
            response.topics.append(describe(topic, first..<end))
            room -= end - first
            if end < topic.partitions.count {
                response.nextCursor = cursor(name, end)
                break
            }
        }
        return .reply(response)
    }

    /// A page can only begin at a topic that was asked for; no names ask for all topics.
    private static func asksFor(_ name: String, _ request: DescribeTopicPartitionsRequest) -> Bool {
        request.topics.isEmpty || request.topics.contains { $0.name == name }
    }

    private static func cursor(_ name: String, _ partition: Int) -> DescribeTopicPartitionsResponse.Cursor {
        var cursor = DescribeTopicPartitionsResponse.Cursor()
        cursor.topicName = name
        cursor.partitionIndex = Int32(partition)
        return cursor
    }

    private static func failed(
        _ name: String, _ code: ErrorCode
    ) -> DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic {
        var answer = DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic()
        answer.name = name
        answer.isInternal = InternalTopic.isInternal(name)
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
            entry.offlineReplicas = partition.replicas.filter { !partition.isr.contains($0) }
            entry.eligibleLeaderReplicas = []
            entry.lastKnownElr = []
            return entry
        }
        return answer
    }
}
