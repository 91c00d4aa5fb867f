import ClientTestSupport
import ClusterLinking
import KafkaClient
import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// A whole cluster behind an address of the manual network: what a process is in production.
final class ClusterNode: FakeServer, LinkHost {
    let id: String
    let network: ManualTransport
    let fileSystem: any FileSystem
    private(set) var address: HostPort
    private(set) var cluster: Cluster
    private(set) var engine: LinkEngine?
    private(set) var lines: [String] = []
    private var durability: Durability
    private var connections: [ObjectIdentifier: (id: ConnectionID, peer: FakePeer)] = [:]
    private var nextConnection: UInt64 = 1
    private var timer: (any Cancellable)?
    /// Other threads take their time.
    var holdsWork = false
    var heldWork: [() -> Void] = []

    init(
        _ id: String, on network: ManualTransport, durability: Durability = .os,
        fileSystem: any FileSystem = MemoryFileSystem()
    ) throws {
        self.id = id
        self.fileSystem = fileSystem
        self.network = network
        self.durability = durability
        address = HostPort(host: id, port: 9092)
        cluster = try ClusterNode.open(id, address, fileSystem, durability, network.clock)
        network.serve(address, self)
        startLinks()
    }

    private static func open(
        _ id: String, _ address: HostPort, _ fileSystem: any FileSystem, _ durability: Durability, _ now: Now
    ) throws -> Cluster {
        let endpoint = Endpoint(host: address.host, port: address.port)
        let configuration = ClusterConfiguration(
            clusterID: id, name: id, brokers: [Broker(nodeID: 1, endpoints: [.plaintext: endpoint])],
            dataDirectory: "/data", durability: durability)
        return try Cluster(configuration: configuration, fileSystem: fileSystem, seed: 42, now: now)
    }

    private func startLinks() {
        let engine = LinkEngine(host: self, random: { 0 })
        self.engine = engine
        engine.start()
    }

    /// Ends the process, cleanly or by force.
    func stop(clean: Bool = true) throws {
        engine?.stop()
        engine = nil
        timer?.cancel()
        network.stopServing(address)
        network.run()
        if clean {
            try cluster.close()
        }
    }

    /// Starts a new process on the same files.
    func start(port: Int32 = 9092) throws {
        address = HostPort(host: id, port: port)
        cluster = try ClusterNode.open(id, address, fileSystem, durability, network.clock)
        network.serve(address, self)
        startLinks()
    }

    // MARK: LinkHost

    var transport: any Transport { network }

    func withCluster<T>(_ body: (inout Cluster, Int64) -> T) -> T {
        cluster.beginStep(network.clock)
        let result = body(&cluster, network.nowMs)
        deliver()
        return result
    }

    func performElsewhere<T: Sendable>(_ work: @escaping @Sendable () -> T, then: @escaping (T) -> Void) {
        let piece = { then(work()) }
        if holdsWork {
            heldWork.append(piece)
        } else {
            network.schedule(afterMs: 0, piece)
        }
    }

    func log(_ level: Notice.Level, _ text: String) {
        lines.append(text)
    }

    // MARK: FakeServer

    func connected(_ peer: FakePeer) {
        let connection = ConnectionID(rawValue: nextConnection)
        nextConnection += 1
        connections[ObjectIdentifier(peer)] = (connection, peer)
        cluster.connectionOpened(
            connection, ConnectionInfo(listener: .plaintext, nodeID: 1, clientHost: "127.0.0.1"))
    }

    func disconnected(_ peer: FakePeer) {
        if let connection = connections.removeValue(forKey: ObjectIdentifier(peer)) {
            cluster.connectionClosed(connection.id)
        }
    }

