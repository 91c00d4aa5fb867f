import ClientTestSupport
import ClusterCore
import ClusterLinking
import KafkaClient
import KafkaProtocol
import LogStorage
import Testing

@Suite("Links")
struct LinkTests {
    private let network = ManualTransport()
    private let source: ClusterNode
    private let destination: ClusterNode

    init() throws {
        source = try ClusterNode("source", on: network)
        destination = try ClusterNode("destination", on: network)
    }

    private func failure(_ body: () throws -> Void) -> LinkFailure? {
        do {
            try body()
            return nil
        } catch {
            return error as? LinkFailure
        }
    }

    @Test("a link remembers the source's id, is active once the source answered, and survives a restart")
    func creates() throws {
        try destination.createLink(to: source)
        let engine = try #require(destination.engine)
        #expect(try engine.link("link").link.remoteClusterID == "source")
        #expect(try engine.link("link").health == .active)
        try destination.stop()
        try destination.start()
        network.run()
        let link = try #require(destination.engine).link("link")
        #expect(link.health == .active)
        #expect(link.link.configs["bootstrap.servers"] == "source:9092")
    }

    @Test("security that a link cannot have is refused, without the secret, when it is made and when it is changed")
    func checksSecurity() throws {
        let engine = try #require(destination.engine)
        let wrong = [
            "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN", "sasl.jaas.config": "password='HUSH';",
        ]
        var result: Result<Void, LinkFailure>?
        let link = NewLink(
            name: "l", configs: wrong.merging(["bootstrap.servers": "source:9092"]) { first, _ in first })
        engine.createLink(link, validateOnly: false, validateLink: false) { result = $0 }
        let refusal = failure { try #require(result).get() }
        #expect(refusal?.kind == .invalidRequest)
        try destination.createLink(to: source)
        let changes = wrong.sorted { $0.key < $1.key }.map { LinkConfigChange.set($0.key, $0.value) }
        let change = failure { try engine.alterLinkConfigs("link", changes, validateOnly: false) }
        #expect(change?.kind == .invalidRequest)
        for message in [refusal?.message, change?.message] {
            #expect(message?.contains("sasl.jaas.config") == true)
            #expect(message?.contains("HUSH") == false)
        }
    }

    @Test("a link whose source cannot be reached, or is another cluster, is refused unless validation is off")
    func validates() throws {
        let wrong = failure { try destination.createLink(to: source, expected: "other") }
        #expect(wrong?.kind == .invalidRequest)
        #expect(wrong?.message.contains("'source', expected 'other'") == true)
        let selfLink = failure { try destination.createLink(to: destination) }
        #expect(selfLink?.kind == .invalidRequest)
        try source.stop()
        let unreachable = failure { try destination.createLink(to: source) }
        #expect(unreachable?.kind == .sourceUnavailable)
        #expect(destination.cluster.links.count == 0)
        var result: Result<Void, LinkFailure>?
        let link = NewLink(name: "link", configs: ["bootstrap.servers": "source:9092"])
        destination.engine?.createLink(link, validateOnly: false, validateLink: false) { result = $0 }
        #expect(throws: Never.self) { try #require(result).get() }
        network.run()
        let snapshot = try #require(destination.engine).link("link")
        #expect(snapshot.health == .unavailable)
        #expect(snapshot.error == .bootstrapConnectionFailed)
    }

    @Test("validate_only creates nothing")
    func validatesOnly() throws {
        var result: Result<Void, LinkFailure>?
        let link = NewLink(name: "link", configs: ["bootstrap.servers": "source:9092"])
        destination.engine?.createLink(link, validateOnly: true, validateLink: true) { result = $0 }
        network.run()
        #expect(throws: Never.self) { try #require(result).get() }
        #expect(destination.cluster.links.count == 0)
    }

    @Test("names that exist or cannot be are refused with the documented words")
    func checksNames() throws {
        try destination.createLink(to: source)
        #expect(failure { try destination.createLink(to: source) }?.kind == .linkExists)
        #expect(failure { try destination.createLink("no/slash", to: source) }?.message == "Invalid Cluster Link Name.")
        #expect(failure { try destination.createMirror("t", link: "other") }?.kind == .linkNotFound)
        #expect(
            failure { try destination.createMirror("missing") }?.kind == .sourceTopicNotFound)
    }

    @Test("a topic that exists, another name and a name that is too long are refused with the documented words")
    func checksMirrors() throws {
        try source.createTopic("t", partitions: 1)
        try destination.createLink(to: source)
        try destination.createTopic("t", partitions: 1)
        #expect(failure { try destination.createMirror("t") }?.message == "Topic 't' already exists.")
        let renamed = failure { try destination.createMirror("t", name: "u") }
        #expect(renamed?.kind == .unsupported)
        #expect(renamed?.message == "Topic renaming for mirroring not yet supported")
        let long = failure { try destination.createMirror(String(repeating: "x", count: 250)) }
        #expect(long?.kind == .refused)
    }

