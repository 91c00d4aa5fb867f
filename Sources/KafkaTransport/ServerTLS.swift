import Credentials
import NIOCore
import NIOSSL
import Synchronization

/// The certificate of TLS listeners. The TLS library is woken by the first connection that needs it, so that a server
/// without one neither waits for it nor holds its memory.
package final class ServerTLS: Sendable {
    private let identity: ServerIdentity
    private let context = Mutex<NIOSSLContext?>(nil)

    package init(_ identity: ServerIdentity) {
        self.identity = identity
    }

    /// Says at once what would otherwise show with the first connection. For certificates that users bring.
    /// - Throws: ``CredentialError``.
    package func check() throws(CredentialError) {
        _ = try loaded()
    }

    func makeHandler() throws(CredentialError) -> NIOSSLServerHandler {
        NIOSSLServerHandler(context: try loaded())
    }

    private func loaded() throws(CredentialError) -> NIOSSLContext {
        let result: Result<NIOSSLContext, CredentialError> = context.withLock { context in
            if let context {
                return .success(context)
            }
            do throws(CredentialError) {
                let made = try makeContext()
                context = made
                return .success(made)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func makeContext() throws(CredentialError) -> NIOSSLContext {
        let chain: [NIOSSLCertificate]
        let key: NIOSSLPrivateKey
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(Array(identity.certificateChainPEM.utf8))
        } catch {
            throw CredentialError("the TLS certificate cannot be read")
        }
        do {
            key = try NIOSSLPrivateKey(bytes: Array(identity.privateKeyPEM.utf8), format: .pem)
        } catch {
            throw CredentialError("the TLS key cannot be read: it has to be an unencrypted key in PEM format")
        }
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw CredentialError("TLS certificate and key do not belong together, or are of no use: \(error)")
        }
    }
}
