import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("JoinGroup")
struct JoinGroupTests {
    @Test("a new member is first told its id, made of the client's id and a UUID")
    func memberIDRequired() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness, clientID: "app")
        let answer = try #require(try harness.answer(to: client.sendJoin()))
        #expect(answer.errorCode == ErrorCode.memberIDRequired.rawValue)
        #expect(answer.memberID.hasPrefix("app-"))
        #expect(answer.memberID.utf8.count == "app-".utf8.count + 36)
        #expect(harness.state() == .empty)
    }

    @Test("before version 4 a new member is taken at once", arguments: Int16(0)...3)
    func oldVersions(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        client.joinVersion = version
        let join = client.sendJoin()
        #expect(try harness.answer(to: join) == nil)
        harness.advance(by: 0)
        let answer = try client.finishJoin(join)
        #expect(answer.generationID == 1)
        #expect(answer.leader == answer.memberID)
        #expect(answer.members.map(\.memberID) == [answer.memberID])
        #expect(answer.protocolName == "range")
    }

    @Test("every later version goes through the two steps", arguments: Int16(4)...9)
    func newVersions(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        client.joinVersion = version
        let join = try client.startJoin()
        harness.advance(by: 0)
        let answer = try client.finishJoin(join)
        #expect(answer.generationID == 1)
        #expect(answer.protocolType == (version >= 7 ? "consumer" : nil))
        #expect(answer.members.map(\.metadata) == [GroupClient.subscription(["t"])])
    }

    @Test("the first generation waits for the initial delay")
    func initialDelay() throws {
        let harness = try ClusterHarness.forGroups(delay: 3_000)
        let client = GroupClient(harness)
        let join = try client.startJoin()
        harness.advance(by: 2_999)
        #expect(try harness.answer(to: join) == nil)
        harness.advance(by: 1)
        try client.finishJoin(join)
    }

    @Test("members that come during the initial delay prolong it, up to the rebalance timeout")
    func initialDelayGrows() throws {
        let harness = try ClusterHarness.forGroups(delay: 3_000)
        let clients = (0..<4).map { _ in GroupClient(harness) }
        clients.forEach { $0.rebalanceTimeoutMs = 8_000 }
        var joins: [SentRequest<JoinGroupRequest>] = []
        for client in clients.prefix(3) {
            joins.append(try client.startJoin())
            harness.advance(by: 2_000)
        }
        // Second 6: waits of 3 + 3 s have been granted, 2 s of the rebalance timeout are left.
        #expect(try harness.answer(to: joins[0]) == nil)
        joins.append(try clients[3].startJoin())
        harness.advance(by: 1_999)
        #expect(try harness.answer(to: joins[0]) == nil)
        harness.advance(by: 1)
        let answers = try zip(clients, joins).map { try $0.finishJoin($1) }
        #expect(Set(answers.map(\.generationID)) == [1])
        #expect(answers[0].members.count == 4)
    }

    @Test("only the leader sees the members")
    func leaderSeesMembers() throws {
        let harness = try ClusterHarness.forGroups()
        let first = GroupClient(harness, clientID: "a", topics: ["t"])
        let second = GroupClient(harness, clientID: "b", topics: ["u"])
        let joins = [try first.startJoin(), try second.startJoin()]
        harness.advance(by: 0)
        let leader = try first.finishJoin(joins[0])
        let follower = try second.finishJoin(joins[1])
        #expect(leader.leader == first.memberID)
        #expect(follower.leader == first.memberID)
        #expect(leader.members.map(\.memberID) == [first.memberID, second.memberID])
        #expect(leader.members.map(\.metadata) == [["t"], ["u"]].map(GroupClient.subscription))
        #expect(follower.members.isEmpty)
        #expect(harness.state() == .completingRebalance)
    }

    @Test("a newcomer starts a rebalance that ends as soon as everybody is back")
    func newcomer() throws {
        let harness = try ClusterHarness.forGroups()
        let first = GroupClient(harness, clientID: "a")
        try harness.stabilize([first])
        let second = GroupClient(harness, clientID: "b")
        let join = try second.startJoin()
        #expect(harness.state() == .preparingRebalance)
        #expect(try first.heartbeat() == .rebalanceInProgress)
        let rejoin = first.sendJoin()
        #expect(try first.finishJoin(rejoin).generationID == 2)
        #expect(try second.finishJoin(join).leader == first.memberID)
    }

    @Test("members that do not rejoin are out when the rebalance timeout is over, the leader too")
    func lateMembers() throws {
        let harness = try ClusterHarness.forGroups()
        let first = GroupClient(harness, clientID: "a")
        first.rebalanceTimeoutMs = 5_000
        try harness.stabilize([first])
        let second = GroupClient(harness, clientID: "b")
        second.rebalanceTimeoutMs = 5_000
        let join = try second.startJoin()
        harness.advance(by: 4_999)
        #expect(try harness.answer(to: join) == nil)
        harness.advance(by: 1)
        let answer = try second.finishJoin(join)
        #expect(answer.leader == second.memberID)
        #expect(answer.members.map(\.memberID) == [second.memberID])
        #expect(try first.heartbeat() == .unknownMemberID)
    }

    @Test("a follower that rejoins without a change gets the current generation, a leader starts the next")
    func rejoinWithoutChange() throws {
        let harness = try ClusterHarness.forGroups()
        let leader = GroupClient(harness, clientID: "a")
        let follower = GroupClient(harness, clientID: "b")
        try harness.stabilize([leader, follower])
        #expect(try follower.finishJoin(follower.sendJoin()).generationID == 1)
        #expect(harness.state() == .stable)
        #expect(try harness.answer(to: leader.sendJoin()) == nil)
        #expect(harness.state() == .preparingRebalance)
    }

    @Test("a member whose subscription changed starts a rebalance")
    func changedSubscription() throws {
        let harness = try ClusterHarness.forGroups()
        let clients = [GroupClient(harness, clientID: "a"), GroupClient(harness, clientID: "b")]
        try harness.stabilize(clients)
        clients[1].protocols = [("range", GroupClient.subscription(["t", "u"]))]
        let join = clients[1].sendJoin()
        #expect(try harness.answer(to: join) == nil)
        let answer = try clients[0].finishJoin(clients[0].sendJoin())
        #expect(answer.members.map(\.metadata).last == GroupClient.subscription(["t", "u"]))
        #expect(try clients[1].finishJoin(join).generationID == 2)
    }

    @Test("a lost answer is given again while the assignment is awaited")
    func repeatedJoin() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        let join = try client.startJoin()
        harness.advance(by: 0)
        let first = try client.finishJoin(join)
        let again = try client.finishJoin(client.sendJoin())
        #expect(again.generationID == first.generationID)
        #expect(again.members.map(\.memberID) == first.members.map(\.memberID))
    }

    @Test("the protocol is one that all support, and most prefer")
    func votes() throws {
        let harness = try ClusterHarness.forGroups()
        let clients = [
            GroupClient(harness, protocols: ["sticky", "range", "roundrobin"]),
            GroupClient(harness, protocols: ["roundrobin", "range"]),
            GroupClient(harness, protocols: ["roundrobin", "range", "sticky"]),
        ]
        let joins = try clients.map { try $0.startJoin() }
        harness.advance(by: 0)
        let answers = try zip(clients, joins).map { try $0.finishJoin($1) }
        #expect(Set(answers.map(\.protocolName)) == ["roundrobin"])
    }
}

