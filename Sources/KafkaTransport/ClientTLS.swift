import Credentials
import KafkaClient
import NIOCore
import NIOSSL
import Synchronization

/// Makes TLS contexts for clients, from what their configs say.
///
/// Contexts that depend on nothing but their options are kept: reading the system's authorities takes tens of
/// milliseconds, and megabytes.
package final class ClientTLS: Sendable {
    fileprivate struct State {
        /// Trusted besides what the options say, in PEM: the authority of this process's own clusters. Asked for when
        /// the first context is made; nil when there is none.
        var ownAuthority: @Sendable () -> String? = { nil }
        /// Where listeners show what the own authority has signed: nobody else's signature is needed there.
        var ownHosts: Set<String> = []
        var ownPorts: Set<Int> = []
        var contexts: [Kind: NIOSSLContext] = [:]
    }

    fileprivate struct Kind: Hashable {
        let options: TLSOptions
        let isOwn: Bool
    }

    private let state = Mutex(State())
    /// Links of one process do not have that many different options.
    private static let keptContexts = 64

    package init(ownAuthority: String? = nil) {
        state.withLock { $0.ownAuthority = { ownAuthority } }
    }

    /// Trusts the authority from now on.
    ///
    /// - Parameter hosts: where the listeners of this process are; on ports given to ``addOwnPort(_:)`` no other
    ///   authority is looked for, so that the system's are not woken up.
    package func install(ownAuthority: @escaping @Sendable () -> String?, hosts: [String]) {
        state.withLock { state in
            state.ownAuthority = ownAuthority
            state.ownHosts = Set(hosts)
            state.contexts.removeAll()
        }
    }

    /// A TLS listener of this process was opened.
    package func addOwnPort(_ port: Int) {
        state.withLock { _ = $0.ownPorts.insert(port) }
    }

    package func removeOwnPort(_ port: Int) {
        state.withLock { _ = $0.ownPorts.remove(port) }
    }

    /// What is wrong, in words for whoever set the options.
    struct Problem: Error, CustomStringConvertible {
        let text: String

        var description: String { text }
    }

    /// What a connection needs, unless it has to be made first.
    func readyContext(_ options: TLSOptions, to address: HostPort) -> NIOSSLContext? {
        guard !options.readsFiles else {
            return nil
        }
        return state.withLock { state in state.contexts[state.kind(options, address)] }
    }

    /// Makes what ``readyContext(_:to:)`` did not have. Reads files: not to be called where waiting does harm.
    func makeContext(_ options: TLSOptions, to address: HostPort) throws(Problem) -> NIOSSLContext {
        let (kind, authority) = state.withLock { ($0.kind(options, address), $0.ownAuthority) }
        let made = try make(kind, authority())
        if !options.readsFiles {
            state.withLock { state in
                if state.contexts.count >= Self.keptContexts {
                    state.contexts.removeAll()
                }
                state.contexts[kind] = made
            }
        }
        return made
    }

    static func makeHandler(_ context: NIOSSLContext, host: String) throws(Problem) -> NIOSSLClientHandler {
        // An address is compared with that of the connection; only names travel in the handshake.
        let name = IPAddressBytes.parse(host) == nil ? host : nil
        do {
            return try NIOSSLClientHandler(context: context, serverHostname: name)
        } catch {
            throw Problem(text: "'\(host)' is no host name that a certificate could hold")
        }
    }

    private func make(_ kind: Kind, _ ownAuthority: String?) throws(Problem) -> NIOSSLContext {
        let options = kind.options
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = options.minimumVersion == .tls13 ? .tlsv13 : .tlsv12
        configuration.maximumTLSVersion = options.maximumVersion == .tls12 ? .tlsv12 : .tlsv13
        configuration.certificateVerification =
            options.verifiesHostname ? .fullVerification : .noHostnameVerification
        configuration.trustRoots = kind.isOwn ? .certificates([]) : try roots(options.trust)
        if let ownAuthority {
            configuration.additionalTrustRoots = [
                .certificates(try certificates(Array(ownAuthority.utf8), "the own authority"))
            ]
        }
        if let identity = options.identity {
            try identify(&configuration, identity)
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw Problem(text: "the TLS options cannot be used: \(error)")
        }
    }

    // MARK: Whom to trust

    private func roots(_ trust: TLSOptions.Trust) throws(Problem) -> NIOSSLTrustRoots {
        switch trust {
        case .system: return .default
        case .certificates(let pem):
            return .certificates(try certificates(Array(pem.utf8), "ssl.truststore.certificates"))
        case .pemFile(let path): return .certificates(try certificates(try read(path), path))
        case .pkcs12File(let path, let password):
            do {
                let found = try PKCS12.certificates(try read(path), password: password.text)
                    .map { try NIOSSLCertificate(bytes: $0, format: .der) }
                guard !found.isEmpty else {
                    throw Problem(text: "\(path) holds no certificate")
                }
                return .certificates(found)
            } catch let problem as Problem {
                throw problem
            } catch {
                throw Problem(text: "\(path): \(error)")
            }
        }
    }

    private func certificates(_ pem: [UInt8], _ place: String) throws(Problem) -> [NIOSSLCertificate] {
        guard let found = try? NIOSSLCertificate.fromPEMBytes(pem), !found.isEmpty else {
            throw Problem(text: "\(place) holds no certificate in PEM format")
        }
        return found
    }

    private func read(_ path: String) throws(Problem) -> [UInt8] {
        let bytes: [UInt8]?
        do throws(CredentialError) {
            bytes = try SecretFiles.read(path)
        } catch {
            throw Problem(text: "\(error)")
        }
        guard let bytes else {
            throw Problem(text: "\(path) does not exist")
        }
        return bytes
    }

    // MARK: Who we are

    private func identify(
        _ configuration: inout TLSConfiguration, _ identity: TLSOptions.Identity
    ) throws(Problem) {
        let chain: [UInt8]
        let key: [UInt8]
        let password: Secret?
        let place: String
        switch identity {
        case .pem(let chainText, let keyText, let secret):
            (chain, key, password) = (Array(chainText.utf8), Array(keyText.text.utf8), secret)
            place = "ssl.keystore.certificate.chain"
        case .pemFile(let path, let secret):
            chain = try read(path)
            (key, password, place) = (chain, secret, path)
        }
        configuration.certificateChain = try certificates(chain, place).map { .certificate($0) }
        do {
            let privateKey =
                if let password {
                    try NIOSSLPrivateKey(bytes: key, format: .pem) { $0(Array(password.text.utf8)) }
                } else {
                    try NIOSSLPrivateKey(bytes: key, format: .pem)
                }
            configuration.privateKey = .privateKey(privateKey)
        } catch {
            throw Problem(text: "the key of the client's own certificate cannot be read")
        }
    }
}

