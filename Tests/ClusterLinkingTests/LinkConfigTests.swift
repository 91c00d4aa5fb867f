import ClientTestSupport
import ClusterCore
import KafkaProtocol
import LogStorage
import Testing

@Suite("Link configs")
struct LinkConfigTests {
    private func cluster() throws -> Cluster {
        let broker = Broker(nodeID: 1, endpoints: [.plaintext: Endpoint(host: "b", port: 9092)])
        let configuration = ClusterConfiguration(
            clusterID: "own", name: "own", brokers: [broker], dataDirectory: "/data")
        return try Cluster(configuration: configuration, fileSystem: MemoryFileSystem(), seed: 1, now: 1_000)
    }

    private func problem(_ configs: [String: String]) throws -> LinkFailure? {
        let cluster = try cluster()
        let whole = ["bootstrap.servers": "a:1"].merging(configs) { _, given in given }
        do throws(LinkFailure) {
            try cluster.validateLink(NewLink(name: "l", configs: whole))
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "values that make no sense are refused",
        arguments: [
            ("bootstrap.servers", "nowhere"), ("bootstrap.servers", "a:1,,b:2"), ("bootstrap.servers", "a:0"),
            ("cluster.link.paused", "maybe"), ("metadata.max.age.ms", "soon"), ("replica.fetch.max.bytes", "0"),
            ("consumer.offset.sync.ms", "999"), ("link.mode", "SIDEWAYS"), ("cluster.link.prefix", "thirteenchars"),
            ("cluster.link.prefix", "a/b"), ("mirror.start.offset.spec", "yesterday"),
            ("mirror.start.offset.spec", "2026-13-01T00:00:00Z"), ("no.such.config", "1"),
            ("remote.link.connection.mode", "INBOUND"), ("topic.config.sync.include", "retention.ms,segment.bites"),
            ("link.mode", "SOURCE"), ("security.protocol", "TLS"),
        ])
    func refuses(name: String, value: String) throws {
        #expect(try problem([name: value])?.kind == .invalidRequest)
    }

    @Test(
        "values that make sense are taken",
        arguments: [
            ("bootstrap.servers", "a:1, b:2"), ("cluster.link.paused", "TRUE"), ("link.mode", "destination"),
            ("cluster.link.prefix", "twelve-chars"), ("mirror.start.offset.spec", "2026-02-28T23:59:59.5+01:30"),
            ("topic.config.sync.include", "retention.ms, cleanup.policy"), ("metadata.max.age.ms", "0"),
        ])
    func takes(name: String, value: String) throws {
        #expect(try problem([name: value]) == nil)
    }

    @Test(
        "what has no effect yet is refused by name when it is made and when it is changed, and its default is taken",
        arguments: [
            ("consumer.offset.sync.enable", "true", "FALSE"), ("acl.sync.enable", "true", "false"),
            ("auto.create.mirror.topics.enable", "true", "false"), ("connection.mode", "INBOUND", "outbound"),
            ("link.mode", "SOURCE", "DESTINATION"), ("link.mode", "BIDIRECTIONAL", "destination"),
            ("topic.config.sync.ms", "6000", "5000"), ("num.cluster.link.fetchers", "2", "1"),
            ("consumer.offset.group.filters", "{}", ""), ("acl.filters", "{}", ""),
            ("consumer.group.prefix.enable", "true", "false"),
            ("client.dns.lookup", "resolve_canonical_bootstrap_servers_only", "use_all_dns_ips"),
        ])
    func refusesInert(name: String, value: String, own: String) throws {
        let refusal = try problem([name: value, "cluster.link.prefix": "p."])
        #expect(refusal?.kind == .invalidRequest)
        #expect(refusal?.message.contains("'\(name)' is not served yet") == true)
        #expect(try problem([name: own]) == nil)
        var cluster = try cluster()
        try cluster.createLink(NewLink(name: "l", configs: ["bootstrap.servers": "a:1"]), now: 1)
        #expect(throws: LinkFailure.self) {
            try cluster.alterLinkConfigs("l", [.set(name, value)], validateOnly: false, now: 2)
        }
        #expect(try cluster.link("l").configs == ["bootstrap.servers": "a:1"])
    }

    @Test("bootstrap.servers must be given")
    func demandsServers() throws {
        let cluster = try cluster()
        #expect(throws: LinkFailure.self) { try cluster.validateLink(NewLink(name: "l", configs: [:])) }
    }

    @Test("secrets are never shown, not even in a refusal")
    func hidesSecrets() throws {
        var cluster = try cluster()
        let secret = "password-in-clear"
        try cluster.createLink(
            NewLink(name: "l", configs: ["bootstrap.servers": "a:1", "sasl.jaas.config": secret]), now: 1)
        let configs = try cluster.link("l").describedConfigs
        let entry = try #require(configs.first { $0.name == "sasl.jaas.config" })
        #expect(entry.value == nil && entry.isSensitive && !entry.isDefault)
        #expect(!configs.contains { $0.value?.contains(secret) == true })
    }

