import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("DeleteTopics")
struct DeleteTopicsTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
        try harness.createTopic("orders", partitions: 2)
    }

    private func state(_ name: String? = nil, id: KafkaUUID = .zero) -> DeleteTopicsRequest.DeleteTopicState {
        var state = DeleteTopicsRequest.DeleteTopicState()
        state.name = name
        state.topicID = id
        return state
    }

    private func delete(
        _ topics: DeleteTopicsRequest.DeleteTopicState..., version: Int16 = 6, on other: ClusterHarness? = nil
    ) throws -> [DeleteTopicsResponse.DeletableTopicResult] {
        var request = DeleteTopicsRequest()
        request.topics = topics
        request.topicNames = topics.compactMap(\.name)
        return try (other ?? harness).call(request, version: version).responses
    }

    @Test("a topic is gone with its files", arguments: versions(DeleteTopicsRequest.self, 3, 4, 5))
    func deleted(version: Int16) throws {
        let id = try #require(harness.cluster.topics["orders"]?.id)
        try harness.produce("orders", "a")
        let results = try delete(state("orders"), version: version)
        #expect(results.map(\.errorCode.code) == [.none])
        #expect(results.first?.name == "orders")
        #expect(results.first?.topicID == (version >= 6 ? id : .zero))
        #expect(harness.cluster.topics["orders"] == nil)
        let folders = try harness.fileSystem.list("/data/lkc-test").map(\.name)
        #expect(!folders.contains { $0.hasPrefix("orders-") })
    }

    @Test("internal topics stay, by name and by id")
    func internalTopic() throws {
        try harness.createInternalTopic("__consumer_offsets")
        let id = try #require(harness.cluster.topics["__consumer_offsets"]?.id)
        #expect(try delete(state("__consumer_offsets")).map(\.errorCode.code) == [.topicAuthorizationFailed])
        #expect(try delete(state(id: id)).map(\.errorCode.code) == [.topicAuthorizationFailed])
        #expect(harness.cluster.topics["__consumer_offsets"] != nil)
    }

    @Test("by id the answer has the name too")
    func byID() throws {
        let id = try #require(harness.cluster.topics["orders"]?.id)
        let result = try #require(try delete(state(id: id)).first)
        #expect(result.errorCode == 0)
        #expect(result.name == "orders")
        #expect(result.topicID == id)
    }

    @Test("what does not exist is named so")
    func unknown() throws {
        #expect(try delete(state("absent"), version: 5).map(\.errorCode.code) == [.unknownTopicOrPartition])
        #expect(try delete(state("absent")).map(\.errorCode.code) == [.unknownTopicOrPartition])
        let byID = try #require(try delete(state(id: KafkaUUID(high: 1, low: 2))).first)
        #expect(byID.errorCode.code == .unknownTopicID)
        #expect(byID.name == nil)
    }

    @Test("a topic must be named in exactly one way, once")
    func ambiguous() throws {
        let id = try #require(harness.cluster.topics["orders"]?.id)
        let both = try #require(try delete(state("orders", id: id)).first)
        #expect(both.errorCode.code == .invalidRequest)
        #expect(both.errorMessage == "You may not specify both topic name and topic id.")
        let neither = try #require(try delete(state()).first)
        #expect(neither.errorCode.code == .invalidRequest)
        #expect(neither.errorMessage == "Neither topic name nor id were specified.")
        let twice = try delete(state("orders"), state("orders"))
        #expect(twice.map(\.errorMessage) == ["Duplicate topic name."])
        #expect(twice.map(\.errorCode.code) == [.invalidRequest])
        let twiceByID = try delete(state(id: id), state(id: id))
        #expect(twiceByID.map(\.errorMessage) == ["Duplicate topic id."])
        #expect(harness.cluster.topics["orders"] != nil)
    }

    @Test("name and id of the same topic: the id deletes, the name is refused")
    func nameAndID() throws {
        let id = try #require(harness.cluster.topics["orders"]?.id)
        let results = try delete(state("orders"), state(id: id))
        #expect(results.map(\.errorCode.code) == [.invalidRequest, .none])
        #expect(
            results.first?.errorMessage == "The provided topic name maps to an ID that was already supplied.")
        #expect(harness.cluster.topics["orders"] == nil)
    }

    @Test("delete.topic.enable=false refuses all, with a code of its own from v3 on")
    func disabled() throws {
        let harness = try ClusterHarness(brokerConfigs: ["delete.topic.enable": "false"])
        try harness.createTopic("orders")
        for version in [Int16(1), 2] {
            let results = try delete(state("orders"), state("absent"), version: version, on: harness)
            #expect(results.map(\.errorCode.code) == [.invalidRequest, .invalidRequest])
        }
        for version in [Int16(3), 6] {
            let results = try delete(state("orders"), state("absent"), version: version, on: harness)
            #expect(results.map(\.errorCode.code) == [.topicDeletionDisabled, .topicDeletionDisabled])
        }
        #expect(harness.cluster.topics["orders"] != nil)
    }

    @Test("a topic of the same name begins anew: other id, no records, no configs")
    func again() throws {
        let first = harness.cluster.topics["orders"]?.id
        try harness.produce("orders", "a")
        _ = try delete(state("orders"))
        try harness.createTopic("orders", configs: ["retention.ms": "1"])
        _ = try delete(state("orders"))
        let second = try harness.createTopic("orders")
        #expect(second != first)
        #expect(try harness.log("orders").logEndOffset == 0)
        #expect(try harness.log("orders").config.retentionMs == LogConfig().retentionMs)
        #expect(try harness.produce("orders", "b") == 0)
    }

    @Test("large files go a piece at a time, in several slices")
    func largeFiles() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("orders")
        try harness.produce("orders", String(repeating: "x", count: 10_000))
        harness.step { $0.removals.stepBytes = 1_000 }
        var cuts = 0
        disk.fault = { operation, path in
            if operation == .truncate, path.contains("-delete/") { cuts += 1 }
            return nil
        }
        #expect(try delete(state("orders"), on: harness).map(\.errorCode) == [0])
        // The request itself took one piece.
        #expect(cuts == 1)
        #expect(!harness.cluster.removals.isEmpty)
        var slices = 0
        while !harness.cluster.removals.isEmpty, slices < 100 {
            harness.advance(by: 1)
            slices += 1
        }
        #expect((9...12).contains(cuts) && slices >= 9, "\(cuts) pieces, \(slices) slices")
        #expect(try disk.list(harness.cluster.configuration.dataDirectory).allSatisfy { !$0.name.contains("orders") })
    }
}
