import KafkaProtocol
import Testing

@Suite("Limits of connections", .timeLimit(.minutes(2)))
struct LimitTests {
    static let garbage: [(String, [UInt8])] = [
        ("a length above socket.request.max.bytes", [0x7f, 0xff, 0xff, 0xff]),
        ("a negative length", [0xff, 0xff, 0xff, 0xff]),
        ("the smallest length there is", [0x80, 0, 0, 0]),
        ("an empty frame", [0, 0, 0, 0]),
        ("an HTTP request", Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)),
        ("a TLS client hello", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc]),
        ("an unknown API key", [0, 0, 0, 10, 0x7f, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff]),
        ("a header that ends early", [0, 0, 0, 3, 0, 18, 0]),
    ]

    @Test("what is no request ends its connection and nothing else", arguments: garbage)
    func garbageClosesItsConnection(_ name: String, _ bytes: [UInt8]) async throws {
        try await TestFleet.run { server in
            let other = try server.connect()
            let client = try server.connect()
            try client.send(bytes)
            #expect(client.isClosedByServer(), "\(name)")
            #expect(try other.call(ApiVersionsRequest(), version: 0).errorCode == 0)
        }
    }

    @Test("answers to the requests before a bad one still arrive")
    func answersBeforeGarbage() async throws {
        try await TestFleet.run { server in
            let client = try server.connect()
            try client.send(
                RawClient.frame(ApiVersionsRequest(), version: 0, correlationID: 1) + [0xff, 0xff, 0xff, 0xff])
            #expect(try client.answer(to: ApiVersionsRequest.self, version: 0, correlationID: 1).errorCode == 0)
            #expect(client.isClosedByServer())
        }
    }

    @Test("a frame of exactly socket.request.max.bytes is read, one byte more is not")
    func frameLimit() async throws {
        try await TestFleet.run(["socket.request.max.bytes=1000"]) { server in
            func frame(_ length: Int) -> [UInt8] {
                var request = RawClient.introduction
                request.clientSoftwareName = ""
                let empty = RawClient.frame(request, version: 3, correlationID: 1).count - 4
                // The name's length takes two bytes as a varint once it is above 126.
                request.clientSoftwareName = String(repeating: "x", count: length - empty - 1)
                return RawClient.frame(request, version: 3, correlationID: 1)
            }
            #expect(frame(1000).count == 1004)
            let client = try server.connect()
            try client.send(frame(1000))
            _ = try client.answer(to: ApiVersionsRequest.self, version: 3, correlationID: 1)
            try client.send(frame(1001))
            #expect(client.isClosedByServer())
        }
    }

    @Test("an idle connection is closed, one that waits for its answer is not")
    func idleConnections() async throws {
        try await TestFleet.run(["connections.max.idle.ms=100"]) { server in
            let idle = try server.connect()
            let waiting = try server.connect()
            try waiting.createTopic("t")
            let poll = RawClient.fetch("t", from: 0, maxWaitMs: 1_500)
            try waiting.send(RawClient.frame(poll, version: 11, correlationID: 2))
            #expect(idle.isClosedByServer())
            #expect(try waiting.answer(to: FetchRequest.self, version: 11, correlationID: 2).errorCode == 0)
        }
    }

    @Test("connections beyond max.connections are closed, and a place that becomes free can be taken")
    func connectionLimit() async throws {
        try await TestFleet.run(["max.connections=2"]) { server in
            let first = try server.connect()
            _ = try first.call(ApiVersionsRequest(), version: 0)
            var second: RawClient? = try server.connect()
            _ = try second?.call(ApiVersionsRequest(), version: 0)
            #expect(try server.connect().isClosedByServer())
            second = nil
            // The server sees the end of the second one after we do: ask until there is room.
            var isServed = false
            for _ in 0..<1_000 where !isServed {
                isServed = (try? server.connect().call(ApiVersionsRequest(), version: 0)) != nil
            }
            #expect(isServed)
            #expect(try first.call(ApiVersionsRequest(), version: 0).errorCode == 0)
        }
    }
}
