import ClusterCore
import Credentials
import KafkaTransport
import RESTAPI

// Environments, clusters, API keys and log-ins.

extension Fleet: ControlPlane {
    /// Runs one change of the control plane at a time.
    private func exclusively<T: Sendable>(_ body: () async throws -> T) async throws -> T {
        await changes.lock()
        defer { changes.unlock() }
        guard isReady else {
            throw RESTError(status: 503, code: 50003, message: "The server is starting or stopping.")
        }
        return try await body()
    }

    // MARK: Environments

    package func environments() async -> [EnvironmentInfo] { registry.environments }

    package func createEnvironment(_ wish: EnvironmentCreation) async throws -> EnvironmentInfo {
        guard registry.environments.count < Registry.maximumEnvironments else {
            throw RESTError.conflict("There are \(Registry.maximumEnvironments) environments: delete some first.")
        }
        try checkEnvironmentName(wish.displayName, except: nil)
        let environments = registry.environments
        let now = WallClock.nowMs()
        let environment = EnvironmentInfo(
            id: Registry.makeID("env-") { id in environments.contains { $0.id == id } },
            displayName: wish.displayName, package: wish.package, createdMs: now, updatedMs: now)
        try change { $0.environments.append(environment) }
        return environment
    }

    private func checkEnvironmentName(_ name: String, except id: String?) throws(RESTError) {
        if registry.environments.contains(where: { $0.displayName == name && $0.id != id }) {
            throw .conflict("There is an environment '\(name)' already.")
        }
    }

    private func environmentIndex(_ id: String) throws(RESTError) -> Int {
        guard let index = registry.environments.firstIndex(where: { $0.id == id }) else {
            throw .notFound("Environment '\(id)' does not exist.")
        }
        return index
    }

    package func updateEnvironment(
        _ id: String, displayName: String?, package: String?
    ) async throws -> EnvironmentInfo {
        let index = try environmentIndex(id)
        if let displayName {
            try checkEnvironmentName(displayName, except: id)
        }
        try change { registry in
            registry.environments[index].displayName = displayName ?? registry.environments[index].displayName
            registry.environments[index].package = package ?? registry.environments[index].package
            registry.environments[index].updatedMs = WallClock.nowMs()
        }
        return registry.environments[index]
    }

    package func deleteEnvironment(_ id: String) async throws {
        try await exclusively {
            let index = try environmentIndex(id)
            if let cluster = registry.clusters.first(where: { $0.facts.environmentID == id }) {
                throw RESTError.conflict(
                    "Environment '\(id)' still has cluster '\(cluster.facts.id)': delete its clusters first.")
            }
            guard registry.environments.count > 1 else {
                throw RESTError.conflict("The last environment cannot be deleted.")
            }
            try change { $0.environments.remove(at: index) }
        }
    }

    // MARK: Clusters

    package func managedClusters() async -> [ManagedCluster] {
        registry.clusters.compactMap { cluster in
            guard let runtime = runtimes.first(where: { $0.spec.id == cluster.facts.id }) else {
                return nil
            }
            var facts = cluster.facts
            facts.bootstrap = runtime.info.bootstrap
            return facts
        }
    }

    private func managed(_ id: String) async throws(RESTError) -> ManagedCluster {
        guard let cluster = await managedClusters().first(where: { $0.id == id }) else {
            throw .notFound("Kafka cluster '\(id)' does not exist.")
        }
        return cluster
    }

    private func checkClusterName(_ name: String, environment: String, except id: String?) throws(RESTError) {
        let taken = registry.clusters.first {
            $0.facts.displayName == name && $0.facts.environmentID == environment && $0.facts.id != id
        }
        if let taken {
            throw .conflict("There is a cluster '\(name)' already: \(taken.facts.id).")
        }
    }

