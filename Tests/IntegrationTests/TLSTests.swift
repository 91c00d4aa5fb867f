import Credentials
import Emulator
import Foundation
import KafkaClient
import KafkaProtocol
import NIOCore
import NIOPosix
import Testing

@testable import KafkaTransport

/// Our own client against our own listeners, over sockets.
@Suite("TLS", .timeLimit(.minutes(1)))
struct TLSTests {
    private typealias Event = ClientTransportTests.Listener.Event

    /// What becomes of a connection: connected, or why not.
    private func dial(
        _ host: String, _ port: Int, _ options: TLSOptions?, _ tls: ClientTLS = ClientTLS()
    ) async throws -> Event? {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let listener = ClientTransportTests.Listener()
        try await loop.submit {
            listener.connection = NIOClientTransport(on: loop, tls: tls).connect(
                to: HostPort(host: host, port: Int32(port)), tls: options, timeoutMs: 10_000, delegate: listener)
        }.get()
        var events = listener.events.makeAsyncIterator()
        let first = await events.next()
        try await loop.submit { listener.connection?.close() }.get()
        return first
    }

    private func port(_ server: TestFleet, _ name: String = "SASL_SSL") -> Int {
        let address = server.facts.clusters[0].bootstrap.first { $0.listener == name }?.address ?? ""
        return address.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }

    private func trusting(_ server: TestFleet) throws -> TLSOptions {
        var options = TLSOptions()
        options.trust = .certificates(try server.fleet.tls.identity().authorityPEM)
        return options
    }

    private func reason(_ event: Event?) -> String? {
        if case .closed(.tlsFailed(let reason)) = event { reason } else { nil }
    }

    @Test("whoever trusts the authority gets in, by name and by address, with either version")
    func trusted() async throws {
        try await TestFleet.run { server in
            var options = try trusting(server)
            for host in ["127.0.0.1", "localhost"] {
                #expect(try await dial(host, port(server), options) == .connected)
            }
            options.maximumVersion = .tls12
            #expect(try await dial("127.0.0.1", port(server), options) == .connected)
            options.maximumVersion = .tls13
            options.minimumVersion = .tls13
            #expect(try await dial("127.0.0.1", port(server), options) == .connected)
        }
    }

    @Test("the process's own clients trust its authority without being told")
    func ownClients() async throws {
        try await TestFleet.run { server in
            let event = try await dial("127.0.0.1", port(server), TLSOptions(), server.fleet.tls.client)
            #expect(event == .connected)
        }
    }

    @Test("a stranger's certificate is not trusted")
    func untrusted() async throws {
        try await TestFleet.run { server in
            let event = try await dial("127.0.0.1", port(server), TLSOptions())
            #expect(reason(event) == "the certificate is not trusted")
        }
    }

    @Test("TLS to a listener without it, and the reverse, fail with a word about it")
    func mismatch() async throws {
        try await TestFleet.run { server in
            let event = try await dial("127.0.0.1", port(server, "PLAINTEXT"), try trusting(server))
            #expect(reason(event) != nil, "\(String(describing: event))")
        }
    }

    @Test("trust can be read from files; what is wrong with them is said")
    func files() async throws {
        try await TestFleet.run { server in
            let folder = FileManager.default.temporaryDirectory.appending(path: "twinlog-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let path = folder.appending(path: "ca.pem").path
            var options = TLSOptions()
            options.trust = .pemFile(path)
            #expect(reason(try await dial("127.0.0.1", port(server), options)) == "\(path) does not exist")
            try "nonsense".write(toFile: path, atomically: true, encoding: .utf8)
            let nonsense = try await dial("127.0.0.1", port(server), options)
            #expect(reason(nonsense)?.contains("no certificate") == true)
            try server.fleet.tls.identity().authorityPEM.write(
                toFile: path, atomically: true, encoding: .utf8)
            #expect(try await dial("127.0.0.1", port(server), options) == .connected)
            options.trust = .pkcs12File(path, password: Secret("x"))
            let pem = try await dial("127.0.0.1", port(server), options)
            #expect(reason(pem)?.contains("PKCS #12") == true)
        }
    }

    @Test("a certificate for other hosts is refused unless nobody asks")
    func otherHosts() async throws {
        let identity = try PKIDirectory.ephemeral(hosts: ["other.example"], now: WallClock.nowMs())
        let folder = FileManager.default.temporaryDirectory.appending(path: "twinlog-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String, _ text: String) throws -> String {
            let path = folder.appending(path: name).path
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return path
        }
        let options: [ServeOption: String] = [
            .tlsCertificate: try file("c.pem", identity.certificateChainPEM),
            .tlsKey: try file("k.pem", identity.privateKeyPEM), .tlsAuthority: try file("a.pem", identity.authorityPEM),
        ]
        try await TestFleet.run(options: options) { server in
            var client = try trusting(server)
            for host in ["127.0.0.1", "localhost"] {
                let event = try await dial(host, port(server), client)
                #expect(reason(event) == "the certificate is not for this host", "\(String(describing: event))")
            }
            client.verifiesHostname = false
            #expect(try await dial("127.0.0.1", port(server), client) == .connected)
        }
    }
}
