import KafkaProtocol

/// DescribeTopicPartitions: topics page by page (KIP-966), what the Java admin client describes topics with.
///
/// Serves v0. Differs from Kafka: replicas are virtual, so no eligible or last known leaders are ever named.
enum DescribeTopicPartitionsHandler: RequestHandler {
    static func handle(
        _ request: DescribeTopicPartitionsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<DescribeTopicPartitionsResponse> {
        if let cursor = request.cursor, cursor.partitionIndex < 0 || !asksFor(cursor.topicName, request) {
            var response = DescribeTopicPartitionsResponse()
            response.topics = request.topics.map { failed($0.name, .invalidRequest) }
            return .reply(response)
        }
        return cluster.answerInSlices(Page(request, cluster), context)
    }

    /// Names after which others are served.
    static let namesPerSlice = 2_000
    /// What a name takes while it waits for its turn; the string itself is the topic's.
    private static let bytesPerName = 48

    /// A page as far as it is written.
    private final class Page: SlicedRequest {
        private let cursor: DescribeTopicPartitionsRequest.Cursor?
        private let namesAll: Bool
        let heldBytes: Int
        private var names: SortedNames
        private var room: Int
        private var response = DescribeTopicPartitionsResponse()

        init(_ request: DescribeTopicPartitionsRequest, _ cluster: Cluster) {
            cursor = request.cursor
            let largest = cluster.configs.brokerInt("max.request.partition.size.limit")
            room = max(1, min(largest, Int(request.responsePartitionLimit)))
            namesAll = request.topics.isEmpty
            let wanted = namesAll ? cluster.topics.all.map(\.name) : request.topics.map(\.name)
            names = SortedNames(wanted)
            heldBytes = namesAll ? wanted.count *| bytesPerName : 0
        }

        func goOn(_ context: RequestContext, _ cluster: inout Cluster) -> (any KafkaResponse)? {
            guard names.sort(limit: namesPerSlice) else {
                return nil
            }
            for _ in 0..<namesPerSlice {
                guard let name = names.next() else {
                    return response
                }
                if name >= cursor?.topicName ?? "", !add(name, cluster) {
                    return response
                }
            }
            return nil
        }

        /// - Returns: false when the page is full.
        private func add(_ name: String, _ cluster: Cluster) -> Bool {
            guard room > 0 else {
                response.nextCursor = DescribeTopicPartitionsHandler.cursor(name, 0)
                return false
            }
            guard let topic = cluster.topics[name] else {
                // Nobody asked for one that was deleted since.
                guard !namesAll else {
                    return true
                }
                let isLegal = TopicName.problem(name) == nil
                response.topics.append(failed(name, isLegal ? .unknownTopicOrPartition : .invalidTopicException))
                return true
            }
            let count = topic.partitions.count
            let first = name == cursor?.topicName ? min(Int(cursor?.partitionIndex ?? 0), count) : 0
            let end = min(count, first + room)  // bounded: by the config and the topic
            response.topics.append(describe(topic, first..<end))
            room -= end - first
            if end < count {
                response.nextCursor = DescribeTopicPartitionsHandler.cursor(name, end)
            }
            return end == count
        }
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
