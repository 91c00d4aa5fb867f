import KafkaProtocol
import Testing

@Suite("Connections", .timeLimit(.minutes(2)))
struct ConnectionTests {
    @Test("pipelined requests are answered in their order, although one of them has to wait")
    func pipelining() async throws {
        try await TestFleet.run { server in
            let client = try server.connect()
            try client.createTopic("t")
            let frames =
                RawClient.frame(RawClient.introduction, version: 3, correlationID: 1)
                + RawClient.frame(RawClient.fetch("t", from: 0, maxWaitMs: 300), version: 11, correlationID: 2)
                + RawClient.frame(MetadataRequest(), version: 9, correlationID: 3)
                + RawClient.frame(RawClient.fetch("t", from: 0, maxWaitMs: 100), version: 11, correlationID: 4)
                + RawClient.frame(ApiVersionsRequest(), version: 0, correlationID: 5)
            try client.send(frames)
            #expect(try client.answer(to: ApiVersionsRequest.self, version: 3, correlationID: 1).errorCode == 0)
            #expect(try client.answer(to: FetchRequest.self, version: 11, correlationID: 2).errorCode == 0)
            #expect(try client.answer(to: MetadataRequest.self, version: 9, correlationID: 3).brokers.count == 1)
            #expect(try client.answer(to: FetchRequest.self, version: 11, correlationID: 4).errorCode == 0)
            #expect(try client.answer(to: ApiVersionsRequest.self, version: 0, correlationID: 5).errorCode == 0)
        }
    }

    @Test("each of two pipelined long polls waits its own time, and the produce behind them is handled when they end")
    func pipelinedPolls() async throws {
        try await TestFleet.run { server in
            let client = try server.connect()
            try client.createTopic("t")
            let start = ContinuousClock.now
            let poll = RawClient.fetch("t", from: 0, maxWaitMs: 300)
            try client.send(
                RawClient.frame(poll, version: 11, correlationID: 1)
                    + RawClient.frame(poll, version: 11, correlationID: 2)
                    + RawClient.frame(
                        RawClient.produce("t", try RawClient.batch([[1]]), acks: 1), version: 7, correlationID: 3))
            _ = try client.answer(to: FetchRequest.self, version: 11, correlationID: 1)
            let first = ContinuousClock.now - start
            _ = try client.answer(to: FetchRequest.self, version: 11, correlationID: 2)
            let second = ContinuousClock.now - start
            _ = try client.answer(to: ProduceRequest.self, version: 7, correlationID: 3)
            #expect(first >= .milliseconds(300))
            // The second poll may begin before the first answer is read here, by what the way to this thread takes.
            // From the start on nothing is uncertain but the step of the server's clock, 1 ms for each poll.
            #expect(second >= .milliseconds(598))
        }
    }

    @Test("a produce behind a long poll on the same connection waits for that poll and no longer, as in Kafka")
    func produceBehindPoll() async throws {
        try await TestFleet.run { server in
            let client = try server.connect()
            try client.createTopic("t")
            let start = ContinuousClock.now
            let poll = RawClient.fetch("t", from: 0, maxWaitMs: 1_000)
            try client.send(RawClient.frame(poll, version: 11, correlationID: 1))
            let batch = try RawClient.batch([[1]])
            try client.send(RawClient.frame(RawClient.produce("t", batch, acks: 1), version: 7, correlationID: 2))
            _ = try client.answer(to: FetchRequest.self, version: 11, correlationID: 1)
            _ = try client.answer(to: ProduceRequest.self, version: 7, correlationID: 2)
            let passed = ContinuousClock.now - start
            #expect(passed >= .milliseconds(1_000) && passed < .milliseconds(1_900), "\(passed)")
        }
    }

    @Test(
        "a long poll is not waited for once its client sends no more, however many partitions are looked at first",
        arguments: [Int32(1), 5_000])
    func halfClosedPoll(partitions: Int32) async throws {
        try await TestFleet.run { server in
            let client = try server.connect()
            try client.createTopic("t")
            // The others do not exist, which is no reason to answer as long as one does.
            var poll = RawClient.fetch("t", from: 0, maxWaitMs: 300_000)
            let item = poll.topics[0].partitions[0]
            poll.topics[0].partitions = (0..<partitions).map { index in
                var item = item
                item.partition = index
                return item
            }
            try client.send(RawClient.frame(poll, version: 11, correlationID: 1))
            client.endSending()
            #expect(client.isClosedByServer())
        }
    }

    @Test("a long poll is answered as soon as another connection produces")
    func longPollWakes() async throws {
        try await TestFleet.run { server in
            let consumer = try server.connect()
            let producer = try server.connect()
            try producer.createTopic("t")
            // Longer than the client's patience: only the new records can bring the answer in time.
            let poll = RawClient.fetch("t", from: 0, maxWaitMs: 600_000)
            try consumer.send(RawClient.frame(poll, version: 11, correlationID: 1))
            let batch = try RawClient.batch([[1, 2, 3]])
            let produced = try producer.call(RawClient.produce("t", batch, acks: 1), version: 7)
            #expect(produced.responses.first?.partitionResponses.first?.errorCode == 0)
            let fetched = try consumer.answer(to: FetchRequest.self, version: 11, correlationID: 1)
            #expect(fetched.responses.first?.partitions.first?.highWatermark == 1)
        }
    }

