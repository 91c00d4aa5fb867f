import KafkaProtocol

/// OffsetForLeaderEpoch: where an epoch ended, so that a client can see whether its position still exists (KIP-320).
///
/// Serves v2…4. Differs from Kafka: nothing.
enum OffsetForLeaderEpochHandler: RequestHandler {
    static func handle(
        _ request: OffsetForLeaderEpochRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<OffsetForLeaderEpochResponse> {
        cluster.answerInPortions(request, context, answer)
    }

    private static func answer(
        _ request: OffsetForLeaderEpochRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> OffsetForLeaderEpochResponse {
        var response = OffsetForLeaderEpochResponse()
        response.topics = request.topics.map { topic in
            var answer = OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult()
            answer.topic = topic.topic
            answer.partitions = topic.partitions.map { item in
                var found = OffsetForLeaderEpochResponse.EpochEndOffset()
                found.partition = item.partition
                do throws(ErrorCode) {
                    let partition = try cluster.topics.partition(topic.topic, item.partition)
                    try partition.checkLeader(
                        nodeID: context.connection.nodeID, currentLeaderEpoch: item.currentLeaderEpoch)
                    let log = try partition.usableLog()
                    let end = partition.endOffset(forLeaderEpoch: item.leaderEpoch, in: log)
                    found.leaderEpoch = end.leaderEpoch
                    found.endOffset = end.endOffset
                } catch {
                    found.errorCode = error.rawValue
                }
                return found
            }
            return answer
        }
        return response
    }
}
