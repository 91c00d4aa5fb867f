import ClusterCore
import KafkaClient
import KafkaProtocol
import NIOCore
import NIOPosix
import Testing

@testable import KafkaTransport

@Suite("Client transport", .timeLimit(.minutes(1)))
struct ClientTransportTests {
    /// Hears what happens on one connection and tells it from other threads.
    final class Listener: TransportDelegate, @unchecked Sendable {
        enum Event: Equatable {
            case connected
            case frame([UInt8])
            case closed(TransportFailure)
        }

        let events: AsyncStream<Event>
        private let continuation: AsyncStream<Event>.Continuation
        var connection: (any TransportConnection)?
        /// Sent as soon as the connection is there.
        var greeting: [UInt8] = []

        init() {
            (events, continuation) = AsyncStream.makeStream(of: Event.self)
        }

        func transportDidConnect() {
            continuation.yield(.connected)
            greeting.withUnsafeBytes { connection?.send($0) }
        }

        func transportDidReceive(frame: UnsafeRawBufferPointer) {
            continuation.yield(.frame(Array(frame)))
        }

        func transportDidClose(_ failure: TransportFailure) {
            continuation.yield(.closed(failure))
            continuation.finish()
        }
    }

    private func dial(
        _ address: HostPort, greeting: [UInt8] = [], places: ProcessConnections = ProcessConnections(limit: 100)
    ) async throws -> Listener {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let listener = Listener()
        listener.greeting = greeting
        try await loop.submit {
            let transport = NIOClientTransport(on: loop, places: places)
            listener.connection = transport.connect(
                to: address, tls: nil, timeoutMs: 10_000, delegate: listener)
        }.get()
        return listener
    }

    @Test("frames go out with their length and answers come back whole")
    func roundTrip() async throws {
        try await TestFleet.run { server in
            let request = Array(RawClient.frame(MetadataRequest(), version: 1, correlationID: 42).dropFirst(4))
            let listener = try await dial(HostPort(host: "127.0.0.1", port: Int32(server.port())), greeting: request)
            var events = listener.events.makeAsyncIterator()
            #expect(await events.next() == .connected)
            guard case .frame(let frame)? = await events.next() else {
                Issue.record("no frame came")
                return
            }
            #expect(frame.prefix(4) == [0, 0, 0, 42])
        }
    }

    @Test("beyond its share of file descriptors nobody is dialled, which is told; who leaves makes room")
    func places() async throws {
        try await TestFleet.run { server in
            let places = ProcessConnections(limit: 1)
            let here = HostPort(host: "127.0.0.1", port: Int32(server.port()))
            var failed = try await dial(HostPort(host: "no-such-host.invalid", port: 1), places: places)
                .events.makeAsyncIterator()
            _ = await failed.next()
            // Its greeting ends this one.
            let short = try await dial(here, greeting: [0x7f, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff], places: places)
            for await _ in short.events {}
            // Nobody ends a connection there, as a server does that has too many of others.
            let quiet = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .bind(host: "127.0.0.1", port: 0).get()
            let there = HostPort(host: "127.0.0.1", port: Int32(try #require(quiet.localAddress?.port)))
            var kept: Listener?
            for _ in 0..<1_000 where kept == nil {
                let next = try await dial(there, places: places)
                var events = next.events.makeAsyncIterator()
                kept = await events.next() == .connected ? next : nil
            }
            try #require(kept != nil)
            var events = try await dial(there, places: places).events.makeAsyncIterator()
            guard case .closed(.failed(let reason))? = await events.next() else {
                Issue.record("there was room")
                return
            }
            #expect(reason.contains("file descriptors"))
            withExtendedLifetime(kept) {}
            try await quiet.close()
        }
    }

    @Test("a name is resolved")
    func resolvesNames() async throws {
        try await TestFleet.run { server in
            let listener = try await dial(HostPort(host: "localhost", port: Int32(server.port())))
            var events = listener.events.makeAsyncIterator()
            #expect(await events.next() == .connected)
        }
    }

    @Test("a refused connection is told as such, once and last")
    func refused() async throws {
        // Free a moment ago, so nobody listens there now.
        var port = 0
        try await TestFleet.run { server in port = server.port() }
        let listener = try await dial(HostPort(host: "127.0.0.1", port: Int32(port)))
        var events: [Listener.Event] = []
        for await event in listener.events {
            events.append(event)
        }
        #expect(events == [.closed(.connectFailed("Connection refused"))])
    }

    @Test("a host without an address is told as such")
    func unresolvable() async throws {
        let listener = try await dial(HostPort(host: "no-such-host.invalid", port: 1))
        var events = listener.events.makeAsyncIterator()
        #expect(await events.next() == .closed(.unresolvable("no-such-host.invalid")))
    }

    @Test("the other side's close is heard")
    func closedByPeer() async throws {
        try await TestFleet.run { server in
            let address = HostPort(host: "127.0.0.1", port: Int32(server.port()))
            // An API key that nobody serves ends the connection.
            let listener = try await dial(address, greeting: [0x7f, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff])
            var events = listener.events.makeAsyncIterator()
            #expect(await events.next() == .connected)
            #expect(await events.next() == .closed(.closedByPeer))
        }
    }

    @Test("a cancelled call is not made, others are made in their order")
    func schedule() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (numbers, continuation) = AsyncStream.makeStream(of: Int.self)
        try await loop.submit {
            let transport = NIOClientTransport(on: loop)
            transport.schedule(afterMs: 30) {
                continuation.yield(3)
                continuation.finish()
            }
            transport.schedule(afterMs: 0) { continuation.yield(1) }
            transport.schedule(afterMs: 10) { continuation.yield(2) }.cancel()
        }.get()
        var made: [Int] = []
        for await number in numbers {
            made.append(number)
        }
        #expect(made == [1, 3])
    }

    @Test("BrokerConnection negotiates and asks over a real socket")
    func brokerConnection() async throws {
        try await TestFleet.run { server in
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            let port = Int32(server.port())
            let holder = NIOLoopBoundBox<BrokerConnection?>.makeEmptyBox(
                valueType: BrokerConnection.self, eventLoop: loop)
            let clusterID = try await loop.flatSubmit {
                let answer = loop.makePromise(of: String?.self)
                let connection = BrokerConnection(
                    to: HostPort(host: "127.0.0.1", port: port), settings: ConnectionSettings(),
                    transport: NIOClientTransport(on: loop))
                holder.value = connection
                connection.send(MetadataRequest()) { result in
                    answer.completeWith(result.map(\.clusterID).mapError { $0 as any Error })
                }
                return answer.futureResult
            }.get()
            #expect(clusterID == "lkc-source")
            try await loop.submit { holder.value?.close() }.get()
        }
    }
}
