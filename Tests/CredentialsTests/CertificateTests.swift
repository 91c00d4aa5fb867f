import Foundation
import SwiftASN1
import Testing
import X509

@testable import Credentials

/// A folder that is gone after the test.
final class TemporaryFolder {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appending(path: "twinlog-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite("Certificates")
struct CertificateTests {
    private static let now: Int64 = 1_790_000_000_000
    private static let hosts = ["localhost", "127.0.0.1", "::1", "broker.example"]
    private let folder = TemporaryFolder()

    private var directory: PKIDirectory { PKIDirectory(folder.path + "/pki") }

    private func chain(_ pem: String) throws -> [Certificate] {
        try PEMDocument.parseMultiple(pemString: pem).map { try Certificate(pemDocument: $0) }
    }

    private func days(_ certificate: Certificate) -> Double {
        (certificate.notValidAfter.timeIntervalSince1970 - Double(Self.now) / 1_000) / 86_400
    }

    @Test("the first start makes an authority for ten years and a server certificate with every host")
    func contents() throws {
        let identity = try directory.prepare(hosts: Self.hosts, now: Self.now)
        let authority = try #require(try chain(identity.authorityPEM).first)
        #expect((3_640...3_650).contains(days(authority)))
        #expect(try authority.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: 0))
        #expect(try authority.extensions.keyUsage?.keyCertSign == true)
        let chain = try chain(identity.certificateChainPEM)
        #expect(chain.count == 2)
        let server = try #require(chain.first)
        #expect(chain.last == authority)
        #expect(authority.publicKey.isValidSignature(server.signature, for: server))
        #expect(server.issuer == authority.subject)
        #expect(try server.extensions.basicConstraints == .notCertificateAuthority)
        #expect(try server.extensions.extendedKeyUsage?.contains(.serverAuth) == true)
        let names = try #require(try server.extensions.subjectAlternativeNames)
        #expect(
            Array(names) == [
                .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
                .ipAddress(ASN1OctetString(contentBytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
                .dnsName("broker.example"),
            ])
        // Apple's clients refuse server certificates that are good for longer.
        #expect((700...825).contains(days(server)))
        #expect(server.notValidBefore.timeIntervalSince1970 < Double(Self.now) / 1_000)
    }

    @Test("keys and certificates can be read by their owner only")
    func permissions() throws {
        let identity = try directory.prepare(hosts: Self.hosts, now: Self.now)
        #expect(SecretFiles.mode(of: directory.authorityKey) == 0o600)
        #expect(SecretFiles.mode(of: directory.serverKey) == 0o600)
        #expect(SecretFiles.mode(of: directory.authorityCertificate) == 0o600)
        #expect(SecretFiles.mode(of: directory.serverCertificate) == 0o600)
        #expect(identity.authorityPath?.hasSuffix("/pki/ca.pem") == true)
        #expect(identity.authorityPath?.hasPrefix("/") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).count == 4)
    }

    @Test("the next start finds the same files")
    func restart() throws {
        let first = try directory.prepare(hosts: Self.hosts, now: Self.now)
        #expect(try directory.prepare(hosts: Self.hosts.reversed(), now: Self.now + 86_400_000) == first)
    }

    @Test("other hosts, and an end that is near, get a new server certificate from the same authority")
    func renewal() throws {
        let first = try directory.prepare(hosts: Self.hosts, now: Self.now)
        let other = try directory.prepare(hosts: ["localhost"], now: Self.now)
        #expect(other.authorityPEM == first.authorityPEM)
        #expect(other.certificateChainPEM != first.certificateChainPEM)
        let late = Self.now + Int64((CertificateMaker.serverDays - 20) * 86_400_000)
        let renewed = try directory.prepare(hosts: ["localhost"], now: late)
        #expect(renewed.authorityPEM == first.authorityPEM)
        #expect(renewed.certificateChainPEM != other.certificateChainPEM)
        #expect(renewed.privateKeyPEM != other.privateKeyPEM)
    }

    @Test("a server certificate that is damaged, or whose key is another's, is made anew")
    func damagedServer() throws {
        let first = try directory.prepare(hosts: Self.hosts, now: Self.now)
        try SecretFiles.replace(directory.serverCertificate, with: Array("nonsense".utf8), .everyone)
        let second = try directory.prepare(hosts: Self.hosts, now: Self.now)
        #expect(second.certificateChainPEM != first.certificateChainPEM)
        try SecretFiles.replace(directory.serverKey, with: Array(first.privateKeyPEM.utf8), .ownerOnly)
        #expect(try directory.prepare(hosts: Self.hosts, now: Self.now).privateKeyPEM != first.privateKeyPEM)
    }

    @Test("a damaged authority is not replaced behind its clients' backs")
    func damagedAuthority() throws {
        _ = try directory.prepare(hosts: Self.hosts, now: Self.now)
        try SecretFiles.replace(directory.authorityKey, with: Array("nonsense".utf8), .ownerOnly)
        #expect { try directory.prepare(hosts: Self.hosts, now: Self.now) } throws: { "\($0)".contains("ca-key.pem") }
    }

    @Test("without a folder everything is in memory")
    func ephemeral() throws {
        let identity = try PKIDirectory.ephemeral(hosts: Self.hosts, now: Self.now)
        #expect(identity.authorityPath == nil)
        #expect(try chain(identity.certificateChainPEM).count == 2)
    }

    @Test("own files are named when they are missing or something else")
    func ownFiles() throws {
        let identity = try PKIDirectory.ephemeral(hosts: Self.hosts, now: Self.now)
        let (certificate, key) = (folder.path + "/c.pem", folder.path + "/k.pem")
        try SecretFiles.replace(certificate, with: Array(identity.certificateChainPEM.utf8), .everyone)
        #expect { try OwnCertificateFiles(certificate: certificate, key: key).load() } throws: {
            "\($0)" == "\(key) does not exist"
        }
        try SecretFiles.replace(key, with: Array(identity.certificateChainPEM.utf8), .ownerOnly)
        #expect { try OwnCertificateFiles(certificate: certificate, key: key).load() } throws: {
            "\($0)".contains("\(key) holds no private key")
        }
        try SecretFiles.replace(key, with: Array(identity.privateKeyPEM.utf8), .ownerOnly)
        let own = try OwnCertificateFiles(certificate: certificate, key: key).load()
        #expect(own.authorityPEM == identity.certificateChainPEM)
    }

    @Test(
        "addresses are told from names",
        arguments: [
            ("127.0.0.1", [127, 0, 0, 1]), ("::1", [UInt8](repeating: 0, count: 15) + [1]),
            ("fe80::1%eth0", [0xFE, 0x80] + [UInt8](repeating: 0, count: 13) + [1]),
            ("::ffff:10.1.2.3", [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 10, 1, 2, 3]),
            ("2001:db8:1:2:3:4:5:6", [0x20, 1, 0x0D, 0xB8, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6]),
        ] as [(String, [UInt8])])
    func addresses(text: String, bytes: [UInt8]) {
        #expect(IPAddressBytes.parse(text) == bytes)
    }

    @Test(
        "names are no addresses",
        arguments: ["localhost", "1.2.3", "256.1.1.1", "1.2.3.4.5", ":", "1::2::3", "::x", "1:2", ""])
    func names(text: String) {
        #expect(IPAddressBytes.parse(text) == nil)
    }
}
