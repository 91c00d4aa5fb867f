import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Fetch")
struct FetchTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
        try harness.createTopic("orders", partitions: 3)
    }

    @Test("records come back from any offset", arguments: versions(FetchRequest.self, 5, 7, 11, 12, 13, 16, 17))
    func reads(version: Int16) throws {
        try harness.produce("orders", "a", "b")
        try harness.produce("orders", "c")
        let all = try harness.fetch(harness.fetchRequest("orders"), version: version)
        #expect(all.errorCode == 0)
        #expect(all.highWatermark == 3)
        #expect(all.lastStableOffset == 3)
        #expect(all.logStartOffset == (version >= 5 ? 0 : -1))
        #expect(all.preferredReadReplica == -1)
        #expect(all.abortedTransactions == nil)
        #expect(try all.records?.values() == ["a", "b", "c"])
        let last = try harness.fetch(harness.fetchRequest("orders", from: 2), version: version)
        #expect(try last.records?.values() == ["c"])
        let end = try harness.fetch(harness.fetchRequest("orders", from: 3), version: version)
        #expect(end.errorCode == 0)
        #expect(end.records?.count == 0)
    }

    @Test("an offset inside a batch brings the whole batch")
    func insideBatch() throws {
        try harness.produce("orders", "a", "b", "c")
        let data = try harness.fetch(harness.fetchRequest("orders", from: 1))
        #expect(try data.records?.headers().map(\.baseOffset) == [0])
    }

    /// Writes into a file of the partition that is open.
    private func damage(_ suffix: String, _ change: (inout [UInt8]) -> Void) throws {
        let directory = try harness.log("damaged").directory
        let files = try harness.fileSystem.list(directory).map(\.name).filter { $0.hasSuffix(suffix) }.sorted()
        let path = directory + "/" + (try #require(files.first))
        var bytes = try harness.fileSystem.contents(of: path) ?? []
        change(&bytes)
        let file = try harness.fileSystem.file(at: path, create: true)
        try bytes.withUnsafeBytes { try file.write(UnsafeRawBufferPointer(start: nil, count: 0), $0, at: 0) }
    }

    @Test("a segment whose index and batches are both damaged is KAFKA_STORAGE_ERROR, and the rest is served")
    func doublyDamaged() throws {
        try harness.createTopic("sound")
        try harness.produce("sound", "fine")
        try harness.createTopic("damaged", configs: ["index.interval.bytes": "0"])
        for value in ["a", "b", "c", "d"] { try harness.produce("damaged", value) }
        // The index is read when it is first used after a start. Every entry leads into the middle of a batch.
        try harness.restart()
        try damage(".index") { bytes in
            for place in stride(from: 7, to: bytes.count, by: 8) { bytes[place] &+= 1 }
        }
        try damage(".log") { bytes in
            // Lengths of all batches: nothing leads from one to the next.
            var position = 0
            while position + RecordBatchHeader.size <= bytes.count {
                let length = bytes[position + 8..<position + 12].reduce(0) { $0 << 8 | Int($1) }
                bytes.replaceSubrange(position + 8..<position + 12, with: [0xff, 0xff, 0xff, 0xff])
                position += RecordBatchHeader.overhead + length
            }
        }
        for offset in [Int64(1), 2, 3] {
            let data = try harness.fetch(harness.fetchRequest("damaged", from: offset))
            #expect(data.errorCode.code == .kafkaStorageError, "offset \(offset)")
            #expect(data.records?.count ?? 0 == 0)
        }
        #expect(try harness.fetch(harness.fetchRequest("sound")).records?.values() == ["fine"])
        #expect(try harness.produce("sound", "more") == 1)
    }

    @Test("offsets outside the log are OFFSET_OUT_OF_RANGE, without positions")
    func outOfRange() throws {
        try harness.produce("orders", "a", "b", "c")
        _ = try harness.log("orders").deleteRecords(before: 2)
        for offset in [Int64(4), 1, -1, .max] {
            let data = try harness.fetch(harness.fetchRequest("orders", from: offset))
            #expect(data.errorCode.code == .offsetOutOfRange, "offset \(offset)")
            #expect(data.highWatermark == -1)
            #expect(data.logStartOffset == -1)
            #expect(data.currentLeader.leaderID == -1)
        }
        #expect(try harness.fetch(harness.fetchRequest("orders", from: 2)).errorCode == 0)
    }

    @Test("unknown topics and partitions are named by the version's code")
    func unknown() throws {
        let name = try harness.fetch(harness.fetchRequest("absent"), version: 12)
        #expect(name.errorCode.code == .unknownTopicOrPartition)
        #expect(name.highWatermark == -1)
        #expect(try harness.fetch(harness.fetchRequest("absent"), version: 13).errorCode.code == .unknownTopicID)
        for version in [Int16(12), 13] {
            let data = try harness.fetch(harness.fetchRequest("orders", partition: 3), version: version)
            #expect(data.errorCode.code == .unknownTopicOrPartition)
        }
    }

    @Test("a partition named twice is answered once, by the last entry")
    func duplicates() throws {
        try harness.produce("orders", "a", "b")
        try harness.produce("orders", "c")
        var request = harness.fetchRequest("orders", from: 0)
        var again = request.topics[0].partitions[0]
        again.fetchOffset = 2
        request.topics[0].partitions.append(again)
        let response = try harness.call(request)
        let data = response.responses.flatMap(\.partitions)
        #expect(data.count == 1)
        #expect(try data.first?.records?.values() == ["c"])
    }

    // MARK: Leaders and epochs

    @Test("a broker that does not lead says who does, from v16 on (KIP-951)")
    func notLeader() throws {
        let harness = try ClusterHarness(brokers: 2)
        try harness.createTopic("led")
        let leader = try harness.partition("led").leader
        let other = harness.connect(node: 3 - leader)
        for version in [Int16(12), 15, 16, 18] {
            let response = try harness.call(harness.fetchRequest("led"), version: version, on: other)
            let data = try #require(response.responses.first?.partitions.first)
            #expect(data.errorCode.code == .notLeaderOrFollower)
            #expect(data.currentLeader.leaderID == (version >= 16 ? leader : -1))
            #expect(response.nodeEndpoints.map(\.nodeID) == (version >= 16 ? [leader] : []))
        }
    }

    @Test("an older leader epoch is fenced, a newer one unknown")
    func leaderEpochs() throws {
        try harness.elect(1, "orders")
        func fetch(_ epoch: Int32) throws -> FetchResponse.PartitionData {
            try harness.fetch(harness.fetchRequest("orders") { $0.currentLeaderEpoch = epoch })
        }
        #expect(try fetch(-1).errorCode == 0)
        #expect(try fetch(1).errorCode == 0)
        let fenced = try fetch(0)
        #expect(fenced.errorCode.code == .fencedLeaderEpoch)
        #expect(fenced.currentLeader.leaderEpoch == 1)
        let ahead = try fetch(2)
        #expect(ahead.errorCode.code == .unknownLeaderEpoch)
        #expect(ahead.currentLeader.leaderID == -1)
    }

    @Test("a replica compares the epoch first, a broker without one only knows that it does not lead")
    func epochBeforeLeader() throws {
        let harness = try ClusterHarness(brokers: 3)
        try harness.createTopic("led", replicationFactor: 2)
        let partition = try harness.partition("led")
        let follower = try #require(partition.replicas.first { $0 != partition.leader })
        let stranger = try #require([1, 2, 3].first { !partition.replicas.contains($0) })
        let request = harness.fetchRequest("led") { $0.currentLeaderEpoch = 5 }
        let fromFollower = try harness.fetch(request, on: harness.connect(node: follower))
        #expect(fromFollower.errorCode.code == .unknownLeaderEpoch)
        let fromStranger = try harness.fetch(request, on: harness.connect(node: stranger))
        #expect(fromStranger.errorCode.code == .notLeaderOrFollower)
    }

    @Test("a client whose last epoch ended earlier is told where (KIP-595)")
    func divergence() throws {
        try harness.produce("orders", "a", "b")
        try harness.elect(1, "orders")
        try harness.elect(1, "orders")
        try harness.produce("orders", "c")
        func fetch(from offset: Int64, lastEpoch: Int32) throws -> FetchResponse.PartitionData {
            try harness.fetch(harness.fetchRequest("orders", from: offset) { $0.lastFetchedEpoch = lastEpoch })
        }
        let behind = try fetch(from: 3, lastEpoch: 0)
        #expect(behind.errorCode == 0)
        #expect(behind.divergingEpoch.epoch == 0)
        #expect(behind.divergingEpoch.endOffset == 2)
        #expect(behind.records?.count == 0)
        let skipped = try fetch(from: 2, lastEpoch: 1)
        #expect(skipped.divergingEpoch.epoch == 0)
        #expect(skipped.divergingEpoch.endOffset == 2)
        let fine = try fetch(from: 2, lastEpoch: 0)
        #expect(fine.divergingEpoch.epoch == -1)
        #expect(try fine.records?.values() == ["c"])
        #expect(try fetch(from: 3, lastEpoch: 7).errorCode.code == .offsetOutOfRange)
    }

    @Test("the current epoch diverges from nothing even before its first record")
    func divergenceInFreshEpoch() throws {
        try harness.produce("orders", "a")
        try harness.elect(1, "orders")
        let data = try harness.fetch(harness.fetchRequest("orders", from: 1) { $0.lastFetchedEpoch = 1 })
        #expect(data.errorCode == 0)
        #expect(data.divergingEpoch.epoch == -1)
        let beyond = try harness.fetch(harness.fetchRequest("orders", from: 2) { $0.lastFetchedEpoch = 1 })
        #expect(beyond.divergingEpoch.epoch == 1)
        #expect(beyond.divergingEpoch.endOffset == 1)
    }

    // MARK: Limits

    @Test("the first batch comes even if it is larger than every limit")
    func firstBatch() throws {
        try harness.produce("orders", String(repeating: "x", count: 500))
        try harness.produce("orders", "second")
        var request = harness.fetchRequest("orders") { $0.partitionMaxBytes = 1 }
        #expect(try harness.fetch(request).records?.headers().count == 1)
        request.topics[0].partitions[0].partitionMaxBytes = 1 << 20
        request.maxBytes = 1
        #expect(try harness.fetch(request).records?.headers().count == 1)
    }

    @Test("later partitions get what is left of max.bytes, and nothing when it is used up")
    func maxBytes() throws {
        for partition in Int32(0)..<3 {
            try harness.produce("orders", partition: partition, "a")
        }
        var request = harness.fetchRequest("orders")
        for partition in Int32(1)..<3 {
            var item = request.topics[0].partitions[0]
            item.partition = partition
            request.topics[0].partitions.append(item)
        }
        let one = try #require(try harness.fetch(harness.fetchRequest("orders")).records?.count)
        request.maxBytes = Int32(2 * one)
        let sizes = try harness.call(request).responses.flatMap(\.partitions).map { $0.records?.count ?? 0 }
        #expect(sizes == [one, one, 0])
    }

    @Test("partition max bytes cuts between batches")
    func partitionMaxBytes() throws {
        for _ in 0..<4 {
            try harness.produce("orders", "a")
        }
        let one = try #require(
            try harness.fetch(harness.fetchRequest("orders") { $0.partitionMaxBytes = 1 }).records?.count)
        let data = try harness.fetch(harness.fetchRequest("orders") { $0.partitionMaxBytes = Int32(2 * one + one / 2) })
        #expect(data.records?.count == 2 * one)
    }

    @Test("the broker's fetch.max.bytes holds whatever the client says")
    func brokerMaxBytes() throws {
        let harness = try ClusterHarness(brokerConfigs: ["fetch.max.bytes": "1024"])
        try harness.createTopic("big")
        for _ in 0..<4 {
            try harness.produce("big", String(repeating: "x", count: 400))
        }
        let data = try harness.fetch(harness.fetchRequest("big"))
        #expect(try data.records?.headers().count == 2)
    }

    // MARK: Isolation

    @Test("read_committed stops at the first open transaction and names aborted ones")
    func isolation() throws {
        var aborted = TestBatch(values: ["lost"], producerID: 5, epoch: 0, sequence: 0, isTransactional: true)
        aborted.baseOffset = 0
        var open = TestBatch(values: ["open"], producerID: 6, epoch: 0, sequence: 0, isTransactional: true)
        open.baseOffset = 2
        try harness.appendAsFollower("orders", try aborted.bytes())
        try harness.appendAsFollower("orders", endTransaction(producer: 5, commit: false, at: 1))
        try harness.appendAsFollower("orders", try open.bytes())
        var request = harness.fetchRequest("orders")
        let dirty = try harness.fetch(request)
        #expect(dirty.abortedTransactions == nil)
        #expect(dirty.lastStableOffset == 2)
        #expect(dirty.highWatermark == 3)
        #expect(try dirty.records?.headers().map(\.baseOffset) == [0, 1, 2])
        request.isolationLevel = 1
        let clean = try harness.fetch(request)
        #expect(try clean.records?.headers().map(\.baseOffset) == [0, 1])
        #expect(clean.abortedTransactions?.map(\.producerID) == [5])
        #expect(clean.abortedTransactions?.map(\.firstOffset) == [0])
        #expect(clean.lastStableOffset == 2)
    }

    @Test("read_committed goes on once the transaction commits, and a wait ends")
    func commitWakes() throws {
        let open = TestBatch(values: ["open"], producerID: 6, epoch: 0, sequence: 0, isTransactional: true)
        try harness.appendAsFollower("orders", try open.bytes())
        var request = harness.fetchRequest("orders", maxWaitMs: 1_000)
        request.isolationLevel = 1
        let (sent, _) = harness.send(request, version: 18, on: harness.connect())
        #expect(try harness.answer(to: sent) == nil)
        try harness.appendAsFollower("orders", endTransaction(producer: 6, commit: true, at: 1))
        let data = try #require(try harness.answer(to: sent)?.responses.first?.partitions.first)
        #expect(try data.records?.headers().count == 2)
        #expect(data.abortedTransactions?.isEmpty == true)
    }

    private func endTransaction(producer: Int64, commit: Bool, at offset: Int64) -> [UInt8] {
        ControlRecords.endTransaction(
            commit: commit, producerID: producer, producerEpoch: 0, coordinatorEpoch: 0, timestamp: harness.now,
            baseOffset: offset, leaderEpoch: 0)
    }

    // MARK: Waiting

    @Test("a fetch at the end waits until records come")
    func wakes() throws {
        let (sent, _) = harness.send(harness.fetchRequest("orders", maxWaitMs: 500), version: 18, on: harness.connect())
        #expect(try harness.answer(to: sent) == nil)
        harness.advance(by: 499)
        #expect(try harness.answer(to: sent) == nil)
        try harness.produce("orders", "a")
        let data = try #require(try harness.answer(to: sent)?.responses.first?.partitions.first)
        #expect(try data.records?.values() == ["a"])
    }

    @Test("a fetch that waits in vain is answered without records at its deadline")
    func deadline() throws {
        let (sent, _) = harness.send(harness.fetchRequest("orders", maxWaitMs: 500), version: 18, on: harness.connect())
        try harness.produce("orders", partition: 1, "elsewhere")
        #expect(try harness.answer(to: sent) == nil)
        harness.advance(by: 500)
        let data = try #require(try harness.answer(to: sent)?.responses.first?.partitions.first)
        #expect(data.errorCode == 0)
        #expect(data.records?.count == 0)
    }

    @Test("min.bytes is waited for over several produces")
    func minBytes() throws {
        try harness.produce("orders", "a")
        let one = try #require(try harness.fetch(harness.fetchRequest("orders")).records?.count)
        let request = harness.fetchRequest("orders", maxWaitMs: 1_000, minBytes: Int32(2 * one))
        let (sent, _) = harness.send(request, version: 18, on: harness.connect())
        #expect(try harness.answer(to: sent) == nil)
        try harness.produce("orders", "b")
        #expect(try harness.answer(to: sent)?.responses.first?.partitions.first?.records?.count == 2 * one)
    }

    @Test("min.bytes above max.bytes waits for no more than max.bytes")
    func minAboveMax() throws {
        try harness.produce("orders", "a")
        var request = harness.fetchRequest("orders", maxWaitMs: 1_000, minBytes: 1 << 20)
        request.maxBytes = 10
        #expect(try harness.fetch(request).records?.count ?? 0 > 0)
    }

    @Test("no wait when min.bytes is 0, when max.wait is 0, or when no partition is named")
    func noWait() throws {
        #expect(try harness.fetch(harness.fetchRequest("orders", maxWaitMs: 500, minBytes: 0)).records?.count == 0)
        #expect(try harness.fetch(harness.fetchRequest("orders", maxWaitMs: 0, minBytes: 100)).records?.count == 0)
        var none = FetchRequest()
        none.maxWaitMs = 500
        none.minBytes = 1
        #expect(try harness.call(none).responses.isEmpty)
    }

    @Test("an error of a partition that exists ends the wait, an unknown one beside it does not")
    func errorsAndWaiting() throws {
        var request = harness.fetchRequest("orders", maxWaitMs: 500)
        var bad = request.topics[0].partitions[0]
        bad.partition = 1
        bad.fetchOffset = 99
        request.topics[0].partitions.append(bad)
        let answered = try harness.call(request)
        #expect(answered.responses.flatMap(\.partitions).map(\.errorCode.code) == [.none, .offsetOutOfRange])

        request.topics[0].partitions[1].partition = 77
        let (sent, _) = harness.send(request, version: 18, on: harness.connect())
        #expect(try harness.answer(to: sent) == nil)
        harness.advance(by: 500)
        let late = try #require(try harness.answer(to: sent))
        #expect(late.responses.flatMap(\.partitions).map(\.errorCode.code) == [.none, .unknownTopicOrPartition])
    }

    @Test("a topic that is deleted meanwhile ends the wait", arguments: [Int16(12), 18])
    func deletedWhileWaiting(version: Int16) throws {
        let request = harness.fetchRequest("orders", maxWaitMs: 500)
        let (sent, _) = harness.send(request, version: version, on: harness.connect())
        var deletion = DeleteTopicsRequest()
        deletion.topicNames = ["orders"]
        _ = try harness.call(deletion, version: 5)
        let data = try #require(try harness.answer(to: sent)?.responses.first?.partitions.first)
        #expect(data.errorCode.code == (version >= 13 ? .unknownTopicID : .unknownTopicOrPartition))
    }

    @Test("a change of leader ends the wait")
    func leaderChangeWhileWaiting() throws {
        let harness = try ClusterHarness(brokers: 2)
        try harness.createTopic("led", replicationFactor: 2)
        let leader = try harness.partition("led").leader
        let request = harness.fetchRequest("led", maxWaitMs: 500)
        let (sent, _) = harness.send(request, version: 18, on: harness.connect(node: leader))
        try harness.elect(3 - leader, "led")
        let response = try #require(try harness.answer(to: sent))
        #expect(response.responses.first?.partitions.first?.errorCode.code == .notLeaderOrFollower)
        #expect(response.nodeEndpoints.map(\.nodeID) == [3 - leader])
    }

    @Test("one produce wakes everybody who waits for the partition, in the order of arrival")
    func manyWaiters() throws {
        let sent = (0..<20).map { _ in
            harness.send(harness.fetchRequest("orders", maxWaitMs: 500), version: 18, on: harness.connect()).sent
        }
        #expect(harness.cluster.parking.count == 20)
        try harness.produce("orders", "a")
        for request in sent {
            #expect(try harness.answer(to: request) != nil)
        }
        #expect(harness.cluster.parking.count == 0)
    }

    @Test("long requests that wait are counted; more of them than may wait are answered at once")
    func boundedWaiting() throws {
        var limits = ClusterLimits()
        limits.waitingFetchBytes = 1 << 20
        let harness = try ClusterHarness(limits: limits)
        try harness.createTopic("orders")
        var request = harness.fetchRequest("orders", maxWaitMs: 60_000)
        request.topics[0].partitions = (0..<500 as Range<Int32>).map { index in
            var item = FetchRequest.FetchPartition()
            item.partition = index
            item.partitionMaxBytes = 1 << 20
            return item
        }
        func waits(_ connection: ConnectionID) throws -> Bool {
            try harness.answer(to: harness.send(request, version: 12, on: connection).sent) == nil
        }
        let connections = (0..<100).map { _ in harness.connect() }
        let waiting = try connections.filter { try waits($0) }
        #expect(!waiting.isEmpty && waiting.count < connections.count)
        #expect(harness.cluster.heldRecordBytes > 0)
        #expect(harness.cluster.heldRecordBytes <= limits.waitingFetchBytes)
        waiting.forEach { harness.disconnect($0) }
        #expect(harness.cluster.heldRecordBytes == 0)
        #expect(try waits(harness.connect()))
    }

    @Test("a fetch of many partitions that waits counts what each has, and is answered once it is enough")
    func waitsForManyPartitions() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders", partitions: 50)
        var request = harness.fetchRequest("orders", maxWaitMs: 60_000)
        request.topics[0].partitions = (0..<50 as Range<Int32>).map { index in
            var item = FetchRequest.FetchPartition()
            item.partition = index
            item.partitionMaxBytes = 1 << 20
            return item
        }
        try harness.produce("orders", partition: 0, "a")
        let one = try #require(try harness.fetch(harness.fetchRequest("orders")).records?.count)
        // The fourth record makes it enough: one was there, two go to one partition.
        request.minBytes = Int32(3 * one + 1)
        let sent = harness.send(request, version: 12, on: harness.connect()).sent
        for partition in [7, 7] as [Int32] {
            try harness.produce("orders", partition: partition, "b")
            #expect(try harness.answer(to: sent) == nil)
        }
        try harness.produce("orders", partition: 49, "c")
        let answer = try #require(try harness.answer(to: sent)?.responses.first)
        #expect(answer.partitions.map { $0.records?.count ?? 0 }.reduce(0, +) == 4 * one)
        // Something else to tell ends the wait as well.
        request.minBytes = Int32(100 * one)
        let other = harness.send(request, version: 12, on: harness.connect()).sent
        try harness.produce("orders", partition: 3, "d")
        #expect(try harness.answer(to: other) == nil)
        var delete = DeleteTopicsRequest()
        delete.topicNames = ["orders"]
        _ = try harness.call(delete, version: 5)
        harness.advance(by: 1_000)
        #expect(try harness.answer(to: other) != nil)
    }
}
