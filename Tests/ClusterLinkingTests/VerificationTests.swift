import ClientTestSupport
import ClusterCore
import KafkaClient
import KafkaProtocol
import Testing

@testable import ClusterLinking

@Suite("Verifying mirrors")
struct VerificationTests {
    private let partition = TopicPartition("t", 0)

    private func compare(
        _ source: [[UInt8]], _ mirror: [[UInt8]], range: OffsetRange = OffsetRange(start: 0, end: 100)
    ) -> PartitionVerification {
        var comparison = PartitionComparison(partition, source: range, mirror: range)
        while !comparison.isDone {
            Array(source.joined()).withUnsafeBytes { theirs in
                Array(mirror.joined()).withUnsafeBytes { ours in
                    comparison.take(source: theirs, mirror: ours)
                }
            }
        }
        return comparison.result
    }

    @Test("equal sides have equal hashes and counts")
    func equal() throws {
        let batches = try [sourceBatch(at: 0, count: 3), sourceBatch(at: 7, count: 2)]
        let result = compare(batches, batches)
        #expect(result.difference == nil)
        #expect(result.source.hash == result.mirror.hash)
        #expect(result.source.batches == 2 && result.source.records == 5)
        #expect(result.source.bytes == batches.joined().count)
    }

    @Test("one changed byte anywhere is found")
    func everyByte() throws {
        let batch = try sourceBatch(at: 0, count: 2)
        // The length and magic are what the walk itself stands on.
        for position in batch.indices
        where !(0..<12).contains(position) && position != 16 && !(23..<27).contains(position) {
            var changed = batch
            changed[position] ^= 1
            let result = compare([batch], [changed])
            #expect(result.difference == "the batches at offset 0 differ at byte \(position)")
            #expect(result.source.hash != result.mirror.hash)
        }
    }

