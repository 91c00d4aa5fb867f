import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("DeleteRecords")
struct DeleteRecordsTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
        try harness.createTopic("orders", partitions: 2)
        try harness.produce("orders", "a", "b", "c")
    }

    private func delete(
        before offset: Int64, topic: String = "orders", partition: Int32 = 0, version: Int16? = nil,
        in other: ClusterHarness? = nil, on connection: ConnectionID? = nil
    ) throws -> DeleteRecordsResponse.DeleteRecordsPartitionResult {
        var item = DeleteRecordsRequest.DeleteRecordsPartition()
        item.partitionIndex = partition
        item.offset = offset
        var entry = DeleteRecordsRequest.DeleteRecordsTopic()
        entry.name = topic
        entry.partitions = [item]
        var request = DeleteRecordsRequest()
        request.topics = [entry]
        let response = try (other ?? harness).call(request, version: version, on: connection)
        return try #require(response.topics.first?.partitions.first)
    }

    @Test("the log begins at the offset given", arguments: versions(DeleteRecordsRequest.self, 1))
    func moves(version: Int16) throws {
        let result = try delete(before: 2, version: version)
        #expect(result.errorCode == 0)
        #expect(result.lowWatermark == 2)
        #expect(try harness.log("orders").logStartOffset == 2)
        #expect(try harness.fetch(harness.fetchRequest("orders", from: 1)).errorCode.code == .offsetOutOfRange)
    }

    @Test("-1 deletes everything up to the high watermark")
    func everything() throws {
        #expect(try delete(before: -1).lowWatermark == 3)
        #expect(try harness.produce("orders", "d") == 3)
        #expect(try harness.fetch(harness.fetchRequest("orders", from: 3)).records?.values() == ["d"])
    }

    @Test("an offset below the log start changes nothing")
    func backwards() throws {
        _ = try delete(before: 2)
        let result = try delete(before: 1)
        #expect(result.errorCode == 0)
        #expect(result.lowWatermark == 2)
    }

    @Test("offsets outside the log are OFFSET_OUT_OF_RANGE", arguments: [Int64(4), -2, .max, .min])
    func outOfRange(offset: Int64) throws {
        let result = try delete(before: offset)
        #expect(result.errorCode.code == .offsetOutOfRange)
        #expect(result.lowWatermark == -1)
        #expect(try harness.log("orders").logStartOffset == 0)
    }

    @Test("only logs that may be deleted from: not compacted, internal or mirrored ones")
    func refused() throws {
        try harness.createTopic("compacted", configs: ["cleanup.policy": "compact"])
        try harness.createTopic("both", configs: ["cleanup.policy": "compact,delete"])
        try harness.createInternalTopic("__consumer_offsets")
        #expect(try delete(before: 0, topic: "compacted").errorCode.code == .policyViolation)
        #expect(try delete(before: 0, topic: "both").errorCode == 0)
        #expect(try delete(before: 0, topic: "__consumer_offsets").errorCode.code == .invalidTopicException)
        try harness.partition("orders").isReadOnlyMirror = true
        #expect(try delete(before: 1).errorCode.code == .invalidRequest)
        #expect(try delete(before: 0, topic: "absent").errorCode.code == .unknownTopicOrPartition)
        #expect(try delete(before: 0, partition: 2).errorCode.code == .unknownTopicOrPartition)
    }

    @Test("a broker that does not lead refuses")
    func notLeader() throws {
        let harness = try ClusterHarness(brokers: 2)
        try harness.createTopic("orders")
        let leader = try harness.partition("orders").leader
        let result = try delete(before: 0, in: harness, on: harness.connect(node: 3 - leader))
        #expect(result.errorCode.code == .notLeaderOrFollower)
    }

    @Test("what was deleted stays deleted after any stop", arguments: [true, false])
    func restart(cleanly: Bool) throws {
        _ = try delete(before: 2)
        try harness.restart(cleanly: cleanly)
        let log = try harness.log("orders")
        #expect(log.logStartOffset == 2)
        #expect(log.logEndOffset == 3)
        #expect(try harness.fetch(harness.fetchRequest("orders", from: 1)).errorCode.code == .offsetOutOfRange)
    }

    private static func request(before offset: Int64, partitions: Range<Int32>) -> DeleteRecordsRequest {
        var entry = DeleteRecordsRequest.DeleteRecordsTopic()
        entry.name = "orders"
        entry.partitions = partitions.map {
            var item = DeleteRecordsRequest.DeleteRecordsPartition()
            item.partitionIndex = $0
            item.offset = offset
            return item
        }
        var request = DeleteRecordsRequest()
        request.topics = [entry]
        return request
    }

    private static func filled(_ disk: FaultyFileSystem, _ durability: Durability) throws -> ClusterHarness {
        let harness = try ClusterHarness(durability: durability, fileSystem: disk)
        try harness.createTopic("orders", partitions: 2)
        for partition in 0..<2 as Range<Int32> {
            let request = try harness.produceRequest("orders", partition: partition, values: ["a", "b", "c"])
            harness.send(request, version: 9, on: harness.connect())
        }
        harness.flush()
        harness.advance(by: 60_000)
        return harness
    }

    @Test("another thread waits for the disk, and the answer for it", arguments: [Durability.os, .fsync])
    func doesNotWait(durability: Durability) throws {
        let disk = FaultyFileSystem()
        let harness = try Self.filled(disk, durability)
        nonisolated(unsafe) var syncs = 0
        disk.fault = { operation, _ in
            syncs += operation == .sync ? 1 : 0
            return nil
        }
        var codes: [[Int16]?] = []
        for round in 1...2 as ClosedRange<Int64> {
            syncs = 0
            harness.step {
                for partition in 0..<2 as Range<Int32> {
                    let request = Self.request(before: round, partitions: partition..<partition + 1)
                    $0.submit(request, now: harness.now) { codes.append($0?.topics[0].partitions.map(\.errorCode)) }
                }
                #expect(syncs == 0)
                #expect(codes.count == 2 * (Int(round) - 1))
            }
            #expect(codes.count == 2 * Int(round) && codes.allSatisfy { $0 == [0] })
            #expect(syncs > 0)
        }
        var random = SplitMix64(state: 5)
        let after = durability == .fsync ? disk.afterPowerLoss(using: &random) : disk.afterProcessDeath()
        let again = try ClusterHarness(durability: durability, fileSystem: after)
        #expect(try again.log("orders").logStartOffset == 2)
        #expect(try again.log("orders", 1).logStartOffset == 2)
    }

    @Test("followers hear of it only once it outlives the process", arguments: [Durability.os, .fsync])
    func followersWait(durability: Durability) throws {
        let disk = FaultyFileSystem()
        let harness = try Self.filled(disk, durability)
        func fetchedStart() throws -> Int64 {
            try harness.fetch(harness.fetchRequest("orders", from: 3)).logStartOffset
        }
        disk.fault = { operation, path in
            operation == .rename && path.contains(OffsetCheckpoint.logStartOffsetFile) ? .fail(.noSpace) : nil
        }
        let refused = try harness.call(Self.request(before: 2, partitions: 0..<1)).topics[0].partitions[0]
        #expect(refused.errorCode.code == .kafkaStorageError)
        #expect(try harness.log("orders").logStartOffset == 2)
        #expect(try fetchedStart() == 0)
        let after = try ClusterHarness(durability: durability, fileSystem: disk.afterProcessDeath())
        #expect(try after.log("orders").logStartOffset == 0)
        disk.fault = nil
        _ = try harness.call(Self.request(before: 2, partitions: 0..<1))
        #expect(try fetchedStart() == 2)
    }

    @Test("with fsync they hear of it only once the checkpoint's name outlives a loss of power too")
    func followersWaitForTheName() throws {
        let disk = FaultyFileSystem()
        let harness = try Self.filled(disk, .fsync)
        func fetchedStart(_ harness: ClusterHarness) throws -> Int64 {
            try harness.fetch(harness.fetchRequest("orders", from: 3)).logStartOffset
        }
        disk.fault = { operation, path in operation == .sync && path == "/data/lkc-test" ? .fail(.io) : nil }
        let refused = try harness.call(Self.request(before: 2, partitions: 0..<1)).topics[0].partitions[0]
        #expect(refused.errorCode.code == .kafkaStorageError)
        #expect(try harness.log("orders").logStartOffset == 2)
        #expect(try fetchedStart(harness) == 0)
        disk.fault = nil
        // Nobody asks again: housekeeping tries.
        harness.advance(by: 60_000)
        #expect(try fetchedStart(harness) == 2)
        for seed in 0..<8 as Range<UInt64> {
            var random = SplitMix64(state: seed)
            let after = try ClusterHarness(durability: .fsync, fileSystem: disk.afterPowerLoss(using: &random))
            #expect(try after.log("orders").logStartOffset == 2)
        }
    }

    @Test("nor is it told who asks where a log begins", arguments: [Durability.os, .fsync])
    func listedStart(durability: Durability) throws {
        let disk = FaultyFileSystem()
        let harness = try Self.filled(disk, durability)
        try harness.createTopic("other")
        func listed(_ timestamp: Int64) throws -> ListOffsetsResponse.ListOffsetsPartitionResponse {
            var item = ListOffsetsRequest.ListOffsetsPartition()
            (item.partitionIndex, item.timestamp) = (0, timestamp)
            var request = ListOffsetsRequest()
            request.topics = ["other", "orders"].map { name in
                var topic = ListOffsetsRequest.ListOffsetsTopic()
                (topic.name, topic.partitions) = (name, [item])
                return topic
            }
            let answers = try harness.call(request).topics.map(\.partitions)
            // What has nothing to do with it is told whatever happens.
            #expect(answers.first?.map(\.errorCode) == [0] && answers.first?.map(\.offset) == [0])
            return try #require(answers.last?.first)
        }
        disk.fault = { operation, path in
            operation == .rename && path.contains(OffsetCheckpoint.logStartOffsetFile) ? .fail(.noSpace) : nil
        }
        _ = try harness.call(Self.request(before: 2, partitions: 0..<1))
        try #require(try harness.log("orders").logStartOffset == 2)
        let refused = try listed(-2)
        #expect(refused.errorCode.code == .kafkaStorageError && refused.offset == -1)
        #expect(try listed(-1).offset == 3)
        disk.fault = nil
        // Not a write for each that asks.
        #expect(try listed(-2).errorCode.code == .kafkaStorageError)
        harness.advance(by: 1_000)
        #expect(try listed(-2).offset == 2)
        var random = SplitMix64(state: 3)
        let after = durability == .fsync ? disk.afterPowerLoss(using: &random) : disk.afterProcessDeath()
        #expect(try ClusterHarness(durability: durability, fileSystem: after).log("orders").logStartOffset == 2)
    }

    @Test("who waits for a log start does not wait for the checkpoint of recovery points")
    func recoveryPointsAreApart() throws {
        let harness = try Self.filled(FaultyFileSystem(), .fsync)
        let now = Now(wallMs: harness.now, monotonicMs: harness.now)
        try harness.step { cluster in
            try cluster.topics.partition("orders", 1).log?.flush()
            let log = try #require(try cluster.topics.partition("orders", 0).log)
            let batch = try TestBatch(values: ["d"]).bytes()
            _ = try batch.withUnsafeBytes { try log.appendAsLeader($0, leaderEpoch: 0, now: now.wallMs) }
            try log.flush()
            cluster.noteCheckpoints()
            let slow = cluster.drainDiskSyncs()
            try #require(slow.count == 1)
            var answer: DeleteRecordsResponse?
            cluster.submit(Self.request(before: 1, partitions: 0..<1), now: now.wallMs) { answer = $0 }
            while case let syncs = cluster.drainDiskSyncs(), !syncs.isEmpty {
                for sync in syncs {
                    cluster.finish(sync, sync.perform(), now: now)
                }
            }
            #expect(answer?.topics[0].partitions.map(\.errorCode) == [0])
            cluster.finish(slow[0], slow[0].perform(), now: now)
        }
    }

    @Test("a long request writes the checkpoint once, after its last portion")
    func writesOnce() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders", partitions: 1_000)
        for partition in 0..<1_000 as Range<Int32> {
            try harness.produce("orders", partition: partition, "a")
        }
        nonisolated(unsafe) var writes = 0
        disk.fault = { operation, path in
            writes += operation == .write && path.contains(OffsetCheckpoint.logStartOffsetFile) ? 1 : 0
            return nil
        }
        let response = try harness.call(Self.request(before: 1, partitions: 0..<1_000))
        #expect(response.topics.flatMap(\.partitions).map(\.lowWatermark) == [Int64](repeating: 1, count: 1_000))
        #expect(writes == 1)
        try harness.restart(cleanly: false)
        #expect(try harness.log("orders", 999).logStartOffset == 1)
    }

    @Test(
        "what the disk does not take is not acknowledged, and is once it does",
        arguments: [FaultyFileSystem.Operation.write, .sync, .rename])
    func refusedByTheDisk(operation: FaultyFileSystem.Operation) throws {
        let disk = FaultyFileSystem()
        let harness = try Self.filled(disk, .fsync)
        disk.fault = { found, path in
            found == operation && path.contains(OffsetCheckpoint.logStartOffsetFile) ? .fail(.noSpace) : nil
        }
        for _ in 0..<2 {
            let result = try harness.call(Self.request(before: 2, partitions: 0..<1)).topics[0].partitions[0]
            #expect(result.errorCode.code == .kafkaStorageError)
            #expect(result.lowWatermark == -1)
        }
        disk.fault = nil
        let result = try harness.call(Self.request(before: 2, partitions: 0..<1)).topics[0].partitions[0]
        #expect(result.errorCode == 0)
        #expect(result.lowWatermark == 2)
        var random = SplitMix64(state: 5)
        let again = try ClusterHarness(durability: .fsync, fileSystem: disk.afterPowerLoss(using: &random))
        #expect(try again.log("orders").logStartOffset == 2)
    }
}
