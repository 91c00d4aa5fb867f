import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Feature levels")
struct FeatureLevelTests {
    private func record(_ level: Int16) -> MetadataChange {
        var record = FeatureLevelRecord()
        record.name = FeatureLevels.name
        record.featureLevel = level
        return .featureLevel(record)
    }

    /// What is stored, not what is held.
    private func stored(_ harness: ClusterHarness) throws -> [String: Int16] {
        var levels: [String: Int16] = [:]
        var log = harness.cluster.metadataLog
        _ = try log.replay { change in
            if case .featureLevel(let record) = change {
                levels[record.name] = record.featureLevel
            }
        }
        return levels
    }

    @Test("the first start writes the level of Twinlog's formats, and Kafka's")
    func firstStart() throws {
        let harness = try ClusterHarness()
        let expected: [String: Int16] = ["twinlog.metadata.version": 1, "metadata.version": 29]
        #expect(try stored(harness) == expected)
        let end = harness.cluster.metadataLog.log.logEndOffset
        try harness.restart(cleanly: false)
        #expect(harness.cluster.metadataLog.log.logEndOffset == end)
        #expect(harness.cluster.features.finalized == expected)
    }

    @Test("a directory from before there were levels is upgraded, durably")
    func upgrade() throws {
        let disk = MemoryFileSystem()
        let directory = "/data/lkc-test"
        try disk.makeDirectory(directory)
        let log = try PartitionLog.open(
            directory: directory + "/" + MetadataLog.directoryName, fileSystem: disk, config: LogConfig(), topicID: nil,
            cleanShutdown: false, now: 0)
        var topic = TopicRecord()
        topic.name = "old"
        topic.topicID = KafkaUUID(high: 1, low: 2)
        try log.appendCoordinatorBatch(
            [(key: nil, value: MetadataChange.topic(topic).encoded())], leaderEpoch: 0, now: 0)
        try log.close()
        let harness = try ClusterHarness(fileSystem: disk)
        #expect(harness.cluster.topics["old"] != nil)
        #expect(try stored(harness)[FeatureLevels.name] == FeatureLevels.current)
    }

    @Test("a newer level is refused, whatever else is in the log")
    func newer() throws {
        let harness = try ClusterHarness()
        try harness.step { try $0.commit([record(FeatureLevels.current + 1)], now: harness.now) }
        let error = #expect(throws: StorageError.self) { try harness.restart() }
        #expect(error?.kind == .tooNew)
        #expect(error?.detail.contains("newer") == true)
    }

    @Test("a full disk keeps an old directory from being upgraded, not from being served")
    func fullDisk() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders")
        try harness.step { try $0.commit([record(0)], now: harness.now) }
        disk.fault = { operation, path in
            operation == .write && path.contains("__cluster_metadata") && path.hasSuffix(".log") ? .fail(.noSpace) : nil
        }
        try harness.restart(cleanly: false)
        #expect(harness.cluster.topics["orders"] != nil)
        #expect(harness.step { $0.drainNotices() }.contains { $0.text.contains("feature levels") })
    }
}
