import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// Many partitions are made and removed in slices; nobody sees half of it.
@Suite("Making and removing partitions")
struct PartitionMakingTests {
    private static let directory = "/data/lkc-test"

    private func request(
        _ topics: [(name: String, partitions: Int32)], timeoutMs: Int32 = 60_000
    ) -> CreateTopicsRequest {
        var request = CreateTopicsRequest()
        request.timeoutMs = timeoutMs
        request.topics = topics.map { wish in
            var topic = CreateTopicsRequest.CreatableTopic()
            topic.name = wish.name
            topic.numPartitions = wish.partitions
            topic.replicationFactor = 1
            return topic
        }
        return request
    }

    private func send(
        _ harness: ClusterHarness, _ topics: (name: String, partitions: Int32)..., timeoutMs: Int32 = 60_000
    ) -> SentRequest<CreateTopicsRequest> {
        harness.send(request(topics, timeoutMs: timeoutMs), version: 7, on: harness.connect()).sent
    }

    private func delete(_ names: [String], _ harness: ClusterHarness) throws -> [Int16] {
        var request = DeleteTopicsRequest()
        request.topicNames = names
        return try harness.call(request, version: 5).responses.map(\.errorCode)
    }

    private func folders(_ harness: ClusterHarness) throws -> [String] {
        try harness.fileSystem.list(Self.directory).filter(\.isDirectory).map(\.name)
            .filter { !$0.hasPrefix("__cluster_metadata") }.sorted()
    }

    /// Runs the cluster until nothing is left to be done at once.
    private func settle(_ harness: ClusterHarness) {
        for _ in 0..<2_000 where !harness.cluster.making.isIdle || !harness.cluster.removals.isEmpty {
            harness.advance(by: 1)
        }
        #expect(harness.cluster.making.isIdle)
        #expect(harness.cluster.removals.isEmpty)
    }

    @Test("a large topic is made in slices, and others are served in between", arguments: [Durability.os, .fsync])
    func slices(durability: Durability) throws {
        let harness = try ClusterHarness(durability: durability)
        try harness.createTopic("small")
        let sent = send(harness, ("large", 500))
        var turns = 0
        while try harness.answer(to: sent) == nil, turns < 1_000 {
            #expect(harness.cluster.topics["large"] == nil)
            let (produce, _) = harness.send(
                try harness.produceRequest("small", values: ["x"]), version: 9, on: harness.connect())
            harness.flush()
            #expect(try harness.answer(to: produce)?.responses.first?.partitionResponses.first?.errorCode == 0)
            harness.advance(by: 1)
            turns += 1
        }
        #expect(turns >= 500 / Cluster.directoriesPerSlice)
        let result = try #require(try harness.answer(to: sent)?.topics.first)
        #expect(result.errorCode == 0)
        #expect(result.numPartitions == 500)
        #expect(harness.cluster.topics["large"]?.partitions.count == 500)
        try harness.restart(cleanly: false)
        #expect(harness.cluster.topics["large"]?.partitions.allSatisfy { $0.log != nil } == true)
        #expect(harness.cluster.topics["large"]?.id == result.topicID)
    }

    @Test("several topics of one request are known at the same moment")
    func together() throws {
        let harness = try ClusterHarness()
        let sent = send(harness, ("a", 30), ("b", 30), ("c", 0))
        #expect(harness.cluster.topics.count == 0)
        let answer = try harness.settled(sent)
        #expect(answer.topics.map(\.errorCode.code) == [.none, .none, .invalidPartitions])
        #expect(harness.cluster.topics.partitionCount == 60)
    }

