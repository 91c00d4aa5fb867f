import KafkaProtocol

/// OffsetCommit: stores how far a group has read.
///
/// Serves v2…10. Differs from Kafka: nothing known.
enum OffsetCommitHandler: RequestHandler {
    static func handle(
        _ request: OffsetCommitRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<OffsetCommitResponse> {
        cluster.answerInPortions(request, context, answer)
    }

    private static func answer(
        _ request: OffsetCommitRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> OffsetCommitResponse {
        var plan = resolve(request, context, cluster)
        // Kafka does not ask the coordinator when nothing is left to commit.
        guard !plan.commits.isEmpty else {
            return plan.response
        }
        do throws(ErrorCode) {
            try commit(request, &plan, context, &cluster)
        } catch {
            for place in plan.commits {
                plan.setError(error, at: place)
            }
        }
        return plan.response
    }

    /// Where in the answer an item stands, and what it wants.
    private struct Commit {
        let topic: Int
        let partition: Int
        let name: String
        let topicID: KafkaUUID
        let request: OffsetCommitRequest.OffsetCommitRequestPartition
    }

    private struct Plan {
        var response = OffsetCommitResponse()
        var commits: [Commit] = []

        mutating func setError(_ code: ErrorCode, at place: Commit) {
            response.topics[place.topic].partitions[place.partition].errorCode = code.rawValue
        }
    }

    /// Lays out the answer; what names no partition of ours has its error in it.
    private static func resolve(
        _ request: OffsetCommitRequest, _ context: RequestContext, _ cluster: Cluster
    ) -> Plan {
        var plan = Plan()
        for (topicIndex, item) in request.topics.enumerated() {
            let topic = context.version >= 10 ? cluster.topics[item.topicID] : cluster.topics[item.name]
            var answer = OffsetCommitResponse.OffsetCommitResponseTopic()
            answer.name = item.name
            answer.topicID = item.topicID
            for (index, partition) in item.partitions.enumerated() {
                var result = OffsetCommitResponse.OffsetCommitResponsePartition()
                result.partitionIndex = partition.partitionIndex
                if let topic, topic.partition(partition.partitionIndex) != nil {
                    plan.commits.append(
                        Commit(
                            topic: topicIndex, partition: index, name: topic.name, topicID: topic.id,
                            request: partition))
                } else {
                    let isUnknownID = topic == nil && context.version >= 10
                    result.errorCode = (isUnknownID ? ErrorCode.unknownTopicID : .unknownTopicOrPartition).rawValue
                }
                answer.partitions.append(result)
            }
            plan.response.topics.append(answer)
        }
        return plan
    }

    private static func commit(
        _ request: OffsetCommitRequest, _ plan: inout Plan, _ context: RequestContext, _ cluster: inout Cluster
    ) throws(ErrorCode) {
        try cluster.requireCoordinator(of: request.groupID, context)
        try cluster.validateOffsetCommit(request, version: context.version)
        cluster.keepSessionAlive(request, now: context.now)
        let expiry = request.retentionTimeMs < 0 ? nil : context.now +| request.retentionTimeMs
        let longest = cluster.configs.brokerInt("offset.metadata.max.bytes")
        var records: [GroupRecord] = []
        for place in plan.commits {
            let metadata = place.request.committedMetadata ?? ""
            // Kafka counts characters as Java does, whatever the config's name says.
            guard metadata.utf16.count <= longest else {
                plan.setError(.offsetMetadataTooLarge, at: place)
                continue
            }
            let offset = CommittedOffset(
                offset: place.request.committedOffset, leaderEpoch: place.request.committedLeaderEpoch,
                metadata: metadata, commitTimestamp: context.now, expireTimestamp: expiry, topicID: place.topicID)
            records.append(
                .offset(
                    group: request.groupID, topic: place.name, partition: place.request.partitionIndex, offset))
        }
        do throws(ErrorCode) {
            try cluster.append(records, group: request.groupID, now: context.now)
        } catch {
            throw error.forOffsetCommits
        }
    }
}
