import KafkaProtocol
import Testing

@testable import ClusterCore

/// Long polls of sessions with many partitions, of which few have news.
@Suite("Polls of large sessions")
struct SessionPollTests {
    private static let large = Int32(2 * LongFetch.partitionsPerSlice + 100)

    /// A consumer that reads what it is given.
    private final class Consumer {
        let harness: ClusterHarness
        let connection: ConnectionID
        let version: Int16
        private var session: Int32 = 0
        private var epoch: Int32 = 0
        private var keys: [(topic: String, id: KafkaUUID, partition: Int32)]
        /// Where it reads on, of those that the next request names.
        private var moved: [(topic: String, id: KafkaUUID, partition: Int32, offset: Int64)] = []

        init(_ harness: ClusterHarness, _ partitions: [(topic: String, count: Int32)], version: Int16) {
            self.harness = harness
            self.version = version
            connection = harness.connect()
            keys = partitions.flatMap { entry in
                let id = harness.cluster.topics[entry.topic]?.id ?? .zero
                return (0..<entry.count).map { (entry.topic, id, $0) }
            }
        }

        func send(maxWaitMs: Int32, minBytes: Int32 = 1) -> SentRequest<FetchRequest> {
            var request = FetchRequest()
            (request.sessionID, request.sessionEpoch) = (session, epoch)
            (request.maxWaitMs, request.minBytes, request.maxBytes) = (maxWaitMs, minBytes, 1 << 24)
            let named = epoch == 0 ? keys.map { ($0.topic, $0.id, $0.partition, Int64(0)) } : moved
            for (topic, id, partition, offset) in named {
                var item = FetchRequest.FetchPartition()
                (item.partition, item.fetchOffset, item.partitionMaxBytes) = (partition, offset, 1 << 20)
                if request.topics.last?.topic != topic {
                    var entry = FetchRequest.FetchTopic()
                    (entry.topic, entry.topicID) = (topic, id)
                    request.topics.append(entry)
                }
                request.topics[request.topics.count - 1].partitions.append(item)
            }
            moved = []
            return harness.send(request, version: version, on: connection).sent
        }

