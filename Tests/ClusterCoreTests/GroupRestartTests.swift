import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Groups after a restart")
struct GroupRestartTests {
    /// A member goes on under the same id on a new connection.
    private func reconnect(_ client: GroupClient) -> GroupClient {
        let again = GroupClient(
            client.harness, group: client.group, clientID: client.clientID, instanceID: client.instanceID)
        again.memberID = client.memberID
        again.generation = client.generation
        again.protocols = client.protocols
        again.rebalanceTimeoutMs = client.rebalanceTimeoutMs
        return again
    }

    @Test("members go on where they were, with their assignments", arguments: [true, false])
    func members(cleanly: Bool) throws {
        let harness = try ClusterHarness.forGroups()
        let clients = [
            GroupClient(harness, clientID: "a"), GroupClient(harness, clientID: "b", instanceID: "node-2"),
        ]
        try harness.stabilize(clients)
        #expect(try clients[0].commit("t", 1, offset: 55, metadata: "m") == .none)
        let before = try #require(harness.cluster.groups["g"])
        try harness.restart(cleanly: cleanly)
        let after = try #require(harness.cluster.groups["g"])
        #expect(after.state == .stable)
        #expect(after.generation == before.generation)
        #expect(after.leader == before.leader)
        #expect(after.protocolType == "consumer")
        #expect(after.protocolName == "range")
        #expect(after.subscribedTopics == ["t"])
        #expect(Array(after.members.keys) == Array(before.members.keys))
        #expect(after.members.values.map(\.clientHost) == ["/10.0.0.7", "/10.0.0.7"])
        #expect(harness.cluster.groups.offsets(of: "g")["t", 1]?.metadata == "m")
        for (client, assignment) in zip(clients.map(reconnect), ["a", "b"]) {
            #expect(try client.heartbeat() == .none)
            #expect(try harness.answer(to: client.sendSync())?.assignment == Array(assignment.utf8))
            #expect(try client.fetchOffset("t", 1) == 55)
        }
    }

    @Test("members that stay away are out when their sessions end, counted from the restart")
    func absentMembers() throws {
        let harness = try ClusterHarness.forGroups()
        let clients = [GroupClient(harness, clientID: "a"), GroupClient(harness, clientID: "b")]
        try harness.stabilize(clients)
        harness.advance(by: 5_000)
        try harness.restart()
        let present = reconnect(clients[1])
        harness.advance(by: 9_999)
        #expect(try present.heartbeat() == .none)
        harness.advance(by: 1)
        #expect(try present.heartbeat() == .rebalanceInProgress)
        #expect(try present.finishJoin(present.sendJoin()).generationID == 2)
        #expect(harness.cluster.groups["g"]?.members.count == 1)
    }

    @Test("a rebalance that was under way starts over: the stored generation holds")
    func duringRebalance() throws {
        let harness = try ClusterHarness.forGroups()
        let first = GroupClient(harness, clientID: "a")
        try harness.stabilize([first])
        let newcomer = GroupClient(harness, clientID: "b")
        _ = try newcomer.startJoin()
        try harness.restart(cleanly: false)
        #expect(harness.state() == .stable)
        #expect(try reconnect(first).heartbeat() == .none)
        let lost = reconnect(newcomer)
        #expect(try harness.answer(to: lost.sendJoin())?.errorCode == ErrorCode.unknownMemberID.rawValue)
    }

