import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Answers in pieces")
struct AnswerStreamTests {
    private let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
        for topic in ["a", "b"] {
            try harness.createTopic(topic, partitions: 2)
            for _ in 0..<5 {
                try harness.produce(topic, partition: 1, String(repeating: "v", count: 1_000), "w")
            }
        }
    }

    /// A fetch of everything.
    private func reply() throws -> Reply {
        var request = harness.fetchRequest("a", partition: 1)
        var other = try #require(harness.fetchRequest("b", partition: 1).topics.first)
        other.partitions += try #require(harness.fetchRequest("b", partition: 0).topics.first).partitions
        request.topics.append(other)
        guard case .reply(let reply) = harness.send(request, version: 18, on: harness.connect()).outcome else {
            throw StorageError(.io, "fetch", "")
        }
        return reply
    }

    private func whole(_ reply: Reply) -> [UInt8] {
        var writer = WireWriter(capacity: 64)
        writer.writeInt32(0)
        reply.encode(into: &writer)
        writer.patchInt32(Int32(writer.count - 4), at: 0)
        return writer.copyBytes()
    }

    @Test(
        "pieces of any size are the frame as it would have been made at once",
        arguments: [1, 7, 64, 1_000, 1_000_000])
    func pieces(size: Int) throws {
        let reply = try reply()
        var stream = try #require(AnswerStream(reply))
        #expect(stream.heldBytes < 1_000)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: size)
        while stream.remaining > 0 {
            let count = try #require(piece.withUnsafeMutableBytes { stream.fill($0) })
            #expect(count == size || stream.remaining == 0)
            bytes += piece[..<count]
        }
        #expect(bytes == whole(reply))
        #expect(bytes.count > 10_000)
    }

    @Test("records of a topic that is deleted meanwhile end the answer instead of turning into others")
    func deleted() throws {
        var stream = try #require(AnswerStream(try reply()))
        var piece = [UInt8](repeating: 0, count: 2_000)
        #expect(piece.withUnsafeMutableBytes { stream.fill($0) } == 2_000)
        var request = DeleteTopicsRequest()
        request.topicNames = ["a", "b"]
        _ = try harness.call(request, version: 5)
        try harness.createTopic("a", partitions: 2)
        try harness.produce("a", partition: 1, String(repeating: "x", count: 20_000))
        #expect(piece.withUnsafeMutableBytes { stream.fill($0) } == nil)
    }
}
