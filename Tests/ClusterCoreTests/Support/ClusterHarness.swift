import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// A cluster on a file system in memory, with a clock that only the test moves. Requests travel as encoded frames, so
/// every test of a handler also tests its codec.
final class ClusterHarness {
    private(set) var cluster: Cluster
    let fileSystem: any FileSystem
    private(set) var configuration: ClusterConfiguration
    /// Milliseconds since the epoch.
    var now: Int64 = 1_700_000_000_000
    /// How far the wall clock was set forward (or back) while time went on.
    private var wallStep: Int64 = 0
    var clock: Now { Now(wallMs: now, monotonicMs: now - wallStep) }
    private var nextConnection: UInt64 = 1
    private var nextCorrelation: Int32 = 1
    /// Whether records that are to be looked at elsewhere wait for ``finishRecordChecks()``.
    var holdsRecordChecks = false
    private var heldRecordChecks: [RecordCheckJob] = []
    private var answers: [ConnectionID: [(correlationID: Int32, reply: Reply)]] = [:]

    init(
        brokers: Int = 1, brokerConfigs: [String: String] = [:], durability: Durability = .os,
        limits: ClusterLimits = ClusterLimits(), fileSystem: any FileSystem = MemoryFileSystem(), seed: UInt64 = 7
    ) throws {
        configuration = ClusterConfiguration(
            clusterID: "lkc-test", name: "test", brokers: Self.brokers(brokers), dataDirectory: "/data/lkc-test",
            durability: durability, brokerConfigs: brokerConfigs, limits: limits)
        self.fileSystem = fileSystem
        cluster = try Cluster(
            configuration: configuration, fileSystem: fileSystem, seed: seed, now: Now(wallMs: now, monotonicMs: now))
        collect()
    }

    private static func brokers(_ count: Int) -> [Broker] {
        (1...count).map { node in
            Broker(
                nodeID: Int32(node),
                endpoints: [.plaintext: Endpoint(host: "127.0.0.1", port: Int32(9082 + 10 * node))])
        }
    }

    /// Starts a new cluster on the same files, after a clean close or, without one, as after `kill -9`.
    func restart(
        cleanly: Bool = true, brokers: Int? = nil, accepting losses: Set<String> = [], seed: UInt64 = 8
    ) throws {
        configuration.acceptedLosses = losses
        if let brokers {
            configuration.brokers = Self.brokers(brokers)
        }
        if cleanly {
            try cluster.close()
        }
        answers = [:]
        cluster = try Cluster(configuration: configuration, fileSystem: fileSystem, seed: seed, now: clock)
        collect()
    }

    func connect(node: Int32 = 1, clientHost: String = "127.0.0.1") -> ConnectionID {
        let id = ConnectionID(rawValue: nextConnection)
        nextConnection += 1
        cluster.connectionOpened(id, ConnectionInfo(listener: .plaintext, nodeID: node, clientHost: clientHost))
        return id
    }

    func disconnect(_ connection: ConnectionID) {
        cluster.connectionClosed(connection)
        collect()
    }

    /// Changes the cluster from inside, as an owner would.
    func step<R>(_ body: (inout Cluster) throws -> R) rethrows -> R {
        defer { collect() }
        cluster.beginStep(clock)
        return try body(&cluster)
    }

    /// Moves the clock and fires what has become due on the way, each at its own time.
    func advance(by milliseconds: Int64) {
        let end = now + milliseconds
        while let due = cluster.nextTimer, due + wallStep <= end {
            now = max(now, due + wallStep)
            cluster.tick(now: clock)
            collect()
        }
        now = end
    }

    /// Somebody sets the wall clock; no time passes.
    func setWallClock(forward milliseconds: Int64) {
        now += milliseconds
        wallStep += milliseconds
    }

    /// Sends a request; the answer is read with ``answer(to:_:)``, at once or after time has passed.
    @discardableResult
    func send<R: KafkaRequest>(
        _ request: R, version: Int16, on connection: ConnectionID, clientID: String? = "test"
    ) -> (sent: SentRequest<R>, outcome: FrameOutcome) {
        let correlationID = nextCorrelation
        nextCorrelation += 1
        var writer = WireWriter(capacity: 256)
        RequestHeader(apiKey: R.apiKey, apiVersion: version, correlationID: correlationID, clientID: clientID)
            .encode(into: &writer)
        request.encode(into: &writer, version: version)
        let frame = writer.copyBytes()
        let outcome = frame.withUnsafeBytes { cluster.handle(frame: $0, from: connection, now: clock) }
        if case .reply(let reply) = outcome {
            answers[connection, default: []].append((reply.correlationID, reply))
        }
        collect()
        return (SentRequest(correlationID: correlationID, version: version, connection: connection), outcome)
    }

    /// Sends a request and expects its answer at once, or as soon as partitions are made.
    func call<R: KafkaRequest>(
        _ request: R, version: Int16? = nil, on connection: ConnectionID? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> R.Response {
        let version = version ?? R.servedVersions.upperBound
        let (sent, outcome) = send(request, version: version, on: connection ?? connect())
        // What is made in slices takes some turns.
        while !cluster.making.isIdle, try answer(to: sent) == nil {
            advance(by: 1)
        }
        return try #require(
            try answer(to: sent), "no answer at once to \(R.self) v\(version): \(outcome)",
            sourceLocation: sourceLocation)
    }

