import LogStorage
import RESTAPI
import Testing

@testable import Emulator

@Suite("Control plane", .timeLimit(.minutes(2)))
struct ControlPlaneTests {
    private let directory = TemporaryFolder()

    /// A directory of this test alone, gone afterwards.
    final class TemporaryFolder {
        let path = "/tmp/twinlog-control-\(UInt64.random(in: 0...UInt64.max))"

        deinit { try? PosixFileSystem().removeTree(path) }
    }

    private func fleet(_ options: [ServeOption: String] = [.empty: "true"]) throws -> Fleet {
        var options = options
        options[.ports] = "auto"
        options[.logLevel] = "critical"
        options[.dataDirectory] = directory.path
        return Fleet(try ServeConfigurationTests.resolve(options))
    }

    private func wish(_ name: String, _ type: ClusterType = .basic) -> ClusterCreation {
        ClusterCreation(
            environmentID: "env-local", displayName: name, type: type, cku: type == .dedicated ? 1 : nil)
    }

    @Test("a cluster that is created accepts at once, and is there with its data after a restart")
    func createAndRestart() async throws {
        let first = try fleet()
        try await first.start()
        #expect(await first.managedClusters() == [])
        let made = try await first.createCluster(wish("orders", .dedicated))
        #expect(made.id.hasPrefix("lkc-") && made.id.count == 10)
        #expect(Set(made.bootstrap.keys) == ["PLAINTEXT", "SASL_SSL", "SASL_PLAINTEXT"])
        let cluster = try #require(await first.clusters.first)
        #expect(cluster.clusterID == made.id)
        #expect(await first.facts.clusters.map(\.name) == ["orders"])
        #expect(await first.stop() == [])

        let second = try fleet()
        try await second.start()
        var again = try #require(await second.managedClusters().first)
        again.bootstrap = made.bootstrap
        #expect(again == made)
        #expect(await second.stop() == [])
    }

    @Test("a deleted cluster leaves nothing: no data, no keys, no connectors, also after a restart")
    func delete() async throws {
        let first = try fleet()
        try await first.start()
        let cluster = try await first.createCluster(wish("c"))
        let key = try await first.createAPIKey(
            APIKeyCreation(displayName: "", description: "d", ownerID: "u-local", resourceID: cluster.id))
        #expect(await first.verify(key: key.key.id, secret: key.secret, cluster: cluster.id))
        _ = try await first.createConnector(
            "gen", config: datagen(key.key.id, key.secret), cluster: cluster.id)
        try await first.deleteCluster(cluster.id)
        #expect(await first.managedClusters() == [])
        #expect(try await first.apiKeys() == [])
        #expect(await !first.verify(key: key.key.id, secret: key.secret, cluster: cluster.id))
        #expect(!PosixFileSystem().exists("\(directory.path)/\(cluster.id)"))
        await #expect(throws: RESTError.self) { try await first.deleteCluster(cluster.id) }
        #expect(await first.stop() == [])

        // Not even without --empty: that it was made and deleted counts.
        let second = try fleet([:])
        try await second.start()
        #expect(await second.managedClusters() == [])
        #expect(await second.stop() == [])
    }

