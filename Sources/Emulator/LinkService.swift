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

    func log(_ level: Notice.Level, _ text: String) {
        switch level {
        case .info: loop.logger.info("\(text)")
        case .warning: loop.logger.warning("\(text)")
        case .error: loop.logger.error("\(text)")
        }
    }

    // MARK: From other threads

    func start() async throws {
        try await loop.onLoop { [self] in
            let engine = LinkEngine(host: self, random: { UInt64.random(in: 0...UInt64.max) })
            self.engine = engine
            engine.start()
            return loop.eventLoop.makeSucceededVoidFuture()
        }
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
