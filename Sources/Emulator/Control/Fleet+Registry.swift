import ClusterCore
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

    var registryFile: StateFile {
        let clusters = configuration.clusters
        return StateFile(path: path("registry.json"), format: Registry.format) {
            "move it away: a start without it takes \(clusters.map(\.id).joined(separator: " and ")) up again, but "
                + "environments, names of API keys and log-ins are forgotten, and directories of other clusters have "
                + "to be moved away too"
        }
    }

    /// Reads the registry, or makes the one of a first start.
    /// - Returns: whether there is something in it that the file does not have.
    func loadRegistry() throws(StartError) -> Bool {
        let present = try clusterDirectories()
        guard let json = try registryFile.read() else {
            try beginRegistry(present)
            return true
        }
        guard let known = Registry(json) else {
            throw registryFile.damaged()
        }
        registry = known
        let now = WallClock.nowMs()
        registry.sessions.removeAll { $0.expiresMs <= now }
        for cluster in registry.clusters where cluster.isDeleting {
            removeData(of: cluster.facts.id)
            deletedClusters.append(cluster.facts.id)
        }
        registry.clusters.removeAll(where: \.isDeleting)
        var isChanged = json["format"]?.int != Registry.format
        if !registry.hasHadClusters, !configuration.startsEmpty {
            addFirstClusters(configuration.clusters)
            isChanged = true
        }
        let strays = present.subtracting(known.clusters.map(\.facts.id)).subtracting(registry.clusters.map(\.facts.id))
        // Older versions wrote no registry at a first start, and forgot its two clusters when others were made.
        let forgotten = isChanged ? configuration.clusters.filter { strays.contains($0.id) } : []
        if !forgotten.isEmpty {
            addFirstClusters(forgotten)
            logger.warning("found again, with their data: \(forgotten.map(\.id).joined(separator: ", "))")
        }
        for stray in strays.subtracting(forgotten.map(\.id)).sorted() {
            logger.warning("\(path(stray) ?? stray) belongs to no cluster of the registry; it is left as it is")
        }
        return isChanged
    }

    /// The first start. Clusters that lie in the data directory all the same, because a start was cut short or an older
    /// version made them, are taken up, whatever `--empty` says.
    private func beginRegistry(_ present: Set<String>) throws(StartError) {
        let strangers = present.subtracting(configuration.clusters.map(\.id)).sorted()
        guard strangers.isEmpty else {
            throw StartError(
                .configuration,
                "\(registryFile.path ?? "") is missing, but the data directory holds clusters "
                    + "(\(strangers.joined(separator: ", "))): put it back, or move their directories away")
        }
        addFirstClusters(configuration.clusters.filter { !configuration.startsEmpty || present.contains($0.id) })
    }

    private func addFirstClusters(_ specs: [ClusterSpec]) {
        let created = registry.environments[0].createdMs
        registry.clusters += specs.map { entry(for: $0, now: created) }
        registry.hasHadClusters = !registry.clusters.isEmpty
    }

    /// The folder of one cluster, perhaps of one that runs just now, is no data directory: nothing is to be written
    /// into it.
    func checkIsNoCluster(_ directory: String) throws(StartError) {
        let files = PosixFileSystem()
        let marks = [MetaProperties.fileName, InternalTopic.clusterMetadata + "-0"]
        guard !files.exists(directory + "/registry.json"),
            let mark = marks.first(where: { files.exists(directory + "/" + $0) })
        else {
            return
        }
        let parent = Files.parent(of: directory) ?? directory + "/.."
        throw StartError(
            .configuration,
            "\(directory) is the folder of one Kafka cluster (it holds \(mark)), not a data directory: "
                + "the data directory is the folder above it: --data-dir \(parent)")
    }

    /// Clusters that have data, whether the registry knows them or not.
    private func clusterDirectories() throws(StartError) -> Set<String> {
        guard case .directory(let directory) = configuration.storage else {
            return []
        }
        do throws(StorageError) {
            let entries = try PosixFileSystem().list(directory)
            return Set(entries.filter { $0.isDirectory && $0.name.hasPrefix("lkc-") }.map(\.name))
        } catch {
            throw StartError(.ioError, "\(error)")
        }
    }

    /// Stores what the start has found out; the clusters open meanwhile.
    func writeRegistry() -> Task<StartError?, Never> {
        let (file, json) = (registryFile, registry.json)
        return Task.detached {
            do throws(CredentialError) {
                try file.write(json)
                return nil
            } catch {
                return StartError(.cannotCreate, "\(error)")
            }
        }
    }

    /// Where the clusters listen could not be stored, for instance because the disk is full: tries until it can.
    func writeRegistryLater(_ failure: StartError) {
        logger.warning("\(failure); addresses of this run are not stored yet, and that is tried again")
        isRegistryStale = true
        retryAddresses()
    }

    /// Names of this process's host under which links may know its clusters.
    var hosts: [String] { [configuration.listenHost, configuration.advertisedHost] }

    /// Tries until the registry says where the clusters listen, and every link knows.
    func retryAddresses() {
        guard registryRetry == nil else {
            return
        }
        registryRetry = Task { [weak self] in
            while (try? await Task.sleep(for: Self.registryRetryInterval)) != nil {
                guard let self, await !self.retryRegistry() else {
                    return
                }
            }
        }
    }

    private static let registryRetryInterval = Duration.seconds(10)

    /// Whether the file says what it should now, and every link knows.
    func retryRegistry() async -> Bool {
        await changes.lock()
        defer { changes.unlock() }
        guard registryRetry != nil else {
            return true
        }
        if isRegistryStale {
            do throws(CredentialError) {
                try registryFile.write(registry.json)
            } catch {
                return false
            }
            isRegistryStale = false
            logger.info("addresses of this run are stored now")
        }
        if hasUntoldLinks {
            for runtime in runtimes where await !runtime.tellLinksAgain(registry.addresses, hosts: hosts) {
                return false
            }
            hasUntoldLinks = false
        }
        registryRetry = nil
        settleRegistry()
        return true
    }

    /// Writes the registry; nothing has changed when this throws.
    func change(_ body: (inout Registry) throws(RESTError) -> Void) throws(RESTError) {
        var copy = registry
        try body(&copy)
        copy.hasHadClusters = copy.hasHadClusters || !copy.clusters.isEmpty
        for index in copy.clusters.indices where isReady {
            copy.clusters[index].wasOpened = true
        }
        do throws(CredentialError) {
            try registryFile.write(copy.json)
        } catch {
            if registryLines.isDue("\(error)", now: MonotonicClock.nowMs()) {
                logger.error("the registry cannot be written: \(error)")
            }
            throw RESTError(status: 500, code: 50002, message: "The change cannot be stored.")
        }
        registry = copy
        registryLines = RareLines()
        isRegistryStale = false
        if !hasUntoldLinks {
            registryRetry?.cancel()
            registryRetry = nil
        }
    }

    /// Stores what holds once everything is open: that the clusters have data now and, once every link knows the
    /// addresses of this run, that those of earlier ones can be forgotten.
    func settleRegistry() {
        let forgetsAddresses = !registry.addresses.isSettled && !hasUntoldLinks
        guard isReady, !isRegistryStale, forgetsAddresses || registry.clusters.contains(where: { !$0.wasOpened }) else {
            return
        }
        do throws(RESTError) {
            try change { registry in
                if forgetsAddresses {
                    registry.addresses.settle()
                }
            }
        } catch {
            logger.warning("the registry stays as it was at the start; the next change of it, or start, writes it")
        }
    }

    func openKeys() throws(StartError) -> CredentialStore {
        let path = path("api-keys")
        let isThere = path.map { SecretFiles.exists($0) } ?? false
        if let path, registry.hasHadKeys, !isThere {
            throw StartError(
                .ioError,
                "\(path) is missing, and with it all API keys: put it back, or, to go on without them, make it anew: "
                    + "printf '\(CredentialStore.emptyFile)\\n' > \(path)")
        }
        // A file that an earlier version, or a run that ended just then, has made counts from now on.
        registry.hasHadKeys = isThere
        do throws(CredentialError) {
            let store = try CredentialStore(path: path)
            keys = store
            for id in deletedClusters {
                removeKeys(of: id)
            }
            return store
        } catch {
            throw StartError(error.isNewerFormat ? .configuration : .ioError, "\(error)")
        }
    }

    /// Takes away the API keys of a cluster that is gone. A failure is logged: they open nothing any more.
    func removeKeys(of id: String) {
        do {
            try keys?.deleteAll(clusterID: id)
        } catch {
            logger.error("the API keys of \(id) cannot be deleted: \(error)")
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
            block: spec.block)
    }

    /// How a cluster of the registry is started.
    func spec(of cluster: Registry.Cluster) -> ClusterSpec {
        var spec = configuration.clusters.first { $0.id == cluster.facts.id } ?? configuration.newCluster
        spec.id = cluster.facts.id
        spec.name = cluster.facts.displayName
        spec.type = cluster.facts.type
        return configuration.placed(spec, block: cluster.block)
    }

    /// Where every cluster listens.
    var places: [AddressBook.Place] { runtimes.flatMap(\.places) }

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
