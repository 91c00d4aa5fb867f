import ClientTestSupport
import ClusterLinking
import KafkaClient
import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("A source that loses its tail")
struct TruncationTests {
    private let network = ManualTransport()
    private let source: ClusterNode
    private let destination: ClusterNode

    init() throws {
        source = try ClusterNode("source", on: network)
        destination = try ClusterNode("destination", on: network)
    }

    /// Ten records on both sides.
    private func mirrored() throws {
        try source.createTopic("t", partitions: 1)
        for _ in 0..<2 {
            try source.produce(sourceBatch(count: 5), to: "t", 0)
        }
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
    }

    /// The source's process dies and comes back without its last records, in a new leader epoch.
    private func crash(keeping end: Int64, writing batches: Int) throws {
        try source.stop(clean: false)
        try source.loseTail("t", 0, from: end)
        network.advance(500)
        try source.start()
        try source.raiseEpoch("t", 0)
        for _ in 0..<batches {
            try source.produce(sourceBatch(count: 5, text: "other"), to: "t", 0)
        }
    }

    private func expectFailure(_ before: [UInt8]) throws {
        #expect(network.advance(until: { (try? destination.mirror("t").state) == .failed }, atMost: 120_000))
        #expect(try destination.mirror("t").error == .unexpectedTruncation)
        #expect(try destination.bytes("t", 0) == before)
        let line = destination.lines.first { $0.contains("offsets 5 to 9") }
        #expect(line?.contains("t-0") == true)
        #expect(try !destination.verify("t").matches || source.log("t", 0).logEndOffset == 5)
    }

    @Test(
        "is noticed while the link is up, whatever was written at the same offsets since", arguments: [0, 1, 2, 5])
    func whileUp(batches: Int) throws {
        try mirrored()
        let before = try destination.bytes("t", 0)
        try crash(keeping: 5, writing: batches)
        try expectFailure(before)
    }

    @Test("is noticed when the link comes back later", arguments: [0, 1, 2, 5])
    func whileDown(batches: Int) throws {
        try mirrored()
        let before = try destination.bytes("t", 0)
        try destination.stop()
        try crash(keeping: 5, writing: batches)
        try destination.start()
        try expectFailure(before)
    }

    @Test("is noticed when both sides crash", arguments: [0, 1, 2, 5])
    func bothRestart(batches: Int) throws {
        try mirrored()
        let before = try destination.bytes("t", 0)
        try destination.stop(clean: false)
        try crash(keeping: 5, writing: batches)
        try destination.start()
        try expectFailure(before)
    }

    @Test(
        "a source that was put back from a copy, and has written others in the same epoch, fails the mirror",
        arguments: [true, false], [1, 3])
    func putBack(whileUp: Bool, batches: Int) throws {
        try mirrored()
        let before = try destination.bytes("t", 0)
        if !whileUp {
            try destination.stop()
        }
        try source.log("t", 0).truncateFully(startingAt: 0, now: 0)
        let others = try (1...batches).map { try sourceBatch(at: Int64($0 * 5), count: 5, text: "other") }
        try source.plant([sourceBatch(at: 0, count: 5)] + others, in: "t", 0)
        try source.stop()
        network.advance(500)
        try source.start()
        if !whileUp {
            try destination.start()
        }
        #expect(network.advance(until: { (try? destination.mirror("t").state) == .failed }, atMost: 120_000))
        #expect(try destination.mirror("t").error == .unexpectedTruncation)
        #expect(try destination.bytes("t", 0) == before)
        #expect(destination.lines.contains { $0.contains("another batch at offset 5") })
    }

    @Test("a source that was put back while the link was paused fails the mirror")
    func putBackWhilePaused() throws {
        try mirrored()
        let before = try destination.bytes("t", 0)
        let engine = try #require(destination.engine)
        // The connection has been used, and what it brought compared.
        try source.produce(sourceBatch(count: 1), to: "t", 0)
        #expect(network.advance(until: { (try? destination.log("t", 0).logEndOffset) == 11 }, atMost: 60_000))
        try engine.alterLinkConfigs("link", [.set("cluster.link.paused", "true")], validateOnly: false)
        network.advance(1_000)
        try source.log("t", 0).truncateFully(startingAt: 0, now: 0)
        let others = try [sourceBatch(at: 5, count: 5, text: "other"), sourceBatch(at: 10, count: 9, text: "other")]
        try source.plant([sourceBatch(at: 0, count: 5)] + others, in: "t", 0)
        try engine.alterLinkConfigs("link", [.delete("cluster.link.paused")], validateOnly: false)
        #expect(network.advance(until: { (try? destination.mirror("t").state) == .failed }, atMost: 120_000))
        #expect(try destination.mirror("t").error == .unexpectedTruncation)
        #expect(try destination.bytes("t", 0).starts(with: before))
        #expect(try destination.log("t", 0).logEndOffset == 11)
    }

