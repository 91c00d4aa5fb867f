import ClusterCore
import KafkaProtocol
import NIOCore

/// One client connection of a cluster.
///
/// Requests are answered in the order in which they came. While an answer is outstanding (a long poll, a rebalance, a
/// flush), or the client reads slower than it asks, its next requests wait, and reading stops as soon as more of them
/// come in: what a client can make us hold is bounded.
///
/// Confined to the loop of its cluster.
final class KafkaConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let loop: ClusterLoop
    private let listener: ListenerName
    private let nodeID: Int32
    private var context: ChannelHandlerContext?
    /// nil before the connection is open, and once it is closed.
    private var id: ConnectionID?
    private var assembler: FrameAssembler
    /// Answers that are encoded and not yet handed to the socket.
    private var outbound = ByteBuffer()
    /// When the client was last heard or owed something, on the monotonic clock, in milliseconds.
    private var lastActivity: Int64 = 0

    /// An answer is outstanding.
    private var isPending = false
    /// The socket takes no more answers at the moment.
    private var isCongested = false
    private var isReadingPaused = false
    /// Frames are being handed out: `assembler` must be left alone.
    private var isHandling = false
    /// The last answer is on its way, and nothing comes after it.
    private var isEnding = false
    /// The client has said who it is: from the next run on, longer frames are taken. Not at once, since the assembler
    /// is at work while an answer is written.
    private var isAdmitted = false
    /// Why the connection has to be closed, found out while handling.
    private var failure: String?

    init(loop: ClusterLoop, listener: ListenerName, nodeID: Int32) {
        self.loop = loop
        self.listener = listener
        self.nodeID = nodeID
        assembler = FrameAssembler(
            maxFrameBytes: listener.needsAuthentication
                ? min(loop.limits.maxFrameBytesBeforeLogin, loop.limits.maxFrameBytes) : loop.limits.maxFrameBytes)
    }

    /// Whether the next request has to wait.
    private var isBlocked: Bool { isPending || isCongested || isEnding || failure != nil || id == nil }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        lastActivity = MonotonicClock.nowMs()
        let address = context.channel.remoteAddress?.ipAddress ?? "unknown"
        let info = ConnectionInfo(listener: listener, nodeID: nodeID, clientHost: address)
        id = loop.register(self, info)
        if id == nil {
            loop.complain("refused a connection from \(address): \(loop.limits.maxConnections) connections are open")
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard let id else {
            return
        }
        self.id = nil
        if !isHandling {
            releaseMemory()
        }
        loop.unregister(id)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Resets and broken pipes: the client is gone, which is its right. Failed handshakes are for somebody to mend.
        if id != nil, let reason = TLSFailureText.describe(error) {
            let address = context.channel.remoteAddress.map(describe) ?? "unknown"
            loop.complain("TLS handshake with \(address) on listener \(listener.rawValue) failed: \(reason)")
        }
        context.close(promise: nil)
    }

    private func releaseMemory() {
        assembler.release(loop.buffers)
        outbound = ByteBuffer()
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let chunk = unwrapInboundIn(data)
        defer { loop.buffers.giveReceiveBuffer(chunk) }
        guard id != nil, failure == nil else {
            return
        }
        lastActivity = MonotonicClock.nowMs()
        if isBlocked {
            assembler.hold(chunk, loop.buffers)
            pauseReading()
            return
        }
        run { assembler.receive(chunk, loop.buffers, step) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        sendOutbound()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isCongested = !context.channel.isWritable
        if !isCongested, !isHandling {
            resume()
        }
    }

    /// Sends the answer that was outstanding and goes on with the requests behind it.
    func deliver(_ reply: Reply) {
        guard id != nil, failure == nil else {
            return
        }
        isPending = false
        lastActivity = MonotonicClock.nowMs()
        if !append(reply) {
            fail()
            return
        }
        if isEnding {
            end()
            return
        }
        resume()
        sendOutbound()
    }

    private func resume() {
        guard !isBlocked else {
            return
        }
        if assembler.keptBytes > 0 {
            run { assembler.resume(loop.buffers, step) }
            sendOutbound()
        }
        if !isBlocked {
            resumeReading()
        }
    }

    /// Handles frames as long as nothing holds them up, and then lets the cluster's answers to others out.
    private func run(_ handOut: () -> FrameAssembler.Stop) {
        isHandling = true
        let stop = handOut()
        isHandling = false
        if isAdmitted {
            isAdmitted = false
            assembler.maxFrameBytes = loop.limits.maxFrameBytes
        }
        if case .illegalLength(let length) = stop, failure == nil {
            failure =
                length < 0
                ? "frame length \(length) is negative"
                : length >> 16 == Self.tlsRecordStart
                    ? "a TLS client on listener \(listener.rawValue), which is not encrypted"
                    : "frame of \(length) bytes exceeds the limit of \(assembler.maxFrameBytes)"
        }
        if id == nil {
            releaseMemory()
        } else if failure != nil {
            fail()
        } else if isEnding {
            end()
        }
        loop.settle()
    }

    /// Handles one frame; false when the next one has to wait.
    private func step(_ frame: UnsafeRawBufferPointer) -> Bool {
        guard let id else {
            return false
        }
        switch loop.handle(frame: frame, from: id) {
        case .reply(let reply):
            if !append(reply) {
                return false
            }
        case .pending:
            isPending = true
        case .noReply:
            break
        case .close(let reason):
            failure = reason
        }
        return !isBlocked
    }

    // MARK: Answers

    /// Encodes an answer; false when that was not possible, and the connection must end.
    private func append(_ reply: Reply) -> Bool {
        let needed = reply.expectedFrameBytes
        if outbound.writableBytes < needed {
            // What is there goes out first: a large answer is not worth moving the small ones before it.
            writeOutbound()
            outbound = loop.buffers.take(needed)
        }
        guard reply.writeFrame(to: &outbound) else {
            failure = "records for \(reply.apiKey) could not be read"
            return false
        }
        switch reply.effect {
        case .none: break
        case .admit: isAdmitted = true
        case .close: isEnding = true
        }
        if outbound.readableBytes >= loop.limits.outboundBatchBytes {
            sendOutbound()
        }
        return true
    }

    private func writeOutbound() {
        guard outbound.readableBytes > 0, let context else {
            return
        }
        context.write(wrapOutboundOut(outbound), promise: nil)
        loop.buffers.give(outbound)
        outbound = ByteBuffer()
    }

    private func sendOutbound() {
        guard outbound.readableBytes > 0, let context else {
            return
        }
        var sending = ByteBuffer()
        swap(&sending, &outbound)
        context.writeAndFlush(wrapOutboundOut(sending), promise: nil)
        loop.buffers.give(sending)
    }

    // MARK: Reading

    private func pauseReading() {
        guard !isReadingPaused, let context else {
            return
        }
        isReadingPaused = true
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
    }

    private func resumeReading() {
        guard isReadingPaused, let context else {
            return
        }
        isReadingPaused = false
        try? context.channel.syncOptions?.setOption(.autoRead, value: true)
    }

    // MARK: The end

    /// What a TLS client's first bytes say when they are read as a length: a handshake record of version 3.
    private static let tlsRecordStart = 0x1603

    /// Closes once the last answer is handed over.
    private func end() {
        sendOutbound()
        close()
    }

    /// Ends the connection because of ``failure``, with one line; answers to earlier requests still go out.
    private func fail() {
        guard let failure, id != nil else {
            return
        }
        let address = context?.channel.remoteAddress.map(describe) ?? "unknown"
        loop.complain("closing connection from \(address): \(failure)")
        sendOutbound()
        close()
    }

    private func describe(_ address: SocketAddress) -> String {
        "\(address.ipAddress ?? "unknown"):\(address.port ?? 0)"
    }

    func close() {
        context?.close(promise: nil)
    }

    /// Whether nothing was heard since `time` and nothing is owed.
    func isIdle(since time: Int64) -> Bool {
        lastActivity < time && !isPending
    }

    func closeIdle() {
        loop.logger.debug("closing a connection that was idle for \(loop.limits.maxIdleMs) ms")
        close()
    }
}
