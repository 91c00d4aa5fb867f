import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Upkeep holds nobody up")
struct SlicedUpkeepTests {
    /// Counts what a turn of the loop asks of the file system.
    private final class Watch {
        private(set) var most = 0
        private var count = 0

        init(_ disk: FaultyFileSystem) {
            disk.fault = { [self] _, _ in
                count += 1
                return nil
            }
        }

        /// Lets time pass, from timer to timer and at least a millisecond at a time.
        func advance(
            _ harness: ClusterHarness, until isDone: () throws -> Bool, location: SourceLocation = #_sourceLocation
        ) rethrows {
            for _ in 0..<20_000 {
                if try isDone() {
                    return
                }
                turn {
                    harness.advance(by: max(1, (harness.cluster.nextTimer ?? 0) - harness.clock.monotonicMs))
                }
            }
            Issue.record("it does not come to an end", sourceLocation: location)
        }

        func turn<R>(_ body: () throws -> R) rethrows -> R {
            count = 0
            defer { most = max(most, count) }
            return try body()
        }
    }

    /// File calls of a turn that looks at ``Cluster/looksPerSlice`` logs, each of which begins a segment and drops two.
    private static let limit = 25 * 40
    private static let hour: Int64 = 3_600_000

    /// A topic whose every batch has a segment of its own.
    private func filled(
        _ disk: FaultyFileSystem, partitions: Int32 = 1, segments: Int, configs: [String: String] = [:],
        brokerConfigs: [String: String] = [:], durability: Durability = .os
    ) throws -> ClusterHarness {
        let harness = try ClusterHarness(brokerConfigs: brokerConfigs, durability: durability, fileSystem: disk)
        let own = ["segment.ms": "1", "retention.ms": "\(Self.hour)"].merging(configs) { $1 }
        try harness.createTopic("orders", partitions: partitions, configs: own)
        for _ in 0..<segments {
            for partition in 0..<partitions {
                let request = try harness.produceRequest("orders", partition: partition, values: ["x"])
                harness.send(request, version: 9, on: harness.connect())
            }
            harness.flush()
            harness.advance(by: 5)
        }
        #expect(try harness.log("orders").segmentCount == segments)
        return harness
    }

    private func logFiles(_ disk: FaultyFileSystem, _ directory: String) throws -> [String] {
        try disk.list(directory).map(\.name).filter { $0.hasSuffix(".log") || $0.hasSuffix(".deleted") }.sorted()
    }

    private func deleteRecords(_ partitions: Range<Int32>, before offset: Int64) -> DeleteRecordsRequest {
        var topic = DeleteRecordsRequest.DeleteRecordsTopic()
        topic.name = "orders"
        topic.partitions = partitions.map { index in
            var item = DeleteRecordsRequest.DeleteRecordsPartition()
            item.partitionIndex = index
            item.offset = offset
            return item
        }
        var request = DeleteRecordsRequest()
        request.topics = [topic]
        return request
    }

    @Test("retention of very many segments removes their files in slices; readers see the new start at once")
    func retention() throws {
        let disk = FaultyFileSystem()
        let harness = try filled(disk, segments: 400)
        let log = try harness.log("orders")
        let watch = Watch(disk)
        watch.advance(harness) { log.logStartOffset > 0 }
        #expect(log.logStartOffset == 400)
        #expect(try logFiles(disk, log.directory).count > 300)
        try watch.advance(harness) { try logFiles(disk, log.directory).count == 1 }
        #expect(watch.most < 150, "\(watch.most)")
        #expect(try harness.produce("orders", "y") == 400)
        try harness.restart(cleanly: false)
        #expect(try harness.log("orders").logStartOffset == 400)
    }

    @Test("DeleteRecords of very many segments and partitions does so too")
    func deleteRecords() throws {
        let disk = FaultyFileSystem()
        let harness = try filled(disk, partitions: 30, segments: 20)
        let watch = Watch(disk)
        let response = try watch.turn { try harness.call(deleteRecords(0..<30, before: 20)) }
        #expect(response.topics[0].partitions.map(\.lowWatermark) == [Int64](repeating: 20, count: 30))
        let logs = try (0..<30 as Range<Int32>).map { try harness.log("orders", $0) }
        watch.advance(harness) { logs.allSatisfy { !$0.hasDropped } }
        for log in logs {
            #expect(try logFiles(disk, log.directory).count == 1)
        }
        #expect(watch.most < 300, "\(watch.most)")
    }

