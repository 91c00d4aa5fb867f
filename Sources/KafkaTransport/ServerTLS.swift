import Credentials
import NIOCore
import NIOSSL
import Synchronization

/// The certificate of TLS listeners. It is fetched, and the TLS library woken, by the first connection that needs it,
/// so that a server without one neither waits for it nor holds its memory.
package final class ServerTLS: Sendable {
    /// Has the certificate, or makes it.
    package typealias Source = @Sendable () throws(CredentialError) -> ServerIdentity

    private struct State {
        var source: Source?
        var context: NIOSSLContext?
    }

    private let state = Mutex(State())

    package init() {}

    /// Tells what connections from now on are shown. Has to come before the first of them.
    package func install(_ source: @escaping Source) {
        state.withLock { $0 = State(source: source) }
    }

    /// Says at once what would otherwise show with the first connection. For certificates that users bring.
    /// - Throws: ``CredentialError``.
    package func check() throws(CredentialError) {
        _ = try loaded()
    }

    func makeHandler() throws(CredentialError) -> NIOSSLServerHandler {
        NIOSSLServerHandler(context: try loaded())
    }

    /// Whether a client ended its direction without the library's word for it, as many do.
    static func isEndWithoutWord(_ error: any Error) -> Bool {
        if case NIOSSLError.uncleanShutdown = error { true } else { false }
    }

    private func loaded() throws(CredentialError) -> NIOSSLContext {
        let result: Result<NIOSSLContext, CredentialError> = state.withLock { state in
            if let context = state.context {
                return .success(context)
            }
            guard let source = state.source else {
                return .failure(CredentialError("no TLS certificate was given"))
            }
            do throws(CredentialError) {
                let made = try Self.makeContext(try source())
                state.context = made
                return .success(made)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private static func makeContext(_ identity: ServerIdentity) throws(CredentialError) -> NIOSSLContext {
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
