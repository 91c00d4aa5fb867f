import Credentials
import LogStorage
import RESTAPI
import Testing

@testable import Emulator

/// What the data directory says about earlier starts, and what a start makes of it.
@Suite("Starts on one data directory", .timeLimit(.minutes(2)))
struct StartTests {
    private let directory = ControlPlaneTests.TemporaryFolder()

    private func fleet(_ options: [ServeOption: String] = [:]) throws -> Fleet {
        var options = options
        if options[.portBase] == nil {
            options[.ports] = "auto"
        }
        options[.logLevel] = "critical"
        options[.dataDirectory] = directory.path
        return Fleet(try ServeConfigurationTests.resolve(options))
    }

    /// Ports that were free a moment ago.
    static func freePorts() async throws -> [Int] {
        let fleet = Fleet(
            try ServeConfigurationTests.resolve([.ports: "auto", .logLevel: "critical", .ephemeral: "true"]))
        try await fleet.start()
        let ports = await fleet.places.map(\.port)
        _ = await fleet.stop()
        return ports
    }

    /// Starts, tells which clusters there are, and stops.
    private func clusters(_ options: [ServeOption: String] = [:]) async throws -> [String] {
        let fleet = try fleet(options)
        try await fleet.start()
        let ids = await fleet.managedClusters().map(\.id)
        #expect(await fleet.stop() == [])
        return ids
    }

