import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Deleted topics with many partitions")
struct LeavingTopicsTests {
    private func delete(_ name: String, _ harness: ClusterHarness) throws -> [Int16] {
        var request = DeleteTopicsRequest()
        request.topicNames = [name]
        return try harness.call(request, version: 5).responses.map(\.errorCode)
    }

    private func folders(_ harness: ClusterHarness) throws -> [String] {
        try harness.fileSystem.list(harness.cluster.configuration.dataDirectory).filter(\.isDirectory).map(\.name)
            .filter { !$0.hasPrefix("__cluster_metadata") }.sorted()
    }

    private func settle(_ harness: ClusterHarness) {
        for _ in 0..<2_000 where !harness.cluster.removals.isEmpty {
            harness.advance(by: 1)
        }
        #expect(harness.cluster.removals.isEmpty)
    }

    @Test("partitions of a deleted topic leave some hundred at a time, and their names are free before")
    func leaving() throws {
        let harness = try ClusterHarness()
        let count = 2 * Cluster.changesPerSlice + 10
        try harness.createTopic("t", partitions: Int32(count))
        try harness.produce("t", partition: 7, "old")
        let old = try #require(harness.cluster.topics["t"]?.partitions)
        let waiting = harness.connect()
        let request = harness.fetchRequest("t", partition: 7, from: 1, maxWaitMs: 60_000)
        let poll = harness.send(request, version: 13, on: waiting).sent
        #expect(try harness.answer(to: poll) == nil)
        #expect(try delete("t", harness) == [0])
        #expect(harness.cluster.topics["t"] == nil && old.allSatisfy { $0.log?.isClosed == false })
        // Made while the old ones of the same names have not left.
        try harness.createTopic("t", partitions: 9)
        #expect(old.map { $0.log?.isClosed } == (0..<Int32(count)).map { $0 < 9 })
        #expect(try harness.produce("t", partition: 7, "new") == 0)
        var closed = 9
        for _ in 0..<100 where closed < count {
            harness.advance(by: 1)
            let now = old.count { $0.log?.isClosed == true }
            #expect(now - closed <= Cluster.changesPerSlice)
            closed = now
        }
        #expect(closed == count)
        #expect(try harness.answer(to: poll) != nil)
        #expect(try delete("t", harness) == [0])
        try harness.createTopic("t", partitions: 8)
        #expect(try harness.produce("t", partition: 7, "newest") == 0)
        settle(harness)
        #expect(try folders(harness) == (0..<8).map { "t-\($0)" })
        try harness.restart(cleanly: false)
        #expect(try harness.fetch(harness.fetchRequest("t", partition: 7)).records?.values() == ["newest"])
    }

    @Test("partitions are made hardly later when files of deleted ones are on their way out")
    func makingComesFirst() throws {
        let harness = try ClusterHarness()
        let count = Int32(40 * Cluster.directoriesPerSlice)
        func turns(_ name: String) throws -> Int64 {
            let start = harness.now
            try harness.createTopic(name, partitions: count)
            return harness.now - start
        }
        let alone = try turns("t")
        #expect(try delete("t", harness) == [0])
        let again = try turns("t")
        #expect(again < alone * 3 / 2, "\(again) instead of \(alone)")
        #expect(!harness.cluster.removals.isEmpty)
        settle(harness)
        #expect(try folders(harness).count == Int(count))
    }

    @Test("partitions that a topic was about to get leave with it")
    func growing() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t", partitions: 3)
        var item = CreatePartitionsRequest.CreatePartitionsTopic()
        (item.name, item.count, item.assignments) = ("t", 40, nil)
        var request = CreatePartitionsRequest()
        (request.topics, request.timeoutMs) = ([item], 60_000)
        let sent = harness.send(request, version: 3, on: harness.connect()).sent
        while try folders(harness).count < 20 {
            harness.advance(by: 1)
        }
        #expect(try delete("t", harness) == [0])
        try harness.createTopic("t", partitions: 30)
        #expect(try harness.produce("t", partition: 12, "new") == 0)
        settle(harness)
        #expect(try harness.settled(sent).results.map(\.errorCode.code) == [.unknownTopicOrPartition])
        #expect(try folders(harness) == (0..<30).map { "t-\($0)" }.sorted())
        #expect(try harness.fetch(harness.fetchRequest("t", partition: 12)).records?.values() == ["new"])
    }
}
