import KafkaClient
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// Dials brokers from one event loop.
///
/// Everything about it, callbacks included, happens on that loop; create it anywhere.
package final class NIOClientTransport: Transport {
    private let eventLoop: any EventLoop
    private let buffers = LoopBuffers()
    /// Longest answer in bytes that is read; a longer one ends its connection.
    private let maxFrameBytes: Int
    private let tls: ClientTLS
    private let places: ProcessConnections

    /// - Parameter places: who is open counts in there; without room nobody is dialled.
    package init(
        on eventLoop: any EventLoop, tls: ClientTLS = ClientTLS(), maxFrameBytes: Int = 256 * 1024 * 1024,
        places: ProcessConnections = .outgoing
    ) {
        self.places = places
        self.eventLoop = eventLoop
        self.tls = tls
        self.maxFrameBytes = maxFrameBytes
    }

    package var nowMs: Int64 { WallClock.nowMs() }
    package var monotonicMs: Int64 { MonotonicClock.nowMs() }

    package func connect(
        to address: HostPort, tls options: TLSOptions?, timeoutMs: Int64, delegate: any TransportDelegate
    ) -> any TransportConnection {
        eventLoop.preconditionInEventLoop()
        let connection = ClientConnection(
            to: address, tls: options.map { (tls, $0) }, delegate: delegate, buffers: buffers,
            maxFrameBytes: maxFrameBytes, places: places)
        connection.dial(on: eventLoop, timeoutMs: timeoutMs)
        return connection
    }

    @discardableResult
    package func schedule(afterMs: Int64, _ body: @escaping () -> Void) -> any Cancellable {
        eventLoop.preconditionInEventLoop()
        return ScheduledCall(body, on: eventLoop, afterMs: max(0, afterMs))
    }
}

/// A scheduled closure. Unchecked: it is made, run and cancelled on one loop.
private final class ScheduledCall: Cancellable, @unchecked Sendable {
    private var body: (() -> Void)?
    private var task: Scheduled<Void>?

    init(_ body: @escaping () -> Void, on eventLoop: any EventLoop, afterMs: Int64) {
        self.body = body
        task = eventLoop.scheduleTask(in: .milliseconds(afterMs)) { [self] in run() }
    }

    private func run() {
        let body = body
        self.body = nil
        task = nil
        body?()
    }

    func cancel() {
        body = nil
        task?.cancel()
        task = nil
    }
}

