import ClusterCore
import KafkaProtocol
import KafkaTransport
import Testing

/// What clients that ask and do not read, or send and do not finish, can make a cluster hold.
@Suite("Memory of connections", .timeLimit(.minutes(2)))
struct MemoryTests {
    /// A cluster in memory with limits of its own.
    private func withLoop(
        _ change: (inout TransportLimits) -> Void, _ body: (ClusterLoop, Int) async throws -> Void
    ) async throws {
        try await TestLoop.run(change) { try await body($0, $1) }
    }

    private func use(_ loop: ClusterLoop) async throws -> (now: Int, peak: Int) {
        try await loop.onLoop { loop.eventLoop.makeSucceededFuture(loop.memoryUse) }
    }

    private func wait(_ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while try await !condition() {
            try #require(ContinuousClock.now < end, "it never came to that")
        }
    }

    private static let batch = 4_000_000

    /// A topic with 40 MB, and a fetch of it all.
    private func fill(_ client: RawClient) throws -> FetchRequest {
        try client.createTopic("t")
        let batch = try RawClient.batch([[UInt8](repeating: 7, count: Self.batch)])
        for id in Int32(0)..<10 {
            let produced = try client.call(
                RawClient.produce("t", batch, acks: 1), version: 7, correlationID: id)
            try #require(produced.responses.first?.partitionResponses.first?.errorCode == 0)
        }
        var fetch = RawClient.fetch("t", from: 0, maxWaitMs: 0)
        fetch.maxBytes = 50_000_000
        fetch.topics[0].partitions[0].partitionMaxBytes = 50_000_000
        return fetch
    }

    @Test("clients that ask for 40 MB each and read nothing make a cluster hold a piece of it each")
    func slowReaders() async throws {
        try await withLoop { _ in } _: { loop, port in
            let writer = try RawClient(port: port)
            let fetch = try fill(writer)
            var slow: [RawClient] = []
            for _ in 0..<20 {
                let client = try RawClient(port: port, receiveBytes: 65_536)
                try client.send(RawClient.frame(fetch, version: 11, correlationID: 1))
                slow.append(client)
            }
            // Everybody has begun to be answered.
            for client in slow {
                _ = try client.receive(1)
            }
            #expect(try writer.call(MetadataRequest(), version: 9).brokers.count == 1)
            let used = try await use(loop)
            #expect(used.peak < 20 * 3_000_000, "\(used)")
            // Who reads after all gets everything.
            var length = try slow[0].receive(3)
            length.insert(0, at: 0)
            let count = length.reduce(0) { $0 << 8 | Int($1) }
            _ = try slow[0].receive(count)
            slow = []
            try await wait { try await use(loop).now == 0 }
        }
    }

    @Test("a batch that decompresses to much goes to another thread and comes back", arguments: [Int16(1), 0])
    func bomb(acks: Int16) async throws {
        try await withLoop { _ in } _: { loop, port in
            let client = try RawClient(port: port)
            try client.createTopic("t")
            var builder = RecordBatchBuilder(compression: .gzip)
            builder.append(key: nil, value: [UInt8](repeating: 0, count: 100_000_000), timestamp: -1)
            let batch = try builder.build()
            #expect(batch.count < 200_000)
            let produce = RawClient.produce("t", batch, acks: acks)
            if acks == 0 {
                try client.send(RawClient.frame(produce, version: 7, correlationID: 1))
            } else {
                let answer = try client.call(produce, version: 7)
                #expect(answer.responses.first?.partitionResponses.first?.errorCode == 0)
            }
            // The next request of the connection finds it in its place.
            let fetch = RawClient.fetch("t", from: 0, maxWaitMs: 0)
            let answer = try client.call(fetch, version: 11, correlationID: 2)
            #expect(answer.responses.first?.partitions.first?.highWatermark == 1)
            try await wait { try await use(loop).now == 0 }
        }
    }

    @Test("an answer longer than all the memory there is still arrives")
    func longerThanTheBudget() async throws {
        try await withLoop { $0.memoryBytes = 100_000 } _: { _, port in
            let client = try RawClient(port: port)
            let fetch = try fill(client)
            let answer = try client.call(fetch, version: 11, correlationID: 77)
            #expect(answer.responses.first?.partitions.first?.records?.count ?? 0 > 10 * Self.batch)
            #expect(try client.call(MetadataRequest(), version: 9, correlationID: 78).brokers.count == 1)
        }
    }

