import ClusterCore
import NIOCore
import NIOEmbedded
import Testing

@testable import KafkaTransport

/// TLS takes a while to close a connection: meanwhile the client may go on sending.
@Suite("Connections that are being closed")
struct ClosingTests {
    /// Keeps a connection open that was closed, as TLS does until the client agrees.
    private final class SlowEnd: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {}
    }

    /// ApiVersions, version 0, as a frame.
    private var request: ByteBuffer { ByteBuffer(bytes: [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 255, 255]) }

    /// How many answers there are to a request before and to one after the connection was closed.
    private func answers(
        from loop: ClusterLoop, closing: (KafkaConnectionHandler) throws -> Void
    ) throws -> (before: Int, after: Int) {
        let handler = KafkaConnectionHandler(loop: loop, listener: .plaintext, nodeID: 1)
        let channel = EmbeddedChannel(handlers: [SlowEnd(), handler])
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 9092), promise: nil)
        func ask() throws -> Int {
            try channel.writeInbound(request)
            var count = 0
            while try channel.readOutbound(as: ByteBuffer.self) != nil { count += 1 }
            return count
        }
        let before = try ask()
        try closing(handler)
        return (before, try ask())
    }

    @Test("what a client sends after we have closed is not handled")
    func afterClose() async throws {
        try await TestLoop.run { loop, _ in
            let counts = try await loop.onLoop {
                loop.eventLoop.makeCompletedFuture { try answers(from: loop) { $0.close() } }
            }
            #expect(counts == (before: 1, after: 0))
        }
    }

    @Test("nor is what comes when the cluster has ended")
    func afterTheEnd() async throws {
        try await TestLoop.run { loop, _ in
            let counts = try await loop.onLoop {
                loop.eventLoop.makeCompletedFuture {
                    try answers(from: loop) { _ in try loop.closeOnLoop() }
                }
            }
            #expect(counts == (before: 1, after: 0))
        }
    }
}