    private func text(_ name: String) throws -> String? {
        try PosixFileSystem().contents(of: "\(directory.path)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }

    private func write(_ name: String, _ text: String) throws {
        try PosixFileSystem().makeDirectory(directory.path)
        try PosixFileSystem().replace("\(directory.path)/\(name)", with: Array(text.utf8), durable: false)
    }

    private static let empty: [ServeOption: String] = [.empty: "true"]
    private static let both = ["lkc-source", "lkc-dest"]

    @Test("default, then --empty, then a cluster is made, then default: the first two are there throughout")
    func emptyAfterDefault() async throws {
        #expect(try await clusters() == Self.both)
        #expect(try text("registry.json")?.contains("lkc-source") == true)
        let second = try fleet(Self.empty)
        try await second.start()
        #expect(await second.managedClusters().map(\.id) == Self.both)
        let made = try await second.createCluster(
            ClusterCreation(environmentID: "env-local", displayName: "third", type: .basic, cku: nil))
        #expect(await second.stop() == [])
        #expect(try await clusters() == Self.both + [made.id])
    }

    @Test("--empty, then default: the two of a first start are made, once")
    func defaultAfterEmpty() async throws {
        #expect(try await clusters(Self.empty) == [])
        #expect(try text("registry.json") != nil)
        #expect(try await clusters(Self.empty) == [])
        #expect(try await clusters() == Self.both)
        #expect(try await clusters(Self.empty) == Self.both)
    }

    @Test(
        "a first start that was cut short before the registry was written goes on where it was",
        arguments: [true, false])
    func crashBeforeTheRegistry(isEmpty: Bool) async throws {
        _ = try await clusters()
        try PosixFileSystem().remove(directory.path + "/registry.json")
        #expect(try await clusters(isEmpty ? Self.empty : [:]) == Self.both)
    }

    @Test("what an older version forgot is found again: its registry lists others, the data are there")
    func orphans() async throws {
        _ = try await clusters()
        try write(
            "registry.json",
            #"{"format": 1, "had_clusters": true, "environments": [{"id": "env-local", "name": "default","#
                + #" "package": "ESSENTIALS", "created_ms": 1, "updated_ms": 1}], "clusters": [], "sessions": []}"#)
        #expect(try await clusters() == Self.both)
    }

    @Test("a registry that is gone while clusters with ids of their own are there stops the start")
    func registryIsGone() async throws {
        let first = try fleet(Self.empty)
        try await first.start()
        let made = try await first.createCluster(
            ClusterCreation(environmentID: "env-local", displayName: "c", type: .basic, cku: nil))
        #expect(await first.stop() == [])
        try PosixFileSystem().remove(directory.path + "/registry.json")
        let error = await #expect(throws: StartError.self) { try await fleet().start() }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains(made.id) == true && error?.message.contains("registry.json") == true)
    }

    @Test("a cluster's folder is no data directory, while the cluster runs and later", arguments: [true, false])
    func folderOfACluster(isRunning: Bool) async throws {
        let first = try fleet()
        try await first.start()
        let folder = "\(directory.path)/lkc-source"
        if !isRunning {
            #expect(await first.stop() == [])
            try PosixFileSystem().remove("\(folder)/meta.properties")
        }
        let before = Set(try PosixFileSystem().list(folder).map(\.name))
        for name in [folder, folder + "/", "\(directory.path)/lkc-dest/../lkc-source"] {
            let options: [ServeOption: String] = [.ports: "auto", .logLevel: "critical", .dataDirectory: name]
            let second = Fleet(try ServeConfigurationTests.resolve(options))
            let error = await #expect(throws: StartError.self) { try await second.start() }
            #expect(error?.status == .configuration)
            #expect(error?.message.hasSuffix("--data-dir \(Files.parent(of: folder) ?? "")") == true)
        }
        #expect(Files.parent(of: folder)?.hasSuffix(directory.path.split(separator: "/").last ?? "?") == true)
        #expect(Set(try PosixFileSystem().list(folder).map(\.name)) == before)
        if isRunning {
            #expect(await first.stop() == [])
        }
    }

    @Test(
        "a cluster whose directory is gone, or empty, does not start as a new one until that is accepted",
        arguments: [true, false])
    func directoryIsGone(isMountPoint: Bool) async throws {
        _ = try await clusters()
        let data = "\(directory.path)/lkc-source"
        try PosixFileSystem().removeTree(data)
        if isMountPoint {
            try PosixFileSystem().makeDirectory(data)
        }
        for _ in 0..<2 {
            let error = await #expect(throws: StartError.self) { try await fleet().start() }
            #expect(error?.status == .ioError)
            #expect(error?.message.contains("\(data): ") == true && error?.message.contains("is gone") == true)
            #expect(error?.message.contains("--accept-data-loss lkc-source/__cluster_metadata-0") == true)
            #expect(PosixFileSystem().exists(data) == isMountPoint)
        }
        #expect(try await clusters([.acceptDataLoss: "lkc-source/__cluster_metadata-0"]) == Self.both)
        #expect(try await clusters() == Self.both)
    }

    @Test("a cluster made at run time that is gone keeps the server from starting; deleted, it does not")
    func madeClusterIsGone() async throws {
        let first = try fleet(Self.empty)
        try await first.start()
        let wish = ClusterCreation(environmentID: "env-local", displayName: "c", type: .basic, cku: nil)
        let made = try await first.createCluster(wish)
        #expect(await first.stop() == [])
        try PosixFileSystem().rename("\(directory.path)/\(made.id)", to: "\(directory.path)/away")
        let error = await #expect(throws: StartError.self) { try await fleet().start() }
        #expect(error?.message.contains("--accept-data-loss \(made.id)/__cluster_metadata-0") == true)
        try PosixFileSystem().rename("\(directory.path)/away", to: "\(directory.path)/\(made.id)")
        let second = try fleet(Self.empty)
        try await second.start()
        try await second.deleteCluster(made.id)
        #expect(await second.stop() == [])
        #expect(try await clusters(Self.empty) == [])
    }

    @Test("a first start that died behind the registry and before its clusters were made goes on")
    func crashBehindTheRegistry() async throws {
        _ = try await clusters()
        let registry = try #require(try text("registry.json"))
        try write("registry.json", registry.replacing("\"opened\": true", with: "\"opened\": false"))
        for id in Self.both {
            try PosixFileSystem().removeTree("\(directory.path)/\(id)")
        }
        #expect(try await clusters() == Self.both)
        #expect(try text("registry.json")?.contains("\"opened\": false") == false)
    }

    @Test(
        "state files of a newer version are refused with 78 and left alone; damaged ones stop the start by name",
        arguments: [
            ("registry.json", #"{"format": 99}"#, Emulator.ExitStatus.configuration), ("registry.json", "", .ioError),
            ("registry.json", "{", .ioError), ("registry.json", #"{"format": 2}"#, .ioError),
            ("registry.json", #"{"format": "2"}"#, .ioError), ("registry.json", "[]", .ioError),
            ("connectors.json", #"{"format": 2, "connectors": []}"#, .configuration), ("connectors.json", "", .ioError),
            ("connectors.json", #"{"format": 1, "connectors": [{}]}"#, .ioError),
            ("api-keys", "twinlog-api-keys 2\nwhatever\n", .configuration), ("api-keys", "", .ioError),
            ("api-keys", "twinlog-api-keys 1\nhalf\ta\tline", .ioError),
        ])
    func stateFiles(name: String, contents: String, status: Emulator.ExitStatus) async throws {
        _ = try await clusters()
        try write(name, contents)
        let fleet = try fleet()
        let error = await #expect(throws: StartError.self) { try await fleet.start() }
        #expect(error?.status == status, "\(error?.message ?? "")")
        #expect(error?.message.contains(name) == true)
        // What to do about it.
        #expect(error?.message.contains(status == .ioError ? "put a copy" : "start that version") == true)
        #expect(try text(name) == contents)
    }

    @Test("a damaged registry can be moved away as the error says, and the clusters of a first start are there")
    func registryMovedAway() async throws {
        _ = try await clusters()
        try write("registry.json", "{")
        let error = await #expect(throws: StartError.self) { try await fleet().start() }
        #expect(error?.message.contains("move it away") == true && error?.message.contains("lkc-dest") == true)
        try PosixFileSystem().rename("\(directory.path)/registry.json", to: "\(directory.path)/registry.old")
        #expect(try await clusters() == Self.both)
    }

    @Test("a directory of another cluster is refused with the file that says so, and what to do")
    func foreignDirectory() async throws {
        _ = try await clusters()
        let source = "\(directory.path)/lkc-source"
        try PosixFileSystem().rename(source, to: "\(directory.path)/away")
        try PosixFileSystem().rename("\(directory.path)/lkc-dest", to: source)
        try PosixFileSystem().rename("\(directory.path)/away", to: "\(directory.path)/lkc-dest")
        let error = await #expect(throws: StartError.self) { try await fleet().start() }
        #expect(error?.status == .ioError)
        let text = error?.message ?? ""
        #expect(text.contains("/meta.properties: it says that the directory belongs to cluster 'lkc-"))
        #expect(text.contains("put the directory of cluster 'lkc-"))
    }

    @Test("state files without a version are read as those of an older one, and written as ours")
    func olderStateFiles() async throws {
        _ = try await clusters()
        let registry = try #require(try text("registry.json"))
        let lines = registry.split(separator: "\n").filter { !$0.contains("\"format\"") }
        try write("registry.json", lines.joined(separator: "\n"))
        try write("connectors.json", #"{"connectors": []}"#)
        #expect(try await clusters() == Self.both)
        #expect(try text("registry.json")?.contains("\"format\": 2") == true)
    }

    @Test("addresses that cannot be stored do not keep clusters that are there from being served, and are stored later")
    func registryLater() async throws {
        #expect(try await clusters() == Self.both)
        let before = try text("registry.json")
        // As a full disk would, this keeps the new file from being made.
        let obstacle = directory.path + "/registry.json.new/x"
        try PosixFileSystem().makeDirectory(obstacle)
        let fleet = try fleet()
        try await fleet.start()
        #expect(await fleet.isReady)
        #expect(try text("registry.json") == before)
        #expect(await fleet.retryRegistry() == false)
        try PosixFileSystem().removeTree(directory.path + "/registry.json.new")
        #expect(await fleet.retryRegistry())
        #expect(try text("registry.json") != before)
        let port = try #require(await fleet.places.first?.port)
        #expect(try text("registry.json")?.contains("\(port)") == true)
        #expect(await fleet.stop() == [])
    }

    @Test("everything below a data directory that was open to others is closed to them")
    func permissions() async throws {
        _ = try await clusters()
        #expect(SecretFiles.mode(of: directory.path) == 0o700)
        #expect(SecretFiles.mode(of: directory.path + "/registry.json") == 0o600)
        let paths = ["", "/lkc-source", "/lkc-source/meta.properties", "/registry.json"].map { directory.path + $0 }
        for path in paths {
            TestFiles.open(path)
        }
        _ = try await clusters()
        for path in paths {
            #expect(SecretFiles.mode(of: path).map { $0 & 0o077 } == 0, "\(path)")
        }
    }

    @Test("a data directory of another user is refused")
    func strangersDirectory() throws {
        try PosixFileSystem().makeDirectory(directory.path)
        #expect(throws: StartError.self) { try Files.makePrivateDirectory(directory.path, user: 12_345) }
        #expect(try !Files.makePrivateDirectory(directory.path))
    }

    @Test("a link to a cluster of this process finds it again when ports change")
    func linksFollowPorts() async throws {
        let first = try fleet()
        try await first.start()
        let before = try #require(await first.facts.clusters.first?.bootstrap.first?.address)
        let destination = try #require(await first.clusters.last)
        try await destination.createLink(
            LinkCreation(
                name: "l", sourceClusterID: "lkc-source", configs: ["bootstrap.servers": before], validateOnly: false,
                validateLink: true))
        #expect(await first.stop() == [])
        let second = try fleet()
        try await second.start()
        let after = try #require(await second.facts.clusters.first?.bootstrap.first?.address)
        let configs = try await #require(await second.clusters.last).linkConfigs("l")
        #expect(configs.first { $0.name == "bootstrap.servers" }?.value == after)
        #expect(await second.registry.addresses.isSettled)
        #expect(await second.stop() == [])
    }

    @Test("no certificate is made until somebody asks for one")
    func lazyCertificates() async throws {
        let fleet = try fleet()
        try await fleet.start()
        #expect(!PosixFileSystem().exists(directory.path + "/pki"))
        let authority = try #require(fleet.authority)
        #expect(try text("pki/ca.pem") == authority.pem)
        #expect(SecretFiles.mode(of: directory.path + "/pki/ca-key.pem") == 0o600)
        #expect(await fleet.stop() == [])
        let again = try self.fleet()
        try await again.start()
        #expect(again.authority?.pem == authority.pem)
        #expect(await again.stop() == [])
    }

    @Test("a damaged authority stops the start")
    func damagedAuthority() async throws {
        let fleet = try fleet()
        try await fleet.start()
        _ = fleet.authority
        #expect(await fleet.stop() == [])
        try write("pki/ca-key.pem", "nonsense")
        let error = await #expect(throws: StartError.self) { try await self.fleet().start() }
        #expect(error?.message.contains("ca-key.pem") == true)
    }
}
