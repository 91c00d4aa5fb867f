import LogStorage
import Logging
import Testing

@testable import Emulator
@testable import KafkaTransport

@Suite("Fleet", .timeLimit(.minutes(2)))
struct FleetTests {
    /// A directory of this test alone, gone afterwards.
    final class TemporaryDirectory {
        let path: String

        init() throws {
            path = "/tmp/twinlog-test-\(UInt64.random(in: 0...UInt64.max))"
            try PosixFileSystem().makeDirectory(path)
        }

        deinit { try? PosixFileSystem().removeTree(path) }
    }

    private func configuration(_ options: [ServeOption: String]) throws -> ServeConfiguration {
        var options = options
        options[.ports] = options[.ports] ?? "auto"
        options[.logLevel] = "critical"
        if options[.dataDirectory] == nil {
            options[.ephemeral] = "true"
        }
        return try ServeConfigurationTests.resolve(options)
    }

    @Test("the ready file is there once everything accepts, and holds every address")
    func readyFile() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/ready.json"
        let fleet = Fleet(try configuration([.readyFile: path, .brokers: "2"]))
        #expect(!PosixFileSystem().exists(path))
        try await fleet.start()
        let facts = await fleet.facts
        let text = try #require(try PosixFileSystem().contents(of: path).map { String(decoding: $0, as: UTF8.self) })
        #expect(text == facts.json)
        #expect(text.hasPrefix("{\"pid\":\(Process.id),\"http\":\"http://127.0.0.1:"))
        for cluster in facts.clusters {
            #expect(cluster.bootstrap.map(\.listener) == ["PLAINTEXT", "SASL_SSL", "SASL_PLAINTEXT"])
            for (listener, address) in cluster.bootstrap {
                #expect(text.contains("\"\(listener)\":\"\(address)\""))
            }
        }
        #expect(await fleet.isReady)
        #expect(await fleet.stop() == [])
        #expect(await !fleet.isReady)
    }

    @Test("a ready file in the place of a link, a device or a directory is refused, and what is there stays")
    func irregularReadyFile() async throws {
        let directory = try TemporaryDirectory()
        let (target, link) = (directory.path + "/target", directory.path + "/link")
        try PosixFileSystem().replace(target, with: [1], durable: false)
        #expect(TestFiles.link(link, to: target))
        for path in [link, directory.path] {
            let error = await #expect(throws: StartError.self) {
                try await Fleet(try configuration([.readyFile: path])).start()
            }
            #expect(error?.status == .cannotCreate)
            #expect(error?.message.contains(path) == true)
            ReadyFacts.remove(path)
        }
        #expect(try PosixFileSystem().contents(of: link) == [1])
        #expect(Files.isIrregular(link))
    }

    @Test("JSON stays JSON whatever the names are")
    func readyFileEscapes() {
        let facts = ReadyFacts(
            pid: 1, http: "http://h:1",
            clusters: [.init(id: "a\"b\\c\n", name: "ü", bootstrap: [("PLAINTEXT", "h:1"), ("SASL_SSL", "h:2")])])
        #expect(
            facts.json == #"{"pid":1,"http":"http://h:1","clusters":[{"id":"a\"b\\c\u000a","name":"ü","#
                + #""bootstrap":{"PLAINTEXT":"h:1","SASL_SSL":"h:2"}}]}"# + "\n")
    }

    @Test("a ready file that cannot be written ends with 73 and leaves nothing running")
    func unwritableReadyFile() async throws {
        let fleet = Fleet(try configuration([.readyFile: "/nonexistent/ready.json"]))
        let error = await #expect(throws: StartError.self) { try await fleet.start() }
        #expect(error?.status == .cannotCreate)
        #expect(error?.message.contains("/nonexistent/ready.json") == true)
        #expect(await fleet.facts.clusters == [])
    }

    @Test("a data directory has one process: the second ends with 73, and may have it when the first is gone")
    func lock() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/data"
        let first = Fleet(try configuration([.dataDirectory: path]))
        try await first.start()
        let second = Fleet(try configuration([.dataDirectory: path]))
        await #expect(throws: StartError(.cannotCreate, "data directory \(path) is in use by another process")) {
            try await second.start()
        }
        #expect(await first.stop() == [])
        try await second.start()
        #expect(await second.stop() == [])
    }

    @Test("a data directory that cannot be one ends with 73 and is named", arguments: ["", "/below", "/below/that"])
    func impossibleDataDirectory(suffix: String) async throws {
        let directory = try TemporaryDirectory()
        let file = directory.path + "/file"
        try PosixFileSystem().replace(file, with: [1], durable: false)
        let fleet = Fleet(try configuration([.dataDirectory: file + suffix]))
        let error = await #expect(throws: StartError.self) { try await fleet.start() }
        #expect(error?.status == .cannotCreate)
        #expect(error?.message.contains(file + suffix) == true)
    }

    @Test("directories that are missing above the data directory are made")
    func deepDataDirectory() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/a/b/c"
        let fleet = Fleet(try configuration([.dataDirectory: path]))
        try await fleet.start()
        #expect(await fleet.stop() == [])
        #expect(PosixFileSystem().exists(path + "/lkc-source"))
        #expect(PosixFileSystem().exists(path + "/lkc-dest"))
    }

    @Test("a port in use ends with 69, is named, and the ports taken before it are free again")
    func portInUse() async throws {
        let holder = Fleet(try configuration([:]))
        try await holder.start()
        let address = try #require(await holder.facts.clusters.first?.bootstrap.first?.address)
        let port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
        var taken = try configuration([:])
        taken.ports = .standard
        taken.wantedHTTPPort = 1
        taken.clusters[0].ownBase = 0
        taken.clusters[1].ownBase = port
        taken.clusters[0].ports = Dictionary(
            uniqueKeysWithValues: zip(ClusterSpec.listeners, try await StartTests.freePorts()))
        let fleet = Fleet(taken)
        await #expect(
            throws: StartError(
                .unavailable,
                "dest-cluster: PLAINTEXT of broker 1 cannot listen on 127.0.0.1:\(port): the port is in use: "
                    + "choose others with --port-base or --ports auto")
        ) { try await fleet.start() }
        #expect(await fleet.facts.clusters == [])
        #expect(await holder.stop() == [])
    }

    @Test("an HTTP port in use is named as such")
    func httpPortInUse() async throws {
        let holder = Fleet(try configuration([:]))
        try await holder.start()
        let port = try #require(await holder.facts.http.split(separator: ":").last.flatMap { Int($0) })
        let configuration = try configuration([:])
        let error = await #expect(throws: StartError.self) {
            try await HTTPService.start(
                fleet: holder, configuration, port: port, logger: Logger(label: "test"))
        }
        #expect(
            error
                == StartError(
                    .unavailable,
                    "HTTP: cannot listen on 127.0.0.1:\(port): the port is in use: "
                        + "choose another with --http-port or --ports auto"))
        #expect(await holder.stop() == [])
    }

    @Test("a stopped fleet refuses work instead of waiting for ever")
    func commandsAfterStop() async throws {
        let fleet = Fleet(try configuration([:]))
        try await fleet.start()
        let clusters = await fleet.clusters
        #expect(await fleet.stop() == [])
        for cluster in clusters {
            await #expect(throws: (any Error).self) { _ = try await cluster.statistics() }
            await #expect(throws: (any Error).self) { _ = try await cluster.links() }
        }
    }

    @Test("the banner tells name, id and address of every cluster")
    func banner() throws {
        let facts = ReadyFacts(
            pid: 1, http: "http://127.0.0.1:8090",
            clusters: [
                .init(id: "lkc-a", name: "alpha", bootstrap: [("PLAINTEXT", "h:1")]),
                .init(id: "lkc-bb", name: "b", bootstrap: [("PLAINTEXT", "h:2")]),
            ])
        let text = Server.banner(facts, try configuration([:]), tookMs: 4.4)
        #expect(
            text == """
                twinlog is ready in 4 ms, in memory
                  alpha  lkc-a   PLAINTEXT h:1
                  b      lkc-bb  PLAINTEXT h:2
                  REST   http://127.0.0.1:8090
                """)
    }

    @Test("log lines are one line each, whatever clients put into them")
    func timestamps() {
        #expect(Console.timestamp(0) == "1970-01-01T00:00:00.000Z")
        #expect(Console.timestamp(1_700_000_000_007) == "2023-11-14T22:13:20.007Z")
        #expect(LineLogHandler.line("a\r\nb", metadata: ["k": "v\n"]) == "a b k=v ")
    }
}