    @Test("a prefix begins the mirror's name and is demanded")
    func prefixes() throws {
        try source.createTopic("t", partitions: 1)
        try destination.createLink(to: source, configs: ["cluster.link.prefix": "east."])
        let refusal = failure { try destination.createMirror("t", name: "t") }
        #expect(refusal?.kind == .unsupported)
        #expect(refusal?.message.hasSuffix("the mirror of 't' is named 'east.t', not 't'.") == true)
        try destination.createMirror("t", name: "east.t")
        #expect(try destination.mirror("east.t").sourceTopicName == "t")
    }

    @Test("configs follow the source: always, if included, and not those that are the mirror's own")
    func copiesConfigs() throws {
        try source.createTopic(
            "t", partitions: 1,
            configs: [
                "cleanup.policy": "compact", "retention.ms": "1234567", "segment.bytes": "20000000",
                "max.message.bytes": "2000000",
            ])
        try destination.createLink(to: source)
        try destination.createMirror("t", configs: ["segment.ms": "600000"])
        let set = destination.cluster.configs.overrides(.topic("t"))
        #expect(set["cleanup.policy"] == "compact")
        #expect(set["max.message.bytes"] == "2000000")
        #expect(set["retention.ms"] == "1234567")
        #expect(set["segment.bytes"] == nil)
        #expect(set["segment.ms"] == "600000")
        let refused = failure { try destination.createMirror("u", configs: ["retention.ms": "5"]) }
        #expect(
            refused?.message == "Cannot modify mirror topic u because 'retention.ms' are set to always sync")
    }

    @Test("a link with live mirrors is kept unless deletion is forced, which makes its topics ordinary")
    func deletes() throws {
        try source.createTopic("t", partitions: 1)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        let engine = try #require(destination.engine)
        #expect(failure { try engine.deleteLink("link", force: false, validateOnly: false) }?.kind == .forbidden)
        try engine.deleteLink("link", force: true, validateOnly: true)
        #expect(destination.cluster.links.count == 1)
        try engine.deleteLink("link", force: true, validateOnly: false)
        #expect(engine.links().isEmpty)
        #expect(try destination.produce(sourceBatch(), to: "t", 0) == .none)
        #expect(failure { try engine.deleteLink("link", force: true, validateOnly: false) }?.kind == .linkNotFound)
    }

    @Test("after enough silence mirrors show SOURCE_UNAVAILABLE, and ACTIVE again when the source is back")
    func noticesSilence() throws {
        try source.createTopic("t", partitions: 1)
        try destination.createLink(
            to: source,
            configs: ["availability.check.ms": "1000", "availability.check.consecutive.failure.threshold": "5"])
        try destination.createMirror("t")
        network.advance(2_000)
        try source.stop()
        network.advance(3_000)
        #expect(try destination.mirror("t").state == .active)
        #expect(try #require(destination.engine).link("link").health == .unavailable)
        network.advance(5_000)
        #expect(try destination.mirror("t").state == .sourceUnavailable)
        #expect(try destination.mirror("t").stateTimeMs <= network.nowMs)
        #expect(try #require(destination.engine).link("link").partitionCounts == [.inError: 1])
        try source.start()
        network.advance(5_000)
        #expect(try destination.mirror("t").state == .active)
        #expect(try #require(destination.engine).link("link").partitionCounts == [.active: 1])
    }

    @Test("a source with another cluster's id halts the link instead of mixing records")
    func refusesOtherCluster() throws {
        try source.createTopic("t", partitions: 1)
        try destination.createLink(to: source)
        try destination.createMirror("t")
        network.advance(1_000)
        let impostor = try ClusterNode("impostor", on: network)
        try impostor.createTopic("t", partitions: 1)
        try impostor.produce(sourceBatch(), to: "t", 0)
        let engine = try #require(destination.engine)
        try engine.alterLinkConfigs("link", [.set("bootstrap.servers", "impostor:9092")], validateOnly: false)
        network.advance(10_000)
        #expect(try engine.link("link").health == .failed)
        #expect(try destination.mirror("t").state == .linkFailed)
        #expect(try destination.log("t", 0).logEndOffset == 0)
        try source.produce(sourceBatch(), to: "t", 0)
        try engine.alterLinkConfigs("link", [.set("bootstrap.servers", "source:9092")], validateOnly: false)
        #expect(network.advance(until: { (try? destination.log("t", 0).logEndOffset) == 1 }))
    }

    @Test("an engine that stops tells those who wait, and leaves no connection behind")
    func stops() throws {
        final class Silent: FakeServer {
            func received(_ frame: [UInt8], from peer: FakePeer) {}
        }
        network.serve(HostPort(host: "silent", port: 9092), Silent())
        var result: Result<Void, LinkFailure>?
        let link = NewLink(name: "link", configs: ["bootstrap.servers": "silent:9092"])
        destination.engine?.createLink(link, validateOnly: false, validateLink: true) { result = $0 }
        network.advance(1_000)
        #expect(result == nil)
        try destination.stop()
        #expect(failure { try #require(result).get() }?.kind == .sourceUnavailable)
        #expect(network.openConnections == 0)
    }
}
