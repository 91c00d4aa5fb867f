import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// What was refused is not there, what was answered is there, whichever call of the disk failed and how, also after a
/// crash.
@Suite("Refused metadata changes")
struct RefusedChangeTests {
    enum Change: CaseIterable {
        case createTopics, createPartitions, alterConfigs, incrementalAlterConfigs, deleteTopics
    }

    enum Mode: CaseIterable {
        /// One call fails.
        case once
        /// From that call on every call of that kind fails, and nothing else.
        case alike
        /// From that call on no file can be opened, and every use opens anew what is not kept open.
        case noDescriptors
    }

    struct Case: CustomStringConvertible {
        let change: Change
        let mode: Mode
        let kind: StorageError.Kind
        var description: String { "\(change), \(mode), \(kind)" }
    }

    static let cases: [Case] = Change.allCases.flatMap { (change) -> [Case] in
        [StorageError.Kind.noSpace, .io, .tooManyOpenFiles].flatMap { kind in
            [Case(change: change, mode: .once, kind: kind), Case(change: change, mode: .alike, kind: kind)]
        } + [
            Case(change: change, mode: .once, kind: .accessDenied),
            Case(change: change, mode: .noDescriptors, kind: .tooManyOpenFiles),
        ]
    }

    /// Sends the change; whether it was acknowledged.
    private func send(_ change: Change, _ harness: ClusterHarness) throws -> Bool {
        switch change {
        case .createTopics:
            var request = CreateTopicsRequest()
            var topic = CreateTopicsRequest.CreatableTopic()
            (topic.name, topic.numPartitions, topic.replicationFactor) = ("new", 3, 1)
            request.topics = [topic]
            return try harness.call(request).topics[0].errorCode == 0
        case .createPartitions:
            var request = CreatePartitionsRequest()
            var topic = CreatePartitionsRequest.CreatePartitionsTopic()
            (topic.name, topic.count, topic.assignments) = ("old", 4, nil)
            request.topics = [topic]
            return try harness.call(request).results[0].errorCode == 0
        case .alterConfigs:
            var request = AlterConfigsRequest()
            var resource = AlterConfigsRequest.AlterConfigsResource()
            (resource.resourceType, resource.resourceName) = (2, "old")
            var config = AlterConfigsRequest.AlterableConfig()
            (config.name, config.value) = ("retention.ms", "1234")
            resource.configs = [config]
            request.resources = [resource]
            return try harness.call(request).responses[0].errorCode == 0
        case .incrementalAlterConfigs:
            var request = IncrementalAlterConfigsRequest()
            var resource = IncrementalAlterConfigsRequest.AlterConfigsResource()
            (resource.resourceType, resource.resourceName) = (2, "old")
            var config = IncrementalAlterConfigsRequest.AlterableConfig()
            (config.name, config.value) = ("retention.ms", "1234")
            resource.configs = [config]
            request.resources = [resource]
            return try harness.call(request).responses[0].errorCode == 0
        case .deleteTopics:
            var request = DeleteTopicsRequest()
            var state = DeleteTopicsRequest.DeleteTopicState()
            state.name = "old"
            request.topics = [state]
            return try harness.call(request).responses[0].errorCode == 0
        }
    }

    private func isDone(_ change: Change, _ harness: ClusterHarness) -> Bool {
        switch change {
        case .createTopics: harness.cluster.topics["new"] != nil
        case .createPartitions: harness.cluster.topics["old"]?.partitions.count == 4
        case .alterConfigs, .incrementalAlterConfigs: !harness.cluster.configs.overrides(.topic("old")).isEmpty
        case .deleteTopics: harness.cluster.topics["old"] == nil
        }
    }

    /// Returns how many calls there were.
    private func run(_ test: Case, target: Int) throws -> Int {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("old")
        disk.opensEveryTime = test.mode == .noDescriptors
        var calls = 0
        var failing: FaultyFileSystem.Operation?
        disk.fault = { operation, _ in
            defer { calls += 1 }
            if calls == target { failing = test.mode == .noDescriptors ? .open : operation }
            let fails = calls == target && failing == operation || test.mode != .once && operation == failing
            guard fails else { return nil }
            return operation == .write ? .tear(test.kind, keeping: 30) : .fail(test.kind)
        }
        let acknowledged = try send(test.change, harness)
        let place: Comment = "fault in call \(target)"
        #expect(isDone(test.change, harness) == acknowledged, place)
        disk.fault = nil
        disk.opensEveryTime = false
        // The process dies right then.
        let killed = try ClusterHarness(fileSystem: disk.afterProcessDeath())
        #expect(isDone(test.change, killed) == acknowledged, place)
        let loss = killed.step { $0.drainNotices() }.filter { $0.level == .error }
        #expect(loss.isEmpty, "\(place): \(loss.map(\.text))")
        // Or it goes on, and everything works again without a restart.
        if !acknowledged {
            harness.advance(by: 2_000)
            #expect(!harness.cluster.metadataLog.isUnsettled, place)
            #expect(try send(test.change, harness), place)
            #expect(isDone(test.change, harness), place)
        }
        if acknowledged || test.mode == .once {
            var dice = SplitMix64(state: UInt64(target))
            let dark = try ClusterHarness(fileSystem: disk.afterPowerLoss(using: &dice))
            #expect(isDone(test.change, dark), place)
        }
        return failing == nil ? -1 : calls
    }

    @Test("a fault in any call of the disk", arguments: cases)
    func everyCall(test: Case) throws {
        var target = 0
        while try run(test, target: target) >= 0 {
            target += 1
            try #require(target < 1_000)
        }
        // At least the write and the sync of the metadata log.
        #expect(target >= 2)
    }

    @Test("where not even taking back works, changes are refused until it does, and a line tells of each turn")
    func unsettled() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("old")
        _ = harness.step { $0.drainNotices() }
        disk.fault = { operation, path in
            path.contains("__cluster_metadata") && (operation == .sync || operation == .truncate) ? .fail(.io) : nil
        }
        #expect(try !send(.alterConfigs, harness))
        #expect(harness.cluster.metadataLog.isUnsettled)
        harness.advance(by: 5_000)
        #expect(try !send(.deleteTopics, harness))
        var notices = harness.step { $0.drainNotices() }
        #expect(notices.count { $0.text.contains("could not be taken back") } == 1)
        // What the file still holds is no batch any more.
        let killed = try ClusterHarness(fileSystem: disk.afterProcessDeath())
        #expect(!isDone(.alterConfigs, killed) && !isDone(.deleteTopics, killed))
        disk.fault = nil
        harness.advance(by: 2_000)
        notices = harness.step { $0.drainNotices() }
        #expect(notices.count { $0.text.contains("can be changed again") } == 1)
        #expect(try send(.deleteTopics, harness))
        try harness.restart()
        #expect(!isDone(.alterConfigs, harness) && isDone(.deleteTopics, harness))
    }

    @Test("a stop is not clean while something refused may be in the metadata log")
    func unsettledStop() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        try harness.createTopic("old")
        disk.fault = { operation, path in
            path.contains("__cluster_metadata") && (operation == .sync || operation == .truncate) ? .fail(.io) : nil
        }
        #expect(try !send(.alterConfigs, harness))
        #expect(throws: StorageError.self) { try harness.step { try $0.close() } }
        let after = try ClusterHarness(fileSystem: disk.afterProcessDeath())
        #expect(!isDone(.alterConfigs, after))
    }
}