    package func createCluster(_ wish: ClusterCreation) async throws -> ManagedCluster {
        try await exclusively {
            _ = try environmentIndex(wish.environmentID)
            try checkClusterName(wish.displayName, environment: wish.environmentID, except: nil)
            guard registry.clusters.count < Registry.maximumClusters else {
                throw RESTError.conflict("There are \(Registry.maximumClusters) clusters: delete some first.")
            }
            let clusters = registry.clusters
            let now = WallClock.nowMs()
            var cluster = Registry.Cluster(
                facts: ManagedCluster(
                    id: Registry.makeID("lkc-") { id in clusters.contains { $0.facts.id == id } },
                    environmentID: wish.environmentID, displayName: wish.displayName, type: wish.type, cku: wish.cku,
                    availability: wish.availability, cloud: wish.cloud, region: wish.region,
                    deletionProtection: wish.deletionProtection, createdMs: now, updatedMs: now),
                block: 0)
            let runtime = try await bindNew(&cluster)
            do {
                try await runtime.open(configuration, mustExist: false)
                try await runtime.startAccepting()
                _ = try await runtime.startLinks(registry.addresses, hosts: [])
                let places = places + runtime.places
                try change { [cluster] registry in
                    registry.clusters.append(cluster)
                    registry.addresses.replace(places)
                }
            } catch {
                try? await runtime.stop()
                removeData(of: cluster.facts.id)
                throw (error as? StartError).map { RESTError(status: 500, code: 50002, message: $0.message) } ?? error
            }
            runtimes.append(runtime)
            publishOrLog()
            return try await managed(cluster.facts.id)
        }
    }

    /// Takes a block of ports for a new cluster, passing over those in which somebody else listens.
    private func bindNew(_ cluster: inout Registry.Cluster) async throws(RESTError) -> ClusterRuntime {
        guard let keys else {
            throw RESTError(status: 503, code: 50003, message: "The server is starting or stopping.")
        }
        var avoiding: Set<Int> = []
        while true {
            let (present, wish) = (runtimes.map(\.spec), cluster)
            let block = registry.freePortBlock(for: cluster.facts.displayName, avoiding: avoiding) { block in
                var candidate = wish
                candidate.block = block
                return configuration.portProblem(present + [spec(of: candidate)]) == nil
            }
            guard let block else {
                throw .conflict("No ports are left for another cluster.")
            }
            cluster.block = block
            do throws(StartError) {
                return try await ClusterBinding(
                    spec(of: cluster), configuration, keys: keys, tls: tls, logger: logger
                ).finish()
            } catch {
                guard configuration.ports == .standard, avoiding.count < 20 else {
                    throw RESTError(status: 500, code: 50002, message: error.message)
                }
                avoiding.insert(block)
            }
        }
    }

    package func updateCluster(_ id: String, _ wish: ClusterChange) async throws -> ManagedCluster {
        try await exclusively {
            guard let index = registry.clusters.firstIndex(where: { $0.facts.id == id }) else {
                throw RESTError.notFound("Kafka cluster '\(id)' does not exist.")
            }
            if let name = wish.displayName {
                let environment = registry.clusters[index].facts.environmentID
                try checkClusterName(name, environment: environment, except: id)
            }
            try change { registry in
                var facts = registry.clusters[index].facts
                facts.displayName = wish.displayName ?? facts.displayName
                facts.type = wish.type ?? facts.type
                facts.cku = wish.cku ?? facts.cku
                facts.deletionProtection = wish.deletionProtection ?? facts.deletionProtection
                facts.updatedMs = WallClock.nowMs()
                registry.clusters[index].facts = facts
            }
            let facts = registry.clusters[index].facts
            runtimes.first { $0.spec.id == id }?.rename(facts.displayName, type: facts.type)
            publishOrLog()
            return try await managed(id)
        }
    }

    package func deleteCluster(_ id: String) async throws {
        try await exclusively {
            guard let index = registry.clusters.firstIndex(where: { $0.facts.id == id }),
                let position = runtimes.firstIndex(where: { $0.spec.id == id })
            else {
                throw RESTError.notFound("Kafka cluster '\(id)' does not exist.")
            }
            try change { $0.clusters[index].isDeleting = true }
            let runtime = runtimes.remove(at: position)
            await connectors?.removeAll(of: id)
            do {
                try await runtime.stop()
            } catch {
                logger.warning("\(id) was not closed cleanly: \(error)")
            }
            removeData(of: id)
            removeKeys(of: id)
            try change { registry in registry.clusters.removeAll { $0.facts.id == id } }
            publishOrLog()
        }
    }

    /// A ready file that cannot be written is no reason to undo what has happened.
    private func publishOrLog() {
        do throws(StartError) {
            try publish()
        } catch {
            logger.error("\(error.message)")
        }
    }
}
