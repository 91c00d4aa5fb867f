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
    func metadata() throws {
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
        limits.slicedRequests = 2
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
        for key in [APIKey.deleteTopics, .createTopics, .metadata, .listOffsets, .describeGroups] {
            #expect(!mayHandle(key, 100_000) && mayHandle(key, 1_000, isShort: true))
        }
        #expect(mayHandle(.produce, 100_000, isShort: true) && mayHandle(.fetch, 100_000, isShort: true))
        _ = try (harness.settled(first), harness.settled(second))
        #expect(mayHandle(.metadata, 100_000, isShort: true))
    }
}