/// One connection to a broker. Unchecked: confined to its transport's loop.
private final class ClientConnection: TransportConnection, ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let address: HostPort
    private let tls: (maker: ClientTLS, options: TLSOptions)?
    private let buffers: LoopBuffers
    private let places: ProcessConnections
    private var delegate: (any TransportDelegate)?
    private var channel: (any Channel)?
    private var context: ChannelHandlerContext?
    private var assembler: FrameAssembler
    private var isHandling = false
    private var isConnected = false
    /// Ends a handshake that takes too long.
    private var handshakeTimer: Scheduled<Void>?
    /// Set by an error of the socket, for the close that follows it.
    private var failure: TransportFailure?

    init(
        to address: HostPort, tls: (maker: ClientTLS, options: TLSOptions)?, delegate: any TransportDelegate,
        buffers: LoopBuffers, maxFrameBytes: Int, places: ProcessConnections
    ) {
        self.address = address
        self.tls = tls
        self.delegate = delegate
        self.buffers = buffers
        self.places = places
        assembler = FrameAssembler(maxFrameBytes: maxFrameBytes)
    }

    // MARK: Connecting

    func dial(on eventLoop: any EventLoop, timeoutMs: Int64) {
        // Not at once: nothing may fail before `connect` has returned.
        eventLoop.execute { [self] in
            guard delegate != nil else {
                return
            }
            guard let tls else {
                return connect(on: eventLoop, timeoutMs: timeoutMs, nil)
            }
            handshakeTimer = eventLoop.scheduleTask(in: .milliseconds(max(1, timeoutMs))) { [self] in
                if !isConnected {
                    finish(.connectTimedOut)
                }
            }
            if let context = tls.maker.readyContext(tls.options, to: address) {
                return connect(on: eventLoop, timeoutMs: timeoutMs, context)
            }
            let address = address
            NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
                Result { try tls.maker.makeContext(tls.options, to: address) }
            }.whenComplete { [self] result in
                switch result.flatMap({ $0 }) {
                case .success(let context): connect(on: eventLoop, timeoutMs: timeoutMs, context)
                case .failure(let problem as ClientTLS.Problem): finish(.tlsFailed(problem.text))
                case .failure(let error): finish(.failed("\(error)"))
                }
            }
        }
    }

    private func connect(on eventLoop: any EventLoop, timeoutMs: Int64, _ context: NIOSSLContext?) {
        guard delegate != nil else {
            return
        }
        guard places.take() else {
            return finish(
                .failed(
                    "\(places.limit) connections to sources are open in this process, and it needs the rest of its "
                        + "file descriptors for others (ulimit -n)"))
        }
        let bootstrap = makeBootstrap(eventLoop, timeoutMs: timeoutMs)
        let connecting: EventLoopFuture<any Channel>
        if let literal = try? SocketAddress(ipAddress: address.host, port: Int(address.port)) {
            connecting = bootstrap.connect(to: literal)
        } else {
            connecting = bootstrap.connect(host: address.host, port: Int(address.port))
        }
        connecting.whenComplete { [self, places] result in
            switch result {
            case .success(let channel):
                channel.closeFuture.whenComplete { _ in places.giveBack() }
                take(channel, context)
            case .failure(let error):
                places.giveBack()
                finish(connectFailure(error))
            }
        }
    }

    private func makeBootstrap(_ eventLoop: any EventLoop, timeoutMs: Int64) -> ClientBootstrap {
        let allocator: any RecvByteBufferAllocator =
            tls == nil ? SharedReceiveAllocator(buffers) : TLSBuffers.allocator
        return ClientBootstrap(group: eventLoop)
            .connectTimeout(.milliseconds(max(1, timeoutMs)))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.recvAllocator, value: allocator)
            // A name may have several addresses and be dialled several times at once: only the first that answers gets
            // the handlers, and is read from.
            .channelOption(.autoRead, value: false)
    }

    private func take(_ channel: any Channel, _ context: NIOSSLContext?) {
        guard delegate != nil else {
            return channel.close(promise: nil)
        }
        self.channel = channel
        do {
            if let context {
                let encryption = try ClientTLS.makeHandler(context, host: address.host)
                try channel.pipeline.syncOperations.addHandler(encryption)
            }
            try channel.pipeline.syncOperations.addHandler(self)
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch let problem as ClientTLS.Problem {
            return finish(.tlsFailed(problem.text))
        } catch {
            return finish(.failed("\(error)"))
        }
        if context == nil {
            connected()
        }
    }

    private func connected() {
        handshakeTimer?.cancel()
        handshakeTimer = nil
        isConnected = true
        delegate?.transportDidConnect()
    }

    private func connectFailure(_ error: any Error) -> TransportFailure {
        switch error {
        case ChannelError.connectTimeout: return .connectTimedOut
        case let error as NIOConnectionError:
            guard let first = error.connectionErrors.first else {
                return .unresolvable(address.host)
            }
            return connectFailure(first.error)
        case is SocketAddressError.UnknownHost: return .unresolvable(address.host)
        case let error as IOError: return .connectFailed(error.reasonText)
        default: return .connectFailed("\(error)")
        }
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event, !isConnected, delegate != nil {
            connected()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let chunk = unwrapInboundIn(data)
        defer { buffers.giveReceiveBuffer(chunk) }
        guard delegate != nil else {
            return
        }
        isHandling = true
        let stop = assembler.receive(chunk, buffers) { frame in
            delegate?.transportDidReceive(frame: frame)
            return delegate == nil ? .last : .next
        }
        isHandling = false
        if delegate == nil {
            assembler.release(buffers)
        }
        if case .illegalLength(let length) = stop {
            finish(length < 0 ? .failed("frame length \(length) is negative") : .frameTooLarge(length))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if tls != nil, let reason = TLSFailureText.describe(error) {
            failure = failure ?? .tlsFailed(reason)
        } else if let error = error as? IOError {
            // A server without TLS drops what it cannot read: a reset then says no more than an orderly end.
            failure = failure ?? (isHandshaking ? Self.closedInHandshake : .failed(error.reasonText))
        } else if case NIOSSLError.uncleanShutdown = error {
            failure = failure ?? (isHandshaking ? Self.closedInHandshake : .closedByPeer)
        } else {
            failure = failure ?? .failed("\(error)")
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isHandling {
            assembler.release(buffers)
        }
        finish(failure ?? (isHandshaking ? Self.closedInHandshake : .closedByPeer))
    }

    /// Whether TLS was asked for and is not there yet.
    private var isHandshaking: Bool { tls != nil && !isConnected }
    private static let closedInHandshake = TransportFailure.tlsFailed(
        "closed by the other side, as a listener without TLS does (PLAINTEXT, SASL_PLAINTEXT)")

    private func finish(_ failure: TransportFailure) {
        guard let delegate else {
            return
        }
        close()
        delegate.transportDidClose(failure)
    }

    // MARK: TransportConnection

    func send(_ frame: UnsafeRawBufferPointer) {
        guard isConnected, delegate != nil, let context else {
            return
        }
        var buffer = buffers.take(frame.count + FrameAssembler.lengthBytes)
        buffer.writeInteger(UInt32(frame.count))
        buffer.writeBytes(frame)
        if isHandling {
            // What the answers of one read call forth leaves together, in `channelReadComplete`.
            context.write(wrapOutboundOut(buffer), promise: nil)
        } else {
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        }
        buffers.give(buffer)
    }

    func close() {
        handshakeTimer?.cancel()
        handshakeTimer = nil
        delegate = nil
        isConnected = false
        channel?.close(promise: nil)
        channel = nil
    }
}

extension IOError {
    /// The system's words, without our function names.
    fileprivate var reasonText: String {
        systemText(errnoCode)
    }
}
