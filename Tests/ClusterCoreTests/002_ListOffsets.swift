import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("ListOffsets")
struct ListOffsetsTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
        try harness.createTopic("orders", partitions: 2)
    }

    private func request(
        _ timestamp: Int64, topic: String = "orders", partition: Int32 = 0, isolation: Int8 = 0, epoch: Int32 = -1
    ) -> ListOffsetsRequest {
        var item = ListOffsetsRequest.ListOffsetsPartition()
        item.partitionIndex = partition
        item.timestamp = timestamp
        item.currentLeaderEpoch = epoch
        var entry = ListOffsetsRequest.ListOffsetsTopic()
        entry.name = topic
        entry.partitions = [item]
        var request = ListOffsetsRequest()
        request.replicaID = -1
        request.isolationLevel = isolation
        request.topics = [entry]
        return request
    }

    private func look(
        _ request: ListOffsetsRequest, version: Int16? = nil, on connection: ConnectionID? = nil
    ) throws -> ListOffsetsResponse.ListOffsetsPartitionResponse {
        try #require(try harness.call(request, version: version, on: connection).topics.first?.partitions.first)
    }

    @Test("latest and earliest in every version", arguments: versions(ListOffsetsRequest.self, 2, 3, 4, 5, 6, 7, 10))
    func ends(version: Int16) throws {
        try harness.produce("orders", "a", "b", "c")
        _ = try harness.log("orders").deleteRecords(before: 1)
        let latest = try look(request(-1), version: version)
        #expect(latest.errorCode == 0)
        #expect(latest.offset == 3)
        #expect(latest.timestamp == -1)
        #expect(latest.leaderEpoch == (version >= 4 ? 0 : -1))
        let earliest = try look(request(-2), version: version)
        #expect(earliest.offset == 1)
        #expect(earliest.timestamp == -1)
        #expect(earliest.leaderEpoch == (version >= 4 ? 0 : -1))
    }

    @Test("the ends of an empty partition are 0, in the current epoch")
    func empty() throws {
        for timestamp in [Int64(-1), -2, -4] {
            let found = try look(request(timestamp))
            #expect(found.offset == 0)
            #expect(found.leaderEpoch == 0)
        }
        for timestamp in [Int64(-3), 0, harness.now] {
            let found = try look(request(timestamp))
            #expect(found.errorCode == 0)
            #expect(found.offset == -1)
            #expect(found.timestamp == -1)
            #expect(found.leaderEpoch == -1)
        }
    }

    @Test("no timestamp finds a record that DeleteRecords has hidden")
    func hidden() throws {
        let times: [Int64] = [50, 90, 30, 70, 70, 20].map { harness.now + $0 }
        let batch = TestBatch(values: ["a", "b", "c", "d", "e", "f"], timestamps: times)
        #expect(try harness.produceResult("orders", batch).errorCode == 0)
        #expect(try look(request(-3)).offset == 1)
        _ = try harness.log("orders").deleteRecords(before: 2)
        let latest = try look(request(-3))
        #expect(latest.offset == 3)
        #expect(latest.timestamp == harness.now + 70)
        #expect(try look(request(harness.now + 80)).offset == -1)
        #expect(try look(request(harness.now + 40)).offset == 3)
        #expect(try look(request(-2)).offset == 2)
        #expect(try look(request(-4)).offset == 2)
        #expect(try look(request(-5)).offset == -1)
        _ = try harness.log("orders").deleteRecords(before: 6)
        #expect(try look(request(-3)).offset == -1)
        #expect(try look(request(0)).offset == -1)
    }

    @Test("latest carries the current leader epoch, earliest that of its record")
    func epochs() throws {
        try harness.produce("orders", "a")
        try harness.elect(1, "orders")
        #expect(try look(request(-1)).leaderEpoch == 1)
        #expect(try look(request(-2)).leaderEpoch == 0)
        try harness.produce("orders", "b")
        let found = try look(request(-3))
        #expect(found.offset == 0)
        #expect(found.leaderEpoch == 0)
    }

    @Test("by timestamp: the first record that is as late or later")
    func timestamps() throws {
        _ = try harness.produceResult("orders", TestBatch(values: ["a", "b", "c"], timestamps: [100, 300, 200]))
        _ = try harness.produceResult("orders", TestBatch(values: ["d"], timestamps: [400]))
        let wanted: [(Int64, Int64, Int64)] = [
            (0, 0, 100), (100, 0, 100), (101, 1, 300), (200, 1, 300), (300, 1, 300), (301, 3, 400), (400, 3, 400),
        ]
        for (timestamp, offset, found) in wanted {
            let result = try look(request(timestamp))
            #expect(result.offset == offset, "\(timestamp)")
            #expect(result.timestamp == found, "\(timestamp)")
            #expect(result.leaderEpoch == 0)
        }
        #expect(try look(request(401)).offset == -1)
    }

    @Test("by timestamp skips records below the log start")
    func timestampsAfterDeletion() throws {
        _ = try harness.produceResult("orders", TestBatch(values: ["a", "b"], timestamps: [100, 200]))
        _ = try harness.log("orders").deleteRecords(before: 1)
        #expect(try look(request(0)).offset == 1)
    }

    @Test("max timestamp is the first record with the latest time")
    func maxTimestamp() throws {
        _ = try harness.produceResult("orders", TestBatch(values: ["a", "b", "c"], timestamps: [100, 300, 300]))
        _ = try harness.produceResult("orders", TestBatch(values: ["d"], timestamps: [200]))
        let found = try look(request(-3))
        #expect(found.offset == 1)
        #expect(found.timestamp == 300)
    }

    @Test("tiered specials find nothing where nothing is tiered")
    func tiered() throws {
        try harness.produce("orders", "a", "b")
        _ = try harness.log("orders").deleteRecords(before: 1)
        #expect(try look(request(-4)).offset == 1)
        for timestamp in [Int64(-5), -6] {
            let found = try look(request(timestamp))
            #expect(found.errorCode == 0)
            #expect(found.offset == -1)
            #expect(found.timestamp == -1)
            #expect(found.leaderEpoch == -1)
        }
    }

    @Test("a special timestamp is unknown before its version, whatever the partition")
    func gates() throws {
        let first: [(Int64, Int16)] = [(-3, 7), (-4, 8), (-5, 9), (-6, 11)]
        for (timestamp, version) in first {
            #expect(try look(request(timestamp), version: version).errorCode == 0)
            let early = try look(request(timestamp), version: version - 1)
            #expect(early.errorCode.code == .unsupportedVersion, "\(timestamp)")
            #expect(early.offset == -1)
            let unknown = try look(request(timestamp, topic: "absent"), version: version - 1)
            #expect(unknown.errorCode.code == .unsupportedVersion)
        }
        #expect(try look(request(-7)).errorCode.code == .unsupportedVersion)
    }

    @Test("read_committed sees up to the first open transaction")
    func isolation() throws {
        try harness.produce("orders", "a")
        let open = TestBatch(
            values: ["b"], timestamps: [harness.now + 10], producerID: 3, epoch: 0, sequence: 0, isTransactional: true,
            baseOffset: 1, leaderEpoch: 0)
        try harness.appendAsFollower("orders", try open.bytes())
        #expect(try look(request(-1, isolation: 0)).offset == 2)
        #expect(try look(request(-1, isolation: 1)).offset == 1)
        #expect(try look(request(harness.now + 5, isolation: 0)).offset == 1)
        #expect(try look(request(harness.now + 5, isolation: 1)).offset == -1)
        #expect(try look(request(-3, isolation: 1)).offset == -1)
    }

    @Test("what does not exist, is led elsewhere or is asked for twice is refused")
    func errors() throws {
        #expect(try look(request(-1, topic: "absent")).errorCode.code == .unknownTopicOrPartition)
        #expect(try look(request(-1, partition: 2)).errorCode.code == .unknownTopicOrPartition)
        try harness.elect(1, "orders")
        #expect(try look(request(-1, epoch: 0)).errorCode.code == .fencedLeaderEpoch)
        #expect(try look(request(-1, epoch: 2)).errorCode.code == .unknownLeaderEpoch)
        #expect(try look(request(-1, epoch: 1)).errorCode == 0)
        var twice = request(-1)
        twice.topics[0].partitions.append(twice.topics[0].partitions[0])
        var other = twice.topics[0].partitions[0]
        other.partitionIndex = 1
        twice.topics[0].partitions.append(other)
        let results = try harness.call(twice).topics.flatMap(\.partitions)
        #expect(results.map(\.errorCode.code) == [.invalidRequest, .invalidRequest, .none])
    }

    @Test("what is asked for twice is refused also where others are answered in between")
    func farApart() throws {
        var long = request(-1)
        let item = long.topics[0].partitions[0]
        long.topics[0].partitions += (2..<Int32(2 * ListOffsetsHandler.partitionsPerSlice)).map { index in
            var item = item
            item.partitionIndex = index
            return item
        }
        long.topics[0].partitions.append(item)
        harness.holdsRecordChecks = true
        let (sent, _) = harness.send(long, version: 7, on: harness.connect())
        #expect(try harness.answer(to: sent) == nil)
        #expect(harness.finishRecordChecks() >= 2)
        let results = try #require(try harness.answer(to: sent)).topics.flatMap(\.partitions)
        #expect(results.map(\.partitionIndex) == long.topics[0].partitions.map(\.partitionIndex))
        let known = results.enumerated().filter { $0.element.errorCode.code != .unknownTopicOrPartition }
        #expect(known.map(\.offset) == [0, results.count - 1])
        #expect(known.allSatisfy { $0.element.errorCode.code == .invalidRequest })
    }

    @Test("a broker that does not lead refuses")
    func notLeader() throws {
        let harness = try ClusterHarness(brokers: 2)
        try harness.createTopic("orders")
        let leader = try harness.partition("orders").leader
        let response = try harness.call(request(-1), on: harness.connect(node: 3 - leader))
        #expect(response.topics.first?.partitions.first?.errorCode.code == .notLeaderOrFollower)
    }
}
