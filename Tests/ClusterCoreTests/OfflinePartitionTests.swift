import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Offline partitions")
struct OfflinePartitionTests {
    @Test(
        "a partition that could not be opened comes back by itself, with a line",
        arguments: [StorageError.Kind.noSpace, .tooManyOpenFiles, .io])
    func comesBack(kind: StorageError.Kind) throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders", partitions: 30)
        try harness.produce("orders", partition: 3, "a")
        disk.fault = { _, path in path.contains("/orders-") ? .fail(kind) : nil }
        try harness.restart(cleanly: false)
        let refused = try harness.produceResult("orders", partition: 3, TestBatch())
        #expect(refused.errorCode.code == .kafkaStorageError)
        harness.advance(by: 10_000)
        #expect(harness.step { $0.drainNotices() }.filter { $0.text.contains("is offline") }.count == 30)
        disk.fault = nil
        harness.advance(by: 40_000)
        #expect(try harness.produce("orders", partition: 3, "b") == 1)
        #expect(harness.cluster.topics["orders"]?.partitions.allSatisfy { $0.log != nil } == true)
        #expect(harness.step { $0.drainNotices() }.filter { $0.text.contains("online again") }.count == 30)
        #expect(harness.cluster.offline.entries.isEmpty)
    }

    @Test("groups come back with the partition that stores them")
    func groups() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("t")
        #expect(try GroupClient(harness).commit(offset: 5) == .none)
        disk.fault = { _, path in path.contains("/__consumer_offsets-") ? .fail(.noSpace) : nil }
        try harness.restart(cleanly: false)
        #expect(try GroupClient(harness).commit(offset: 6) != .none)
        disk.fault = nil
        harness.advance(by: 60_000)
        #expect(try GroupClient(harness).fetchOffset() == 5)
        #expect(try GroupClient(harness).commit(offset: 7) == .none)
    }

    @Test("that the offsets topic cannot be made is logged once, then ever more rarely, whoever asks")
    func offsetsTopic() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("t")
        disk.fault = { _, path in path.contains("/__consumer_offsets-") ? .fail(.noSpace) : nil }
        var lines = 0
        for _ in 0..<200 {
            #expect(try GroupClient(harness).commit(offset: 6) != .none)
            harness.advance(by: 1_000)
            lines += harness.step { $0.drainNotices() }.count { $0.text.contains("__consumer_offsets was not created") }
        }
        // At 0, 60 and 180 s.
        #expect(lines == 3)
        disk.fault = nil
        #expect(try GroupClient(harness).commit(offset: 6) == .none)
    }
}
