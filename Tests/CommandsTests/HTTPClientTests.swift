import RESTAPI
import Testing

@testable import Commands

struct ServerURLTests {
    @Test(
        "addresses are read with and without scheme, port and path",
        arguments: [
            ("http://127.0.0.1:8090", "127.0.0.1", 8090, ""), ("localhost:1", "localhost", 1, ""),
            ("http://h", "h", 80, ""), ("http://h:2/kafka/", "h", 2, "/kafka"), ("http://[::1]:3", "::1", 3, ""),
        ])
    func reading(_ text: String, _ host: String, _ port: Int, _ prefix: String) throws {
        let url = try ServerURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.prefix == prefix)
    }

    @Test(
        "other addresses are refused",
        arguments: ["https://h", "http://", "http://h:x", "http://h:0", "http://h:70000"])
    func refusing(_ text: String) {
        #expect(throws: CLIError.self) { try ServerURL(text) }
    }
}

struct HTTPReplyTests {
    private func parse(_ text: String) -> HTTPReply? {
        HTTPReply(parsing: Array(text.utf8))
    }

    @Test("a body is as long as its header says")
    func contentLength() throws {
        let reply = try #require(parse("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}rest"))
        #expect(reply.status == 200)
        #expect(reply.body == Array("{}".utf8))
    }

    @Test("chunks are joined")
    func chunks() throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        let reply = try #require(parse(head + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"))
        #expect(reply.body == Array("abcde".utf8))
    }

    @Test("an answer without a body has none")
    func noContent() throws {
        #expect(try #require(parse("HTTP/1.1 204 No Content\r\n\r\n")).body.isEmpty)
    }

    @Test(
        "what is cut off or no HTTP is no answer",
        arguments: [
            "", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", "HTTP/1.1 x\r\n\r\n",
        ])
    func broken(_ text: String) {
        #expect(parse(text) == nil)
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
}
