import ClusterCore
import Credentials
import Datagen
import KafkaClient
import KafkaTransport
import Logging
import NIOPosix
import RESTAPI

/// Every connector of the process: what they are, where their tasks stand, and the workers of those that run.
actor ConnectorService {
    /// Finds where a connector of a cluster has to write, or says why it cannot.
    typealias Resolve =
        @Sendable (_ cluster: String, _ key: DatagenConnector.Credentials?) async -> Result<
            ConnectorWorker.Target, ConnectorFailure
        >

    struct Entry {
        var id: String
        var cluster: String
        var name: String
        var config: [String: String]
        var isPaused = false
        /// Why it could not be started.
        var trace: String?
        var tasks: [ConnectorWorker.Snapshot] = []
    }

    private let file: StateFile
    private let logger: Logger
    private let resolve: Resolve
    private var entries: [Entry] = []
    private var workers: [String: ConnectorWorker] = [:]
    private var group: MultiThreadedEventLoopGroup?
    private var saver: Task<Void, Never>?
    private var saved: JSON?
    private var storeLines = RareLines<String>()
    /// Only once the file has been understood: a start that failed must not write over what it could not read.
    private var mayWrite = false
    private var isStopped = false

    /// How often positions are stored while connectors run; after a crash, records since then are made again.
    private static let saveInterval = Duration.seconds(5)
    static let maximumConnectors = 200

    init(file: StateFile, logger: Logger, resolve: @escaping Resolve) {
        self.file = file
        self.logger = logger
        self.resolve = resolve
    }

    // MARK: Start and stop

    /// Brings back what was running.
    func start() async throws(StartError) {
        guard let json = try file.read() else {
            mayWrite = true
            return
        }
        guard let list = json["connectors"]?.array else {
            throw file.damaged()
        }
        let known = list.compactMap { Entry(json: $0) }
        guard known.count == list.count else {
            throw file.damaged()
        }
        (saved, entries, mayWrite) = (json, known, true)
        for entry in entries where !entry.isPaused {
            await run(entry.id)
        }
    }

    func stop() async {
        isStopped = true
        saver?.cancel()
        saver = nil
        for worker in workers.values {
            await worker.stop()
        }
        collect()
        save()
        workers = [:]
        try? await group?.shutdownGracefully()
        group = nil
    }

    /// Starts a connector's tasks where they stand.
    private func run(_ id: String) async {
        guard let entry = entries.first(where: { $0.id == id }) else {
            return
        }
        do throws(ConnectorFailure) {
            let worker = try await makeWorker(entry)
            // Meanwhile it may have been paused, changed or deleted, or the server be stopping.
            guard let index = index(id), workers[id] == nil, !isStopped, !entries[index].isPaused,
                entries[index].config == entry.config
            else {
                return
            }
            entries[index].trace = nil
            workers[id] = worker
            worker.start()
            beginSaving()
        } catch {
            logger.warning("connector \(entry.name): \(error.message)")
            if let index = index(id) {
                entries[index].trace = error.message
            }
        }
    }

    private func makeWorker(_ entry: Entry) async throws(ConnectorFailure) -> ConnectorWorker {
        let connector: DatagenConnector
        do throws(DatagenConnector.InvalidConfiguration) {
            connector = try DatagenConnector(configuration: entry.config)
        } catch {
            throw ConnectorFailure(message: "\(error)")
        }
        let target = try await resolve(entry.cluster, connector.credentials).get()
        guard !isStopped else {
            throw ConnectorFailure(message: "the server is stopping")
        }
        let group = group ?? MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        return ConnectorWorker(connector, target: target, resuming: entry.tasks, loop: group.next())
    }

    private func halt(_ id: String) async {
        guard let worker = workers.removeValue(forKey: id) else {
            return
        }
        await worker.stop()
        if let index = index(id) {
            entries[index].tasks = worker.current
        }
    }

    private func index(_ id: String) -> Int? {
        entries.firstIndex { $0.id == id }
    }

    // MARK: Storing

    private func beginSaving() {
        guard saver == nil else {
            return
        }
        saver = Task { [weak self] in
            while (try? await Task.sleep(for: Self.saveInterval)) != nil {
                await self?.collectAndSave()
            }
        }
    }

    private func collectAndSave() {
        collect()
        save()
    }

    /// Takes over where the workers stand.
    private func collect() {
        for index in entries.indices {
            if let worker = workers[entries[index].id] {
                entries[index].tasks = worker.current
            }
        }
    }

    private func save() {
        let json: JSON = ["format": JSON(file.format), "connectors": .array(entries.map(\.json))]
        guard mayWrite, json != saved, saved != nil || !entries.isEmpty else {
            return
        }
        do throws(CredentialError) {
            try file.write(json)
            saved = json
            storeLines = RareLines()
        } catch {
            if storeLines.isDue("\(error)", now: MonotonicClock.nowMs()) {
                logger.error("connectors cannot be stored: \(error)")
            }
        }
    }

    // MARK: What the control plane asks

    func list(of cluster: String) -> [ConnectorInfo] {
        collect()
        return entries.filter { $0.cluster == cluster }.sorted { $0.name < $1.name }.map(\.info)
    }

    private func find(_ name: String, _ cluster: String) throws(RESTError) -> Int {
        guard let index = entries.firstIndex(where: { $0.name == name && $0.cluster == cluster }) else {
            throw .notFound("Connector '\(name)' does not exist.")
        }
        return index
    }

    private func check(_ config: [String: String]) throws(RESTError) {
        let problems = DatagenConnector.validate(config)
        guard problems.isEmpty else {
            throw .badRequest(
                "Connector configuration is invalid: " + problems.map(\.description).joined(separator: "; ") + ".")
        }
    }

    func create(_ name: String, config: [String: String], cluster: String) async throws -> ConnectorInfo {
        try check(config)
        guard !entries.contains(where: { $0.name == name && $0.cluster == cluster }) else {
            throw RESTError.conflict("There is a connector '\(name)' already.")
        }
        guard entries.count < Self.maximumConnectors else {
            throw RESTError.conflict("There are \(Self.maximumConnectors) connectors: delete some first.")
        }
        let known = entries
        let id = Registry.makeID("lcc-") { id in known.contains { $0.id == id } }
        entries.append(Entry(id: id, cluster: cluster, name: name, config: config))
        await run(id)
        save()
        return try info(id)
    }

    func configure(_ name: String, config: [String: String], cluster: String) async throws -> ConnectorInfo {
        let id = entries[try find(name, cluster)].id
        // Whoever read the configuration got its secrets masked, and sends them back like that.
        let old = entries[try find(name, cluster)].config
        let shown = DatagenConnector.redacted(old)
        let merged = config.reduce(into: config) { merged, entry in
            if let secret = old[entry.key], secret != entry.value, shown[entry.key] == entry.value {
                merged[entry.key] = secret
            }
        }
        try check(merged)
        await halt(id)
        guard let index = index(id) else {
            throw RESTError.notFound("Connector '\(name)' does not exist.")
        }
        entries[index].config = merged
        if !entries[index].isPaused {
            await run(id)
        }
        save()
        return try info(id)
    }

    private func info(_ id: String) throws(RESTError) -> ConnectorInfo {
        collect()
        guard let index = index(id) else {
            throw .notFound("The connector was deleted meanwhile.")
        }
        return entries[index].info
    }

    func command(_ name: String, _ command: ConnectorCommand, cluster: String) async throws {
        let id = entries[try find(name, cluster)].id
        await halt(id)
        guard let index = index(id) else {
            return
        }
        switch command {
        case .pause: entries[index].isPaused = true
        case .resume: entries[index].isPaused = false
        case .restart: break
        }
        if !entries[index].isPaused {
            await run(id)
        }
        save()
    }

    func remove(_ name: String, cluster: String) async throws {
        let id = entries[try find(name, cluster)].id
        await halt(id)
        entries.removeAll { $0.id == id }
        save()
    }

    /// Forgets every connector of a cluster that is going away.
    func removeAll(of cluster: String) async {
        for entry in entries where entry.cluster == cluster {
            await halt(entry.id)
        }
        entries.removeAll { $0.cluster == cluster }
        save()
    }
}

