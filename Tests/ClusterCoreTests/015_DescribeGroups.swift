import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("DescribeGroups")
struct DescribeGroupsTests {
    private func describe(
        _ groups: [String], _ harness: ClusterHarness, version: Int16 = 6, operations: Bool = false
    ) throws -> [DescribeGroupsResponse.DescribedGroup] {
        var request = DescribeGroupsRequest()
        request.groups = groups
        request.includeAuthorizedOperations = operations
        return try harness.call(request, version: version).groups
    }

    @Test("a stable group shows its members, what they said and what they got", arguments: Int16(0)...6)
    func stable(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness, clientID: "app", instanceID: version >= 4 ? "node-1" : nil)
        try harness.stabilize([client])
        let group = try describe(["g"], harness, version: version)[0]
        #expect(group.errorCode == 0)
        #expect(group.groupState == "Stable")
        #expect(group.protocolType == "consumer")
        #expect(group.protocolData == "range")
        let member = try #require(group.members.first)
        #expect(member.memberID == client.memberID)
        #expect(member.groupInstanceID == client.instanceID)
        #expect(member.clientID == "app")
        #expect(member.clientHost == "/10.0.0.7")
        #expect(member.memberMetadata == GroupClient.subscription(["t"]))
        #expect(member.memberAssignment == Array("app".utf8))
        #expect(group.authorizedOperations == .min)
    }

    @Test("during a rebalance members are listed without their data")
    func rebalancing() throws {
        let harness = try ClusterHarness.forGroups()
        try harness.stabilize([GroupClient(harness)])
        _ = try GroupClient(harness).startJoin()
        let group = try describe(["g"], harness)[0]
        #expect(group.groupState == "PreparingRebalance")
        #expect(group.protocolData.isEmpty)
        #expect(group.members.count == 2)
        #expect(group.members.allSatisfy { $0.memberMetadata.isEmpty && $0.memberAssignment.isEmpty })
    }

    @Test("a group that does not exist is dead, and an error from version 6 on", arguments: Int16(0)...6)
    func unknown(version: Int16) throws {
        let group = try describe(["nope"], .forGroups(), version: version)[0]
        #expect(group.groupState == "Dead")
        #expect(group.errorCode == (version >= 6 ? ErrorCode.groupIDNotFound.rawValue : 0))
        #expect(group.errorMessage == (version >= 6 ? "Group nope not found." : nil))
    }

    @Test("allowed operations are told on request: read, delete, describe, and the two for configs")
    func operations() throws {
        let harness = try ClusterHarness.forGroups()
        #expect(try GroupClient(harness).commit(offset: 1) == .none)
        let group = try describe(["g"], harness, operations: true)[0]
        #expect(group.authorizedOperations == 1 << 3 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11)
        #expect(group.groupState == "Empty")
    }
}
