/// What clients have to trust to reach the TLS listeners of this process.
package struct TrustedAuthority: Sendable, Equatable {
    /// One or more certificates.
    package var pem: String
    /// The file that holds them on the server's machine, from the root on; nil when they are in memory only.
    package var path: String?

    package init(pem: String, path: String?) {
        self.pem = pem
        self.path = path
    }
}

/// A fleet with TLS listeners.
package protocol SecurityBackend: FleetBackend {
    /// nil while the server is starting.
    var authority: TrustedAuthority? { get async }
}

/// Certificates for whoever sets up a client. They are public: without them nobody could begin to log in.
enum SecurityRoutes {
    static let routes: [Route] = [
        Route(.get, "/twinlog/v1/ca") { _, fleet in
            .text(try await authority(fleet).pem, contentType: "application/x-pem-file")
        },
        Route(.get, "/twinlog/v1/tls") { request, fleet in
            let authority = try await authority(fleet)
            return .json([
                "kind": "TwinlogTLS",
                "metadata": ["self": .string(request.base + "/twinlog/v1/tls"), "resource_name": .null],
                "ca_pem": .string(authority.pem),
                "ca_file": authority.path.map { .string($0) } ?? .null,
            ])
        },
    ]

    private static func authority(_ fleet: any FleetBackend) async throws -> TrustedAuthority {
        guard let backend = fleet as? any SecurityBackend, let authority = await backend.authority else {
            throw RESTError.notFound("This server has no TLS listeners.")
        }
        return authority
    }
}
