import Emulator
import KafkaProtocol
import Testing

@Suite("Stopping the server")
struct StopTests {
    private func httpPort(_ facts: ReadyFacts) throws -> Int {
        try #require(facts.http.split(separator: ":").last.flatMap { Int($0) })
    }

    @Test("connections to the HTTP port that are as old as the stop itself change nothing about it")
    func newConnections() async throws {
        for round in 0..<20 {
            var clients: [RawClient] = []
            try await TestFleet.run { fleet in
                let port = try httpPort(fleet.facts)
                for _ in 0...round { clients.append(try RawClient(port: port)) }
            }
            _ = clients
        }
    }

    @Test("half a request and a request that never ends do not hold up the stop")
    func halfRequests() async throws {
        let clock = ContinuousClock()
        var stopBegan = clock.now
        var clients: [RawClient] = []
        try await TestFleet.run { fleet in
            let port = try httpPort(fleet.facts)
            let heads = [
                "GET /hea", "",
                "POST /kafka/v3/clusters/lkc-source/topics/t/records HTTP/1.1\r\nhost: 127.0.0.1\r\n"
                    + "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
                "POST /kafka/v3/clusters/lkc-source/topics HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\n{",
            ]
            for head in heads {
                let client = try RawClient(port: port)
                try client.send(Array(head.utf8))
                clients.append(client)
            }
            stopBegan = clock.now
        }
        // Requests under way get 5 s; the rest is room for a busy machine. A stop that waited for them would take 60 s.
        #expect(clock.now - stopBegan < .seconds(30))
        _ = clients
    }
}
