import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("Heartbeat")
struct HeartbeatTests {
    @Test("heartbeats keep a member in its group", arguments: Int16(0)...4)
    func keepAlive(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        try harness.stabilize([client])
        for _ in 0..<5 {
            harness.advance(by: 9_999)
            #expect(try client.heartbeat(version: version) == .none)
        }
        #expect(harness.state() == .stable)
    }

    @Test("a silent member is out when its session ends, and the others rebalance")
    func sessionEnds() throws {
        let harness = try ClusterHarness.forGroups()
        let clients = [GroupClient(harness, clientID: "a"), GroupClient(harness, clientID: "b")]
        try harness.stabilize(clients)
        harness.advance(by: 9_000)
        #expect(try clients[1].heartbeat() == .none)
        harness.advance(by: 1_000)
        #expect(try clients[1].heartbeat() == .rebalanceInProgress)
        #expect(try clients[0].heartbeat() == .unknownMemberID)
        let answer = try clients[1].finishJoin(clients[1].sendJoin())
        #expect(answer.leader == clients[1].memberID)
        #expect(answer.generationID == 2)
    }

    @Test("the last silent member leaves an empty group of the next generation")
    func lastSessionEnds() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        try harness.stabilize([client])
        harness.advance(by: 10_000)
        #expect(harness.state() == .empty)
        #expect(harness.cluster.groups["g"]?.generation == 2)
        #expect(try client.heartbeat() == .unknownMemberID)
    }

    @Test("a member that waits for a rebalance need not send heartbeats")
    func waitingMembers() throws {
        let harness = try ClusterHarness.forGroups()
        let first = GroupClient(harness, clientID: "a")
        let second = GroupClient(harness, clientID: "b")
        try harness.stabilize([first, second])
        let rejoin = first.sendJoin()
        for _ in 0..<5 {
            harness.advance(by: 9_000)
            #expect(try second.heartbeat() == .rebalanceInProgress)
        }
        #expect(try harness.answer(to: rejoin) == nil)
        #expect(try second.finishJoin(second.sendJoin()).generationID == 2)
        try first.finishJoin(rejoin)
    }

    @Test("a newcomer that waits longer than five minutes is given up")
    func newcomerGivenUp() throws {
        let harness = try ClusterHarness.forGroups()
        let first = GroupClient(harness, clientID: "a")
        first.rebalanceTimeoutMs = 600_000
        try harness.stabilize([first])
        let newcomer = GroupClient(harness, clientID: "b")
        let join = try newcomer.startJoin()
        for _ in 0..<60 {
            #expect(try first.heartbeat() == .rebalanceInProgress)
            #expect(try harness.answer(to: join) == nil)
            harness.advance(by: 5_000)
        }
        #expect(try harness.answer(to: join)?.errorCode == ErrorCode.unknownMemberID.rawValue)
        #expect(try first.finishJoin(first.sendJoin()).members.count == 1)
    }

    @Test("another generation, member or group is refused")
    func refusals() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        try harness.stabilize([client])
        client.generation = 2
        #expect(try client.heartbeat() == .illegalGeneration)
        client.memberID = "stranger"
        #expect(try client.heartbeat() == .unknownMemberID)
        client.instanceID = "nobody"
        #expect(try client.heartbeat() == .unknownMemberID)
        #expect(try GroupClient(harness, group: "other").heartbeat() == .unknownMemberID)
        #expect(try GroupClient(harness, group: "").heartbeat() == .invalidGroupID)
    }

    @Test("while the assignment is awaited heartbeats are welcome")
    func completing() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        let join = try client.startJoin()
        harness.advance(by: 0)
        try client.finishJoin(join)
        #expect(try client.heartbeat() == .none)
    }
}