    @Test("a name that is being made is taken, and so is the room of its partitions")
    func inFlight() throws {
        var limits = ClusterLimits()
        limits.partitions = 120
        let harness = try ClusterHarness(limits: limits)
        let first = send(harness, ("a.b", 100))
        #expect(try harness.settled(send(harness, ("a.b", 1))).topics[0].errorCode.code == .topicAlreadyExists)
        let second = send(harness, ("a_b", 1), ("c", 21))
        #expect(
            try harness.settled(second).topics.map(\.errorCode.code) == [.invalidTopicException, .policyViolation])
        #expect(try delete(["a.b"], harness).map(\.code) == [.unknownTopicOrPartition])
        #expect(try harness.settled(first).topics[0].errorCode == 0)
        #expect(try harness.settled(send(harness, ("c", 20))).topics[0].errorCode == 0)
        #expect(harness.cluster.making.partitionCount == 0)
    }

    @Test("a client that leaves or does not wait long enough gets its topic all the same")
    func impatient() throws {
        let harness = try ClusterHarness()
        let connection = harness.connect()
        harness.send(request([("left", 100)]), version: 7, on: connection)
        harness.disconnect(connection)
        let hasty = send(harness, ("hasty", 100), timeoutMs: 2)
        #expect(try harness.settled(hasty).topics[0].errorCode.code == .requestTimedOut)
        settle(harness)
        #expect(harness.cluster.topics["left"]?.partitions.count == 100)
        #expect(harness.cluster.topics["hasty"]?.partitions.count == 100)
    }

    @Test("a process that ends in the middle leaves nothing of it behind", arguments: [true, false])
    func crash(cleanly: Bool) throws {
        let harness = try ClusterHarness()
        _ = send(harness, ("large", 300))
        harness.advance(by: 5)
        #expect(try !folders(harness).isEmpty)
        try harness.restart(cleanly: cleanly)
        #expect(harness.cluster.topics["large"] == nil)
        #expect(harness.step { $0.drainNotices() }.contains { $0.text.contains("never created") })
        settle(harness)
        #expect(try folders(harness).isEmpty)
        try harness.createTopic("large")
    }

    @Test(
        "a full disk is told, leaves nothing behind, and the next try works",
        arguments: [Durability.os, .fsync], [0, 1, 7, 25])
    func fullDisk(durability: Durability, failing: Int) throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(durability: durability, fileSystem: disk)
        disk.fault = { operation, path in
            path.contains("/t-\(failing)") && operation == .write ? .fail(.noSpace) : nil
        }
        let answer = try harness.settled(send(harness, ("t", 30), ("other", 30)))
        #expect(answer.topics.map(\.errorCode.code) == [.kafkaStorageError, .none])
        #expect(answer.topics[0].errorMessage?.contains("t-\(failing)") == true)
        #expect(harness.cluster.topics["t"] == nil)
        settle(harness)
        #expect(try folders(harness).allSatisfy { $0.hasPrefix("other-") })
        disk.fault = nil
        #expect(try harness.settled(send(harness, ("t", 30))).topics[0].errorCode == 0)
        try harness.restart(cleanly: false)
        #expect(harness.cluster.topics.partitionCount == 60)
    }

    @Test("a fault in any call of a creation leaves all of it or nothing", arguments: [false, true])
    func everyCall(dies: Bool) throws {
        var target = 0
        var wasReached = true
        while wasReached {
            let disk = FaultyFileSystem()
            let harness = try ClusterHarness(fileSystem: disk)
            var calls = 0
            var isDead = false
            let fault = target
            disk.fault = { _, _ in
                defer { calls += 1 }
                isDead = isDead || (dies && calls == fault)
                return isDead || calls == fault ? .fail(.io) : nil
            }
            let answer = try harness.settled(send(harness, ("t", 25)))
            wasReached = calls > fault
            disk.fault = nil
            let made = harness.cluster.topics["t"]
            #expect((answer.topics[0].errorCode == 0) == (made?.partitions.count == 25))
            #expect(made == nil || made?.partitions.count == 25)
            let after = try ClusterHarness(fileSystem: disk.afterProcessDeath())
            let kept = after.cluster.topics["t"]
            #expect(kept == nil || kept?.partitions.count == 25, "fault in call \(fault)")
            if !dies || made != nil {
                #expect((kept == nil) == (made == nil), "fault in call \(fault)")
            }
            #expect(kept?.partitions.allSatisfy { $0.log != nil } != false)
            settle(after)
            #expect(try folders(after).count == (kept == nil ? 0 : 25), "fault in call \(fault)")
            // Every call of the first partitions and of the commit, some of those in between.
            target += target < 40 || target > calls - 30 ? 1 : 7
        }
    }

    @Test("directories of a deleted topic go in slices, and its name is free at once")
    func deletion() throws {
        let harness = try ClusterHarness()
        #expect(try harness.settled(send(harness, ("t", 200))).topics[0].errorCode == 0)
        try harness.produce("t", partition: 7, "old")
        #expect(try delete(["t"], harness) == [0])
        #expect(try folders(harness).count == 200)
        let again = send(harness, ("t", 100))
        #expect(try harness.settled(again).topics[0].errorCode == 0)
        #expect(try harness.produce("t", partition: 7, "new") == 0)
        settle(harness)
        #expect(try folders(harness) == (0..<100).map { "t-\($0)" }.sorted())
        try harness.restart(cleanly: false)
        #expect(try harness.fetch(harness.fetchRequest("t", partition: 7)).records?.values() == ["new"])
    }

    @Test("a process that ends while directories go has them removed by the next", arguments: [true, false])
    func deletionCutShort(cleanly: Bool) throws {
        let harness = try ClusterHarness()
        #expect(try harness.settled(send(harness, ("t", 200))).topics[0].errorCode == 0)
        try harness.produce("t", partition: 150, "old")
        #expect(try delete(["t"], harness) == [0])
        harness.advance(by: 2)
        try harness.restart(cleanly: cleanly)
        #expect(harness.step { $0.drainNotices() }.contains { $0.text.contains("deleted topics") })
        settle(harness)
        #expect(try folders(harness).isEmpty)
    }

    @Test("a directory with records that no topic owns is set aside, never removed")
    func strays() throws {
        let harness = try ClusterHarness()
        let id = try harness.createTopic("kept")
        try harness.createTopic("copied")
        try harness.produce("copied", "precious")
        try harness.cluster.topics["copied"]?.partition(0)?.log?.flush()
        try harness.fileSystem.rename(Self.directory + "/copied-0", to: Self.directory + "/alien-3")
        try harness.restart(cleanly: false)
        settle(harness)
        let line = harness.step { $0.drainNotices() }.first { $0.text.contains("alien-3") }
        #expect(line?.level == .warning)
        let name = try #require(try folders(harness).first { $0.hasPrefix("alien-3.") })
        #expect(name.hasSuffix("-stray"))
        #expect(try PartitionLog.storedBytes(in: Self.directory + "/" + name, on: harness.fileSystem) ?? 0 > 0)
        #expect(harness.cluster.topics["kept"]?.id == id)
        try harness.restart()
        settle(harness)
        #expect(try folders(harness).contains(name))
    }

    @Test("partitions are added in slices; a topic that is deleted meanwhile does not come back")
    func growth() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t")
        func grow(to count: Int32) -> SentRequest<CreatePartitionsRequest> {
            var item = CreatePartitionsRequest.CreatePartitionsTopic()
            item.name = "t"
            item.count = count
            item.assignments = nil
            var request = CreatePartitionsRequest()
            request.topics = [item]
            request.timeoutMs = 60_000
            return harness.send(request, version: 3, on: harness.connect()).sent
        }
        let first = grow(to: 100)
        let second = grow(to: 103)
        #expect(try harness.settled(grow(to: 50)).results[0].errorCode.code == .invalidPartitions)
        #expect(harness.cluster.topics["t"]?.partitions.count == 1)
        #expect(try harness.settled(first).results[0].errorCode == 0)
        #expect(try harness.settled(second).results[0].errorCode == 0)
        #expect(harness.cluster.topics["t"]?.partitions.map(\.index) == Array(0..<103))
        let third = grow(to: 200)
        #expect(try delete(["t"], harness) == [0])
        #expect(try harness.settled(third).results[0].errorCode.code == .unknownTopicOrPartition)
        settle(harness)
        #expect(try folders(harness).isEmpty)
        #expect(harness.cluster.making.partitionCount == 0)
    }

    @Test(
        "a topic that is created again while its predecessor was growing keeps its own directories",
        arguments: [0, 1, 3, 6], [Durability.os, .fsync])
    func growthAndSuccessor(slices: Int, durability: Durability) throws {
        let harness = try ClusterHarness(durability: durability)
        try harness.createTopic("t")
        var item = CreatePartitionsRequest.CreatePartitionsTopic()
        item.name = "t"
        item.count = 100
        item.assignments = nil
        var request = CreatePartitionsRequest()
        request.topics = [item]
        request.timeoutMs = 60_000
        let growth = harness.send(request, version: 3, on: harness.connect()).sent
        for _ in 0..<slices { harness.advance(by: 1) }
        if try harness.answer(to: growth) == nil {
            #expect(try delete(["t"], harness) == [0])
            let again = send(harness, ("t", 12))
            #expect(try harness.settled(growth).results[0].errorCode.code == .unknownTopicOrPartition)
            #expect(try harness.settled(again).topics[0].errorCode == 0)
        }
        settle(harness)
        let topic = try #require(harness.cluster.topics["t"])
        #expect(try folders(harness) == topic.partitions.map { "t-\($0.index)" }.sorted())
        try harness.restart(cleanly: false)
        #expect(harness.cluster.topics["t"]?.id == topic.id)
        #expect(harness.cluster.topics["t"]?.partitions.allSatisfy { $0.log != nil } == true)
        #expect(harness.cluster.making.partitionCount == 0)
    }

    @Test("names that Metadata creates are made in slices, and are in the answer")
    func metadata() throws {
        let harness = try ClusterHarness(brokerConfigs: ["num.partitions": "5"])
        var request = MetadataRequest()
        request.topics = (0..<30).map { index in
            var topic = MetadataRequest.MetadataRequestTopic()
            topic.name = "auto\(index)"
            return topic
        }
        let (sent, outcome) = harness.send(request, version: 9, on: harness.connect())
        guard case .pending = outcome else {
            Issue.record("150 partitions were made in one go")
            return
        }
        let answer = try harness.settled(sent)
        #expect(answer.topics.allSatisfy { $0.errorCode == 0 && $0.partitions.count == 5 })
        #expect(answer.topics.count == 30)
    }

    /// What clients and logs can tell about a topic's partitions.
    private func facts(_ name: String, _ harness: ClusterHarness) throws -> [String] {
        let topic = try #require(harness.cluster.topics[name])
        return topic.partitions.map { partition in
            let log = partition.log
            return "\(partition.index) \(partition.replicas) \(partition.isr) \(partition.leader) "
                + "\(partition.leaderEpoch) \(partition.partitionEpoch) \(partition.minInSyncReplicas) "
                + "\(partition.isReadOnlyMirror) \(log.map { "\($0.logStartOffset) \($0.config)" } ?? "none")"
        }
    }

    @Test("what was set up beside the catalog is what the records say after a restart")
    func stagedAsReplayed() throws {
        let harness = try ClusterHarness(brokers: 3)
        var wish = request([("t", Int32(Cluster.changesPerSlice) + 100)])
        wish.topics[0].replicationFactor = 2
        var config = CreateTopicsRequest.CreatableTopicConfig()
        for (name, value) in [("min.insync.replicas", "2"), ("retention.ms", "12345"), ("cleanup.policy", "compact")] {
            config.name = name
            config.value = value
            wish.topics[0].configs.append(config)
        }
        #expect(try harness.createTopics(wish).topics[0].errorCode == 0)
        try harness.step { cluster in
            let link = NewLink(name: "l", configs: ["bootstrap.servers": "127.0.0.1:1"])
            try cluster.createLink(link, now: harness.now)
            let source = SourceTopic(
                id: .zero, leaderEpochs: (0..<30).map { $0 % 3 }, startOffsets: (0..<30).map { $0 % 4 }, configs: [])
            try cluster.createMirrorTopic(
                NewMirror(linkName: "l", sourceTopicName: "m", replicationFactor: 1), source: source,
                now: harness.now
            ) { #expect($0 == nil) }
        }
        #expect(harness.cluster.topics["m"] == nil)
        settle(harness)
        let before = try (facts("t", harness), facts("m", harness))
        #expect(before.0.count == Cluster.changesPerSlice + 100)
        #expect(before.1.count == 30)
        #expect(harness.cluster.topics["m"]?.partitions.allSatisfy(\.isReadOnlyMirror) == true)
        #expect(harness.cluster.topics["m"]?.partition(7)?.log?.logStartOffset == 3)
        #expect(harness.cluster.topics["m"]?.partition(8)?.leaderEpoch == 2)
        try harness.restart()
        #expect(try facts("t", harness) == before.0)
        #expect(try facts("m", harness) == before.1)
    }

    @Test("a link does not go while its mirror is made, and with force the mirror is not made")
    func linkGone() throws {
        let harness = try ClusterHarness()
        var outcome: LinkFailure??
        try harness.step { cluster in
            let link = NewLink(name: "l", configs: ["bootstrap.servers": "127.0.0.1:1"])
            try cluster.createLink(link, now: harness.now)
            let source = SourceTopic(
                id: .zero, leaderEpochs: Array(repeating: 0, count: 30), startOffsets: nil, configs: [])
            try cluster.createMirrorTopic(
                NewMirror(linkName: "l", sourceTopicName: "m", replicationFactor: 1), source: source,
                now: harness.now
            ) { outcome = .some($0) }
        }
        #expect(harness.cluster.topics["m"] == nil)
        #expect(throws: LinkFailure.self) {
            try harness.step { try $0.deleteLink("l", force: false, validateOnly: false, now: harness.now) }
        }
        try harness.step { try $0.deleteLink("l", force: true, validateOnly: false, now: harness.now) }
        settle(harness)
        let failure = try #require(outcome)
        #expect(failure != nil)
        #expect(harness.cluster.topics["m"] == nil)
        #expect(try folders(harness) == [])
    }

    @Test("a directory that only looks like a partition's is left as it is")
    func somebodysDirectory() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t")
        for name in ["notes-1", "t-9", "empty-0"] {
            try harness.fileSystem.makeDirectory(Self.directory + "/" + name)
        }
        try harness.fileSystem.makeDirectory(Self.directory + "/t-9/t-0")
        _ = try harness.fileSystem.file(at: Self.directory + "/notes-1/readme.txt", create: true)
        try harness.restart()
        settle(harness)
        #expect(try folders(harness) == ["notes-1", "t-0", "t-9"])
        #expect(try harness.fileSystem.list(Self.directory + "/notes-1").map(\.name) == ["readme.txt"])
        #expect(try harness.fileSystem.list(Self.directory + "/t-9").map(\.name) == ["t-0"])
    }

    @Test("configs that change while partitions are set up act on them, too")
    func configsMeanwhile() throws {
        let harness = try ClusterHarness()
        let count = Int32(Cluster.changesPerSlice) * 2
        let sent = send(harness, ("t", count))
        for _ in 0..<2_000 where harness.cluster.making.jobs.first?.staging == nil {
            harness.advance(by: 1)
        }
        #expect(harness.cluster.making.jobs.first?.staging?.isDone == false)
        try harness.step {
            let change = ConfigResource.allBrokers.record("min.insync.replicas", "3")
            try $0.commit([.config(change)], now: harness.now)
        }
        #expect(try harness.settled(sent).topics[0].errorCode == 0)
        #expect(harness.cluster.topics["t"]?.partitions.allSatisfy { $0.minInSyncReplicas == 3 } == true)
    }

    @Test("thousands of partitions are one batch in the metadata log, which is synced once")
    func oneBatch() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        var syncs = 0
        disk.fault = { operation, path in
            syncs += operation == .sync && path.contains("__cluster_metadata") ? 1 : 0
            return nil
        }
        #expect(try harness.settled(send(harness, ("t", 3_000))).topics[0].errorCode == 0)
        #expect(syncs == 1)
        disk.fault = nil
        try harness.restart(cleanly: false)
        #expect(harness.cluster.topics["t"]?.partitions.count == 3_000)
    }

    @Test("a directory with many files goes some files at a time")
    func manyFiles() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t")
        let path = Self.directory + "/t-0"
        for index in 0..<(3 * Cluster.filesPerSlice) {
            _ = try harness.fileSystem.file(at: "\(path)/\(index).old", create: true)
        }
        #expect(try delete(["t"], harness) == [0])
        var counts: [Int] = []
        while !harness.cluster.removals.isEmpty {
            let left = try folders(harness).map { try harness.fileSystem.list(Self.directory + "/" + $0).count }
            counts.append(left.reduce(0, +))
            harness.advance(by: 1)
        }
        #expect(counts.count >= 3)
        for (earlier, later) in zip(counts, counts.dropFirst()) {
            #expect(earlier - later <= Cluster.filesPerSlice)
        }
        #expect(try folders(harness).isEmpty)
    }

    @Test("callers inside the process wait for what takes its time", arguments: [true, false])
    func internalCallers(closes: Bool) throws {
        let harness = try ClusterHarness()
        var answers: [CreateTopicsResponse?] = []
        harness.step { cluster in
            cluster.submit(request([("t", 100)]), now: harness.now) { answers.append($0) }
        }
        #expect(answers.isEmpty)
        if closes {
            try harness.restart()
            #expect(answers.count == 1 && answers[0] == nil)
        } else {
            settle(harness)
            #expect(answers.count == 1 && answers[0]?.topics[0].errorCode == 0)
        }
    }
}
