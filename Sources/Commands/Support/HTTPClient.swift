import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import RESTAPI

struct HTTPReply: Sendable {
    var status: Int
    var body: [UInt8]
}

/// HTTP/1.1 on NIO's parser, one request a connection: enough for a command that asks a server one or two questions.
struct HTTPClient {
    let server: ServerURL
    /// File of certificates to trust (PEM) instead of the system's, for `https`.
    var authorityFile: String?
    /// For the whole exchange.
    var timeoutMs: Int64 = 30_000
    /// Answers that are larger are refused.
    static let maximumReplyBytes = 64 * 1024 * 1024

    /// One thread, made with the first request.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// - Parameter token: of a log-in, sent as a bearer token.
    func send(
        _ method: RESTAPI.HTTPMethod, _ path: String, body: [UInt8]? = nil, token: String? = nil
    ) throws(CLIError) -> HTTPReply {
        var head = HTTPRequestHead(
            version: .http1_1, method: NIOHTTP1.HTTPMethod(rawValue: method.rawValue), uri: server.prefix + path)
        head.headers.add(name: "Host", value: server.authority)
        head.headers.add(name: "Accept", value: "application/json")
        head.headers.add(name: "User-Agent", value: "twinlog")
        head.headers.add(name: "Connection", value: "close")
        if let token {
            head.headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        if let body {
            head.headers.add(name: "Content-Type", value: "application/json")
            head.headers.add(name: "Content-Length", value: "\(body.count)")
        }
        do {
            return try exchange(head, body).wait()
        } catch {
            throw explain(error)
        }
    }

    private func exchange(_ head: HTTPRequestHead, _ body: [UInt8]?) throws -> EventLoopFuture<HTTPReply> {
        let loop = HTTPClient.group.next()
        let answer = loop.makePromise(of: HTTPReply.self)
        let tls = server.isSecure ? try makeTLS() : nil
        let host = server.host
        let limit = NIOCore.TimeAmount.milliseconds(max(1, timeoutMs))
        let timer = loop.scheduleTask(in: limit) { answer.fail(SystemError.timedOut) }
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(limit)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        try pipeline.addHandler(HTTPClient.encryption(tls, host))
                    }
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(HTTPExchange(head, body, answer))
                }
            }
        let address = try? SocketAddress(ipAddress: host, port: server.port)
        let connecting = address.map { bootstrap.connect(to: $0) } ?? bootstrap.connect(host: host, port: server.port)
        connecting.cascadeFailure(to: answer)
        return answer.futureResult.always { _ in
            timer.cancel()
            connecting.whenSuccess { $0.close(promise: nil) }
        }
    }

    private func makeTLS() throws(CLIError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let authorityFile {
            configuration.trustRoots = .file(authorityFile)
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw CLIError("cannot read the certificates in \"\(authorityFile ?? "")\"")
        }
    }

    /// Server names are for names only; an address is checked against the certificate all the same.
    private static func encryption(_ context: NIOSSLContext, _ host: String) throws -> NIOSSLClientHandler {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }

    private func explain(_ error: any Error) -> CLIError {
        switch error {
        case let error as CLIError: return error
        case HTTPParserError.invalidEOFState, HTTPExchange.Failure.cutOff:
            return CLIError("\(server) closed the connection before its answer was complete. Has it stopped?")
        case is HTTPParserError:
            return CLIError("\(server) did not answer with HTTP. Is another program listening there?")
        case HTTPExchange.Failure.tooLarge:
            return CLIError("the answer of \(server) has more than \(HTTPClient.maximumReplyBytes) bytes")
        case let error as NIOConnectionError:
            return unreachable(error.connectionErrors.first?.error ?? error.dnsAError ?? error)
        default: return unreachable(error)
        }
    }

    private func unreachable(_ error: any Error) -> CLIError {
        var failure: SystemError?
        switch error {
        case let error as IOError: failure = SystemError(code: error.errnoCode)
        case let error as SystemError: failure = error
        case ChannelError.connectTimeout: failure = .timedOut
        default: break
        }
        let reason =
            switch error {
            case is SocketAddressError, is SocketAddressError.UnknownHost, is NIOConnectionError:
                "the host name \"\(server.host)\" has no address"
            case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
                "no safe connection: \(error). Is it an http:// address, or its certificate not trusted?"
            default: failure?.description ?? "\(error)"
            }
        let hint = failure?.isConnectionRefused == true ? ". Is \"twinlog serve\" running?" : ""
        return CLIError("cannot reach twinlog at \(server): \(reason)\(hint)")
    }
}

/// Sends one request on a fresh connection and gathers the answer. Lives on the connection's loop.
private final class HTTPExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    enum Failure: Error, CustomStringConvertible {
        case cutOff
        case tooLarge

        var description: String {
            switch self {
            case .cutOff: "the connection was closed before the answer was complete"
            case .tooLarge: "the answer is too long"
            }
        }
    }

    private let head: HTTPRequestHead
    private let body: [UInt8]?
    private let answer: EventLoopPromise<HTTPReply>
    private var reply: HTTPReply?

    init(_ head: HTTPRequestHead, _ body: [UInt8]?, _ answer: EventLoopPromise<HTTPReply>) {
        self.head = head
        self.body = body
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            reply = HTTPReply(status: Int(head.status.code), body: [])
        case .body(let part):
            reply?.body += part.readableBytesView
            if let size = reply?.body.count, size > HTTPClient.maximumReplyBytes {
                answer.fail(Failure.tooLarge)
            }
        case .end:
            if let reply {
                answer.succeed(reply)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case NIOSSLError.uncleanShutdown = error {
            return
        }
        answer.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.fail(Failure.cutOff)
    }
}
