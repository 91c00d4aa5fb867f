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
}
