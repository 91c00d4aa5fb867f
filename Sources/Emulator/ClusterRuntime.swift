import ClusterCore
import KafkaProtocol
import KafkaTransport
import LogStorage
import Logging
import RESTAPI

/// One running cluster: its thread, its listeners and its links.
final class ClusterRuntime: Sendable {
    let spec: ClusterSpec
    let loop: ClusterLoop
    let logger: Logger
    /// One per broker, in their order.
    let listeners: [KafkaListener]
    let linkService: LinkService
    private let brokers: [Broker]

    private init(_ spec: ClusterSpec, _ loop: ClusterLoop, _ listeners: [KafkaListener], advertisedHost: String) {
        self.spec = spec
        self.loop = loop
        self.listeners = listeners
        logger = loop.logger
        linkService = LinkService(loop)
        brokers = listeners.enumerated().map { index, listener in
            let endpoint = Endpoint(host: advertisedHost, port: Int32(listener.port))
            return Broker(nodeID: Int32(index + 1), endpoints: [.plaintext: endpoint])
        }
    }

    /// Takes the cluster's addresses, so that a port in use is known before anything slow happens.
    static func bind(
        _ spec: ClusterSpec, _ configuration: ServeConfiguration, logger: Logger
    ) async throws(StartError) -> ClusterRuntime {
        var logger = logger
        logger[metadataKey: "cluster"] = "\(spec.id)"
        let loop = ClusterLoop(limits: spec.limits, logger: logger)
        var listeners: [KafkaListener] = []
        do {
            for index in 0..<spec.brokers {
                let port = configuration.ports == .auto ? 0 : spec.port(.plaintext, brokerIndex: index)
                listeners.append(
                    try await KafkaListener.bind(
                        host: configuration.listenHost, port: port, loop: loop, listener: .plaintext,
                        nodeID: Int32(index + 1)))
            }
        } catch {
            for listener in listeners {
                await listener.close()
            }
            try? await loop.shutDown()
            throw StartError(.unavailable, "\(spec.name): \(error)")
        }
        return ClusterRuntime(spec, loop, listeners, advertisedHost: configuration.advertisedHost)
    }

    /// Replays the cluster's logs on its thread; clients that dial meanwhile wait in the system's queue.
    func open(_ configuration: ServeConfiguration) async throws(StartError) {
        let spec = spec
        let brokers = brokers
        let seed = UInt64.random(in: 0...UInt64.max)
        do {
            try await loop.open { now in
                let fileSystem: any FileSystem
                let directory: String
                switch configuration.storage {
                case .memory:
                    fileSystem = MemoryFileSystem()
                    directory = "/\(spec.id)"
                case .directory(let path):
                    fileSystem = PosixFileSystem()
                    directory = "\(path)/\(spec.id)"
                }
                return try Cluster(
                    configuration: ClusterConfiguration(
                        clusterID: spec.id, name: spec.name, brokers: brokers, dataDirectory: directory,
                        durability: configuration.durability, brokerConfigs: spec.brokerConfigs),
                    fileSystem: fileSystem, seed: seed, now: now)
            }
        } catch {
            throw StartError(.ioError, "\(spec.name) cannot be opened: \(error)")
        }
    }

    func startAccepting() async throws(StartError) {
        do {
            for listener in listeners {
                try await listener.startAccepting()
            }
        } catch {
            throw StartError(.unavailable, "\(spec.name): \(error)")
        }
    }

    /// Closes listeners, links, connections and logs.
    func stop() async throws {
        for listener in listeners {
            await listener.close()
        }
        await stopLinks()
        try await loop.shutDown()
    }

    /// `HOST:PORT` that clients are told to begin with, by listener.
    var bootstrap: [(listener: String, address: String)] {
        guard let first = brokers.first else {
            return []
        }
        return [ListenerName.plaintext, .saslSSL, .saslPlaintext].compactMap { name in
            first.endpoints[name].map { (name.rawValue, "\($0.host):\($0.port)") }
        }
    }
}

extension ClusterRuntime: ClusterBackend {
    var clusterID: String { spec.id }

    var info: ClusterInfo {
        ClusterInfo(
            name: spec.name, type: spec.type,
            bootstrap: Dictionary(uniqueKeysWithValues: bootstrap.map { ($0.listener, $0.address) }))
    }

    func call<R: KafkaRequest>(_ request: R) async throws -> R.Response {
        let response = try await loop.submit { cluster, now in cluster.call(request, now: now) }
        guard let response else {
            throw RESTError(status: 500, code: 50003, message: "\(R.apiKey) cannot be answered at once.")
        }
        return response
    }
}

extension ClusterRuntime {
    func statistics() async throws -> ClusterStatistics {
        let loop = loop
        return try await loop.submit { cluster, _ in
            let partitions = cluster.topics.all.flatMap(\.partitions)
            return ClusterStatistics(
                topics: cluster.topics.all.count, partitions: partitions.count, connections: loop.connectionCount,
                logBytes: partitions.reduce(0) { $0 + Int64($1.log?.size ?? 0) }, groups: cluster.groups.count)
        }
    }
}