    @Test("acks=0 leaves no answer behind")
    func acksZero() async throws {
        try await TestFleet.run { server in
            let client = try server.connect()
            try client.createTopic("t")
            let batch = try RawClient.batch([[1]])
            try client.send(
                RawClient.frame(RawClient.produce("t", batch, acks: 0), version: 7, correlationID: 7)
                    + RawClient.frame(RawClient.fetch("t", from: 0, maxWaitMs: 0), version: 11, correlationID: 8))
            let fetched = try client.answer(to: FetchRequest.self, version: 11, correlationID: 8)
            #expect(fetched.responses.first?.partitions.first?.highWatermark == 1)
        }
    }

    @Test("a request that arrives byte by byte is understood")
    func byteByByte() async throws {
        try await TestFleet.run { server in
            let client = try server.connect()
            for byte in RawClient.frame(MetadataRequest(), version: 1, correlationID: 4) {
                try client.send([byte])
            }
            #expect(try client.answer(to: MetadataRequest.self, version: 1, correlationID: 4).brokers.count == 1)
        }
    }

    @Test("batches of some megabytes come back as they were sent, and small requests behind them are answered")
    func largeBatches() async throws {
        try await TestFleet.run(["message.max.bytes=10000000"]) { server in
            let client = try server.connect()
            try client.createTopic("t")
            let value = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let batch = try RawClient.batch([value])
            var frames: [UInt8] = []
            for id in 1...4 {
                frames += RawClient.frame(
                    RawClient.produce("t", batch, acks: 1), version: 7, correlationID: Int32(id))
                frames += RawClient.frame(ApiVersionsRequest(), version: 0, correlationID: Int32(100 + id))
            }
            try client.send(frames)
            for id in 1...4 {
                let produced = try client.answer(to: ProduceRequest.self, version: 7, correlationID: Int32(id))
                #expect(produced.responses.first?.partitionResponses.first?.baseOffset == Int64(id - 1))
                _ = try client.answer(to: ApiVersionsRequest.self, version: 0, correlationID: Int32(100 + id))
            }
            let frame = RawClient.frame(RawClient.fetch("t", from: 3, maxWaitMs: 0), version: 11, correlationID: 9)
            try client.send(frame)
            let answer = try client.receiveFrame()
            // Base offset and leader epoch are the server's; the rest of the batch is the client's.
            #expect(answer.suffix(batch.count - 16).elementsEqual(batch.dropFirst(16)))
        }
    }

    @Test("a client that does not read is not read from, and finds every answer in order once it reads")
    func slowReader() async throws {
        try await TestFleet.run { server in
            let client = try server.connect(receiveBytes: 65_536)
            // Long requests, so that those on their way fill the system's buffers soon.
            var request = RawClient.introduction
            request.clientSoftwareName = String(repeating: "x", count: 8_000)
            let limit = 100_000
            var sent = 0
            var rest: [UInt8] = []
            while sent < limit, rest.isEmpty {
                let frame = RawClient.frame(request, version: 3, correlationID: Int32(sent))
                rest = Array(frame[try client.sendWhatFits(frame, patienceMs: 1_000)...])
                sent += 1
            }
            #expect(sent < limit, "the server goes on reading")
            // What the server holds back must not keep others waiting.
            #expect(try server.connect().call(ApiVersionsRequest(), version: 0).errorCode == 0)
            var id: Int32 = 0
            while id < sent {
                _ = try client.answer(to: ApiVersionsRequest.self, version: 3, correlationID: id)
                id += 1
                if !rest.isEmpty {
                    rest.removeFirst(try client.sendWhatFits(rest, patienceMs: 0))
                }
            }
        }
    }

    @Test("records of a slow reader's fetches stay in the log instead of piling up as answers")
    func slowFetcher() async throws {
        try await TestFleet.run { server in
            let writer = try server.connect()
            try writer.createTopic("t")
            let batch = try RawClient.batch([[UInt8](repeating: 7, count: 900_000)])
            for id in 0..<4 {
                _ = try writer.call(RawClient.produce("t", batch, acks: 1), version: 7, correlationID: Int32(id))
            }
            let client = try server.connect(receiveBytes: 65_536)
            let fetches = 30
            for id in 0..<fetches {
                let fetch = RawClient.fetch("t", from: Int64(id % 4), maxWaitMs: 0)
                try client.send(RawClient.frame(fetch, version: 11, correlationID: Int32(id)))
            }
            let last = RawClient.produce("t", try RawClient.batch([[1]]), acks: 1)
            try client.send(RawClient.frame(last, version: 7, correlationID: Int32(fetches)))
            // Ahead of the produce lie 27 MB of answers, more than the system's buffers and our limit take: after many
            // turns of the server's loop it must still wait.
            for _ in 0..<200 {
                let look = try writer.call(RawClient.fetch("t", from: 4, maxWaitMs: 0), version: 11)
                try #require(look.responses.first?.partitions.first?.highWatermark == 4)
            }
            for id in 0..<fetches {
                let answer = try client.answer(to: FetchRequest.self, version: 11, correlationID: Int32(id))
                #expect(answer.responses.first?.partitions.first?.errorCode == 0)
            }
            let produced = try client.answer(to: ProduceRequest.self, version: 7, correlationID: Int32(fetches))
            #expect(produced.responses.first?.partitionResponses.first?.baseOffset == 4)
        }
    }
}
