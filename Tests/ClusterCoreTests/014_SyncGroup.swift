import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("SyncGroup")
struct SyncGroupTests {
    /// Two members of a generation whose assignment is not known yet; the first one leads.
    private func joined(_ harness: ClusterHarness) throws -> [GroupClient] {
        let clients = [GroupClient(harness, clientID: "a"), GroupClient(harness, clientID: "b")]
        clients.forEach { $0.rebalanceTimeoutMs = 20_000 }
        let joins = try clients.map { try $0.startJoin() }
        harness.advance(by: 0)
        for (client, join) in zip(clients, joins) {
            try client.finishJoin(join)
        }
        return clients
    }

    private func code(_ sent: SentRequest<SyncGroupRequest>, _ harness: ClusterHarness) throws -> ErrorCode {
        ErrorCode(rawValue: try #require(try harness.answer(to: sent)).errorCode)
    }

    @Test("a follower waits for the leader's assignment", arguments: Int16(0)...5)
    func followerWaits(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        let clients = try joined(harness)
        let follower = clients[1].sendSync(version: version)
        #expect(try harness.answer(to: follower) == nil)
        let assignments = [clients[0].memberID: "one", clients[1].memberID: "two"]
        let leader = try #require(try harness.answer(to: clients[0].sendSync(assignments, version: version)))
        #expect(leader.assignment == Array("one".utf8))
        let answer = try #require(try harness.answer(to: follower))
        #expect(answer.assignment == Array("two".utf8))
        #expect(answer.protocolName == (version >= 5 ? "range" : nil))
        #expect(harness.state() == .stable)
    }

    @Test("who comes later finds the assignment there; who was not assigned anything gets nothing")
    func laterMembers() throws {
        let harness = try ClusterHarness.forGroups()
        let clients = try joined(harness)
        _ = clients[0].sendSync([clients[0].memberID: "all"])
        let answer = try #require(try harness.answer(to: clients[1].sendSync()))
        #expect(answer.errorCode == 0)
        #expect(answer.assignment.isEmpty)
        #expect(try harness.answer(to: clients[0].sendSync())?.assignment == Array("all".utf8))
    }

    @Test("another generation, member, protocol or group is refused")
    func refusals() throws {
        let harness = try ClusterHarness.forGroups()
        let client = try joined(harness)[1]
        #expect(try code(client.sendSync(protocolName: "sticky"), harness) == .inconsistentGroupProtocol)
        #expect(try code(client.sendSync(protocolName: nil), harness) == .inconsistentGroupProtocol)
        client.protocolType = "connect"
        #expect(try code(client.sendSync(), harness) == .inconsistentGroupProtocol)
        client.protocolType = "consumer"
        client.generation = 7
        #expect(try code(client.sendSync(), harness) == .illegalGeneration)
        client.memberID = "stranger"
        #expect(try code(client.sendSync(), harness) == .unknownMemberID)
        #expect(try code(GroupClient(harness, group: "other").sendSync(), harness) == .unknownMemberID)
        #expect(try code(GroupClient(harness, group: "").sendSync(), harness) == .invalidGroupID)
    }

    @Test("a rebalance sends everybody who waits back to join")
    func rebalanceWhileWaiting() throws {
        let harness = try ClusterHarness.forGroups()
        let clients = try joined(harness)
        let waiting = clients[1].sendSync()
        _ = try GroupClient(harness).startJoin()
        #expect(try code(waiting, harness) == .rebalanceInProgress)
        #expect(try code(clients[0].sendSync(), harness) == .rebalanceInProgress)
    }

    @Test("members that never ask for their assignment are out after the rebalance timeout")
    func missingSync() throws {
        let harness = try ClusterHarness.forGroups()
        let clients = try joined(harness)
        let sync = clients[0].sendSync()
        #expect(try code(sync, harness) == .none)
        for _ in 0..<3 {
            harness.advance(by: 5_000)
            #expect(try clients[0].heartbeat() == .none)
            #expect(try clients[1].heartbeat() == .none)
        }
        harness.advance(by: 5_000)
        #expect(try clients[1].heartbeat() == .unknownMemberID)
        #expect(try clients[0].heartbeat() == .rebalanceInProgress)
    }

    @Test("a leader that stays away loses the generation to the others")
    func missingLeader() throws {
        let harness = try ClusterHarness.forGroups()
        let clients = try joined(harness)
        let waiting = clients[1].sendSync()
        harness.advance(by: 10_000)
        #expect(try code(waiting, harness) == .rebalanceInProgress)
        let answer = try clients[1].finishJoin(clients[1].sendJoin())
        #expect(answer.leader == clients[1].memberID)
        #expect(answer.generationID == 2)
    }

    @Test("an assignment that cannot be stored is not handed out")
    func storageFails() throws {
        let files = MemoryFileSystem()
        let harness = try ClusterHarness(
            brokerConfigs: ["group.initial.rebalance.delay.ms": "0"], fileSystem: files)
        let clients = [GroupClient(harness, clientID: "a"), GroupClient(harness, clientID: "b")]
        try harness.stabilize(clients)
        let rejoin = clients[0].sendJoin()
        clients[1].protocols = [("range", GroupClient.subscription(["u"]))]
        try clients[1].finishJoin(clients[1].sendJoin())
        try clients[0].finishJoin(rejoin)
        let waiting = clients[1].sendSync()
        files.capacity = files.usedBytes
        let leader = clients[0].sendSync([clients[0].memberID: "one", clients[1].memberID: "two"])
        #expect(try code(leader, harness) == .notCoordinator)
        #expect(try code(waiting, harness) == .notCoordinator)
        #expect(harness.state() == .preparingRebalance)
        #expect(harness.cluster.groups["g"]?.members.values.allSatisfy(\.assignment.isEmpty) == true)
    }
}
