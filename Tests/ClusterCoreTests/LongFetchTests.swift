import KafkaProtocol
import Testing

@testable import ClusterCore

/// More partitions than one look takes.
@Suite("Fetches of very many partitions")
struct LongFetchTests {
    private static let count = Int32(2 * LongFetch.partitionsPerSlice + 100)
    private let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
        try harness.createTopic("t", partitions: Self.count)
        harness.holdsRecordChecks = true
    }

    private func request(maxWaitMs: Int32 = 0, minBytes: Int32 = 1, topic: String = "t") -> FetchRequest {
        var request = harness.fetchRequest(topic, maxWaitMs: maxWaitMs, minBytes: minBytes)
        let item = request.topics[0].partitions[0]
        request.topics[0].partitions = (0..<Self.count).map { index in
            var item = item
            item.partition = index
            return item
        }
        request.maxBytes = 1 << 20
        return request
    }

    private func values(_ response: FetchResponse) throws -> [Int32: [String]] {
        var values: [Int32: [String]] = [:]
        for data in response.responses.flatMap(\.partitions) where data.records?.count ?? 0 > 0 {
            values[data.partitionIndex] = try data.records?.values()
        }
        return values
    }

    @Test("some partitions are looked at in a step, and all are in the answer, in order")
    func slices() throws {
        try harness.produce("t", partition: 3, "a")
        try harness.produce("t", partition: Self.count - 1, "b")
        let sent = harness.send(request(), version: 13, on: harness.connect()).sent
        #expect(try harness.answer(to: sent) == nil)
        #expect(harness.finishRecordChecks() == 2)
        let answer = try #require(try harness.answer(to: sent))
        #expect(answer.responses.flatMap { $0.partitions.map(\.partitionIndex) } == Array(0..<Self.count))
        #expect(try values(answer) == [3: ["a"], Self.count - 1: ["b"]])
        #expect(harness.cluster.parking.count == 0 && harness.cluster.heldRecordBytes == 0)
    }

    @Test("a poll waits, and is answered when there is enough", arguments: [Int32(2), count - 2])
    func poll(partition: Int32) throws {
        let sent = harness.send(request(maxWaitMs: 60_000), version: 13, on: harness.connect()).sent
        harness.finishRecordChecks()
        #expect(try harness.answer(to: sent) == nil && harness.cluster.parking.count == 1)
        harness.advance(by: 1_000)
        #expect(harness.finishRecordChecks() == 0)
        try harness.produce("t", partition: partition, "late")
        harness.finishRecordChecks()
        #expect(try values(try #require(try harness.answer(to: sent))) == [partition: ["late"]])
        #expect(harness.cluster.parking.count == 0)
    }

    @Test("what comes while it looks at others is not overlooked")
    func meanwhile() throws {
        let sent = harness.send(request(maxWaitMs: 60_000), version: 13, on: harness.connect()).sent
        // The first ones were looked at, and nobody waits for them yet.
        try harness.produce("t", partition: 2, "early")
        harness.finishRecordChecks()
        #expect(try values(try #require(try harness.answer(to: sent))) == [2: ["early"]])
        let large = request(maxWaitMs: 60_000, minBytes: 1_000_000)
        let next = harness.send(large, version: 13, on: harness.connect()).sent
        harness.finishRecordChecks()
        try harness.produce("t", partition: 5, "not enough")
        harness.performRecordChecks()
        // During the second look.
        try harness.produce("t", partition: 5, String(repeating: "x", count: 1_000_000))
        harness.finishRecordChecks()
        #expect(try values(try #require(try harness.answer(to: next)))[5]?.count == 2)
    }

    @Test("its wait ends in time, also while it looks")
    func expiry() throws {
        let sent = harness.send(request(maxWaitMs: 500), version: 13, on: harness.connect()).sent
        harness.finishRecordChecks()
        harness.advance(by: 499)
        #expect(harness.finishRecordChecks() == 0)
        harness.advance(by: 1)
        harness.finishRecordChecks()
        #expect(try values(try #require(try harness.answer(to: sent))).isEmpty)
        let next = harness.send(request(maxWaitMs: 500, minBytes: 1_000_000), version: 13, on: harness.connect()).sent
        harness.finishRecordChecks()
        try harness.produce("t", partition: 5, "a")
        harness.performRecordChecks()
        harness.advance(by: 600)
        harness.finishRecordChecks()
        #expect(try values(try #require(try harness.answer(to: next))) == [5: ["a"]])
        #expect(harness.cluster.parking.count == 0)
    }

    @Test("what is not enough does not make it look at everything again")
    func busy() throws {
        let slices = (Int(Self.count) + LongFetch.partitionsPerSlice - 1) / LongFetch.partitionsPerSlice
        let patient = request(maxWaitMs: 60_000, minBytes: 1_000_000)
        let sent = harness.send(patient, version: 13, on: harness.connect()).sent
        // Nobody knows yet which partitions it waits for, so that it looks once more.
        try harness.produce("t", partition: 0, "small")
        for _ in 0..<slices {
            #expect(harness.performRecordChecks() == 1)
        }
        try harness.produce("t", partition: 0, "small")
        try harness.produce("t", partition: Self.count - 1, "small")
        #expect(harness.finishRecordChecks() == slices - 1)
        #expect(try harness.answer(to: sent) == nil && harness.cluster.slicedRequestCount == 0)
        // What came during the look counts.
        let rest = String(repeating: "x", count: 1_000_000 - 100)
        try harness.produce("t", partition: 7, rest)
        harness.finishRecordChecks()
        #expect(try values(try #require(try harness.answer(to: sent)))[7] == [rest])
    }

    @Test("records of a topic that goes during the look are not sent, and the others are")
    func deletedMeanwhile() throws {
        try harness.createTopic("u")
        try harness.produce("u", "gone")
        try harness.produce("t", partition: 9, "kept")
        var both = request()
        both.topics.insert(harness.fetchRequest("u").topics[0], at: 0)
        let sent = harness.send(both, version: 13, on: harness.connect()).sent
        var deletion = DeleteTopicsRequest()
        deletion.topicNames = ["u"]
        #expect(try harness.call(deletion, version: 5).responses.map(\.errorCode) == [0])
        harness.finishRecordChecks()
        let answer = try #require(try harness.answer(to: sent))
        #expect(try values(answer) == [9: ["kept"]])
        #expect(answer.responses[0].partitions.map(\.errorCode.code) == [.unknownTopicID])
    }

    /// The second request of a session, which waits for anything.
    private static func poll(of session: Int32) -> FetchRequest {
        var next = FetchRequest()
        (next.sessionID, next.sessionEpoch, next.maxWaitMs, next.minBytes) = (session, 1, 60_000, 1)
        next.maxBytes = 1 << 20
        return next
    }

    @Test("a session's poll counts as the memory that it takes, however short its request is")
    func memory() throws {
        let connection = harness.connect()
        var first = request()
        (first.sessionID, first.sessionEpoch) = (0, 0)
        let opened = harness.send(first, version: 13, on: connection).sent
        harness.finishRecordChecks()
        let session = try #require(try harness.answer(to: opened)).sessionID
        try #require(session != 0)
        let next = Self.poll(of: session)
        let sent = harness.send(next, version: 13, on: connection).sent
        harness.finishRecordChecks()
        #expect(try harness.answer(to: sent) == nil && harness.cluster.parking.heldBytes > Int(Self.count) * 40)
        harness.disconnect(connection)
        #expect(harness.cluster.heldRecordBytes == 0)
    }

    @Test(
        "beyond the memory for those that wait, a session's poll looks again after half a second, and not at once",
        arguments: [Int32(100), count])
    func crowded(partitions: Int32) throws {
        var limits = ClusterLimits()
        limits.waitingFetchBytes = 1 << 10
        let harness = try ClusterHarness(limits: limits)
        try harness.createTopic("t", partitions: partitions)
        let connection = harness.connect()
        var first = harness.fetchRequest("t")
        let item = first.topics[0].partitions[0]
        first.topics[0].partitions = (0..<partitions).map { index in
            var item = item
            item.partition = index
            return item
        }
        (first.sessionID, first.sessionEpoch, first.maxWaitMs) = (0, 0, 0)
        let opened = harness.send(first, version: 13, on: connection).sent
        let session = try #require(try harness.answer(to: opened)).sessionID
        try #require(session != 0)
        let next = Self.poll(of: session)
        let sent = harness.send(next, version: 13, on: connection).sent
        #expect(harness.cluster.parking.heldBytes == 0 && harness.cluster.parking.count == 1)
        try harness.produce("t", partition: 3, "news")
        harness.advance(by: 499)
        #expect(try harness.answer(to: sent) == nil)
        harness.advance(by: 1)
        #expect(try values(try #require(try harness.answer(to: sent))) == [3: ["news"]])
        #expect(harness.cluster.parking.count == 0)
    }

    @Test("who leaves takes its poll along, and a topic that goes ends it")
    func gone() throws {
        let leaver = harness.connect()
        harness.send(request(maxWaitMs: 60_000), version: 13, on: leaver)
        let sent = harness.send(request(maxWaitMs: 60_000), version: 13, on: harness.connect()).sent
        harness.finishRecordChecks()
        #expect(harness.cluster.parking.count == 2)
        harness.disconnect(leaver)
        #expect(harness.cluster.parking.count == 1)
        var deletion = DeleteTopicsRequest()
        deletion.topicNames = ["t"]
        #expect(try harness.call(deletion, version: 5).responses.map(\.errorCode) == [0])
        harness.advance(by: 100)
        harness.finishRecordChecks()
        let answer = try #require(try harness.answer(to: sent))
        #expect(answer.responses.allSatisfy { $0.partitions.allSatisfy { $0.errorCode.code == .unknownTopicID } })
        #expect(harness.cluster.parking.count == 0)
    }
}
