import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Unclean start")
struct UncleanStartTests {
    private static let data = "/data/lkc-test/"
    private static let firstSegment = "/00000000000000000000.log"

    /// Changes a file behind the cluster's back.
    private func edit(_ path: String, _ harness: ClusterHarness, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = try #require(try harness.fileSystem.contents(of: Self.data + path))
        change(&bytes)
        try harness.fileSystem.replace(Self.data + path, with: bytes, durable: false)
    }

    private func epochs(_ harness: ClusterHarness) -> [Int32] {
        harness.cluster.topics.sorted.flatMap { $0.partitions.map(\.leaderEpoch) }
    }

    @Test("every leader epoch rises, for good, by one record for all partitions")
    func rises() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders", partitions: 200)
        try harness.createTopic("others", partitions: 100)
        let end = harness.cluster.metadataLog.log.logEndOffset
        try harness.restart(cleanly: false)
        #expect(epochs(harness) == [Int32](repeating: 1, count: 300))
        #expect(harness.cluster.metadataLog.log.logEndOffset == end + 1)
        try harness.restart(cleanly: true)
        #expect(epochs(harness) == [Int32](repeating: 1, count: 300))
        try harness.createTopic("young")
        try harness.restart(cleanly: false)
        #expect(epochs(harness) == [Int32](repeating: 2, count: 300) + [1])
    }

    @Test("records written after it carry the new epoch, and the old one ends where the log was cut")
    func marksTheCut() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders")
        for value in ["a", "b", "c"] {
            try harness.produce("orders", value)
        }
        try edit("orders-0" + Self.firstSegment, harness) { $0.removeLast() }
        try harness.restart(cleanly: false)
        let notices = harness.step { $0.drainNotices() }
        let lines = notices.filter { $0.text.contains("orders-0") }
        #expect(lines.count == 1)
        #expect(lines.first?.level == .error)
        #expect(lines.first?.text.contains("ends at offset 2") == true)
        #expect(lines.first?.text.contains("no whole batch") == true)
        #expect(try harness.produce("orders", "d") == 2)
        let log = try harness.log("orders")
        #expect(log.latestLeaderEpoch == 1)
        #expect(log.endOffset(forLeaderEpoch: 0) == (0, 2))
    }

    @Test("a loss that was told is not told again, and keeps nothing offline, after a crash that follows at once")
    func crashAfterLoss() throws {
        let harness = try ClusterHarness(durability: .fsync)
        try harness.createTopic("orders")
        for value in ["a", "b", "c"] {
            harness.send(
                try harness.produceRequest("orders", values: [value]), version: 9, on: harness.connect())
            harness.flush()
        }
        harness.advance(by: 60_000)
        try edit("orders-0" + Self.firstSegment, harness) { $0.removeLast() }
        for round in 0..<2 {
            try harness.restart(cleanly: false)
            let lines = harness.step { $0.drainNotices() }.filter { $0.text.contains("orders-0") }
            #expect(lines.count == (round == 0 ? 1 : 0), "\(lines)")
            #expect(try harness.log("orders").logEndOffset == 2)
        }
    }

    @Test("a clean stop that lost records all the same raises the epochs too")
    func lossAfterCleanStop() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders")
        try harness.produce("orders", "a")
        try harness.produce("orders", "b")
        try harness.step { try $0.close() }
        try edit("orders-0" + Self.firstSegment, harness) { $0.removeLast(10) }
        try harness.restart(cleanly: false)
        #expect(harness.cluster.startedClean)
        #expect(epochs(harness) == [1])
        let notices = harness.step { $0.drainNotices() }
        #expect(
            notices.contains { $0.text.contains("orders-0") && $0.text.contains("records at offsets 1 to 1 are lost") })
    }

    @Test("where the disk is full the rise is in force at once and stored later")
    func fullDisk() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders")
        disk.fault = { operation, path in
            operation == .write && path.contains("__cluster_metadata") ? .fail(.noSpace) : nil
        }
        try harness.restart(cleanly: false)
        #expect(epochs(harness) == [1])
        disk.fault = nil
        harness.advance(by: 60_000)
        #expect(!harness.cluster.epochRiseIsDue)
        let stored = epochs(harness)
        try harness.restart(cleanly: true)
        #expect(epochs(harness) == stored)
    }

    @Test("damage inside the metadata log refuses the start and changes nothing", arguments: [true, false])
    func damagedMetadata(cleanly: Bool) throws {
        let harness = try ClusterHarness()
        for name in ["a", "b", "c"] {
            try harness.createTopic(name)
        }
        if cleanly {
            try harness.step { try $0.close() }
        }
        let path = MetadataLog.directoryName + Self.firstSegment
        try edit(path, harness) { $0[100] ^= 1 }
        let damaged = try harness.fileSystem.contents(of: Self.data + path)
        let error = #expect(throws: StorageError.self) { try harness.restart(cleanly: false) }
        #expect(error?.description.contains(MetadataLog.directoryName) == true)
        #expect(try harness.fileSystem.contents(of: Self.data + path) == damaged)
    }

    @Test("a torn last record of the metadata log is cut off with a line")
    func tornMetadata() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("a")
        try harness.createTopic("b")
        try edit(MetadataLog.directoryName + Self.firstSegment, harness) { $0.removeLast(3) }
        try harness.restart(cleanly: false)
        #expect(harness.cluster.topics["a"] != nil)
        #expect(harness.cluster.topics["b"] == nil)
        let notices = harness.step { $0.drainNotices() }
        #expect(notices.contains { $0.text.contains(MetadataLog.directoryName) && $0.level == .error })
    }
}
