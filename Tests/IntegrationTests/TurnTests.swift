import ClusterCore
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaTransport

/// One client with many requests does not keep the others waiting for all of them.
@Suite("Turns between connections", .timeLimit(.minutes(2)))
struct TurnTests {
    private static let count = 300

    /// One request after the other, in one piece, that make a topic each.
    private static var burst: [UInt8] {
        (0..<count).flatMap { index in
            var topic = CreateTopicsRequest.CreatableTopic()
            topic.name = "t\(index)"
            topic.numPartitions = 1
            topic.replicationFactor = 1
            var request = CreateTopicsRequest()
            request.topics = [topic]
            request.timeoutMs = 10_000
            return RawClient.frame(request, version: 4, correlationID: Int32(index))
        }
    }

    private func topicCount(_ client: RawClient) throws -> Int {
        var request = MetadataRequest()
        request.topics = nil
        return try client.call(request, version: 9).topics.count
    }

    @Test("others are answered between the requests that one client has sent in one go")
    func pipelined() async throws {
        try await TestLoop.run { $0.turnMs = 0 } _: { _, port in
            let other = try RawClient(port: port)
            #expect(try topicCount(other) == 0)
            let busy = try RawClient(port: port)
            try busy.send(Self.burst)
            var seen: [Int] = []
            while seen.last != Self.count {
                seen.append(try topicCount(other))
            }
            // Without turns, none of them or all of them are there.
            #expect(seen.contains { $0 > 0 && $0 < Self.count }, "\(seen)")
            for index in 0..<Int32(Self.count) {
                let answer = try busy.answer(to: CreateTopicsRequest.self, version: 4, correlationID: index)
                #expect(answer.topics.first?.errorCode == 0)
            }
        }
    }

    @Test("clients that all send much are all answered, in the order of their requests")
    func crowd() async throws {
        try await TestLoop.run { $0.turnMs = 0 } _: { _, port in
            let clients = try (0..<10).map { _ in try RawClient(port: port) }
            let frames = (0..<Int32(100)).flatMap {
                RawClient.frame(MetadataRequest(), version: 9, correlationID: $0)
            }
            for client in clients {
                try client.send(frames)
            }
            for client in clients {
                for id in 0..<Int32(100) {
                    _ = try client.answer(to: MetadataRequest.self, version: 9, correlationID: id)
                }
            }
        }
    }

    @Test("long frames that come at once are not handled at once: others are, between the first and the second")
    func longFrames() async throws {
        try await TestLoop.run {
            ($0.quickFrameUs, $0.turnPauseUs) = (0, 2_000_000)
        } _: { loop, port in
            let clients = try [RawClient(port: port), RawClient(port: port)]
            let other = try RawClient(port: port)
            _ = try other.call(ApiVersionsRequest(), version: 0)
            // Nobody knows this session: that is answered at once, once all partitions are decoded.
            var fetch = RawClient.fetch("t", from: 0, maxWaitMs: 0)
            (fetch.sessionID, fetch.sessionEpoch) = (7, 7)
            let partition = fetch.topics[0].partitions[0]
            fetch.topics[0].partitions = (0..<3_000).map { _ in partition }
            let frame = RawClient.frame(fetch, version: 11, correlationID: 1)
            #expect(frame.count > RequestElements.longFrameBytes)
            for client in clients {
                try client.send(Array(frame.dropLast(30_000)))
            }
            let handled = try await loop.onLoop {
                // The loop is here; what comes meanwhile it finds in one look at its sockets.
                let handled = loop.eventLoop.makePromise(of: Int.self)
                @Sendable func look() {
                    let count = clients.count(where: \.hasBytes)
                    guard count == 0 else { return handled.succeed(count) }
                    loop.eventLoop.scheduleTask(in: .milliseconds(1), look)
                }
                do {
                    for client in clients {
                        try client.send(Array(frame.suffix(30_000)))
                    }
                    try other.send(RawClient.frame(ApiVersionsRequest(), version: 0, correlationID: 2))
                    look()
                } catch {
                    handled.fail(error)
                }
                return handled.futureResult
            }
            #expect(handled == 1, "the second one waits for two seconds")
            _ = try other.answer(to: ApiVersionsRequest.self, version: 0, correlationID: 2)
            for client in clients {
                let answer = try client.answer(to: FetchRequest.self, version: 11, correlationID: 1)
                #expect(answer.errorCode == ErrorCode.fetchSessionIDNotFound.rawValue)
            }
        }
    }

