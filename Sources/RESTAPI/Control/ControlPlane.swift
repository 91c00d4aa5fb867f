/// What stands above the clusters: environments, the clusters as things that are bought, API keys, sessions and
/// connectors.
///
/// Calls come from any thread. What a user did wrong is thrown as ``RESTError``.
package protocol ControlPlane: Sendable {
    // MARK: Environments

    /// Ordered by creation; never empty.
    func environments() async -> [EnvironmentInfo]
    /// - Throws: 409 when the name is taken.
    func createEnvironment(_ wish: EnvironmentCreation) async throws -> EnvironmentInfo
    /// nil leaves a property as it is.
    func updateEnvironment(_ id: String, displayName: String?, package: String?) async throws -> EnvironmentInfo
    /// - Throws: 409 while clusters are in it, and for the last one.
    func deleteEnvironment(_ id: String) async throws

    // MARK: Clusters

    /// Ordered by creation, over all environments.
    func managedClusters() async -> [ManagedCluster]
    /// Returns once its listeners accept.
    func createCluster(_ wish: ClusterCreation) async throws -> ManagedCluster
    func updateCluster(_ id: String, _ change: ClusterChange) async throws -> ManagedCluster
    /// Stops its listeners, links and connectors, forgets its API keys and removes its data.
    func deleteCluster(_ id: String) async throws

    // MARK: API keys

    /// Ordered by creation.
    func apiKeys() async throws -> [APIKeyInfo]
    /// - Returns: the key and its secret, which nobody can read again.
    func createAPIKey(_ wish: APIKeyCreation) async throws -> (key: APIKeyInfo, secret: String)
    func updateAPIKey(_ id: String, displayName: String?, description: String?) async throws -> APIKeyInfo
    func deleteAPIKey(_ id: String) async throws

    // MARK: Sessions

    /// - Throws: 401 when e-mail and password are configured and others are given.
    func logIn(email: String, password: String) async throws -> SessionInfo
    func logOut(token: String) async
    /// Whom a token belongs to; nil when it is none.
    func session(token: String) async -> SessionInfo?
    /// Whether requests have to say who sends them.
    var requiresAuthentication: Bool { get async }
    /// Whether the secret is the key's, and the key is for that cluster.
    func verify(key: String, secret: String, cluster: String) async -> Bool

    // MARK: Connectors

    /// Connectors of a cluster, ordered by name.
    func connectors(of cluster: String) async throws -> [ConnectorInfo]
    func createConnector(_ name: String, config: [String: String], cluster: String) async throws -> ConnectorInfo
    func configureConnector(_ name: String, config: [String: String], cluster: String) async throws -> ConnectorInfo
    func commandConnector(_ name: String, _ command: ConnectorCommand, cluster: String) async throws
    func deleteConnector(_ name: String, cluster: String) async throws
    /// Classes of connectors that can be run.
    var connectorPlugins: [ConnectorPlugin] { get }
    /// What is wrong with a configuration, by key; empty when a connector can be made of it.
    func validateConnector(_ config: [String: String]) -> [(field: String, message: String)]
    /// The configuration with its secrets masked.
    func redacted(_ config: [String: String]) -> [String: String]
}

/// A group of clusters.
package struct EnvironmentInfo: Sendable, Equatable {
    package var id: String
    package var displayName: String
    /// Stream governance package: `ESSENTIALS` or `ADVANCED`. Only shown.
    package var package: String
    /// Milliseconds since the epoch.
    package var createdMs: Int64
    package var updatedMs: Int64

    package init(id: String, displayName: String, package: String, createdMs: Int64, updatedMs: Int64) {
        self.id = id
        self.displayName = displayName
        self.package = package
        self.createdMs = createdMs
        self.updatedMs = updatedMs
    }
}

package struct EnvironmentCreation: Sendable {
    package var displayName: String
    package var package: String

    package init(displayName: String, package: String = "ESSENTIALS") {
        self.displayName = displayName
        self.package = package
    }
}

