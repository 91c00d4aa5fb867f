import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Static members")
struct GroupStaticMemberTests {
    @Test("a static member joins in one step, with an id made of its instance id")
    func joins() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness, instanceID: "node-1")
        let join = client.sendJoin()
        harness.advance(by: 0)
        let answer = try client.finishJoin(join)
        #expect(answer.memberID.hasPrefix("node-1-"))
        #expect(answer.members.map(\.groupInstanceID) == ["node-1"])
    }

    @Test("a static member that comes back as it was disturbs nobody and keeps its assignment")
    func replacement() throws {
        let harness = try ClusterHarness.forGroups()
        let leader = GroupClient(harness, clientID: "a", instanceID: "node-1")
        let old = GroupClient(harness, clientID: "b", instanceID: "node-2")
        try harness.stabilize([leader, old])
        let new = GroupClient(harness, clientID: "b", instanceID: "node-2")
        let answer = try new.finishJoin(new.sendJoin())
        #expect(answer.generationID == 1)
        #expect(answer.memberID != old.memberID)
        #expect(answer.memberID.hasPrefix("node-2-"))
        #expect(!answer.skipAssignment)
        #expect(harness.state() == .stable)
        #expect(try leader.heartbeat() == .none)
        #expect(try new.heartbeat() == .none)
        #expect(try harness.answer(to: new.sendSync())?.assignment == Array("b".utf8))
        #expect(try old.heartbeat() == .fencedInstanceID)
        #expect(try old.commit(offset: 1) == .fencedInstanceID)
        #expect(try old.leave() == .fencedInstanceID)
        #expect(
            try harness.answer(to: old.sendJoin())?.errorCode == ErrorCode.fencedInstanceID.rawValue)
    }

    @Test("a leader that comes back is told to skip the assignment", arguments: Int16(5)...9)
    func replacedLeader(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        let old = GroupClient(harness, clientID: "a", instanceID: "node-1")
        let follower = GroupClient(harness, clientID: "b", instanceID: "node-2")
        try harness.stabilize([old, follower])
        let new = GroupClient(harness, clientID: "a", instanceID: "node-1")
        new.joinVersion = version
        let answer = try new.finishJoin(new.sendJoin())
        if version >= 9 {
            #expect(answer.skipAssignment)
            #expect(answer.leader == new.memberID)
            #expect(answer.members.map(\.groupInstanceID) == ["node-1", "node-2"])
        } else {
            // It must not take itself for the leader: then it would assign.
            #expect(answer.leader == old.memberID)
            #expect(answer.members.isEmpty)
        }
        #expect(try harness.answer(to: new.sendSync())?.assignment == Array("a".utf8))
        #expect(harness.state() == .stable)
    }

    @Test("a static member that comes back with other protocols starts a rebalance")
    func changedProtocols() throws {
        let harness = try ClusterHarness.forGroups()
        let first = GroupClient(harness, clientID: "a", protocols: ["range", "sticky"])
        let old = GroupClient(harness, clientID: "b", instanceID: "node-2", protocols: ["range", "sticky"])
        try harness.stabilize([first, old])
        let new = GroupClient(harness, clientID: "b", instanceID: "node-2", protocols: ["sticky"])
        let join = new.sendJoin()
        #expect(try harness.answer(to: join) == nil)
        #expect(try first.heartbeat() == .rebalanceInProgress)
        #expect(try first.finishJoin(first.sendJoin()).protocolName == "sticky")
        #expect(try new.finishJoin(join).generationID == 2)
    }

    @Test("a static member that comes back before the assignment starts a rebalance, and its old self is fenced")
    func replacementWhileCompleting() throws {
        let harness = try ClusterHarness.forGroups()
        let first = GroupClient(harness, clientID: "a")
        let old = GroupClient(harness, clientID: "b", instanceID: "node-2")
        let joins = [try first.startJoin(), try old.startJoin()]
        harness.advance(by: 0)
        try first.finishJoin(joins[0])
        try old.finishJoin(joins[1])
        let sync = old.sendSync()
        let new = GroupClient(harness, clientID: "b", instanceID: "node-2")
        let join = new.sendJoin()
        #expect(try harness.answer(to: sync)?.errorCode == ErrorCode.fencedInstanceID.rawValue)
        #expect(harness.state() == .preparingRebalance)
        try first.finishJoin(first.sendJoin())
        #expect(try new.finishJoin(join).generationID == 2)
    }

    @Test("a static member that comes back during a rebalance takes over the wait")
    func replacementWhilePreparing() throws {
        let harness = try ClusterHarness.forGroups()
        let first = GroupClient(harness, clientID: "a")
        let old = GroupClient(harness, clientID: "b", instanceID: "node-2")
        try harness.stabilize([first, old])
        let oldJoin = old.sendJoin()
        // A follower without a change is answered at once; the leader starts the rebalance.
        try old.finishJoin(oldJoin)
        let firstJoin = first.sendJoin()
        let waiting = GroupClient(harness, clientID: "b", instanceID: "node-2")
        let join = waiting.sendJoin()
        #expect(try first.finishJoin(firstJoin).generationID == 2)
        #expect(try waiting.finishJoin(join).generationID == 2)
        #expect(try old.heartbeat() == .fencedInstanceID)
    }

    @Test("the old id of a static member that never took its assignment is not waited for")
    func replacementWithoutSync() throws {
        let harness = try ClusterHarness.forGroups()
        let leader = GroupClient(harness, clientID: "a")
        let old = GroupClient(harness, clientID: "b", instanceID: "node-2")
        [leader, old].forEach { $0.rebalanceTimeoutMs = 5_000 }
        let joins = [try leader.startJoin(), try old.startJoin()]
        harness.advance(by: 0)
        try leader.finishJoin(joins[0])
        try old.finishJoin(joins[1])
        #expect(try harness.answer(to: leader.sendSync([old.memberID: "work"]))?.errorCode == 0)
        let new = GroupClient(harness, clientID: "b", instanceID: "node-2")
        new.rebalanceTimeoutMs = 5_000
        try new.finishJoin(new.sendJoin())
        harness.advance(by: 5_000)
        #expect(try leader.heartbeat() == .none)
        #expect(try harness.answer(to: new.sendSync())?.assignment == Array("work".utf8))
    }

    @Test("a static member that is late for a rebalance keeps its place until its session ends")
    func lateStaticMember() throws {
        let harness = try ClusterHarness.forGroups()
        let first = GroupClient(harness, clientID: "a")
        let fixed = GroupClient(harness, clientID: "b", instanceID: "node-2")
        [first, fixed].forEach { $0.rebalanceTimeoutMs = 5_000 }
        fixed.sessionTimeoutMs = 30_000
        try harness.stabilize([first, fixed])
        let rejoin = first.sendJoin()
        harness.advance(by: 5_000)
        let answer = try first.finishJoin(rejoin)
        #expect(answer.members.map(\.groupInstanceID) == [nil, "node-2"])
        #expect(answer.generationID == 2)
    }

    @Test("when only absent static members are left, the group waits until their sessions end")
    func onlyAbsentStaticMembers() throws {
        let harness = try ClusterHarness.forGroups()
        let fixed = GroupClient(harness, instanceID: "node-1")
        fixed.rebalanceTimeoutMs = 4_000
        fixed.sessionTimeoutMs = 30_000
        let newcomer = GroupClient(harness)
        newcomer.rebalanceTimeoutMs = 4_000
        try harness.stabilize([fixed, newcomer])
        #expect(try newcomer.leave() == .none)
        harness.advance(by: 12_000)
        #expect(harness.state() == .preparingRebalance)
        harness.advance(by: 30_000)
        #expect(harness.state() == .empty)
        #expect(harness.cluster.groups["g"]?.members.isEmpty == true)
    }

    @Test("a replacement that cannot be stored is taken back")
    func replacementNotStored() throws {
        let files = MemoryFileSystem()
        let harness = try ClusterHarness(
            brokerConfigs: ["group.initial.rebalance.delay.ms": "0"], fileSystem: files)
        let old = GroupClient(harness, clientID: "a", instanceID: "node-1")
        try harness.stabilize([old])
        files.capacity = files.usedBytes
        let new = GroupClient(harness, clientID: "a", instanceID: "node-1")
        let answer = try #require(try harness.answer(to: new.sendJoin()))
        #expect(answer.errorCode == ErrorCode.notCoordinator.rawValue)
        #expect(answer.memberID.isEmpty)
        #expect(try old.heartbeat() == .none)
        #expect(harness.state() == .stable)
        #expect(harness.cluster.groups["g"]?.members[old.memberID]?.assignment == Array("a".utf8))
        // The old member's session still ends as it should.
        harness.advance(by: 9_000)
        #expect(try old.heartbeat() == .none)
        harness.advance(by: 10_000)
        #expect(try old.heartbeat() == .unknownMemberID)
    }
}
