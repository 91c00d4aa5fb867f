import ClusterCore
import ClusterLinking
import KafkaClient
import KafkaTransport
import NIOCore

/// The links of one cluster, behind its thread.
///
/// Unchecked: what is mutable is touched on the cluster's loop only.
final class LinkService: LinkHost, @unchecked Sendable {
    private let loop: ClusterLoop
    private var engine: LinkEngine?
    let transport: any Transport

    /// How clients in this process encrypt.
    let tls: ClientTLS

    init(_ loop: ClusterLoop, tls: ClientTLS) {
        self.loop = loop
        self.tls = tls
        transport = NIOClientTransport(on: loop.eventLoop, tls: tls)
    }

    // MARK: LinkHost

    func withCluster<T>(_ body: (inout Cluster, Int64) -> T) -> T {
        loop.withCluster(body)
    }

    func performElsewhere<T: Sendable>(_ work: @escaping @Sendable () -> T, then: @escaping (T) -> Void) {
        loop.readRecords(work, then: then)
    }

    func log(_ level: Notice.Level, _ text: String) {
        switch level {
        case .info: loop.logger.info("\(text)")
        case .warning: loop.logger.warning("\(text)")
        case .error: loop.logger.error("\(text)")
        }
    }

    // MARK: From other threads

    /// - Returns: whether every link knows today's addresses; ``tellAgain(_:hosts:)`` is to be called otherwise.
    func start(_ addresses: AddressBook, hosts: [String]) async throws -> Bool {
        try await loop.onLoop { [self] in
            let isTold = readdress(addresses, hosts, isFirst: true)
            let engine = LinkEngine(host: self, random: { UInt64.random(in: 0...UInt64.max) })
            self.engine = engine
            engine.start()
            return loop.eventLoop.makeSucceededFuture(isTold)
        }
    }

    /// Tries to tell links the new addresses that could not be told before, for instance since the disk was full.
    /// - Returns: whether every link knows them now.
    func tellAgain(_ addresses: AddressBook, hosts: [String]) async throws -> Bool {
        try await loop.onLoop { [self] in
            let isTold = readdress(addresses, hosts, isFirst: false)
            engine?.reconcile()
            return loop.eventLoop.makeSucceededFuture(isTold)
        }
    }

    /// Runs before the engine dials for the first time.
    /// - Parameter isFirst: whether a failure that may pass is worth a line.
    private func readdress(_ addresses: AddressBook, _ hosts: [String], isFirst: Bool) -> Bool {
        guard !addresses.isSettled else {
            return true
        }
        var isTold = true
        for link in withCluster({ cluster, _ in cluster.links.sorted }) {
            let before = link.settings.bootstrapServers
            guard let servers = addresses.rewritten(before, hosts: hosts, of: link.remoteClusterID) else {
                continue
            }
            let text = servers.joined(separator: ",")
            do throws(LinkFailure) {
                try tryCluster { (cluster, now) throws(LinkFailure) in
                    try cluster.alterLinkConfigs(
                        link.name, [LinkConfigChange.set("bootstrap.servers", text)], validateOnly: false, now: now)
                }
                log(
                    .info,
                    "link \(link.name): the source's ports have changed, bootstrap.servers is now \(text) "
                        + "(was \(before.joined(separator: ",")))")
            } catch {
                // What is refused for another reason will be refused again.
                let mayPass = error.kind == .storage
                isTold = isTold && !mayPass
                if isFirst || !mayPass {
                    let problem = "bootstrap.servers cannot be changed to \(text): \(error.message)"
                    log(.error, "link \(link.name): \(problem)\(mayPass ? "; it is tried again" : "")")
                }
            }
        }
        return isTold
    }

    /// Ends every link's work. Whoever waits for it is told so.
    func stop() async {
        try? await loop.onLoop { [self] in
            engine?.stop()
            engine = nil
            return loop.eventLoop.makeSucceededVoidFuture()
        }
    }

    /// Runs `body` on the cluster's thread.
    /// - Throws: what `body` throws, or `unavailable` outside of ``start()`` and ``stop()``.
    func run<T: Sendable>(_ body: @escaping @Sendable (LinkEngine) throws -> T) async throws -> T {
        try await loop.onLoop { [self] in
            loop.eventLoop.makeCompletedFuture { try body(running()) }
        }
    }

    /// Begins something on the cluster's thread and waits until it has called back.
    func wait<T: Sendable>(
        _ body: @escaping @Sendable (LinkEngine, @escaping (Result<T, LinkFailure>) -> Void) -> Void
    ) async throws -> T {
        try await loop.onLoop { [self] in
            let promise = loop.eventLoop.makePromise(of: T.self)
            do {
                body(try running()) { result in promise.completeWith(result.mapError { $0 as any Error }) }
            } catch {
                promise.fail(error)
            }
            return promise.futureResult
        }
    }

    private func running() throws -> LinkEngine {
        guard let engine else {
            throw LinkFailure(.storage, "The cluster is being stopped.")
        }
        return engine
    }
}
