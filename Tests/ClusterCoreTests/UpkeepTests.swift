import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Upkeep costs by what changed")
struct UpkeepTests {
    private static let data = "/data/lkc-test/"

    /// What happened on a disk since the last look, by operation and path.
    private final class DiskCounter {
        private(set) var calls: [String] = []

        init(_ disk: FaultyFileSystem) {
            nonisolated(unsafe) let counter = self
            disk.fault = { operation, path in
                counter.calls.append("\(operation) \(path)")
                return nil
            }
        }

        func take() -> [String] {
            defer { calls = [] }
            return calls
        }
    }

    private func deleteRecords(_ topic: String, before offset: Int64, in harness: ClusterHarness) throws {
        var item = DeleteRecordsRequest.DeleteRecordsPartition()
        item.offset = offset
        var entry = DeleteRecordsRequest.DeleteRecordsTopic()
        entry.name = topic
        entry.partitions = [item]
        var request = DeleteRecordsRequest()
        request.topics = [entry]
        let results = try harness.call(request).topics.flatMap(\.partitions)
        #expect(results.map(\.errorCode) == [0])
    }

    @Test("with 10,000 idle partitions neither a tick nor DeleteRecords touches their logs")
    func idlePartitions() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        for number in 0..<10 {
            try harness.createTopic("idle-\(number)", partitions: 1000)
        }
        try harness.produce("idle-3", partition: 7, "a")
        try harness.createTopic("busy")
        harness.advance(by: 20 * 60_000)
        let counter = DiskCounter(disk)
        var looks = harness.cluster.upkeep.looks
        harness.advance(by: 20 * 60_000)
        #expect(harness.cluster.upkeep.looks == looks)
        #expect(counter.take() == [])

        try harness.produce("busy", "a")
        try harness.produce("busy", "b")
        try deleteRecords("busy", before: 1, in: harness)
        harness.advance(by: 10 * 60_000)
        #expect(harness.cluster.upkeep.looks - looks <= 6)
        let calls = counter.take()
        #expect(!calls.contains { $0.contains("/idle-") })
        #expect(calls.contains { $0.contains(OffsetCheckpoint.logStartOffsetFile) })
        #expect(!calls.contains { $0.contains(OffsetCheckpoint.recoveryPointFile) })
        looks = harness.cluster.upkeep.looks

