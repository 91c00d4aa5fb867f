import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("DescribeConfigs")
struct DescribeConfigsTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness(brokerConfigs: ["log.retention.hours": "2", "num.partitions": "3"])
        try harness.createTopic("orders", partitions: 1, configs: ["max.message.bytes": "5000"])
    }

    @Test("a topic has all of Kafka's topic configs", arguments: versions(DescribeConfigsRequest.self, 2, 3))
    func topic(version: Int16) throws {
        let result = try harness.describe(2, "orders", version: version)
        #expect(result.errorCode == 0)
        #expect(result.resourceType == 2)
        #expect(result.resourceName == "orders")
        let names = Set(result.configs.map(\.name))
        #expect(names.isSuperset(of: ["cleanup.policy", "retention.ms", "segment.bytes", "min.insync.replicas"]))
        let own = try #require(result.configs.first { $0.name == "max.message.bytes" })
        #expect(own.value == "5000")
        #expect(own.configSource == 1)
        #expect(!own.readOnly)
        #expect(!own.isSensitive)
        #expect(own.configType == (version >= 3 ? 3 : 0))
        #expect(own.documentation == nil)
    }

    @Test("only the keys asked for; none asks for all, as null does")
    func keys() throws {
        let some = try harness.describe(2, "orders", keys: ["retention.ms", "no.such"])
        #expect(some.configs.map(\.name) == ["retention.ms"])
        let all = try harness.describe(2, "orders").configs.count
        #expect(try harness.describe(2, "orders", keys: []).configs.count == all)
    }

    @Test("synonyms tell every place that has a value, from the first on that bears the config's own name")
    func synonyms() throws {
        #expect(
            try harness.topicConfig("orders", "max.message.bytes").synonymList
                == ["max.message.bytes=5000/1", "message.max.bytes=1048588/5"])
        let retention = try harness.topicConfig("orders", "retention.ms")
        #expect(retention.value == "7200000")
        // Kafka drops synonyms in other units before log.retention.ms (ConfigHelper.configSynonyms).
        #expect(retention.configSource == 5)
        #expect(retention.synonyms.isEmpty)
        _ = try harness.alter(4, "", .set("log.retention.ms", "5"))
        _ = try harness.alter(4, "1", .set("log.retention.ms", "6"))
        _ = try harness.alter(2, "orders", .set("retention.ms", "7"))
        #expect(
            try harness.topicConfig("orders", "retention.ms").synonymList
                == [
                    "retention.ms=7/1", "log.retention.ms=6/2", "log.retention.ms=5/3", "log.retention.hours=2/4",
                    "log.retention.hours=168/5",
                ])
        let without = try harness.describe(2, "orders", keys: ["retention.ms"], synonyms: false)
        #expect(without.configs.first?.synonyms.isEmpty == true)
        #expect(without.configs.first?.configSource == 1)
    }

    @Test("a config without a broker's counterpart has no synonyms and is a default")
    func noCounterpart() throws {
        let config = try harness.topicConfig("orders", "leader.replication.throttled.replicas")
        #expect(config.value == "")
        #expect(config.configSource == 5)
        #expect(config.synonyms.isEmpty)
    }

    @Test("documentation comes when asked for, from v3 on")
    func documentation() throws {
        let config = try #require(
            try harness.describe(2, "orders", keys: ["retention.ms"], documentation: true).configs.first)
        #expect(config.documentation?.isEmpty == false)
    }

    @Test("a broker has all broker configs, and says which can change")
    func broker() throws {
        let result = try harness.describe(4, "1")
        func config(_ name: String) throws -> DescribeConfigsResponse.DescribeConfigsResourceResult {
            try #require(result.configs.first { $0.name == name })
        }
        let partitions = try config("num.partitions")
        #expect(partitions.value == "3")
        #expect(partitions.configSource == 4)
        #expect(partitions.readOnly)
        #expect(partitions.synonymList == ["num.partitions=3/4", "num.partitions=1/5"])
        let bytes = try config("message.max.bytes")
        #expect(bytes.configSource == 5)
        #expect(!bytes.readOnly)
        // Not set itself; what others stand in with is not told.
        let retention = try config("log.retention.ms")
        #expect(retention.value == nil)
        #expect(retention.synonyms.isEmpty)
        let hours = try config("log.retention.hours")
        #expect(hours.synonymList == ["log.retention.hours=2/4", "log.retention.hours=168/5"])
        // Its twin log.retention.ms can change while the broker runs.
        #expect(!hours.readOnly)
    }

    @Test("a config that stands in for another is shown behind it, and is cut off where it comes first")
    func brokerSynonyms() throws {
        _ = try harness.alter(4, "", .set("log.retention.ms", "5"))
        #expect(
            try harness.describe(4, "1", keys: ["log.retention.ms"]).configs.first?.synonymList
                == ["log.retention.ms=5/3", "log.retention.hours=2/4", "log.retention.hours=168/5"])
        #expect(
            try harness.describe(4, "1", keys: ["log.retention.hours"]).configs.first?.synonymList
                == ["log.retention.hours=2/4", "log.retention.hours=168/5"])
    }

    @Test("what follows from how the broker was started is described as static")
    func facts() throws {
        let configs = try harness.describe(4, "1").configs
        let expected = [
            "node.id": "1", "broker.id": "1", "process.roles": "broker,controller",
            "listeners": "PLAINTEXT://127.0.0.1:9092", "advertised.listeners": "PLAINTEXT://127.0.0.1:9092",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT", "log.dirs": "/data/lkc-test",
            "sasl.enabled.mechanisms": "PLAIN",
        ]
        for (name, value) in expected {
            let config = try #require(configs.first { $0.name == name })
            #expect(config.value == value)
            #expect(config.configSource == 4)
            #expect(config.synonyms.first?.value == value)
        }
        // As Kafka's documentation marks them.
        let readOnly = Set(configs.filter(\.readOnly).map(\.name))
        #expect(readOnly.isSuperset(of: ["node.id", "process.roles", "advertised.listeners", "log.dirs"]))
        #expect(readOnly.isDisjoint(with: ["listeners", "listener.security.protocol.map", "sasl.enabled.mechanisms"]))
    }

    @Test("every documented config is described, an internal one only when it was set")
    func documentedConfigs() throws {
        let names = Set(try harness.describe(4, "1").configs.map(\.name))
        #expect(names.isSuperset(of: ["share.coordinator.threads", "remote.fetch.max.wait.ms", "ssl.provider"]))
        #expect(!names.contains("unstable.api.versions.enable"))
        let other = try ClusterHarness(brokerConfigs: ["unstable.api.versions.enable": "true"])
        #expect(try other.describe(4, "1").configs.contains { $0.name == "unstable.api.versions.enable" })
    }

    @Test("passwords are never shown")
    func passwords() throws {
        let harness = try ClusterHarness(brokerConfigs: ["delegation.token.secret.key": "hush"])
        let config = try #require(
            try harness.describe(4, "1", keys: ["delegation.token.secret.key"]).configs.first)
        #expect(config.isSensitive)
        #expect(config.value == nil)
        #expect(config.synonyms.allSatisfy { $0.value == nil })
    }

    @Test("the nameless broker shows only what was set for all brokers")
    func allBrokers() throws {
        #expect(try harness.describe(4, "").configs.isEmpty)
        _ = try harness.alter(4, "", .set("message.max.bytes", "70000"))
        _ = try harness.alter(4, "1", .set("background.threads", "3"))
        let configs = try harness.describe(4, "").configs
        #expect(configs.map(\.name) == ["message.max.bytes"])
        #expect(configs.first?.configSource == 3)
        #expect(configs.first?.synonymList == ["message.max.bytes=70000/3"])
    }

    @Test("resources that are not there")
    func errors() throws {
        #expect(try harness.describe(2, "absent").errorCode.code == .unknownTopicOrPartition)
        #expect(try harness.describe(2, "a b").errorCode.code == .invalidTopicException)
        #expect(try harness.describe(4, "9").errorCode.code == .invalidRequest)
        #expect(try harness.describe(4, "one").errorCode.code == .invalidRequest)
        #expect(try harness.describe(77, "x").errorCode.code == .invalidRequest)
        #expect(try harness.describe(2, "absent").configs.isEmpty)
    }
}
