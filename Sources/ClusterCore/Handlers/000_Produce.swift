import KafkaProtocol
import LogStorage

/// Produce: appends one record batch per partition.
///
/// Serves v3…13 (v0…2 are advertised and refused, as Kafka 4 does for librdkafka's sake, KAFKA-18659). Differs from
/// Kafka: the batch keeps the codec it came with, whatever `compression.type` says; transactional batches are refused
/// with TRANSACTIONAL_ID_AUTHORIZATION_FAILED until transactions are served; mirror topics refuse with INVALID_REQUEST;
/// nobody writes to internal topics, not even the client id `__admin_client`; batches of a request that decompress to
/// more than `ClusterLimits.decompressedBytesPerRequest` together are refused with MESSAGE_TOO_LARGE, upon which
/// producers split them (Kafka has no such bound).
enum ProduceHandler: RequestHandler {
    /// What one request may make the cluster look at before the rest goes to other threads (``RecordChecks``): some
    /// milliseconds of work.
    static let recordBudget = RecordBudget(
        bytes: 4 << 20, records: 500_000, recompressedBytes: 256 << 10, batches: RecordChecks.sliceBatches)

    /// What becomes of a request while it is handled.
    struct Progress {
        let acks: Int16
        var response = ProduceResponse()
        var waits: [FlushTarget] = []
        var budget = recordBudget
        /// Partitions whose records take longer; their answers are still empty.
        var unchecked: [RecordChecks.Entry] = []
    }

