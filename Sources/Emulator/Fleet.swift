import ClusterCore
import KafkaTransport
import Logging
import RESTAPI

/// All clusters of one process and the HTTP surface in front of them.
package actor Fleet: FleetBackend {
    package let configuration: ServeConfiguration
    private let logger: Logger
    private var lock: FileLock?
    private var runtimes: [ClusterRuntime] = []
    private var http: HTTPService?
    package private(set) var isReady = false

    package init(_ configuration: ServeConfiguration, logger: Logger? = nil) {
        self.configuration = configuration
        self.logger = logger ?? Logger(label: "twinlog") { _ in LineLogHandler(level: configuration.logLevel) }
    }

    package var clusters: [any ClusterBackend] { runtimes }

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
        if case .directory(let path) = configuration.storage {
            try Files.makePrivateDirectory(path)
            lock = try FileLock(path: path + "/.lock", directory: path)
        }
        for spec in configuration.clusters {
            runtimes.append(try await ClusterRuntime.bind(spec, configuration, logger: logger))
        }
        try await openClusters()
        for runtime in runtimes {
            try await runtime.startAccepting()
        }
        http = try await HTTPService.start(
            fleet: self, configuration, port: configuration.httpPort, logger: logger)
        for runtime in runtimes {
            try await runtime.startLinks()
        }
        if let path = configuration.readyFile {
            try facts.write(to: path)
        }
        isReady = true
    }

    /// Clusters replay their logs side by side, each on its own thread.
    private func openClusters() async throws(StartError) {
        let configuration = configuration
        let failures = await withTaskGroup(of: StartError?.self, returning: [StartError].self) { group in
            for runtime in runtimes {
                group.addTask {
                    do throws(StartError) {
                        try await runtime.open(configuration)
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

    /// Closes everything in order: nobody new is let in, links end, logs are closed and marked clean.
    /// - Returns: what could not be closed, in words.
    package func stop() async -> [String] {
        isReady = false
        await http?.stop()
        http = nil
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
            clusters: runtimes.map {
                ReadyFacts.Cluster(id: $0.spec.id, name: $0.spec.name, bootstrap: $0.bootstrap)
            })
    }
}
