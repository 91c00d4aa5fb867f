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

    @Test("more configs of one resource than Kafka's controller changes are refused; other resources are changed")
    func tooManyOfOne() throws {
        try harness.createTopic("others")
        var request = IncrementalAlterConfigsRequest()
        for (name, count) in [("orders", NamedResources.configsOfOne + 1), ("others", NamedResources.configsOfOne)] {
            var resource = IncrementalAlterConfigsRequest.AlterConfigsResource()
            resource.resourceType = 2
            resource.resourceName = name
            resource.configs = (0..<count).map { index in
                var config = IncrementalAlterConfigsRequest.AlterableConfig()
                // What was never set can be deleted, whatever its name.
                config.name = index == 0 ? "retention.ms" : "c\(index)"
                config.configOperation = index == 0 ? 0 : 1
                config.value = index == 0 ? "77" : nil
                return config
            }
            request.resources.append(resource)
        }
        let (sent, _) = harness.send(request, version: 1, on: harness.connect())
        let answer = try harness.settled(sent).responses
        #expect(answer.map(\.errorCode.code) == [.policyViolation, .none])
        #expect(answer.first?.errorMessage == "Unable to perform excessively large batch operation.")
        #expect(try harness.log("orders").config.retentionMs == 1_000)
        #expect(try harness.log("others").config.retentionMs == 77)
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

    /// Sets one config of each topic.
    private func request(_ names: [String], _ value: String) -> IncrementalAlterConfigsRequest {
        var request = IncrementalAlterConfigsRequest()
        request.resources = names.map { name in
            var config = IncrementalAlterConfigsRequest.AlterableConfig()
            (config.name, config.value) = ("retention.ms", value)
            var resource = IncrementalAlterConfigsRequest.AlterConfigsResource()
            (resource.resourceType, resource.resourceName, resource.configs) = (2, name, [config])
            return resource
        }
        return request
    }

    @Test("many resources are one commit, very many one for each portion, between which others are served")
    func commits() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        // A resource and its config.
        let inOnePortion = IncrementalAlterConfigsRequest.portion / 2
        let names = (0..<(2 * inOnePortion + 1)).map { "t\($0)" }
        try names.forEach { try harness.createTopic($0) }
        var syncs = 0
        disk.fault = { operation, path in
            syncs += operation == .sync && path.contains("__cluster_metadata") ? 1 : 0
            return nil
        }
        let some = Array(names[..<inOnePortion])
        #expect(try harness.call(request(some, "5")).responses.allSatisfy { $0.errorCode == 0 })
        #expect(syncs == 1)
        #expect(try some.allSatisfy { try harness.log($0).config.retentionMs == 5 })
        var all = request(names, "6")
        all.resources[1].resourceName = "absent"
        all.resources[2].resourceName = names[2 * inOnePortion]
        let (sent, outcome) = harness.send(all, version: 1, on: harness.connect())
        guard case .pending = outcome else {
            Issue.record("\(names.count) topics were altered in one go")
            return
        }
        let answer = try harness.settled(sent).responses
        #expect(answer.map(\.resourceName) == all.resources.map(\.resourceName))
        let refused = answer.enumerated().filter { $0.element.errorCode != 0 }
        #expect(refused.map(\.offset) == [1, 2, 2 * inOnePortion])
        let codes: [ErrorCode] = [.unknownTopicOrPartition, .invalidRequest, .invalidRequest]
        #expect(refused.map(\.element.errorCode.code) == codes)
        // Nothing was left of the third portion.
        #expect(syncs == 1 + 2)
        #expect(try names.allSatisfy { [5, 6, 604_800_000].contains(try harness.log($0).config.retentionMs) })
        #expect(try names.count { try harness.log($0).config.retentionMs == 6 } == names.count - 3)
        disk.fault = nil
        try harness.restart(cleanly: false)
        #expect(try names.count { try harness.log($0).config.retentionMs == 6 } == names.count - 3)
    }

    @Test("when the commit fails, all of it is refused, and nothing of it is made")
    func refusedCommit() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        for name in ["a", "b", "same"] {
            try harness.createTopic(name, configs: ["retention.ms": name == "same" ? "5" : "1000"])
        }
        disk.fault = { operation, path in
            operation == .write && path.contains("__cluster_metadata") ? .fail(.noSpace) : nil
        }
        let answer = try harness.call(request(["a", "absent", "b", "same"], "5")).responses
        let codes: [ErrorCode] = [.kafkaStorageError, .unknownTopicOrPartition, .kafkaStorageError, .none]
        #expect(answer.map(\.errorCode.code) == codes)
        #expect(try harness.log("a").config.retentionMs == 1_000)
        #expect(try harness.log("b").config.retentionMs == 1_000)
        disk.fault = nil
        try harness.restart(cleanly: false)
        #expect(try harness.log("a").config.retentionMs == 1_000)
        #expect(try harness.topicConfig("b", "retention.ms").value == "1000")
    }

    @Test("all configs of one resource are one portion, however many they are")
    func wholeResources() throws {
        var all = request(["orders", "orders", "orders"], "9")
        let config = all.resources[0].configs[0]
        let portion = IncrementalAlterConfigsRequest.portion
        all.resources[1].configs = Array(repeating: config, count: 2 * portion)
        all.resources[2].configs = Array(repeating: config, count: portion - 1)
        #expect(all.portions.map { $0.resources.map(\.configs.count) } == [[1], [2 * portion], [portion - 1]])
    }
}
