import NIOCore
import NIOPosix
import RESTAPI
import Testing

@testable import Commands

struct ServerURLTests {
    @Test(
        "addresses are read with and without scheme, port and path",
        arguments: [
            ("http://127.0.0.1:8090", "127.0.0.1", 8090, ""), ("localhost:1", "localhost", 1, ""),
            ("http://h", "h", 80, ""), ("http://h:2/kafka/", "h", 2, "/kafka"), ("http://[::1]:3", "::1", 3, ""),
            ("https://h", "h", 443, ""), ("https://h:8443/x", "h", 8443, "/x"),
        ])
    func reading(_ text: String, _ host: String, _ port: Int, _ prefix: String) throws {
        let url = try ServerURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.prefix == prefix)
    }

    @Test(
        "other addresses are refused",
        arguments: ["ftp://h", "http://", "http://a b", "http://h/ü", "http://h:x", "http://h:0", "http://h:70000"])
    func refusing(_ text: String) {
        #expect(throws: CLIError.self) { try ServerURL(text) }
    }
}

struct HTTPClientTests {
    /// A server for one connection that answers with these bytes and closes.
    private func server(answering bytes: String) throws -> (ServerURL, any Channel) {
        let listener = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { $0.pipeline.addHandler(Canned(bytes)) }
            .bind(host: "127.0.0.1", port: 0).wait()
        return (try ServerURL("http://127.0.0.1:\(listener.localAddress?.port ?? 0)"), listener)
    }

    private func reply(_ bytes: String, timeoutMs: Int64 = 10_000) throws -> HTTPReply {
        let (url, listener) = try server(answering: bytes)
        defer { listener.close(promise: nil) }
        return try HTTPClient(server: url, timeoutMs: timeoutMs).send(.get, "/")
    }

    @Test("a body is as long as its header says")
    func contentLength() throws {
        let reply = try reply("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        #expect(reply.status == 200)
        #expect(reply.body == Array("{}".utf8))
    }

    @Test("chunks are joined")
    func chunks() throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(try reply(head + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n").body == Array("abcde".utf8))
    }

    @Test("an answer without a body has none")
    func noContent() throws {
        let reply = try reply("HTTP/1.1 204 No Content\r\n\r\n")
        #expect(reply.status == 204)
        #expect(reply.body.isEmpty)
    }

    @Test(
        "what is no HTTP is no answer, and what is cut off neither",
        arguments: [
            ("SSH-2.0-x\r\n\r\n", "did not answer with HTTP. Is another program listening there?"),
            ("HTTP/1.1 x\r\n\r\n", "did not answer with HTTP. Is another program listening there?"),
            ("", "closed the connection before its answer was complete. Has it stopped?"),
            ("HTTP/1.1 200 OK\r\n", "closed the connection before its answer was complete. Has it stopped?"),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                "closed the connection before its answer was complete. Has it stopped?"
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
                "closed the connection before its answer was complete. Has it stopped?"
            ),
        ])
    func broken(_ text: String, _ problem: String) throws {
        let (url, listener) = try server(answering: text)
        defer { listener.close(promise: nil) }
        #expect(throws: CLIError("\(url) \(problem)")) {
            _ = try HTTPClient(server: url).send(.get, "/")
        }
    }

    @Test("a server that accepts and says nothing is left after the time that was given")
    func silence() throws {
        let listener = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).wait()
        defer { listener.close(promise: nil) }
        let url = try ServerURL("http://127.0.0.1:\(listener.localAddress?.port ?? 0)")
        #expect(throws: CLIError("cannot reach twinlog at \(url): connection timed out")) {
            _ = try HTTPClient(server: url, timeoutMs: 50).send(.get, "/")
        }
    }

    @Test("a server that is down is named, with what to do")
    func serverDown() throws {
        // Port 1 is reserved (tcpmux) and nobody listens there.
        let client = HTTPClient(server: try ServerURL("http://127.0.0.1:1"), timeoutMs: 2_000)
        #expect(
            throws: CLIError(
                "cannot reach twinlog at http://127.0.0.1:1: connection refused. Is \"twinlog serve\" running?")
        ) {
            _ = try client.send(.get, "/")
        }
    }

    @Test("a plain server behind an https address is told apart")
    func noTLS() throws {
        let (plain, listener) = try server(answering: "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        defer { listener.close(promise: nil) }
        let client = HTTPClient(server: try ServerURL("https://127.0.0.1:\(plain.port)"))
        let error = #expect(throws: CLIError.self) { _ = try client.send(.get, "/") }
        #expect(error?.message.contains("Is it an http:// address") == true)
    }
}

/// Answers the first bytes of a connection.
private final class Canned: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let bytes: String

    init(_ bytes: String) {
        self.bytes = bytes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: bytes))).whenComplete { _ in
            channel.close(promise: nil)
        }
    }
}
