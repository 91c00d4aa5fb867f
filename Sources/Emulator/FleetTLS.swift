import Credentials
import KafkaTransport
import RESTAPI
import Synchronization

/// What all clusters of one process share to be safe: the server's certificate, and the authority that its own clients
/// trust. Any thread may use it.
package final class FleetTLS: Sendable {
    /// What TLS listeners show.
    let server = ServerTLS()
    /// How links, and whoever else dials from this process, encrypt.
    package let client = ClientTLS()
    private let loaded = Mutex<ServerIdentity?>(nil)

    package init() {}

    /// Reads the certificates, and makes those that are missing. To be done before the first listener accepts; the data
    /// directory has to exist.
    func prepare(_ configuration: ServeConfiguration) throws(StartError) {
        let identity: ServerIdentity
        do throws(CredentialError) {
            identity = try Self.identity(configuration, now: WallClock.nowMs())
            server.install(identity)
            if configuration.certificates != nil {
                // What a user brought is tried out now: later, only clients would be told.
                try server.check()
            }
        } catch {
            throw StartError(configuration.certificates == nil ? .ioError : .configuration, "TLS: \(error)")
        }
        // Who signed a certificate that the user brought is not known for sure.
        let hosts = configuration.certificates == nil ? configuration.certificateHosts : []
        client.install(ownAuthority: identity.authorityPEM, hosts: hosts)
        loaded.withLock { $0 = identity }
    }

    /// What clients have to trust; nil before ``prepare(_:)``.
    package var identity: ServerIdentity? { loaded.withLock { $0 } }

    private static func identity(
        _ configuration: ServeConfiguration, now: Int64
    ) throws(CredentialError) -> ServerIdentity {
        if let own = configuration.certificates {
            return try own.load()
        }
        switch configuration.storage {
        case .directory(let path):
            return try PKIDirectory(path + "/pki").prepare(hosts: configuration.certificateHosts, now: now)
        case .memory: return try PKIDirectory.ephemeral(hosts: configuration.certificateHosts, now: now)
        }
    }
}

extension Fleet: SecurityBackend {
    package nonisolated var authority: TrustedAuthority? {
        tls.identity.map { TrustedAuthority(pem: $0.authorityPEM, path: $0.authorityPath) }
    }
}

extension ServeConfiguration {
    /// Names and addresses that the server's certificate holds.
    var certificateHosts: [String] {
        var hosts = ["localhost", "127.0.0.1", "::1"]
        for host in [listenHost, advertisedHost] where !Self.isWildcard(host) && !hosts.contains(host) {
            hosts.append(host)
        }
        return hosts
    }
}
