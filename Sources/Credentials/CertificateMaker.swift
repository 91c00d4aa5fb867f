import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// A certificate with its key, as PEM.
package struct CertifiedKey: Equatable, Sendable {
    package var certificatePEM: String
    package var keyPEM: String
}

/// Makes the development authority and the server certificates that it signs. ECDSA on P-256 throughout: quick to make,
/// and every client has it.
package enum CertificateMaker {
    /// Days that an authority and a server certificate are good for.
    static let authorityDays = 3_650.0
    static let serverDays = 825.0
    /// A server certificate is made anew when it has fewer days left than this.
    static let renewalDays = 30.0
    /// Clocks of clients may be slow.
    static let backdatedSeconds = 3_600.0
    private static let secondsPerDay = 86_400.0

    /// - Parameter now: milliseconds since the epoch.
    package static func makeAuthority(now: Int64) throws(CredentialError) -> CertifiedKey {
        try explaining("the development authority cannot be made") {
            let key = P256.Signing.PrivateKey()
            let name = try DistinguishedName {
                OrganizationName("Twinlog")
                // Authorities of several data directories can be told apart.
                CommonName("Twinlog development CA \(hex(identifier(of: key).prefix(4)))")
            }
            let extensions = try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(keyIdentifier: identifier(of: key))
            }
            let certificate = try sign(
                key.publicKey, subject: name, issuer: name, extensions, days: authorityDays, now, with: key)
            return try CertifiedKey(certificatePEM: certificate.serializeAsPEM().pemString + "\n", keyPEM: pem(key))
        }
    }

    /// A server certificate for `hosts`, names or addresses, with the authority's own behind it.
    package static func makeServer(
        hosts: [String], authority: CertifiedKey, now: Int64
    ) throws(CredentialError) -> CertifiedKey {
        try explaining("the server certificate cannot be made") {
            let issuer = try Certificate(pemEncoded: authority.certificatePEM)
            let issuerKey = try P256.Signing.PrivateKey(pemRepresentation: authority.keyPEM)
            let key = P256.Signing.PrivateKey()
            let name = try DistinguishedName {
                OrganizationName("Twinlog")
                CommonName("Twinlog server")
            }
            let extensions = try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(hosts.map(generalName))
                SubjectKeyIdentifier(keyIdentifier: identifier(of: key))
                AuthorityKeyIdentifier(keyIdentifier: identifier(of: issuerKey))
            }
            let certificate = try sign(
                key.publicKey, subject: name, issuer: issuer.subject, extensions, days: serverDays, now,
                with: issuerKey)
            let chain =
                try [certificate, issuer].map { try $0.serializeAsPEM().pemString }.joined(separator: "\n") + "\n"
            return CertifiedKey(certificatePEM: chain, keyPEM: pem(key))
        }
    }

    /// Whether a server certificate can go on being used: its names are `hosts`, the authority signed it, its key is
    /// that of the certificate, and it has time left. What cannot be read cannot be used.
    package static func isUsable(
        _ server: CertifiedKey, hosts: [String], authority certificatePEM: String, now: Int64
    ) -> Bool {
        guard let leaf = try? Certificate(pemEncoded: firstBlock(server.certificatePEM)),
            let issuer = try? Certificate(pemEncoded: certificatePEM),
            let key = try? P256.Signing.PrivateKey(pemRepresentation: server.keyPEM),
            let names = try? leaf.extensions.subjectAlternativeNames
        else {
            return false
        }
        let latest = Date(timeIntervalSince1970: Double(now) / 1_000 + renewalDays * secondsPerDay)
        return leaf.notValidAfter > latest && Set(names) == Set(hosts.map(generalName))
            && issuer.publicKey.isValidSignature(leaf.signature, for: leaf)
            && leaf.publicKey == Certificate.PublicKey(key.publicKey)
    }

    /// Whether an authority can sign what outlives the next renewal.
    package static func isUsableAuthority(_ authority: CertifiedKey, now: Int64) -> Bool {
        guard let certificate = try? Certificate(pemEncoded: authority.certificatePEM),
            let key = try? P256.Signing.PrivateKey(pemRepresentation: authority.keyPEM)
        else {
            return false
        }
        let latest = Date(timeIntervalSince1970: Double(now) / 1_000 + renewalDays * secondsPerDay)
        return certificate.notValidAfter > latest && certificate.publicKey == Certificate.PublicKey(key.publicKey)
    }

    // MARK: Pieces

    private static func sign(
        _ publicKey: P256.Signing.PublicKey, subject: DistinguishedName, issuer: DistinguishedName,
        _ extensions: Certificate.Extensions, days: Double, _ now: Int64, with issuerKey: P256.Signing.PrivateKey
    ) throws -> Certificate {
        let start = Double(now / 1_000) - backdatedSeconds
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(publicKey),
            notValidBefore: Date(timeIntervalSince1970: start),
            notValidAfter: Date(timeIntervalSince1970: start + days * secondsPerDay), issuer: issuer,
            subject: subject, signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions,
            issuerPrivateKey: .init(issuerKey))
    }

    /// RFC 5280, 4.2.1.2: a hash of the public key.
    private static func identifier(of key: P256.Signing.PrivateKey) -> ArraySlice<UInt8> {
        ArraySlice(Insecure.SHA1.hash(data: key.publicKey.x963Representation))
    }

    static func generalName(_ host: String) -> GeneralName {
        if let address = IPAddressBytes.parse(host) {
            return .ipAddress(ASN1OctetString(contentBytes: address[...]))
        }
        return .dnsName(host.lowercased())
    }

    private static func pem(_ key: P256.Signing.PrivateKey) -> String {
        key.pemRepresentation + "\n"
    }

    /// The first certificate of a chain.
    private static func firstBlock(_ pem: String) -> String {
        let end = "-----END CERTIFICATE-----"
        return pem.firstRange(of: end).map { String(pem[..<$0.upperBound]) } ?? pem
    }

    private static func explaining<T>(_ what: String, _ body: () throws -> T) throws(CredentialError) -> T {
        do {
            return try body()
        } catch {
            throw CredentialError("\(what): \(error)")
        }
    }
}

/// Bytes in hexadecimal.
func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
}
