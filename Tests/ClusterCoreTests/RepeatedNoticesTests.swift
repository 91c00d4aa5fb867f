import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Lines about a sick disk")
struct RepeatedNoticesTests {
    private func lines(_ harness: ClusterHarness) -> [String] {
        harness.step { $0.drainNotices() }.filter { !$0.isAboutClient }.map(\.text)
    }

    private static let interval = Cluster.housekeepingInterval

    @Test("appends that a full disk refuses are one line, then one with their number in each interval, then none")
    func fullDisk() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders")
        _ = lines(harness)
        disk.fault = { operation, path in
            operation == .write && path.contains("/orders-0/") ? .fail(.noSpace) : nil
        }
        func produce(_ count: Int) throws {
            for _ in 0..<count {
                #expect(try harness.produceResult("orders", TestBatch()).errorCode.code == .kafkaStorageError)
            }
        }
        try produce(500)
        let first = lines(harness)
        #expect(first.count == 1)
        #expect(first[0].hasPrefix("append to orders-0 failed: "))
        harness.advance(by: Self.interval)
        let second = lines(harness).filter { $0.contains("append") }
        #expect(second.count == 1 && second[0].contains("499 times more"), "\(second)")
        try produce(1)
        #expect(lines(harness) == [])
        harness.advance(by: Self.interval)
        #expect(lines(harness).count { $0.contains("once more") } == 1)
        harness.advance(by: 2 * Self.interval)
        _ = lines(harness)
        // Over, and here again.
        try produce(1)
        #expect(lines(harness).count == 1)
    }

    @Test("of very many partitions some are named, the others counted")
    func manyPartitions() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders", partitions: 100)
        _ = lines(harness)
        disk.fault = { operation, path in operation == .write && path.contains("/orders-") ? .fail(.noSpace) : nil }
        for partition in 0..<100 as Range<Int32> {
            _ = try harness.produceResult("orders", partition: partition, TestBatch())
        }
        #expect(lines(harness).count == RepeatedNotices.subjectsPerKind)
        harness.advance(by: Self.interval)
        let others = lines(harness).filter { $0.contains("appends failed") }
        #expect(others.count == 1 && others[0].contains("80 times elsewhere"), "\(others)")
    }

    @Test(
        "whatever clients ask for in a loop, a disk that takes nothing makes no more lines than that",
        arguments: [FaultyFileSystem.Operation.write, .sync, .rename], [Durability.os, .fsync])
    func everyRequest(operation: FaultyFileSystem.Operation, durability: Durability) throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(durability: durability, fileSystem: disk)
        try harness.createTopic("orders", partitions: 4)
        for partition in 0..<4 as Range<Int32> {
            harness.send(
                try harness.produceRequest("orders", partition: partition, values: ["a", "b"]), version: 9,
                on: harness.connect())
            harness.flush()
        }
        let groups = GroupClient(harness, group: "before")
        harness.send(Self.commit("before"), version: 8, on: groups.connection)
        harness.advance(by: 1_000)
        harness.flush()
        _ = lines(harness)
        disk.fault = { found, _ in found == operation ? .fail(.noSpace) : nil }
        var counts: [Int] = []
        for round in 0..<2 {
            for number in 0..<150 {
                let connection = harness.connect()
                let name = "g-\(round)-\(number)"
                for partition in 0..<4 as Range<Int32> {
                    harness.send(
                        try harness.produceRequest("orders", partition: partition, values: ["c"]), version: 9,
                        on: connection)
                    harness.send(Self.deleteRecords(partition), version: 2, on: harness.connect())
                }
                harness.send(Self.commit(name), version: 8, on: harness.connect())
                _ = GroupClient(harness, group: name, instanceID: "i").sendJoin()
                harness.send(Self.create(name), version: 5, on: harness.connect())
                harness.send(Self.delete("orders"), version: 5, on: harness.connect())
                var deleteGroups = DeleteGroupsRequest()
                deleteGroups.groupsNames = ["before", name]
                harness.send(deleteGroups, version: 2, on: harness.connect())
                harness.send(InitProducerIdRequest(), version: 4, on: harness.connect())
                harness.flush()
                harness.disconnect(connection)
            }
            counts.append(lines(harness).count)
            harness.advance(by: Self.interval)
            _ = lines(harness)
        }
        let most = RepeatedNotices.Kind.allCases.count * (RepeatedNotices.subjectsPerKind + 1)
        #expect(counts.allSatisfy { $0 <= most }, "\(counts)")
    }

    private static func commit(_ group: String) -> OffsetCommitRequest {
        var item = OffsetCommitRequest.OffsetCommitRequestPartition()
        item.committedOffset = 1
        var topic = OffsetCommitRequest.OffsetCommitRequestTopic()
        topic.name = "orders"
        topic.partitions = [item]
        var request = OffsetCommitRequest()
        request.groupID = group
        request.generationIDOrMemberEpoch = -1
        request.topics = [topic]
        return request
    }

    private static func deleteRecords(_ partition: Int32) -> DeleteRecordsRequest {
        var item = DeleteRecordsRequest.DeleteRecordsPartition()
        item.partitionIndex = partition
        item.offset = 1
        var topic = DeleteRecordsRequest.DeleteRecordsTopic()
        topic.name = "orders"
        topic.partitions = [item]
        var request = DeleteRecordsRequest()
        request.topics = [topic]
        return request
    }

    private static func create(_ name: String) -> CreateTopicsRequest {
        var topic = CreateTopicsRequest.CreatableTopic()
        topic.name = name
        topic.numPartitions = 1
        topic.replicationFactor = 1
        var request = CreateTopicsRequest()
        request.topics = [topic]
        return request
    }

    private static func delete(_ name: String) -> DeleteTopicsRequest {
        var request = DeleteTopicsRequest()
        request.topicNames = [name]
        return request
    }

    @Test("damage in a closed segment that nobody read at the start is one line when readers meet it, for each segment")
    func damagedSegment() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        // The smallest that Kafka allows: every batch of that size has a segment of its own.
        try harness.createTopic("orders", configs: ["segment.bytes": "1048576"])
        let value = String(repeating: "x", count: 700_000)
        for _ in 0..<4 {
            try harness.produce("orders", value)
        }
        let log = try harness.log("orders")
        #expect(log.segmentCount == 4)
        try harness.step { try $0.close() }
        let bases = [0, 1]
        for base in bases {
            let path = log.directory + "/0000000000000000000\(base).log"
            var bytes = try #require(try disk.contents(of: path))
            bytes.replaceSubrange(8..<12, with: [0x7f, 0xff, 0xff, 0xff])
            try disk.replace(path, with: bytes, durable: false)
        }
        try harness.restart(cleanly: false)
        #expect(harness.cluster.startedClean)
        #expect(lines(harness).filter { $0.contains("orders-0") } == [])
        for base in bases {
            for _ in 0..<50 {
                let data = try harness.fetch(harness.fetchRequest("orders", from: Int64(base)))
                #expect(data.errorCode.code == .kafkaStorageError)
            }
            let told = lines(harness)
            #expect(told.count == 1, "\(told)")
            #expect(told.first?.contains("partition orders-0: ") == true)
            #expect(told.first?.contains("/orders-0/0000000000000000000\(base).log: batches do not follow") == true)
        }
        harness.advance(by: 10 * Self.interval)
        _ = try harness.fetch(harness.fetchRequest("orders"))
        #expect(lines(harness).filter { $0.contains("orders-0") } == [])
        #expect(try harness.fetch(harness.fetchRequest("orders", from: 3)).records?.count ?? 0 > 700_000)
    }
}
