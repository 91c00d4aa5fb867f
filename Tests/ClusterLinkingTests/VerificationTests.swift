import ClientTestSupport
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
}

@Suite("SHA-256")
struct SHA256Tests {
    private func digest(_ pieces: [[UInt8]]) -> String {
        var hash = SHA256()
        for piece in pieces {
            piece.withUnsafeBytes { hash.update($0) }
        }
        return hash.hexDigest()
    }

    @Test(
        "the examples of the standard come out",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func examples(text: String, expected: String) {
        #expect(digest([Array(text.utf8)]) == expected)
    }

    @Test("a million letters come out as in the standard, however they are cut")
    func million() {
        let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(digest([letters]) == expected)
        var pieces: [[UInt8]] = []
        var rest = letters[...]
        var size = 1
        while !rest.isEmpty {
            pieces.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
            size = size % 200 + 1
        }
        #expect(digest(pieces) == expected)
    }
}
