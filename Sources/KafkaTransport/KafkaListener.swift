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
    /// - Returns: the listener, later; a failure is a ``TransportError``. Begin many before waiting for any: to go from
    ///   thread to thread takes longer than to bind.
    package static func bind(
        host: String, port: Int, loop: ClusterLoop, listener: ListenerName, nodeID: Int32, tls: ServerTLS? = nil
    ) -> EventLoopFuture<KafkaListener> {
        let bootstrap = bootstrap(loop: loop, listener: listener, nodeID: nodeID, tls: tls)
        // Without the system's resolver where there is nothing to resolve.
        let address = try? SocketAddress(ipAddress: host, port: port)
        let bound = address.map(bootstrap.bind(to:)) ?? bootstrap.bind(host: host, port: port)
        return bound.map { channel in
            KafkaListener(channel, port: channel.localAddress?.port ?? port)
        }.flatMapErrorThrowing { error in
            throw switch error {
            case let error as IOError: TransportError.binding(host, port, code: error.errnoCode)
            case is SocketAddressError.UnknownHost:
                TransportError.cannotListen(host: host, port: port, reason: "the host name has no address")
            default: TransportError.cannotListen(host: host, port: port, reason: "\(error)")
            }
        }
    }

    private static func bootstrap(
        loop: ClusterLoop, listener: ListenerName, nodeID: Int32, tls: ServerTLS?
    ) -> ServerBootstrap {
        ServerBootstrap(group: loop.group)
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
            // What a client sent before it hung up is handled, whatever the listener.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
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
    }

    /// Ciphertext is kept by the TLS library until a record is whole: it cannot lie in memory that connections share.
    private static func receiveAllocator(_ tls: ServerTLS?, _ loop: ClusterLoop) -> any RecvByteBufferAllocator {
        tls == nil ? SharedReceiveAllocator(loop.buffers) : TLSBuffers.allocator
    }

    package func startAccepting() -> EventLoopFuture<Void> {
        channel.setOption(.autoRead, value: true)
    }

    /// Stops listening; connections live on.
    package func close() async {
        try? await channel.close().get()
    }
}