    func received(_ frame: [UInt8], from peer: FakePeer) {
        guard let connection = connections[ObjectIdentifier(peer)]?.id else {
            return
        }
        let outcome = frame.withUnsafeBytes { cluster.handle(frame: $0, from: connection, now: network.clock) }
        switch outcome {
        case .reply(let reply): peer.answer(ClusterNode.encode(reply))
        case .close: peer.hangUp()
        case .pending, .noReply: break
        }
        deliver()
    }

    private func deliver() {
        cluster.finishRecordChecks(now: network.clock)
        if cluster.needsFlush {
            cluster.flush(now: network.clock)
        }
        while case let syncs = cluster.drainDiskSyncs(), !syncs.isEmpty {
            for sync in syncs {
                cluster.finish(sync, sync.perform(), now: network.clock)
            }
        }
        for delivery in cluster.drainDeliveries() {
            let peer = connections.values.first { $0.id == delivery.connection }?.peer
            peer?.answer(ClusterNode.encode(delivery.reply))
        }
        timer?.cancel()
        if let next = cluster.nextTimer {
            timer = network.schedule(afterMs: max(0, next - network.monotonicMs)) { [weak self] in self?.tick() }
        }
    }

    private func tick() {
        cluster.tick(now: network.clock)
        deliver()
    }

    private static func encode(_ reply: Reply) -> [UInt8] {
        var writer = WireWriter(capacity: 4_096)
        reply.encode(into: &writer)
        return writer.copyBytes()
    }

    // MARK: What tests do to it

    /// The answer may have to wait for the disk, which this node's owner sees to.
    func call<R: KafkaRequest>(_ request: R) throws -> R.Response {
        var answer: R.Response?
        withCluster { cluster, now in cluster.submit(request, now: now) { answer = $0 } }
        return try #require(answer)
    }

    @discardableResult
    func createTopic(_ name: String, partitions: Int, configs: [String: String] = [:]) throws -> Topic {
        let wish = NewTopic(name: name, partitionCount: partitions, configs: configs)
        return try withCluster { cluster, now in Result { try cluster.createTopic(wish, now: now) } }.get()
    }

    /// As an administrator does it.
    func createPartitions(_ topic: String, count: Int32) throws {
        var item = CreatePartitionsRequest.CreatePartitionsTopic()
        item.name = topic
        item.count = count
        item.assignments = nil
        var request = CreatePartitionsRequest()
        request.topics = [item]
        request.timeoutMs = 1_000
        let answer = try #require(try call(request).results.first)
        #expect(answer.errorCode == 0, "\(answer)")
    }

    func log(_ topic: String, _ partition: Int32) throws -> PartitionLog {
        try #require(cluster.topics[topic]?.partition(partition)?.log)
    }

    /// Produces one batch as a client does and tells what it was answered.
    @discardableResult
    func produce(_ batch: [UInt8], to topic: String, _ partition: Int32) throws -> ErrorCode {
        var item = ProduceRequest.PartitionProduceData()
        item.index = partition
        item.records = .owned(batch)
        var data = ProduceRequest.TopicProduceData()
        data.name = topic
        data.topicID = cluster.topics[topic]?.id ?? .zero
        data.partitionData = [item]
        var request = ProduceRequest()
        request.acks = -1
        request.timeoutMs = 1_000
        request.topicData = [data]
        let answer = try #require(try call(request).responses.first?.partitionResponses.first)
        return ErrorCode(rawValue: answer.errorCode)
    }

    /// Appends batches as they are, whatever their offsets and epochs: a source with a past. Its leader is in the
    /// newest epoch, as leaders are.
    func plant(_ batches: [[UInt8]], in topic: String, _ partition: Int32) throws {
        for batch in batches {
            _ = try batch.withUnsafeBytes { try log(topic, partition).appendAsFollower($0, now: network.nowMs) }
        }
        let known = try #require(cluster.topics[topic]?.partition(partition))
        known.leaderEpoch = try max(known.leaderEpoch, log(topic, partition).latestLeaderEpoch ?? 0)
    }

