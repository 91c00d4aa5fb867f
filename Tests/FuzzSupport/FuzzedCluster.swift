import ClusterCore
import KafkaProtocol
import LogStorage
import ProtocolSchema

/// A live cluster in memory with something of everything: a topic with records of every kind, a group with a member and
/// offsets, a link with a mirror topic.
package final class FuzzedCluster {
    package private(set) var cluster: Cluster
    package let fileSystem: MemoryFileSystem
    package private(set) var words = Vocabulary()
    /// Milliseconds since the epoch.
    package var now: Int64 = 1_700_000_000_000
    private var clock: Now { Now(wallMs: now, monotonicMs: now) }
    package let connection = ConnectionID(rawValue: 1)
    static let directory = "/data"
    private let configuration: ClusterConfiguration
    private let apis: [APIKey: ServedShape]

    /// - Parameter apis: what ``ServedShape/all(_:)`` found.
    package init(_ apis: [ServedShape], brokerConfigs: [String: String] = [:], seed: UInt64 = 7) throws {
        self.apis = Dictionary(uniqueKeysWithValues: apis.map { ($0.key, $0) })
        configuration = Self.configuration(brokerConfigs)
        fileSystem = MemoryFileSystem()
        cluster = try Cluster(
            configuration: configuration, fileSystem: fileSystem, seed: seed, now: Now(wallMs: now, monotonicMs: now))
        connect()
        try populate()
    }

    /// A cluster from what another one has left.
    /// - Throws: when it refuses to start.
    package init(_ apis: [ServedShape], reopening fileSystem: MemoryFileSystem) throws {
        self.apis = Dictionary(uniqueKeysWithValues: apis.map { ($0.key, $0) })
        configuration = Self.configuration([:])
        self.fileSystem = fileSystem
        cluster = try Cluster(
            configuration: configuration, fileSystem: fileSystem, seed: 9, now: Now(wallMs: now, monotonicMs: now))
        words.records = try Batches.plain(now: now)
        connect()
    }

    private static func configuration(_ brokerConfigs: [String: String]) -> ClusterConfiguration {
        let broker = Broker(nodeID: 1, endpoints: [.plaintext: Endpoint(host: "127.0.0.1", port: 9092)])
        var limits = ClusterLimits()
        // What one case may make, so that none takes long: the limits themselves are what is tried.
        limits.partitionsPerTopic = 8
        limits.partitions = 400
        let configs = ["offsets.topic.num.partitions": "3"].merging(brokerConfigs) { $1 }
        return ClusterConfiguration(
            clusterID: "lkc-fuzz", name: "fuzz", brokers: [broker], dataDirectory: directory, brokerConfigs: configs,
            limits: limits)
    }

    private func connect() {
        cluster.connectionOpened(
            connection, ConnectionInfo(listener: .plaintext, nodeID: 1, clientHost: "127.0.0.1"))
    }

    // MARK: What is in it

    private func populate() throws {
        try cluster.createTopic(NewTopic(name: "t", partitionCount: 3, replicationFactor: 1), now: now)
        words.topicID = cluster.topics["t"]?.id ?? .zero
        words.records = try Batches.plain(now: now)
        fill()
        try joinGroup()
        send(.offsetCommit)
        try cluster.createLink(NewLink(name: "l", configs: ["bootstrap.servers": "127.0.0.1:1"]), now: now)
        let source = SourceTopic(id: .zero, leaderEpochs: [3], startOffsets: [5], configs: [])
        let mirror = NewMirror(linkName: "l", sourceTopicName: "m")
        // It takes the broker's replication factor, which may be more than there are brokers.
        _ = try? cluster.createMirrorTopic(mirror, source: source, now: now) { _ in }
    }

    private func fill() {
        guard let log = cluster.topics["t"]?.partition(0)?.log else { return }
        for batch in Batches.all(now: now) {
            // A config may refuse some of them.
            _ = try? batch.bytes.withUnsafeBytes {
                try log.appendAsLeader($0, leaderEpoch: 0, now: now, origin: batch.origin)
            }
        }
    }

    private func joinGroup() throws {
        // Version 3 gives out a member id at once.
        send(.joinGroup, version: 3)
        var deliveries: [Delivery] = []
        for _ in 0..<4 where deliveries.isEmpty {
            now = max(now, min(cluster.nextTimer ?? now, now + 10_000))
            cluster.tick(now: clock)
            deliveries = cluster.drainDeliveries()
        }
        for case let answer as JoinGroupResponse in deliveries.map(\.reply.body) {
            words.memberID = answer.memberID
            words.generation = Int64(answer.generationID)
        }
        send(.syncGroup)
    }

    // MARK: Use

    /// A valid request of that API, by the schema.
    /// - Parameter name: what stands for every name.
    package func shape(_ api: ServedShape, version: Int16, name: String? = nil) -> RequestShape {
        words.fresh += 1
        var words = words
        words.name = name
        return RequestShape(api.definition, version: Int(version), words: words, correlationID: Int32(words.fresh))
    }

    private func send(_ key: APIKey, version: Int16? = nil) {
        guard let api = apis[key] else { return }
        handle(shape(api, version: version ?? api.versions.upperBound).frame)
    }

    /// Sends a frame, writes the answer as a transport would, and fires what is due. Returns the bytes of all answers.
    @discardableResult
    package func handle(_ frame: [UInt8]) -> [UInt8] {
        let outcome = frame.withUnsafeBytes { cluster.handle(frame: $0, from: connection, now: clock) }
        var bytes: [UInt8] = []
        switch outcome {
        case .reply(let reply): bytes += encoded(reply)
        case .close(let reason): bytes += Array(reason.utf8)
        case .pending, .noReply: break
        }
        return bytes + tick(at: now)
    }

    /// As ``handle(_:)``, and counts how often a long request made way for others.
    package func handleInSteps(_ frame: [UInt8]) -> (answer: [UInt8], steps: Int) {
        let outcome = frame.withUnsafeBytes { cluster.handle(frame: $0, from: connection, now: clock) }
        var steps = 1
        while true {
            let jobs = cluster.drainRecordChecks()
            guard !jobs.isEmpty else { break }
            for job in jobs {
                cluster.finish(job, job.perform(), now: clock)
                steps += 1
            }
        }
        if case .reply(let reply) = outcome { return (encoded(reply), steps) }
        return (tick(at: now), steps)
    }

    /// Lets the time be `time`. Returns the bytes of all late answers.
    @discardableResult
    package func tick(at time: Int64) -> [UInt8] {
        now = max(now, time)
        cluster.tick(now: clock)
        cluster.finishRecordChecks(now: clock)
        while case let syncs = cluster.drainDiskSyncs(), !syncs.isEmpty {
            for sync in syncs {
                cluster.finish(sync, sync.perform(), now: clock)
            }
        }
        if cluster.needsFlush { cluster.flush(now: clock) }
        _ = cluster.drainNotices()
        return cluster.drainDeliveries().flatMap { encoded($0.reply) }
    }

    private func encoded(_ reply: Reply) -> [UInt8] {
        var writer = WireWriter(capacity: 512)
        reply.encode(into: &writer)
        return writer.copyBytes()
    }

    /// Produces, fetches, commits, looks offsets up.
    package func use() {
        fill()
        for key in [APIKey.produce, .fetch, .listOffsets, .offsetCommit, .offsetFetch, .joinGroup, .metadata] {
            send(key)
        }
    }

    package func step<R>(_ body: (inout Cluster, Int64) throws -> R) rethrows -> R { try body(&cluster, now) }

    /// Uses the cluster, lets much time pass, and opens it again, with and without a clean stop.
    package func outlive() throws {
        use()
        for later in [1_000, 60_000, 3_600_000, 40 * 86_400_000] { tick(at: now +| Int64(later)) }
        let time = now
        try restart(cleanly: false)
        use()
        try restart(cleanly: true)
        use()
        for later in [Int64.max / 2, .max - 1, .max] {
            tick(at: later)
            use()
        }
        now = time
    }

    package func close() throws { try cluster.close() }

    package func restart(cleanly: Bool) throws {
        if cleanly { try cluster.close() }
        cluster = try Cluster(configuration: configuration, fileSystem: fileSystem, seed: 8, now: clock)
        connect()
    }
}

