import ClientTestSupport
import ClusterLinking
import KafkaClient
import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("What a mirror leaves behind when it becomes a topic of its own")
struct MirrorStoppingTests {
    private let network = ManualTransport()
    private let source: ClusterNode
    private let destination: ClusterNode

    init() throws {
        source = try ClusterNode("source", on: network)
        destination = try ClusterNode("destination", on: network)
    }

    private func batch(
        producer: Int64, sequence: Int32, isTransactional: Bool = false, at offset: Int64 = 0, text: String = "v"
    ) throws -> [UInt8] {
        var builder = RecordBatchBuilder(
            baseOffset: offset, producerID: producer, producerEpoch: 0, baseSequence: sequence,
            isTransactional: isTransactional)
        builder.append(key: nil, value: Array(text.utf8), timestamp: 1_700_000_000_000)
        return try builder.build()
    }

    /// A mirror of a topic with a finished producer (0), and one whose transaction never ends (1); then its link goes.
    private func stoppedMirror() throws {
        try source.createTopic("t", partitions: 1)
        try source.plant(
            [
                batch(producer: 0, sequence: 0), batch(producer: 0, sequence: 1, at: 1),
                batch(producer: 1, sequence: 0, isTransactional: true, at: 2), batch(producer: 0, sequence: 2, at: 3),
            ], in: "t", 0)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        #expect(try destination.log("t", 0).activeProducers.count == 2)
        try #require(destination.engine).deleteLink("link", force: true, validateOnly: false)
    }

    /// Producer id and first offset of each.
    private func aborted(_ log: PartitionLog, upTo end: Int64) throws -> [[Int64]] {
        try log.abortedTransactions(from: 0, upTo: end).map { [$0.producerID, $0.firstOffset] }
    }

    @Test("a new producer with an id of the source's is not taken for it", arguments: [nil, true, false])
    func newProducers(cleanRestart: Bool?) throws {
        try stoppedMirror()
        if let cleanRestart {
            try destination.stop(clean: cleanRestart)
            try destination.start()
        }
        let log = try destination.log("t", 0)
        #expect(log.activeProducers.isEmpty)
        for (producer, offset) in [(0, 4), (1, 5)] as [(Int64, Int64)] {
            #expect(try destination.produce(batch(producer: producer, sequence: 0), to: "t", 0) == .none)
            #expect(log.logEndOffset == offset + 1)
        }
        // Their own repetitions are known, also after the next crash.
        try destination.stop(clean: false)
        try destination.start()
        #expect(try destination.produce(batch(producer: 0, sequence: 0), to: "t", 0) == .none)
        #expect(try destination.log("t", 0).logEndOffset == 6)
        #expect(try destination.produce(batch(producer: 0, sequence: 1), to: "t", 0) == .none)
        #expect(try destination.log("t", 0).logEndOffset == 7)
    }

    @Test("a transaction that was open counts as aborted: readers of committed records go on", arguments: [true, false])
    func openTransaction(clean: Bool) throws {
        try stoppedMirror()
        let before = try destination.log("t", 0)
        #expect(before.lastStableOffset == 4)
        #expect(try aborted(before, upTo: 4) == [[1, 2]])
        for _ in 0..<2 {
            try destination.stop(clean: clean)
            try destination.start()
            let log = try destination.log("t", 0)
            #expect(log.lastStableOffset == 4)
            #expect(try aborted(log, upTo: 4) == [[1, 2]])
        }
    }

    @Test("a crash between the record that ends the mirror and the logs' forgetting changes nothing")
    func crashInBetween() throws {
        try source.createTopic("t", partitions: 1)
        try source.plant(
            [batch(producer: 0, sequence: 0), batch(producer: 1, sequence: 0, isTransactional: true, at: 1)],
            in: "t", 0)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        let topic = try #require(destination.cluster.topics["t"])
        try destination.withCluster { cluster, now in
            Result { try cluster.store(cluster.stopping(topic, now: now), now: now) }
        }.get()
        #expect(try destination.log("t", 0).activeProducers.count == 2)
        try destination.stop(clean: false)
        try destination.start()
        let log = try destination.log("t", 0)
        #expect(log.activeProducers.isEmpty)
        #expect(log.lastStableOffset == 2)
        #expect(try aborted(log, upTo: 2) == [[1, 1]])
        #expect(try destination.produce(batch(producer: 0, sequence: 0), to: "t", 0) == .none)
        #expect(log.logEndOffset == 3)
    }

    @Test("a tail that is lost later does not make its successors strangers")
    func lostTail() throws {
        try stoppedMirror()
        try destination.stop(clean: false)
        try destination.loseTail("t", 0, from: 2)
        try destination.start()
        #expect(try destination.log("t", 0).logEndOffset == 2)
        #expect(try destination.produce(batch(producer: 0, sequence: 0), to: "t", 0) == .none)
        try destination.stop(clean: false)
        try destination.start()
        #expect(try destination.produce(batch(producer: 0, sequence: 0), to: "t", 0) == .none)
        #expect(try destination.log("t", 0).logEndOffset == 3)
    }

    @Test("the leader epoch rises, so that own records can be told from the source's at the same offsets")
    func newEpoch() throws {
        try source.createTopic("t", partitions: 1)
        try source.plant([sourceBatch(at: 0, epoch: 3)], in: "t", 0)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        try #require(destination.engine).deleteLink("link", force: true, validateOnly: false)
        #expect(destination.cluster.topics["t"]?.partition(0)?.leaderEpoch == 4)
        try destination.produce(sourceBatch(), to: "t", 0)
        #expect(try destination.log("t", 0).latestLeaderEpoch == 4)
        #expect(try destination.log("t", 0).endOffset(forLeaderEpoch: 3).endOffset == 1)
    }
}
