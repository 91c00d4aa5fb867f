import Synchronization

@testable import RESTAPI

/// A control plane in memory, with as few rules as routes need to be tested.
final class FakeControl: ControlPlane {
    struct State {
        var environments = [
            EnvironmentInfo(
                id: "env-local", displayName: "default", package: "ESSENTIALS", createdMs: 0, updatedMs: 0)
        ]
        var clusters: [ManagedCluster] = []
        var keys: [APIKeyInfo] = []
        var sessions: [String: String] = [:]
        var connectors: [String: ConnectorInfo] = [:]
        var commands: [String] = []
        var requiresAuthentication = false
    }

    let state: Mutex<State>

    init(_ change: (inout State) -> Void = { _ in }) {
        var state = State()
        change(&state)
        self.state = Mutex(state)
    }

    func environments() async -> [EnvironmentInfo] { state.withLock { $0.environments } }

    func createEnvironment(_ wish: EnvironmentCreation) async throws -> EnvironmentInfo {
        state.withLock { state in
            let environment = EnvironmentInfo(
                id: "env-\(state.environments.count)", displayName: wish.displayName, package: wish.package,
                createdMs: 1_700_000_000_000, updatedMs: 1_700_000_000_000)
            state.environments.append(environment)
            return environment
        }
    }

    func updateEnvironment(_ id: String, displayName: String?, package: String?) async throws -> EnvironmentInfo {
        try state.withLock { state in
            guard let index = state.environments.firstIndex(where: { $0.id == id }) else {
                throw RESTError.notFound("gone")
            }
            state.environments[index].displayName = displayName ?? state.environments[index].displayName
            state.environments[index].package = package ?? state.environments[index].package
            return state.environments[index]
        }
    }

    func deleteEnvironment(_ id: String) async throws {
        state.withLock { state in state.environments.removeAll { $0.id == id } }
    }

    func managedClusters() async -> [ManagedCluster] { state.withLock { $0.clusters } }

    func createCluster(_ wish: ClusterCreation) async throws -> ManagedCluster {
        state.withLock { state in
            var cluster = ManagedCluster(
                id: "lkc-\(state.clusters.count)", environmentID: wish.environmentID, displayName: wish.displayName,
                type: wish.type, cku: wish.cku, availability: wish.availability, cloud: wish.cloud,
                region: wish.region, createdMs: 0, updatedMs: 0, bootstrap: ["SASL_SSL": "127.0.0.1:9093"])
            cluster.deletionProtection = wish.deletionProtection
            state.clusters.append(cluster)
            return cluster
        }
    }

    func updateCluster(_ id: String, _ change: ClusterChange) async throws -> ManagedCluster {
        try state.withLock { state in
            guard let index = state.clusters.firstIndex(where: { $0.id == id }) else {
                throw RESTError.notFound("gone")
            }
            state.clusters[index].displayName = change.displayName ?? state.clusters[index].displayName
            state.clusters[index].type = change.type ?? state.clusters[index].type
            state.clusters[index].cku = change.cku ?? state.clusters[index].cku
            return state.clusters[index]
        }
    }

    func deleteCluster(_ id: String) async throws {
        state.withLock { state in state.clusters.removeAll { $0.id == id } }
    }

    func apiKeys() async throws -> [APIKeyInfo] { state.withLock { $0.keys } }

    func createAPIKey(_ wish: APIKeyCreation) async throws -> (key: APIKeyInfo, secret: String) {
        state.withLock { state in
            let key = APIKeyInfo(
                id: "KEY\(state.keys.count)", displayName: wish.displayName, description: wish.description,
                ownerID: wish.ownerID, resourceID: wish.resourceID, createdMs: 0, updatedMs: 0)
            state.keys.append(key)
            return (key, "the-secret")
        }
    }

    func updateAPIKey(_ id: String, displayName: String?, description: String?) async throws -> APIKeyInfo {
        try state.withLock { state in
            guard let index = state.keys.firstIndex(where: { $0.id == id }) else {
                throw RESTError.notFound("gone")
            }
            state.keys[index].description = description ?? state.keys[index].description
            return state.keys[index]
        }
    }

    func deleteAPIKey(_ id: String) async throws { state.withLock { state in state.keys.removeAll { $0.id == id } } }

    func logIn(email: String, password: String) async throws -> SessionInfo {
        guard password == "right" else {
            throw RESTError.unauthorized("Invalid email or password.")
        }
        return state.withLock { state in
            state.sessions["token-of-\(email)"] = email
            return SessionInfo(
                token: "token-of-\(email)", email: email, expiresMs: 1_700_000_000_000, lifetimeMs: 3_600_000)
        }
    }

    func logOut(token: String) async { state.withLock { $0.sessions[token] = nil } }

    func session(token: String) async -> SessionInfo? {
        state.withLock { $0.sessions[token] }.map { SessionInfo(token: token, email: $0, expiresMs: 0) }
    }

    var requiresAuthentication: Bool { get async { state.withLock { $0.requiresAuthentication } } }

    func verify(key: String, secret: String, cluster: String) async -> Bool {
        key == "KEY" && secret == "the-secret" && cluster == "lkc-source"
    }

    // MARK: Connectors

    func connectors(of cluster: String) async throws -> [ConnectorInfo] {
        state.withLock { $0.connectors.values.sorted { $0.name < $1.name } }
    }

    func createConnector(_ name: String, config: [String: String], cluster: String) async throws -> ConnectorInfo {
        let connector = ConnectorInfo(
            id: "lcc-000001", name: name, config: config, state: .running,
            tasks: [ConnectorTaskInfo(id: 0, state: .running)])
        state.withLock { $0.connectors[name] = connector }
        return connector
    }

    func configureConnector(_ name: String, config: [String: String], cluster: String) async throws -> ConnectorInfo {
        try await createConnector(name, config: config, cluster: cluster)
    }

    func commandConnector(_ name: String, _ command: ConnectorCommand, cluster: String) async throws {
        state.withLock { $0.commands.append("\(command) \(name)") }
    }

    func deleteConnector(_ name: String, cluster: String) async throws {
        state.withLock { state in
            state.connectors[name] = nil
            state.commands.append("delete \(name)")
        }
    }

    var connectorPlugins: [ConnectorPlugin] { [ConnectorPlugin(className: "DatagenSource", version: "1")] }

    func validateConnector(_ config: [String: String]) -> [(field: String, message: String)] {
        config["kafka.topic"] == nil ? [("kafka.topic", "say which topic to write to")] : []
    }

    func redacted(_ config: [String: String]) -> [String: String] {
        config.reduce(into: [:]) { shown, entry in
            shown[entry.key] = entry.key.contains("secret") ? "****************" : entry.value
        }
    }
}