/// Why a connector does not run.
struct ConnectorFailure: Error, Equatable, CustomStringConvertible {
    let message: String

    var description: String { message }
}

extension ConnectorService.Entry {
    var info: ConnectorInfo {
        let states = tasks.enumerated().map { index, task in
            let state: ConnectorState = isPaused ? .paused : task.failure != nil || trace != nil ? .failed : .running
            return ConnectorTaskInfo(id: index, state: state, message: task.failure)
        }
        let failed = states.filter { $0.state == .failed }
        let state: ConnectorState =
            if isPaused {
                .paused
            } else if trace != nil || (!states.isEmpty && failed.count == states.count) {
                .failed
            } else {
                failed.isEmpty ? .running : .degraded
            }
        let reason = isPaused ? nil : trace ?? failed.first?.message
        return ConnectorInfo(id: id, name: name, config: config, state: state, trace: reason, tasks: states)
    }

    var json: JSON {
        [
            "id": .string(id), "cluster": .string(cluster), "name": .string(name), "paused": .bool(isPaused),
            "config": .object(config.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }),
            "tasks": .array(tasks.map { ["state": JSON($0.state), "failure": JSON($0.failure)] }),
        ]
    }

    init?(json: JSON) {
        guard let id = json["id"]?.string, let cluster = json["cluster"]?.string, let name = json["name"]?.string,
            let config = json["config"]?.members
        else {
            return nil
        }
        self.init(id: id, cluster: cluster, name: name, config: [:])
        for member in config {
            self.config[member.name] = member.value.string
        }
        isPaused = json["paused"]?.bool ?? false
        tasks = (json["tasks"]?.array ?? []).map { task in
            ConnectorWorker.Snapshot(state: task["state"]?.string, failure: task["failure"]?.string)
        }
    }
}
