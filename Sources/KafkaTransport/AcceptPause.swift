import NIOCore

/// Stops accepting for a while when the system has no file descriptor (or memory) for another connection: the
/// connection that waits would wake the loop again and again.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    static let pauseMs: Int64 = 250

    private let loop: ClusterLoop
    private var isPaused = false

    init(loop: ClusterLoop) {
        self.loop = loop
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError else {
            return context.fireErrorCaught(error)
        }
        loop.complain("a connection could not be accepted: \(systemText(error.errnoCode))")
        guard !isPaused else {
            return
        }
        isPaused = true
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        let channel = context.channel
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Self.pauseMs)) { [weak self] in
            self?.isPaused = false
            if channel.isActive {
                try? channel.syncOptions?.setOption(.autoRead, value: true)
            }
        }
    }
}