    @Test("while clients that do not read hold all memory, small requests are answered, and long ones get their place")
    func shortOfMemory() async throws {
        try await withLoop {
            $0.memoryBytes = 300_000
            $0.stalledMs = 300
        } _: { loop, port in
            let writer = try RawClient(port: port)
            let fetch = try fill(writer)
            let slow = try RawClient(port: port, receiveBytes: 65_536)
            try slow.send(RawClient.frame(fetch, version: 11, correlationID: 1))
            _ = try slow.receive(1)
            try await wait { try await use(loop).now >= 300_000 }
            let small = try RawClient.batch([[1]])
            let produced = try writer.call(RawClient.produce("t", small, acks: 1), version: 7)
            #expect(produced.responses.first?.partitionResponses.first?.errorCode == 0)
            // Its answer could be long: it waits until the silent client is closed.
            #expect(try writer.call(MetadataRequest(), version: 9).brokers.count == 1)
            #expect(try await use(loop).now < 300_000)
        }
    }

    @Test("long requests that are never finished do not keep others out for ever, and a whole one is served")
    func unfinishedRequests() async throws {
        try await withLoop {
            $0.memoryBytes = 3_000_000
            $0.stalledMs = 300
        } _: { loop, port in
            let writer = try RawClient(port: port)
            try writer.createTopic("t")
            let batch = try RawClient.batch([[UInt8](repeating: 7, count: Self.batch)])
            let frame = RawClient.frame(RawClient.produce("t", batch, acks: 1), version: 7, correlationID: 5)
            var unfinished: [RawClient] = []
            for _ in 0..<6 {
                let client = try RawClient(port: port)
                // A client that is let go meanwhile has had its chance.
                _ = try? client.sendWhatFits(Array(frame[..<3_500_000]), patienceMs: 100)
                unfinished.append(client)
            }
            // Each may have announced 4 MB and sent 3.5; those that had to wait hold what one read brought.
            let used = try await use(loop)
            #expect(used.peak < 6 * 4_000_000, "\(used)")
            try writer.send(frame)
            let answer = try writer.answer(to: ProduceRequest.self, version: 7, correlationID: 5)
            #expect(answer.responses.first?.partitionResponses.first?.errorCode == 0)
            #expect(unfinished.count == 6)
        }
    }

    /// A request that names many topics which are not there.
    private static func manyNames(_ count: Int) -> [UInt8] {
        var request = MetadataRequest()
        request.allowAutoTopicCreation = false
        request.topics = (0..<count).map { index in
            var topic = MetadataRequest.MetadataRequestTopic()
            topic.name = "absent-\(index)"
            return topic
        }
        return RawClient.frame(request, version: 9, correlationID: 1)
    }

    @Test("requests that hold all memory themselves while they wait for some are answered, one after the other")
    func waitingRequests() async throws {
        try await withLoop {
            $0.memoryBytes = 300_000
            $0.starvedMs = 200
        } _: { _, port in
            let frame = Self.manyNames(20_000)
            #expect(frame.count > 200_000)
            let clients = try (0..<4).map { _ in try RawClient(port: port) }
            // Nobody's is whole before there is no memory any more; reading may stop before the end.
            let sent = try clients.map { try $0.sendWhatFits(Array(frame.dropLast()), patienceMs: 50) }
            for (client, count) in zip(clients, sent) {
                try client.send(Array(frame[count...]))
            }
            for client in clients {
                let answer = try client.answer(to: MetadataRequest.self, version: 9, correlationID: 1)
                #expect(answer.topics.count == 20_000)
            }
        }
    }

    @Test("more long requests than are answered in slices at a time wait for their turn")
    func manySliced() async throws {
        try await withLoop { _ in } _: { loop, port in
            var request = DeleteTopicsRequest()
            request.topicNames = (0..<400).map { "a-name-of-some-length-\($0)" }
            let frame = RawClient.frame(request, version: 5, correlationID: 1)
            let clients = try (0..<80).map { _ in try RawClient(port: port) }
            for client in clients {
                try client.send(frame)
            }
            var most = 0
            try await wait {
                let count = try await loop.onLoop {
                    loop.eventLoop.makeSucceededFuture(loop.withCluster { cluster, _ in cluster.slicedRequestCount })
                }
                most = max(most, count)
                return most > 1 && count == 0
            }
            #expect(most <= SliceKind.plans.places(of: ClusterLimits().slicedRequests))
            for client in clients {
                let answer = try client.answer(to: DeleteTopicsRequest.self, version: 5, correlationID: 1)
                #expect(answer.responses.count == 400)
            }
        }
    }
}
