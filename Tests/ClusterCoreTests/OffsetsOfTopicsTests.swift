import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// Committed offsets belong to a topic, not to a name, and can be removed however many they are.
@Suite("Offsets of topics that go")
struct OffsetsOfTopicsTests {
    private static let partitions: Int32 = 300
    /// Too small for the tombstones of all partitions.
    private static let configs = [
        "message.max.bytes": "2000", "offsets.topic.num.partitions": "1", "auto.create.topics.enable": "false",
    ]
    private static let offsetsLog = "__consumer_offsets"

    /// A group with an offset in every partition of `t`.
    private func harness(_ fileSystem: any FileSystem = MemoryFileSystem()) throws -> ClusterHarness {
        let harness = try ClusterHarness(brokerConfigs: Self.configs, fileSystem: fileSystem)
        try harness.createTopic("t", partitions: Self.partitions)
        _ = try harness.findCoordinator("g")
        let client = GroupClient(harness)
        for partition in 0..<Self.partitions {
            #expect(try client.commit("t", partition, offset: 100) == .none)
        }
        return harness
    }

    private func delete(_ name: String, in harness: ClusterHarness) throws {
        var request = DeleteTopicsRequest()
        request.topicNames = [name]
        let (sent, _) = harness.send(request, version: 5, on: harness.connect())
        #expect(try harness.settled(sent).responses.map(\.errorCode) == [0])
    }

    private func offsets(_ harness: ClusterHarness) -> Int {
        harness.cluster.groups.offsets(of: "g").byTopic.values.reduce(0) { $0 + $1.count }
    }

    @Test("a group with more offsets than one batch has room for is deleted", arguments: [true, false])
    func deleteGroup(cleanly: Bool) throws {
        let harness = try harness()
        var request = DeleteGroupsRequest()
        request.groupsNames = ["g"]
        #expect(try harness.call(request).results.map(\.errorCode) == [0])
        try harness.restart(cleanly: cleanly)
        #expect(harness.cluster.groups["g"] == nil)
        #expect(offsets(harness) == 0)
    }

    @Test("offsets expire, however many they are")
    func expiry() throws {
        let harness = try harness()
        harness.advance(by: 8 * 24 * 3_600_000)
        #expect(offsets(harness) == 0)
        try harness.restart(cleanly: false)
        #expect(harness.cluster.groups["g"] == nil)
    }

    @Test("a topic created again inherits no offset, whatever the end of the process", arguments: [true, false])
    func createdAgain(cleanly: Bool) throws {
        let harness = try harness()
        try delete("t", in: harness)
        try harness.createTopic("t", partitions: Self.partitions)
        #expect(try GroupClient(harness).fetchOffset("t", 7) == -1)
        try harness.restart(cleanly: cleanly)
        #expect(offsets(harness) == 0)
        #expect(try GroupClient(harness).fetchOffset("t", 7) == -1)
    }

    @Test("a crash between the end of a topic and the tombstones brings no offset back", arguments: [0, 1, 2, 5])
    func crashBetween(batches: Int) throws {
        let disk = FaultyFileSystem()
        let harness = try harness(disk)
        var writes = 0
        disk.fault = { operation, path in
            guard operation == .write, path.contains(Self.offsetsLog) else {
                return nil
            }
            defer { writes += 1 }
            return writes >= batches ? .fail(.noSpace) : nil
        }
        try delete("t", in: harness)
        #expect(harness.step { $0.drainNotices() }.contains { $0.text.contains("not served") })
        // Nobody sees them, and a topic of that name does not get them.
        try harness.createTopic("t", partitions: Self.partitions)
        #expect(try GroupClient(harness).fetchOffset("t", Self.partitions - 1) == -1)
        let after = try ClusterHarness(
            brokerConfigs: Self.configs, fileSystem: disk.afterProcessDeath())
        #expect(offsets(after) == 0)
        #expect(try GroupClient(after).fetchOffset("t", Self.partitions - 1) == -1)
    }

    @Test("a commit by name is for the topic that had it, whatever crashes come after its end", arguments: [2, 8, 9])
    func crashesAndNames(version: Int16) throws {
        let disk = FaultyFileSystem()
        let old = try harness(disk)
        var item = OffsetCommitRequest.OffsetCommitRequestPartition()
        item.committedOffset = 77
        var topic = OffsetCommitRequest.OffsetCommitRequestTopic()
        topic.name = "t"
        topic.partitions = [item]
        var commit = OffsetCommitRequest()
        commit.groupID = "by-name"
        commit.generationIDOrMemberEpoch = -1
        commit.topics = [topic]
        #expect(try old.call(commit, version: version).topics[0].partitions.map(\.errorCode) == [0])
        disk.fault = { operation, path in
            operation == .write && path.contains(Self.offsetsLog) ? .fail(.noSpace) : nil
        }
        try delete("t", in: old)
        // The first crash comes before the tombstones, the second before anything is committed for the new topic.
        let between = disk.afterProcessDeath()
        between.fault = disk.fault
        // Another seed: the same one would give the new topic the old one's id.
        let middle = try ClusterHarness(brokerConfigs: Self.configs, fileSystem: between, seed: 9)
        try middle.createTopic("t", partitions: Self.partitions)
        #expect(try GroupClient(middle, group: "by-name").fetchOffset("t", 0) == -1)
        let last = try ClusterHarness(brokerConfigs: Self.configs, fileSystem: between.afterProcessDeath())
        #expect(try GroupClient(last, group: "by-name").fetchOffset("t", 0) == -1)
        #expect(offsets(last) == 0)
        topic.partitions[0].committedOffset = 3
        commit.topics = [topic]
        #expect(try last.call(commit, version: version).topics[0].partitions.map(\.errorCode) == [0])
        try last.restart(cleanly: false)
        #expect(try GroupClient(last, group: "by-name").fetchOffset("t", 0) == 3)
    }

