import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// Batches that decompress to much more than they are: another thread looks at them, and nobody else waits.
@Suite("Records that take long to look at")
struct RecordCheckTests {
    /// More than one request may decompress on the spot.
    private static let longBytes = ProduceHandler.recordBudget.bytes + 1

    private func bomb(
        _ count: Int = longBytes, _ codec: Compression = .zstd, key: [UInt8]? = nil, timestamp: Int64 = -1
    ) throws -> [UInt8] {
        var builder = RecordBatchBuilder(compression: codec)
        builder.append(key: key, value: [UInt8](repeating: 0, count: count), timestamp: timestamp)
        return try builder.build()
    }

    private func send(
        _ harness: ClusterHarness, _ batch: [UInt8], acks: Int16 = -1, on connection: ConnectionID? = nil
    ) -> SentRequest<ProduceRequest> {
        let request = harness.produceRequest("t", batch: batch, acks: acks)
        return harness.send(request, version: 9, on: connection ?? harness.connect()).sent
    }

    private func result(
        _ sent: SentRequest<ProduceRequest>, _ harness: ClusterHarness
    ) throws -> ProduceResponse.PartitionProduceResponse? {
        try harness.answer(to: sent)?.responses.first?.partitionResponses.first
    }

    private func held(_ configs: [String: String] = [:], durability: Durability = .os) throws -> ClusterHarness {
        let harness = try ClusterHarness(durability: durability)
        try harness.createTopic("t", configs: configs)
        harness.holdsRecordChecks = true
        return harness
    }

    @Test(
        "a batch that decompresses to much waits, while others produce to the same partition",
        arguments: [Compression.gzip, .snappy, .lz4, .zstd])
    func others(codec: Compression) throws {
        let harness = try held()
        let sent = send(harness, try bomb(Self.longBytes, codec))
        #expect(try result(sent, harness) == nil)
        #expect(try harness.produce("t", "small") == 0)
        #expect(harness.finishRecordChecks() == 1)
        let answer = try #require(try result(sent, harness))
        #expect(answer.errorCode == 0)
        #expect(answer.baseOffset == 1)
        let fetched = try harness.fetch(harness.fetchRequest("t"))
        #expect(try fetched.records?.values().count == 2)
    }

