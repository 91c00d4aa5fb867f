import KafkaTransport
import Logging
import Synchronization
import Testing

@testable import Emulator
@testable import RESTAPI

/// Answers that are written piece by piece, over real connections.
@Suite("Event streams", .timeLimit(.minutes(2)))
struct HTTPStreamTests {
    /// What a stream's work saw of its life.
    private final class Witness: Sendable {
        private let states = Mutex<(begun: Int, ended: Int, sent: Int)>((0, 0, 0))

        var begun: Int { states.withLock { $0.begun } }
        var ended: Int { states.withLock { $0.ended } }
        var sent: Int { states.withLock { $0.sent } }
        func begins() { states.withLock { $0.begun += 1 } }
        func ends() { states.withLock { $0.ended += 1 } }
        func sends() { states.withLock { $0.sent += 1 } }
    }

    /// Serves `/quiet`, which says hello and then nothing, `/flood`, which says as much as is taken, and `/short`,
    /// which says three things and fails.
    private func serve(_ witness: Witness, _ body: (_ port: Int) async throws -> Void) async throws {
        let table = RouteTable([
            Route(.get, "/quiet") { _, _ in
                .events { events in
                    witness.begins()
                    defer { witness.ends() }
                    try await events.send("hello", ["a": 1])
                    try await Task.sleep(for: .seconds(3600))
                }
            },
            Route(.get, "/flood") { _, _ in
                .events { events in
                    witness.begins()
                    defer { witness.ends() }
                    let text = JSON.string(String(repeating: "x", count: 10_000))
                    while true {
                        try await events.send("data", text)
                        witness.sends()
                    }
                }
            },
            Route(.get, "/short") { _, _ in
                .events { events in
                    for number in 1...3 {
                        try await events.send("count", JSON(number))
                    }
                    throw RESTError.notFound("It is gone.")
                }
            },
            Route(.get, "/healthz") { _, _ in .noContent },
        ])
        try await TestFleet.run { server in
            var settings = ServeSettings()
            settings.set(.ephemeral, "true", .flag("ephemeral"))
            let configuration = try ServeConfiguration.resolve(flags: settings, environment: [:]) {
                (path) throws(StartError) in throw StartError(.configuration, path)
            }
            let service = try await HTTPService.start(
                fleet: server.fleet, configuration, port: 0, logger: Logger(label: "test"), table: table)
            do {
                try await body(try #require(service.url.split(separator: ":").last.flatMap { Int($0) }))
            } catch {
                await service.stop()
                throw error
            }
            await service.stop()
        }
    }

    private func ask(_ path: String, _ port: Int, receiveBytes: Int32? = nil) throws -> RawClient {
        let client = try RawClient(port: port, receiveBytes: receiveBytes)
        try client.send(Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8))
        return client
    }

    /// Reads to the end of `text`.
    private func read(_ client: RawClient, until text: String) throws -> String {
        var bytes: [UInt8] = []
        let wanted = Array(text.utf8)
        while !bytes.suffix(wanted.count).elementsEqual(wanted) {
            bytes += try client.receive(1)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func eventually(_ condition: () -> Bool) async throws {
        for _ in 0..<2_000 where !condition() {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(condition())
    }

    @Test("events come as they are written, a failure is the last one, and the connection can be used again")
    func events() async throws {
        try await serve(Witness()) { port in
            let client = try ask("/short", port)
            let answer = try read(client, until: "0\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.lowercased().contains("content-type: text/event-stream\r\n"))
            #expect(answer.contains("event: count\ndata: 1\n\n"))
            #expect(answer.contains("event: count\ndata: 3\n\n"))
            #expect(answer.contains("event: error\ndata: {\"error_code\":404,\"message\":\"It is gone.\"}\n\n"))
            try client.send(Array("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8))
            #expect(try read(client, until: "\r\n") == "HTTP/1.1 204 No Content\r\n")
        }
    }

    @Test("the work of a stream ends when its client goes away, although nothing is written")
    func goneClient() async throws {
        let witness = Witness()
        try await serve(witness) { port in
            var client: RawClient? = try ask("/quiet", port)
            _ = try client.map { try read($0, until: "data: {\"a\":1}\n\n") }
            #expect(witness.ended == 0)
            client = nil
            try await eventually { witness.ended == 1 }
        }
    }

    @Test("a client that reads nothing is written only what its connection holds")
    func slowClient() async throws {
        let witness = Witness()
        try await serve(witness) { port in
            var client: RawClient? = try ask("/flood", port, receiveBytes: 4_096)
            try await eventually { witness.sent > 0 }
            var last = -1
            // Until nothing more is taken for a while.
            while last != witness.sent {
                last = witness.sent
                try await Task.sleep(for: .milliseconds(300))
            }
            #expect(last < 2_000, "20 MB wait for a client that reads nothing")
            #expect(witness.ended == 0)
            client = nil
            _ = client
            try await eventually { witness.ended == 1 }
        }
    }

    @Test("more streams than there may be are refused with a text, and places come back")
    func limit() async throws {
        let witness = Witness()
        try await serve(witness) { port in
            var clients: [RawClient] = []
            for _ in 0..<HTTPStreams.limit {
                clients.append(try ask("/quiet", port))
            }
            try await eventually { witness.begun == HTTPStreams.limit }
            let refused = try ask("/quiet", port)
            let answer = try read(refused, until: "}")
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.contains("64 event streams are open"))
            clients.removeLast()
            try await eventually { witness.ended == 1 }
            var answers: [String] = []
            for _ in 0..<200 where answers.last != "HTTP/1.1 200" {
                let client = try ask("/quiet", port)
                answers.append(String(decoding: try client.receive(12), as: UTF8.self))
                clients.append(client)
            }
            #expect(answers.last == "HTTP/1.1 200")
        }
    }

    @Test("connections without number do not take a stream's place")
    func places() async throws {
        let witness = Witness()
        try await serve(witness) { port in
            let client = try ask("/quiet", port)
            _ = try read(client, until: "data: {\"a\":1}\n\n")
            var others: [RawClient] = []
            for _ in 0..<DescriptorShares.process.http + 20 {
                others.append(try ask("/healthz", port))
            }
            #expect(try read(#require(others.last), until: "\r\n") == "HTTP/1.1 204 No Content\r\n")
            #expect(witness.ended == 0)
            #expect(!client.hasBytes || !client.isClosedByServer())
        }
    }

    @Test("the end of the server is the end of streams, at once, whether or not they are read")
    func stop() async throws {
        let witness = Witness()
        var clients: [RawClient] = []
        let clock = ContinuousClock()
        var stopBegan = clock.now
        try await serve(witness) { port in
            for _ in 0..<10 {
                clients.append(try ask("/quiet", port))
                clients.append(try ask("/flood", port, receiveBytes: 4_096))
            }
            try await eventually { witness.begun == 20 }
            stopBegan = clock.now
        }
        #expect(witness.ended == 20)
        // Far below what any of the server's patience would add up to.
        #expect(clock.now - stopBegan < .seconds(10))
        #expect(try read(clients[0], until: "0\r\n\r\n").contains("event: hello"))
    }
}
