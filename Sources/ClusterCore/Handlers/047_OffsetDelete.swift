import KafkaProtocol

/// OffsetDelete: forgets committed offsets of topics that the group no longer reads (KIP-496).
///
/// Serves v0. Differs from Kafka: a long request goes in portions; when one is refused as a whole (members have come
/// meanwhile), those before it are done.
enum OffsetDeleteHandler: RequestHandler {
    static func handle(
        _ request: OffsetDeleteRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<OffsetDeleteResponse> {
        cluster.answerInPortions(request, context, answer)
    }

    private static func answer(
        _ request: OffsetDeleteRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> OffsetDeleteResponse {
        var response = OffsetDeleteResponse()
        do throws(ErrorCode) {
            // As with commits, Kafka does not ask the coordinator about nothing.
            if request.topics.contains(where: { cluster.topics[$0.name] != nil }) {
                try checkGroup(request.groupID, context, &cluster)
            }
            response.topics = try delete(request, context, &cluster)
        } catch {
            response.errorCode = error.rawValue
        }
        return response
    }

    /// A group with members must at least tell what they subscribe to.
    private static func checkGroup(
        _ id: String, _ context: RequestContext, _ cluster: inout Cluster
    ) throws(ErrorCode) {
        try cluster.requireMemberCoordinator(of: id, context)
        guard let group = cluster.groups[id] else {
            throw .groupIDNotFound
        }
        guard group.isEmpty || group.usesConsumerProtocol else {
            throw .nonEmptyGroup
        }
    }

    private static func delete(
        _ request: OffsetDeleteRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) throws(ErrorCode) -> [OffsetDeleteResponse.OffsetDeleteResponseTopic] {
        let group = cluster.groups[request.groupID]
        let offsets = cluster.groups.offsets(of: request.groupID)
        var tombstones: [GroupRecord] = []
        let answers = request.topics.map { item in
            let isKnown = cluster.topics[item.name] != nil
            let isSubscribed = group?.isSubscribed(to: item.name) ?? false
            let code: ErrorCode =
                !isKnown ? .unknownTopicOrPartition : isSubscribed ? .groupSubscribedToTopic : .none
            var answer = OffsetDeleteResponse.OffsetDeleteResponseTopic()
            answer.name = item.name
            answer.partitions = item.partitions.map { partition in
                var result = OffsetDeleteResponse.OffsetDeleteResponsePartition()
                result.partitionIndex = partition.partitionIndex
                result.errorCode = code.rawValue
                if code == .none, offsets[item.name, partition.partitionIndex] != nil {
                    tombstones.append(
                        .offset(
                            group: request.groupID, topic: item.name, partition: partition.partitionIndex, nil))
                }
                return result
            }
            return answer
        }
        do throws(ErrorCode) {
            try cluster.append(tombstones, group: request.groupID, now: context.now)
        } catch {
            throw error.forGroupMembers
        }
        return answers
    }
}
