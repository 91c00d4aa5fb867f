import ClientTestSupport
import ClusterLinking
import KafkaClient
import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("What keeps a mirror from getting on")
struct MirrorHindranceTests {
    private let network = ManualTransport()
    private let disk = FaultyFileSystem()
    private let source: ClusterNode
    private let destination: ClusterNode

    init() throws {
        source = try ClusterNode("source", on: network)
        destination = try ClusterNode("destination", on: network, fileSystem: disk)
        try source.createTopic("t", partitions: 2)
        try source.produce(sourceBatch(count: 5), to: "t", 0)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
    }

    @Test("a full disk shows while it lasts, is logged once, and the mirror goes on by itself when there is room")
    func fullDisk() throws {
        disk.fault = { operation, path in
            operation == .write && path.contains("/t-0/") ? .fail(.noSpace) : nil
        }
        try source.produce(sourceBatch(count: 5), to: "t", 0)
        #expect(network.advance(until: { (try? destination.mirror("t").errorMessage) != nil }))
        let stuck = try destination.mirror("t")
        #expect(stuck.state == .active)
        #expect(stuck.errorMessage?.contains("/t-0/") == true)
        network.advance(30_000)
        #expect(destination.lines.count { $0.contains("t-0 of link link cannot be mirrored for now") } == 1)
        #expect(try destination.mirror("t").errorMessage == stuck.errorMessage)
        disk.fault = nil
        #expect(destination.awaitMirror("t"))
        #expect(try destination.mirror("t").errorMessage == nil)
        #expect(destination.lines.count { $0.contains("t-0 of link link is mirrored again") } == 1)
        #expect(try destination.bytes("t", 0) == source.bytes("t", 0))
    }

    @Test("a partition that is offline shows too")
    func offline() throws {
        try destination.stop()
        disk.fault = { _, path in path.contains("/t-1/") ? .fail(.io) : nil }
        try destination.start()
        network.advance(3_000)
        #expect(try destination.mirror("t").errorMessage == "the log of t-1 is offline")
        disk.fault = nil
        #expect(network.advance(until: { (try? destination.mirror("t").errorMessage) == .some(nil) }, atMost: 120_000))
    }

    @Test("a mirror that has failed shows after a restart how far its source was", arguments: [true, false])
    func failedLag(clean: Bool) throws {
        try source.stop(clean: false)
        try source.loseTail("t", 0, from: 0)
        network.advance(500)
        try source.start()
        try source.raiseEpoch("t", 0)
        #expect(network.advance(until: { (try? destination.mirror("t").state) == .failed }, atMost: 120_000))
        let before = try destination.mirror("t").partitions
        #expect(before.allSatisfy { $0.lag >= 0 && $0.sourceHighWatermark >= 0 })
        try destination.stop(clean: clean)
        try destination.start()
        network.advance(5_000)
        let after = try destination.mirror("t").partitions
        #expect(after.map(\.lag) == before.map(\.lag))
        #expect(after.map(\.sourceHighWatermark) == before.map(\.sourceHighWatermark))
    }

    @Test("a paused mirror shows what it lacked, also after a restart, until it is resumed")
    func pausedLag() throws {
        try destination.engine?.setPaused(true, topic: "t", link: "link")
        try source.produce(sourceBatch(count: 5), to: "t", 0)
        network.advance(5_000)
        try destination.stop()
        try destination.start()
        network.advance(5_000)
        #expect(try destination.mirror("t").partitions.map(\.sourceHighWatermark) == [5, 0])
        #expect(try destination.mirror("t").partitions.map(\.lag) == [0, 0])
        try destination.engine?.setPaused(false, topic: "t", link: "link")
        #expect(network.advance(until: { (try? destination.log("t", 0).logEndOffset) == 10 }))
        #expect(try destination.mirror("t").partitions[0].sourceHighWatermark == 10)
    }

    @Test("a mirror whose log cannot begin where it is to begin leaves nothing behind")
    func beginsOrIsNot() throws {
        try source.createTopic("late", partitions: 2)
        try source.produce(sourceBatch(count: 7), to: "late", 1)
        try destination.createLink("latest", to: source, configs: ["mirror.start.offset.spec": "latest"])
        disk.fault = { _, path in path.hasSuffix("00000000000000000007.log") ? .fail(.noSpace) : nil }
        #expect(throws: LinkFailure.self) { try destination.createMirror("late", link: "latest") }
        #expect(destination.cluster.topics["late"] == nil)
        disk.fault = nil
        network.advance(1_000)
        #expect(!disk.exists("/data/late-0") && !disk.exists("/data/late-1"))
        try destination.createMirror("late", link: "latest")
        #expect(try destination.log("late", 1).logStartOffset == 7)
        try source.produce(sourceBatch(count: 1), to: "late", 1)
        #expect(network.advance(until: { (try? destination.log("late", 1).logEndOffset) == 8 }))
        try destination.stop(clean: false)
        try destination.start()
        #expect(try destination.log("late", 1).logStartOffset == 7)
    }
}
