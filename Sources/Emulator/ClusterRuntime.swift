import ClusterCore
import Credentials
import KafkaClient
import KafkaProtocol
import KafkaTransport
import LogStorage
import Logging
import NIOCore
import RESTAPI
import Synchronization

/// One running cluster: its thread, its listeners and its links.
final class ClusterRuntime: Sendable {
    let spec: ClusterSpec
    let loop: ClusterLoop
    let logger: Logger
    private let listeners: [BoundListener]
    let linkService: LinkService
    let sampler = ClusterSampler()
    private let brokers: [Broker]
    private let keys: CredentialStore
    private let tls: FleetTLS
    /// What can be changed while it runs.
    private let title: Mutex<(name: String, type: ClusterType)>

    init(
        _ spec: ClusterSpec, _ loop: ClusterLoop, _ listeners: [BoundListener], advertisedHost: String,
        listenHost: String, keys: CredentialStore, tls: FleetTLS
    ) {
        self.spec = spec
        self.keys = keys
        self.tls = tls
        title = Mutex((spec.name, spec.type))
        self.loop = loop
        self.listeners = listeners
        logger = loop.logger
        linkService = LinkService(loop, tls: tls.client)
        brokers = (0..<spec.brokers).map { index in
            func endpoints(_ host: String) -> [ListenerName: Endpoint] {
                let own = listeners.filter { $0.brokerIndex == index }.map { listener in
                    (listener.name, Endpoint(host: host, port: Int32(listener.socket.port)))
                }
                return Dictionary(uniqueKeysWithValues: own)
            }
            return Broker(
                nodeID: Int32(index + 1), endpoints: endpoints(advertisedHost), listeners: endpoints(listenHost))
        }
    }

    /// Log files that a cluster keeps open: a sixteenth of what the process may have, as far as ``ProcessFiles`` has
    /// room; idle ones are closed and opened again.
    private static var openFiles: Int {
        max(16, min(PosixFileSystem.defaultOpenFileLimit, FileDescriptorLimit.raise() / 16))
    }

    /// Replays the cluster's logs on its thread; clients that dial meanwhile wait in the system's queue.
    /// - Parameter mustExist: whether the cluster had data before, so that nothing is no beginning but a loss.
    func open(_ configuration: ServeConfiguration, mustExist: Bool) async throws(StartError) {
        let spec = spec
        let brokers = brokers
        let seed = UInt64.random(in: 0...UInt64.max)
        let authenticator = ClusterAuthenticator(keys: keys, clusterID: spec.id)
        do {
            try await loop.open { now in
                let fileSystem: any FileSystem
                let directory: String
                switch configuration.storage {
                case .memory:
                    fileSystem = MemoryFileSystem()
                    directory = "/\(spec.id)"
                case .directory(let path):
                    fileSystem = PosixFileSystem(openFileLimit: Self.openFiles, budget: ProcessFiles.shared)
                    directory = "\(path)/\(spec.id)"
                }
                var cluster = ClusterConfiguration(
                    clusterID: spec.id, name: spec.name, brokers: brokers, dataDirectory: directory,
                    durability: configuration.durability,
                    brokerConfigs: ServeConfiguration.standardBrokerConfigs.merging(spec.brokerConfigs) { $1 })
                cluster.authenticator = authenticator
                cluster.mustExist = mustExist
                cluster.acceptedLosses = Set(
                    configuration.acceptedLosses.filter { ($0.cluster ?? spec.id) == spec.id }.map(\.partition))
                return try Cluster(configuration: cluster, fileSystem: fileSystem, seed: seed, now: now)
            }
        } catch let error as StorageError where error.kind == .tooNew {
            throw StartError(.configuration, "\(spec.name) cannot be opened: \(error)")
        } catch {
            throw StartError(.ioError, "\(spec.name) cannot be opened: \(error)")
        }
    }

    func startAccepting() async throws(StartError) {
        do {
            let accepting = listeners.map { $0.socket.startAccepting() }
            try await EventLoopFuture.andAllSucceed(accepting, on: loop.eventLoop).get()
        } catch {
            throw StartError(.unavailable, "\(spec.name): \(error)")
        }
    }

    /// Closes listeners, links, connections and logs.
    func stop() async throws {
        for listener in listeners {
            await listener.socket.close()
            tls.client.removeOwnPort(listener.socket.port)
        }
        await stopLinks()
        try await loop.shutDown()
    }

    func rename(_ name: String, type: ClusterType) {
        title.withLock { $0 = (name, type) }
    }

    var places: [AddressBook.Place] {
        listeners.map { listener in
            AddressBook.Place(
                cluster: spec.id, listener: listener.name.rawValue, broker: listener.brokerIndex + 1,
                port: listener.socket.port)
        }
    }

    /// `HOST:PORT` that clients are told to begin with, by listener.
    var bootstrap: [(listener: String, address: String)] {
        guard let first = brokers.first else {
            return []
        }
        return ClusterSpec.listeners.compactMap { name in
            first.endpoints[name].map { (name.rawValue, "\(HostPort(host: $0.host, port: $0.port))") }
        }
    }
}

extension ClusterRuntime: ClusterBackend {
    var clusterID: String { spec.id }

    var info: ClusterInfo {
        let (name, type) = title.withLock { $0 }
        return ClusterInfo(
            name: name, type: type,
            bootstrap: Dictionary(uniqueKeysWithValues: bootstrap.map { ($0.listener, $0.address) }))
    }

    var nowMs: Int64 { WallClock.nowMs() }

    func call<R: KafkaRequest>(_ request: R, at node: Int32?) async throws -> R.Response {
        let loop = loop
        let response: R.Response? = try await loop.onLoop {
            let promise = loop.eventLoop.makePromise(of: R.Response?.self)
            loop.withCluster { cluster, now in
                cluster.submit(request, at: node, now: now) { promise.succeed($0.map { Self.detached($0) }) }
            }
            return promise.futureResult
        }
        guard let response else {
            throw RESTError(status: 500, code: 50003, message: "\(R.apiKey) cannot be answered at once.")
        }
        return response
    }

    /// An answer that may leave the cluster's thread: logs are read there only, so their records are read now.
    private static func detached<R>(_ response: R) -> R {
        guard var fetch = response as? FetchResponse else {
            return response
        }
        for topic in fetch.responses.indices {
            for partition in fetch.responses[topic].partitions.indices {
                guard case .source? = fetch.responses[topic].partitions[partition].records else {
                    continue
                }
                let bytes = fetch.responses[topic].partitions[partition].records?.copy()
                fetch.responses[topic].partitions[partition].records = .owned(bytes ?? [])
                if bytes == nil {
                    fetch.responses[topic].partitions[partition].errorCode = ErrorCode.kafkaStorageError.rawValue
                }
            }
        }
        return fetch as? R ?? response
    }
}

extension ClusterRuntime {
    func update(_ update: TopicUpdate) async throws {
        let loop = loop
        let failure = try await loop.onLoop {
            let promise = loop.eventLoop.makePromise(of: AdminFailure?.self)
            loop.withCluster { cluster, now in
                cluster.update(update, now: now) { promise.succeed($0) }
            }
            return promise.futureResult
        }
        if let failure {
            throw RESTError(failure.code, message: failure.message)
        }
    }

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
