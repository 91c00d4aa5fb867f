import ClientTestSupport
import ClusterCore
import KafkaClient
import KafkaProtocol
import Testing

@testable import ClusterLinking

@Suite("What users see of a link in trouble")
struct LinkHealthTests {
    private let network = ManualTransport()
    private let source: ClusterNode
    private let destination: ClusterNode

    init() throws {
        source = try ClusterNode("source", on: network)
        destination = try ClusterNode("destination", on: network)
        try source.createTopic("t", partitions: 1)
    }

    private func mirrored(_ configs: [String: String] = [:]) throws {
        try destination.createLink(to: source, configs: configs)
        try destination.createMirror("t")
        try source.produce(sourceBatch(count: 3), to: "t", 0)
        #expect(destination.awaitMirror("t"))
    }

    @Test("the status time is when the status began: paused, resumed, away, back")
    func statusTimes() throws {
        try mirrored([
            "availability.check.ms": "1000", "availability.check.consecutive.failure.threshold": "5",
        ])
        let engine = try #require(destination.engine)
        let created = try destination.mirror("t").stateTimeMs
        network.advance(10_000)
        #expect(try destination.mirror("t").stateTimeMs == created)
        let paused = network.nowMs
        try engine.alterLinkConfigs("link", [.set("cluster.link.paused", "true")], validateOnly: false)
        network.advance(10_000)
        #expect(try destination.mirror("t").state == .linkPaused)
        #expect(try destination.mirror("t").stateTimeMs == paused)
        try engine.alterLinkConfigs("link", [.set("retry.backoff.ms", "50")], validateOnly: false)
        #expect(try destination.mirror("t").stateTimeMs == paused)
        try destination.stop()
        try destination.start()
        #expect(try destination.mirror("t").stateTimeMs == paused)
        let resumed = network.nowMs
        try #require(destination.engine).alterLinkConfigs("link", [.delete("cluster.link.paused")], validateOnly: false)
        network.advance(10_000)
        #expect(try destination.mirror("t").stateTimeMs == resumed)
        try source.stop()
        let left = network.nowMs
        network.advance(20_000)
        #expect(try destination.mirror("t").state == .sourceUnavailable)
        let away = try destination.mirror("t").stateTimeMs
        #expect(away >= left + 5_000 && away <= left + 8_000)
        let back = network.nowMs
        try source.start()
        network.advance(10_000)
        #expect(try destination.mirror("t").state == .active)
        #expect(try destination.mirror("t").stateTimeMs >= back)
    }

    @Test(
        "a source that comes later, or back after an hour, is copied at once, whatever a link waits after failures",
        arguments: [
            ["retry.backoff.ms": "2147483648"], ["retry.backoff.ms": "9223372036854775807"],
            ["retry.backoff.ms": "2147483648", "replica.fetch.backoff.ms": "2147483647"],
        ])
    func longBackoffs(configs: [String: String]) throws {
        let start = network.nowMs
        try mirrored(configs.merging(["availability.check.ms": "1000"]) { $1 })
        #expect(network.nowMs - start <= 1_000)
        try destination.stop()
        try source.stop()
        try destination.start()
        network.advance(3_600_000)
        try source.start()
        try source.produce(sourceBatch(count: 3), to: "t", 0)
        network.advance(2_000)
        #expect(try destination.log("t", 0).logEndOffset == 6)
    }

    @Test("lag stays what it was while configs change")
    func lagStays() throws {
        try mirrored()
        let engine = try #require(destination.engine)
        for value in ["100", "200"] {
            try engine.alterLinkConfigs("link", [.set("retry.backoff.ms", value)], validateOnly: false)
            #expect(try destination.mirror("t").partitions.map(\.lag) == [0])
            network.advance(3_000)
            #expect(try destination.mirror("t").partitions.map(\.lag) == [0])
        }
    }

    @Test("a source topic that is gone shows at once, and its return too")
    func goneTopic() throws {
        try mirrored()
        let topic = try #require(source.cluster.topics["t"])
        _ = try source.withCluster { cluster, now in Result { try cluster.deleteTopic(topic, now: now) } }.get()
        network.advance(3_000)
        let mirror = try destination.mirror("t")
        #expect(mirror.state == .sourceUnavailable && mirror.error == .sourceTopicMayBeDeleted)
        #expect(destination.lines.count { $0.contains("the source has no topic 't'") } == 1)
        network.advance(400_000)
        #expect(try destination.mirror("t").state == .failed)
        #expect(try destination.mirror("t").error == .sourceTopicMayBeDeleted)
    }

    @Test("an outage is logged once, then ever more rarely, and again when its reason changes")
    func outageLines() {
        var lines = RareLines<ClientError>()
        var times: [Int64] = []
        for second in 0..<(4 * 3_600) as Range<Int64> {
            let error = ClientError.broker(.saslAuthenticationFailed, message: "no")
            if lines.isDue(error, now: second * 1_000) {
                times.append(second)
            }
        }
        #expect(times == [0, 60, 180, 420, 900, 1_860, 3_780, 7_380, 10_980])
        let isNews = lines.isDue(.closed, now: 4 * 3_600_000)
        #expect(isNews)
    }

    @Test("a broker that does not let the link in is asked with growing pauses up to a minute")
    func loginPauses() throws {
        let address = HostPort(host: "locked", port: 9092)
        let broker = ScriptedBroker()
        broker.on(SaslHandshakeRequest.self) { _, _ in
            var response = SaslHandshakeResponse()
            response.mechanisms = ["PLAIN"]
            return response
        }
        broker.on(SaslAuthenticateRequest.self) { _, _ in
            var response = SaslAuthenticateResponse()
            response.errorCode = ErrorCode.saslAuthenticationFailed.rawValue
            return response
        }
        network.serve(address, broker)
        var result: Result<Void, LinkFailure>?
        let link = NewLink(
            name: "link",
            configs: [
                "bootstrap.servers": "\(address)", "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN",
                "sasl.jaas.config":
                    "org.apache.kafka.common.security.plain.PlainLoginModule required username='u' password='p';",
            ])
        destination.engine?.createLink(link, validateOnly: false, validateLink: false) { result = $0 }
        try #require(result).get()
        network.advance(3_600_000)
        let attempts = broker.versions(of: .saslAuthenticate).count
        #expect(attempts >= 50 && attempts <= 100)
        #expect(destination.lines.count { $0.contains("cannot reach its source") } <= 8)
        #expect(try #require(destination.engine).link("link").error == .authentication)
    }
}
