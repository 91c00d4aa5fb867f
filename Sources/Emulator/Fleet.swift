import ClusterCore
import Credentials
import KafkaTransport
import LogStorage
import Logging
import RESTAPI

/// All clusters of one process, the control plane above them and the HTTP surface in front.
package actor Fleet: FleetBackend {
    package let configuration: ServeConfiguration
    let logger: Logger
    private var lock: FileLock?
    var runtimes: [ClusterRuntime] = []
    private var http: HTTPService?
    package private(set) var isReady = false

    var registry: Registry
    /// Runs while the registry's file is behind what this run knows.
    var registryRetry: Task<Void, Never>?
    /// Whether the registry could not be written yet.
    var isRegistryStale = false
    /// Clusters whose deletion an earlier run had begun, and this start has gone on with.
    var deletedClusters: [String] = []
    /// What cannot be stored is worth a line now and then, however often clients try.
    var registryLines = RareLines<String>()
    var keyLines = RareLines<String>()
    /// Whether a link could not be told where its source listens now.
    var hasUntoldLinks = false
    /// API keys; those of ``configuration`` once the data directory is known.
    var keys: CredentialStore?
    var connectors: ConnectorService?
    /// Certificates: those of the server, and those that its own clients trust.
    package nonisolated let tls = FleetTLS()
    package nonisolated let changeFeed = ChangeFeed()
    package nonisolated let startedMs = WallClock.nowMs()
    /// Looks at every cluster's numbers once a second, from the moment on at which the server is ready.
    var sampling: Task<Void, Never>?
    /// One change of the control plane at a time: a cluster takes a while to start and to stop.
    let changes = AsyncMutex()

    package init(_ configuration: ServeConfiguration, logger: Logger? = nil) {
        self.configuration = configuration
        self.logger = logger ?? Logger(label: "twinlog") { _ in LineLogHandler(level: configuration.logLevel) }
        registry = Registry(now: WallClock.nowMs())
    }

    package var clusters: [any ClusterBackend] { runtimes }
    package nonisolated var control: any ControlPlane { self }

    /// Opens everything. When this returns, every listener accepts and the ready file is there.
    /// - Throws: ``StartError``, after closing what was open.
    package func start() async throws(StartError) {
        do throws(StartError) {
            try await open()
        } catch {
            _ = await stop()
            throw error
        }
    }

    private func open() async throws(StartError) {
        FileDescriptorLimit.raise()
        if let path = configuration.readyFile {
            try ReadyFacts.check(path)
        }
        var wasOpen = false
        if case .directory(let path) = configuration.storage {
            try checkIsNoCluster(path)
            wasOpen = try Files.makePrivateDirectory(path)
            lock = try FileLock(path: path + "/.lock", directory: path)
        }
        // Beside everything else, if there is something to read.
        let (tls, configuration, logger) = (tls, configuration, logger)
        let certificates = Task { () -> StartError? in
            do throws(StartError) {
                try tls.prepare(configuration, logger: logger)
                return nil
            } catch {
                return error
            }
        }
        let isNews = try loadRegistry()
        let hadKeys = registry.hasHadKeys
        try AcceptedLoss.check(configuration.acceptedLosses, clusters: registry.clusters.map(\.facts.id))
        tighten(wasOpen: wasOpen, isOld: isNews)
        let keys = try openKeys()
        if let problem = configuration.portProblem(registry.clusters.map(spec)) {
            throw StartError(.configuration, "\(problem): choose others with --port-base, --http-port or --ports auto")
        }
        try await bindClusters(keys)
        let haveMoved = registry.addresses.record(places)
        let hasLearnt = haveMoved || registry.hasHadKeys != hadKeys || !deletedClusters.isEmpty
        let registryWrite = isNews || hasLearnt ? writeRegistry() : nil
        try await openClusters()
        // Clients may count on what a first start has made, and links on addresses that are known, from here on.
        if let failure = await certificates.value {
            throw failure
        }
        if let failure = await registryWrite?.value {
            // Addresses can wait: on a full disk clusters that are there are to be served.
            guard !isNews else {
                throw failure
            }
            writeRegistryLater(failure)
        }
        for runtime in runtimes {
            try await runtime.startAccepting()
        }
        // After the clusters accept: whoever waits for them need not wait for this.
        http = try await HTTPService.start(
            fleet: self, configuration, port: configuration.httpPort, logger: logger)
        for runtime in runtimes where try await !runtime.startLinks(registry.addresses, hosts: hosts) {
            hasUntoldLinks = true
        }
        try await openConnectors()
        isReady = true
        try publish()
        if hasUntoldLinks {
            retryAddresses()
        }
        settleRegistry()
        beginSampling()
    }

    /// Closes to others what an earlier version, or somebody, left open.
    private func tighten(wasOpen: Bool, isOld: Bool) {
        guard case .directory(let path) = configuration.storage, wasOpen || isOld else {
            return
        }
        let count = Files.tighten(below: path)
        if wasOpen || count > 0 {
            logger.warning("\(path) was open to other users: it, and \(count) files below it, are closed to them now")
        }
    }

    /// Tells scripts what there is now.
    func publish() throws(StartError) {
        if let path = configuration.readyFile, isReady {
            do throws(StartError) {
                try facts.write(to: path)
            } catch {
                isReady = false
                throw error
            }
        }
    }

    private func bindClusters(_ keys: CredentialStore) async throws(StartError) {
        let begun = registry.clusters.map { cluster in
            ClusterBinding(spec(of: cluster), configuration, keys: keys, tls: tls, logger: logger)
        }
        var failure: StartError?
        for binding in begun {
            do throws(StartError) {
                runtimes.append(try await binding.finish())
            } catch {
                failure = failure ?? error
            }
        }
        if let failure {
            throw failure
        }
    }

    /// Clusters replay their logs side by side, each on its own thread.
    private func openClusters() async throws(StartError) {
        let configuration = configuration
        let known = Set(registry.clusters.filter(\.wasOpened).map(\.facts.id))
        let failures = await withTaskGroup(of: StartError?.self, returning: [StartError].self) { group in
            for runtime in runtimes {
                group.addTask {
                    do throws(StartError) {
                        try await runtime.open(configuration, mustExist: known.contains(runtime.spec.id))
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            var failures: [StartError] = []
            for await case let failure? in group {
                failures.append(failure)
            }
            return failures
        }
        if let failure = failures.first {
            throw failure
        }
    }

    /// Closes everything in order: nobody new is let in, connectors and links end, logs are closed and marked clean.
    /// - Returns: what could not be closed, in words.
    package func stop() async -> [String] {
        isReady = false
        registryRetry?.cancel()
        sampling?.cancel()
        await http?.stop()
        http = nil
        // A cluster that is being made or deleted is finished first.
        await changes.lock()
        defer { changes.unlock() }
        await connectors?.stop()
        connectors = nil
        let stopping = runtimes
        runtimes = []
        let problems = await withTaskGroup(of: String?.self, returning: [String].self) { group in
            for runtime in stopping {
                group.addTask {
                    do {
                        try await runtime.stop()
                        return nil
                    } catch {
                        return "\(runtime.spec.name): \(error)"
                    }
                }
            }
            var problems: [String] = []
            for await case let problem? in group {
                problems.append(problem)
            }
            return problems
        }
        lock = nil
        return problems
    }

    /// Addresses; complete once ``start()`` has returned.
    package var facts: ReadyFacts {
        ReadyFacts(
            pid: Process.id, http: http?.url ?? "",
            clusters: runtimes.map { runtime in
                let name = registry.clusters.first { $0.facts.id == runtime.spec.id }?.facts.displayName
                return ReadyFacts.Cluster(
                    id: runtime.spec.id, name: name ?? runtime.spec.name, bootstrap: runtime.bootstrap)
            })
    }
}
