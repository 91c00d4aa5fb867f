import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// What happens to topics while a long CreatePartitions is looked at: its partitions are reserved, and none is there.
@Suite("Partitions that are planned")
struct PlannedGrowthTests {
    private let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
    }

    private func send(_ wishes: [(name: String, count: Int32)]) -> SentRequest<CreatePartitionsRequest> {
        var request = CreatePartitionsRequest()
        request.timeoutMs = 60_000
        request.topics = wishes.map { wish in
            var item = CreatePartitionsRequest.CreatePartitionsTopic()
            (item.name, item.count, item.assignments) = (wish.name, wish.count, nil)
            return item
        }
        return harness.send(request, version: 3, on: harness.connect()).sent
    }

    /// So many for one topic that the next one is looked at later.
    private let many = Int32(Cluster.changesPerSlice + 100)

    private func delete(_ name: String) throws {
        var request = DeleteTopicsRequest()
        request.topicNames = [name]
        try #require(try harness.call(request, version: 5).responses.map(\.errorCode) == [0])
    }

    private func values(_ topic: String, _ partition: Int32) throws -> [String] {
        try harness.fetch(harness.fetchRequest(topic, partition: partition)).records?.values() ?? []
    }

    private func codes(_ sent: SentRequest<CreatePartitionsRequest>) throws -> [ErrorCode] {
        try harness.settled(sent).results.map(\.errorCode.code)
    }

    @Test("a topic that was deleted and made again meanwhile keeps its partitions", arguments: [true, false])
    func recreated(hasRecords: Bool) throws {
        try harness.createTopic("t0")
        try harness.createTopic("t1")
        let sent = send([("t0", many), ("t1", many)])
        try #require(harness.cluster.making.planCount == 1)
        try delete("t0")
        // Few are made at once.
        try harness.createTopic("t0", partitions: 3)
        if hasRecords {
            try harness.produce("t0", partition: 1, "acknowledged")
        }
        #expect(try codes(sent) == [.unknownTopicOrPartition, .none])
        try harness.produce("t0", partition: 1, "later")
        #expect(harness.cluster.topics["t0"]?.partitions.count == 3)
        try harness.restart(cleanly: false)
        #expect(try values("t0", 1) == (hasRecords ? ["acknowledged", "later"] : ["later"]))
        #expect(harness.cluster.making.partitionCount == 0)
    }

    @Test("partitions that are reserved are nobody else's when others of the topic are there")
    func reserved() throws {
        try harness.createTopic("t")
        try harness.createTopic("other")
        let before = send([("t", 20)])
        let planned = send([("t", 30), ("other", many), ("t0", 2)])
        #expect(try codes(before) == [.none])
        try #require(harness.cluster.topics["t"]?.partitions.count == 20)
        // Asked for before the planned ones are there.
        let between = send([("t", 25)])
        let after = send([("t", 40)])
        #expect(try codes(planned) == [.none, .none, .unknownTopicOrPartition])
        #expect(try codes(between) == [.invalidPartitions])
        #expect(try codes(after) == [.none])
        #expect(harness.cluster.topics["t"]?.partitions.count == 40)
        for index in [Int32(20), 29, 39] {
            try harness.produce("t", partition: index, "kept")
        }
        try harness.restart(cleanly: false)
        for index in [Int32(20), 29, 39] {
            #expect(try values("t", index) == ["kept"])
        }
    }

    @Test("an update takes its place among the requests for more partitions", arguments: [true, false])
    func update(isClosed: Bool) throws {
        try harness.createTopic("t")
        try harness.createTopic("other")
        let planned = send([("t", 30), ("other", many), ("t0", 2)])
        try #require(harness.cluster.making.isPlanningGrowth)
        nonisolated(unsafe) var outcomes: [AdminFailure?] = []
        let update = TopicUpdate(
            topic: "t", partitionCount: 40, alterations: [ConfigAlteration(.set, "retention.ms", "1000")])
        harness.step { $0.update(update, now: harness.now) { outcomes.append($0) } }
        // Between the two.
        let after = send([("t", 35)])
        #expect(outcomes.isEmpty)
        guard !isClosed else {
            try harness.step { try $0.close() }
            return #expect(outcomes.map { $0?.code } == [.brokerNotAvailable])
        }
        #expect(try codes(planned) == [.none, .none, .unknownTopicOrPartition])
        #expect(try codes(after) == [.invalidPartitions])
        for _ in 0..<1_000 where outcomes.isEmpty {
            harness.advance(by: 1)
        }
        #expect(outcomes.map { $0?.code } == [nil])
        #expect(harness.cluster.topics["t"]?.partitions.count == 40)
        #expect(harness.cluster.making.partitionCount == 0 && harness.cluster.making.isIdle)
        #expect(harness.cluster.configs.logConfig("t").retentionMs == 1_000)
        #expect(try codes(send([("t", 41)])) == [.none])
    }

    @Test("requests that would make nothing are looked at some at a time as well")
    func validated() throws {
        try harness.createTopic("t0")
        try harness.createTopic("t1")
        var request = CreatePartitionsRequest()
        request.validateOnly = true
        request.topics = ["t0", "t1"].map { name in
            var item = CreatePartitionsRequest.CreatePartitionsTopic()
            (item.name, item.count, item.assignments) = (name, many, nil)
            return item
        }
        let sent = harness.send(request, version: 3, on: harness.connect()).sent
        #expect(harness.cluster.making.planCount == 1)
        #expect(try codes(sent) == [.none, .none])
        #expect(harness.cluster.topics.partitionCount == 2 && harness.cluster.making.partitionCount == 0)
    }

    @Test("a directory that was lost before its topic was deleted takes no new one of its name along")
    func lostDirectory() throws {
        try harness.createTopic("t", partitions: many)
        let directory = try #require(harness.cluster.topics["t"]?.partitions[7].log?.directory)
        try harness.fileSystem.removeTree(directory)
        try delete("t")
        // Before the old partition has left.
        try harness.createTopic("t", partitions: 9)
        try harness.produce("t", partition: 7, "new")
        for _ in 0..<5_000 where !harness.cluster.removals.isEmpty {
            harness.advance(by: 1)
        }
        #expect(harness.cluster.removals.isEmpty && harness.fileSystem.exists(directory))
        try harness.restart(cleanly: false)
        #expect(try values("t", 7) == ["new"])
    }
}