/// A cluster as its buyer sees it.
package struct ManagedCluster: Sendable, Equatable {
    package var id: String
    package var environmentID: String
    package var displayName: String
    package var type: ClusterType
    /// Confluent units of kafka; only dedicated clusters have them. Only shown.
    package var cku: Int?
    /// `SINGLE_ZONE`, `MULTI_ZONE`, `HIGH` or `LOW`. Only shown.
    package var availability: String
    /// `AWS`, `GCP` or `AZURE`. Only shown, as is the region.
    package var cloud: String
    package var region: String
    package var deletionProtection: Bool
    /// Milliseconds since the epoch.
    package var createdMs: Int64
    package var updatedMs: Int64
    /// `HOST:PORT` by listener name.
    package var bootstrap: [String: String]

    package init(
        id: String, environmentID: String, displayName: String, type: ClusterType, cku: Int?, availability: String,
        cloud: String, region: String, deletionProtection: Bool = false, createdMs: Int64, updatedMs: Int64,
        bootstrap: [String: String] = [:]
    ) {
        self.id = id
        self.environmentID = environmentID
        self.displayName = displayName
        self.type = type
        self.cku = cku
        self.availability = availability
        self.cloud = cloud
        self.region = region
        self.deletionProtection = deletionProtection
        self.createdMs = createdMs
        self.updatedMs = updatedMs
        self.bootstrap = bootstrap
    }
}

package struct ClusterCreation: Sendable, Equatable {
    package var environmentID: String
    package var displayName: String
    package var type: ClusterType
    package var cku: Int?
    package var availability: String
    package var cloud: String
    package var region: String
    package var deletionProtection = false

    package init(
        environmentID: String, displayName: String, type: ClusterType, cku: Int? = nil,
        availability: String = "SINGLE_ZONE", cloud: String = "GCP", region: String = "us-east4"
    ) {
        self.environmentID = environmentID
        self.displayName = displayName
        self.type = type
        self.cku = cku
        self.availability = availability
        self.cloud = cloud
        self.region = region
    }
}

/// What an update changes; nil leaves a property as it is.
package struct ClusterChange: Sendable, Equatable {
    package var displayName: String?
    package var type: ClusterType?
    package var cku: Int?
    package var deletionProtection: Bool?

    package init() {}
}

/// An API key without its secret.
package struct APIKeyInfo: Sendable, Equatable {
    package var id: String
    package var displayName: String
    package var description: String
    /// Who it acts for (`u-local`).
    package var ownerID: String
    /// The cluster it opens.
    package var resourceID: String
    package var createdMs: Int64
    package var updatedMs: Int64

    package init(
        id: String, displayName: String, description: String, ownerID: String, resourceID: String, createdMs: Int64,
        updatedMs: Int64
    ) {
        self.id = id
        self.displayName = displayName
        self.description = description
        self.ownerID = ownerID
        self.resourceID = resourceID
        self.createdMs = createdMs
        self.updatedMs = updatedMs
    }
}

package struct APIKeyCreation: Sendable {
    package var displayName: String
    package var description: String
    package var ownerID: String
    package var resourceID: String

    package init(displayName: String, description: String, ownerID: String, resourceID: String) {
        self.displayName = displayName
        self.description = description
        self.ownerID = ownerID
        self.resourceID = resourceID
    }
}

/// A log-in.
package struct SessionInfo: Sendable, Equatable {
    package var token: String
    package var email: String
    /// Milliseconds since the epoch at which the token ends.
    package var expiresMs: Int64
    /// Milliseconds from now until then; 0 when that is not asked for.
    package var lifetimeMs: Int64

    package init(token: String, email: String, expiresMs: Int64, lifetimeMs: Int64 = 0) {
        self.lifetimeMs = lifetimeMs
        self.token = token
        self.email = email
        self.expiresMs = expiresMs
    }
}

/// The one user and organization that a local server has.
package enum LocalIdentity {
    package static let userID = "u-local"
    package static let organizationID = "00000000-0000-0000-0000-000000000001"
    package static let organizationName = "local"
}
