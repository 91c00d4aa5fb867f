import KafkaProtocol

/// OffsetFetch: how far groups have read, for named partitions or for all that they committed.
///
/// Serves v1…10. Differs from Kafka: there are no transactional commits yet, so `requireStable` never has to wait.
enum OffsetFetchHandler: RequestHandler {
    static func handle(
        _ request: OffsetFetchRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<OffsetFetchResponse> {
        var request = request
        // No client's number is taken for a mark of ours.
        for index in request.groups.indices {
            request.groups[index].memberEpoch = 0
        }
        if context.version < 8 {
            var group = OffsetFetchRequest.OffsetFetchRequestGroup()
            group.groupID = request.groupID
            group.topics = request.topics.map { $0.map(modern) }
            request.groups = [group]
        }
        var questions = Questions(request)
        return cluster.answerInPortions(request, context) { portion, context, cluster in
            answer(portion.groups, &questions, context, &cluster)
        }
    }

    private static func answer(
        _ groups: [OffsetFetchRequest.OffsetFetchRequestGroup], _ questions: inout Questions,
        _ context: RequestContext, _ cluster: inout Cluster
    ) -> OffsetFetchResponse {
        var response = OffsetFetchResponse()
        if context.version >= 8 {
            response.groups = groups.compactMap { questions.take($0) }.map { fetch($0, context, &cluster) }
        } else if let group = groups.first.flatMap({ questions.take($0) }) {
            fill(&response, with: fetch(group, context, &cluster), wanted: group.topics, context.version)
        }
        return response
    }

    /// What was asked so far. Everything is answered once, however often it is named: an answer can be a thousand times
    /// longer than the question.
    private struct Questions {
        struct Partition: Hashable {
            let group: String
            let topicID: KafkaUUID
            let topic: String
            let index: Int32
        }

        private var wholeGroups: Set<String> = []
        private var namedGroups: Set<String> = []
        private var partitions: Set<Partition> = []

        init(_ request: OffsetFetchRequest) {
            // A set that grows moves all that is in it.
            partitions.reserveCapacity(
                request.groups.reduce(0) { sum, group in
                    group.topics?.reduce(sum) { $0 +| $1.partitionIndexes.count } ?? sum
                })
        }

        /// What of `group` was not asked yet; nil when there is nothing.
        mutating func take(
            _ group: OffsetFetchRequest.OffsetFetchRequestGroup
        ) -> OffsetFetchRequest.OffsetFetchRequestGroup? {
            guard let topics = group.topics else {
                return wholeGroups.insert(group.groupID).inserted ? group : nil
            }
            var rest = group
            rest.topics = topics.compactMap { topic in
                var topic = topic
                let (name, id) = (topic.name, topic.topicID)
                let wasEmpty = topic.partitionIndexes.isEmpty
                topic.partitionIndexes = topic.partitionIndexes.filter { index in
                    partitions.insert(Partition(group: group.groupID, topicID: id, topic: name, index: index)).inserted
                }
                return topic.partitionIndexes.isEmpty && !wasEmpty ? nil : topic
            }
            let isNew = namedGroups.insert(group.groupID).inserted
            // The first of a portion is what the last of the one before goes on with.
            let goesOn = group.memberEpoch == OffsetFetchRequest.continuation
            return isNew || goesOn || rest.topics?.isEmpty == false ? rest : nil
        }
    }

    private static func fetch(
        _ request: OffsetFetchRequest.OffsetFetchRequestGroup, _ context: RequestContext, _ cluster: inout Cluster
    ) -> OffsetFetchResponse.OffsetFetchResponseGroup {
        var answer = OffsetFetchResponse.OffsetFetchResponseGroup()
        answer.groupID = request.groupID
        do throws(ErrorCode) {
            try cluster.requireCoordinator(of: request.groupID, context)
        } catch {
            answer.errorCode = error.rawValue
            return answer
        }
        let offsets = cluster.groups.offsets(of: request.groupID)
        answer.topics =
            request.topics.map { topics in topics.map { named($0, offsets, context, cluster) } }
            ?? all(offsets, context, cluster)
        return answer
    }

    private static func named(
        _ item: OffsetFetchRequest.OffsetFetchRequestTopics, _ offsets: GroupOffsets, _ context: RequestContext,
        _ cluster: Cluster
    ) -> OffsetFetchResponse.OffsetFetchResponseTopics {
        let name = context.version >= 10 ? cluster.topics[item.topicID]?.name : item.name
        var answer = OffsetFetchResponse.OffsetFetchResponseTopics()
        answer.name = item.name
        answer.topicID = item.topicID
        answer.partitions = item.partitionIndexes.map { index in
            guard let name else {
                return partition(index, nil, .unknownTopicID)
            }
            return partition(index, offsets[name, index])
        }
        return answer
    }

    private static func all(
        _ offsets: GroupOffsets, _ context: RequestContext, _ cluster: Cluster
    ) -> [OffsetFetchResponse.OffsetFetchResponseTopics] {
        offsets.byTopic.sorted { $0.key < $1.key }.compactMap { name, partitions in
            var answer = OffsetFetchResponse.OffsetFetchResponseTopics()
            answer.name = name
            answer.topicID = cluster.topics[name]?.id ?? .zero
            // A topic that is gone has no id to be answered with.
            guard context.version < 10 || answer.topicID != .zero else {
                return nil
            }
            answer.partitions = partitions.sorted { $0.key < $1.key }.map { partition($0.key, $0.value) }
            return answer
        }
    }

    /// No commit is not an error: the offset is -1.
    private static func partition(
        _ index: Int32, _ offset: CommittedOffset?, _ code: ErrorCode = .none
    ) -> OffsetFetchResponse.OffsetFetchResponsePartitions {
        var answer = OffsetFetchResponse.OffsetFetchResponsePartitions()
        answer.partitionIndex = index
        answer.committedOffset = offset?.offset ?? -1
        answer.committedLeaderEpoch = offset?.leaderEpoch ?? -1
        answer.metadata = offset?.metadata ?? ""
        answer.errorCode = code.rawValue
        return answer
    }

    // MARK: Before version 8

    private static func modern(
        _ item: OffsetFetchRequest.OffsetFetchRequestTopic
    ) -> OffsetFetchRequest.OffsetFetchRequestTopics {
        var topic = OffsetFetchRequest.OffsetFetchRequestTopics()
        topic.name = item.name
        topic.partitionIndexes = item.partitionIndexes
        return topic
    }

    private static func fill(
        _ response: inout OffsetFetchResponse, with group: OffsetFetchResponse.OffsetFetchResponseGroup,
        wanted: [OffsetFetchRequest.OffsetFetchRequestTopics]?, _ version: Int16
    ) {
        response.errorCode = group.errorCode
        response.topics = group.topics.map { item in
            legacy(item.name, item.partitions)
        }
        // Version 1 has no place for an error of the whole group, so each partition carries it.
        if version < 2, group.errorCode != ErrorCode.none.rawValue {
            let code = ErrorCode(rawValue: group.errorCode)
            response.topics = (wanted ?? []).map { item in
                legacy(item.name, item.partitionIndexes.map { partition($0, nil, code) })
            }
        }
    }

    private static func legacy(
        _ name: String, _ partitions: [OffsetFetchResponse.OffsetFetchResponsePartitions]
    ) -> OffsetFetchResponse.OffsetFetchResponseTopic {
        var topic = OffsetFetchResponse.OffsetFetchResponseTopic()
        topic.name = name
        topic.partitions = partitions.map { item in
            var answer = OffsetFetchResponse.OffsetFetchResponsePartition()
            answer.partitionIndex = item.partitionIndex
            answer.committedOffset = item.committedOffset
            answer.committedLeaderEpoch = item.committedLeaderEpoch
            answer.metadata = item.metadata
            answer.errorCode = item.errorCode
            return answer
        }
        return topic
    }
}