    @Test("a group without members keeps its generation and protocol type")
    func emptyGroup() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        try harness.stabilize([client])
        #expect(try client.leave() == .none)
        try harness.restart()
        let group = try #require(harness.cluster.groups["g"])
        #expect(group.state == .empty)
        #expect(group.generation == 2)
        #expect(group.protocolType == "consumer")
        #expect(group.protocolName == nil)
        let again = GroupClient(harness)
        try harness.stabilize([again])
        #expect(again.generation == 3)
    }

    @Test("a group that never came to a generation is there, and empty")
    func youngGroup() throws {
        let harness = try ClusterHarness.forGroups()
        _ = GroupClient(harness).sendJoin()
        try harness.restart()
        #expect(harness.state() == .empty)
        #expect(harness.cluster.groups["g"]?.generation == 0)
    }

    @Test("a static member's new id survives")
    func replacedStaticMember() throws {
        let harness = try ClusterHarness.forGroups()
        let old = GroupClient(harness, clientID: "a", instanceID: "node-1")
        try harness.stabilize([old])
        let new = GroupClient(harness, clientID: "a", instanceID: "node-1")
        try new.finishJoin(new.sendJoin())
        try harness.restart(cleanly: false)
        #expect(try reconnect(new).heartbeat() == .none)
        #expect(try reconnect(old).heartbeat() == .fencedInstanceID)
        #expect(harness.cluster.groups["g"]?.members[new.memberID]?.assignment == Array("a".utf8))
    }

    @Test("the leader is the one that led, not the one that joined first")
    func leader() throws {
        let harness = try ClusterHarness.forGroups()
        let absent = GroupClient(harness, clientID: "a", instanceID: "node-1")
        absent.rebalanceTimeoutMs = 5_000
        absent.sessionTimeoutMs = 60_000
        let present = GroupClient(harness, clientID: "b")
        present.rebalanceTimeoutMs = 5_000
        try harness.stabilize([absent, present])
        present.protocols = [("range", GroupClient.subscription(["t", "u"]))]
        let rejoin = present.sendJoin()
        harness.advance(by: 5_000)
        #expect(try present.finishJoin(rejoin).leader == present.memberID)
        let sync = present.sendSync([present.memberID: "b", absent.memberID: "a"])
        #expect(try harness.answer(to: sync)?.errorCode == 0)
        try harness.restart()
        #expect(harness.cluster.groups["g"]?.leader == present.memberID)
        #expect(harness.cluster.groups["g"]?.members.keys.first == absent.memberID)
    }

    @Test("offsets of a topic that was deleted just before a crash are gone")
    func deletedTopic() throws {
        let harness = try ClusterHarness.forGroups()
        #expect(try GroupClient(harness).commit(offset: 3) == .none)
        var record = RemoveTopicRecord()
        record.topicID = try #require(harness.cluster.topics["t"]).id
        try harness.step { try $0.commit([.removeTopic(record)], now: harness.now) }
        #expect(!harness.cluster.groups.orphans.isEmpty)
        try harness.restart(cleanly: false)
        #expect(harness.cluster.groups.offsets(of: "g").isEmpty)
    }

    @Test("a group that grew beyond a smaller group.max.size is called to rebalance")
    func smallerMaxSize() throws {
        let files = MemoryFileSystem()
        let harness = try ClusterHarness(
            brokerConfigs: ["group.initial.rebalance.delay.ms": "0"], fileSystem: files)
        let clients = ["a", "b", "c"].map { GroupClient(harness, clientID: $0) }
        try harness.stabilize(clients)
        try harness.step { try $0.close() }
        let smaller = try ClusterHarness(brokerConfigs: ["group.max.size": "2"], fileSystem: files)
        #expect(smaller.state() == .preparingRebalance)
    }
}

@Suite("Offsets expire")
struct GroupExpiryTests {
    private static let day: Int64 = 24 * 60 * 60 * 1_000

    /// Offsets live for one day and are looked at every minute.
    private func harness() throws -> ClusterHarness {
        try .forGroups(configs: [
            "offsets.retention.minutes": "1440", "offsets.retention.check.interval.ms": "60000",
        ])
    }

    private func pass(_ milliseconds: Int64, _ harness: ClusterHarness) {
        harness.now += milliseconds
        // One look may only set the time of the next one.
        harness.step { $0.expireOffsets(now: harness.now) }
        harness.now += 60_000
        harness.step { $0.expireOffsets(now: harness.now) }
    }

    @Test("of a group without members types, a day after each commit, and the group with the last one")
    func simpleGroup() throws {
        let harness = try harness()
        let client = GroupClient(harness)
        #expect(try client.commit("t", 0, offset: 1) == .none)
        pass(Self.day / 2, harness)
        #expect(try client.commit("t", 1, offset: 2) == .none)
        pass(Self.day / 2, harness)
        #expect(try client.fetchOffset("t", 0) == -1)
        #expect(try client.fetchOffset("t", 1) == 2)
        pass(Self.day / 2, harness)
        #expect(harness.cluster.groups["g"] == nil)
        try harness.restart()
        #expect(harness.cluster.groups["g"] == nil)
    }

    @Test("of a consumer group, a day after the last member has left")
    func emptiedGroup() throws {
        let harness = try harness()
        let client = GroupClient(harness)
        client.sessionTimeoutMs = 1_800_000
        try harness.stabilize([client])
        #expect(try client.commit(offset: 1) == .none)
        harness.now += 2 * Self.day
        #expect(try client.leave() == .none)
        pass(Self.day / 2, harness)
        #expect(try client.fetchOffset() == 1)
        pass(Self.day / 2, harness)
        #expect(harness.cluster.groups["g"] == nil)
    }

    @Test("of topics that the members of a stable group do not read any more")
    func unsubscribedTopic() throws {
        let harness = try harness()
        try harness.createTopic("old")
        let client = GroupClient(harness, topics: ["t"])
        try harness.stabilize([client])
        #expect(try client.commit("old", offset: 1) == .none)
        #expect(try client.commit("t", offset: 2) == .none)
        pass(Self.day, harness)
        #expect(try client.fetchOffset("old") == -1)
        #expect(try client.fetchOffset("t") == 2)
        #expect(harness.state() == .stable)
    }

    @Test("after the time that an old client asked for itself")
    func ownRetention() throws {
        let harness = try harness()
        var item = OffsetCommitRequest.OffsetCommitRequestPartition()
        item.committedOffset = 4
        var topic = OffsetCommitRequest.OffsetCommitRequestTopic()
        topic.name = "t"
        topic.partitions = [item]
        var request = OffsetCommitRequest()
        request.groupID = "g"
        request.retentionTimeMs = 3 * Self.day
        request.topics = [topic]
        let response = try harness.call(request, version: 4)
        #expect(response.topics[0].partitions[0].errorCode == 0)
        try harness.restart()
        pass(2 * Self.day, harness)
        #expect(try GroupClient(harness).fetchOffset() == 4)
        pass(Self.day, harness)
        #expect(try GroupClient(harness).fetchOffset() == -1)
    }
}