        try harness.restart(cleanly: false)
        #expect(try harness.log("busy").logStartOffset == 1)
    }

    @Test("an idle log is rolled, emptied and forgets its producers when its moment comes, and not before")
    func moments() throws {
        let harness = try ClusterHarness(brokerConfigs: ["log.retention.check.interval.ms": "60000"])
        try harness.createTopic("short", configs: ["retention.ms": "3600000", "segment.ms": "1200000"])
        try harness.createTopic("long", configs: ["retention.ms": "-1"])
        for topic in ["short", "long"] {
            var batch = TestBatch()
            batch.producerID = 5
            batch.epoch = 0
            batch.sequence = 0
            batch.timestamps = [harness.now]
            #expect(try harness.produceResult(topic, batch).errorCode == 0)
        }
        let log = try harness.log("short")
        harness.advance(by: 1_190_000)
        #expect(log.segmentCount == 1)
        harness.advance(by: 60_000)
        #expect(log.segmentCount == 2)
        harness.advance(by: 3_590_000 - 1_250_000)
        #expect(log.logStartOffset == 0)
        harness.advance(by: 120_000)
        #expect(log.logStartOffset == 1)
        #expect(try harness.log("long").activeProducers.count == 1)
        harness.advance(by: 25 * 3_600_000)
        #expect(try harness.log("long").activeProducers.isEmpty)
        #expect(try harness.log("long").logStartOffset == 0)
    }

    @Test("a shorter retention acts on a log that does not change any more")
    func configChange() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders", configs: ["retention.ms": "-1"])
        try harness.produce("orders", "a")
        harness.advance(by: 3_600_000)
        #expect(try harness.log("orders").logStartOffset == 0)
        _ = try harness.alter(2, "orders", .set("retention.ms", "1000"))
        harness.advance(by: 600_000)
        #expect(try harness.log("orders").logStartOffset == 1)
    }

    @Test("upkeep that failed is tried again")
    func failure() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders", configs: ["segment.ms": "600000", "retention.ms": "-1"])
        try harness.produce("orders", "a")
        disk.fault = { operation, path in
            operation == .open && path.hasSuffix("/orders-0/00000000000000000001.log") ? .fail(.noSpace) : nil
        }
        harness.advance(by: 700_000)
        #expect(try harness.log("orders").segmentCount == 1)
        disk.fault = nil
        harness.advance(by: 60_000)
        #expect(try harness.log("orders").segmentCount == 2)
    }

    @Test("checkpoints that are kept up to date say what the logs say, through creation, deletion and restarts")
    func checkpointsAreTrue() throws {
        let harness = try ClusterHarness()
        for round in 0..<4 {
            for name in ["a", "b", "c"] where harness.cluster.topics[name] == nil {
                try harness.createTopic(name, partitions: 2)
            }
            for name in ["a", "b", "c"] {
                for _ in 0..<3 {
                    try harness.produce(name, partition: 1, "x")
                }
                try harness.log(name, 1).flush()
            }
            _ = try harness.log("b", 1).deleteRecords(before: -1)
            var request = DeleteTopicsRequest()
            request.topicNames = [["a", "b", "c", "a"][round]]
            _ = try harness.call(request, version: 5)
            harness.advance(by: 60_000)
            var starts: [OffsetCheckpoint.Partition: Int64] = [:]
            var recovery: [OffsetCheckpoint.Partition: Int64] = [:]
            for partition in harness.cluster.topics.sorted.flatMap(\.partitions) {
                let log = try #require(partition.log)
                let name = OffsetCheckpoint.Partition(topic: partition.topicName, partition: partition.index)
                starts[name] = log.logStartOffset > 0 ? log.logStartOffset : nil
                recovery[name] = log.recoveryPoint > 0 ? log.recoveryPoint : nil
            }
            let files = harness.fileSystem
            #expect(try OffsetCheckpoint.read(Self.data + OffsetCheckpoint.logStartOffsetFile, from: files) == starts)
            #expect(try OffsetCheckpoint.read(Self.data + OffsetCheckpoint.recoveryPointFile, from: files) == recovery)
            try harness.restart(cleanly: round % 2 == 0)
        }
    }
}

@Suite("Stop after recovery")
struct StopAfterRecoveryTests {
    @Test("a clean stop after the recovery of 200 partitions writes only what differs")
    func writesDifferences() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders", partitions: 200)
        for partition in 0..<200 as Range<Int32> {
            try harness.produce("orders", partition: partition, "a")
        }
        try harness.restart(cleanly: true)
        try harness.restart(cleanly: false)
        for partition in 0..<3 as Range<Int32> {
            try harness.produce("orders", partition: partition, "b")
        }
        nonisolated(unsafe) var changed: [String: Int] = [:]
        nonisolated(unsafe) var others: [String] = []
        disk.fault = { operation, path in
            guard [.write, .rename, .truncate, .remove].contains(operation) else {
                return nil
            }
            let parts = path.split(separator: "/")
            let owner = parts.last { $0.hasPrefix("orders-") }
            if owner == nil {
                others.append("\(operation) \(path)")
            }
            changed[owner.map(String.init) ?? "other", default: 0] += 1
            return nil
        }
        try harness.step { try $0.close() }
        disk.fault = nil
        let other = changed.removeValue(forKey: "other") ?? 0
        #expect(Set(changed.keys) == ["orders-0", "orders-1", "orders-2"])
        #expect(changed.values.allSatisfy { $0 <= 12 })
        // Each file is replaced by three calls. The metadata log has a new end since the clean stop, the rise of the
        // leader epochs. It follows a batch of more than an index interval, so the offset index has an entry for it;
        // and making 200 partitions takes some turns, so it is younger than that batch, and the time index says so.
        let digits = String(harness.cluster.metadataLog.log.logEndOffset)
        let end = String(repeating: "0", count: 20 - digits.count) + digits
        let replaced = [
            "00000000000000000000.index", "00000000000000000000.timeindex", end + ".snapshot",
            OffsetCheckpoint.recoveryPointFile, CleanShutdownMarker.fileName,
        ]
        let names = others.map { String($0.split(separator: "/").last ?? "") }
        #expect(Set(names) == Set(replaced.map { $0 + ".tmp" }))
        #expect(other == 3 * replaced.count, "\(others)")
        try harness.restart(cleanly: false)
        #expect(harness.cluster.startedClean)
        #expect(try harness.log("orders").logEndOffset == 2)
    }
}
