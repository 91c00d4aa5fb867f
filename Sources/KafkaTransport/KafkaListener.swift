import ClusterCore
import NIOCore
import NIOPosix

/// One listening socket of one virtual broker.
package final class KafkaListener: Sendable {
    private let channel: any Channel
    /// The port, also when the system chose it.
    package let port: Int

    private init(_ channel: any Channel, port: Int) {
        self.channel = channel
        self.port = port
    }

    /// Takes the address: from now on the system queues connections, until ``startAccepting()``.
    ///
    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - tls: what to show to clients when the listener is encrypted.
    /// - Throws: ``TransportError``.
    package static func bind(
        host: String, port: Int, loop: ClusterLoop, listener: ListenerName, nodeID: Int32, tls: ServerTLS? = nil
    ) async throws -> KafkaListener {
        let bootstrap = ServerBootstrap(group: loop.group)
            .serverChannelOption(.backlog, value: loop.limits.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptPause(loop: loop))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: receiveAllocator(tls, loop))
            .childChannelOption(
                .writeBufferWaterMark,
                value: .init(low: loop.limits.outboundLowWaterMark, high: loop.limits.outboundHighWaterMark)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(try tls.makeHandler())
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        KafkaConnectionHandler(loop: loop, listener: listener, nodeID: nodeID))
                }
            }
        do {
            let channel = try await bootstrap.bind(host: host, port: port).get()
            return KafkaListener(channel, port: channel.localAddress?.port ?? port)
        } catch let error as IOError {
            throw TransportError.binding(host, port, code: error.errnoCode)
        } catch is SocketAddressError.UnknownHost {
            throw TransportError.cannotListen(host: host, port: port, reason: "the host name has no address")
        } catch {
            throw TransportError.cannotListen(host: host, port: port, reason: "\(error)")
        }
    }

    /// Ciphertext is kept by the TLS library until a record is whole: it cannot lie in memory that connections share.
    private static func receiveAllocator(_ tls: ServerTLS?, _ loop: ClusterLoop) -> any RecvByteBufferAllocator {
        tls == nil ? SharedReceiveAllocator(loop.buffers) : TLSBuffers.allocator
    }

    package func startAccepting() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }

    /// Stops listening; connections live on.
    package func close() async {
        try? await channel.close().get()
    }
}