    @Test("a start that finishes a deletion takes away the cluster's keys and connectors too")
    func finishedDeletion() async throws {
        let first = try fleet()
        try await first.start()
        let cluster = try await first.createCluster(wish("c")).id
        let key = try await first.createAPIKey(
            APIKeyCreation(displayName: "", description: "", ownerID: "u-local", resourceID: cluster))
        _ = try await first.createConnector("gen", config: datagen(key.key.id, key.secret), cluster: cluster)
        #expect(await first.stop() == [])
        // As a crash leaves it right after the decision.
        let text = try String(decoding: #require(try PosixFileSystem().contents(of: registryPath)), as: UTF8.self)
        let changed = text.replacing("\"deleting\": false", with: "\"deleting\": true")
        #expect(changed != text)
        try PosixFileSystem().replace(registryPath, with: Array(changed.utf8), durable: false)

        let second = try fleet()
        try await second.start()
        #expect(await second.managedClusters() == [])
        #expect(try await second.apiKeys() == [])
        #expect(try await second.connectors(of: cluster).isEmpty)
        let after = try String(decoding: #require(try PosixFileSystem().contents(of: registryPath)), as: UTF8.self)
        #expect(!after.contains(cluster))
        #expect(await second.stop() == [])
    }

    private var registryPath: String { directory.path + "/registry.json" }

    @Test("a start without the file of API keys that was there says so, and goes on with an empty one")
    func lostKeys() async throws {
        let path = directory.path + "/api-keys"
        let first = try fleet()
        try await first.start()
        let cluster = try await first.createCluster(wish("c")).id
        _ = try await first.createAPIKey(
            APIKeyCreation(displayName: "", description: "", ownerID: "u-local", resourceID: cluster))
        #expect(await first.stop() == [])
        try PosixFileSystem().remove(path)

        let second = try fleet()
        let error = await #expect(throws: StartError.self) { try await second.start() }
        #expect(error?.status == .ioError)
        #expect(error?.message.contains("\(path) is missing") == true)
        let way = try #require(error?.message.firstMatch(of: /printf '(.*)\\n' >/))
        try PosixFileSystem().replace(path, with: Array("\(way.1)\n".utf8), durable: false)

        let third = try fleet()
        try await third.start()
        #expect(try await third.apiKeys() == [])
        #expect(await third.stop() == [])
    }

    @Test("a key that cannot be stored is the server's fault, and there is none then")
    func unstoredKey() async throws {
        let fleet = try fleet()
        try await fleet.start()
        let cluster = try await fleet.createCluster(wish("c")).id
        let wish = APIKeyCreation(displayName: "n", description: "", ownerID: "u-local", resourceID: cluster)
        for file in ["api-keys", "registry.json"] {
            // A directory in the place of the new file, with something in it: it can be neither written nor removed.
            let obstacle = "\(directory.path)/\(file).new"
            try PosixFileSystem().makeDirectory(obstacle)
            let error = await #expect(throws: RESTError.self) { try await fleet.createAPIKey(wish) }
            #expect(error?.status == 500)
            #expect(try await fleet.apiKeys() == [])
            try PosixFileSystem().removeTree(obstacle)
        }
        #expect(await fleet.stop() == [])
    }

    @Test("the two clusters of a first start are there, with their types, and can be deleted")
    func defaults() async throws {
        let fleet = try fleet([:])
        try await fleet.start()
        let clusters = await fleet.managedClusters()
        #expect(clusters.map(\.id) == ["lkc-source", "lkc-dest"])
        #expect(clusters.map(\.type) == [.basic, .dedicated])
        try await fleet.deleteCluster("lkc-source")
        #expect(await fleet.managedClusters().map(\.id) == ["lkc-dest"])
        #expect(await fleet.stop() == [])
    }

    @Test("names are unique, and an environment with a cluster stays")
    func conflicts() async throws {
        let fleet = try fleet()
        try await fleet.start()
        let cluster = try await fleet.createCluster(wish("a"))
        await #expect(throws: RESTError.self) { try await fleet.createCluster(wish("a")) }
        await #expect(throws: RESTError.self) { try await fleet.deleteEnvironment("env-local") }
        let other = try await fleet.createEnvironment(EnvironmentCreation(displayName: "other"))
        await #expect(throws: RESTError.self) {
            try await fleet.createEnvironment(EnvironmentCreation(displayName: "other"))
        }
        var change = ClusterChange()
        change.displayName = "b"
        #expect(try await fleet.updateCluster(cluster.id, change).displayName == "b")
        try await fleet.deleteEnvironment(other.id)
        try await fleet.deleteCluster(cluster.id)
        await #expect(throws: RESTError.self) { try await fleet.deleteEnvironment("env-local") }
        #expect(await fleet.stop() == [])
    }

    @Test("the clusters of the exercise get their ports, others the next hundred, and what is free is taken again")
    func ports() {
        var registry = Registry(now: 0)
        func add(_ name: String) {
            let facts = ManagedCluster(
                id: name, environmentID: "e", displayName: name, type: .basic, cku: nil, availability: "LOW",
                cloud: "GCP", region: "r", createdMs: 0, updatedMs: 0)
            registry.clusters.append(.init(facts: facts, block: registry.freePortBlock(for: name) ?? -1))
        }
        for name in ["dest-cluster", "x", "source-cluster", "source-cluster", "y"] {
            add(name)
        }
        #expect(registry.clusters.map(\.block) == [1, 2, 0, 3, 4])
        registry.clusters.remove(at: 1)
        #expect(registry.freePortBlock(for: "z") == 2)
        #expect(registry.freePortBlock(for: "z", avoiding: [2]) == 5)
    }

    @Test("a log-in lasts over a restart, its token is not on disk, and ends with log-out")
    func sessions() async throws {
        let first = try fleet()
        try await first.start()
        let session = try await first.logIn(email: "a@b", password: "any")
        let stored = try #require(try PosixFileSystem().contents(of: directory.path + "/registry.json"))
        #expect(!String(decoding: stored, as: UTF8.self).contains(session.token))
        #expect(await first.stop() == [])
        let second = try fleet()
        try await second.start()
        #expect(await second.session(token: session.token)?.email == "a@b")
        #expect(await second.session(token: session.token + "0") == nil)
        await second.logOut(token: session.token)
        #expect(await second.session(token: session.token) == nil)
        #expect(await second.stop() == [])
    }

    @Test("with e-mail and password configured, others do not get in")
    func configuredLogIn() async throws {
        var configuration = try ServeConfigurationTests.resolve([.ephemeral: "true", .ports: "auto", .empty: "true"])
        configuration.logIn = ("a@b", "right")
        let fleet = Fleet(configuration)
        for (email, password) in [("a@b", "wrong"), ("x@b", "right"), ("", "")] {
            await #expect(throws: RESTError.unauthorized("Invalid email or password.")) {
                try await fleet.logIn(email: email, password: password)
            }
        }
        #expect(try await fleet.logIn(email: "a@b", password: "right").email == "a@b")
    }

