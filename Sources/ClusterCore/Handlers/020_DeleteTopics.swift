import KafkaProtocol

/// DeleteTopics: by name, from version 6 on also by id.
///
/// Serves v1…6. Differs from Kafka: internal topics cannot be deleted, TOPIC_AUTHORIZATION_FAILED. The files
/// of many partitions go when the answer has left, some at a time.
enum DeleteTopicsHandler: RequestHandler {
    static func handle(
        _ request: DeleteTopicsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<DeleteTopicsResponse> {
        let wanted =
            context.version >= 6
            ? request.topics
            : request.topicNames.map { name in
                var state = DeleteTopicsRequest.DeleteTopicState()
                state.name = name
                return state
            }
        let plan = DeletionPlan(wanted, context, isEnabled: cluster.configs.brokerBool("delete.topic.enable"))
        guard wanted.count > Cluster.namesPerSlice else {
            plan.delete(limit: .max, &cluster)
            return .reply(plan.response)
        }
        return cluster.planInSlices(context) { cluster in
            plan.delete(limit: Cluster.namesPerSlice, &cluster)
            return plan.isDone ? .reply(plan.response) : nil
        }
    }

    fileprivate static func note(
        _ failure: AdminFailure, in result: inout DeleteTopicsResponse.DeletableTopicResult
    ) {
        result.errorCode = failure.code.rawValue
        result.errorMessage = failure.message ?? failure.code.message
    }

    /// How a request names a topic.
    fileprivate struct Name: Hashable {
        let name: String?
        let id: KafkaUUID
        var isNothing: Bool { name == nil && id == .zero }

        init(_ item: DeleteTopicsRequest.DeleteTopicState) {
            name = item.name
            id = item.topicID
        }
    }

    /// The code came with version 3.
    fileprivate static func disabled(_ context: RequestContext) -> AdminFailure {
        context.version >= 3
            ? AdminFailure(.topicDeletionDisabled) : AdminFailure(.invalidRequest, "Topic deletion is disabled.")
    }

    fileprivate static func find(
        _ item: DeleteTopicsRequest.DeleteTopicState, _ cluster: Cluster
    ) throws(AdminFailure) -> Topic {
        if let name = item.name {
            guard item.topicID == .zero else {
                throw AdminFailure(.invalidRequest, "You may not specify both topic name and topic id.")
            }
            guard let topic = cluster.topics[name] else {
                throw AdminFailure(.unknownTopicOrPartition, "The topic '\(name)' does not exist.")
            }
            return topic
        }
        guard item.topicID != .zero else {
            throw AdminFailure(.invalidRequest, "Neither topic name nor id were specified.")
        }
        guard let topic = cluster.topics[item.topicID] else {
            throw AdminFailure(.unknownTopicID)
        }
        return topic
    }
}

/// A request as far as it has been carried out. Many topics go in several commits: each is deleted or not, whatever
/// becomes of the others.
private final class DeletionPlan {
    private typealias Name = DeleteTopicsHandler.Name

    private let wanted: [DeleteTopicsRequest.DeleteTopicState]
    private let context: RequestContext
    private let isEnabled: Bool
    private let counts: [Name: Int]
    private let givenIDs: Set<KafkaUUID>
    private var seen: Set<Name> = []
    private var next = 0
    private(set) var response = DeleteTopicsResponse()

    init(_ wanted: [DeleteTopicsRequest.DeleteTopicState], _ context: RequestContext, isEnabled: Bool) {
        self.wanted = wanted
        self.context = context
        self.isEnabled = isEnabled
        counts = wanted.lazy.map { Name($0) }.repeats(of: wanted.count)
        givenIDs = Set(wanted.filter { $0.name == nil }.map(\.topicID))
        seen.reserveCapacity(wanted.count)
    }

    var isDone: Bool { next == wanted.count }

    func delete(limit: Int, _ cluster: inout Cluster) {
        var left = limit *| Cluster.refusedLikeOne
        var topics: [Topic] = []
        var places: [Int] = []
        while !isDone, left > 0 {
            let item = wanted[next]
            next += 1  // bounded: by the array
            left -= 1
            guard seen.insert(Name(item)).inserted || Name(item).isNothing else {
                continue
            }
            var result = DeleteTopicsResponse.DeletableTopicResult()
            result.name = item.name
            result.topicID = item.topicID
            do throws(AdminFailure) {
                topics.append(try topic(item, cluster, &result))
                places.append(response.responses.count)
                left -= Cluster.refusedLikeOne - 1
            } catch {
                DeleteTopicsHandler.note(error, in: &result)
            }
            response.responses.append(result)
        }
        do throws(AdminFailure) {
            try cluster.deleteTopics(topics, now: context.now)
        } catch {
            for place in places {
                DeleteTopicsHandler.note(error, in: &response.responses[place])
            }
        }
    }

    /// The topic that is to go.
    private func topic(
        _ item: DeleteTopicsRequest.DeleteTopicState, _ cluster: Cluster,
        _ result: inout DeleteTopicsResponse.DeletableTopicResult
    ) throws(AdminFailure) -> Topic {
        guard isEnabled else {
            throw DeleteTopicsHandler.disabled(context)
        }
        if counts[Name(item), default: 0] > 1, !Name(item).isNothing {
            throw AdminFailure(.invalidRequest, "Duplicate topic \(item.name == nil ? "id" : "name").")
        }
        let topic = try DeleteTopicsHandler.find(item, cluster)
        result.name = topic.name
        result.topicID = topic.id
        guard item.name == nil || !givenIDs.contains(topic.id) else {
            throw AdminFailure(
                .invalidRequest, "The provided topic name maps to an ID that was already supplied.")
        }
        try InternalTopic.refuseUsers(of: topic.name, to: "delete")
        return topic
    }
}

extension Cluster {
    /// Removes one topic.
    package mutating func deleteTopic(_ topic: Topic, now: Int64) throws(AdminFailure) {
        try deleteTopics([topic], now: now)
    }

    /// Removes topics, in one commit. Their directories and committed offsets go thereafter, some at a time.
    package mutating func deleteTopics(_ topics: [Topic], now: Int64) throws(AdminFailure) {
        guard !topics.isEmpty else {
            return
        }
        let changes = topics.map { topic in
            var record = RemoveTopicRecord()
            record.topicID = topic.id
            return MetadataChange.removeTopic(record)
        }
        do throws(ErrorCode) {
            try commit(changes, now: now)
        } catch {
            throw AdminFailure(error, "The deletion could not be stored.")
        }
        removeSoon()
        if removeOrphanedOffsets(now: now) {
            scheduleTopicWork()
        }
    }
}