    /// What was sent to a request's client, not decoded.
    func reply<R: KafkaRequest>(to sent: SentRequest<R>) -> Reply? {
        answers[sent.connection]?.first { $0.correlationID == sent.correlationID }?.reply
    }

    /// The decoded answer, or nil while there is none.
    func answer<R: KafkaRequest>(to sent: SentRequest<R>) throws -> R.Response? {
        guard let found = answers[sent.connection]?.first(where: { $0.correlationID == sent.correlationID }) else {
            return nil
        }
        var writer = WireWriter(capacity: found.reply.sizeHint)
        found.reply.encode(into: &writer)
        let failed = writer.failure
        try #require(!failed, "stored records could not be read")
        return try decode(R.Response.self, writer.copyBytes(), sent)
    }

    private func decode<R: KafkaRequest>(
        _ type: R.Response.Type, _ bytes: [UInt8], _ sent: SentRequest<R>
    ) throws -> R.Response {
        // Records of a decoded answer point into its bytes, so those must live as long as the test.
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 8)
        memory.copyBytes(from: bytes)
        var reader = WireReader(UnsafeRawBufferPointer(rebasing: memory[..<bytes.count]))
        let header = try ResponseHeader(from: &reader, apiKey: R.apiKey, version: sent.version)
        #expect(header.correlationID == sent.correlationID)
        let response = try R.Response(from: &reader, version: sent.version)
        try reader.finish()
        return response
    }

    /// Runs the flush that an owner would run at the end of its turn.
    func flush() {
        cluster.flush(now: clock)
        collect()
    }

    /// Looks at the records that are held, and at those that follow; returns how often a thread was asked.
    @discardableResult
    func finishRecordChecks() -> Int {
        var jobs = 0
        while case let count = performRecordChecks(), count > 0 {
            jobs += count
        }
        return jobs
    }

    /// Looks only at what was handed out; returns how many jobs that were.
    @discardableResult
    func performRecordChecks() -> Int {
        let jobs = heldRecordChecks
        heldRecordChecks = []
        for job in jobs {
            cluster.finish(job, job.perform(), now: clock)
        }
        collect()
        return jobs.count
    }

    /// Hands on what other threads were asked for, and keeps the answers.
    private func collect() {
        heldRecordChecks += cluster.drainRecordChecks()
        if !holdsRecordChecks, !heldRecordChecks.isEmpty {
            finishRecordChecks()
        }
        while case let syncs = cluster.drainDiskSyncs(), !syncs.isEmpty {
            for sync in syncs {
                cluster.finish(sync, sync.perform(), now: clock)
            }
        }
        for delivery in cluster.drainDeliveries() {
            answers[delivery.connection, default: []].append((delivery.reply.correlationID, delivery.reply))
        }
    }
}

/// A request under way.
struct SentRequest<R: KafkaRequest> {
    let correlationID: Int32
    let version: Int16
    let connection: ConnectionID
}

extension ClusterHarness {
    /// Creates a topic and returns its id.
    @discardableResult
    func createTopic(
        _ name: String, partitions: Int32 = 1, replicationFactor: Int16 = 1, configs: [String: String] = [:]
    ) throws -> KafkaUUID {
        var topic = CreateTopicsRequest.CreatableTopic()
        topic.name = name
        topic.numPartitions = partitions
        topic.replicationFactor = replicationFactor
        topic.configs = configs.sorted { $0.key < $1.key }.map { entry in
            var config = CreateTopicsRequest.CreatableTopicConfig()
            config.name = entry.key
            config.value = entry.value
            return config
        }
        var request = CreateTopicsRequest()
        request.topics = [topic]
        let result = try #require(try call(request).topics.first)
        try #require(result.errorCode == 0, "\(result.errorMessage ?? "")")
        return result.topicID
    }

    /// A produce request with one batch of these values.
    func produceRequest(
        _ topic: String, partition: Int32 = 0, values: [String], acks: Int16 = -1
    ) throws -> ProduceRequest {
        var builder = RecordBatchBuilder()
        for value in values {
            builder.append(key: nil, value: Array(value.utf8), timestamp: now)
        }
        return produceRequest(topic, partition: partition, batch: try builder.build(), acks: acks)
    }

    func produceRequest(_ topic: String, partition: Int32 = 0, batch: [UInt8], acks: Int16 = -1) -> ProduceRequest {
        var data = ProduceRequest.PartitionProduceData()
        data.index = partition
        data.records = .owned(batch)
        var entry = ProduceRequest.TopicProduceData()
        entry.name = topic
        entry.topicID = cluster.topics[topic]?.id ?? .zero
        entry.partitionData = [data]
        var request = ProduceRequest()
        request.acks = acks
        request.timeoutMs = 30_000
        request.topicData = [entry]
        return request
    }

    /// Produces and expects success; returns the base offset.
    @discardableResult
    func produce(_ topic: String, partition: Int32 = 0, _ values: String...) throws -> Int64 {
        let response = try call(produceRequest(topic, partition: partition, values: values))
        let result = try #require(response.responses.first?.partitionResponses.first)
        try #require(result.errorCode == 0, "\(result.errorMessage ?? "code \(result.errorCode)")")
        return result.baseOffset
    }
}
