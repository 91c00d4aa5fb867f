import Testing

@Suite("Places at the HTTP listener", .timeLimit(.minutes(2)))
struct HTTPPlacesTests {
    @Test("a thousand half requests do not keep a whole one waiting")
    func halfRequests() async throws {
        try await TestFleet.run { server in
            let port = try #require(server.facts.http.split(separator: ":").last.flatMap { Int($0) })
            var half: [RawClient] = []
            for _ in 0..<1_000 {
                let client = try RawClient(port: port)
                try client.send(Array("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n".utf8))
                half.append(client)
            }
            let start = ContinuousClock.now
            let client = try RawClient(port: port)
            try client.send(Array("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8))
            let answer = String(decoding: try client.receive(12), as: UTF8.self)
            #expect(answer == "HTTP/1.1 200")
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(half[0].isClosedByServer())
        }
    }
}
