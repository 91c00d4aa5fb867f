import KafkaProtocol
import LogStorage
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

    @Test("many resources are one commit; a long request goes in portions")
    func commits() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        // A resource and its config.
        let inOnePortion = AlterConfigsRequest.portion / 2
        let names = (0..<(inOnePortion + 1)).map { "t\($0)" }
        try names.forEach { try harness.createTopic($0, configs: ["segment.ms": "7"]) }
        var syncs = 0
        disk.fault = { operation, path in
            syncs += operation == .sync && path.contains("__cluster_metadata") ? 1 : 0
            return nil
        }
        var request = AlterConfigsRequest()
        request.resources = names.map { name in
            var config = AlterConfigsRequest.AlterableConfig()
            (config.name, config.value) = ("retention.ms", "8")
            var resource = AlterConfigsRequest.AlterConfigsResource()
            (resource.resourceType, resource.resourceName, resource.configs) = (2, name, [config])
            return resource
        }
        let sent = harness.send(request, version: 2, on: harness.connect()).sent
        let answer = try harness.settled(sent).responses
        #expect(answer.map { $0.resourceName } == names)
        #expect(answer.allSatisfy { $0.errorCode == 0 })
        #expect(syncs == 2)
        for name in names {
            let config = try harness.log(name).config
            #expect(config.retentionMs == 8 && config.segmentMs == 604_800_000)
        }
    }
}
