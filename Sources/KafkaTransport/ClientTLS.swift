import Credentials
import KafkaClient
import NIOCore
import NIOSSL
import Synchronization

/// Makes TLS contexts for clients, from what their configs say.
///
/// Contexts that depend on nothing but their options are kept: reading the system's authorities takes milliseconds.
package final class ClientTLS: Sendable {
    /// Trusted besides what the options say, in PEM: the authority of this process's own clusters.
    private let ownAuthority = Mutex<String?>(nil)
    private let contexts = Mutex<[TLSOptions: NIOSSLContext]>([:])
    /// Links of one process do not have that many different options.
    private static let keptContexts = 64

    package init(ownAuthority: String? = nil) {
        self.ownAuthority.withLock { $0 = ownAuthority }
    }

    /// Trusts the authority from now on.
    package func install(ownAuthority: String) {
        self.ownAuthority.withLock { $0 = ownAuthority }
        contexts.withLock { $0.removeAll() }
    }

    /// What is wrong, in words for whoever set the options.
    struct Problem: Error {
        let text: String
    }

    func makeHandler(_ options: TLSOptions, host: String) throws(Problem) -> NIOSSLClientHandler {
        let context = try context(options)
        // An address is compared with that of the connection; only names travel in the handshake.
        let name = IPAddressBytes.parse(host) == nil ? host : nil
        do {
            return try NIOSSLClientHandler(context: context, serverHostname: name)
        } catch {
            throw Problem(text: "'\(host)' is no host name that a certificate could hold")
        }
    }

    private func context(_ options: TLSOptions) throws(Problem) -> NIOSSLContext {
        guard !options.readsFiles else {
            return try makeContext(options)
        }
        if let kept = contexts.withLock({ $0[options] }) {
            return kept
        }
        let made = try makeContext(options)
        contexts.withLock { contexts in
            if contexts.count >= Self.keptContexts {
                contexts.removeAll()
            }
            contexts[options] = made
        }
        return made
    }

    private func makeContext(_ options: TLSOptions) throws(Problem) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = options.minimumVersion == .tls13 ? .tlsv13 : .tlsv12
        configuration.maximumTLSVersion = options.maximumVersion == .tls12 ? .tlsv12 : .tlsv13
        configuration.certificateVerification =
            options.verifiesHostname ? .fullVerification : .noHostnameVerification
        configuration.trustRoots = try roots(options.trust)
        if let ownAuthority = ownAuthority.withLock({ $0 }) {
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
            ("WRONG_VERSION_NUMBER", "what came is not TLS"),
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