    static func handle(
        _ request: ProduceRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<ProduceResponse> {
        let request = request.withoutRepeats
        var progress = Progress(acks: request.acks)
        progress.response.responses.reserveCapacity(request.topicData.count)
        for topic in request.topicData {
            var answer = ProduceResponse.TopicProduceResponse()
            answer.name = topic.name
            answer.topicID = topic.topicID
            answer.partitionResponses.reserveCapacity(topic.partitionData.count)
            for (index, item) in topic.partitionData.enumerated() {
                let place = RecordChecks.Place(topic: progress.response.responses.count, partition: index)
                answer.partitionResponses.append(append(item, topic, place, context, &cluster, &progress))
            }
            progress.response.responses.append(answer)
        }
        guard progress.unchecked.isEmpty else {
            cluster.recordChecks.add(
                context, progress, budget: cluster.configuration.limits.decompressedBytesPerRequest)
            return .pending
        }
        return conclude(progress, context, &cluster)
    }

    /// What is said once every partition was dealt with.
    static func conclude(
        _ progress: Progress, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<ProduceResponse> {
        var response = progress.response
        if progress.acks == 0 {
            return finishUnacknowledged(response)
        }
        cluster.addLeaderEndpoints(to: &response, context)
        if !progress.waits.isEmpty {
            cluster.flushes.add(
                FlushQueue.Waiting(token: context.token, targets: progress.waits, response: response))
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
        _ place: RecordChecks.Place, _ context: RequestContext, _ cluster: inout Cluster, _ progress: inout Progress
    ) -> ProduceResponse.PartitionProduceResponse {
        var partition: Partition?
        do throws(ErrorCode) {
            let found =
                context.version >= 13
                ? try cluster.topics.partition(topic.topicID, item.index)
                : try cluster.topics.partition(topic.name, item.index)
            partition = found
            switch item.records {
            case .frame(let bytes)?: return try append(bytes, to: found, place, context, &cluster, &progress)
            case .owned(let array)?:
                return try array.withBytes { (bytes) throws(ErrorCode) in
                    try append(bytes, to: found, place, context, &cluster, &progress)
                }
            case .source?, nil: throw .invalidRecord
            }
        } catch {
            return failure(item.index, error, partition)
        }
    }

    private static func append(
        _ bytes: UnsafeRawBufferPointer, to partition: Partition, _ place: RecordChecks.Place,
        _ context: RequestContext, _ cluster: inout Cluster, _ progress: inout Progress
    ) throws(ErrorCode) -> ProduceResponse.PartitionProduceResponse {
        if let refusal = refusal(of: bytes, partition, version: context.version) {
            return refusal
        }
        guard (-1...1).contains(progress.acks) else {
            throw .invalidRequiredAcks
        }
        return try write(to: partition, context, &cluster, &progress) { log, progress throws(AppendError) in
            let result = try log.appendAsLeader(
                bytes, leaderEpoch: partition.leaderEpoch, now: context.now, within: &progress.budget)
            if result == nil {
                let check = log.recordCheck(bytes, now: context.now)
                progress.unchecked.append(RecordChecks.Entry(place: place, partition: partition, check: check))
            }
            return result
        }
    }

    /// Appends records that were looked at elsewhere, if their partition still takes any.
    static func append(
        _ verdict: RecordVerdict, of entry: RecordChecks.Entry, _ context: RequestContext, now: Int64,
        _ cluster: inout Cluster, _ progress: inout Progress
    ) -> ProduceResponse.PartitionProduceResponse {
        let index = entry.partition.index
        var partition: Partition?
        do throws(ErrorCode) {
            let found = try cluster.topics.partition(entry.partition.topicID, index)
            partition = found
            return try write(to: found, context, &cluster, &progress) { log, _ throws(AppendError) in
                try log.appendAsLeader(verdict, leaderEpoch: found.leaderEpoch, now: now)
            }
        } catch {
            // Who asked by name is not told of an id.
            let code = error == .unknownTopicID && context.version < 13 ? .unknownTopicOrPartition : error
            return failure(index, code, partition)
        }
    }

    /// Appends to a partition that takes records from clients.
    /// - Parameter body: appends; nil leaves it for later.
    private static func write(
        to partition: Partition, _ context: RequestContext, _ cluster: inout Cluster, _ progress: inout Progress,
        _ body: (PartitionLog, inout Progress) throws(AppendError) -> AppendResult?
    ) throws(ErrorCode) -> ProduceResponse.PartitionProduceResponse {
        if InternalTopic.isInternal(partition.topicName) {
            throw .invalidTopicException
        }
        try partition.checkLeader(nodeID: context.connection.nodeID)
        if partition.isReadOnlyMirror {
            let message = "Cannot append records to read-only mirror topic '\(partition.topicName)'"
            return failure(partition.index, .invalidRequest, message)
        }
        if progress.acks == -1, partition.isr.count < partition.minInSyncReplicas {
            throw .notEnoughReplicas
        }
        let log = try partition.usableLog()
        do throws(AppendError) {
            guard let result = try body(log, &progress) else {
                return ProduceResponse.PartitionProduceResponse()
            }
            if !result.isDuplicate {
                cluster.noteAppended(result.bytes, records: result.recordCount, to: partition)
            }
            cluster.parking.wake(.partition(partition.handle))
            cluster.tidyFilesSoon(partition)
            // With flush.messages an acknowledgement waits for the disk, as in Kafka.
            let mustFlush = cluster.configuration.durability == .fsync || log.hasReachedFlushMessages
            if mustFlush {
                cluster.flushes.mark(partition, log)
                if progress.acks != 0 {
                    progress.waits.append(FlushTarget(partition: partition, log: log, point: log.durabilityPoint))
                }
            } else {
                cluster.scheduleFlush(of: partition, log)
            }
            return success(partition.index, result)
        } catch {
            if error.code == .kafkaStorageError {
                let name = "\(partition.topicName)-\(partition.index)"
                cluster.complain(.append, of: name, "append to \(name) failed: \(error.message)")
                // Readers hear of a log that has gone offline.
                cluster.parking.wake(.partition(partition.handle))
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
            return failure(partition.index, .unsupportedCompressionType, String?.none)
        }
        if attributes & RecordBatchHeader.Attribute.transactional != 0 {
            return failure(partition.index, .transactionalIDAuthorizationFailed, String?.none)
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
        _ index: Int32, _ code: ErrorCode, _ partition: Partition?
    ) -> ProduceResponse.PartitionProduceResponse {
        var answer = failure(index, code, String?.none)
        if code == .notLeaderOrFollower, let partition {
            answer.currentLeader.leaderID = partition.leader
            answer.currentLeader.leaderEpoch = partition.leaderEpoch
        }
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

extension ProduceRequest {
    private struct Name: Hashable {
        let topic: String
        let topicID: KafkaUUID
        let index: Int32
    }

    /// Each partition once: of what is sent for one more than once the last counts, as it does for Kafka, whose
    /// `handleProduceRequest` puts partitions into a map.
    fileprivate var withoutRepeats: ProduceRequest {
        guard topicData.count > 1 || topicData.first?.partitionData.count ?? 0 > 1 else {
            return self
        }
        var seen = Set<Name>(minimumCapacity: topicData.reduce(0) { $0 +| $1.partitionData.count })
        var result = self
        var hasRepeats = false
        for topic in topicData.indices.reversed() {
            let data = topicData[topic]
            let kept = data.partitionData.reversed().filter { item in
                seen.insert(Name(topic: data.name, topicID: data.topicID, index: item.index)).inserted
            }
            if kept.count < data.partitionData.count {
                hasRepeats = true
                result.topicData[topic].partitionData = kept.reversed()
            }
        }
        guard hasRepeats else {
            return self
        }
        result.topicData.removeAll { $0.partitionData.isEmpty }
        return result
    }
}