    @Test("a mirror whose last batch its source has deleted goes on")
    func lastBatchDeleted() throws {
        try mirrored()
        try destination.stop()
        try source.produce(sourceBatch(count: 5), to: "t", 0)
        _ = try source.log("t", 0).deleteRecords(before: 12)
        try destination.start()
        #expect(network.advance(until: { (try? destination.log("t", 0).logEndOffset) == 15 }, atMost: 120_000))
        #expect(try destination.mirror("t").state == .active)
    }

    @Test("a source that restarts in a new epoch without losing anything is followed")
    func harmlessRestart() throws {
        try mirrored()
        try crash(keeping: 10, writing: 2)
        #expect(network.advance(until: { (try? destination.log("t", 0).logEndOffset) == 20 }, atMost: 120_000))
        #expect(try destination.mirror("t").state == .active)
        #expect(try destination.bytes("t", 0) == source.bytes("t", 0))
    }

    @Test("a source whose history knows only lower epochs than the mirror's fails it")
    func lowerEpochs() throws {
        try source.createTopic("t", partitions: 1)
        try source.plant([sourceBatch(at: 0, count: 5, epoch: 7)], in: "t", 0)
        try source.raiseEpoch("t", 0, to: 7)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        // Restored from a backup: the same topic, ten records of an earlier epoch.
        try source.log("t", 0).truncateFully(startingAt: 0, now: 0)
        try source.plant([sourceBatch(at: 0, count: 10, epoch: 2, text: "old")], in: "t", 0)
        try source.setEpoch("t", 0, to: 2)
        try source.stop()
        try source.start()
        try source.setEpoch("t", 0, to: 2)
        #expect(network.advance(until: { (try? destination.mirror("t").state) == .failed }, atMost: 120_000))
        #expect([.nonMonotonicSourceEpoch, .unexpectedTruncation].contains(try destination.mirror("t").error))
        #expect(try destination.log("t", 0).logEndOffset == 5)
    }
}

@Suite("A source that deletes from its front")
struct LogStartTests {
    private let network = ManualTransport()
    private let source: ClusterNode
    private let destination: ClusterNode

    init() throws {
        source = try ClusterNode("source", on: network)
        destination = try ClusterNode("destination", on: network)
    }

    private func mirrored(_ configs: [String: String] = [:]) throws {
        try source.createTopic("t", partitions: 1)
        for _ in 0..<4 {
            try source.produce(sourceBatch(count: 5), to: "t", 0)
        }
        try destination.createLink(to: source, configs: configs)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
    }

    private func deleteRecords(before offset: Int64) throws {
        var item = DeleteRecordsRequest.DeleteRecordsPartition()
        item.partitionIndex = 0
        item.offset = offset
        var topic = DeleteRecordsRequest.DeleteRecordsTopic()
        topic.name = "t"
        topic.partitions = [item]
        var request = DeleteRecordsRequest()
        request.topics = [topic]
        let answer = try source.call(request).topics.first?.partitions.first
        #expect(answer?.lowWatermark == offset)
    }

    private func fetchError(at offset: Int64) throws -> ErrorCode {
        var item = FetchRequest.FetchPartition()
        item.partition = 0
        item.fetchOffset = offset
        item.partitionMaxBytes = 1_000
        var topic = FetchRequest.FetchTopic()
        topic.topic = "t"
        topic.topicID = destination.cluster.topics["t"]?.id ?? .zero
        topic.partitions = [item]
        var request = FetchRequest()
        request.maxBytes = 1_000
        request.topics = [topic]
        let answer = try #require(try destination.call(request).responses.first?.partitions.first)
        return ErrorCode(rawValue: answer.errorCode)
    }

    @Test("its log start becomes the mirror's, even inside a batch, and stays after kill -9")
    func follows() throws {
        try mirrored()
        try deleteRecords(before: 7)
        #expect(network.advance(until: { (try? destination.log("t", 0).logStartOffset) == 7 }))
        #expect(try fetchError(at: 6) == .offsetOutOfRange)
        #expect(try fetchError(at: 7) == .none)
        #expect(try destination.verify("t").isComplete)
        try source.stop()
        try destination.stop(clean: false)
        try destination.start()
        #expect(try destination.log("t", 0).logStartOffset == 7)
        #expect(try fetchError(at: 6) == .offsetOutOfRange)
    }

