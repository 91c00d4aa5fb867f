import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Produce")
struct ProduceTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
        try harness.createTopic("orders", partitions: 2)
    }

    @Test("records get the next offsets", arguments: versions(ProduceRequest.self, 4, 5, 8, 9, 10, 12))
    func offsets(version: Int16) throws {
        let first = try harness.produceResult("orders", TestBatch(values: ["a", "b", "c"]), version: version)
        #expect(first.errorCode == 0)
        #expect(first.index == 0)
        #expect(first.baseOffset == 0)
        #expect(first.logAppendTimeMs == -1)
        #expect(first.logStartOffset == (version >= 5 ? 0 : -1))
        let second = try harness.produceResult("orders", TestBatch(values: ["d"]), acks: 1, version: version)
        #expect(second.baseOffset == 3)
        #expect(try harness.log("orders").logEndOffset == 4)
        let other = try harness.produceResult("orders", partition: 1, TestBatch(), version: version)
        #expect(other.index == 1)
        #expect(other.baseOffset == 0)
    }

    @Test("the answer names topics by name up to v12 and by id from v13 on")
    func names() throws {
        let request = harness.produceRequest("orders", batch: try TestBatch().bytes())
        let named = try #require(try harness.call(request, version: 12).responses.first)
        #expect(named.name == "orders")
        #expect(named.topicID == .zero)
        let byID = try #require(try harness.call(request, version: 13).responses.first)
        #expect(byID.name.isEmpty)
        #expect(byID.topicID == harness.cluster.topics["orders"]?.id)
    }

    @Test("acks=0 leaves no answer but the records")
    func unacknowledged() throws {
        let request = harness.produceRequest("orders", batch: try TestBatch().bytes(), acks: 0)
        let (_, outcome) = harness.send(request, version: 9, on: harness.connect())
        guard case .noReply = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(try harness.log("orders").logEndOffset == 1)
    }

    @Test("acks=0 that fails closes the connection")
    func unacknowledgedFailure() throws {
        let request = harness.produceRequest("absent", batch: try TestBatch().bytes(), acks: 0)
        let (_, outcome) = harness.send(request, version: 9, on: harness.connect())
        guard case .close(let reason) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(reason.contains("absent-0"))
        #expect(reason.contains("UNKNOWN_TOPIC_OR_PARTITION"))
    }

    @Test("acks other than -1, 0 and 1 are refused", arguments: [Int16(2), -2, .max])
    func badAcks(acks: Int16) throws {
        let result = try harness.produceResult("orders", TestBatch(), acks: acks)
        #expect(result.errorCode.code == .invalidRequiredAcks)
        #expect(result.baseOffset == -1)
        #expect(try harness.log("orders").logEndOffset == 0)
        let unknown = try harness.produceResult("absent", TestBatch(), acks: acks, version: 12)
        #expect(unknown.errorCode.code == .unknownTopicOrPartition)
    }

    @Test("topics and partitions that do not exist are named so")
    func unknown() throws {
        let topic = try harness.produceResult("absent", TestBatch(), version: 12)
        #expect(topic.errorCode.code == .unknownTopicOrPartition)
        #expect(topic.baseOffset == -1)
        #expect(topic.logStartOffset == -1)
        #expect(try harness.produceResult("absent", TestBatch(), version: 13).errorCode.code == .unknownTopicID)
        for version in [Int16(12), 13] {
            for partition in [Int32(2), -1] {
                let result = try harness.produceResult("orders", partition: partition, TestBatch(), version: version)
                #expect(result.errorCode.code == .unknownTopicOrPartition)
            }
        }
    }

    @Test("one bad partition does not harm the others")
    func independent() throws {
        var request = harness.produceRequest("orders", batch: try TestBatch().bytes())
        var bad = request.topicData[0].partitionData[0]
        bad.index = 7
        request.topicData[0].partitionData.insert(bad, at: 0)
        let results = try #require(try harness.call(request).responses.first?.partitionResponses)
        #expect(results.map(\.index) == [7, 0])
        #expect(results.map(\.errorCode.code) == [.unknownTopicOrPartition, .none])
    }

    @Test("LogAppendTime stamps the batch and tells the time")
    func logAppendTime() throws {
        try harness.createTopic("stamped", configs: ["message.timestamp.type": "LogAppendTime"])
        harness.now += 5
        let result = try harness.produceResult("stamped", TestBatch(values: ["a", "b"], timestamps: [1, 2]))
        #expect(result.logAppendTimeMs == harness.now)
        let data = try harness.fetch(harness.fetchRequest("stamped"))
        let records = try #require(try data.records?.records())
        #expect(records.map(\.timestamp) == [harness.now, harness.now])
    }

    // MARK: Idempotence

    private func idempotent(_ sequence: Int32, epoch: Int16 = 0, count: Int = 1) -> TestBatch {
        TestBatch(values: Array(repeating: "x", count: count), producerID: 9, epoch: epoch, sequence: sequence)
    }

    @Test("a repeated batch is answered with its first offset and not stored again")
    func duplicate() throws {
        for sequence in Int32(0)..<5 {
            #expect(try harness.produceResult("orders", idempotent(sequence)).errorCode == 0)
        }
        for sequence in Int32(0)..<5 {
            let again = try harness.produceResult("orders", idempotent(sequence))
            #expect(again.errorCode == 0)
            #expect(again.baseOffset == Int64(sequence))
        }
        #expect(try harness.log("orders").logEndOffset == 5)
    }

    @Test("only the last five batches are known as duplicates; an older one is out of order")
    func oldDuplicate() throws {
        for sequence in Int32(0)..<6 {
            _ = try harness.produceResult("orders", idempotent(sequence))
        }
        #expect(try harness.produceResult("orders", idempotent(0)).errorCode.code == .outOfOrderSequenceNumber)
    }

    @Test("a gap in the sequence is refused, and the error tells where the log begins")
    func outOfOrder() throws {
        _ = try harness.produceResult("orders", idempotent(0, count: 3))
        let gap = try harness.produceResult("orders", idempotent(4))
        #expect(gap.errorCode.code == .outOfOrderSequenceNumber)
        #expect(gap.baseOffset == -1)
        #expect(gap.logStartOffset == 0)
        #expect(try harness.produceResult("orders", idempotent(3)).baseOffset == 3)
    }

    @Test("a newer epoch begins at 0 and fences the older one")
    func epochs() throws {
        _ = try harness.produceResult("orders", idempotent(0))
        #expect(
            try harness.produceResult("orders", idempotent(1, epoch: 1)).errorCode.code == .outOfOrderSequenceNumber)
        #expect(try harness.produceResult("orders", idempotent(0, epoch: 1)).errorCode == 0)
        #expect(try harness.produceResult("orders", idempotent(1)).errorCode.code == .invalidProducerEpoch)
    }

    @Test("sequences go on at 0 after the largest integer")
    func sequenceWraps() throws {
        _ = try harness.produceResult("orders", idempotent(.max - 1, count: 2))
        #expect(try harness.produceResult("orders", idempotent(0)).errorCode == 0)
    }

    @Test("what was written before a crash is still recognised", arguments: [true, false])
    func duplicateAfterRestart(cleanly: Bool) throws {
        _ = try harness.produceResult("orders", idempotent(0, count: 2))
        try harness.restart(cleanly: cleanly)
        let again = try harness.produceResult("orders", idempotent(0, count: 2))
        #expect(again.errorCode == 0)
        #expect(again.baseOffset == 0)
        #expect(try harness.log("orders").logEndOffset == 2)
    }

    @Test("transactional batches are refused while transactions are not served")
    func transactional() throws {
        var batch = idempotent(0)
        batch.isTransactional = true
        #expect(try harness.produceResult("orders", batch).errorCode.code == .transactionalIDAuthorizationFailed)
        #expect(try harness.log("orders").lastStableOffset == 0)
        #expect(try harness.log("orders").logEndOffset == 0)
    }

    // MARK: Bad batches

    @Test("a wrong checksum is CORRUPT_MESSAGE")
    func checksum() throws {
        var bytes = try TestBatch(values: ["hello"]).bytes()
        bytes[bytes.count - 1] ^= 1
        let result = try harness.produceResult("orders", bytes: bytes)
        #expect(result.errorCode.code == .corruptMessage)
        #expect(result.logStartOffset == -1)
        #expect(try harness.log("orders").logEndOffset == 0)
    }

    @Test("batches that lie or that clients may not write are INVALID_RECORD")
    func invalidRecords() throws {
        let good = try TestBatch(values: ["a", "b"]).bytes()
        let control = ControlRecords.endTransaction(
            commit: true, producerID: 1, producerEpoch: 0, coordinatorEpoch: 0, timestamp: harness.now)
        let bad: [(name: String, bytes: [UInt8])] = [
            ("two batches", good + good),
            ("no bytes", []),
            ("cut off", Array(good.dropLast())),
            (
                "fewer records than counted",
                resealed(good) {
                    $0.recordCount = 3; $0.lastOffsetDelta = 2
                }
            ),
            (
                "more records than counted",
                resealed(good) {
                    $0.recordCount = 1; $0.lastOffsetDelta = 0
                }
            ),
            ("count and offsets apart", resealed(good) { $0.recordCount = 1 }),
            (
                "negative count",
                resealed(good) {
                    $0.recordCount = -1; $0.lastOffsetDelta = -2
                }
            ),
            ("base offset", resealed(good) { $0.baseOffset = 5 }),
            ("control batch", resealed(control) { $0.attributes &= ~RecordBatchHeader.Attribute.transactional }),
            ("old format", resealed(good) { $0.magic = 1 }),
        ]
        for (name, bytes) in bad {
            let result = try harness.produceResult("orders", bytes: bytes)
            #expect(result.errorCode.code == .invalidRecord, "\(name)")
            #expect(result.baseOffset == -1, "\(name)")
        }
        #expect(try harness.log("orders").logEndOffset == 0)
    }

    @Test("null records are refused")
    func nullRecords() throws {
        var request = harness.produceRequest("orders", batch: [])
        request.topicData[0].partitionData[0].records = nil
        let result = try #require(try harness.call(request).responses.first?.partitionResponses.first)
        #expect(result.errorCode.code == .invalidRecord)
    }

    @Test("zstd needs version 7")
    func zstd() throws {
        let batch = TestBatch(values: ["aaaaaaaaaaaaaaaa"], compression: .zstd)
        #expect(
            try harness.produceResult("orders", batch, version: 6).errorCode.code == .unsupportedCompressionType)
        #expect(try harness.produceResult("orders", batch, version: 7).errorCode == 0)
    }

    @Test("every codec is taken and comes back as it was", arguments: [Compression.none, .gzip, .snappy, .lz4, .zstd])
    func codecs(compression: Compression) throws {
        let batch = TestBatch(values: ["one", "two"], compression: compression)
        #expect(try harness.produceResult("orders", batch).errorCode == 0)
        let records = try #require(try harness.fetch(harness.fetchRequest("orders")).records)
        #expect(try records.values() == ["one", "two"])
        #expect(try records.headers().map(\.compression) == [compression])
    }

    @Test("a batch above max.message.bytes is MESSAGE_TOO_LARGE")
    func tooLarge() throws {
        let bytes = try TestBatch(values: [String(repeating: "x", count: 200)]).bytes()
        try harness.createTopic("exact", configs: ["max.message.bytes": "\(bytes.count)"])
        try harness.createTopic("small", configs: ["max.message.bytes": "\(bytes.count - 1)"])
        #expect(try harness.produceResult("exact", bytes: bytes).errorCode == 0)
        let result = try harness.produceResult("small", bytes: bytes)
        #expect(result.errorCode.code == .messageTooLarge)
        #expect(result.logStartOffset == -1)
    }

    @Test("a batch above segment.bytes is RECORD_LIST_TOO_LARGE")
    func beyondSegment() throws {
        let configs = ["max.message.bytes": "4000000", "segment.bytes": "1048576"]
        try harness.createTopic("segments", configs: configs)
        let batch = TestBatch(values: [String(repeating: "x", count: 1_048_576)])
        #expect(try harness.produceResult("segments", batch).errorCode.code == .recordListTooLarge)
    }

    @Test("a timestamp too far ahead is INVALID_TIMESTAMP and names the record from v8 on")
    func timestamps() throws {
        let batch = TestBatch(values: ["ok", "late"], timestamps: [harness.now, harness.now + 3_600_001])
        let result = try harness.produceResult("orders", batch)
        #expect(result.errorCode.code == .invalidTimestamp)
        #expect(result.recordErrors.map(\.batchIndex) == [1])
        #expect(result.errorMessage != nil)
        let old = try harness.produceResult("orders", batch, version: 7)
        #expect(old.errorCode.code == .invalidTimestamp)
        #expect(old.recordErrors.isEmpty)
        let edge = TestBatch(timestamps: [harness.now + 3_600_000])
        #expect(try harness.produceResult("orders", edge).errorCode == 0)
    }

    @Test("a compacted topic refuses records without keys and names them")
    func keys() throws {
        try harness.createTopic("compacted", configs: ["cleanup.policy": "compact"])
        let result = try harness.produceResult("compacted", TestBatch(values: ["a"]))
        #expect(result.errorCode.code == .invalidRecord)
        #expect(result.recordErrors.map(\.batchIndex) == [0])
        #expect(try harness.produceResult("compacted", TestBatch(values: ["a"], key: "k")).errorCode == 0)
    }

    // MARK: Who may append

    @Test("a broker that does not lead says who does, from v10 on (KIP-951)")
    func notLeader() throws {
        let harness = try ClusterHarness(brokers: 2)
        try harness.createTopic("led", partitions: 2)
        let leader = try harness.partition("led").leader
        let other = harness.connect(node: 3 - leader)
        let request = harness.produceRequest("led", batch: try TestBatch().bytes())
        for version in [Int16(9), 10, 13] {
            let response = try harness.call(request, version: version, on: other)
            let result = try #require(response.responses.first?.partitionResponses.first)
            #expect(result.errorCode.code == .notLeaderOrFollower)
            #expect(result.currentLeader.leaderID == (version >= 10 ? leader : -1))
            #expect(result.currentLeader.leaderEpoch == (version >= 10 ? 0 : -1))
            #expect(response.nodeEndpoints.map(\.nodeID) == (version >= 10 ? [leader] : []))
            #expect(response.nodeEndpoints.map(\.port) == (version >= 10 ? [9082 + 10 * leader] : []))
        }
        #expect(try harness.call(request, on: harness.connect(node: leader)).nodeEndpoints.isEmpty)
    }

    @Test("acks=all needs min.insync.replicas, acks=1 does not")
    func minInSync() throws {
        try harness.createTopic("safe", configs: ["min.insync.replicas": "2"])
        #expect(try harness.produceResult("safe", TestBatch()).errorCode.code == .notEnoughReplicas)
        #expect(try harness.produceResult("safe", TestBatch(), acks: 1).errorCode == 0)
    }

    @Test("mirror topics are read-only and say so")
    func mirror() throws {
        try harness.partition("orders").isReadOnlyMirror = true
        let result = try harness.produceResult("orders", TestBatch())
        #expect(result.errorCode.code == .invalidRequest)
        #expect(result.errorMessage == "Cannot append records to read-only mirror topic 'orders'")
    }

    @Test("internal topics refuse clients")
    func internalTopic() throws {
        try harness.createInternalTopic("__consumer_offsets")
        let result = try harness.produceResult("__consumer_offsets", TestBatch())
        #expect(result.errorCode.code == .invalidTopicException)
    }

    @Test("every record that is refused is named, with its reason")
    func allRecordErrors() throws {
        let late = harness.now + 3_600_001
        let batch = TestBatch(values: ["a", "b", "c", "d"], timestamps: [late, harness.now, late, late])
        let result = try harness.produceResult("orders", batch)
        #expect(result.errorCode.code == .invalidTimestamp)
        #expect(result.recordErrors.map(\.batchIndex) == [0, 2, 3])
        #expect(result.recordErrors.allSatisfy { $0.batchIndexErrorMessage?.contains("\(late)") == true })
        // Without a key first, as Kafka looks; one bad timestamp decides the code.
        try harness.createTopic("compacted", configs: ["cleanup.policy": "compact"])
        let keyless = try harness.produceResult("compacted", TestBatch(values: ["a", "b"]))
        #expect(keyless.errorCode.code == .invalidRecord)
        #expect(keyless.recordErrors.map(\.batchIndex) == [0, 1])
        let mixed = TestBatch(values: ["a", "b"], key: "k", timestamps: [harness.now, late])
        #expect(try harness.produceResult("compacted", mixed).recordErrors.map(\.batchIndex) == [1])
    }

    @Test("with flush.messages the answer waits until that many records are on disk")
    func flushMessages() throws {
        try harness.createTopic("careful", configs: ["flush.messages": "2"])
        let connection = harness.connect()
        let request = harness.produceRequest("careful", batch: try TestBatch().bytes(), acks: -1)
        let (first, _) = harness.send(request, version: 9, on: connection)
        #expect(try harness.answer(to: first) != nil)
        #expect(try harness.log("careful").recoveryPoint == 0)
        let (second, _) = harness.send(request, version: 9, on: connection)
        #expect(try harness.answer(to: second) == nil)
        harness.step { $0.flush(now: harness.clock) }
        #expect(try harness.answer(to: second) != nil)
        #expect(try harness.log("careful").recoveryPoint == 2)
    }

    @Test("flush.ms brings records to disk that nobody waits for")
    func flushMs() throws {
        try harness.createTopic("timed", configs: ["flush.ms": "500"])
        try harness.produce("timed", "a")
        harness.advance(by: 499)
        try harness.produce("timed", "b")
        #expect(try harness.log("timed").recoveryPoint == 0)
        #expect(!harness.cluster.needsFlush)
        harness.advance(by: 1)
        // The owner flushes elsewhere what has become due.
        #expect(harness.cluster.needsFlush)
        harness.flush()
        #expect(try harness.log("timed").recoveryPoint == 2)
        try harness.produce("timed", "c")
        harness.advance(by: 500)
        harness.flush()
        #expect(try harness.log("timed").recoveryPoint == 3)
    }

    // MARK: Storage

    @Test("a full disk is KAFKA_STORAGE_ERROR and harms nothing that was there")
    func fullDisk() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders")
        try harness.produce("orders", "kept")
        disk.fault = { operation, path in
            operation == .write && path.contains("orders-0") ? .fail(.noSpace) : nil
        }
        #expect(try harness.produceResult("orders", TestBatch()).errorCode.code == .kafkaStorageError)
        let notices = harness.step { $0.drainNotices() }
        #expect(notices.contains { $0.text.contains("orders-0") })
        disk.fault = nil
        #expect(try harness.produce("orders", "next") == 1)
    }

    @Test("with durability fsync the answer waits for the flush")
    func durable() throws {
        let harness = try ClusterHarness(durability: .fsync)
        try harness.createTopic("orders")
        let request = harness.produceRequest("orders", batch: try TestBatch().bytes())
        let (sent, outcome) = harness.send(request, version: 9, on: harness.connect())
        guard case .pending = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(try harness.answer(to: sent) == nil)
        #expect(harness.cluster.needsFlush)
        harness.flush()
        #expect(try harness.answer(to: sent)?.responses.first?.partitionResponses.first?.baseOffset == 0)
        #expect(!harness.cluster.needsFlush)
    }

    @Test("a flush that fails is told for its partition only")
    func failedFlush() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(durability: .fsync, fileSystem: disk)
        try harness.createTopic("orders", partitions: 2)
        for partition in Int32(0)..<2 {
            let first = harness.produceRequest("orders", partition: partition, batch: try TestBatch().bytes())
            harness.send(first, version: 13, on: harness.connect())
        }
        harness.flush()
        disk.fault = { operation, path in
            operation == .sync && path.contains("orders-1") ? .fail(.io) : nil
        }
        var request = harness.produceRequest("orders", batch: try TestBatch().bytes())
        var second = request.topicData[0].partitionData[0]
        second.index = 1
        request.topicData[0].partitionData.append(second)
        let (sent, _) = harness.send(request, version: 13, on: harness.connect())
        harness.flush()
        let results = try #require(try harness.answer(to: sent)?.responses.first?.partitionResponses)
        #expect(results.map(\.errorCode.code) == [.none, .kafkaStorageError])
        #expect(results.map(\.baseOffset) == [1, -1])
        let notices = harness.step { $0.drainNotices() }
        #expect(notices.contains { $0.text.contains("orders-1") })
    }

    @Test("who has gone gets no late answer")
    func goneBeforeFlush() throws {
        let harness = try ClusterHarness(durability: .fsync)
        try harness.createTopic("orders")
        let connection = harness.connect()
        let request = harness.produceRequest("orders", batch: try TestBatch().bytes())
        let (sent, _) = harness.send(request, version: 9, on: connection)
        harness.disconnect(connection)
        harness.flush()
        #expect(try harness.answer(to: sent) == nil)
    }
}
