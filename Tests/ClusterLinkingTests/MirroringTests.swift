import ClientTestSupport
import ClusterCore
import ClusterLinking
import KafkaClient
import KafkaProtocol
import LogStorage
import Testing

@Suite("Mirroring")
struct MirroringTests {
    private let network = ManualTransport()
    private let source: ClusterNode
    private let destination: ClusterNode

    init() throws {
        source = try ClusterNode("source", on: network)
        destination = try ClusterNode("destination", on: network)
    }

    private func expectEqual(_ topic: String, _ mirror: String? = nil) throws {
        let partitions = try #require(source.cluster.topics[topic]).partitions
        for partition in partitions {
            let theirs = try source.bytes(topic, partition.index)
            #expect(try destination.bytes(mirror ?? topic, partition.index) == theirs)
            #expect(
                try destination.log(mirror ?? topic, partition.index).logEndOffset
                    == source.log(topic, partition.index).logEndOffset)
        }
    }

    private func fill(_ topic: String, _ partition: Int32, batches: Int) throws {
        for index in 0..<batches {
            let code = try source.produce(sourceBatch(count: 1 + index % 4), to: topic, partition)
            #expect(code == .none)
        }
    }

    @Test("what the source holds and what it gets later arrives byte for byte at the same offsets")
    func copies() throws {
        try source.createTopic("t", partitions: 3)
        for partition in 0..<3 as Range<Int32> {
            try fill("t", partition, batches: 5)
        }
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        try expectEqual("t")
        try fill("t", 1, batches: 20)
        #expect(destination.awaitMirror("t"))
        try expectEqual("t")
        let mirror = try destination.mirror("t")
        #expect(mirror.state == .active)
        #expect(mirror.sourceTopicID == source.cluster.topics["t"]?.id)
        #expect(destination.cluster.topics["t"]?.id != mirror.sourceTopicID)
    }

    @Test("new records arrive without waiting for the long poll to end")
    func wakesUp() throws {
        try source.createTopic("t", partitions: 1)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        network.advance(2_000)
        try fill("t", 0, batches: 1)
        network.run()
        try expectEqual("t")
    }

    @Test("producers are refused with INVALID_REQUEST, and the mirror stays as it is")
    func isReadOnly() throws {
        try source.createTopic("t", partitions: 1)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(try destination.produce(sourceBatch(), to: "t", 0) == .invalidRequest)
        #expect(try destination.log("t", 0).logEndOffset == 0)
    }

    @Test(
        "random logs with gaps, codecs, control batches and epochs arrive byte for byte",
        arguments: 0..<12 as Range<UInt64>)
    func copiesAnything(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        try source.createTopic("t", partitions: 2)
        for partition in [0, 1] as [Int32] {
            try source.plant(randomLog(&random), in: "t", partition)
        }
        let limit = String(Int.random(in: 1...4_000, using: &random))
        try destination.createLink(
            to: source, configs: ["replica.fetch.max.bytes": limit, "replica.fetch.response.max.bytes": limit])
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        try expectEqual("t")
        for partition in [0, 1] as [Int32] {
            let epoch = try #require(destination.cluster.topics["t"]?.partition(partition)).leaderEpoch
            #expect(try epoch >= destination.log("t", partition).latestLeaderEpoch ?? -1)
        }
        let report = try destination.verify("t")
        #expect(report.isComplete)
    }

    private func randomLog(_ random: inout SplitMix64) throws -> [[UInt8]] {
        var offset = Int64.random(in: 0...3, using: &random)
        var epoch = Int32.random(in: 0...2, using: &random)
        var batches: [[UInt8]] = []
        for index in 0..<Int.random(in: 1...60, using: &random) {
            // Compaction leaves gaps; leaders change.
            offset += Int64.random(in: 0...2, using: &random) * Int64.random(in: 0...50, using: &random)
            epoch += Int32.random(in: 0...9, using: &random) == 0 ? 1 : 0
            let count = Int.random(in: 1...20, using: &random)
            let codec = [Compression.none, .gzip, .snappy, .lz4, .zstd].randomElement(using: &random) ?? .none
            if index % 7 == 6 {
                batches.append(try controlBatch(at: offset, epoch: epoch))
                offset += 1
            } else {
                batches.append(try sourceBatch(at: offset, count: count, epoch: epoch, compression: codec))
                offset += Int64(count)
            }
        }
        return batches
    }

    private func controlBatch(at offset: Int64, epoch: Int32) throws -> [UInt8] {
        var builder = RecordBatchBuilder(
            baseOffset: offset, producerID: 5, producerEpoch: 0, isTransactional: true, isControl: true,
            leaderEpoch: epoch)
        // Version 0 of key (type 0: abort) and value (coordinator epoch 0).
        builder.append(key: [0, 0, 0, 0], value: [0, 0, 0, 0, 0, 0], timestamp: 1_700_000_000_000)
        return try builder.build()
    }

    @Test("a mirror resumes where it was after either side stopped, cleanly or not", arguments: [true, false])
    func resumes(clean: Bool) throws {
        try source.createTopic("t", partitions: 2)
        try fill("t", 0, batches: 10)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        try destination.stop(clean: clean)
        try fill("t", 0, batches: 3)
        try fill("t", 1, batches: 3)
        try destination.start()
        #expect(destination.awaitMirror("t"))
        try expectEqual("t")
        try source.stop(clean: clean)
        network.advance(20_000)
        try source.start()
        try fill("t", 1, batches: 4)
        #expect(
            network.advance(until: {
                (try? destination.log("t", 1).logEndOffset) == (try? source.log("t", 1).logEndOffset)
            }))
        try expectEqual("t")
        #expect(try destination.verify("t").isComplete)
    }

    @Test("a source that moved is followed once bootstrap.servers says so")
    func followsAddress() throws {
        try source.createTopic("t", partitions: 1)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        network.advance(1_000)
        try source.stop()
        try source.start(port: 19_092)
        try fill("t", 0, batches: 2)
        network.advance(30_000)
        #expect(try destination.log("t", 0).logEndOffset == 0)
        #expect(try #require(destination.engine).link("link").health == .unavailable)
        try destination.engine?.alterLinkConfigs(
            "link", [.set("bootstrap.servers", "source:19092")], validateOnly: false)
        network.run()
        try expectEqual("t")
        #expect(try #require(destination.engine).link("link").health == .active)
    }

    @Test("partitions that the source gains appear on the mirror with their records")
    func followsPartitions() throws {
        try source.createTopic("t", partitions: 1)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        try source.createPartitions("t", count: 3)
        try fill("t", 2, batches: 2)
        #expect(network.advance(until: { destination.cluster.topics["t"]?.partitions.count == 3 }))
        #expect(destination.awaitMirror("t"))
        try expectEqual("t")
    }

    @Test("a mirror with many partitions is made and grows in slices, and copies all of them")
    func manyPartitions() throws {
        try source.createTopic("t", partitions: 25)
        try fill("t", 24, batches: 2)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.cluster.topics["t"]?.partitions.count == 25)
        #expect(destination.awaitMirror("t"))
        var item = CreatePartitionsRequest.CreatePartitionsTopic()
        item.name = "t"
        item.count = 60
        item.assignments = nil
        var request = CreatePartitionsRequest()
        request.topics = [item]
        source.withCluster { cluster, now in cluster.submit(request, now: now) { _ in } }
        #expect(network.advance(until: { source.cluster.topics["t"]?.partitions.count == 60 }))
        try fill("t", 59, batches: 2)
        #expect(network.advance(until: { destination.cluster.topics["t"]?.partitions.count == 60 }))
        #expect(destination.awaitMirror("t"))
        try expectEqual("t")
    }

    @Test("a mirror begins where its source begins, even inside a batch")
    func beginsAtLogStart() throws {
        try source.createTopic("t", partitions: 1)
        try source.plant([sourceBatch(at: 0, count: 10), sourceBatch(at: 10, count: 10)], in: "t", 0)
        _ = try source.log("t", 0).deleteRecords(before: 15)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        #expect(try destination.log("t", 0).logStartOffset == 15)
        #expect(try destination.log("t", 0).logEndOffset == 20)
        #expect(try destination.verify("t").isComplete)
    }

    @Test("a mirror jumps over records that the source deleted before they were copied")
    func jumpsForward() throws {
        try source.createTopic("t", partitions: 1)
        try source.plant([sourceBatch(at: 0, count: 10)], in: "t", 0)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        try destination.stop()
        try source.plant([sourceBatch(at: 10, count: 10), sourceBatch(at: 20, count: 10)], in: "t", 0)
        _ = try source.log("t", 0).deleteRecords(before: 20)
        try destination.start()
        #expect(destination.awaitMirror("t"))
        let log = try destination.log("t", 0)
        // As a Kafka follower does it: what the source has no more, the mirror has no more.
        #expect(log.logStartOffset == 20)
        #expect(log.logEndOffset == 30)
        #expect(try destination.bytes("t", 0) == sourceBatch(at: 20, count: 10))
        #expect(try destination.verify("t").isComplete)
    }

    @Test("mirror.start.offset.spec lets a mirror begin at the end, or at a time")
    func beginsLater() throws {
        try source.createTopic("t", partitions: 1)
        let time: Int64 = 1_767_225_600_000
        for step in 0..<4 as Range<Int64> {
            let bytes = try sourceBatch(at: step * 2, count: 2, timestamp: time + step * 3_600_000)
            try source.plant([bytes], in: "t", 0)
        }
        try destination.createLink("end", to: source, configs: ["mirror.start.offset.spec": "latest"])
        try destination.createMirror("t", link: "end")
        try source.plant([sourceBatch(at: 8)], in: "t", 0)
        #expect(destination.awaitMirror("t", link: "end"))
        #expect(try destination.bytes("t", 0) == sourceBatch(at: 8))
        try destination.createLink(
            "time", to: source,
            configs: ["mirror.start.offset.spec": "2026-01-01T02:00:00Z", "cluster.link.prefix": "p."])
        try destination.createMirror("t", link: "time")
        #expect(destination.awaitMirror("p.t", link: "time"))
        #expect(try destination.log("p.t", 0).logStartOffset == 4)
        #expect(try destination.log("p.t", 0).logEndOffset == 9)
    }

    @Test("a source that lost records fails the mirror with UNEXPECTED_TRUNCATION")
    func noticesTruncation() throws {
        try source.createTopic("t", partitions: 1)
        try source.plant([sourceBatch(at: 0, count: 5), sourceBatch(at: 5, count: 5)], in: "t", 0)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        try source.log("t", 0).truncate(to: 5)
        #expect(network.advance(until: { (try? destination.mirror("t").state) == .failed }))
        #expect(try destination.mirror("t").error == .unexpectedTruncation)
        #expect(try destination.log("t", 0).logEndOffset == 10)
        #expect(try destination.produce(sourceBatch(), to: "t", 0) == .invalidRequest)
    }

    @Test("a source topic that was made anew fails the mirror with SOURCE_TOPIC_ID_CHANGED")
    func noticesRecreation() throws {
        let topic = try source.createTopic("t", partitions: 1)
        try fill("t", 0, batches: 2)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        let before = try destination.bytes("t", 0)
        _ = try source.withCluster { cluster, now in Result { try cluster.deleteTopic(topic, now: now) } }.get()
        try source.createTopic("t", partitions: 1)
        try fill("t", 0, batches: 9)
        #expect(network.advance(until: { (try? destination.mirror("t").state) == .failed }))
        #expect(try destination.mirror("t").error == .sourceTopicIDChanged)
        #expect(try destination.bytes("t", 0) == before)
    }

    @Test("a source topic that stays away fails the mirror once cluster.link.retry.timeout.ms is over")
    func noticesDeletion() throws {
        let topic = try source.createTopic("t", partitions: 1)
        try destination.createLink(to: source, configs: ["cluster.link.retry.timeout.ms": "30000"])
        try destination.createMirror("t")
        network.advance(1_000)
        _ = try source.withCluster { cluster, now in Result { try cluster.deleteTopic(topic, now: now) } }.get()
        network.advance(25_000)
        // Until then it shows what is known.
        #expect(try destination.mirror("t").state == .sourceUnavailable)
        #expect(try destination.mirror("t").error == .sourceTopicMayBeDeleted)
        network.advance(10_000)
        #expect(try destination.mirror("t").state == .failed)
        #expect(try destination.mirror("t").error == .sourceTopicMayBeDeleted)
    }

    @Test("a mirror topic that is deleted here is not written any more, and its name is free")
    func survivesDeletion() throws {
        try source.createTopic("t", partitions: 1)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        let mirror = try #require(destination.cluster.topics["t"])
        _ = try destination.withCluster { cluster, now in Result { try cluster.deleteTopic(mirror, now: now) } }.get()
        try fill("t", 0, batches: 3)
        network.advance(5_000)
        #expect(destination.cluster.topics["t"] == nil)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        try expectEqual("t")
    }

    @Test("pausing stops copying and resuming goes on, for one mirror and for the whole link")
    func pauses() throws {
        try source.createTopic("t", partitions: 1)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        network.advance(1_000)
        let engine = try #require(destination.engine)
        try engine.setPaused(true, topic: "t", link: "link")
        try fill("t", 0, batches: 1)
        network.advance(10_000)
        #expect(try destination.mirror("t").state == .paused)
        #expect(try destination.log("t", 0).logEndOffset == 0)
        try engine.setPaused(false, topic: "t", link: "link")
        network.run()
        try expectEqual("t")
        try engine.alterLinkConfigs("link", [.set("cluster.link.paused", "true")], validateOnly: false)
        try fill("t", 0, batches: 1)
        network.advance(10_000)
        #expect(try destination.mirror("t").state == .linkPaused)
        #expect(try engine.link("link").health == .paused)
        #expect(try destination.log("t", 0).logEndOffset == 1)
        try engine.alterLinkConfigs("link", [.delete("cluster.link.paused")], validateOnly: false)
        network.run()
        try expectEqual("t")
    }

    @Test("with durability fsync mirrored records become visible")
    func copiesDurably() throws {
        let durable = try ClusterNode("durable", on: network, durability: .fsync)
        try source.createTopic("t", partitions: 1)
        try fill("t", 0, batches: 4)
        try durable.createLink(to: source)
        try durable.createMirror("t")
        #expect(durable.awaitMirror("t"))
        #expect(try durable.log("t", 0).highWatermark == source.log("t", 0).highWatermark)
    }

    @Test("mirrors of mirrors work: a chain of three clusters holds the same bytes")
    func chains() throws {
        let third = try ClusterNode("third", on: network)
        try source.createTopic("t", partitions: 1)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        try third.createLink(to: destination)
        try third.createMirror("t")
        try fill("t", 0, batches: 6)
        network.advance(2_000)
        try expectEqual("t")
        #expect(try third.bytes("t", 0) == source.bytes("t", 0))
    }
}