    @Test("all of it deleted leaves an empty mirror that goes on at the same offsets")
    func followsToTheEnd() throws {
        try mirrored()
        try deleteRecords(before: 20)
        #expect(network.advance(until: { (try? destination.log("t", 0).logStartOffset) == 20 }))
        try source.produce(sourceBatch(count: 5), to: "t", 0)
        #expect(network.advance(until: { (try? destination.log("t", 0).logEndOffset) == 25 }))
        #expect(try destination.verify("t").isComplete)
    }

    @Test("a mirror whose retention is its own keeps what its source deletes")
    func keepsOwn() throws {
        try mirrored(["topic.config.sync.include": "compression.type"])
        try deleteRecords(before: 10)
        network.advance(5_000)
        #expect(try destination.log("t", 0).logStartOffset == 0)
        #expect(try destination.mirror("t").state == .active)
    }

    @Test("a jump beyond the mirror's end forgets what the mirror had, with its open transactions")
    func jumpsOverTransactions() throws {
        try source.createTopic("t", partitions: 1)
        var builder = RecordBatchBuilder(
            producerID: 9, producerEpoch: 0, baseSequence: 0, isTransactional: true)
        builder.append(key: nil, value: [1], timestamp: 1)
        try source.plant([builder.build()], in: "t", 0)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        #expect(try destination.log("t", 0).lastStableOffset == 0)
        try destination.stop()
        try source.log("t", 0).truncateFully(startingAt: 50, now: network.nowMs)
        try source.plant([sourceBatch(at: 50, count: 2)], in: "t", 0)
        try destination.start()
        #expect(network.advance(until: { (try? destination.log("t", 0).logEndOffset) == 52 }))
        #expect(try destination.log("t", 0).logStartOffset == 50)
        #expect(try destination.log("t", 0).lastStableOffset == 52)
    }
    /// The source goes on at offset 50, far behind what the mirror has, while the mirror's process is down.
    private func jump() throws {
        try destination.stop()
        try source.log("t", 0).truncateFully(startingAt: 50, now: network.nowMs)
        try source.plant([sourceBatch(at: 50, count: 2)], in: "t", 0)
        try destination.start()
        #expect(network.advance(until: { (try? destination.log("t", 0).logEndOffset) == 52 }))
    }

    @Test("a mirror whose retention is its own keeps what it has when its source jumps ahead")
    func keepsOwnOverGap() throws {
        try mirrored(["topic.config.sync.include": "compression.type"])
        let before = try destination.bytes("t", 0)
        try jump()
        let after = try before + source.bytes("t", 0)
        for _ in 0..<2 {
            #expect(try destination.bytes("t", 0) == after)
            #expect(try destination.log("t", 0).logStartOffset == 0)
            #expect(try destination.log("t", 0).lastStableOffset == 52)
            #expect(try destination.mirror("t").state == .active)
            #expect(try destination.verify("t").matches)
            try destination.stop(clean: false)
            try destination.start()
            #expect(destination.awaitMirror("t"))
        }
        // A reader that comes to the gap goes on behind it, as in a compacted log.
        let behind = try destination.log("t", 0).read(from: 20, upTo: 52, maxBytes: 1 << 20, atLeastOneBatch: true)
        #expect(behind.nextOffset == 52)
        try source.produce(sourceBatch(count: 3), to: "t", 0)
        #expect(network.advance(until: { (try? destination.log("t", 0).logEndOffset) == 55 }))
    }

    @Test("what a gap leaves undecided is cut off, what was decided before stays")
    func keepsDecidedOverGap() throws {
        try mirrored(["topic.config.sync.include": "compression.type"])
        var builder = RecordBatchBuilder(
            baseOffset: 20, producerID: 9, producerEpoch: 0, baseSequence: 0, isTransactional: true)
        builder.append(key: nil, value: [1], timestamp: 1)
        try source.plant([builder.build(), sourceBatch(at: 21, count: 4)], in: "t", 0)
        #expect(network.advance(until: { (try? destination.log("t", 0).logEndOffset) == 25 }))
        #expect(try destination.log("t", 0).lastStableOffset == 20)
        try jump()
        #expect(try destination.log("t", 0).logStartOffset == 0)
        #expect(try destination.log("t", 0).lastStableOffset == 52)
        let undecided = try destination.log("t", 0).read(from: 20, upTo: 52, maxBytes: 1, atLeastOneBatch: true)
        #expect(undecided.nextOffset == 52)
    }
}
