import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Testing

@testable import RESTAPI

/// Log-ins of browsers: the session is a cookie.
struct BrowserSessionTests {
    private let control = FakeControl { state in
        state.requiresAuthentication = true
        state.sessions["tok"] = "a@b"
    }
    private static let cookie = "theme=dark; twinlog_session=tok; x"

    private struct Reply {
        let response: Response
        let json: JSON
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, _ headers: [(String, String)] = [], body: String = ""
    ) async throws -> Reply {
        var head = HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1:8090", path: path)
        for (name, value) in headers {
            head.headerFields[HTTPField.Name(name)!] = value
        }
        let responder = RESTResponder(
            fleet: FakeFleet(members: [FakeCluster("lkc-source")], fakeControl: control),
            configuration: HTTPServerConfiguration(), logger: Logger(label: "test"), nowMs: { 0 })
        let response = try await responder.respond(
            to: Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body))))
        let writer = BodyCollector()
        try await response.body.write(writer)
        return Reply(response: response, json: (try? JSON.parse(writer.bytes.value)) ?? .null)
    }

    @Test("a log-in that asks for a cookie gets the token there, and nowhere else")
    func logIn() async throws {
        let wish = #"{"email":"a@b","password":"right","cookie":true}"#
        let reply = try await send(.post, "/twinlog/v1/sessions", body: wish)
        #expect(reply.response.status == .created)
        let parts = (reply.response.headers[.setCookie] ?? "").split(separator: "; ").map(String.init)
        #expect(
            parts == ["twinlog_session=token-of-a@b", "Path=/", "HttpOnly", "SameSite=Strict", "Max-Age=3600"])
        #expect(reply.json["token"] == nil)
        #expect(reply.json["user"]?["email"] == "a@b")
        let plain = try await send(
            .post, "/twinlog/v1/sessions", body: #"{"email":"a@b","password":"right"}"#)
        #expect(plain.response.headers[.setCookie] == nil)
        #expect(plain.json["token"] == "token-of-a@b")
    }

    @Test("the cookie opens what the token opens")
    func cookie() async throws {
        let me = try await send(.get, "/twinlog/v1/me", [("cookie", Self.cookie)])
        #expect(me.json["user"]?["email"] == "a@b")
        #expect(me.json["requires_log_in"] == true)
        #expect(try await send(.get, "/kafka/v3/clusters", [("cookie", Self.cookie)]).response.status == .ok)
        for wrong in ["twinlog_session=other", "twinlog_session=", "xtwinlog_session=tok", "twinlog_session"] {
            #expect(try await send(.get, "/kafka/v3/clusters", [("cookie", wrong)]).response.status == .unauthorized)
        }
    }

    @Test(
        "with the cookie only our own pages change something",
        arguments: [
            ([("origin", "http://127.0.0.1:8090")], true), ([("sec-fetch-site", "same-origin")], true),
            ([], false), ([("origin", "http://127.0.0.1:3000")], false), ([("origin", "http://localhost:8090")], false),
            ([("sec-fetch-site", "same-site")], false), ([("sec-fetch-site", "none")], false),
            ([("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:8090")], false),
        ] as [([(String, String)], Bool)])
    func crossSite(_ headers: [(String, String)], _ isOwn: Bool) async throws {
        let body = #"{"display_name":"x"}"#
        let path = "/org/v2/environments"
        let reply = try await send(.post, path, headers + [("cookie", Self.cookie)], body: body)
        #expect((reply.response.status != .forbidden) == isOwn)
        let end = try await send(.delete, "/twinlog/v1/sessions", headers + [("cookie", Self.cookie)])
        #expect((end.response.status == .noContent) == isOwn)
        #expect(control.state.withLock { $0.sessions.isEmpty } == isOwn)
        #expect(end.response.headers[.setCookie]?.contains("Max-Age=0") ?? false == isOwn)
    }

    @Test("a token in the Authorization header needs no page, whatever cookies there are")
    func headerWins() async throws {
        let headers = [("cookie", Self.cookie), ("authorization", "Bearer tok")]
        let reply = try await send(.post, "/org/v2/environments", headers, body: #"{"display_name":"x"}"#)
        #expect(reply.response.status == .created)
    }

    @Test("scripts get no challenge, for which browsers would open a dialogue; all others do")
    func challenge() async throws {
        for (mode, expected) in [("cors", false), ("same-origin", false), ("navigate", true)] {
            let reply = try await send(.get, "/kafka/v3/clusters", [("sec-fetch-mode", mode)])
            #expect(reply.response.status == .unauthorized)
            #expect((reply.response.headers[.wwwAuthenticate] != nil) == expected, "\(mode)")
        }
        #expect(try await send(.get, "/kafka/v3/clusters").response.headers[.wwwAuthenticate] != nil)
    }

    @Test("who is not logged in learns whether that is needed")
    func anonymous() async throws {
        #expect(try await send(.get, "/twinlog/v1/me?anonymous=true").response.status == .unauthorized)
        control.state.withLock { $0.requiresAuthentication = false }
        #expect(try await send(.get, "/twinlog/v1/me").response.status == .unauthorized)
        let reply = try await send(.get, "/twinlog/v1/me?anonymous=true")
        #expect(reply.response.status == .ok)
        #expect(reply.json["user"] == .null)
        #expect(reply.json["requires_log_in"] == false)
    }
}

/// Keeps what a body writes.
private struct BodyCollector: ResponseBodyWriter {
    final class Bytes: @unchecked Sendable {
        var value: [UInt8] = []
    }

    let bytes = Bytes()

    mutating func write(_ buffer: ByteBuffer) async throws {
        bytes.value += buffer.readableBytesView
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
