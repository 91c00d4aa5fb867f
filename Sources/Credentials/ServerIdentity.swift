/// What the server shows to TLS clients, and what they have to trust.
package struct ServerIdentity: Equatable, Sendable {
    /// The server's certificate, followed by those that lead to the authority.
    package var certificateChainPEM: String
    package var privateKeyPEM: String
    /// What clients have to trust.
    package var authorityPEM: String
    /// Where `authorityPEM` lies, from the root on; nil when it is in memory only.
    package var authorityPath: String?
}

/// Certificates of the user's own: `--tls-certificate`, `--tls-key`, `--tls-ca`.
package struct OwnCertificateFiles: Hashable, Sendable {
    /// PEM: the server's certificate, followed by intermediate ones.
    package var certificate: String
    /// PEM: its key, not encrypted.
    package var key: String
    /// PEM: what clients have to trust; without it, the certificate file.
    package var authority: String?

    package init(certificate: String, key: String, authority: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.authority = authority
    }

    /// Reads the files. Whether they belong together is for the TLS library to say.
    package func load() throws(CredentialError) -> ServerIdentity {
        let authority = authority ?? certificate
        let chain = try pem(certificate, block: "CERTIFICATE")
        return ServerIdentity(
            certificateChainPEM: chain, privateKeyPEM: try pem(key, block: "PRIVATE KEY"),
            authorityPEM: try pem(authority, block: "CERTIFICATE"),
            authorityPath: SecretFiles.absolutePath(authority))
    }

    private func pem(_ path: String, block: String) throws(CredentialError) -> String {
        guard let bytes = try SecretFiles.read(path) else {
            throw CredentialError("\(path) does not exist")
        }
        guard let text = String(validating: bytes, as: UTF8.self), text.contains("-----BEGIN "),
            text.contains("\(block)-----")
        else {
            throw CredentialError("\(path) holds no \(block.lowercased()) in PEM format")
        }
        return text
    }
}

/// The folder of the development authority: `ca.pem`, `ca-key.pem`, `server.pem`, `server-key.pem`.
package struct PKIDirectory: Sendable {
    package let path: String

    /// - Parameter path: made when it is missing; its parent has to exist.
    package init(_ path: String) {
        self.path = path
    }

    package var authorityCertificate: String { path + "/ca.pem" }
    var authorityKey: String { path + "/ca-key.pem" }
    var serverCertificate: String { path + "/server.pem" }
    var serverKey: String { path + "/server-key.pem" }

    /// Whether certificates were made here before.
    package var isInUse: Bool {
        SecretFiles.exists(authorityCertificate) || SecretFiles.exists(authorityKey)
    }

    /// Reads what is there, and makes what is missing, has other names than `hosts`, or will expire soon.
    ///
    /// - Parameters:
    ///   - hosts: names and addresses that clients dial.
    ///   - now: milliseconds since the epoch.
    package func prepare(hosts: [String], now: Int64) throws(CredentialError) -> ServerIdentity {
        try SecretFiles.makeDirectory(path)
        let authority = try authority(now)
        if let server = try pair(serverCertificate, serverKey),
            CertificateMaker.isUsable(server, hosts: hosts, authority: authority.certificatePEM, now: now)
        {
            return identity(server, authority)
        }
        let server = try CertificateMaker.makeServer(hosts: hosts, authority: authority, now: now)
        try write(server, serverCertificate, serverKey)
        return identity(server, authority)
    }

    /// The same without a folder: everything is gone with the process.
    package static func ephemeral(hosts: [String], now: Int64) throws(CredentialError) -> ServerIdentity {
        let authority = try CertificateMaker.makeAuthority(now: now)
        let server = try CertificateMaker.makeServer(hosts: hosts, authority: authority, now: now)
        return ServerIdentity(
            certificateChainPEM: server.certificatePEM, privateKeyPEM: server.keyPEM,
            authorityPEM: authority.certificatePEM, authorityPath: nil)
    }

    private func identity(_ server: CertifiedKey, _ authority: CertifiedKey) -> ServerIdentity {
        ServerIdentity(
            certificateChainPEM: server.certificatePEM, privateKeyPEM: server.keyPEM,
            authorityPEM: authority.certificatePEM,
            authorityPath: SecretFiles.absolutePath(authorityCertificate))
    }

    private func authority(_ now: Int64) throws(CredentialError) -> CertifiedKey {
        if let present = try pair(authorityCertificate, authorityKey) {
            // Clients were told to trust it: a damaged one is not silently replaced.
            guard CertificateMaker.isUsableAuthority(present, now: now) else {
                throw CredentialError(
                    "\(authorityCertificate) and \(authorityKey) do not belong together, are damaged or expired; "
                        + "remove both to have new ones made")
            }
            return present
        }
        let made = try CertificateMaker.makeAuthority(now: now)
        try write(made, authorityCertificate, authorityKey)
        return made
    }

    /// nil unless both files are there; one that a power failure has emptied is not.
    private func pair(_ certificate: String, _ key: String) throws(CredentialError) -> CertifiedKey? {
        guard let certificate = try SecretFiles.read(certificate), let key = try SecretFiles.read(key),
            !certificate.isEmpty, !key.isEmpty
        else {
            return nil
        }
        return CertifiedKey(
            certificatePEM: String(decoding: certificate, as: UTF8.self), keyPEM: String(decoding: key, as: UTF8.self))
    }

    /// The key first: a certificate without its key would look complete to whoever copies the folder.
    private func write(_ pair: CertifiedKey, _ certificate: String, _ key: String) throws(CredentialError) {
        try SecretFiles.replace(key, with: Array(pair.keyPEM.utf8), .ownerOnly, durable: false)
        try SecretFiles.replace(certificate, with: Array(pair.certificatePEM.utf8), .ownerOnly, durable: false)
    }
}
