import KafkaProtocol

/// One partition's batches, and how a broker answers Fetch and ListOffsets about them.
struct FakeLog {
    var batches: [(header: RecordBatchHeader, bytes: [UInt8])] = []
    var start: Int64 = 0
    /// The first offset after all, also after ones that hold nothing.
    var end: Int64 = 0
    var isOffline = false
    var aborted: [FetchResponse.AbortedTransaction] = []
    /// What ends up happening to the log once it is fetched.
    var onFetch: (@Sendable (inout FakeLog) -> Void)?

    /// Appends records, each with the value that its offset has as text unless told otherwise.
    mutating func append(
        _ count: Int, compression: Compression = .none, time: Int64 = 1_000, step: Int64 = 1,
        transactional producer: Int64? = nil, value: (Int64) -> [UInt8] = { Array("v\($0)".utf8) }
    ) throws {
        var builder = RecordBatchBuilder(
            compression: compression, baseOffset: end, producerID: producer ?? -1,
            producerEpoch: producer == nil ? -1 : 3, baseSequence: producer == nil ? -1 : 10,
            isTransactional: producer != nil, leaderEpoch: 5)
        for index in 0..<Int64(count) {
            builder.append(
                key: Array("k\(end + index)".utf8), value: value(end + index),
                headers: [RecordHeader(key: "h", value: Array("x\(end + index)".utf8))], timestamp: time + index * step)
        }
        take(try builder.build())
    }

    /// Ends a producer's transaction.
    mutating func endTransaction(_ producer: Int64, commit: Bool) {
        take(
            ControlRecords.endTransaction(
                commit: commit, producerID: producer, producerEpoch: 3, coordinatorEpoch: 1, timestamp: 2_000,
                baseOffset: end, leaderEpoch: 5))
    }

    private mutating func take(_ bytes: [UInt8]) {
        let header = bytes.withUnsafeBytes { RecordBatchHeader(parsing: $0) }
        batches.append((header, bytes))
        end = header.nextOffset
    }

    static func id(of topic: String) -> KafkaUUID {
        KafkaUUID(high: 1, low: UInt64(topic.utf8.reduce(0) { $0 &* 31 &+ Int($1) } & 0xFFFF_FFFF))
    }

    static func fetch(_ request: FetchRequest, _ state: inout FakeCluster.State) -> FetchResponse {
        var response = FetchResponse()
        var budget = Int(request.maxBytes)
        for topic in request.topics {
            let name = state.topics.keys.first { id(of: $0) == topic.topicID }
            var answer = FetchResponse.FetchableTopicResponse()
            answer.topicID = topic.topicID
            for item in topic.partitions {
                var data = FetchResponse.PartitionData()
                data.partitionIndex = item.partition
                guard let name else {
                    data.errorCode = ErrorCode.unknownTopicID.rawValue
                    answer.partitions.append(data)
                    continue
                }
                var log = state.logs[name]?[item.partition] ?? FakeLog()
                log.onFetch?(&log)
                state.logs[name, default: [:]][item.partition] = log
                log.read(item, &data, &budget, isFirst: budget == Int(request.maxBytes))
                answer.partitions.append(data)
            }
            response.responses.append(answer)
        }
        return response
    }

    private func read(
        _ item: FetchRequest.FetchPartition, _ data: inout FetchResponse.PartitionData, _ budget: inout Int,
        isFirst: Bool
    ) {
        guard item.fetchOffset >= start, item.fetchOffset <= end else {
            data.errorCode = ErrorCode.offsetOutOfRange.rawValue
            return
        }
        data.highWatermark = end
        data.lastStableOffset = end
        data.logStartOffset = start
        data.abortedTransactions = aborted
        var bytes: [UInt8] = []
        for batch in batches where batch.header.nextOffset > item.fetchOffset {
            let room = min(budget, Int(item.partitionMaxBytes) - bytes.count)
            guard batch.bytes.count <= room || isFirst && bytes.isEmpty else {
                break
            }
            bytes += batch.bytes
            budget -= batch.bytes.count
        }
        data.records = .owned(bytes)
    }

    static func listOffsets(_ request: ListOffsetsRequest, _ state: FakeCluster.State) -> ListOffsetsResponse {
        var response = ListOffsetsResponse()
        response.topics = request.topics.map { topic in
            var answer = ListOffsetsResponse.ListOffsetsTopicResponse()
            answer.name = topic.name
            answer.partitions = topic.partitions.map { item in
                var found = ListOffsetsResponse.ListOffsetsPartitionResponse()
                found.partitionIndex = item.partitionIndex
                let log = state.logs[topic.name]?[item.partitionIndex] ?? FakeLog()
                switch item.timestamp {
                case -1: found.offset = log.end
                case -2: found.offset = log.start
                default:
                    let records = log.batches.flatMap { batch in
                        (try? batch.bytes.withUnsafeBytes { try decodeRecords(batch: $0) }) ?? []
                    }
                    found.offset = records.first { $0.timestamp >= item.timestamp }?.offset ?? -1
                }
                return found
            }
            return answer
        }
        return response
    }
}
