import ClientTestSupport
import ClusterLinking
import KafkaClient
import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Leader epochs of mirrors")
struct MirrorEpochTests {
    @Test("after a restart of the source the epochs of all partitions of an answer rise in one commit, durably")
    func oneCommit() throws {
        let network = ManualTransport()
        let disk = FaultyFileSystem()
        let source = try ClusterNode("source", on: network)
        let destination = try ClusterNode("destination", on: network, fileSystem: disk)
        let count: Int32 = 40
        try source.createTopic("t", partitions: Int(count))
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        try destination.stop()
        for index in 0..<count {
            try source.raiseEpoch("t", index, to: 3)
            try source.produce(sourceBatch(count: 2), to: "t", index)
        }
        try destination.start()
        var commits = 0
        disk.fault = { operation, path in
            if operation == .write, path.contains("__cluster_metadata") { commits += 1 }
            return nil
        }
        #expect(network.advance(until: { (0..<count).allSatisfy { self.end(destination, $0) == 2 } }))
        #expect((1...3).contains(commits), "\(commits) commits for \(count) partitions")
        let partitions = try #require(destination.cluster.topics["t"]).partitions
        #expect(partitions.allSatisfy { $0.leaderEpoch >= 3 })
        try destination.stop()
        try destination.start()
        #expect(try #require(destination.cluster.topics["t"]).partitions.allSatisfy { $0.leaderEpoch >= 3 })
    }

    private func end(_ node: ClusterNode, _ index: Int32) -> Int64? {
        try? node.log("t", index).logEndOffset
    }

    @Test("where the epochs cannot be stored nothing is appended, and the mirror goes on when they can")
    func refused() throws {
        let network = ManualTransport()
        let disk = FaultyFileSystem()
        let source = try ClusterNode("source", on: network)
        let destination = try ClusterNode("destination", on: network, fileSystem: disk)
        try source.createTopic("t", partitions: 2)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        disk.fault = { operation, path in
            operation == .write && path.contains("__cluster_metadata") ? .fail(.noSpace) : nil
        }
        for index in 0..<Int32(2) {
            try source.raiseEpoch("t", index, to: 3)
            try source.produce(sourceBatch(count: 2), to: "t", index)
        }
        network.advance(5_000)
        #expect((0..<2).allSatisfy { end(destination, $0) == 0 })
        disk.fault = nil
        #expect(network.advance(until: { (0..<2).allSatisfy { self.end(destination, $0) == 2 } }, atMost: 120_000))
    }
}

@Suite("Mirrors in the making")
struct MirrorMakingTests {
    private let network = ManualTransport()

    @Test("partitions that follow the source are given up when the mirror stops before they are there")
    func growthIsGivenUp() throws {
        let disk = FaultyFileSystem()
        let source = try ClusterNode("source", on: network)
        let destination = try ClusterNode("destination", on: network, fileSystem: disk)
        try source.createTopic("t", partitions: 2)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        for count in stride(from: Int32(10), through: 60, by: 10) {
            try source.createPartitions("t", count: count)
        }
        #expect(network.advance(until: { !destination.cluster.making.isIdle }))
        try #require(destination.engine).deleteLink("link", force: true, validateOnly: false)
        #expect(network.advance(until: { destination.cluster.making.isIdle }))
        network.advance(1_000)
        #expect(destination.cluster.topics["t"]?.partitions.count == 2)
        #expect(!(2..<60).contains { disk.exists("/data/t-\($0)") })
        try destination.stop()
        try destination.start()
        #expect(destination.cluster.topics["t"]?.partitions.count == 2)
        #expect(try destination.produce(sourceBatch(), to: "t", 0) == .none)
    }

    @Test("the limit of mirror topics counts those that are being made")
    func limit() throws {
        var configuration = ClusterConfiguration(
            clusterID: "lkc", name: "c", brokers: [Broker(nodeID: 1, endpoints: [:])], dataDirectory: "/data")
        configuration.limits.mirrorTopics = 2
        var cluster = try Cluster(
            configuration: configuration, fileSystem: MemoryFileSystem(), seed: 1, now: network.clock)
        let link = NewLink(name: "link", configs: ["bootstrap.servers": "source:9092"])
        _ = try cluster.createLink(link, now: 0)
        func create(_ name: String, partitions: Int) throws {
            let epochs = [Int32](repeating: 0, count: partitions)
            try cluster.createMirrorTopic(
                NewMirror(linkName: "link", sourceTopicName: name),
                source: SourceTopic(id: .zero, leaderEpochs: epochs, configs: []), now: 0
            ) { _ in }
        }
        try create("a", partitions: 100)
        try create("b", partitions: 100)
        #expect(!cluster.making.isIdle)
        #expect(throws: LinkFailure.self) { try create("c", partitions: 1) }
    }

    @Test("a mirror of a paused link shows after a restart how far its source was", arguments: [true, false])
    func pausedLink(clean: Bool) throws {
        let source = try ClusterNode("source", on: network)
        let destination = try ClusterNode("destination", on: network)
        try source.createTopic("t", partitions: 2)
        try source.produce(sourceBatch(count: 5), to: "t", 0)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        #expect(destination.awaitMirror("t"))
        try pause(destination, "true")
        try source.produce(sourceBatch(count: 5), to: "t", 0)
        try destination.stop(clean: clean)
        try destination.start()
        network.advance(5_000)
        let shown = try destination.mirror("t")
        #expect(shown.state == .linkPaused)
        #expect(shown.partitions.map(\.sourceHighWatermark) == [5, 0])
        #expect(shown.partitions.map(\.lag) == [0, 0])
        try pause(destination, "false")
        #expect(network.advance(until: { (try? destination.log("t", 0).logEndOffset) == 10 }))
        #expect(try destination.mirror("t").partitions[0].sourceHighWatermark == 10)
    }

    private func pause(_ node: ClusterNode, _ value: String) throws {
        try #require(node.engine).alterLinkConfigs(
            "link", [.set("cluster.link.paused", value)], validateOnly: false)
    }
}
