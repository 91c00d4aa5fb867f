import ClusterCore
import Credentials
import KafkaTransport
import Logging
import NIOCore

/// A listener of one broker.
struct BoundListener: Sendable {
    let brokerIndex: Int
    let name: ListenerName
    let socket: KafkaListener
}

/// A cluster that takes its addresses, so that a port in use is known before anything slow happens. All listeners are
/// begun before any is waited for, and so are those of several clusters.
struct ClusterBinding: Sendable {
    let spec: ClusterSpec
    private let configuration: ServeConfiguration
    private let keys: CredentialStore
    private let tls: FleetTLS
    private let loop: ClusterLoop
    private let wanted: [Wanted]

    private struct Wanted: Sendable {
        let brokerIndex: Int
        let name: ListenerName
        let listener: EventLoopFuture<KafkaListener>
    }

    /// Begins.
    init(
        _ spec: ClusterSpec, _ configuration: ServeConfiguration, keys: CredentialStore, tls: FleetTLS, logger: Logger
    ) {
        var logger = logger
        logger[metadataKey: "cluster"] = "\(spec.id)"
        let loop = ClusterLoop(limits: spec.limits, logger: logger)
        self.spec = spec
        self.configuration = configuration
        self.keys = keys
        self.tls = tls
        self.loop = loop
        wanted = (0..<spec.brokers).flatMap { index in
            ClusterSpec.listeners.map { name in
                let listener = KafkaListener.bind(
                    host: configuration.listenHost,
                    port: configuration.ports == .auto ? 0 : spec.port(name, brokerIndex: index),
                    loop: loop, listener: name, nodeID: Int32(index + 1), tls: name.isEncrypted ? tls.server : nil)
                return Wanted(brokerIndex: index, name: name, listener: listener)
            }
        }
    }

    /// The cluster with its addresses.
    /// - Throws: ``StartError`` for the first listener that could not be had, after closing the others.
    func finish() async throws(StartError) -> ClusterRuntime {
        var listeners: [BoundListener] = []
        var failure: StartError?
        for each in wanted {
            do {
                let socket = try await each.listener.get()
                listeners.append(BoundListener(brokerIndex: each.brokerIndex, name: each.name, socket: socket))
            } catch {
                let isInUse = (error as? TransportError)?.isInUse == true
                let hint = isInUse ? ": choose others with --port-base or --ports auto" : ""
                let place = "\(each.name.rawValue) of broker \(each.brokerIndex + 1)"
                failure = failure ?? StartError(.unavailable, "\(spec.name): \(place) \(error)\(hint)")
            }
        }
        if let failure {
            for listener in listeners {
                await listener.socket.close()
            }
            try? await loop.shutDown()
            throw failure
        }
        for listener in listeners where listener.name.isEncrypted {
            tls.client.addOwnPort(listener.socket.port)
        }
        return ClusterRuntime(
            spec, loop, listeners, advertisedHost: configuration.advertisedHost, listenHost: configuration.listenHost,
            keys: keys, tls: tls)
    }
}
