import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("ListGroups")
struct ListGroupsTests {
    private func list(
        _ harness: ClusterHarness, states: [String] = [], types: [String] = [], version: Int16 = 5, node: Int32 = 1
    ) throws -> [ListGroupsResponse.ListedGroup] {
        var request = ListGroupsRequest()
        request.statesFilter = states
        request.typesFilter = types
        let response = try harness.call(request, version: version, on: harness.connect(node: node))
        #expect(response.errorCode == 0)
        return response.groups
    }

    /// `a` is stable, `b` only stores offsets.
    private func twoGroups() throws -> ClusterHarness {
        let harness = try ClusterHarness.forGroups()
        try harness.stabilize([GroupClient(harness, group: "a")])
        #expect(try GroupClient(harness, group: "b").commit(offset: 1) == .none)
        return harness
    }

    @Test("all groups with protocol type, state and type", arguments: Int16(0)...5)
    func all(version: Int16) throws {
        let groups = try list(twoGroups(), version: version)
        #expect(groups.map(\.groupID) == ["a", "b"])
        #expect(groups.map(\.protocolType) == ["consumer", ""])
        #expect(groups.map(\.groupState) == (version >= 4 ? ["Stable", "Empty"] : ["", ""]))
        #expect(groups.map(\.groupType) == (version >= 5 ? ["classic", "classic"] : ["", ""]))
    }

    @Test("filters by state and type ignore case")
    func filters() throws {
        let harness = try twoGroups()
        #expect(try list(harness, states: ["sTABLE"]).map(\.groupID) == ["a"])
        #expect(try list(harness, states: ["Stable", "Empty"]).count == 2)
        #expect(try list(harness, states: ["Dead"]).isEmpty)
        #expect(try list(harness, types: ["Classic"]).count == 2)
        #expect(try list(harness, types: ["consumer", "share"]).isEmpty)
        #expect(try list(harness, states: ["Empty"], types: ["classic"]).map(\.groupID) == ["b"])
    }

    @Test("each broker lists the groups that it coordinates")
    func brokers() throws {
        let harness = try ClusterHarness.forGroups(brokers: 2)
        for index in 0..<10 {
            let codes = try (1...2).map { node in
                try GroupClient(harness, group: "g\(index)", node: node).commit(offset: 1)
            }
            #expect(codes.contains(.none))
        }
        let first = try list(harness, node: 1).map(\.groupID)
        let second = try list(harness, node: 2).map(\.groupID)
        #expect(!first.isEmpty && !second.isEmpty)
        #expect(Set(first + second).count == 10)
        #expect(first.count + second.count == 10)
    }

    @Test("asking does not create the offsets topic")
    func noTopic() throws {
        let harness = try ClusterHarness.forGroups()
        #expect(try list(harness).isEmpty)
        #expect(harness.cluster.topics["__consumer_offsets"] == nil)
    }
}
