import Credentials
import KafkaTransport
import Logging
import RESTAPI
import Synchronization

/// What all clusters of one process share to be safe: the server's certificate, and the authority that its own clients
/// trust. Any thread may use it.
package final class FleetTLS: Sendable {
    /// What TLS listeners show.
    let server = ServerTLS()
    /// How links, and whoever else dials from this process, encrypt.
    package let client = ClientTLS()
    private let state = Mutex(State())

    private struct State {
        var configuration: ServeConfiguration?
        var identity: ServerIdentity?
    }

    package init() {}

    /// Says where certificates come from. Those of the user's own and those that were made in an earlier run are read
    /// now, so that damage stops the start; new ones are only made when somebody asks for them: the first TLS client,
    /// or whoever sets one up. The data directory has to exist.
    func prepare(_ configuration: ServeConfiguration, logger: Logger) throws(StartError) {
        state.withLock { $0 = State(configuration: configuration) }
        server.install { [weak self] () throws(CredentialError) in
            guard let self else {
                throw CredentialError("the server is stopping")
            }
            do throws(CredentialError) {
                return try self.identity()
            } catch {
                logger.error("TLS clients are turned away: \(error)")
                throw error
            }
        }
        // Who signed a certificate that the user brought is not known for sure.
        let hosts = configuration.certificates == nil ? configuration.certificateHosts : []
        client.install(ownAuthority: { [weak self] in try? self?.identity().authorityPEM }, hosts: hosts)
        do throws(CredentialError) {
            if configuration.certificates != nil {
                // What a user brought is tried out now: later, only clients would be told.
                try server.check()
            } else if configuration.pki?.isInUse == true {
                _ = try identity()
            }
        } catch {
            throw StartError(configuration.certificates == nil ? .ioError : .configuration, "TLS: \(error)")
        }
    }

    /// What the server shows and clients have to trust; made with the first call where there is none yet, which takes
    /// some milliseconds.
    package func identity() throws(CredentialError) -> ServerIdentity {
        let result: Result<ServerIdentity, CredentialError> = state.withLock { state in
            if let identity = state.identity {
                return .success(identity)
            }
            guard let configuration = state.configuration else {
                return .failure(CredentialError("the server is starting"))
            }
            do throws(CredentialError) {
                let made = try Self.load(configuration, now: WallClock.nowMs())
                state.identity = made
                return .success(made)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private static func load(
        _ configuration: ServeConfiguration, now: Int64
    ) throws(CredentialError) -> ServerIdentity {
        if let own = configuration.certificates {
            return try own.load()
        }
        if let pki = configuration.pki {
            return try pki.prepare(hosts: configuration.certificateHosts, now: now)
        }
        return try PKIDirectory.ephemeral(hosts: configuration.certificateHosts, now: now)
    }
}

extension Fleet: SecurityBackend {
    package nonisolated var authority: TrustedAuthority? {
        do throws(CredentialError) {
            let identity = try tls.identity()
            return TrustedAuthority(pem: identity.authorityPEM, path: identity.authorityPath)
        } catch {
            logger.error("there is no certificate to trust: \(error)")
            return nil
        }
    }
}

extension ServeConfiguration {
    /// Where the development authority is kept; nil in memory.
    var pki: PKIDirectory? {
        if case .directory(let path) = storage { PKIDirectory(path + "/pki") } else { nil }
    }

    /// Names and addresses that the server's certificate holds.
    var certificateHosts: [String] {
        var hosts = ["localhost", "127.0.0.1", "::1"]
        for host in [listenHost, advertisedHost] where !Self.isWildcard(host) && !hosts.contains(host) {
            hosts.append(host)
        }
        return hosts
    }
}