    @Test("a commit for the new topic is not removed by the old one's late tombstones")
    func lateTombstones() throws {
        let disk = FaultyFileSystem()
        let harness = try harness(disk)
        disk.fault = { operation, path in
            operation == .write && path.contains(Self.offsetsLog) ? .fail(.noSpace) : nil
        }
        try delete("t", in: harness)
        try harness.createTopic("t", partitions: Self.partitions)
        disk.fault = nil
        #expect(try GroupClient(harness).commit("t", 3, offset: 5) == .none)
        harness.advance(by: 60_000)
        #expect(harness.cluster.groups.orphans.isEmpty)
        #expect(try GroupClient(harness).fetchOffset("t", 3) == 5)
        try harness.restart(cleanly: false)
        #expect(offsets(harness) == 1)
        #expect(try GroupClient(harness).fetchOffset("t", 3) == 5)
    }

    @Test("one partition of __consumer_offsets that takes nothing does not keep the offsets of other groups in the log")
    func failingPartition() throws {
        let disk = FaultyFileSystem()
        var configs = Self.configs
        configs["offsets.topic.num.partitions"] = "2"
        let harness = try ClusterHarness(brokerConfigs: configs, fileSystem: disk)
        try harness.createTopic("t", partitions: Self.partitions)
        let groups = ["a", "b", "c", "d", "e", "f"]
        for group in groups {
            _ = try harness.findCoordinator(group)
            for partition in 0..<Self.partitions {
                #expect(try GroupClient(harness, group: group).commit("t", partition, offset: 1) == .none)
            }
        }
        let failing = JavaHash.bucket("a", of: 2)
        let healthy = groups.count { JavaHash.bucket($0, of: 2) != failing }
        #expect((1..<6).contains(healthy))
        disk.fault = { operation, path in
            operation == .write && path.contains("\(Self.offsetsLog)-\(failing)/") ? .fail(.noSpace) : nil
        }
        try delete("t", in: harness)
        harness.advance(by: 100)
        #expect(harness.cluster.groups.orphans.count == (groups.count - healthy) * Int(Self.partitions))
        let lines = harness.step { $0.drainNotices() }.filter { $0.text.contains("not served") }
        #expect(lines.count == 1 && lines.allSatisfy { $0.text.contains("\(Self.offsetsLog)-\(failing)") })
        disk.fault = nil
        harness.advance(by: 60_000)
        #expect(harness.cluster.groups.orphans.isEmpty)
        let log = try harness.log(Self.offsetsLog, Int32(failing))
        let end = log.logEndOffset
        harness.advance(by: 60_000)
        #expect(log.logEndOffset == end, "a tombstone is written once")
    }

    @Test("orphaned offsets have an order that does not depend on how they came, and none is taken twice")
    func order() throws {
        let keys = (0..<500).map { index in
            OrphanedOffsets.Key(group: "g\(index % 7)", topic: "t\(index % 3)", partition: Int32(index))
        }
        var random = SplitMix64(state: 5)
        var orders: [[[UInt8]]] = []
        for _ in 0..<2 {
            let harness = try ClusterHarness(brokerConfigs: Self.configs)
            _ = try harness.findCoordinator("g")
            let log = try harness.log(Self.offsetsLog)
            harness.step { cluster in
                for key in keys.shuffled(using: &random) {
                    cluster.groups.orphans.insert(key)
                    cluster.groups.orphans.insert(key)
                }
                cluster.groups.orphans.remove(keys[3])
                cluster.groups.orphans.remove(keys[4])
                cluster.groups.orphans.insert(keys[4])
                #expect(cluster.groups.orphans.count == 499)
                while cluster.groups.orphans.isWorthTrying {
                    cluster.removeOrphanedOffsets(now: 1)
                }
                #expect(cluster.groups.orphans.isEmpty)
            }
            #expect(log.logEndOffset == 499)
            var found: [[UInt8]] = []
            try log.forEachRecord { (record) throws(StorageError) in found.append(Array(record.key ?? [])) }
            orders.append(found)
        }
        #expect(orders[0] == orders[1] && Set(orders[0]).count == 499)
    }

    @Test("offsets that carry no topic id, as earlier versions wrote them, count for the topic of that name")
    func withoutID() throws {
        let harness = try harness()
        let old = CommittedOffset(offset: 9, commitTimestamp: harness.now, expireTimestamp: harness.now + 1_000_000)
        try harness.step {
            try $0.append([.offset(group: "g", topic: "t", partition: 1, old)], group: "g", now: harness.now)
        }
        try harness.restart()
        #expect(try GroupClient(harness).fetchOffset("t", 1) == 9)
        #expect(try GroupClient(harness).fetchOffset("t", 2) == 100)
    }

    @Test("a commit that is larger than a batch may be is refused as a whole")
    func largeCommit() throws {
        let harness = try harness()
        var item = OffsetCommitRequest.OffsetCommitRequestTopic()
        item.name = "t"
        item.partitions = (0..<Self.partitions).map { index in
            var partition = OffsetCommitRequest.OffsetCommitRequestPartition()
            partition.partitionIndex = index
            partition.committedOffset = 200
            return partition
        }
        var request = OffsetCommitRequest()
        request.groupID = "g"
        request.topics = [item]
        let codes = Set(try harness.call(request, version: 8).topics[0].partitions.map(\.errorCode.code))
        #expect(codes == [.invalidCommitOffsetSize])
        #expect(try GroupClient(harness).fetchOffset("t", 0) == 100)
    }
}
