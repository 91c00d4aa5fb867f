import KafkaProtocol
import LogStorage

/// Produce: appends one record batch per partition.
///
/// Serves v3…13 (v0…2 are advertised and refused, as Kafka 4 does for librdkafka's sake, KAFKA-18659). Differs from Kafka:
/// the batch keeps the codec it came with, whatever `compression.type` says.
enum ProduceHandler: RequestHandler {
    static func handle(
        _ request: ProduceRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<ProduceResponse> {
        let acksAreValid = (-1...1).contains(request.acks)
        var response = ProduceResponse()
        response.responses.reserveCapacity(request.topicData.count)
        var waits: [FlushTarget] = []
        for topic in request.topicData {
            var answer = ProduceResponse.TopicProduceResponse()
            answer.name = topic.name
            answer.topicID = topic.topicID
            answer.partitionResponses.reserveCapacity(topic.partitionData.count)
            for item in topic.partitionData {
                let result =
                    acksAreValid
                    ? append(item, topic, request, context, &cluster, &waits)
                    : failure(item.index, .invalidRequiredAcks, nil)
                answer.partitionResponses.append(result)
            }
            response.responses.append(answer)
        }
        if request.acks == 0 {
            return finishUnacknowledged(response)
        }
        if !waits.isEmpty {
            cluster.flushes.add(FlushQueue.Waiting(token: context.token, targets: waits, response: response))
            return .pending
        }
        return .reply(response)
    }

    /// Nobody hears about errors with acks=0, so Kafka closes the connection to make the client look again.
    private static func finishUnacknowledged(_ response: ProduceResponse) -> Outcome<ProduceResponse> {
        for topic in response.responses {
            for partition in topic.partitionResponses where partition.errorCode != ErrorCode.none.rawValue {
                let code = ErrorCode(rawValue: partition.errorCode)
                return .disconnect("produce with acks=0 to \(topic.name)-\(partition.index) failed: \(code.name)")
            }
        }
        return .noReply
    }

    private static func append(
        _ item: ProduceRequest.PartitionProduceData, _ topic: ProduceRequest.TopicProduceData,
        _ request: ProduceRequest, _ context: RequestContext, _ cluster: inout Cluster, _ waits: inout [FlushTarget]
    ) -> ProduceResponse.PartitionProduceResponse {
        do throws(ErrorCode) {
            let partition =
                context.version >= 13
                ? try cluster.topics.partition(topic.topicID, item.index)
                : try cluster.topics.partition(topic.name, item.index)
            try partition.checkLeader(nodeID: context.connection.nodeID)
            return try append(item, to: partition, request, context, &cluster, &waits)
        } catch {
            return failure(item.index, error, nil)
        }
    }

    private static func append(
        _ item: ProduceRequest.PartitionProduceData, to partition: Partition, _ request: ProduceRequest,
        _ context: RequestContext, _ cluster: inout Cluster, _ waits: inout [FlushTarget]
    ) throws(ErrorCode) -> ProduceResponse.PartitionProduceResponse {
        if partition.isReadOnlyMirror {
            let message = "Cannot append records to read-only mirror topic '\(partition.topicName)'"
            return failure(item.index, .invalidRequest, message)
        }
        if InternalTopic.isInternal(partition.topicName) {
            throw .invalidTopicException
        }
        guard case .frame(let bytes)? = item.records, bytes.count > 0 else {
            return failure(item.index, .invalidRecord, "Produce request without records for \(partition.topicName)")
        }
        if request.acks == -1, partition.isr.count < partition.minInSyncReplicas {
            throw .notEnoughReplicas
        }
        if request.transactionalID != nil {
            throw .transactionalIDAuthorizationFailed
        }
        let log = try partition.usableLog()
        do throws(AppendError) {
            let result = try log.appendAsLeader(
                bytes, leaderEpoch: partition.leaderEpoch, now: context.now, origin: .client)
            cluster.parking.wake(.partition(partition.handle))
            if cluster.configuration.durability == .fsync, request.acks != 0 {
                waits.append(FlushTarget(partition: partition, offset: result.lastOffset + 1))
            }
            return success(item.index, result)
        } catch {
            return failure(item.index, error.code, error.message)
        }
    }

    private static func success(_ index: Int32, _ result: AppendResult) -> ProduceResponse.PartitionProduceResponse {
        var answer = ProduceResponse.PartitionProduceResponse()
        answer.index = index
        answer.baseOffset = result.baseOffset
        answer.logAppendTimeMs = result.logAppendTime
        answer.logStartOffset = result.logStartOffset
        return answer
    }

    private static func failure(
        _ index: Int32, _ code: ErrorCode, _ message: String?
    ) -> ProduceResponse.PartitionProduceResponse {
        var answer = ProduceResponse.PartitionProduceResponse()
        answer.index = index
        answer.errorCode = code.rawValue
        answer.errorMessage = message
        answer.baseOffset = -1
        answer.logAppendTimeMs = -1
        answer.logStartOffset = -1
        return answer
    }
}
