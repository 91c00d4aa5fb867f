import ClusterCore
import KafkaProtocol
import NIOCore

/// One client connection of a cluster: bytes in, answers out. Whose turn it is, ``ConnectionTurns`` decides.
///
/// Confined to the loop of its cluster.
final class KafkaConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let loop: ClusterLoop
    private let listener: ListenerName
    private let nodeID: Int32
    private(set) var context: ChannelHandlerContext?
    /// nil before the connection is open, and once it is closed.
    private(set) var id: ConnectionID?
    /// Milliseconds since the epoch at which the connection was opened.
    private(set) var connectedMs: Int64 = 0
    private var turns = ConnectionTurns()
    private var assembler: FrameAssembler
    /// Answers that are encoded and not yet handed to the socket.
    private var outbound = ByteBuffer()
    /// A long answer of which not everything has left.
    private var stream: AnswerStream?
    /// When the client was last heard, or took something long, on the monotonic clock, in milliseconds.
    private var lastActivity: Int64 = 0
    private var isReading = true
    /// Frames are being handed out: `assembler` must be left alone.
    private var isRunning = false
    /// The client has said who it is: from the next run on, longer frames are taken. Not at once, since the assembler
    /// is at work while an answer is written.
    private var isAdmitted = false
    /// When the frames that are being handed out have to make way for others, on the monotonic clock, in milliseconds.
    private var turnEnd: Int64 = 0
    /// The last long frame took as long as a slice.
    private var wasSlow = false
    /// The connection's last answer has something to say, which the client is given time to read.
    private var saysFarewell = false
    /// The client sends no more.
    private var hasHungUp = false
    private var isLeaving = false
    /// It waits for its turn; kept by the loop.
    var isQueued = false

    // What the cluster's budget knows of this connection.
    private var charged = 0
    /// Bytes handed to the socket since it was last asked what it still holds.
    private var writtenSinceCount = 0

    init(loop: ClusterLoop, listener: ListenerName, nodeID: Int32) {
        self.loop = loop
        self.listener = listener
        self.nodeID = nodeID
        assembler = FrameAssembler(
            maxFrameBytes: listener.needsAuthentication
                ? min(loop.limits.maxFrameBytesBeforeLogin, loop.limits.maxFrameBytes) : loop.limits.maxFrameBytes,
            maxShortFrameBytes: loop.limits.maxShortFrameBytes)
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        lastActivity = MonotonicClock.nowMs()
        connectedMs = WallClock.nowMs()
        let address = context.channel.remoteAddress?.ipAddress ?? "unknown"
        let info = ConnectionInfo(listener: listener, nodeID: nodeID, clientHost: address)
        id = loop.register(self, info)
        if id == nil {
            turns.closed()
            loop.complain("refused a connection from \(address): \(loop.whyFull)")
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        turns.closed()
        guard let id else {
            return
        }
        self.id = nil
        stream = nil
        outbound = ByteBuffer()
        if !isRunning {
            assembler.release(loop.buffers)
        }
        loop.endUpload(id)
        loop.charge(-charged)
        charged = 0
        loop.unregister(id)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if ServerTLS.isEndWithoutWord(error) {
            // What came before it is whole: requests say how long they are.
            return
        }
        // Resets and broken pipes: the client is gone, which is its right. Failed handshakes are for somebody to mend.
        if id != nil, let reason = TLSFailureText.describe(error) {
            let address = context.channel.remoteAddress.map(describe) ?? "unknown"
            loop.complain("TLS handshake with \(address) on listener \(listener.rawValue) failed: \(reason)")
        }
        context.close(promise: nil)
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let chunk = unwrapInboundIn(data)
        defer { loop.buffers.giveReceiveBuffer(chunk) }
        guard id != nil else {
            return
        }
        lastActivity = MonotonicClock.nowMs()
        switch turns.received() {
        case .drop: return
        case .keep: assembler.hold(chunk, loop.buffers)
        case .handle: run { assembler.receive(chunk, loop.buffers, step) }
        }
        recount()
        holdLongUpload()
        applyReading()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        hasHungUp = true
        leaveIfDone()
    }

    /// Closes after a client that has hung up, once what it sent before is handled, as Kafka does: nobody answers a
    /// producer with acks=0, so it closes as soon as everything is sent. An answer that is on its way is finished, and
    /// what we are working on is answered; an answer that depends on others (a long poll) is not waited for.
    func leaveIfDone() {
        guard hasHungUp, !isLeaving, let id, let context, !turns.isSending,
            !(turns.isBlocked && assembler.keptBytes > 0), !loop.isWorking(for: id)
        else {
            return
        }
        isLeaving = true
        sendOutbound()
        // Not at once: what the socket has not taken yet would be thrown away.
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { [weak self] _ in
            self?.close()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        sendOutbound()
        recount()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        let action = turns.socketBecame(writable: isWritable)
        if isWritable {
            lastActivity = MonotonicClock.nowMs()
            send()
        }
        perform(action)
        recount()
    }

    /// Sends the answer that was outstanding and goes on with the requests behind it.
    func deliver(_ reply: Reply) {
        guard id != nil, !turns.isFinal else {
            return
        }
        lastActivity = MonotonicClock.nowMs()
        append(reply)
        perform(turns.delivered())
        sendOutbound()
        recount()
    }

    /// There may be memory for what had to wait.
    func memoryIsThere() {
        lastActivity = MonotonicClock.nowMs()
        perform(turns.memoryIsThere())
        sendOutbound()
        recount()
        holdLongUpload()
        applyReading()
    }

    private func perform(_ action: ConnectionTurns.Action) {
        switch action {
        case .none: break
        case .handle:
            run { assembler.resume(loop.buffers, step) }
            sendOutbound()
        case .end: end()
        case .fail(let reason): fail(reason)
        }
        applyReading()
        leaveIfDone()
    }

    /// Handles frames as long as nothing holds them up, and then lets the cluster's answers to others out.
    private func run(_ handOut: () -> FrameAssembler.Stop) {
        turns.beginHandling()
        isRunning = true
        let now = MonotonicClock.nowMs()
        turnEnd = loop.turnEnd(now)
        if turnEnd < now {
            leaveTurn()
        }
        let stop = handOut()
        isRunning = false
        if isAdmitted {
            isAdmitted = false
            assembler.maxFrameBytes = loop.limits.maxFrameBytes
        }
        switch stop {
        case .illegalLength(let length): turns.failed(assembler.complaint(aboutLength: length, on: listener))
        case .tooLong(let key, let length):
            let limit = loop.limits.maxShortFrameBytes
            turns.failed("\(key) request of \(length) bytes: only Produce may have more than \(limit)")
        case .needsMore, .held: break
        }
        let action = turns.endHandling(keepsBytes: assembler.keptBytes > 0, wasHeld: stop == .held)
        if id == nil {
            assembler.release(loop.buffers)
        } else {
            perform(action)
        }
        loop.settle()
    }

    /// Handles one frame.
    private func step(_ frame: UnsafeRawBufferPointer) -> FrameAssembler.Taken {
        guard let id, !turns.isBlocked else {
            return .notYet
        }
        let isLong = frame.count > RequestElements.longFrameBytes
        // Records have many bytes and are quick, as a rule. Who is let in although memory is short need not ask again.
        if isLong, wasSlow || APIKey(startOf: frame) != .produce, !loop.mayBeginLongFrame, !loop.letsOneIn {
            leaveTurn()
            return .notYet
        }
        if loop.mustWait(frame, of: id) {
            turns.awaitMemory()
            return .notYet
        }
        let begin = isLong ? NIODeadline.now() : nil
        switch loop.handle(frame: frame, from: id) {
        case .reply(let reply): append(reply)
        case .pending: turns.leftPending()
        case .noReply: break
        case .close(let reason): turns.failed(reason)
        }
        if let begin {
            wasSlow = loop.endSlice(since: begin)
        }
        if !turns.isBlocked, MonotonicClock.nowMs() >= turnEnd {
            leaveTurn()
        }
        return turns.isBlocked ? .last : .next
    }

    /// Lets others have their turn before the next frame.
    private func leaveTurn() {
        if let id, !turns.isOutOfTurn {
            turns.leaveTurn()
            loop.awaitTurn(id)
        }
    }

    /// It is this connection's turn again: with its long answer, or with its next requests.
    func turnCame() {
        send()
        perform(turns.turnCame())
        sendOutbound()
        recount()
        holdLongUpload()
        applyReading()
    }

    // MARK: Answers

    /// Writes an answer, or what fits of a long one.
    private func append(_ reply: Reply) {
        if reply.sizeHint > loop.limits.wholeAnswerBytes, reply.framing == .message {
            return appendInPieces(reply)
        }
        let needed = reply.expectedFrameBytes
        if outbound.writableBytes < needed {
            // What is there goes out first: a large answer is not worth moving the small ones before it.
            writeOutbound()
            outbound = loop.buffers.take(needed)
        }
        guard reply.writeFrame(to: &outbound) else {
            return turns.failed("records for \(reply.apiKey) could not be read")
        }
        switch reply.effect {
        case .none: break
        case .admit: isAdmitted = true
        case .close:
            turns.willEnd()
            saysFarewell = reply.framing != .nothing
        }
        if outbound.readableBytes >= loop.limits.outboundBatchBytes {
            sendOutbound()
        }
    }

    private func appendInPieces(_ reply: Reply) {
        guard let answer = AnswerStream(reply) else {
            return turns.failed("the answer to \(reply.apiKey) is longer than a frame can be")
        }
        sendOutbound()
        stream = answer
        turns.beganSending()
        send()
    }

    /// Sends pieces of the long answer as long as the socket takes them, and others are not kept waiting.
    private func send() {
        // Taken out meanwhile: writing may end here again.
        guard var answer = stream, let context, id != nil else {
            return
        }
        stream = nil
        var sent = 0
        while answer.remaining > 0, context.channel.isWritable, sent < loop.limits.bytesPerTurn, id != nil {
            let size = min(
                answer.remaining, loop.memory.isShort ? loop.limits.smallPieceBytes : loop.limits.pieceBytes)
            var piece = loop.buffers.take(size)
            var count: Int?
            piece.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { memory in
                count = answer.fill(UnsafeMutableRawBufferPointer(rebasing: memory[..<size]))
                return count ?? 0
            }
            guard let count else {
                turns.failed("records could not be read any more")
                break
            }
            context.writeAndFlush(wrapOutboundOut(piece), promise: nil)
            loop.buffers.give(piece)
            sent += count
        }
        writtenSinceCount += sent
        if sent > 0 {
            lastActivity = MonotonicClock.nowMs()
        }
        guard id != nil else {
            return
        }
        if answer.remaining > 0, !turns.isFinal {
            stream = answer
            if context.channel.isWritable, let id {
                loop.awaitTurn(id)
            }
        } else {
            perform(turns.endSending())
        }
    }

    private func writeOutbound() {
        guard outbound.readableBytes > 0, let context else {
            return
        }
        writtenSinceCount += outbound.readableBytes
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
        writtenSinceCount += sending.readableBytes
        context.writeAndFlush(wrapOutboundOut(sending), promise: nil)
        loop.buffers.give(sending)
    }

    // MARK: Memory

    /// Tells the budget what this connection makes the process hold: answers that the socket has not taken, and
    /// requests that are long and not complete. Small change is not counted.
    func recount() {
        let limit = loop.limits.uncountedBytes
        // While frames are handed out, `assembler` must be left alone; it is counted afterwards.
        guard !isRunning, let context, id != nil,
            charged > 0 || writtenSinceCount >= limit || assembler.keptBytes >= limit || stream != nil
        else {
            return
        }
        writtenSinceCount = 0
        var held = (stream?.heldBytes ?? 0) + outbound.readableBytes
        held += (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        held += assembler.keptBytes >= limit ? assembler.keptCapacity : 0
        guard held != charged else {
            return
        }
        if held < charged {
            lastActivity = MonotonicClock.nowMs()
        }
        let change = held - charged
        charged = held
        loop.charge(change)
    }

    /// Stops reading a long request while memory is short, unless it is the one that may go on.
    private func holdLongUpload() {
        guard let id, !turns.isFinal else {
            return
        }
        guard assembler.keptBytes >= loop.limits.uncountedBytes, !turns.isBlocked else {
            return loop.endUpload(id)
        }
        if !turns.isUploadHeld, !loop.mayUpload(id) {
            turns.holdUpload()
            loop.awaitMemory(id)
        }
    }

    /// Whether the client has neither sent nor taken anything since `time` and makes us hold memory.
    func isStalled(since time: Int64) -> Bool {
        // Who waits for us is not the one who is silent.
        charged > 0 && lastActivity < time && !turns.isKeptWaiting
    }

    func closeStalled() {
        let address = context?.channel.remoteAddress.map(describe) ?? "unknown"
        loop.complain(
            "closing connection from \(address): memory is short, and it held \(charged) bytes without reading or "
                + "sending anything for \(loop.limits.stalledMs) ms")
        close()
    }

    // MARK: Reading

    private func applyReading() {
        guard turns.wantsToRead != isReading, let context else {
            return
        }
        isReading = turns.wantsToRead
        try? context.channel.syncOptions?.setOption(.autoRead, value: isReading)
    }

    // MARK: The end

    /// Closes after the last answer. The client hangs up first if it can: one that finds the end of the stream together
    /// with the answer (kafka-python over TLS) reports a lost connection instead of what the answer says.
    private func end() {
        sendOutbound()
        guard saysFarewell else {
            return close()
        }
        loop.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(loop.limits.lastAnswerMs)) { [weak self] in
            self?.close()
        }
    }

    /// Ends the connection with one line; answers to earlier requests still go out.
    private func fail(_ reason: String) {
        guard id != nil else {
            return
        }
        let address = context?.channel.remoteAddress.map(describe) ?? "unknown"
        loop.complain("closing connection from \(address): \(reason)")
        sendOutbound()
        close()
    }

    private func describe(_ address: SocketAddress) -> String {
        "\(address.ipAddress ?? "unknown"):\(address.port ?? 0)"
    }

    /// Nothing that comes from now on is handled: over TLS the end takes until the client has answered it, or longer.
    func close() {
        turns.closed()
        applyReading()
        context?.close(promise: nil)
    }

    /// Whether nothing was heard since `time` and nothing is owed.
    func isIdle(since time: Int64) -> Bool {
        lastActivity < time && !turns.isKeptWaiting
    }

    func closeIdle() {
        loop.logger.debug("closing a connection that was idle for \(loop.limits.maxIdleMs) ms")
        close()
    }
}
