import ClusterCore
import KafkaProtocol
import KafkaTransport
import Testing

@Suite("The list of connections", .timeLimit(.minutes(2)))
struct ConnectionListTests {
    private func list(
        _ loop: ClusterLoop, limit: Int = 10
    ) async throws -> (listed: [ConnectionDescription], count: Int) {
        try await loop.onLoop {
            loop.eventLoop.makeSucceededFuture(loop.describeConnections(limit: limit))
        }
    }

    @Test("a connection is listed with what its client tells of itself, as long as it is open")
    func client() async throws {
        try await TestLoop.run { loop, port in
            let before = WallClock.nowMs()
            let client = try RawClient(port: port)
            try client.send(
                RawClient.frame(RawClient.introduction, version: 3, correlationID: 1)
                    + RawClient.frame(ApiVersionsRequest(), version: 0, correlationID: 2))
            _ = try client.answer(to: ApiVersionsRequest.self, version: 3, correlationID: 1)
            _ = try client.answer(to: ApiVersionsRequest.self, version: 0, correlationID: 2)
            let (listed, count) = try await list(loop)
            #expect(count == 1)
            let one = try #require(listed.first)
            #expect(one.info.client.requests == 2)
            #expect(one.info.client.id == "test")
            #expect(one.info.client.softwareName == RawClient.introduction.clientSoftwareName)
            #expect(one.info.client.softwareVersion == RawClient.introduction.clientSoftwareVersion)
            #expect(one.address.hasPrefix("127.0.0.1:"))
            #expect(one.info.listener == .plaintext)
            #expect("\(one.info.principal)" == "User:ANONYMOUS")
            #expect(one.connectedMs >= before && one.connectedMs <= WallClock.nowMs())
        }
    }

    @Test("those that are open for longest are listed, all are counted")
    func limit() async throws {
        try await TestLoop.run { loop, port in
            let clients = try (0..<3).map { _ in try RawClient(port: port) }
            for client in clients {
                try client.send(RawClient.frame(RawClient.introduction, version: 3, correlationID: 1))
                _ = try client.answer(to: ApiVersionsRequest.self, version: 3, correlationID: 1)
            }
            let (listed, count) = try await list(loop, limit: 2)
            #expect(count == 3)
            #expect(listed.map(\.id) == [1, 2])
        }
    }
}
