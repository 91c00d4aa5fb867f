import ClientTestSupport
import ClusterCore
import ClusterLinking
import KafkaClient
import KafkaProtocol
import LogStorage

/// Two clusters on a network that stands still until it is told to go on, and a link between them: what happens to a
/// config where it is used.
final class LinkedClusters {
    private struct NoProgress: Error, CustomStringConvertible {
        let description: String
    }

    private static let topic = "t"
    private let network = ManualTransport()
    private let source: LinkedNode
    private let destination: LinkedNode

    init() throws {
        source = try LinkedNode("source", network)
        destination = try LinkedNode("destination", network)
        try source.createTopic(Self.topic)
    }

    /// Creates a link with that config (or sets it on one that runs), mirrors, stops, and goes on after a restart.
    /// - Throws: when records do not arrive.
    func run(_ name: String, _ value: String) throws {
        try source.produce(Self.topic)
        guard destination.createLink([name: value], to: source) || destination.createLink([:], to: source) else {
            throw NoProgress(description: "no link can be created")
        }
        destination.createMirror(Self.topic)
        try awaitMirror("after the start")
        destination.alterLink(name, value)
        try source.produce(Self.topic)
        try awaitMirror("after the change")
        try destination.restart()
        try source.produce(Self.topic)
        try awaitMirror("after the restart")
        destination.stop()
        source.stop()
    }

    private func awaitMirror(_ moment: String) throws {
        let end = source.end(Self.topic)
        // Longer than the default of anything that a link waits for.
        guard network.advance(until: { destination.end(Self.topic) == end }, atMost: 700_000, step: 1_000) else {
            throw NoProgress(description: "the mirror does not get its records \(moment)")
        }
    }
}

/// A cluster behind an address of the network, and its links.
private final class LinkedNode: FakeServer, LinkHost {
    private let address: HostPort
    private let network: ManualTransport
    private let fileSystem = MemoryFileSystem()
    private var cluster: Cluster
    private var engine: LinkEngine?
    private var connections: [ObjectIdentifier: (id: ConnectionID, peer: FakePeer)] = [:]
    private var lastConnection: UInt64 = 0
    private var timer: (any Cancellable)?

    init(_ name: String, _ network: ManualTransport) throws {
        self.network = network
        address = HostPort(host: name, port: 9092)
        cluster = try Self.open(address, fileSystem, network)
        begin()
    }

    private var clock: Now { Now(wallMs: network.nowMs, monotonicMs: network.monotonicMs) }

    private static func open(
        _ address: HostPort, _ fileSystem: MemoryFileSystem, _ network: ManualTransport
    ) throws -> Cluster {
        let endpoint = Endpoint(host: address.host, port: address.port)
        let configuration = ClusterConfiguration(
            clusterID: address.host, name: address.host,
            brokers: [Broker(nodeID: 1, endpoints: [.plaintext: endpoint])], dataDirectory: "/data")
        return try Cluster(
            configuration: configuration, fileSystem: fileSystem, seed: 3,
            now: Now(wallMs: network.nowMs, monotonicMs: network.monotonicMs))
    }

    private func begin() {
        network.serve(address, self)
        let engine = LinkEngine(host: self, random: { 0 })
        self.engine = engine
        engine.start()
    }

    func stop() {
        engine?.stop()
        engine = nil
        timer?.cancel()
        network.stopServing(address)
        network.run()
        try? cluster.close()
    }

    func restart() throws {
        stop()
        cluster = try Self.open(address, fileSystem, network)
        begin()
    }

    // MARK: What is done to it

    func createTopic(_ name: String) throws {
        _ = try withCluster { cluster, now in
            Result { try cluster.createTopic(NewTopic(name: name), now: now) }
        }.get()
    }

    func produce(_ topic: String) throws {
        var item = ProduceRequest.PartitionProduceData()
        item.records = .owned(try Batches.plain(now: network.nowMs))
        var data = ProduceRequest.TopicProduceData()
        data.name = topic
        data.topicID = withCluster { cluster, _ in cluster.topics[topic]?.id } ?? .zero
        data.partitionData = [item]
        var request = ProduceRequest()
        request.acks = -1
        request.topicData = [data]
        _ = withCluster { cluster, now in cluster.call(request, now: now) }
    }

    func end(_ topic: String) -> Int64? {
        withCluster { cluster, _ in cluster.topics[topic]?.partition(0)?.log?.logEndOffset }
    }

    func createLink(_ configs: [String: String], to source: LinkedNode) -> Bool {
        var result: Result<Void, LinkFailure>?
        let all = ["bootstrap.servers": "\(source.address)"].merging(configs) { $1 }
        engine?.createLink(NewLink(name: "l", configs: all), validateOnly: false, validateLink: true) { result = $0 }
        network.run()
        return (try? result?.get()) != nil
    }

    func createMirror(_ topic: String) {
        engine?.createMirror(NewMirror(linkName: "l", sourceTopicName: topic)) { _ in }
        network.run()
    }

    func alterLink(_ name: String, _ value: String) {
        // Most values are refused.
        try? engine?.alterLinkConfigs("l", [.set(name, value)], validateOnly: false)
        network.run()
    }

    // MARK: LinkHost

    var transport: any Transport { network }

    func withCluster<T>(_ body: (inout Cluster, Int64) -> T) -> T {
        cluster.beginStep(clock)
        defer { settle() }
        return body(&cluster, network.nowMs)
    }

    func performElsewhere<T: Sendable>(_ work: @escaping @Sendable () -> T, then: @escaping (T) -> Void) {
        network.schedule(afterMs: 0) { then(work()) }
    }

    func log(_ level: Notice.Level, _ text: String) {}

    // MARK: FakeServer

    func connected(_ peer: FakePeer) {
        lastConnection += 1
        let id = ConnectionID(rawValue: lastConnection)
        connections[ObjectIdentifier(peer)] = (id, peer)
        cluster.connectionOpened(id, ConnectionInfo(listener: .plaintext, nodeID: 1, clientHost: "127.0.0.1"))
    }

    func disconnected(_ peer: FakePeer) {
        if let connection = connections.removeValue(forKey: ObjectIdentifier(peer)) {
            cluster.connectionClosed(connection.id)
        }
    }

    func received(_ frame: [UInt8], from peer: FakePeer) {
        guard let id = connections[ObjectIdentifier(peer)]?.id else { return }
        switch frame.withUnsafeBytes({ cluster.handle(frame: $0, from: id, now: clock) }) {
        case .reply(let reply): peer.answer(Self.encode(reply))
        case .close: peer.hangUp()
        case .pending, .noReply: break
        }
        settle()
    }

    private func settle() {
        cluster.finishRecordChecks(now: clock)
        if cluster.needsFlush { cluster.flush(now: clock) }
        _ = cluster.drainNotices()
        for delivery in cluster.drainDeliveries() {
            connections.values.first { $0.id == delivery.connection }?.peer.answer(Self.encode(delivery.reply))
        }
        timer?.cancel()
        if let next = cluster.nextTimer {
            timer = network.schedule(afterMs: next -| network.monotonicMs) { [weak self] in
                guard let self else { return }
                self.cluster.tick(now: self.clock)
                self.settle()
            }
        }
    }

    private static func encode(_ reply: Reply) -> [UInt8] {
        var writer = WireWriter(capacity: 4_096)
        reply.encode(into: &writer)
        return writer.copyBytes()
    }
}