    @Test("a Java client's file is taken as it is: what only producers and consumers know is left out")
    func takesClientFiles() throws {
        var cluster = try cluster()
        let file = [
            "bootstrap.servers": "a:1", "security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN",
            "sasl.jaas.config": "…", "client.dns.lookup": "use_all_dns_ips", "session.timeout.ms": "45000",
            "acks": "all", "schema.registry.url": "https://…", "basic.auth.credentials.source": "USER_INFO",
        ]
        try cluster.createLink(NewLink(name: "l", configs: file), now: 1)
        let kept: Set = [
            "bootstrap.servers", "security.protocol", "sasl.mechanism", "sasl.jaas.config", "client.dns.lookup",
        ]
        #expect(Set(try cluster.link("l").configs.keys) == kept)
        try cluster.alterLinkConfigs(
            "l", [.set("acks", "1"), .set("metadata.max.age.ms", "5000")], validateOnly: false, now: 2)
        #expect(Set(try cluster.link("l").configs.keys) == kept.union(["metadata.max.age.ms"]))
    }

    @Test("every config is described once, in order, with its default")
    func describes() throws {
        var cluster = try cluster()
        try cluster.createLink(
            NewLink(name: "l", configs: ["bootstrap.servers": "a:1", "metadata.max.age.ms": "5000"]), now: 1)
        let configs = try cluster.link("l").describedConfigs
        #expect(configs.map(\.name) == configs.map(\.name).sorted())
        #expect(Set(configs.map(\.name)).count == configs.count)
        #expect(configs.first { $0.name == "metadata.max.age.ms" }?.source == "DYNAMIC_CLUSTER_LINK_CONFIG")
        let retry = try #require(configs.first { $0.name == "cluster.link.retry.timeout.ms" })
        #expect(retry.value == "300000" && retry.isDefault && retry.source == "DEFAULT_CONFIG")
    }

    @Test("changes are applied together or not at all, and survive a restart")
    func alters() throws {
        let fileSystem = MemoryFileSystem()
        let configuration = ClusterConfiguration(
            clusterID: "own", name: "own", brokers: [], dataDirectory: "/data")
        var cluster = try Cluster(configuration: configuration, fileSystem: fileSystem, seed: 1, now: 1_000)
        try cluster.createLink(NewLink(name: "l", configs: ["bootstrap.servers": "a:1"]), now: 1)
        #expect(throws: LinkFailure.self) {
            try cluster.alterLinkConfigs(
                "l", [.set("bootstrap.servers", "b:2"), .set("metadata.max.age.ms", "x")], validateOnly: false, now: 2)
        }
        #expect(try cluster.link("l").configs == ["bootstrap.servers": "a:1"])
        try cluster.alterLinkConfigs("l", [.set("bootstrap.servers", "c:3")], validateOnly: true, now: 2)
        #expect(try cluster.link("l").configs == ["bootstrap.servers": "a:1"])
        try cluster.alterLinkConfigs(
            "l", [.set("bootstrap.servers", "b:2"), .set("consumer.offset.group.filters", "")], validateOnly: false,
            now: 2)
        try cluster.alterLinkConfigs(
            "l", [.set("consumer.offset.sync.enable", "false")], validateOnly: false, now: 3)
        try cluster.close()
        let reopened = try Cluster(configuration: configuration, fileSystem: fileSystem, seed: 2, now: 2_000)
        #expect(
            try reopened.link("l").configs == ["bootstrap.servers": "b:2", "consumer.offset.sync.enable": "false"])
    }

    @Test("what a link is cannot be changed afterwards")
    func keepsIdentity() throws {
        var cluster = try cluster()
        try cluster.createLink(
            NewLink(name: "l", configs: ["bootstrap.servers": "a:1", "cluster.link.prefix": "p."]), now: 1)
        for change in [.set("cluster.link.prefix", "q."), .delete("cluster.link.prefix")] as [LinkConfigChange] {
            #expect(throws: LinkFailure.self) {
                try cluster.alterLinkConfigs("l", [change], validateOnly: false, now: 2)
            }
        }
    }

    @Test("times in ISO 8601 become milliseconds")
    func readsTimes() {
        #expect(MirrorStart("1970-01-01T00:00:00Z") == .timestamp(0))
        #expect(MirrorStart("2000-02-29T12:30:15.123Z") == .timestamp(951_827_415_123))
        #expect(MirrorStart("2026-01-01T01:00:00+01:00") == .timestamp(1_767_225_600_000))
        #expect(MirrorStart("2026-01-01") == nil)
        #expect(MirrorStart("2026-01-01T00:00:00X") == nil)
    }
}