    @Test("after a slow frame nothing long begins before the loop has left its sockets, however long that takes")
    func look() async throws {
        try await TestLoop.run {
            ($0.quickFrameUs, $0.turnPauseUs) = (0, 1)
        } _: { loop, _ in
            let mayBegin = try await loop.onLoop {
                #expect(loop.endSlice(since: .now() - .milliseconds(1)))
                let end = NIODeadline.now() + .milliseconds(1)
                while NIODeadline.now() < end {}
                return loop.eventLoop.makeSucceededFuture(loop.mayBeginLongFrame)
            }
            #expect(!mayBegin)
            while try await !loop.onLoop({ loop.eventLoop.makeSucceededFuture(loop.mayBeginLongFrame) }) {}
        }
    }

    @Test("slices begin in the order in which they were asked for, also those that one of them asks for")
    func order() async throws {
        try await TestLoop.run { $0.turnPauseUs = 1 } _: { loop, _ in
            let order = try await loop.onLoop {
                let done = loop.eventLoop.makePromise(of: [Int].self)
                nonisolated(unsafe) var seen: [Int] = []
                nonisolated(unsafe) var rounds = 0
                @Sendable func greedy() {
                    seen.append(0)
                    rounds += 1
                    if rounds < 4 { loop.inNextSlice(greedy) }
                    // Longer than the pause: whoever waits is due as well.
                    let end = NIODeadline.now() + .milliseconds(1)
                    while NIODeadline.now() < end {}
                }
                loop.inNextSlice(greedy)
                for index in 1...3 { loop.inNextSlice { seen.append(index) } }
                loop.inNextSlice { loop.inNextSlice { done.succeed(seen) } }
                return done.futureResult
            }
            #expect(order == [0, 1, 2, 3, 0])
        }
    }

    @Test("a connection stands in the queue once, however often its socket becomes writable")
    func queuedOnce() async throws {
        try await TestLoop.run { loop, port in
            let client = try RawClient(port: port)
            _ = try client.call(ApiVersionsRequest(), version: 0)
            let lengths = try await loop.onLoop {
                let id = ConnectionID(rawValue: 1)
                for _ in 0..<3 {
                    loop.awaitTurn(id)
                }
                return loop.eventLoop.makeSucceededFuture(loop.turnWaiters.count)
            }
            #expect(lengths == 1)
            // Its turn comes and goes, and it can queue again.
            _ = try client.call(ApiVersionsRequest(), version: 0)
            while try await loop.onLoop({ loop.eventLoop.makeSucceededFuture(loop.turnWaiters.count) }) > 0 {}
            let again = try await loop.onLoop {
                loop.awaitTurn(ConnectionID(rawValue: 1))
                return loop.eventLoop.makeSucceededFuture(loop.turnWaiters.count)
            }
            #expect(again == 1)
        }
    }

    @Test("connections are bounded over all clusters of the process, and who is refused is told in the log")
    func processConnections() async throws {
        let places = ProcessConnections(limit: 2)
        let lines = LogLines()
        try await TestLoop.run(connections: places) { _, firstPort in
            try await TestLoop.run(connections: places, lines: lines) { _, secondPort in
                let first = try RawClient(port: firstPort)
                _ = try first.call(ApiVersionsRequest(), version: 0)
                var second: RawClient? = try RawClient(port: secondPort)
                _ = try second?.call(ApiVersionsRequest(), version: 0)
                #expect(try RawClient(port: secondPort).isClosedByServer())
                let refusal = try #require(lines.all.first { $0.contains("refused a connection") })
                #expect(refusal.contains("2 connections") && refusal.contains("file descriptors"))
                second = nil
                // The server sees the end of the second one after we do: ask until there is room.
                var isServed = false
                for _ in 0..<1_000 where !isServed {
                    isServed = (try? RawClient(port: secondPort).call(ApiVersionsRequest(), version: 0)) != nil
                }
                #expect(isServed)
            }
        }
    }

    @Test(
        "everybody who takes file descriptors leaves those of the others alone",
        arguments: [256, 1_024, 4_096, 20_000, 1 << 20])
    func shares(descriptors: Int) {
        let shares = DescriptorShares(descriptors: descriptors)
        let sum = shares.connections + shares.logFiles + shares.http + shares.links
        #expect(sum + 64 <= descriptors)
        #expect(shares.connections >= descriptors / 3)
        #expect(min(shares.logFiles, shares.http, shares.links) >= 16)
    }

    @Test("a process with hardly any file descriptors still takes connections of every kind")
    func fewDescriptors() {
        let shares = DescriptorShares(descriptors: 64)
        #expect(min(shares.connections, shares.logFiles, shares.http, shares.links) >= 4)
    }
}