    @Test("a batch that one side lacks is named")
    func missing() throws {
        let batches = try [sourceBatch(at: 0), sourceBatch(at: 1), sourceBatch(at: 2)]
        #expect(compare(batches, [batches[0], batches[2]]).difference?.contains("offset 1") == true)
        #expect(
            compare([batches[0], batches[2]], batches).difference
                == "the source has a batch at offset 2, the mirror at 1")
        #expect(compare(batches, [batches[0]]).difference == "the mirror has no batch at offset 1")
        #expect(compare([batches[0]], batches).difference == "the source has no batch at offset 1")
    }

    @Test("only what both sides hold is compared")
    func range() throws {
        let batches = try (0..<6).map { try sourceBatch(at: Int64($0)) }
        var comparison = PartitionComparison(
            partition, source: OffsetRange(start: 2, end: 6), mirror: OffsetRange(start: 0, end: 4))
        #expect(comparison.offset == 2 && comparison.end == 4)
        Array(batches[2...].joined()).withUnsafeBytes { theirs in
            Array(batches[2..<4].joined()).withUnsafeBytes { ours in comparison.take(source: theirs, mirror: ours) }
        }
        #expect(comparison.isDone)
        #expect(comparison.result.difference == nil)
        #expect(comparison.result.source.batches == 2)
        #expect(comparison.result.lag == 2)
    }

    @Test("chunks that end at different batches are compared all the same")
    func unevenChunks() throws {
        let batches = try (0..<10).map { try sourceBatch(at: Int64($0)) }
        let range = OffsetRange(start: 0, end: 10)
        var comparison = PartitionComparison(partition, source: range, mirror: range)
        while !comparison.isDone {
            let next = Int(comparison.offset)
            Array(batches[next...].prefix(3).joined()).withUnsafeBytes { theirs in
                Array(batches[next...].prefix(2).joined()).withUnsafeBytes { ours in
                    comparison.take(source: theirs, mirror: ours)
                }
            }
        }
        #expect(comparison.result.difference == nil)
        #expect(comparison.result.source.batches == 10)
    }

    @Test("a mirror that differs from its source is found through the engine")
    func findsTampering() throws {
        let network = ManualTransport()
        let source = try ClusterNode("source", on: network)
        let destination = try ClusterNode("destination", on: network)
        try source.createTopic("t", partitions: 2)
        try source.plant([sourceBatch(at: 0, count: 4)], in: "t", 1)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        #expect(try destination.verify("t").isComplete)
        try source.plant([sourceBatch(at: 4, text: "theirs")], in: "t", 1)
        try destination.engine?.setPaused(true, topic: "t", link: "link")
        try destination.plant([sourceBatch(at: 4, text: "others")], in: "t", 1)
        let report = try destination.verify("t")
        #expect(!report.matches)
        #expect(report.partitions[0].difference == nil)
        #expect(report.partitions[1].difference?.hasPrefix("the batches at offset 4 differ") == true)
    }

    /// A mirror whose batches another thread has been given to compare, and what came of it so far.
    private func comparing() throws -> (ManualTransport, ClusterNode, () -> Result<VerificationReport, LinkFailure>?) {
        let network = ManualTransport()
        let source = try ClusterNode("source", on: network)
        let destination = try ClusterNode("destination", on: network)
        try source.createTopic("t", partitions: 1)
        try source.plant([sourceBatch(at: 0, count: 4, compression: .gzip)], in: "t", 0)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        destination.holdsWork = true
        var result: Result<VerificationReport, LinkFailure>?
        destination.engine?.verify(topic: "t", link: "link") { result = $0 }
        network.advance(1_000)
        #expect(destination.heldWork.count == 1 && result == nil)
        return (network, destination, { result })
    }

    @Test("batches are compared elsewhere: the cluster does not wait for that")
    func comparesElsewhere() throws {
        let (network, destination, result) = try comparing()
        destination.heldWork[0]()
        network.advance(1_000)
        #expect(destination.heldWork.count == 1)
        let report = try #require(result()).get()
        #expect(report.isComplete && report.partitions[0].source.records == 4)
    }

    @Test("who waits for a comparison is told at once when links stop, and once only")
    func cancelsComparison() throws {
        let (network, destination, result) = try comparing()
        destination.engine?.stop()
        #expect(throws: LinkFailure.self) { try #require(result()).get() }
        destination.heldWork[0]()
        network.advance(1_000)
        #expect(destination.heldWork.count == 1)
        #expect(throws: LinkFailure.self) { try #require(result()).get() }
    }

    @Test("two empty topics are equal, and the report says that this proves nothing")
    func nothing() throws {
        let network = ManualTransport()
        let source = try ClusterNode("source", on: network)
        let destination = try ClusterNode("destination", on: network)
        try source.createTopic("t", partitions: 2)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        let report = try destination.verify("t")
        #expect(report.matches && report.isComplete && report.isEmpty)
        // SHA-256 of no bytes, from FIPS 180-4.
        let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(report.partitions.allSatisfy { $0.source.hash == hash && $0.mirror.hash == hash })
        try source.produce(sourceBatch(), to: "t", 0)
        #expect(destination.awaitMirror("t"))
        #expect(try !destination.verify("t").isEmpty)
    }

    @Test("a partition that only the source has makes the mirror differ")
    func missingPartition() throws {
        let network = ManualTransport()
        let source = try ClusterNode("source", on: network)
        let destination = try ClusterNode("destination", on: network)
        try source.createTopic("t", partitions: 1)
        try source.produce(sourceBatch(), to: "t", 0)
        try destination.createLink(to: source, configs: ["metadata.max.age.ms": "300000"])
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        try source.createPartitions("t", count: 3)
        let report = try destination.verify("t")
        #expect(!report.matches)
        #expect(report.difference == "the source has 3 partitions, the mirror 1")
        #expect(report.partitions.map(\.partition) == [0])
        #expect(report.partitions[0].difference == nil)
    }

    @Test("a source topic that is gone is named")
    func goneTopic() throws {
        let network = ManualTransport()
        let source = try ClusterNode("source", on: network)
        let destination = try ClusterNode("destination", on: network)
        let topic = try source.createTopic("t", partitions: 1)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        _ = try source.withCluster { cluster, now in Result { try cluster.deleteTopic(topic, now: now) } }.get()
        do {
            _ = try destination.verify("t")
            Issue.record("there is nothing to compare with")
        } catch let failure as LinkFailure {
            #expect(failure.kind == .sourceTopicNotFound)
            #expect(failure.message.contains("no topic 't'"))
        }
    }

    @Test("records are counted from where both sides begin, even inside a batch")
    func countsFromStart() throws {
        let batches = try [sourceBatch(at: 0, count: 10), sourceBatch(at: 10, count: 4, compression: .gzip)]
        let bytes = Array(batches.joined())
        var comparison = PartitionComparison(
            partition, source: OffsetRange(start: 7, end: 14), mirror: OffsetRange(start: 7, end: 14))
        bytes.withUnsafeBytes { comparison.take(source: $0, mirror: $0) }
        #expect(comparison.isDone)
        #expect(comparison.result.source.batches == 2)
        #expect(comparison.result.source.records == 7)
        #expect(comparison.result.mirror.records == 7)
    }

    @Test("a chunk without a whole batch proves nothing: more is asked for, and in the end it is a difference")
    func chunkWithoutBatch() throws {
        let batch = try sourceBatch(at: 0, count: 3)
        let range = OffsetRange(start: 0, end: 3)
        var comparison = PartitionComparison(partition, source: range, mirror: range)
        var asked = [comparison.chunkBytes]
        while !comparison.isDone {
            batch.dropLast().withUnsafeBytes { part in
                batch.withUnsafeBytes { comparison.take(source: part, mirror: $0) }
            }
            asked.append(comparison.chunkBytes)
        }
        #expect(comparison.result.difference == "the source sends no whole batch at offset 0")
        #expect(asked == asked.sorted() && asked.last == PartitionComparison.largestChunkBytes)
        #expect(comparison.offset == 0)
        // A client leaves the part out and only says that there was one.
        comparison = PartitionComparison(partition, source: range, mirror: range)
        batch.withUnsafeBytes { comparison.take(source: .init(start: nil, count: 0), isCut: true, mirror: $0) }
        #expect(!comparison.isDone && comparison.offset == 0)
        batch.withUnsafeBytes { comparison.take(source: $0, mirror: $0) }
        #expect(comparison.isDone && comparison.result.difference == nil && comparison.result.source.records == 3)
    }

    @Test("neither do bytes of the mirror that are no batch, on both sides or on one")
    func mirrorWithoutBatch() throws {
        let batch = try sourceBatch(at: 0, count: 3)
        let range = OffsetRange(start: 0, end: 3)
        for source in [batch, []] {
            var comparison = PartitionComparison(partition, source: range, mirror: range)
            source.withUnsafeBytes { theirs in
                batch.dropLast().withUnsafeBytes { comparison.take(source: theirs, mirror: $0) }
            }
            #expect(comparison.result.difference == "the mirror holds what is no batch at offset 0")
        }
    }
}
