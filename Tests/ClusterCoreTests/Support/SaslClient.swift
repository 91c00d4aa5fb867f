import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// Takes one password.
struct OnePassword: Authenticator {
    func verify(username: String, password: String) -> Bool {
        username == "KEY" && password == "secret"
    }
}

extension ClusterHarness {
    static func secured(_ brokerConfigs: [String: String] = [:]) throws -> ClusterHarness {
        let harness = try ClusterHarness(brokerConfigs: brokerConfigs)
        harness.step { $0.configuration.authenticator = OnePassword() }
        return harness
    }

    func connectSecured(_ number: UInt64 = 500, listener: ListenerName = .saslPlaintext) -> ConnectionID {
        let id = ConnectionID(rawValue: number)
        step { $0.connectionOpened(id, ConnectionInfo(listener: listener, nodeID: 1, clientHost: "10.0.0.7")) }
        return id
    }

    func handshake(
        _ mechanism: String = "PLAIN", version: Int16 = 1, on id: ConnectionID
    ) throws -> SaslHandshakeResponse {
        var request = SaslHandshakeRequest()
        request.mechanism = mechanism
        return try call(request, version: version, on: id)
    }

    static func token(_ username: String, _ password: String) -> SaslAuthenticateRequest {
        var request = SaslAuthenticateRequest()
        request.authBytes = Array("\u{0}\(username)\u{0}\(password)".utf8)
        return request
    }

    func logIn(on id: ConnectionID, version: Int16 = 2) throws -> SaslAuthenticateResponse {
        _ = try handshake(on: id)
        return try call(Self.token("KEY", "secret"), version: version, on: id)
    }

    /// Hands over a frame as it is.
    func raw(_ frame: [UInt8], on id: ConnectionID) -> FrameOutcome {
        step { cluster in frame.withUnsafeBytes { cluster.handle(frame: $0, from: id, now: clock) } }
    }
}
