import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("LeaveGroup")
struct LeaveGroupTests {
    private func leave(
        _ members: [(id: String, instance: String?)], _ harness: ClusterHarness, version: Int16 = 5
    ) throws -> [ErrorCode] {
        var request = LeaveGroupRequest()
        request.groupID = "g"
        request.members = members.map { member in
            var identity = LeaveGroupRequest.MemberIdentity()
            identity.memberID = member.id
            identity.groupInstanceID = member.instance
            return identity
        }
        let response = try harness.call(request, version: version)
        #expect(response.errorCode == 0)
        #expect(response.members.map(\.memberID) == members.map(\.id))
        return response.members.map { ErrorCode(rawValue: $0.errorCode) }
    }

    @Test("the others rebalance when a member leaves", arguments: Int16(0)...5)
    func oneLeaves(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        let clients = [GroupClient(harness, clientID: "a"), GroupClient(harness, clientID: "b")]
        try harness.stabilize(clients)
        #expect(try clients[0].leave(version: version) == .none)
        #expect(try clients[1].heartbeat() == .rebalanceInProgress)
        #expect(try clients[1].finishJoin(clients[1].sendJoin()).leader == clients[1].memberID)
        #expect(try clients[0].leave(version: version) == .unknownMemberID)
    }

    @Test("the last one leaves an empty group at once")
    func lastLeaves() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        try harness.stabilize([client])
        #expect(try client.leave() == .none)
        #expect(harness.state() == .empty)
    }

    @Test("members leave together, with one rebalance")
    func batch() throws {
        let harness = try ClusterHarness.forGroups()
        let clients = ["a", "b", "c"].map { GroupClient(harness, clientID: $0) }
        try harness.stabilize(clients)
        let codes = try leave([(clients[0].memberID, nil), ("stranger", nil), (clients[1].memberID, nil)], harness)
        #expect(codes == [.none, .unknownMemberID, .none])
        #expect(try clients[2].finishJoin(clients[2].sendJoin()).generationID == 2)
    }

    @Test("an administrator removes a static member by its instance id")
    func byInstanceID() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness, instanceID: "node-1")
        try harness.stabilize([client])
        let codes = try leave([("", "node-2"), ("", nil), ("other", "node-1"), ("", "node-1")], harness)
        #expect(codes == [.unknownMemberID, .unknownMemberID, .fencedInstanceID, .none])
        #expect(harness.state() == .empty)
    }

    @Test("an id that was given away and not used can be given back")
    func pendingMember() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        client.memberID = try #require(try harness.answer(to: client.sendJoin())).memberID
        #expect(try client.leave() == .none)
        #expect(try harness.answer(to: client.sendJoin())?.errorCode == ErrorCode.unknownMemberID.rawValue)
    }

    @Test("a member that leaves while others wait lets them go on")
    func leavesDuringRebalance() throws {
        let harness = try ClusterHarness.forGroups()
        let clients = [GroupClient(harness, clientID: "a"), GroupClient(harness, clientID: "b")]
        try harness.stabilize(clients)
        let rejoin = clients[0].sendJoin()
        #expect(try clients[1].leave() == .none)
        #expect(try clients[0].finishJoin(rejoin).members.count == 1)
    }

    @Test("a member that was removed while it waited is told so")
    func removedWhileWaiting() throws {
        let harness = try ClusterHarness.forGroups()
        let clients = [GroupClient(harness, clientID: "a"), GroupClient(harness, clientID: "b")]
        try harness.stabilize(clients)
        let rejoin = clients[0].sendJoin()
        #expect(try leave([(clients[0].memberID, nil)], harness) == [.none])
        #expect(try harness.answer(to: rejoin)?.errorCode == ErrorCode.unknownMemberID.rawValue)
    }

    @Test("an unknown group knows no members, an empty id is no group")
    func unknownGroup() throws {
        let harness = try ClusterHarness.forGroups()
        #expect(try leave([("m", nil)], harness) == [.unknownMemberID])
        #expect(try GroupClient(harness).leave(version: 2) == .unknownMemberID)
        #expect(try harness.call(LeaveGroupRequest()).errorCode == ErrorCode.invalidGroupID.rawValue)
    }
}