    @Test("a batch that is refused uses up what the rest of its request may take", arguments: [Compression.gzip, .zstd])
    func refusedBatches(codec: Compression) throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t", partitions: 3)
        harness.holdsRecordChecks = true
        // Compressed bytes that are no records: how many there are is found out by decompressing them.
        var bad = RecordBatchBuilder(compression: codec)
        bad.append(key: nil, value: [UInt8](repeating: 0, count: 1_000), timestamp: 0)
        var broken = try bad.build()
        broken[RecordBatchHeader.size] ^= 0xff
        let checksum = broken.withUnsafeBytes { RecordBatchHeader.checksum(of: $0) }
        broken.replaceSubrange(17..<21, with: withUnsafeBytes(of: checksum.bigEndian) { Array($0) })
        var request = harness.produceRequest("t", partition: 0, batch: broken)
        request.topicData[0].partitionData +=
            harness.produceRequest("t", partition: 1, batch: try bomb(10, codec)).topicData[0].partitionData
        let sent = harness.send(request, version: 9, on: harness.connect()).sent
        #expect(try harness.answer(to: sent) == nil)
        #expect(harness.finishRecordChecks() == 1)
        let answers = try #require(try harness.answer(to: sent)?.responses.first?.partitionResponses)
        #expect(answers.map { $0.errorCode == 0 } == [false, true])
    }

    @Test("of a partition that a request names more than once the last counts, once, as for Kafka")
    func namedTwice() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t", partitions: 2)
        var request = harness.produceRequest("t", partition: 0, batch: try bomb(1))
        for index in [0, 1, 0] as [Int32] {
            request.topicData += harness.produceRequest("t", partition: index, batch: try bomb(2)).topicData
        }
        let answer = try harness.call(request, version: 9)
        #expect(answer.responses.flatMap { $0.partitionResponses.map(\.index) } == [1, 0])
        #expect(answer.responses.allSatisfy { $0.partitionResponses.allSatisfy { $0.errorCode == 0 } })
        #expect(harness.cluster.topics["t"]?.partition(0)?.log?.logEndOffset == 1)
    }

    @Test("of a request with very many batches some are appended, then those of others, then some more")
    func writesInSlices() throws {
        let harness = try ClusterHarness()
        let (now, later) = (ProduceHandler.recordBudget.batches, 2 * RecordChecks.sliceBatches)
        let count = Int32(now + later)
        try harness.createTopic("t", partitions: count)
        var request = harness.produceRequest("t", batch: try bomb(1))
        let data = request.topicData[0].partitionData[0]
        request.topicData[0].partitionData = (0..<count).map { index in
            var data = data
            data.index = index
            return data
        }
        // What is wrong is told in its place.
        request.topicData[0].partitionData[3].index = count
        harness.holdsRecordChecks = true
        let sent = harness.send(request, version: 9, on: harness.connect()).sent
        let logs = try #require(harness.cluster.topics["t"]?.partitions).compactMap(\.log)
        #expect(try harness.answer(to: sent) == nil && logs.count { $0.logEndOffset == 1 } == now)
        #expect(harness.cluster.heldRecordBytes > 0)
        #expect(try harness.produce("t", partition: count - 1, "other") == 0)
        #expect(harness.finishRecordChecks() == 2)
        let answers = try #require(try harness.answer(to: sent)?.responses.first?.partitionResponses)
        #expect(answers.map(\.index) == request.topicData[0].partitionData.map(\.index))
        #expect(answers.filter { $0.errorCode != 0 }.map(\.errorCode.code) == [.unknownTopicOrPartition])
        #expect(answers.last?.baseOffset == 1 && harness.cluster.heldRecordBytes == 0)
        #expect(logs.map(\.logEndOffset) == (0..<count).map { $0 == 3 ? 0 : $0 == count - 1 ? 2 : 1 })
    }

    @Test("record errors of a request are bounded, not those of each batch")
    func faults() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t", partitions: 3, configs: ["cleanup.policy": "compact"])
        var builder = RecordBatchBuilder(compression: .zstd)
        for _ in 0..<6_000 {
            builder.append(key: nil, value: [1], timestamp: 0)
        }
        let batch = try builder.build()
        var request = harness.produceRequest("t", partition: 0, batch: batch)
        for index in Int32(1)..<3 {
            request.topicData += harness.produceRequest("t", partition: index, batch: batch).topicData
        }
        let answer = try harness.call(request, version: 9)
        let parts = answer.responses.flatMap(\.partitionResponses)
        #expect(parts.map(\.errorCode.code) == [.invalidRecord, .invalidRecord, .invalidRecord])
        #expect(parts.map(\.recordErrors.count) == [6_000, 4_000, 0])
    }

    @Test("what fits is looked at on the spot")
    func small() throws {
        let harness = try held()
        let sent = send(harness, try bomb(Self.longBytes / 2))
        #expect(try result(sent, harness)?.errorCode == 0)
        #expect(harness.finishRecordChecks() == 0)
    }

    @Test("one request may decompress so much on the spot, over all its partitions; the answer keeps their order")
    func partitions() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t", partitions: 5)
        harness.holdsRecordChecks = true
        var request = ProduceRequest()
        request.acks = -1
        for index in 0..<Int32(5) {
            let part = harness.produceRequest("t", partition: index, batch: try bomb(Self.longBytes * 2 / 5))
            if request.topicData.isEmpty {
                request.topicData = part.topicData
            } else {
                request.topicData[0].partitionData += part.topicData[0].partitionData
            }
        }
        let sent = harness.send(request, version: 9, on: harness.connect()).sent
        let ends = { (0..<5).map { harness.cluster.topics["t"]?.partition(Int32($0))?.log?.logEndOffset } }
        #expect(ends() == [1, 1, 0, 0, 0])
        #expect(try harness.answer(to: sent) == nil)
        harness.finishRecordChecks()
        #expect(ends() == [1, 1, 1, 1, 1])
        let answers = try #require(try harness.answer(to: sent)?.responses.first?.partitionResponses)
        #expect(answers.map(\.index) == [0, 1, 2, 3, 4])
        #expect(answers.allSatisfy { $0.errorCode == 0 && $0.baseOffset == 0 })
    }

    @Test("a batch that is refused for its records is refused after the look, and nothing is stored")
    func refused() throws {
        let harness = try held(["cleanup.policy": "compact"])
        let sent = send(harness, try bomb())
        harness.finishRecordChecks()
        let answer = try #require(try result(sent, harness))
        #expect(answer.errorCode.code == .invalidRecord)
        #expect(answer.recordErrors.map(\.batchIndex) == [0])
        let damaged = send(harness, try tooLong())
        harness.finishRecordChecks()
        #expect(try result(damaged, harness)?.errorCode.code == .invalidRecord)
        #expect(harness.cluster.topics["t"]?.partition(0)?.log?.logEndOffset == 0)
    }

    /// A batch of some thousand bytes that decompresses to more than any may.
    private func tooLong() throws -> [UInt8] {
        try bomb(Compression.defaultOutputLimit + 1, key: [1])
    }

    @Test("compressed records that have to be numbered anew, which takes longest, wait as well")
    func renumbered() throws {
        let harness = try held()
        var builder = RecordBatchBuilder(compression: .gzip)
        for offset in [0, 2, 3] {
            let value = [UInt8](repeating: 7, count: ProduceHandler.recordBudget.recompressedBytes / 2)
            builder.append(key: nil, value: value, timestamp: harness.now, offset: Int64(offset))
        }
        // The count has to fit the last offset: three records, 0...2.
        var batch = try builder.build()
        batch.withUnsafeMutableBytes { bytes in
            var header = RecordBatchHeader(parsing: UnsafeRawBufferPointer(bytes))
            header.lastOffsetDelta = 2
            let head = UnsafeMutableRawBufferPointer(rebasing: bytes[..<RecordBatchHeader.size])
            header.writeSealed(
                into: head, records: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[61...]))
        }
        let sent = send(harness, batch)
        #expect(try result(sent, harness) == nil)
        harness.finishRecordChecks()
        #expect(try result(sent, harness)?.errorCode == 0)
        #expect(harness.cluster.topics["t"]?.partition(0)?.log?.logEndOffset == 3)
    }

    @Test("without an acknowledgement the connection goes on once the records are there")
    func unacknowledged() throws {
        let harness = try held()
        let connection = harness.connect()
        let request = harness.produceRequest("t", batch: try bomb(), acks: 0)
        let (sent, outcome) = harness.send(request, version: 9, on: connection)
        guard case .pending = outcome else {
            Issue.record("the next request would not have waited: \(outcome)")
            return
        }
        harness.finishRecordChecks()
        #expect(harness.cluster.topics["t"]?.partition(0)?.log?.logEndOffset == 1)
        let reply = try #require(harness.reply(to: sent))
        guard case .nothing = reply.framing, case .none = reply.effect else {
            Issue.record("something was sent: \(reply)")
            return
        }
    }

    @Test("without an acknowledgement a refusal ends the connection")
    func unacknowledgedRefusal() throws {
        let harness = try held(["cleanup.policy": "compact"])
        let sent = send(harness, try bomb(), acks: 0)
        harness.finishRecordChecks()
        guard case .close = try #require(harness.reply(to: sent)).effect else {
            Issue.record("the client does not learn that its records are lost")
            return
        }
    }

    @Test("the records of a client that has left are not looked at, nor held")
    func left() throws {
        let harness = try held()
        let connection = harness.connect()
        _ = send(harness, try bomb(), on: connection)
        let others = try (0..<RecordChecks.atOnce).map { _ in send(harness, try bomb()) }
        let last = harness.connect()
        _ = send(harness, try bomb(), on: last)
        #expect(harness.cluster.isWorking(for: connection) && harness.cluster.heldRecordBytes > 0)
        harness.disconnect(connection)
        harness.disconnect(last)
        harness.finishRecordChecks()
        #expect(try others.map { try result($0, harness)?.errorCode } == others.map { _ in 0 })
        #expect(harness.cluster.topics["t"]?.partition(0)?.log?.logEndOffset == Int64(others.count))
        #expect(!harness.cluster.isWorking(for: connection) && harness.cluster.heldRecordBytes == 0)
    }

    @Test("records do not end up in another topic of the same name")
    func recreated() throws {
        let harness = try held()
        let sent = send(harness, try bomb())
        var delete = DeleteTopicsRequest()
        delete.topicNames = ["t"]
        #expect(try harness.call(delete, version: 5).responses.map(\.errorCode) == [0])
        try harness.createTopic("t")
        harness.finishRecordChecks()
        #expect(try result(sent, harness)?.errorCode.code == .unknownTopicOrPartition)
        #expect(harness.cluster.topics["t"]?.partition(0)?.log?.logEndOffset == 0)
    }

    @Test("with durability fsync the answer waits for the disk as well")
    func durable() throws {
        let harness = try held(durability: .fsync)
        let sent = send(harness, try bomb())
        harness.finishRecordChecks()
        #expect(try result(sent, harness) == nil)
        harness.flush()
        #expect(try result(sent, harness)?.errorCode == 0)
    }

    /// One request with a batch for each of the first partitions.
    private func request(_ harness: ClusterHarness, _ batches: [[UInt8]]) -> ProduceRequest {
        var request = harness.produceRequest("t", batch: batches[0])
        for (index, batch) in batches.enumerated().dropFirst() {
            request.topicData[0].partitionData +=
                harness.produceRequest("t", partition: Int32(index), batch: batch).topicData[0].partitionData
        }
        return request
    }

    @Test("a request with many long batches has some looked at, then it is another client's turn")
    func turns() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t", partitions: 4)
        harness.holdsRecordChecks = true
        let long = try bomb(RecordChecks.sliceBytes)
        let many = harness.send(
            request(harness, Array(repeating: long, count: 4)), version: 9, on: harness.connect()
        ).sent
        let others = try (0..<3).map { _ in send(harness, try bomb()) }
        // Two threads: the first request's first batch and the second request; then the third and the fourth.
        #expect(harness.performRecordChecks() == RecordChecks.atOnce)
        #expect(try others.map { try result($0, harness) != nil } == [true, false, false])
        #expect(harness.performRecordChecks() == RecordChecks.atOnce)
        #expect(try others.map { try result($0, harness) != nil } == [true, true, true])
        #expect(try harness.answer(to: many) == nil)
        // One request is not looked at by two threads.
        #expect(harness.performRecordChecks() == 1)
        harness.finishRecordChecks()
        let answers = try #require(try harness.answer(to: many)?.responses.first?.partitionResponses)
        #expect(answers.map(\.errorCode) == [0, 0, 0, 0])
    }

    @Test("many short batches are looked at some at a time as well")
    func manyBatches() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t", partitions: Int32(RecordChecks.sliceBatches + 2))
        harness.holdsRecordChecks = true
        // Behind a long one all compressed ones have to wait.
        let small = try bomb(10)
        let batches = [try bomb()] + Array(repeating: small, count: RecordChecks.sliceBatches)
        let sent = harness.send(request(harness, batches), version: 9, on: harness.connect()).sent
        #expect(harness.performRecordChecks() == 1)
        #expect(try harness.answer(to: sent) == nil)
        let ends = (0..<batches.count).map { harness.cluster.topics["t"]?.partition(Int32($0))?.log?.logEndOffset }
        #expect(ends == Array(repeating: 1, count: RecordChecks.sliceBatches) + [0])
        #expect(harness.performRecordChecks() == 1)
        #expect(try harness.answer(to: sent) != nil)
    }

    @Test("the batches of one request may decompress to so much together; what is beyond is refused, not the next one")
    func requestLimit() throws {
        var limits = ClusterLimits()
        limits.decompressedBytesPerRequest = Self.longBytes * 5 / 2
        let harness = try ClusterHarness(limits: limits)
        try harness.createTopic("t", partitions: 4)
        let long = try bomb()
        let batches = [long, long, long, try bomb(1, .none)]
        let answer = try harness.call(request(harness, batches), version: 9)
        let codes = answer.responses.flatMap(\.partitionResponses).map(\.errorCode.code)
        #expect(codes == [.none, .none, .messageTooLarge, .none])
        #expect(try result(send(harness, long), harness)?.errorCode == 0)
    }

    // MARK: Stored records

    private func listOffsets(_ partitions: [Int32], at timestamp: Int64) -> ListOffsetsRequest {
        var topic = ListOffsetsRequest.ListOffsetsTopic()
        topic.name = "t"
        topic.partitions = partitions.map { index in
            var item = ListOffsetsRequest.ListOffsetsPartition()
            item.partitionIndex = index
            item.timestamp = timestamp
            return item
        }
        var request = ListOffsetsRequest()
        request.topics = [topic]
        return request
    }

    @Test("a stored batch that decompresses to much is searched elsewhere, while others are served", arguments: [-3, 5])
    func searched(timestamp: Int64) throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t", partitions: 3)
        for partition in [0, 2] as [Int32] {
            let request = harness.produceRequest("t", partition: partition, batch: try bomb(timestamp: 7))
            #expect(try harness.call(request, version: 9).responses.first?.partitionResponses.first?.errorCode == 0)
        }
        harness.holdsRecordChecks = true
        let sent = harness.send(listOffsets([0, 1, 2], at: timestamp), version: 7, on: harness.connect()).sent
        #expect(try harness.answer(to: sent) == nil)
        #expect(try harness.produce("t", partition: 1, "other") == 0)
        // One for each of the long batches.
        #expect(harness.finishRecordChecks() == 2)
        let answers = try #require(try harness.answer(to: sent)?.topics.first?.partitions)
        #expect(answers.map(\.partitionIndex) == [0, 1, 2])
        #expect(answers.map(\.timestamp) == [7, harness.now, 7])
        #expect(answers.map(\.offset) == [0, 0, 0])
        #expect(harness.cluster.heldRecordBytes == 0)
    }

    @Test("a request that only makes way for others does not wait until records have been looked at")
    func pauses() throws {
        let count = Int32(ListOffsetsHandler.lookupsPerSlice * 2 + 1)
        let harness = try ClusterHarness()
        try harness.createTopic("t", partitions: count)
        harness.holdsRecordChecks = true
        for _ in 0..<RecordChecks.atOnce * 3 {
            _ = send(harness, try bomb())
        }
        let sent = harness.send(listOffsets(Array(0..<count), at: 0), version: 7, on: harness.connect()).sent
        // Beside those that are looked at.
        #expect(harness.performRecordChecks() == RecordChecks.atOnce + 1)
        #expect(harness.performRecordChecks() == RecordChecks.atOnce + 1)
        #expect(try harness.answer(to: sent)?.topics.first?.partitions.count == Int(count))
    }

    @Test("a topic that goes in the middle of a long search is an error, not a search without end")
    func goneWhileSearched() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t")
        // The greatest timestamp is not visible, so that all batches behind it have to be looked at.
        let hidden = try TestBatch(timestamps: [harness.now + 50]).bytes()
        let long = try TestBatch(values: [String(repeating: "v", count: 64 << 10)], timestamps: [harness.now]).bytes()
        let slices = ListOffsetsHandler.bytesPerSlice / (64 << 10)
        for batch in [hidden] + Array(repeating: long, count: slices + 8) {
            _ = try harness.call(harness.produceRequest("t", batch: batch), version: 9)
        }
        _ = try harness.log("t").deleteRecords(before: 1)
        harness.holdsRecordChecks = true
        let sent = harness.send(listOffsets([0], at: -3), version: 7, on: harness.connect()).sent
        #expect(try harness.answer(to: sent) == nil)
        var delete = DeleteTopicsRequest()
        delete.topicNames = ["t"]
        #expect(try harness.call(delete, version: 5).responses.map(\.errorCode) == [0])
        #expect(harness.performRecordChecks() == 1)
        let answer = try #require(try harness.answer(to: sent)?.topics.first?.partitions.first)
        #expect(answer.errorCode.code == .unknownTopicOrPartition)
        #expect(harness.cluster.slicedRequestCount == 0)
    }

    @Test("many partitions by time are looked up some at a time, many others in one go")
    func lookups() throws {
        let count = Int32(ListOffsetsHandler.lookupsPerSlice * 2 + 1)
        let harness = try ClusterHarness()
        try harness.createTopic("t", partitions: count)
        try harness.produce("t", partition: count - 1, "x")
        harness.holdsRecordChecks = true
        let all = Array(0..<count)
        let gone = harness.connect()
        harness.send(listOffsets(all, at: 0), version: 7, on: gone)
        let sent = harness.send(listOffsets(all, at: 0), version: 7, on: harness.connect()).sent
        #expect(try harness.answer(to: sent) == nil)
        // Decoded, with the answer that grows.
        #expect(harness.cluster.heldRecordBytes > 2 * Int(count) * 64 && harness.cluster.slicedRequestCount == 2)
        harness.disconnect(gone)
        #expect(harness.cluster.slicedRequestCount == 1)
        // One was under way for the client that has gone.
        #expect(harness.finishRecordChecks() == 3)
        #expect(harness.cluster.heldRecordBytes == 0 && harness.cluster.slicedRequestCount == 0)
        let answers = try #require(try harness.answer(to: sent)?.topics.first?.partitions)
        #expect(answers.map(\.partitionIndex) == all)
        #expect(answers.map(\.offset) == all.map { $0 == count - 1 ? 0 : -1 })
        // What reaches no log takes no lookup.
        let beyond = Array(count..<count * 3)
        let unknown = try harness.call(listOffsets(beyond, at: 0), version: 7).topics.first?.partitions
        #expect(unknown?.map(\.errorCode.code) == beyond.map { _ in .unknownTopicOrPartition })
        let latest = try harness.call(listOffsets(all, at: -1), version: 7).topics.first?.partitions.map(\.offset)
        #expect(latest == all.map { $0 == count - 1 ? 1 : 0 })
    }
}