extension ClientTLS.State {
    /// The system's authorities have nothing to say about our own listeners.
    fileprivate func kind(_ options: TLSOptions, _ address: HostPort) -> ClientTLS.Kind {
        ClientTLS.Kind(options: options, isOwn: options.trust == .system && isOwn(address))
    }

    private func isOwn(_ address: HostPort) -> Bool {
        ownPorts.contains(Int(address.port)) && ownHosts.contains(address.host)
    }
}

extension TLSOptions {
    /// Whether what the options mean may change without them.
    fileprivate var readsFiles: Bool {
        switch trust {
        case .pemFile, .pkcs12File: return true
        case .system, .certificates: break
        }
        if case .pemFile? = identity {
            return true
        }
        return false
    }
}

/// Handshake failures in a few words.
enum TLSFailureText {
    static func describe(_ error: any Error) -> String? {
        switch error {
        case let error as NIOSSLExtraError:
            return error == .failedToValidateHostname ? "the certificate is not for this host" : "\(error)"
        case NIOSSLError.handshakeFailed(let cause): return reason("\(cause)")
        case NIOSSLError.unableToValidateCertificate: return "the certificate is not trusted"
        case NIOSSLError.noCertificateToValidate: return "no certificate was shown"
        case is NIOSSLError: return nil
        case let error as BoringSSLError: return reason("\(error)")
        default: return nil
        }
    }

    /// The library's codes in words, where users will meet them.
    private static func reason(_ text: String) -> String {
        let known: [(String, String)] = [
            ("CERTIFICATE_VERIFY_FAILED", "the certificate is not trusted"),
            ("UNKNOWN_CA", "the other side does not trust the certificate"),
            ("WRONG_VERSION_NUMBER", "what came is not TLS: one side is set to PLAINTEXT or SASL_PLAINTEXT"),
            ("HTTP_REQUEST", "what came is an HTTP request, not TLS"),
            ("UNSUPPORTED_PROTOCOL", "the TLS version is not supported"),
            ("PROTOCOL_VERSION", "the TLS version is not supported"),
            ("CERTIFICATE_UNKNOWN", "the other side does not accept the certificate"),
            ("BAD_CERTIFICATE", "the other side does not accept the certificate"),
            ("NO_SHARED_CIPHER", "both sides have no cipher in common"),
        ]
        return known.first { text.contains($0.0) }?.1 ?? text
    }
}
