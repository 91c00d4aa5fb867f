import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("OffsetCommit")
struct OffsetCommitTests {
    @Test("a member commits at every version", arguments: Int16(2)...10)
    func member(version: Int16) throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        try harness.stabilize([client])
        #expect(try client.commit("t", 2, offset: 41, metadata: "m", version: version) == .none)
        #expect(try client.fetchOffset("t", 2) == 41)
        let stored = try #require(harness.cluster.groups.offsets(of: "g")["t", 2])
        #expect(stored.metadata == "m")
        #expect(stored.leaderEpoch == (version >= 6 ? 3 : -1))
        #expect(stored.commitTimestamp == harness.now)
    }

    @Test("whoever assigns itself commits without a member id, and thereby makes the group")
    func simpleConsumer() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        #expect(try client.commit(offset: 5) == .none)
        #expect(try client.commit(offset: 4) == .none)
        #expect(try client.fetchOffset() == 4)
        #expect(harness.state() == .empty)
        #expect(harness.cluster.groups["g"]?.protocolType == nil)
    }

    @Test("an empty group id is a group like any other, for old clients' sake")
    func emptyGroupID() throws {
        let client = GroupClient(try .forGroups(), group: "")
        #expect(try client.commit(offset: 5) == .none)
        #expect(try client.fetchOffset() == 5)
    }

    @Test("nobody commits past the members of a group")
    func strangers() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        try harness.stabilize([client])
        #expect(try GroupClient(harness).commit(offset: 1) == .unknownMemberID)
        client.generation = 2
        #expect(try client.commit(offset: 1) == .illegalGeneration)
        client.generation = -1
        #expect(try client.commit(offset: 1) == .illegalGeneration)
        client.memberID = "stranger"
        #expect(try client.commit(offset: 1) == .unknownMemberID)
        #expect(try client.fetchOffset() == -1)
    }

    @Test("a generation of a group that does not exist", arguments: Int16(2)...10)
    func unknownGroup(version: Int16) throws {
        let client = GroupClient(try .forGroups())
        client.generation = 1
        client.memberID = "m"
        #expect(
            try client.commit(offset: 1, version: version) == (version >= 9 ? .groupIDNotFound : .illegalGeneration))
    }

    @Test("while a rebalance calls the members, they may still commit; once they have joined, they first synchronise")
    func duringRebalance() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        try harness.stabilize([client])
        _ = try GroupClient(harness).startJoin()
        #expect(try client.commit(offset: 1) == .none)
        try client.finishJoin(client.sendJoin())
        #expect(harness.state() == .completingRebalance)
        #expect(try client.commit(offset: 2) == .rebalanceInProgress)
        #expect(try client.fetchOffset() == 1)
    }

    @Test("a commit is as good as a heartbeat")
    func keepsSession() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        try harness.stabilize([client])
        for offset in 0..<5 as Range<Int64> {
            harness.advance(by: 9_000)
            #expect(try client.commit(offset: offset) == .none)
        }
        #expect(harness.state() == .stable)
    }

    @Test("topics and partitions must exist; the rest of the request counts")
    func unknownTopics() throws {
        let harness = try ClusterHarness.forGroups()
        let client = GroupClient(harness)
        #expect(try client.commit("nope", offset: 1, version: 9) == .unknownTopicOrPartition)
        #expect(try client.commit("nope", offset: 1, version: 10) == .unknownTopicID)
        #expect(try client.commit("t", 3, offset: 1, version: 9) == .unknownTopicOrPartition)
        #expect(try client.commit("t", 3, offset: 1, version: 10) == .unknownTopicOrPartition)
        #expect(try client.commit("t", -1, offset: 1) == .unknownTopicOrPartition)
        #expect(harness.cluster.groups["g"] == nil)
    }

    @Test("metadata has a limit, counted in characters")
    func metadataLimit() throws {
        let harness = try ClusterHarness.forGroups(configs: ["offset.metadata.max.bytes": "4"])
        let client = GroupClient(harness)
        #expect(try client.commit(offset: 1, metadata: "éééé") == .none)
        #expect(try client.commit(offset: 2, metadata: "12345") == .offsetMetadataTooLarge)
        #expect(try client.fetchOffset() == 1)
    }

    @Test("a broker that does not coordinate the group refuses")
    func wrongBroker() throws {
        let harness = try ClusterHarness.forGroups(brokers: 2)
        let codes = try (1...2).map { try GroupClient(harness, node: $0).commit(offset: 1) }
        #expect(Set(codes) == [.none, .notCoordinator])
    }

    @Test("a commit that cannot be stored is not remembered")
    func storageFails() throws {
        let files = MemoryFileSystem()
        let harness = try ClusterHarness(fileSystem: files)
        try harness.createTopic("t")
        let client = GroupClient(harness)
        #expect(try client.commit(offset: 1) == .none)
        files.capacity = files.usedBytes
        #expect(try client.commit(offset: 2) == .notCoordinator)
        #expect(try client.fetchOffset() == 1)
    }

    @Test("offsets are stored as Kafka stores them")
    func storedRecord() throws {
        let harness = try ClusterHarness.forGroups()
        #expect(try GroupClient(harness, group: "abc").commit("t", 1, offset: 77, metadata: "x") == .none)
        // "abc".hashCode() is 96354, and 96354 % 50 is 4.
        let log = try #require(harness.cluster.topics["__consumer_offsets"]?.partition(4)?.log)
        var records: [Record] = []
        try log.forEachRecord { records.append($0) }
        let record = try #require(records.last)
        #expect(record.key == [0, 1, 0, 3] + "abc".utf8 + [0, 1] + "t".utf8 + [0, 0, 0, 1])
        let time = withUnsafeBytes(of: harness.now.bigEndian) { Array($0) }
        // Version 4: a compact string, and the topic's id as tagged field 0 of 16 bytes.
        let id = try #require(harness.cluster.topics["t"]).id
        let idBytes = [id.high, id.low].flatMap { half in withUnsafeBytes(of: half.bigEndian) { Array($0) } }
        let value: [UInt8] = [0, 4] + [0, 0, 0, 0, 0, 0, 0, 77] + [0, 0, 0, 3] + [2] + "x".utf8 + time
        #expect(record.value == value + [1, 0, 16] + idBytes)
    }
}
