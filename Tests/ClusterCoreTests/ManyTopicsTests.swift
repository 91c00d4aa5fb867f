import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// Requests that name very many topics hold nobody up: they are looked at, and what they make is made known, some at a
/// time.
@Suite("Many topics in one request")
struct ManyTopicsTests {
    private static let count = 1_200
    private let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
    }

    private func request(_ count: Int = count) -> CreateTopicsRequest {
        var request = CreateTopicsRequest()
        request.timeoutMs = 60_000
        request.topics = (0..<count).map { index in
            var topic = CreateTopicsRequest.CreatableTopic()
            (topic.name, topic.numPartitions, topic.replicationFactor) = ("t\(index)", 1, 1)
            return topic
        }
        return request
    }

    private var known: Int { harness.cluster.topics.all.count { $0.name.hasPrefix("t") } }

    /// Lets turns pass until the commit is written and some of what it brings is known.
    private func advanceIntoInstalling() {
        for _ in 0..<100_000 where known == 0 {
            harness.advance(by: 1)
        }
    }

    @Test("each turn checks few names and makes few topics known; the answer comes last")
    func slices() throws {
        let (sent, _) = harness.send(request(), version: 7, on: harness.connect())
        var (names, topics) = (0, 0)
        while try harness.answer(to: sent) == nil {
            harness.advance(by: 1)
            let now = harness.cluster.making.newNames.count + known
            #expect(now - names <= Cluster.namesPerSlice)
            #expect(known - topics <= Cluster.changesPerSlice)
            (names, topics) = (now, known)
        }
        let answer = try #require(try harness.answer(to: sent))
        #expect(answer.topics.map(\.name) == (0..<Self.count).map { "t\($0)" })
        #expect(answer.topics.allSatisfy { $0.errorCode == 0 })
        #expect(harness.cluster.making.partitionCount == 0 && harness.cluster.making.newNames.isEmpty)
        #expect(harness.cluster.topics.partitionCount == Self.count)
    }

    @Test("names that occur twice, or that somebody else has asked for meanwhile, are refused as ever")
    func refusals() throws {
        var many = request()
        many.topics.append(many.topics[7])
        let (sent, _) = harness.send(many, version: 7, on: harness.connect())
        let (rival, _) = harness.send(request(10), version: 7, on: harness.connect())
        let answer = try harness.settled(sent)
        let other = try harness.settled(rival)
        for index in 0..<10 {
            let codes = [answer.topics[index].errorCode.code, other.topics[index].errorCode.code]
            let expected: [ErrorCode] = index == 7 ? [.invalidRequest, .none] : [.none, .topicAlreadyExists]
            #expect(codes == expected || codes == expected.reversed(), "\(index)")
        }
        #expect(known == Self.count)
    }

    @Test("a stop, or a crash, while topics are being made known leaves all of them", arguments: [true, false])
    func stop(cleanly: Bool) throws {
        harness.send(request(), version: 7, on: harness.connect())
        advanceIntoInstalling()
        #expect(known < Self.count)
        try harness.restart(cleanly: cleanly)
        #expect(known == Self.count)
        #expect(harness.cluster.topics.all.allSatisfy { $0.partitions.allSatisfy { $0.log?.isOffline == false } })
    }

    @Test("a topic that is deleted before its request is answered is deleted once, and its name is free")
    func deletion() throws {
        let (sent, _) = harness.send(request(), version: 7, on: harness.connect())
        advanceIntoInstalling()
        var deletion = DeleteTopicsRequest()
        var state = DeleteTopicsRequest.DeleteTopicState()
        state.name = "t3"
        deletion.topics = [state]
        #expect(try harness.call(deletion, version: 6).responses.map(\.errorCode) == [0])
        #expect(harness.cluster.topics["t3"] == nil)
        let answer = try harness.settled(sent)
        #expect(answer.topics.allSatisfy { $0.errorCode == 0 })
        try harness.createTopic("t3")
        #expect(try harness.produce("t3", "a") == 0)
        harness.advance(by: 1_000)
        try harness.restart()
        #expect(known == Self.count)
        #expect(try harness.log("t3").logEndOffset == 1)
    }

    @Test("topics that come into being by a Metadata request with many names")
    func created() throws {
        var request = MetadataRequest()
        request.allowAutoTopicCreation = true
        request.topics = (0..<300).map { index in
            var topic = MetadataRequest.MetadataRequestTopic()
            topic.name = "t\(index)"
            return topic
        }
        let (sent, _) = harness.send(request, version: 12, on: harness.connect())
        #expect(harness.cluster.making.newNames.count <= Cluster.namesPerSlice)
        let answer = try harness.settled(sent)
        #expect(answer.topics.count == 300)
        #expect(answer.topics.allSatisfy { $0.errorCode == 0 && $0.partitions.count == 1 })
    }

    @Test("many topics are deleted some at a time; each is answered for itself")
    func deletions() throws {
        let (sent, _) = harness.send(request(), version: 7, on: harness.connect())
        _ = try harness.settled(sent)
        var deletion = DeleteTopicsRequest()
        deletion.topics = ((0..<Self.count).map { "t\($0)" } + ["absent", "t5"]).map { name in
            var state = DeleteTopicsRequest.DeleteTopicState()
            state.name = name
            return state
        }
        let (gone, _) = harness.send(deletion, version: 6, on: harness.connect())
        var left = known
        while try harness.answer(to: gone) == nil {
            harness.advance(by: 1)
            #expect(left - known <= Cluster.namesPerSlice)
            left = known
        }
        let answer = try #require(try harness.answer(to: gone)).responses
        #expect(answer.count == Self.count + 1)
        let refused = answer.filter { $0.errorCode != 0 }
        #expect(refused.map(\.name) == ["t5", "absent"])
        #expect(refused.map(\.errorCode.code) == [.invalidRequest, .unknownTopicOrPartition])
        #expect(harness.cluster.topics.all.filter { !$0.isInternal }.map(\.name) == ["t5"])
        try harness.restart(cleanly: false)
        #expect(harness.cluster.topics.all.filter { !$0.isInternal }.map(\.name) == ["t5"])
    }

    private func growth(_ names: [String], to count: Int32) -> CreatePartitionsRequest {
        var request = CreatePartitionsRequest()
        request.timeoutMs = 60_000
        request.topics = names.map { name in
            var item = CreatePartitionsRequest.CreatePartitionsTopic()
            (item.name, item.count, item.assignments) = (name, count, nil)
            return item
        }
        return request
    }

    @Test("many topics get partitions some at a time; each is answered for itself")
    func growths() throws {
        _ = try harness.settled(harness.send(request(120), version: 7, on: harness.connect()).sent)
        let names = (0..<120).map { "t\($0)" } + ["absent", "t5"]
        let (grown, _) = harness.send(growth(names, to: 2), version: 3, on: harness.connect())
        #expect(harness.cluster.making.planCount == 1)
        // One of the first is refused at once: it is named twice.
        #expect(harness.cluster.making.partitionCount == Cluster.namesPerSlice - 1)
        let answer = try harness.settled(grown).results
        #expect(answer.map(\.name) == Array(names.dropLast()))
        let refused = answer.filter { $0.errorCode != 0 }
        #expect(refused.map(\.name) == ["t5", "absent"])
        #expect(refused.map(\.errorCode.code) == [.invalidRequest, .unknownTopicOrPartition])
        #expect(harness.cluster.topics["t5"]?.partitions.count == 1)
        #expect(harness.cluster.topics.partitionCount == 239)
    }

    @Test("few topics that get thousands of partitions each are looked at one by one")
    func largeGrowths() throws {
        _ = try harness.settled(harness.send(request(4), version: 7, on: harness.connect()).sent)
        let many = Int32(Cluster.changesPerSlice + 1)
        let (grown, _) = harness.send(growth(["t0", "t1", "t2"], to: many + 1), version: 3, on: harness.connect())
        #expect(harness.cluster.making.planCount == 1)
        #expect(harness.cluster.making.partitionCount == Int(many))
        #expect(try harness.settled(grown).results.map(\.errorCode) == [0, 0, 0])
        #expect(harness.cluster.topics.partitionCount == 4 + 3 * Int(many))
    }

    @Test("assignments of thousands of partitions are taken, as kafka-reassign-partitions and operators write them")
    func assignments() throws {
        let harness = try ClusterHarness(brokers: 3)
        try harness.createTopic("t", replicationFactor: 3)
        let count = 8_000
        var request = growth(["t"], to: Int32(count + 1))
        request.topics[0].assignments = (0..<count).map { index in
            var assignment = CreatePartitionsRequest.CreatePartitionsAssignment()
            assignment.brokerIDs = (0..<3).map { Int32((index + $0) % 3 + 1) }
            return assignment
        }
        request.validateOnly = true
        #expect(try harness.call(request, version: 3).results.map(\.errorCode) == [0])
    }

    @Test("a broker config reaches many topics some at a time, also those that are made or altered meanwhile")
    func brokerConfig() throws {
        _ = try harness.settled(harness.send(request(), version: 7, on: harness.connect()).sent)
        let all = harness.cluster.topics.all.filter { $0.name.hasPrefix("t") }.compactMap(\.partitions.first?.log)
        #expect(try harness.alter(4, "", .set("log.retention.ms", "50")).errorCode == 0)
        var followed = all.count { $0.config.retentionMs == 50 }
        #expect((1...Cluster.changesPerSlice).contains(followed))
        #expect(try harness.alter(2, "t1199", .set("retention.ms", "70")).errorCode == 0)
        try harness.createTopic("later")
        #expect(try harness.log("later").config.retentionMs == 50)
        // A second change while the first is under way.
        #expect(try harness.alter(4, "", .set("log.retention.ms", "60")).errorCode == 0)
        for _ in 0..<1_000 where followed < Self.count {
            harness.advance(by: 1)
            let now = all.count { [60, 70].contains($0.config.retentionMs) }
            #expect(now - followed <= Cluster.changesPerSlice)
            followed = now
        }
        #expect(followed == Self.count)
        #expect(try harness.log("t1199").config.retentionMs == 70)
        #expect(try harness.log("later").config.retentionMs == 60)
        try harness.restart(cleanly: false)
        #expect(try harness.log("t3").config.retentionMs == 60)
    }

    private func metadata(_ names: [String]) -> MetadataRequest {
        var request = MetadataRequest()
        request.topics = names.map { name in
            var topic = MetadataRequest.MetadataRequestTopic()
            topic.name = name
            return topic
        }
        return request
    }

    @Test("Metadata with very many names is answered in portions, each name once")
    func longMetadata() throws {
        try harness.createTopic("t7")
        let names = (0..<(2 * MetadataHandler.partitionsPerSlice + 10)).map { "t\($0)" }
        var request = metadata(names + ["t7", "t8"])
        request.allowAutoTopicCreation = false
        harness.holdsRecordChecks = true
        let (sent, _) = harness.send(request, version: 12, on: harness.connect())
        #expect(try harness.answer(to: sent) == nil)
        #expect(harness.finishRecordChecks() == 3)
        let answer = try #require(try harness.answer(to: sent))
        #expect(answer.brokers.count == 1 && answer.topics.map(\.name) == names)
        #expect(answer.topics.filter { $0.errorCode == 0 }.map(\.name) == ["t7"])
        #expect(harness.cluster.topics.count == 1)
    }

    @Test("Metadata of all topics is answered in portions, in their order, without one that is deleted meanwhile")
    func metadataOfAll() throws {
        let names = (100..<(100 + MetadataHandler.partitionsPerSlice / 10)).map { "t\($0)" }
        for name in names.reversed() {
            try harness.createTopic(name, partitions: 10)
        }
        var request = MetadataRequest()
        request.topics = nil
        harness.holdsRecordChecks = true
        let (sent, _) = harness.send(request, version: 12, on: harness.connect())
        #expect(try harness.answer(to: sent) == nil)
        #expect(harness.cluster.heldRecordBytes > 0)
        var deletion = DeleteTopicsRequest()
        deletion.topicNames = names.suffix(1)
        #expect(try harness.call(deletion, version: 5).responses.map(\.errorCode) == [0])
        #expect(harness.finishRecordChecks() == 1)
        let answer = try #require(try harness.answer(to: sent))
        #expect(answer.topics.map(\.name) == names.dropLast())
        #expect(answer.topics.allSatisfy { $0.partitions.count == 10 })
        #expect(harness.cluster.heldRecordBytes == 0)
    }

    @Test("so it is when few of them are made on the way, at once or in slices", arguments: [1, 60])
    func metadataWithCreations(new: Int) throws {
        let illegal = (0..<(2 * MetadataHandler.partitionsPerSlice)).map { "illegal name \($0)" }
        let names = (0..<new).map { "t\($0)" }
        harness.holdsRecordChecks = true
        let (sent, _) = harness.send(metadata(illegal + names), version: 12, on: harness.connect())
        for _ in 0..<100_000 where harness.cluster.topics.count < new {
            harness.advance(by: 1)
        }
        #expect(try harness.answer(to: sent) == nil && harness.cluster.parking.count == 0)
        #expect(harness.finishRecordChecks() == 3)
        let answer = try #require(try harness.answer(to: sent))
        #expect(answer.topics.map(\.name) == illegal + names)
        #expect(answer.topics.filter { $0.errorCode == 0 }.map(\.name) == names)
        #expect(harness.cluster.heldRecordBytes == 0)
    }

    // MARK: Others beside them

    private func unknown(_ count: Int) -> DeleteTopicsRequest {
        var request = DeleteTopicsRequest()
        request.topics = (0..<count).map { index in
            var state = DeleteTopicsRequest.DeleteTopicState()
            state.name = "absent\(index)"
            return state
        }
        return request
    }

    @Test("requests with many names, one after the other, keep no topic from being made and no directory from going")
    func others() throws {
        try harness.createTopic("gone", partitions: 100)
        var deletion = DeleteTopicsRequest()
        deletion.topicNames = ["gone"]
        #expect(try harness.call(deletion, version: 5).responses.map(\.errorCode) == [0])
        #expect(!harness.cluster.removals.isEmpty)
        var large = request(1)
        large.topics[0].numPartitions = 100
        let (sent, _) = harness.send(large, version: 7, on: harness.connect())
        let connections = [harness.connect(), harness.connect()]
        var crowd = connections.map { harness.send(unknown(500), version: 6, on: $0).sent }
        var turns = 0
        while try harness.answer(to: sent) == nil || !harness.cluster.removals.isEmpty {
            for (index, connection) in connections.enumerated() where try harness.answer(to: crowd[index]) != nil {
                crowd[index] = harness.send(unknown(500), version: 6, on: connection).sent
            }
            #expect(harness.cluster.making.planCount > 0)
            harness.advance(by: 1)
            turns += 1
            try #require(turns < 1_000, "nothing but plans")
        }
        #expect(try harness.answer(to: sent)?.topics.first?.errorCode == 0)
    }

    @Test("their memory is counted until they are answered; of long ones only so many are taken at a time")
    func memory() throws {
        #expect(harness.cluster.heldRecordBytes == 0)
        let names = 1_000
        let (sent, _) = harness.send(unknown(names), version: 6, on: harness.connect())
        #expect(harness.cluster.heldRecordBytes > names * 64)
        let (creation, _) = harness.send(request(), version: 7, on: harness.connect())
        let both = harness.cluster.heldRecordBytes
        #expect(both > (names + Self.count) * 64 && harness.cluster.slicedRequestCount == 2)
        #expect(try harness.settled(sent).responses.count == names)
        // It was looked at, and is being made.
        while harness.cluster.making.planCount > 0 {
            harness.advance(by: 1)
        }
        #expect(try harness.answer(to: creation) == nil)
        #expect(harness.cluster.heldRecordBytes > Self.count * 64 && harness.cluster.heldRecordBytes < both)
        _ = try harness.settled(creation)
        #expect(harness.cluster.heldRecordBytes == 0 && harness.cluster.slicedRequestCount == 0)
    }

    @Test("a long request that would be answered in slices waits while many are; short ones and others do not")
    func places() throws {
        var limits = ClusterLimits()
        limits.slicedRequests = 8
        let harness = try ClusterHarness(limits: limits)
        let frame = { (key: APIKey, count: Int) in
            var writer = WireWriter(capacity: 16)
            RequestHeader(apiKey: key, apiVersion: 1, correlationID: 1, clientID: nil).encode(into: &writer)
            return writer.copyBytes() + [UInt8](repeating: 0, count: count)
        }
        func mayHandle(_ key: APIKey, _ count: Int, isShort: Bool = false) -> Bool {
            frame(key, count).withUnsafeBytes { harness.cluster.mayHandle($0, memoryIsShort: isShort) }
        }
        #expect(mayHandle(.deleteTopics, 100_000, isShort: true))
        let first = harness.send(unknown(500), version: 6, on: harness.connect()).sent
        #expect(mayHandle(.deleteTopics, 100_000) && !mayHandle(.deleteTopics, 100_000, isShort: true))
        let second = harness.send(unknown(500), version: 6, on: harness.connect()).sent
        for key in [APIKey.deleteTopics, .createTopics, .createPartitions] {
            #expect(!mayHandle(key, 100_000) && mayHandle(key, 1_000, isShort: true))
        }
        // Slow ones keep no quick ones waiting.
        for key in [APIKey.metadata, .listOffsets, .offsetCommit, .describeGroups] {
            #expect(mayHandle(key, 100_000, isShort: true))
        }
        #expect(mayHandle(.produce, 100_000, isShort: true) && mayHandle(.fetch, 100_000, isShort: true))
        harness.holdsRecordChecks = true
        var sliced = OffsetDeleteRequest()
        sliced.groupID = "g"
        var topic = OffsetDeleteRequest.OffsetDeleteRequestTopic()
        topic.partitions = Array(repeating: .init(), count: 2 * OffsetDeleteRequest.portion)
        sliced.topics = [topic]
        let portions = (0..<4).map { _ in harness.send(sliced, version: 0, on: harness.connect()).sent }
        #expect(!mayHandle(.offsetCommit, 100_000) && mayHandle(.offsetCommit, 7_000, isShort: true))
        #expect(mayHandle(.metadata, 100_000))
        // A short request has no place, however long it takes: another one keeps its own.
        let (short, _) = harness.send(fetch(LongFetch.partitionsPerSlice + 1), version: 12, on: harness.connect())
        #expect(harness.cluster.slicedRequestCount == 7)
        harness.finishRecordChecks()
        _ = try (harness.settled(first), harness.settled(second))
        #expect(try portions.allSatisfy { try harness.answer(to: $0) != nil })
        #expect(try harness.answer(to: short) != nil)
        #expect(mayHandle(.deleteTopics, 100_000, isShort: true) && mayHandle(.offsetCommit, 100_000, isShort: true))
        // Fetches are in nobody's way.
        for _ in 0..<16 {
            harness.send(fetch(LongFetch.partitionsPerSlice + 1), version: 12, on: harness.connect())
        }
        #expect(harness.cluster.slicedRequestCount == 16 && mayHandle(.offsetCommit, 100_000, isShort: true))
        harness.finishRecordChecks()
    }

    private func fetch(_ count: Int) -> FetchRequest {
        var topic = FetchRequest.FetchTopic()
        topic.topic = "absent"
        topic.partitions = (0..<Int32(count)).map { index in
            var item = FetchRequest.FetchPartition()
            item.partition = index
            return item
        }
        var request = FetchRequest()
        request.topics = [topic]
        return request
    }

    @Test("short requests that are planned wait once there are very many, also of clients that are gone")
    func shortPlans() throws {
        var limits = ClusterLimits()
        limits.slicedRequests = 4
        let harness = try ClusterHarness(limits: limits)
        var writer = WireWriter(capacity: 16)
        RequestHeader(apiKey: .deleteTopics, apiVersion: 6, correlationID: 1, clientID: nil).encode(into: &writer)
        let frame = writer.copyBytes() + [UInt8](repeating: 0, count: 100)
        func mayHandle() -> Bool {
            frame.withUnsafeBytes { harness.cluster.mayHandle($0, memoryIsShort: false) }
        }
        for _ in 0..<32 {
            #expect(mayHandle())
            let connection = harness.connect()
            harness.send(unknown(60), version: 6, on: connection)
            harness.disconnect(connection)
        }
        #expect(!mayHandle())
        for _ in 0..<1_000 where !mayHandle() {
            harness.advance(by: 1)
        }
        #expect(mayHandle())
    }
}
