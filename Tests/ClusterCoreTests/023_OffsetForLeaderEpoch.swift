import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("OffsetForLeaderEpoch")
struct OffsetForLeaderEpochTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
        try harness.createTopic("orders")
    }

    private func look(
        _ epoch: Int32, current: Int32 = -1, topic: String = "orders", partition: Int32 = 0, version: Int16? = nil,
        in other: ClusterHarness? = nil, on connection: ConnectionID? = nil
    ) throws -> OffsetForLeaderEpochResponse.EpochEndOffset {
        var item = OffsetForLeaderEpochRequest.OffsetForLeaderPartition()
        item.partition = partition
        item.leaderEpoch = epoch
        item.currentLeaderEpoch = current
        var entry = OffsetForLeaderEpochRequest.OffsetForLeaderTopic()
        entry.topic = topic
        entry.partitions = [item]
        var request = OffsetForLeaderEpochRequest()
        request.topics = [entry]
        let response = try (other ?? harness).call(request, version: version, on: connection)
        return try #require(response.topics.first?.partitions.first)
    }

    @Test("each epoch ends where the next begins", arguments: versions(OffsetForLeaderEpochRequest.self, 3))
    func ends(version: Int16) throws {
        try harness.produce("orders", "a", "b")
        for _ in 0..<3 {
            try harness.elect(1, "orders")
        }
        try harness.produce("orders", "c")
        // Epoch 0 holds offsets 0 and 1, epochs 1 and 2 nothing, epoch 3 offset 2.
        let wanted: [(asked: Int32, epoch: Int32, end: Int64)] = [
            (0, 0, 2), (1, 0, 2), (2, 0, 2), (3, 3, 3), (4, -1, -1),
        ]
        for (asked, epoch, end) in wanted {
            let found = try look(asked, version: version)
            #expect(found.errorCode == 0)
            #expect(found.leaderEpoch == epoch, "epoch \(asked)")
            #expect(found.endOffset == end, "epoch \(asked)")
        }
    }

    @Test("an epoch without records yet ends at the log end")
    func freshEpoch() throws {
        #expect(try look(0).endOffset == 0)
        #expect(try look(0).leaderEpoch == 0)
        try harness.produce("orders", "a")
        try harness.elect(1, "orders")
        try harness.elect(1, "orders")
        #expect(try look(2).leaderEpoch == 2)
        #expect(try look(2).endOffset == 1)
        #expect(try look(1).leaderEpoch == 0)
        #expect(try look(1).endOffset == 1)
        #expect(try look(0).endOffset == 1)
    }

    @Test("an epoch from before the log start ends where the log starts")
    func deletedEpoch() throws {
        try harness.produce("orders", "a")
        try harness.elect(1, "orders")
        try harness.produce("orders", "b", "c")
        _ = try harness.log("orders").deleteRecords(before: 2)
        #expect(try look(0).leaderEpoch == 0)
        #expect(try look(0).endOffset == 2)
        #expect(try look(-1).leaderEpoch == -1)
        #expect(try look(-1).endOffset == -1)
    }

    @Test("epochs survive a restart", arguments: [true, false])
    func restart(cleanly: Bool) throws {
        try harness.produce("orders", "a")
        try harness.elect(1, "orders")
        try harness.produce("orders", "b")
        try harness.restart(cleanly: cleanly)
        #expect(try look(0).endOffset == 1)
        #expect(try look(1).endOffset == 2)
        #expect(try harness.partition("orders").leaderEpoch == (cleanly ? 1 : 2))
    }

    @Test("what the client believes is checked")
    func errors() throws {
        try harness.elect(1, "orders")
        #expect(try look(0, current: 0).errorCode.code == .fencedLeaderEpoch)
        #expect(try look(0, current: 2).errorCode.code == .unknownLeaderEpoch)
        #expect(try look(0, current: 1).errorCode == 0)
        let unknown = try look(0, topic: "absent")
        #expect(unknown.errorCode.code == .unknownTopicOrPartition)
        #expect(unknown.endOffset == -1)
        #expect(try look(0, partition: 1).errorCode.code == .unknownTopicOrPartition)
        let two = try ClusterHarness(brokers: 2)
        try two.createTopic("orders")
        let leader = try two.partition("orders").leader
        let elsewhere = try look(0, in: two, on: two.connect(node: 3 - leader))
        #expect(elsewhere.errorCode.code == .notLeaderOrFollower)
    }
}