@Suite("JoinGroup refuses")
struct JoinGroupErrorTests {
    private func code(_ client: GroupClient) throws -> ErrorCode {
        ErrorCode(rawValue: try #require(try client.harness.answer(to: client.sendJoin())).errorCode)
    }

    @Test("an empty group id")
    func emptyGroup() throws {
        #expect(try code(GroupClient(.forGroups(), group: "")) == .invalidGroupID)
    }

    @Test("session timeouts outside of the broker's limits", arguments: [5_999, 1_800_001] as [Int32])
    func sessionTimeout(timeout: Int32) throws {
        let client = GroupClient(try .forGroups())
        client.sessionTimeoutMs = timeout
        #expect(try code(client) == .invalidSessionTimeout)
    }

    @Test("limits of the session timeout follow the broker's configs")
    func configuredSessionTimeout() throws {
        let client = GroupClient(try .forGroups(configs: ["group.min.session.timeout.ms": "100"]))
        client.sessionTimeoutMs = 100
        #expect(try code(client) == .memberIDRequired)
    }

    @Test("member ids that were never given away, whether the group exists or not")
    func unknownMember() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        client.memberID = "stranger"
        #expect(try code(client) == .unknownMemberID)
        #expect(harness.cluster.groups["g"] == nil)
        try harness.stabilize([GroupClient(harness)])
        #expect(try code(client) == .unknownMemberID)
    }

    @Test("members without protocols, of another type, or without a common protocol")
    func inconsistentProtocols() throws {
        let harness = try ClusterHarness.forGroups()
        #expect(try code(GroupClient(harness, protocols: [])) == .inconsistentGroupProtocol)
        try harness.stabilize([GroupClient(harness)])
        let connect = GroupClient(harness)
        connect.protocolType = "connect"
        #expect(try code(connect) == .inconsistentGroupProtocol)
        #expect(try code(GroupClient(harness, protocols: ["sticky"])) == .inconsistentGroupProtocol)
    }

    @Test("more members than group.max.size allows")
    func maxSize() throws {
        let harness = try ClusterHarness.forGroups(configs: ["group.max.size": "2"])
        try harness.stabilize([GroupClient(harness), GroupClient(harness)])
        #expect(try code(GroupClient(harness)) == .groupMaxSizeReached)
        #expect(harness.state() == .stable)
    }

    @Test("a member id that was not used in time")
    func pendingMemberExpires() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        client.memberID = try #require(try harness.answer(to: client.sendJoin())).memberID
        harness.advance(by: 10_000)
        #expect(try code(client) == .unknownMemberID)
    }

    @Test("groups that another broker coordinates")
    func wrongBroker() throws {
        let harness = try ClusterHarness.forGroups(brokers: 2)
        var codes: Set<Int16> = []
        for node: Int32 in 1...2 {
            codes.insert(try code(GroupClient(harness, node: node)).rawValue)
        }
        #expect(codes == [ErrorCode.notCoordinator.rawValue, ErrorCode.memberIDRequired.rawValue])
    }

    @Test("more groups than the cluster allows")
    func tooManyGroups() throws {
        var limits = ClusterLimits()
        limits.groups = 1
        let harness = try ClusterHarness.forGroups(limits: limits)
        #expect(try code(GroupClient(harness, group: "a")) == .memberIDRequired)
        #expect(try code(GroupClient(harness, group: "b")) == .policyViolation)
    }

    @Test("more ids given away than the group may have members")
    func tooManyPendingMembers() throws {
        let harness = try ClusterHarness.forGroups(configs: ["group.max.size": "3"])
        let codes = try (0..<4).map { _ in try code(GroupClient(harness)) }
        #expect(codes == [.memberIDRequired, .memberIDRequired, .memberIDRequired, .groupMaxSizeReached])
    }
}
