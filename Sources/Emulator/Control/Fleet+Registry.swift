import Credentials
import KafkaTransport
import LogStorage
import RESTAPI

// What the control plane keeps, and how it comes back after a restart.

extension Fleet {
    /// Path of a file in the data directory; nil when nothing is kept.
    func path(_ name: String) -> String? {
        if case .directory(let directory) = configuration.storage { "\(directory)/\(name)" } else { nil }
    }

    private var registryFile: StateFile { StateFile(path: path("registry.json")) }

    /// Reads the registry, or makes the one of a first start.
    func loadRegistry() throws(StartError) {
        if let json = try registryFile.read() {
            guard let known = Registry(json) else {
                throw StartError(.ioError, "\(path("registry.json") ?? "") is damaged: it does not have our fields")
            }
            registry = known
            let now = WallClock.nowMs()
            registry.sessions.removeAll { $0.expiresMs <= now }
            for cluster in registry.clusters where cluster.isDeleting {
                removeData(of: cluster.facts.id)
            }
            registry.clusters.removeAll(where: \.isDeleting)
        }
        if !registry.hasHadClusters {
            registry.clusters = configuration.clusters.map { entry(for: $0, now: registry.environments[0].createdMs) }
        }
    }

    /// Writes the registry; nothing has changed when this throws.
    func change(_ body: (inout Registry) throws(RESTError) -> Void) throws(RESTError) {
        var copy = registry
        try body(&copy)
        copy.hasHadClusters = copy.hasHadClusters || !copy.clusters.isEmpty
        do throws(CredentialError) {
            try registryFile.write(copy.json)
        } catch {
            logger.error("the registry cannot be written: \(error)")
            throw RESTError(status: 500, code: 50002, message: "The change cannot be stored.")
        }
        registry = copy
    }

    func openKeys() throws(StartError) -> CredentialStore {
        do throws(CredentialError) {
            let store = try CredentialStore(path: path("api-keys"))
            keys = store
            return store
        } catch {
            throw StartError(.ioError, "\(error)")
        }
    }

    // MARK: Clusters

    /// A cluster of the exercise, as if it had been bought.
    private func entry(for spec: ClusterSpec, now: Int64) -> Registry.Cluster {
        let isSource = spec.id == ClusterSpec.source.id
        return Registry.Cluster(
            facts: ManagedCluster(
                id: spec.id, environmentID: Registry.defaultEnvironment, displayName: spec.name, type: spec.type,
                cku: spec.type == .dedicated ? 1 : nil, availability: "SINGLE_ZONE", cloud: "GCP",
                region: isSource ? "us-west4" : "us-east4", createdMs: now, updatedMs: now),
            basePort: spec.basePort)
    }

    /// How a cluster of the registry is started.
    func spec(of cluster: Registry.Cluster) -> ClusterSpec {
        var spec = configuration.clusters.first { $0.id == cluster.facts.id } ?? configuration.newCluster
        spec.id = cluster.facts.id
        spec.name = cluster.facts.displayName
        spec.type = cluster.facts.type
        spec.basePort = cluster.basePort
        return spec
    }

    /// Removes what a cluster has stored. A failure is logged: the cluster is gone in any case.
    func removeData(of id: String) {
        guard let directory = path(id), PosixFileSystem().exists(directory) else {
            return
        }
        do throws(StorageError) {
            try PosixFileSystem().removeTree(directory)
        } catch {
            logger.error("the data of \(id) cannot be removed: \(error.detail)")
        }
    }
}