/// A served API with its description.
package struct ServedShape {
    package let key: APIKey
    package let definition: APIDefinition
    package let versions: ClosedRange<Int16>

    /// The APIs that clusters serve, found out by asking one.
    package static func all(_ protocolFiles: [(path: String, text: String)]) throws -> [ServedShape] {
        let definitions = try ProtocolDefinition(files: protocolFiles).apis
        let broker = Broker(nodeID: 1, endpoints: [.plaintext: Endpoint(host: "127.0.0.1", port: 9092)])
        var cluster = try Cluster(
            configuration: ClusterConfiguration(
                clusterID: "lkc-fuzz", name: "fuzz", brokers: [broker], dataDirectory: "/data"),
            fileSystem: MemoryFileSystem(), seed: 1, now: 0)
        var request = ApiVersionsRequest()
        request.clientSoftwareName = "fuzz"
        request.clientSoftwareVersion = "1"
        let answer = cluster.call(request, now: 0)
        return (answer?.apiKeys ?? []).compactMap { api in
            guard let definition = definitions.first(where: { $0.key == Int(api.apiKey) }) else { return nil }
            let lower = max(Int16(definition.versions.lower), api.minVersion)
            return ServedShape(
                key: APIKey(rawValue: api.apiKey), definition: definition, versions: lower...max(lower, api.maxVersion))
        }
    }
}