        func take(_ response: FetchResponse) throws {
            try #require(response.errorCode == 0)
            (session, epoch) = (response.sessionID, epoch + 1)
            for topic in response.responses {
                for data in topic.partitions {
                    guard let key = keys.first(where: { isSame($0, topic) && $0.partition == data.partitionIndex })
                    else {
                        continue
                    }
                    if data.records?.count ?? 0 > 0 {
                        moved.append((key.topic, key.id, key.partition, data.highWatermark))
                    } else if data.errorCode.code == .offsetOutOfRange {
                        let log = harness.cluster.topics[key.topic]?.partition(key.partition)?.log
                        moved.append((key.topic, key.id, key.partition, try #require(log).logStartOffset))
                    }
                }
            }
        }

        private func isSame(
            _ key: (topic: String, id: KafkaUUID, partition: Int32), _ topic: FetchResponse.FetchableTopicResponse
        ) -> Bool {
            version >= 13 ? key.id == topic.topicID : key.topic == topic.topic
        }

        func poll(maxWaitMs: Int32 = 0) throws -> FetchResponse {
            let response = try #require(try harness.answer(to: send(maxWaitMs: maxWaitMs)))
            try take(response)
            return response
        }
    }

    private func consumer(_ harness: ClusterHarness, partitions: Int32) throws -> Consumer {
        try harness.createTopic("t", partitions: partitions)
        let consumer = Consumer(harness, [("t", partitions)], version: 13)
        #expect(try consumer.poll().responses[0].partitions.count == Int(partitions))
        harness.holdsRecordChecks = true
        return consumer
    }

    /// What an answer says, in order.
    private func told(_ response: FetchResponse) throws -> [String] {
        try response.responses.flatMap { topic in
            try topic.partitions.map { data in
                "\(topic.topic)\(topic.topicID)-\(data.partitionIndex) \(data.errorCode) \(data.highWatermark) "
                    + "\(data.logStartOffset) \(try data.records?.values() ?? [])"
            }
        }
    }

    @Test("one that waits in vain ends without a look at its partitions")
    func idle() throws {
        let harness = try ClusterHarness()
        let consumer = try consumer(harness, partitions: Self.large)
        let sent = consumer.send(maxWaitMs: 500)
        #expect(harness.finishRecordChecks() > 0)
        harness.advance(by: 500)
        #expect(harness.performRecordChecks() == 0)
        #expect(try told(try #require(try harness.answer(to: sent))).isEmpty)
        #expect(harness.cluster.parking.count == 0)
    }

    @Test("only partitions with news are looked at", arguments: [Int32(1), 1_000_000])
    func news(minBytes: Int32) throws {
        let harness = try ClusterHarness()
        let consumer = try consumer(harness, partitions: Self.large)
        // Too little for an answer, and there before it waits.
        try harness.produce("t", partition: 700, "before")
        let sent = consumer.send(maxWaitMs: 500, minBytes: 1_000_000)
        harness.finishRecordChecks()
        for partition in [900, 3] as [Int32] {
            try harness.produce("t", partition: partition, "late")
        }
        #expect(try harness.answer(to: sent) == nil)
        if minBytes > 1 {
            try harness.produce("t", partition: 5, String(repeating: "x", count: Int(minBytes)))
        } else {
            harness.advance(by: 500)
        }
        #expect(harness.performRecordChecks() == 0)
        let answer = try #require(try harness.answer(to: sent))
        let expected: [Int32] = minBytes > 1 ? [3, 5, 700, 900] : [3, 700, 900]
        #expect(answer.responses[0].partitions.map(\.partitionIndex) == expected)
    }

    @Test("what happens to many of them is looked at in slices")
    func muchNews() throws {
        let harness = try ClusterHarness()
        let consumer = try consumer(harness, partitions: Self.large)
        let sent = consumer.send(maxWaitMs: 500, minBytes: 1_000_000)
        harness.finishRecordChecks()
        for partition in 0..<Int32(LongFetch.partitionsPerSlice + 1) {
            try harness.produce("t", partition: partition, "a")
        }
        harness.advance(by: 500)
        #expect(harness.finishRecordChecks() == 2)
        let answer = try #require(try harness.answer(to: sent))
        #expect(answer.responses[0].partitions.count == LongFetch.partitionsPerSlice + 1)
    }

    /// The second consumer's polls do not wait, so that each of them looks at everything.
    @Test(
        "its answer is that of a look at everything, whatever happened while it waited",
        arguments: [Int16(12), 13], [Int32(30), Int32(LongFetch.partitionsPerSlice + 60)])
    func sameAnswer(version: Int16, partitions: Int32) throws {
        let harness = try ClusterHarness()
        try harness.createTopic("t", partitions: partitions)
        try harness.createTopic("u", partitions: few)
        let asked = [("t", partitions), ("u", few + 2)]
        let waiting = Consumer(harness, asked, version: version)
        let looking = Consumer(harness, asked, version: version)
        #expect(try told(try waiting.poll()) == told(try looking.poll()))
        var random = SplitMix64(state: UInt64(partitions) + UInt64(version))
        var ends: [Int32: Int64] = [:]
        var answers = 0
        for _ in 0..<60 {
            let sent = waiting.send(maxWaitMs: 200, minBytes: 1 << 24)
            for _ in 0..<Int.random(in: 0...3, using: &random) where try harness.answer(to: sent) == nil {
                try change(harness, partitions, &ends, &random) { try harness.answer(to: sent) != nil }
            }
            // Errors of partitions that exist end the wait, and so do topics that go.
            for _ in 0..<210 where try harness.answer(to: sent) == nil {
                harness.advance(by: 1)
            }
            let answer = try #require(try harness.answer(to: sent))
            try waiting.take(answer)
            let expected = try told(try looking.poll())
            let found = try told(answer)
            #expect(found == expected)
            answers += expected.isEmpty ? 0 : 1
        }
        #expect(answers > 20)
    }

    /// So few that they are made, and go, at once: a poll that this ends is compared with what is so then.
    private let few = Int32(Cluster.directoriesPerSlice - 2)

    private func change(
        _ harness: ClusterHarness, _ partitions: Int32, _ ends: inout [Int32: Int64], _ random: inout SplitMix64,
        isAnswered: () throws -> Bool
    ) throws {
        let partition = Int32.random(in: 0..<partitions, using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<5:
            try harness.produce("t", partition: partition, "\(random.next())")
            ends[partition, default: 0] += 1
        case 5..<7:
            guard let (partition, end) = ends.min(by: { $0.key < $1.key }) else {
                return
            }
            // The consumers may not have read so far: then it is an error that ends their polls.
            var item = DeleteRecordsRequest.DeleteRecordsPartition()
            (item.partitionIndex, item.offset) = (partition, end)
            var topic = DeleteRecordsRequest.DeleteRecordsTopic()
            (topic.name, topic.partitions) = ("t", [item])
            var deletion = DeleteRecordsRequest()
            deletion.topics = [topic]
            _ = try harness.call(deletion)
            ends[partition] = nil
        case 7:
            if harness.cluster.topics["u"] == nil {
                try harness.createTopic("u", partitions: few)
            } else {
                var deletion = DeleteTopicsRequest()
                deletion.topicNames = ["u"]
                _ = try harness.call(deletion, version: 5)
            }
        case 8 where harness.cluster.topics["u"]?.partitions.count == Int(few):
            var growth = CreatePartitionsRequest.CreatePartitionsTopic()
            (growth.name, growth.count) = ("u", few + 2)
            var request = CreatePartitionsRequest()
            (request.topics, request.timeoutMs) = ([growth], 10_000)
            _ = try harness.call(request)
        default:
            for _ in 0..<Int.random(in: 1...100, using: &random) where !(try isAnswered()) {
                harness.advance(by: 1)
            }
        }
    }
}