    /// While stopped: what a loss of power takes from the end of a log.
    func loseTail(_ topic: String, _ partition: Int32, from offset: Int64) throws {
        let log = try PartitionLog.open(
            directory: "/data/\(topic)-\(partition)", fileSystem: fileSystem, config: LogConfig(),
            options: LogOptions())
        try log.truncate(to: offset)
        try log.close()
    }

    /// What an election, or an unclean start, does.
    func raiseEpoch(_ topic: String, _ partition: Int32, to epoch: Int32? = nil) throws {
        let known = try #require(cluster.topics[topic]?.partition(partition))
        try setEpoch(topic, partition, to: epoch ?? known.leaderEpoch + 1)
    }

    func setEpoch(_ topic: String, _ partition: Int32, to epoch: Int32) throws {
        try #require(cluster.topics[topic]?.partition(partition)).leaderEpoch = epoch
    }

    /// Every byte of a log.
    func bytes(_ topic: String, _ partition: Int32) throws -> [UInt8] {
        let log = try log(topic, partition)
        var all: [UInt8] = []
        var offset = log.logStartOffset
        while offset < log.logEndOffset {
            let slice = try log.read(
                from: offset, upTo: log.logEndOffset, maxBytes: 1 << 20, atLeastOneBatch: true)
            all += try #require(slice.records.copy())
            offset = slice.nextOffset
        }
        return all
    }

    // MARK: Links

    func createLink(
        _ name: String = "link", to source: ClusterNode, configs: [String: String] = [:], expected: String? = nil
    ) throws {
        let settings = ["bootstrap.servers": "\(source.address)", "metadata.max.age.ms": "1000"]
            .merging(configs) { _, given in given }
        var result: Result<Void, LinkFailure>?
        engine?.createLink(
            NewLink(name: name, remoteClusterID: expected, configs: settings), validateOnly: false, validateLink: true
        ) { result = $0 }
        network.run()
        try #require(result).get()
    }

    func createMirror(
        _ source: String, link: String = "link", name: String? = nil, configs: [String: String] = [:]
    ) throws {
        var result: Result<Void, LinkFailure>?
        let wish = NewMirror(linkName: link, sourceTopicName: source, mirrorTopicName: name, configs: configs)
        engine?.createMirror(wish) { result = $0 }
        network.run()
        // Many partitions are made in slices.
        _ = network.advance(until: { result != nil })
        try #require(result).get()
    }

    func mirror(_ topic: String, link: String = "link") throws -> MirrorSnapshot {
        try #require(engine).mirror(topic, link: link)
    }

    /// Lets time pass until every partition of a mirror has nothing missing.
    func awaitMirror(_ topic: String, link: String = "link") -> Bool {
        network.advance(
            until: { (try? mirror(topic, link: link))?.partitions.allSatisfy { $0.lag == 0 } == true },
            atMost: 120_000)
    }

    func verify(_ topic: String, link: String = "link") throws -> VerificationReport {
        var result: Result<VerificationReport, LinkFailure>?
        engine?.verify(topic: topic, link: link) { result = $0 }
        _ = network.advance(until: { result != nil })
        return try #require(result).get()
    }
}

/// A batch of records at an offset, as a source might hold it.
func sourceBatch(
    at offset: Int64 = 0, count: Int = 1, epoch: Int32 = 0, text: String = "value",
    compression: Compression = .none, timestamp: Int64 = 1_700_000_000_000
) throws -> [UInt8] {
    var builder = RecordBatchBuilder(compression: compression, baseOffset: offset, leaderEpoch: epoch)
    for index in 0..<count {
        builder.append(
            key: Array("key \(index)".utf8), value: Array("\(text) \(offset + Int64(index))".utf8),
            headers: [RecordHeader(key: "h", value: [1, 2])], timestamp: timestamp + Int64(index))
    }
    return try builder.build()
}

extension ManualTransport {
    var clock: Now { Now(wallMs: nowMs, monotonicMs: monotonicMs) }
}
