import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Numbers at the edge, from clients and configs")
struct ExtremeNumberTests {
    @Test("a producer may claim any greatest timestamp", arguments: [Int64.min, -1, 0, .max])
    func produce(timestamp: Int64) throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t")
        for value in [timestamp, .max, timestamp, .min] {
            let batch = resealed(try TestBatch().bytes()) { $0.maxTimestamp = value }
            _ = try harness.produceResult("t", bytes: batch)
        }
        try harness.produce("t", "after")
        harness.advance(by: 3_600_000)
        try harness.restart(cleanly: false)
        try harness.produce("t", "after the restart")
    }

    @Test("offsets may be kept for any time", arguments: [Int16(2), 3, 4], [Int64.max, .min, -1, 0])
    func retentionTime(version: Int16, retention: Int64) throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t")
        var partition = OffsetCommitRequest.OffsetCommitRequestPartition()
        partition.committedOffset = 3
        var topic = OffsetCommitRequest.OffsetCommitRequestTopic()
        topic.name = "t"
        topic.partitions = [partition]
        var request = OffsetCommitRequest()
        request.groupID = "g"
        request.generationIDOrMemberEpoch = -1
        request.retentionTimeMs = retention
        request.topics = [topic]
        let answer = try harness.call(request, version: version)
        #expect(answer.topics.first?.partitions.first?.errorCode == 0)
        harness.advance(by: 1_000_000)
    }

    @Test(
        "times in broker configs may be as long as Kafka's type allows",
        arguments: [
            ["offsets.retention.check.interval.ms": "9223372036854775807"],
            ["connections.max.reauth.ms": "9223372036854775807"],
            ["offsets.retention.minutes": "2147483647"],
            ["group.initial.rebalance.delay.ms": "2147483647"],
            ["log.retention.hours": "2147483647"], ["log.roll.hours": "2147483647"],
            ["connection.failed.authentication.delay.ms": "2147483647"],
            ["producer.id.expiration.ms": "2147483647"],
        ])
    func brokerConfigs(configs: [String: String]) throws {
        let harness = try ClusterHarness(brokerConfigs: configs)
        try harness.createTopic("t")
        try harness.produce("t", "a")
        _ = GroupClient(harness).sendJoin()
        harness.advance(by: 100_000)
        harness.now = .max
        harness.step { $0.tick(now: harness.clock) }
    }

    @Test("a timer that is set again while timers fire waits for the next call", arguments: [Int32.min, -1, 0])
    func absentStaticMembers(rebalanceTimeoutMs: Int32) throws {
        let harness = try ClusterHarness.forGroups()
        let absent = GroupClient(harness, clientID: "a", instanceID: "one")
        absent.rebalanceTimeoutMs = rebalanceTimeoutMs
        absent.sessionTimeoutMs = 1_800_000
        let join = try absent.startJoin()
        harness.advance(by: 10)
        try absent.finishJoin(join)
        // A second one asks for a rebalance and leaves: nobody but the absent one is there to be waited for.
        let other = GroupClient(harness, clientID: "b")
        other.rebalanceTimeoutMs = rebalanceTimeoutMs
        _ = try other.startJoin()
        _ = try other.leave()
        for _ in 0..<5 {
            harness.step { $0.tick(now: harness.clock) }
            harness.now += 10
        }
        // It may look again now and then, but not all the time.
        let next = try #require(harness.cluster.nextTimer)
        #expect(next > harness.now)
    }

    @Test("a leader epoch at its greatest does not grow any further")
    func leaderEpoch() throws {
        let harness = try ClusterHarness()
        let id = try harness.createTopic("t")
        var epoch = MirrorLeaderEpochRecord()
        epoch.topicID = id
        epoch.leaderEpoch = .max
        try harness.step { try $0.commit([.mirrorLeaderEpoch(epoch)], now: harness.now) }
        try harness.elect(1, "t")
        #expect(try harness.partition("t").leaderEpoch == .max)
        try harness.restart()
        try harness.produce("t", "a")
    }
}
