import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("SaslAuthenticate")
struct SaslAuthenticateTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness.secured()
    }

    @Test(
        "the right password opens the connection for its principal",
        arguments: versions(SaslAuthenticateRequest.self, 0, 1, 2))
    func rightPassword(version: Int16) throws {
        let id = harness.connectSecured()
        let answer = try harness.logIn(on: id, version: version)
        #expect(answer.errorCode == 0)
        #expect(answer.errorMessage == nil)
        #expect(answer.sessionLifetimeMs == 0)
        #expect(try harness.call(MetadataRequest(), on: id).clusterID == "lkc-test")
        #expect(harness.cluster.connections[id]?.principal.description == "User:KEY")
    }

    @Test("a connection without a log-in belongs to User:ANONYMOUS")
    func anonymous() {
        let id = harness.connect()
        #expect(harness.cluster.connections[id]?.principal.description == "User:ANONYMOUS")
    }

    private func attempt(
        _ username: String, _ password: String, _ number: UInt64 = 600
    ) throws -> SaslAuthenticateResponse {
        let id = harness.connectSecured(number)
        _ = try harness.handshake(on: id)
        let (sent, outcome) = harness.send(ClusterHarness.token(username, password), version: 2, on: id)
        guard case .pending = outcome else {
            throw ErrorCode.unknownServerError
        }
        harness.advance(by: 99)
        #expect(try harness.answer(to: sent) == nil, "a failed log-in has to cost time")
        harness.advance(by: 1)
        return try #require(try harness.answer(to: sent))
    }

    @Test("a wrong password is answered late, in Kafka's words, and the connection takes nothing more")
    func wrongPassword() throws {
        let answer = try attempt("KEY", "wrong")
        #expect(ErrorCode(rawValue: answer.errorCode) == .saslAuthenticationFailed)
        #expect(answer.errorMessage == "Authentication failed: Invalid username or password")
        guard
            case .close = harness.raw(
                [0, 17, 0, 1, 0, 0, 0, 1, 0xFF, 0xFF, 0, 5, 80, 76, 65, 73, 78], on: ConnectionID(rawValue: 600))
        else {
            Issue.record("another try on the same connection was let through")
            return
        }
    }

    @Test("an unknown name and a wrong password look the same")
    func unknownName() throws {
        #expect(try attempt("NOBODY", "secret").errorMessage == (try attempt("KEY", "wrong", 601)).errorMessage)
    }

    @Test("log lines about failed log-ins hold the key and never the secret, even when both were swapped")
    func logLines() throws {
        let secret = String(repeating: "s3cr3t+/", count: 8)
        _ = try attempt("ABCDEFGHIJKLMNOP", secret, 600)
        _ = try attempt(secret, "ABCDEFGHIJKLMNOP", 601)
        let lines = harness.step { $0.drainNotices() }
        #expect(lines.count == 2)
        #expect(lines[0].text.contains("'ABCDEFGHIJKLMNOP'"))
        #expect(lines.allSatisfy { !$0.text.contains("s3cr3t") && $0.isAboutClient })
        #expect(lines.allSatisfy { $0.text.contains("10.0.0.7") })
    }

    @Test("an answer to a failed log-in tells the transport to close")
    func closes() throws {
        let id = harness.connectSecured()
        _ = try harness.handshake(on: id)
        _ = harness.send(ClusterHarness.token("KEY", "wrong"), version: 2, on: id)
        harness.now += 100
        let deliveries = harness.step { cluster in
            cluster.tick(now: harness.clock)
            return cluster.drainDeliveries()
        }
        guard case .close? = deliveries.first?.reply.effect else {
            Issue.record("\(deliveries)")
            return
        }
    }

    @Test("without a handshake, and on a listener without log-in, the state is illegal")
    func illegal() throws {
        let answer = try harness.call(ClusterHarness.token("KEY", "secret"), version: 2)
        #expect(ErrorCode(rawValue: answer.errorCode) == .illegalSaslState)
        let id = harness.connectSecured()
        #expect(try harness.logIn(on: id).errorCode == 0)
        let again = try harness.call(ClusterHarness.token("KEY", "secret"), version: 2, on: id)
        #expect(ErrorCode(rawValue: again.errorCode) == .illegalSaslState)
        #expect(try harness.call(MetadataRequest(), on: id).clusterID == "lkc-test")
    }

    @Test("after handshake version 0 tokens are bare frames with an empty answer")
    func bareTokens() throws {
        let id = harness.connectSecured()
        #expect(try harness.handshake(version: 0, on: id).errorCode == 0)
        guard case .reply(let reply) = harness.raw(Array("\u{0}KEY\u{0}secret".utf8), on: id) else {
            Issue.record("no answer to a bare token")
            return
        }
        var writer = WireWriter(capacity: 16)
        reply.encode(into: &writer)
        #expect(writer.count == 0)
        #expect(try harness.call(MetadataRequest(), on: id).clusterID == "lkc-test")
    }

    @Test("a wrong bare token is answered with nothing but the end, as late as any other")
    func wrongBareToken() throws {
        let id = harness.connectSecured()
        _ = try harness.handshake(version: 0, on: id)
        guard case .pending = harness.raw(Array("\u{0}KEY\u{0}wrong".utf8), on: id) else {
            Issue.record("answered at once")
            return
        }
        harness.now += 100
        let deliveries = harness.step { cluster in
            cluster.tick(now: harness.clock)
            return cluster.drainDeliveries()
        }
        let reply = try #require(deliveries.first?.reply)
        #expect(reply.framing == .nothing)
        guard case .close = reply.effect else {
            Issue.record("\(reply.effect)")
            return
        }
    }

    @Test("a session with a lifetime takes nothing but a new log-in once it has ended")
    func expiry() throws {
        let short = try ClusterHarness.secured(["connections.max.reauth.ms": "60000"])
        let id = short.connectSecured()
        #expect(try short.logIn(on: id).sessionLifetimeMs == 60_000)
        short.advance(by: 59_999)
        #expect(try short.call(MetadataRequest(), on: id).clusterID == "lkc-test")
        #expect(try short.logIn(on: id).sessionLifetimeMs == 60_000)
        short.advance(by: 59_999)
        #expect(try short.call(MetadataRequest(), on: id).clusterID == "lkc-test")
        short.advance(by: 1)
        guard case .close(let reason) = short.raw([0, 3, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF, 0, 0, 0, 0], on: id) else {
            Issue.record("an expired session was served")
            return
        }
        #expect(reason.contains("expired"))
    }

    @Test("while a log-in is renewed other requests close the connection")
    func duringRenewal() throws {
        let id = harness.connectSecured()
        _ = try harness.logIn(on: id)
        _ = try harness.handshake(on: id)
        guard case .close = harness.raw([0, 3, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF, 0, 0, 0, 0], on: id) else {
            Issue.record("Metadata was served between handshake and token")
            return
        }
    }

    @Test("without anybody who knows passwords nobody gets in")
    func noAuthenticator() throws {
        harness.step { $0.configuration.authenticator = nil }
        #expect(ErrorCode(rawValue: try attempt("KEY", "secret").errorCode) == .saslAuthenticationFailed)
    }

    @Test("a frame longer than a token may be closes the connection unread")
    func longFrame() {
        guard case .close = harness.raw([UInt8](repeating: 0, count: 524_289), on: harness.connectSecured()) else {
            Issue.record("a long frame was read")
            return
        }
    }
}