    @Test("a damaged registry is not overwritten: the server does not start", arguments: ["{", "[]", #"{"format":2}"#])
    func damaged(text: String) async throws {
        try PosixFileSystem().makeDirectory(directory.path)
        try PosixFileSystem().replace(directory.path + "/registry.json", with: Array(text.utf8), durable: false)
        let fleet = try fleet()
        let error = await #expect(throws: StartError.self) { try await fleet.start() }
        #expect(error?.status == .ioError)
        #expect(error?.message.contains("registry.json is damaged") == true)
    }

    @Test("a file whose length is damaged is refused with the way out", arguments: [true, false])
    func tooLong(isRegistry: Bool) async throws {
        let first = try fleet([:])
        try await first.start()
        #expect(await first.stop() == [])
        let cluster = try PosixFileSystem().list(directory.path).map(\.name).filter { $0.hasPrefix("lkc-") }.min() ?? ""
        let name = isRegistry ? "registry.json" : "\(cluster)/\(MetaProperties.fileName)"
        try PosixFileSystem().file(at: "\(directory.path)/\(name)", create: false).truncate(to: 300 << 20)
        let second = try fleet([:])
        let error = await #expect(throws: StartError.self) { try await second.start() }
        #expect(error?.message.contains("\(name)") == true, "\(String(describing: error))")
        #expect(error?.message.contains("put a copy of it back, or ") == true, "\(String(describing: error))")
    }

    // MARK: Connectors

    private func datagen(_ key: String, _ secret: String, _ more: [String: String] = [:]) -> [String: String] {
        [
            "name": "gen", "connector.class": "DatagenSource", "kafka.topic": "t", "quickstart": "ORDERS",
            "output.data.format": "JSON", "kafka.api.key": key, "kafka.api.secret": secret, "max.interval": "1",
        ].merging(more) { _, new in new }
    }

    /// Asks until the connector is as wanted.
    private func wait(
        _ fleet: Fleet, _ cluster: String, until isDone: (ConnectorInfo) -> Bool
    ) async throws -> ConnectorInfo {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let connector = try #require(try await fleet.connectors(of: cluster).first)
            if isDone(connector) || ContinuousClock.now > deadline {
                return connector
            }
            await Task.yield()
        }
    }

    @Test("a connector writes with its key what it was told to, then says why it has ended; a wrong key fails it")
    func connector() async throws {
        let fleet = try fleet()
        try await fleet.start()
        let cluster = try await fleet.createCluster(wish("c")).id
        let backend = try #require(await fleet.clusters.first)
        let new = try await fleet.createAPIKey(
            APIKeyCreation(displayName: "", description: "", ownerID: "u-local", resourceID: cluster))
        let created = try await send(fleet, .post, "/kafka/v3/clusters/\(cluster)/topics", #"{"topic_name":"t"}"#)
        #expect(created == 201)

        let wrong = try await fleet.createConnector(
            "gen", config: datagen(new.key.id, "wrong"), cluster: cluster)
        #expect(wrong.state == .failed)
        #expect(wrong.trace?.contains("do not open") == true)
        #expect(wrong.trace?.contains("wrong") == false)

        _ = try await fleet.configureConnector(
            "gen", config: datagen(new.key.id, new.secret, ["iterations": "40"]), cluster: cluster)
        let ended = try await wait(fleet, cluster) { $0.state == .failed }
        #expect(ended.trace == "Stopping connector: generated the configured 40 number of messages")
        #expect(ended.tasks.map(\.state) == [.failed])
        #expect(try await backend.statistics().logBytes > 0)
        #expect(await fleet.stop() == [])
    }

    @Test("a paused connector stays paused over a restart, and its secret is masked wherever it is shown")
    func pausedConnector() async throws {
        let first = try fleet()
        try await first.start()
        let cluster = try await first.createCluster(wish("c")).id
        let new = try await first.createAPIKey(
            APIKeyCreation(displayName: "", description: "", ownerID: "u-local", resourceID: cluster))
        let config = datagen(new.key.id, new.secret)
        let made = try await first.createConnector("gen", config: config, cluster: cluster)
        try await first.commandConnector("gen", .pause, cluster: cluster)
        #expect(await first.stop() == [])

        let second = try fleet()
        try await second.start()
        let again = try #require(try await second.connectors(of: cluster).first)
        #expect(again.id == made.id)
        #expect(again.state == .paused)
        #expect(second.redacted(again.config)["kafka.api.secret"] == "****************")
        // What was shown can be sent back: the secret stays.
        _ = try await second.configureConnector("gen", config: second.redacted(again.config), cluster: cluster)
        #expect(try await second.connectors(of: cluster).first?.config == config)
        try await second.deleteConnector("gen", cluster: cluster)
        #expect(try await second.connectors(of: cluster).isEmpty)
        #expect(await second.stop() == [])
    }

    /// One request through the route table.
    private func send(
        _ fleet: Fleet, _ method: RESTAPI.HTTPMethod, _ target: String, _ body: String
    ) async throws -> Int {
        let request = try RESTRequest(method: method, target: target, body: Array(body.utf8))
        return await RouteTable().respond(to: request, fleet: fleet).status
    }
}
