import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Testing

@testable import RESTAPI

/// The way from HTTP messages to the route table and back.
struct HTTPServerTests {
    private func send(
        _ method: HTTPRequest.Method, _ path: String, authority: String? = "127.0.0.1:8090", origin: String? = nil,
        body: String = "", limit: Int = 64
    ) async throws -> Response {
        var head = HTTPRequest(method: method, scheme: "http", authority: authority, path: path)
        head.headerFields[.origin] = origin
        let responder = RESTResponder(
            fleet: FakeFleet(members: [FakeCluster("lkc-dest")]),
            configuration: HTTPServerConfiguration(maximumBodyBytes: limit), logger: Logger(label: "test"),
            nowMs: { 784_111_777_999 })
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body)))
        return try await responder.respond(to: request)
    }

    @Test("an answer is JSON that nobody may cache or guess about")
    func headers() async throws {
        let response = try await send(.get, "/healthz")
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "application/json")
        #expect(response.headers[.cacheControl] == "no-store")
        #expect(response.headers[.xContentTypeOptions] == "nosniff")
        #expect(response.headers[.contentLength] == "15")
        // The example of RFC 9110.
        #expect(response.headers[.date] == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(response.headers[.server] == "twinlog")
    }

    @Test(
        "dates are written as HTTP has them",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_767_225_599_999, "Wed, 31 Dec 2025 23:59:59 GMT"),
        ] as [(Int64, String)])
    func dates(_ ms: Int64, _ text: String) {
        #expect(Timestamp.httpDate(ms) == text)
    }

    @Test("HEAD is GET without the body")
    func head() async throws {
        let response = try await send(.head, "/healthz")
        #expect(response.status == .ok)
        #expect(response.headers[.contentLength] == "15")
        #expect(response.body.contentLength == 0)
    }

    @Test("a creation answers 204 without body or length")
    func noContent() async throws {
        let response = try await send(.post, "/kafka/v3/clusters/lkc-dest/links?link_name=l", body: "{}")
        #expect(response.status == .noContent)
        #expect(response.headers[.contentLength] == nil)
    }

    @Test("a body beyond the limit is a 413, one at the limit is read")
    func bodyLimit() async throws {
        let path = "/kafka/v3/clusters/lkc-dest/links?link_name=l"
        let padded = "{}" + String(repeating: " ", count: 62)
        #expect(try await send(.post, path, body: padded).status == .noContent)
        #expect(try await send(.post, path, body: padded + " ").status == .contentTooLarge)
    }

    @Test("a request that names a foreign host, or none, is a 403", arguments: ["evil.example", nil])
    func foreignHost(_ authority: String?) async throws {
        #expect(try await send(.get, "/healthz", authority: authority).status == .forbidden)
    }

    @Test("a page from elsewhere cannot post")
    func foreignOrigin() async throws {
        let path = "/kafka/v3/clusters/lkc-dest/links?link_name=l"
        #expect(try await send(.post, path, origin: "https://evil.example", body: "{}").status == .forbidden)
    }

    @Test("a method that exists nowhere is a 405, a wrong one names the right ones")
    func methods() async throws {
        #expect(try await send(.options, "/healthz").status == .methodNotAllowed)
        let response = try await send(.delete, "/healthz")
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers[.allow] == "GET")
    }
}
