import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Config store")
struct ConfigStoreTests {
    private func store(_ configs: [String: String]) -> ConfigStore {
        ConfigStore(brokerConfigs: configs)
    }

    @Test("without settings every log has Kafka's defaults")
    func defaults() {
        var expected = LogConfig()
        expected.producerIDExpirationMs = 86_400_000
        #expect(store([:]).logConfig("t") == expected)
    }

    @Test("hours and minutes stand in for milliseconds, the finest unit wins")
    func units() {
        #expect(store(["log.retention.hours": "1"]).logConfig("t").retentionMs == 3_600_000)
        #expect(store(["log.retention.hours": "-1"]).logConfig("t").retentionMs == -1)
        #expect(
            store(["log.retention.minutes": "3", "log.retention.hours": "1"]).logConfig("t").retentionMs == 180_000)
        let all = ["log.retention.ms": "7", "log.retention.minutes": "3", "log.retention.hours": "1"]
        #expect(store(all).logConfig("t").retentionMs == 7)
        #expect(store(["log.roll.hours": "2"]).logConfig("t").segmentMs == 7_200_000)
        #expect(store(["log.retention.hours": "2147483647"]).logConfig("t").retentionMs == 2_147_483_647 * 3_600_000)
    }

    @Test("broker settings reach the logs under their topic names")
    func brokerSettings() {
        let config = store([
            "log.segment.bytes": "2000000", "message.max.bytes": "123", "log.cleanup.policy": "compact",
            "log.message.timestamp.type": "LogAppendTime", "log.retention.bytes": "9", "log.index.interval.bytes": "8",
            "log.flush.interval.messages": "7", "log.flush.interval.ms": "6", "log.index.size.max.bytes": "5",
            "log.message.timestamp.after.max.ms": "4", "log.message.timestamp.before.max.ms": "3",
        ]).logConfig("t")
        #expect(config.segmentBytes == 2_000_000)
        #expect(config.maxMessageBytes == 123)
        #expect(config.cleanupPolicy == .compact)
        #expect(config.messageTimestampType == .logAppendTime)
        #expect(config.retentionBytes == 9)
        #expect(config.indexIntervalBytes == 8)
        #expect(config.flushMessages == 7)
        #expect(config.flushMs == 6)
        #expect(config.segmentIndexBytes == 5)
        #expect(config.messageTimestampAfterMaxMs == 4)
        #expect(config.messageTimestampBeforeMaxMs == 3)
    }

    @Test("a topic's own setting is stronger than every broker's")
    func precedence() {
        var configs = store(["log.retention.ms": "1"])
        #expect(configs.logConfig("t").retentionMs == 1)
        configs.replay(ConfigResource.allBrokers.record("log.retention.ms", "2"))
        #expect(configs.logConfig("t").retentionMs == 2)
        configs.replay(ConfigResource(.broker, "4").record("log.retention.ms", "3"))
        #expect(configs.logConfig("t").retentionMs == 2)
        #expect(configs.logConfig("t", nodeID: 4).retentionMs == 3)
        configs.replay(ConfigResource.topic("t").record("retention.ms", "4"))
        #expect(configs.logConfig("t", nodeID: 4).retentionMs == 4)
        #expect(configs.logConfig("other", nodeID: 4).retentionMs == 3)
        configs.replay(ConfigResource.topic("t").record("retention.ms", nil))
        #expect(configs.logConfig("t").retentionMs == 2)
    }

    @Test("an empty cleanup.policy keeps everything (KIP-1161)")
    func emptyPolicy() {
        var configs = store([:])
        configs.replay(ConfigResource.topic("t").record("cleanup.policy", ""))
        #expect(configs.logConfig("t").cleanupPolicy == [])
    }

    @Test("start-up settings are checked: bad values are problems, unknown names are only told")
    func startUp() {
        let result = ConfigStore.check(brokerConfigs: [
            "num.partitions": "0", "log.retention.ms": "x", "auto.create.topics.enable": "TRUE", "my.own": "1",
        ])
        #expect(result.problems.count == 2)
        #expect(result.problems.allSatisfy { $0.hasPrefix("Invalid value ") })
        #expect(result.unknown == ["my.own"])
        #expect(result.inert.isEmpty)
    }

    @Test("configs of Kafka that do nothing here are told at start")
    func inert() {
        let result = ConfigStore.check(brokerConfigs: [
            "num.network.threads": "9", "share.coordinator.threads": "2", "num.partitions": "3",
        ])
        #expect(result.problems.isEmpty)
        #expect(result.inert == ["num.network.threads", "share.coordinator.threads"])
    }

    @Test(
        "what would promise protection that is not there is refused",
        arguments: [
            ("ssl.client.auth", "required"), ("authorizer.class.name", "org.apache.kafka.metadata.authorizer.Any"),
            ("allow.everyone.if.no.acl.found", "false"), ("ssl.enabled.protocols", "TLSv1.3"),
            ("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256"), ("create.topic.policy.class.name", "a.Policy"),
        ])
    func pretended(name: String, value: String) {
        let result = ConfigStore.check(brokerConfigs: [name: value])
        #expect(result.problems.count == 1)
        #expect(result.problems.first?.hasPrefix("\(name) does not act yet") == true)
    }

    @Test("saying what holds anyway is fine")
    func truths() {
        let result = ConfigStore.check(brokerConfigs: [
            "ssl.client.auth": "none", "allow.everyone.if.no.acl.found": "true", "authorizer.class.name": "",
            "ssl.enabled.protocols": "TLSv1.3, TLSv1.2", "sasl.enabled.mechanisms": "PLAIN",
        ])
        #expect(result.problems.isEmpty && result.unknown.isEmpty && result.inert.isEmpty)
    }

    @Test("values are typed and in range")
    func values() throws {
        func isLegal(_ name: String, _ value: String) throws -> Bool {
            ConfigValue.problem(value, try #require(ConfigDefinitions.topicByName[name])) == nil
        }
        let legal = [
            ("retention.ms", "-1"), ("retention.ms", "9223372036854775807"), ("segment.bytes", "1048576"),
            ("min.cleanable.dirty.ratio", "0.25"), ("preallocate", "True"), ("cleanup.policy", "compact, delete"),
            ("cleanup.policy", ""), ("compression.type", "zstd"), ("index.interval.bytes", " 0 "),
        ]
        for (name, value) in legal {
            #expect(try isLegal(name, value), "\(name)=\(value)")
        }
        let illegal = [
            ("retention.ms", "-2"), ("retention.ms", "9223372036854775808"), ("retention.ms", ""),
            ("retention.ms", "1.5"),
            ("segment.bytes", "2147483648"), ("min.cleanable.dirty.ratio", "-0.1"), ("preallocate", "1"),
            ("cleanup.policy", "compact,drop"), ("compression.type", "ZSTD"), ("compression.type", ""),
        ]
        for (name, value) in illegal {
            #expect(try !isLegal(name, value), "\(name)=\(value)")
        }
    }
}
