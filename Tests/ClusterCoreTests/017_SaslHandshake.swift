import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("SaslHandshake")
struct SaslHandshakeTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness.secured()
    }

    @Test(
        "PLAIN is agreed on, with ApiVersions before it or without",
        arguments: versions(SaslHandshakeRequest.self, 0, 1))
    func agrees(version: Int16) throws {
        let first = harness.connectSecured(500)
        #expect(try harness.handshake(version: version, on: first).errorCode == 0)
        let second = harness.connectSecured(501)
        _ = try harness.call(ApiVersionsRequest(), version: 0, on: second)
        let answer = try harness.handshake(version: version, on: second)
        #expect(answer.errorCode == 0)
        #expect(answer.mechanisms == ["PLAIN"])
    }

    @Test("another mechanism gets error 33 with what there is, and the connection ends")
    func unknownMechanism() throws {
        let id = harness.connectSecured()
        var request = SaslHandshakeRequest()
        request.mechanism = "SCRAM-SHA-512"
        let (sent, outcome) = harness.send(request, version: 1, on: id)
        let answer = try #require(try harness.answer(to: sent))
        #expect(ErrorCode(rawValue: answer.errorCode) == .unsupportedSaslMechanism)
        #expect(answer.mechanisms == ["PLAIN"])
        guard case .reply(let reply) = outcome, case .close = reply.effect else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test("a listener without log-in answers ILLEGAL_SASL_STATE and goes on")
    func plaintext() throws {
        let id = harness.connect()
        let answer = try harness.handshake(on: id)
        #expect(ErrorCode(rawValue: answer.errorCode) == .illegalSaslState)
        #expect(try harness.call(MetadataRequest(), on: id).clusterID == "lkc-test")
    }

    @Test(
        "before the log-in every other API closes the connection, as does a second ApiVersions",
        arguments: [APIKey.produce, .fetch, .metadata, .createTopics, .saslAuthenticate, .describeCluster])
    func strangers(key: APIKey) throws {
        let frame: [UInt8] = [0, UInt8(key.rawValue), 0, 0, 0, 0, 0, 1, 0xFF, 0xFF]
        for id in [harness.connectSecured(500), harness.connectSecured(501, listener: .saslSSL)] {
            guard case .close = harness.raw(frame, on: id) else {
                Issue.record("\(key) was let in")
                return
            }
        }
        let third = harness.connectSecured(502)
        _ = try harness.call(ApiVersionsRequest(), version: 0, on: third)
        guard case .close = harness.raw([0, 18, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF], on: third) else {
            Issue.record("ApiVersions was answered twice")
            return
        }
    }

    @Test("an ApiVersions version to come can be followed by one that is known")
    func stepsDown() throws {
        let id = harness.connectSecured()
        guard case .reply = harness.raw([0, 18, 0, 99, 0, 0, 0, 1, 0xFF, 0xFF, 0, 0], on: id) else {
            Issue.record("no answer to a version to come")
            return
        }
        #expect(try harness.call(ApiVersionsRequest(), version: 0, on: id).errorCode == 0)
        #expect(try harness.logIn(on: id).errorCode == 0)
    }

    @Test("a request that is cut short before the log-in closes the connection", arguments: 0..<10)
    func truncated(length: Int) {
        let frame: [UInt8] = [0, 17, 0, 1, 0, 0, 0, 1, 0xFF, 0xFF]
        guard case .close = harness.raw(Array(frame.prefix(length)), on: harness.connectSecured()) else {
            Issue.record("\(length) bytes were answered")
            return
        }
    }
}
