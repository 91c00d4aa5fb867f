import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("AlterConfigs")
struct AlterConfigsTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
        try harness.createTopic("orders", configs: ["retention.ms": "1000", "segment.ms": "2000"])
    }

    @Test("what is not named goes back to its default", arguments: versions(AlterConfigsRequest.self, 1))
    func replaces(version: Int16) throws {
        let result = try harness.replaceConfigs(
            2, "orders", [("segment.ms", "3000"), ("max.message.bytes", "99")], version: version)
        #expect(result.errorCode == 0)
        #expect(result.resourceType == 2)
        #expect(result.resourceName == "orders")
        let config = try harness.log("orders").config
        #expect(config.segmentMs == 3_000)
        #expect(config.maxMessageBytes == 99)
        #expect(config.retentionMs == 604_800_000)
        #expect(try harness.replaceConfigs(2, "orders", [], version: version).errorCode == 0)
        #expect(try harness.log("orders").config.segmentMs == 604_800_000)
    }

    @Test("validateOnly and refused requests change nothing")
    func unchanged() throws {
        #expect(try harness.replaceConfigs(2, "orders", [], validateOnly: true).errorCode == 0)
        #expect(try harness.replaceConfigs(2, "orders", [("retention.ms", "x")]).errorCode.code == .invalidConfig)
        #expect(try harness.replaceConfigs(2, "orders", [("no.such", "x")]).errorCode.code == .invalidConfig)
        #expect(try harness.replaceConfigs(2, "orders", [("retention.ms", nil)]).errorCode.code == .invalidRequest)
        let twice = [("retention.ms", Optional("1")), ("retention.ms", "2")]
        #expect(try harness.replaceConfigs(2, "orders", twice).errorCode.code == .invalidRequest)
        #expect(try harness.replaceConfigs(2, "absent", []).errorCode.code == .unknownTopicOrPartition)
        #expect(try harness.replaceConfigs(8, "1", []).errorCode.code == .invalidRequest)
        #expect(try harness.replaceConfigs(4, "", [("num.partitions", "2")]).errorCode.code == .invalidRequest)
        #expect(try harness.log("orders").config.retentionMs == 1_000)
        #expect(try harness.log("orders").config.segmentMs == 2_000)
    }

    @Test("broker defaults are replaced too")
    func brokers() throws {
        #expect(try harness.replaceConfigs(4, "", [("message.max.bytes", "7000")]).errorCode == 0)
        #expect(try harness.log("orders").config.maxMessageBytes == 7_000)
        #expect(try harness.replaceConfigs(4, "", [("background.threads", "3")]).errorCode == 0)
        #expect(try harness.log("orders").config.maxMessageBytes == 1_048_588)
    }
}
