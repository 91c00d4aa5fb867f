import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("Subscriptions of consumers")
struct GroupProtocolTests {
    @Test("topics are read from a subscription of any version")
    func topics() {
        #expect(Group.subscription(in: GroupClient.subscription(["a", "bc"])) == ["a", "bc"])
        #expect(Group.subscription(in: GroupClient.subscription([])) == [])
        // Version 3 with owned partitions behind the topics.
        let newer: [UInt8] = [0, 3, 0, 0, 0, 1, 0, 1, 97, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 9, 0xff, 0xff]
        #expect(Group.subscription(in: newer) == ["a"])
    }

    @Test("a subscription that is cut off or lies about its count is not understood")
    func garbage() {
        let whole = GroupClient.subscription(["topic"])
        for length in 0..<(whole.count - 4) {
            #expect(Group.subscription(in: Array(whole[..<length])) == nil)
        }
        #expect(Group.subscription(in: [0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 1, 97]) == nil)
        #expect(Group.subscription(in: [0, 0, 0xff, 0xff, 0xff, 0xff]) == nil)
    }

    @Test("consumers whose subscriptions are not understood protect all topics")
    func unknownSubscription() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        client.protocols = [("range", [1, 2, 3])]
        try harness.stabilize([client])
        let group = try #require(harness.cluster.groups["g"])
        #expect(group.subscribedTopics == nil)
        #expect(group.isSubscribed(to: "anything"))
    }

    @Test("a group of stored offsets round-trips through its record")
    func records() throws {
        let offset = CommittedOffset(offset: 9, leaderEpoch: -1, metadata: "é", commitTimestamp: 5, expireTimestamp: 8)
        let record = GroupRecord.offset(group: "g", topic: "t", partition: 3, offset).encoded()
        guard case .offset("g", "t", 3, let read?)? = try GroupRecord(key: record.key, value: record.value) else {
            Issue.record("not an offset")
            return
        }
        #expect(read == offset)
        #expect(record.value?.prefix(2) == [0, 1])
    }

    @Test("records of other coordinators are left alone")
    func foreignRecords() throws {
        // A member of a KIP-848 group: key type 5.
        let record = try GroupRecord(key: [0, 5, 0, 1, 97, 0, 1, 98], value: [0, 0])
        #expect(record == nil, "taken for one of ours")
    }

    @Test("a damaged record is an error, not a crash")
    func damagedRecords() {
        #expect(throws: WireError.self) { try GroupRecord(key: [0], value: nil) }
        #expect(throws: WireError.self) { try GroupRecord(key: [0, 2, 0, 9, 97], value: nil) }
        #expect(throws: WireError.self) { try GroupRecord(key: [0, 2, 0, 1, 97], value: [0, 3, 0]) }
    }
}
