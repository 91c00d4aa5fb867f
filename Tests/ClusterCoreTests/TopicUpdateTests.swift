import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// Partitions and configs of a topic, changed together.
@Suite("Topic updates")
struct TopicUpdateTests {
    private static let topic = "orders"

    private func update(
        _ harness: ClusterHarness, to count: Int32, _ alterations: [ConfigAlteration], validateOnly: Bool = false
    ) -> [AdminFailure?] {
        let update = TopicUpdate(
            topic: Self.topic, partitionCount: count, alterations: alterations, validateOnly: validateOnly)
        var outcomes: [AdminFailure?] = []
        harness.step { $0.update(update, now: harness.now) { outcomes.append($0) } }
        return outcomes
    }

    private struct State: Equatable {
        var count: Int
        var retention: String?
        static let before = State(count: 1, retention: nil)
        static let after = State(count: 3, retention: "5000")
    }

    private func state(_ harness: ClusterHarness) -> State {
        State(
            count: harness.cluster.topics[Self.topic]?.partitions.count ?? 0,
            retention: harness.cluster.configs.overrides(.topic(Self.topic))["retention.ms"])
    }

    @Test("both are changed, in one step, and stay so; new logs open with the new configs")
    func both() throws {
        let harness = try ClusterHarness()
        try harness.createTopic(Self.topic)
        let end = harness.cluster.metadataLog.log.logEndOffset
        let outcomes = update(harness, to: 3, [ConfigAlteration(.set, "retention.ms", "5000")])
        #expect(outcomes.count == 1 && outcomes[0] == nil)
        #expect(state(harness) == .after)
        // One record for each partition and one for the config, in one batch: nothing brackets them.
        #expect(harness.cluster.metadataLog.log.logEndOffset == end + 3)
        #expect(try harness.log(Self.topic, 2).config.retentionMs == 5000)
        try harness.restart(cleanly: false)
        #expect(state(harness) == .after)
        #expect(try harness.log(Self.topic, 2).config.retentionMs == 5000)
    }

    @Test("what is refused changes nothing, and neither does a validation")
    func refused() throws {
        let harness = try ClusterHarness()
        try harness.createTopic(Self.topic)
        let fine = ConfigAlteration(.set, "retention.ms", "5000")
        let wrong = ConfigAlteration(.set, "retention.ms", "-2")
        #expect(update(harness, to: 3, [wrong])[0]?.code == .invalidConfig)
        #expect(update(harness, to: 1, [fine])[0]?.code == .invalidPartitions)
        #expect(update(harness, to: 0, [fine])[0]?.code == .invalidPartitions)
        #expect(update(harness, to: 3, [fine, fine])[0]?.code == .invalidRequest)
        #expect(update(harness, to: 3, [wrong], validateOnly: true)[0]?.code == .invalidConfig)
        let validation = update(harness, to: 3, [fine], validateOnly: true)
        #expect(validation.count == 1 && validation[0] == nil)
        #expect(state(harness) == .before)
        #expect(harness.cluster.making.partitionCount == 0)
        #expect(update(harness, to: 3, [fine])[0] == nil)
    }

    /// Lets a call on the disk fail that the update makes. Returns how many there were.
    private func run(_ target: Int?, dies: Bool) throws -> Int {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic(Self.topic)
        var calls = 0
        var isDead = false
        disk.fault = { operation, _ in
            if isDead { return .fail(.io) }
            defer { calls += 1 }
            guard calls == target else { return nil }
            isDead = dies
            return operation == .write ? .tear(.io, keeping: 40) : .fail(.io)
        }
        let failure = update(harness, to: 3, [ConfigAlteration(.set, "retention.ms", "5000")])[0]
        disk.fault = nil
        let fault: Comment = "fault in call \(target ?? -1)"
        #expect(target != nil || failure == nil)
        #expect(state(harness) == (failure == nil ? .after : .before), fault)
        let after = try ClusterHarness(fileSystem: disk.afterProcessDeath())
        #expect([.before, .after].contains(state(after)), fault)
        if failure == nil || !dies {
            #expect(state(after) == state(harness), fault)
        }
        return calls
    }

    @Test("a failure of the disk in any call leaves both or nothing", arguments: [true, false])
    func everyCall(dies: Bool) throws {
        let calls = try run(nil, dies: dies)
        #expect(calls >= 4)
        for call in 0..<calls {
            _ = try run(call, dies: dies)
        }
    }

    @Test("many partitions take their time; until they are there the configs are as they were", arguments: [0, 1, 2])
    func later(what: Int) throws {
        let harness = try ClusterHarness()
        try harness.createTopic(Self.topic)
        let update = TopicUpdate(
            topic: Self.topic, partitionCount: 60, alterations: [ConfigAlteration(.set, "retention.ms", "5000")])
        var outcomes: [AdminFailure?] = []
        harness.step { $0.update(update, now: harness.now) { outcomes.append($0) } }
        harness.advance(by: 1)
        #expect(outcomes.isEmpty)
        #expect(state(harness) == .before)
        switch what {
        case 0:
            for _ in 0..<1_000 where outcomes.isEmpty { harness.advance(by: 1) }
            #expect(outcomes.count == 1 && outcomes[0] == nil)
            #expect(state(harness) == State(count: 60, retention: "5000"))
        case 1:
            try harness.restart()
            #expect(outcomes.map { $0?.code } == [.brokerNotAvailable])
            #expect(state(harness) == .before)
        default:
            var deletion = DeleteTopicsRequest.DeleteTopicState()
            deletion.name = Self.topic
            var request = DeleteTopicsRequest()
            request.topics = [deletion]
            #expect(try harness.call(request).responses[0].errorCode == 0)
            for _ in 0..<1_000 where outcomes.isEmpty { harness.advance(by: 1) }
            #expect(outcomes.map { $0?.code } == [.unknownTopicOrPartition])
            #expect(harness.cluster.configs.overrides(.topic(Self.topic)).isEmpty)
        }
    }
}
