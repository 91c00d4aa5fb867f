import KafkaProtocol
import LogStorage

/// Produce: appends one record batch per partition.
///
/// Serves v3…13 (v0…2 are advertised and refused, as Kafka 4 does for librdkafka's sake, KAFKA-18659). Differs from
/// Kafka: the batch keeps the codec it came with, whatever `compression.type` says; transactional batches are refused
/// with TRANSACTIONAL_ID_AUTHORIZATION_FAILED until transactions are served; mirror topics refuse with INVALID_REQUEST;
/// nobody writes to internal topics, not even the client id `__admin_client`.
enum ProduceHandler: RequestHandler {
    static func handle(
        _ request: ProduceRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<ProduceResponse> {
        var response = ProduceResponse()
        response.responses.reserveCapacity(request.topicData.count)
        var waits: [FlushTarget] = []
        for topic in request.topicData {
            var answer = ProduceResponse.TopicProduceResponse()
            answer.name = topic.name
            answer.topicID = topic.topicID
            answer.partitionResponses.reserveCapacity(topic.partitionData.count)
            for item in topic.partitionData {
                answer.partitionResponses.append(append(item, topic, request, context, &cluster, &waits))
            }
            response.responses.append(answer)
        }
        if request.acks == 0 {
            return finishUnacknowledged(response)
        }
        cluster.addLeaderEndpoints(to: &response, context)
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
                let name = topic.name.isEmpty ? topic.topicID.base64 : topic.name
                return .disconnect("produce with acks=0 to \(name)-\(partition.index) failed: \(code.name)")
            }
        }
        return .noReply
    }

    private static func append(
        _ item: ProduceRequest.PartitionProduceData, _ topic: ProduceRequest.TopicProduceData,
        _ request: ProduceRequest, _ context: RequestContext, _ cluster: inout Cluster, _ waits: inout [FlushTarget]
    ) -> ProduceResponse.PartitionProduceResponse {
        var partition: Partition?
        do throws(ErrorCode) {
            let found =
                context.version >= 13
                ? try cluster.topics.partition(topic.topicID, item.index)
                : try cluster.topics.partition(topic.name, item.index)
            partition = found
            switch item.records {
            case .frame(let bytes)?: return try append(bytes, to: found, request, context, &cluster, &waits)
            case .owned(let array)?:
                return try array.withBytes { (bytes) throws(ErrorCode) in
                    try append(bytes, to: found, request, context, &cluster, &waits)
                }
            case .source?, nil: throw .invalidRecord
            }
        } catch {
            var answer = failure(item.index, error, nil)
            if error == .notLeaderOrFollower, let partition {
                answer.currentLeader.leaderID = partition.leader
                answer.currentLeader.leaderEpoch = partition.leaderEpoch
            }
            return answer
        }
    }

    private static func append(
        _ bytes: UnsafeRawBufferPointer, to partition: Partition, _ request: ProduceRequest,
        _ context: RequestContext, _ cluster: inout Cluster, _ waits: inout [FlushTarget]
    ) throws(ErrorCode) -> ProduceResponse.PartitionProduceResponse {
        if let refusal = refusal(of: bytes, partition, version: context.version) {
            return refusal
        }
        guard (-1...1).contains(request.acks) else {
            throw .invalidRequiredAcks
        }
        if InternalTopic.isInternal(partition.topicName) {
            throw .invalidTopicException
        }
        try partition.checkLeader(nodeID: context.connection.nodeID)
        if partition.isReadOnlyMirror {
            let message = "Cannot append records to read-only mirror topic '\(partition.topicName)'"
            return failure(partition.index, .invalidRequest, message)
        }
        if request.acks == -1, partition.isr.count < partition.minInSyncReplicas {
            throw .notEnoughReplicas
        }
        let log = try partition.usableLog()
        do throws(AppendError) {
            let result = try log.appendAsLeader(
                bytes, leaderEpoch: partition.leaderEpoch, now: context.now, origin: .client)
            cluster.parking.wake(.partition(partition.handle))
            // With flush.messages an acknowledgement waits for the disk, as in Kafka.
            let mustFlush = cluster.configuration.durability == .fsync || log.hasReachedFlushMessages
            if mustFlush {
                cluster.flushes.mark(partition, log)
                if request.acks != 0 {
                    waits.append(FlushTarget(partition: partition, log: log, point: log.durabilityPoint))
                }
            } else {
                cluster.scheduleFlush(of: partition, log)
            }
            return success(partition.index, result)
        } catch {
            if error.code == .kafkaStorageError {
                let text = "append to \(partition.topicName)-\(partition.index) failed: \(error.message)"
                cluster.notices.append(Notice(level: .error, text: text))
            }
            return failure(partition.index, error, log)
        }
    }

    /// What is wrong with a batch for this version of the request; the log looks at everything else.
    private static func refusal(
        of bytes: UnsafeRawBufferPointer, _ partition: Partition, version: Int16
    ) -> ProduceResponse.PartitionProduceResponse? {
        guard !bytes.isEmpty else {
            return failure(
                partition.index, .invalidRecord, "Produce request without records for \(partition.topicName)")
        }
        guard bytes.count >= RecordBatchHeader.size else {
            return nil
        }
        let attributes = Int16(
            bigEndian: bytes.loadUnaligned(fromByteOffset: RecordBatchHeader.Position.attributes, as: Int16.self))
        if version < 7, attributes & RecordBatchHeader.Attribute.compressionMask == Int16(Compression.zstd.rawValue) {
            return failure(partition.index, .unsupportedCompressionType, nil)
        }
        if attributes & RecordBatchHeader.Attribute.transactional != 0 {
            return failure(partition.index, .transactionalIDAuthorizationFailed, nil)
        }
        return nil
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
        _ index: Int32, _ error: AppendError, _ log: PartitionLog
    ) -> ProduceResponse.PartitionProduceResponse {
        var answer = failure(index, error.code, error.message)
        answer.recordErrors = error.recordErrors.map { fault in
            var entry = ProduceResponse.BatchIndexAndErrorMessage()
            entry.batchIndex = fault.batchIndex
            entry.batchIndexErrorMessage = fault.message
            return entry
        }
        switch error.code {
        case .messageTooLarge, .recordListTooLarge, .corruptMessage, .kafkaStorageError: break
        // Lets a producer tell records that were deleted from records that were lost (KIP-360).
        default: answer.logStartOffset = log.logStartOffset
        }
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

extension Cluster {
    /// Where the leaders listen that the answer names, for clients that asked a broker which does not lead (KIP-951).
    fileprivate func addLeaderEndpoints(to response: inout ProduceResponse, _ context: RequestContext) {
        guard context.version >= 10 else {
            return
        }
        var leaders: Set<Int32> = []
        for topic in response.responses {
            for partition in topic.partitionResponses where partition.currentLeader.leaderID >= 0 {
                leaders.insert(partition.currentLeader.leaderID)
            }
        }
        guard !leaders.isEmpty else {
            return
        }
        response.nodeEndpoints = liveBrokers(context.connection.listener).filter { leaders.contains($0.0.nodeID) }
            .map { broker, endpoint in
                var node = ProduceResponse.NodeEndpoint()
                node.nodeID = broker.nodeID
                node.host = endpoint.host
                node.port = endpoint.port
                node.rack = broker.rack
                return node
            }
    }
}
