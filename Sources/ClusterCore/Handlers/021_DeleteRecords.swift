import KafkaProtocol
import LogStorage

/// DeleteRecords: moves log start offsets forward.
///
/// Serves v0…2. Differs from Kafka: mirror topics refuse it with INVALID_REQUEST, they follow their source.
enum DeleteRecordsHandler: RequestHandler {
    static func handle(
        _ request: DeleteRecordsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<DeleteRecordsResponse> {
        // Kafka writes where logs begin once a minute; a deletion that was acknowledged should survive a crash before.
        let outcome = cluster.answerInPortions(request, context, answer)
        guard case .reply(let response) = outcome,
            cluster.holdUntilLogStartsAreStored(
                LogStartWaiters.Waiter(token: context.token, response: response, heldBytes: context.heldBytes))
        else {
            return outcome
        }
        return .pending
    }

    private static func answer(
        _ request: DeleteRecordsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> DeleteRecordsResponse {
        var response = DeleteRecordsResponse()
        response.topics = request.topics.map { topic in
            var answer = DeleteRecordsResponse.DeleteRecordsTopicResult()
            answer.name = topic.name
            answer.partitions = topic.partitions.map { item in
                var result = DeleteRecordsResponse.DeleteRecordsPartitionResult()
                result.partitionIndex = item.partitionIndex
                do throws(ErrorCode) {
                    result.lowWatermark = try delete(item, topic.name, context, &cluster)
                } catch {
                    result.lowWatermark = -1
                    result.errorCode = error.rawValue
                }
                return result
            }
            return answer
        }
        return response
    }

    private static func delete(
        _ item: DeleteRecordsRequest.DeleteRecordsPartition, _ topic: String, _ context: RequestContext,
        _ cluster: inout Cluster
    ) throws(ErrorCode) -> Int64 {
        let partition = try cluster.topics.partition(topic, item.partitionIndex)
        if InternalTopic.isInternal(topic) {
            throw .invalidTopicException
        }
        try partition.checkLeader(nodeID: context.connection.nodeID)
        if partition.isReadOnlyMirror {
            throw .invalidRequest
        }
        guard cluster.configs.logConfig(topic).cleanupPolicy.contains(.delete) else {
            throw .policyViolation
        }
        guard item.offset >= -1 else {
            throw .offsetOutOfRange
        }
        let log = try partition.usableLog()
        do throws(ReadError) {
            let start = try log.deleteRecords(before: item.offset)
            cluster.tidyFilesSoon(partition)
            cluster.parking.wake(.partition(partition.handle))
            return start
        } catch {
            throw error.code
        }
    }
}