    @Test("neither the first records of many partitions nor DeleteRecords write a checkpoint of each of them at once")
    func manyEpochs() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders", partitions: 60)
        let logs = try (0..<60 as Range<Int32>).map { try harness.log("orders", $0) }
        nonisolated(unsafe) var touched = 0
        disk.fault = { operation, path in
            if path.contains("leader-epoch-checkpoint") { touched += 1 }
            return nil
        }
        var request = try harness.produceRequest("orders", values: ["x", "y"])
        let first = request.topicData[0].partitionData[0]
        request.topicData[0].partitionData = (0..<60 as Range<Int32>).map { index in
            var data = first
            data.index = index
            return data
        }
        let produced = try harness.call(request).responses[0].partitionResponses
        #expect(produced.count == 60 && produced.allSatisfy { $0.errorCode == 0 })
        // A few, with some calls each.
        #expect(touched < 40 && logs.count { $0.owesFiles } > 50)
        for _ in 0..<200 where logs.contains(where: \.owesFiles) {
            touched = 0
            harness.advance(by: 1)
            #expect(touched <= 40)
        }
        #expect(logs.allSatisfy { !$0.owesFiles })
        touched = 0
        let response = try harness.call(deleteRecords(0..<60, before: 1))
        #expect(response.topics[0].partitions.map(\.lowWatermark) == [Int64](repeating: 1, count: 60))
        harness.advance(by: 100)
        #expect(touched == 0)
        disk.fault = nil
        try harness.restart(cleanly: false)
        for index in 0..<60 as Range<Int32> {
            let log = try harness.log("orders", index)
            #expect(log.logStartOffset == 1)
            #expect(log.leaderEpoch(forOffset: 1) == 0)
        }
    }

    @Test("the logs of very many partitions are looked at in slices, and all of them")
    func manyLogs() throws {
        let disk = FaultyFileSystem()
        let harness = try filled(disk, partitions: 600, segments: 2)
        let watch = Watch(disk)
        let logs = try (0..<600 as Range<Int32>).map { try harness.log("orders", $0) }
        watch.advance(harness) { logs.allSatisfy { $0.logStartOffset == 2 && !$0.hasDropped } }
        #expect(watch.most < Self.limit, "\(watch.most)")
        for log in logs {
            #expect(try logFiles(disk, log.directory).count == 1)
        }
    }

    @Test("upkeep that goes on while clients write comes to an end")
    func endsUnderLoad() throws {
        let disk = FaultyFileSystem()
        let harness = try filled(disk, partitions: 200, segments: 1, configs: ["segment.ms": "604800000"])
        let before = harness.cluster.upkeep.looks
        for _ in 0..<700 {
            for partition in 0..<5 as Range<Int32> {
                try harness.produce("orders", partition: partition, "y")
            }
            harness.advance(by: 50)
        }
        // 35 s: one round of each of the three kinds, and a second of some.
        #expect(harness.cluster.upkeep.looks - before < 6 * 200)
    }

    @Test("a topic made anew while segments of its predecessor were to be removed keeps its files")
    func madeAnew() throws {
        let disk = FaultyFileSystem()
        let harness = try filled(disk, segments: 50)
        let old = try harness.log("orders")
        _ = try harness.call(deleteRecords(0..<1, before: 40))
        #expect(old.hasDropped)
        var delete = DeleteTopicsRequest()
        delete.topicNames = ["orders"]
        _ = try harness.call(delete, version: 5)
        try harness.createTopic("orders")
        for _ in 0..<5 {
            try harness.produce("orders", "new")
        }
        harness.advance(by: 60_000)
        try harness.restart(cleanly: false)
        #expect(try harness.log("orders").logEndOffset == 5)
        #expect(try harness.fetch(harness.fetchRequest("orders")).records?.values().count == 5)
    }

    @Test("a crash, or a stop, between dropping and removing loses nothing and looks like no loss", arguments: 0..<12)
    func interrupted(turns: Int) throws {
        for cleanly in [true, false] {
            let disk = FaultyFileSystem()
            let harness = try filled(disk, segments: 20)
            #expect(try harness.call(deleteRecords(0..<1, before: 15)).topics[0].partitions[0].errorCode == 0)
            for _ in 0..<turns {
                harness.advance(by: 1)
            }
            try harness.restart(cleanly: cleanly)
            let lines = harness.step { $0.drainNotices() }.map(\.text)
            #expect(!lines.contains { $0.contains("offline") || $0.contains("lost") }, "\(lines)")
            let log = try harness.log("orders")
            #expect(log.logStartOffset == 15)
            #expect(log.logEndOffset == 20)
            harness.advance(by: 600_000)
            // Those that are left, and one that has been begun since.
            #expect(try logFiles(disk, log.directory).count == 6)
        }
    }

    @Test("followers are told no log start that a crash would take back, and hear of it in the end", arguments: 0..<12)
    func followers(turns: Int) throws {
        let disk = FaultyFileSystem()
        // Not when the checkpoints are written.
        let harness = try filled(disk, segments: 20, brokerConfigs: ["log.retention.check.interval.ms": "7000"])
        harness.advance(by: Self.hour)
        while try harness.log("orders").logStartOffset == 0 {
            harness.advance(by: max(1, (harness.cluster.nextTimer ?? 0) - harness.clock.monotonicMs))
        }
        for _ in 0..<turns {
            harness.advance(by: 1)
        }
        let told = try harness.fetch(harness.fetchRequest("orders", from: 20)).logStartOffset
        #expect(turns > 0 || told < 20)
        try harness.restart(cleanly: false)
        #expect(try harness.log("orders").logStartOffset >= told)
        harness.advance(by: 2 * Self.hour)
        #expect(try harness.fetch(harness.fetchRequest("orders", from: 20)).logStartOffset == 20)
    }

    @Test(
        "with fsync nobody is told a log start that a loss of power would take back, though files are gone",
        arguments: [0, 1, 2, 3, 4, 5, 12, 16, 20, 24], [true, false])
    func followersAndPower(turns: Int, asksForStart: Bool) throws {
        let disk = FaultyFileSystem()
        let harness = try filled(
            disk, segments: 20, brokerConfigs: ["log.retention.check.interval.ms": "7000"], durability: .fsync)
        harness.advance(by: Self.hour)
        while try harness.log("orders").logStartOffset == 0 {
            harness.advance(by: max(1, (harness.cluster.nextTimer ?? 0) - harness.clock.monotonicMs))
        }
        for _ in 0..<turns {
            harness.advance(by: 1)
        }
        let told = try asksForStart ? listedStart(harness) : fetchedStart(harness)
        var nothing = NothingSurvives()
        let before = try ClusterHarness(durability: .fsync, fileSystem: disk.afterPowerLoss(using: &nothing))
        #expect(try before.log("orders").logStartOffset >= told)
        // Nor does it leave holes that look like a loss.
        for seed in 0..<8 as Range<UInt64> {
            var random = SplitMix64(state: seed)
            let after = try ClusterHarness(durability: .fsync, fileSystem: disk.afterPowerLoss(using: &random))
            #expect(try after.log("orders").logStartOffset >= told)
            // The active segment is new and empty: where the log ends is in its name.
            #expect(try after.log("orders").logEndOffset == 20)
        }
        // Long before the next checkpoint is due.
        harness.advance(by: 100)
        #expect(try fetchedStart(harness) == 20)
    }

    @Test("with fsync a disk that takes no checkpoint gets its room back all the same")
    func fullDisk() throws {
        let disk = FaultyFileSystem()
        let harness = try filled(
            disk, segments: 20, brokerConfigs: ["log.retention.check.interval.ms": "7000"], durability: .fsync)
        disk.fault = { operation, path in
            operation == .write && path.contains(OffsetCheckpoint.logStartOffsetFile) ? .fail(.noSpace) : nil
        }
        harness.advance(by: Self.hour)
        let directory = harness.configuration.dataDirectory + "/orders-0"
        for _ in 0..<1_000 where try disk.list(directory).count(where: { $0.name.hasSuffix(".log") }) > 1 {
            harness.advance(by: 100)
        }
        #expect(try disk.list(directory).filter { $0.name.contains(".log") }.count == 1)
        #expect(try harness.log("orders").logStartOffset == 20)
    }

    /// Lets a loss of power take everything that was not synced.
    private struct NothingSurvives: RandomNumberGenerator {
        mutating func next() -> UInt64 { 1 << 60 }
    }

    private func fetchedStart(_ harness: ClusterHarness) throws -> Int64 {
        try harness.fetch(harness.fetchRequest("orders", from: 20)).logStartOffset
    }

    private func listedStart(_ harness: ClusterHarness) throws -> Int64 {
        var item = ListOffsetsRequest.ListOffsetsPartition()
        (item.partitionIndex, item.timestamp) = (0, -2)
        var topic = ListOffsetsRequest.ListOffsetsTopic()
        (topic.name, topic.partitions) = ("orders", [item])
        var request = ListOffsetsRequest()
        request.topics = [topic]
        let found = try #require(try harness.call(request).topics.first?.partitions.first)
        #expect(found.errorCode == 0 && found.offset == 20)
        return found.offset
    }

    @Test("segments that could not be removed are tried again, with a line")
    func refused() throws {
        let disk = FaultyFileSystem()
        let harness = try filled(disk, segments: 20)
        let log = try harness.log("orders")
        _ = harness.step { $0.drainNotices() }
        disk.fault = { operation, path in
            operation == .remove && path.contains("/orders-0/0") && path.hasSuffix(".index") ? .fail(.io) : nil
        }
        #expect(try harness.call(deleteRecords(0..<1, before: 15)).topics[0].partitions[0].lowWatermark == 15)
        harness.advance(by: 1_000)
        let lines = harness.step { $0.drainNotices() }
        #expect(lines.count { $0.text.contains("files of orders-0 were not written or removed") } == 1)
        #expect(try harness.produce("orders", "y") == 20)
        disk.fault = nil
        harness.advance(by: 61_000)
        #expect(!log.hasDropped)
        #expect(try logFiles(disk, log.directory).first == "00000000000000000015.log")
    }

    @Test("what a crash or a stop has left goes also when something else about the log fails")
    func leftOver() throws {
        let disk = FaultyFileSystem()
        let harness = try filled(disk, segments: 20)
        _ = try harness.call(deleteRecords(0..<1, before: 15))
        try harness.restart()
        let log = try harness.log("orders")
        #expect(try logFiles(disk, log.directory).first == "00000000000000000000.log")
        disk.fault = { operation, path in
            operation == .read && path.hasSuffix("00000000000000000015.timeindex") ? .fail(.io) : nil
        }
        harness.advance(by: 61_000)
        let lines = harness.step { $0.drainNotices() }.map(\.text)
        #expect(lines.contains { $0.contains("upkeep of orders-0 failed") }, "\(lines)")
        #expect(!log.hasDropped)
        #expect(try logFiles(disk, log.directory).first == "00000000000000000015.log")
    }

    @Test("a look at all logs that takes longer than its interval comes to its end, and each log waits once")
    func shortInterval() {
        var queue = UpkeepQueue()
        let names = (0..<5 as Range<Int32>).map { PartitionName(topicID: KafkaUUID(high: 1, low: 1), index: $0) }
        names.forEach { queue.noteChange(of: $0) }
        var seen: [PartitionName] = []
        for now in 0..<5 as Range<Int64> {
            queue.begin(now: now)
            if let name = queue.next() {
                seen.append(name)
            }
            names.forEach { queue.noteChange(of: $0) }
        }
        #expect(seen == names)
        #expect(!queue.isUnderWay)
        queue.begin(now: 5)
        var count = 0
        while queue.next() != nil {
            count += 1
        }
        #expect(count == 5)
    }

    @Test("a look at groups that takes longer than its interval comes to the last ones")
    func slowExpiry() throws {
        let harness = try ClusterHarness(brokerConfigs: ["offsets.retention.check.interval.ms": "1"])
        try harness.createTopic("t")
        for number in 0..<60 {
            #expect(try GroupClient(harness, group: "g\(number)").commit(offset: 1) == .none)
        }
        harness.advance(by: 40_000)
        harness.now += 1_000
        for left in [35, 10, 0] {
            harness.step { cluster in cluster.expireOffsets(now: harness.now) }
            #expect(harness.cluster.groups.expiring.count == left)
            harness.now += 2
        }
    }

    @Test("groups whose offsets may have expired are looked at in slices")
    func groups() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("t")
        for number in 0..<500 {
            #expect(try GroupClient(harness, group: "g\(number)").commit(offset: 1) == .none)
        }
        harness.advance(by: 6 * 24 * Self.hour)
        var counts: [Int] = []
        let watch = Watch(disk)
        watch.advance(harness) {
            counts.append(harness.cluster.groups.count)
            return harness.cluster.groups.count == 0
        }
        #expect(counts.first == 500)
        #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 - $1 <= Cluster.looksPerSlice })
    }
}
