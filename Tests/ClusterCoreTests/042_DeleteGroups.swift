import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("DeleteGroups")
struct DeleteGroupsTests {
    private func delete(_ groups: [String], _ harness: ClusterHarness, version: Int16 = 2) throws -> [ErrorCode] {
        var request = DeleteGroupsRequest()
        request.groupsNames = groups
        let response = try harness.call(request, version: version)
        #expect(response.results.map(\.groupID) == groups)
        return response.results.map { ErrorCode(rawValue: $0.errorCode) }
    }

    @Test("empty groups go with their offsets, others are refused one by one", arguments: Int16(0)...2)
    func mixed(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        try harness.stabilize([GroupClient(harness, group: "busy")])
        let client = GroupClient(harness, group: "idle")
        #expect(try client.commit(offset: 9) == .none)
        let codes = try delete(["busy", "idle", "unknown"], harness, version: version)
        #expect(codes == [.nonEmptyGroup, .none, .groupIDNotFound])
        #expect(harness.cluster.groups["idle"] == nil)
        #expect(try client.fetchOffset() == -1)
    }

    @Test("a deleted group stays deleted after a restart, and can begin anew")
    func restart() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        try harness.stabilize([client])
        #expect(try client.commit(offset: 9) == .none)
        #expect(try client.leave() == .none)
        #expect(try delete(["g"], harness) == [.none])
        try harness.restart(cleanly: false)
        #expect(harness.cluster.groups["g"] == nil)
        let again = GroupClient(harness)
        #expect(try again.fetchOffset() == -1)
        try harness.stabilize([again])
        #expect(again.generation == 1)
    }
}
