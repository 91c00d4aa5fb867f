import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("IncrementalAlterConfigs")
struct IncrementalAlterConfigsTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
        try harness.createTopic("orders", configs: ["retention.ms": "1000"])
    }

    @Test("set and delete reach the log", arguments: versions(IncrementalAlterConfigsRequest.self))
    func setAndDelete(version: Int16) throws {
        let set = try harness.alter(
            2, "orders", .set("retention.ms", "5000"), .set("max.message.bytes", "200"), version: version)
        #expect(set.errorCode == 0)
        #expect(set.errorMessage == nil)
        #expect(set.resourceName == "orders")
        #expect(try harness.log("orders").config.retentionMs == 5_000)
        #expect(
            try harness.produceResult("orders", TestBatch(values: [String(repeating: "x", count: 200)]))
                .errorCode.code == .messageTooLarge)
        #expect(try harness.alter(2, "orders", .delete("retention.ms"), version: version).errorCode == 0)
        #expect(try harness.log("orders").config.retentionMs == 604_800_000)
        #expect(try harness.topicConfig("orders", "retention.ms").configSource == 5)
    }

    @Test("lists grow and shrink")
    func lists() throws {
        #expect(try harness.alter(2, "orders", .append("cleanup.policy", "compact")).errorCode == 0)
        #expect(try harness.topicConfig("orders", "cleanup.policy").value == "delete,compact")
        #expect(try harness.alter(2, "orders", .append("cleanup.policy", "delete")).errorCode == 0)
        #expect(try harness.topicConfig("orders", "cleanup.policy").value == "delete,compact")
        #expect(try harness.alter(2, "orders", .subtract("cleanup.policy", "delete")).errorCode == 0)
        #expect(try harness.topicConfig("orders", "cleanup.policy").value == "compact")
        #expect(try harness.log("orders").config.cleanupPolicy == .compact)
        #expect(try harness.alter(2, "orders", .append("cleanup.policy", "archive")).errorCode.code == .invalidConfig)
        let noList = try harness.alter(2, "orders", .append("retention.ms", "1"))
        #expect(noList.errorCode.code == .invalidConfig)
        #expect(noList.errorMessage == "Can't APPEND to key retention.ms because its type is not LIST.")
    }

    @Test("all changes of a resource are made, or none")
    func atomic() throws {
        let result = try harness.alter(2, "orders", .set("retention.ms", "9"), .set("segment.ms", "never"))
        #expect(result.errorCode.code == .invalidConfig)
        #expect(try harness.log("orders").config.retentionMs == 1_000)
        var request = IncrementalAlterConfigsRequest()
        for name in ["absent", "orders"] {
            var config = IncrementalAlterConfigsRequest.AlterableConfig()
            config.name = "retention.ms"
            config.value = "77"
            var resource = IncrementalAlterConfigsRequest.AlterConfigsResource()
            resource.resourceType = 2
            resource.resourceName = name
            resource.configs = [config]
            request.resources.append(resource)
        }
        #expect(try harness.call(request).responses.map(\.errorCode.code) == [.unknownTopicOrPartition, .none])
        #expect(try harness.log("orders").config.retentionMs == 77)
        request.resources[0].resourceName = "orders"
        request.resources[0].configs[0].value = "78"
        let repeated = try harness.call(request).responses
        #expect(repeated.map(\.errorCode.code) == [.invalidRequest, .invalidRequest])
        #expect(repeated.first?.errorMessage == "Each resource must appear at most once.")
        #expect(try harness.log("orders").config.retentionMs == 77)
    }

    @Test("validateOnly changes nothing")
    func validateOnly() throws {
        #expect(try harness.alter(2, "orders", .set("retention.ms", "9"), validateOnly: true).errorCode == 0)
        #expect(try harness.log("orders").config.retentionMs == 1_000)
        let bad = try harness.alter(2, "orders", .set("retention.ms", "x"), validateOnly: true)
        #expect(bad.errorCode.code == .invalidConfig)
    }

    @Test("bad requests are told apart from bad values")
    func errors() throws {
        let duplicate = try harness.alter(2, "orders", .set("retention.ms", "1"), .delete("retention.ms"))
        #expect(duplicate.errorCode.code == .invalidRequest)
        #expect(duplicate.errorMessage == "Error due to duplicate config keys")
        let null = try harness.alter(2, "orders", .set("retention.ms", nil))
        #expect(null.errorCode.code == .invalidRequest)
        #expect(null.errorMessage == "Null value not supported for : retention.ms")
        let unknown = try harness.alter(2, "orders", .set("no.such", "1"))
        #expect(unknown.errorCode.code == .invalidConfig)
        #expect(unknown.errorMessage == "Unknown topic config name: no.such")
        let absent = try harness.alter(2, "absent", .set("retention.ms", "1"))
        #expect(absent.errorCode.code == .unknownTopicOrPartition)
        #expect(absent.errorMessage == "The topic 'absent' does not exist.")
        #expect(try harness.alter(2, "", .set("retention.ms", "1")).errorCode.code == .invalidRequest)
        #expect(try harness.alter(99, "orders", .set("retention.ms", "1")).errorCode.code == .invalidRequest)
        #expect(try harness.alter(2, "orders", .delete("never.set")).errorCode == 0)
        let conflict = try harness.alter(
            2, "orders", .set("max.compaction.lag.ms", "5"), .set("min.compaction.lag.ms", "6"))
        #expect(conflict.errorCode.code == .invalidConfig)
    }

    @Test("broker configs: for all brokers, for one, and those that cannot change")
    func brokers() throws {
        try harness.createTopic("plain")
        #expect(try harness.alter(4, "", .set("log.retention.ms", "50")).errorCode == 0)
        #expect(try harness.log("plain").config.retentionMs == 50)
        #expect(try harness.log("orders").config.retentionMs == 1_000)
        #expect(try harness.alter(4, "1", .set("log.retention.ms", "60")).errorCode == 0)
        #expect(try harness.log("plain").config.retentionMs == 60)
        #expect(try harness.alter(4, "1", .delete("log.retention.ms")).errorCode == 0)
        #expect(try harness.log("plain").config.retentionMs == 50)
        #expect(try harness.alter(4, "", .set("num.partitions", "3")).errorCode.code == .invalidRequest)
        #expect(try harness.alter(4, "", .set("listeners", "x")).errorCode.code == .invalidRequest)
        #expect(try harness.alter(4, "", .set("log.retention.ms", "x")).errorCode.code == .invalidRequest)
        #expect(try harness.alter(4, "9", .set("log.retention.ms", "1")).errorCode.code == .invalidRequest)
        #expect(try harness.alter(4, "one", .set("log.retention.ms", "1")).errorCode.code == .invalidRequest)
    }

    @Test("a broker config that would promise protection, or follows from the start, is refused")
    func pretendedBrokerConfigs() throws {
        let refused = [
            ("ssl.client.auth", "required"), ("sasl.enabled.mechanisms", "SCRAM-SHA-512"),
            ("listeners", "PLAINTEXT://:1"), ("ssl.keystore.location", "/k.jks"),
        ]
        for (name, value) in refused {
            #expect(try harness.alter(4, "1", .set(name, value)).errorCode.code == .invalidRequest, "\(name)")
        }
        #expect(harness.step { $0.drainNotices() }.isEmpty)
    }

    @Test("a broker config that does nothing is stored with a warning")
    func inertBrokerConfigs() throws {
        #expect(try harness.alter(4, "", .set("background.threads", "3")).errorCode == 0)
        let notices = harness.step { $0.drainNotices() }
        #expect(notices.map(\.text) == ["broker config background.threads was set and has no effect here"])
        _ = try harness.alter(4, "", .set("log.retention.ms", "9"))
        #expect(harness.step { $0.drainNotices() }.isEmpty)
    }

    @Test("min.insync.replicas holds from the moment it is set")
    func minInSync() throws {
        _ = try harness.alter(4, "", .set("min.insync.replicas", "2"))
        #expect(try harness.produceResult("orders", TestBatch()).errorCode.code == .notEnoughReplicas)
        _ = try harness.alter(2, "orders", .set("min.insync.replicas", "1"))
        #expect(try harness.produceResult("orders", TestBatch()).errorCode == 0)
    }
}
