import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Testing

@testable import RESTAPI

/// Files beside the routes.
struct StaticFilesTests {
    private struct OneFile: StaticFiles {
        func answer(to request: StaticRequest) -> StaticAnswer? {
            guard request.path == ["console", "a.js"] else {
                return nil
            }
            if request.ifNoneMatch == "\"1\"" {
                return StaticAnswer(status: 304, headers: [("etag", "\"1\"")], body: [])
            }
            let body = "\(request.accept ?? "-") \(request.acceptEncoding ?? "-")"
            return StaticAnswer(
                status: 200, headers: [("content-type", "text/javascript"), ("cache-control", "public")],
                body: Array(body.utf8))
        }
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, authority: String = "127.0.0.1:8090",
        headers: HTTPFields = [:]
    ) async throws -> Response {
        var configuration = HTTPServerConfiguration()
        configuration.files = OneFile()
        let fleet = FakeFleet(members: [FakeCluster("lkc-dest")])
        fleet.fakeControl.state.withLock { $0.requiresAuthentication = true }
        let responder = RESTResponder(
            fleet: fleet, configuration: configuration, logger: Logger(label: "test"), nowMs: { 0 })
        var head = HTTPRequest(method: method, scheme: "http", authority: authority, path: path)
        head.headerFields = headers
        return try await responder.respond(to: Request(head: head, body: RequestBody(buffer: ByteBuffer())))
    }

    @Test("a file is there without a log-in, with its own headers")
    func file() async throws {
        let response = try await send(
            .get, "/console/a.js?x=1", headers: [.accept: "*/*", .acceptEncoding: "gzip"])
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "text/javascript")
        #expect(response.headers[.cacheControl] == "public")
        #expect(response.headers[.contentLength] == "8")
        #expect(response.headers[.server] == "twinlog")
    }

    @Test("HEAD is GET without the body")
    func head() async throws {
        let response = try await send(.head, "/console/a.js")
        #expect(response.status == .ok)
        #expect(response.headers[.contentLength] == "3")
        #expect(response.body.contentLength == 0)
    }

    @Test("what the client has is not sent again")
    func notModified() async throws {
        let response = try await send(.get, "/console/a.js", headers: [.ifNoneMatch: "\"1\""])
        #expect(response.status == .notModified)
        #expect(response.headers[.contentLength] == nil)
        #expect(response.body.contentLength == 0)
    }

    @Test("data still asks for a log-in, other methods and foreign hosts get no file")
    func others() async throws {
        #expect(try await send(.get, "/kafka/v3/clusters").status == .unauthorized)
        #expect(try await send(.post, "/console/a.js").status == .notFound)
        #expect(try await send(.get, "/console/a.js", authority: "evil.example").status == .forbidden)
    }
}
