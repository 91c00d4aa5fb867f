import ClientTestSupport
import KafkaClient
import KafkaProtocol
import Testing

private let address = HostPort(host: "broker", port: 9092)

/// A connection to a scripted broker.
private struct Bench {
    let transport = ManualTransport()
    let broker = ScriptedBroker()
    var settings = ConnectionSettings()

    init() {
        transport.serve(address, broker)
        broker.on(MetadataRequest.self) { _, _ in MetadataResponse(brokers: [1: address], topics: []) }
    }

    func connect() -> BrokerConnection {
        BrokerConnection(to: address, settings: settings, transport: transport)
    }
}

/// Collects what completions are called with.
private final class Outcomes<Value> {
    var values: [Result<Value, ClientError>] = []
    var errors: [ClientError] {
        values.compactMap { result in
            if case .failure(let error) = result { error } else { nil }
        }
    }
    var successes: Int { values.count - errors.count }

    func take(_ result: Result<Value, ClientError>) {
        values.append(result)
    }
}

@Suite("Connections to brokers")
struct ConnectionTests {
    @Test("requests wait for the negotiation and go out in the highest version that both sides have")
    func negotiates() {
        let bench = Bench()
        bench.broker.versions[.metadata] = 1...7
        let connection = bench.connect()
        let outcomes = Outcomes<MetadataResponse>()
        connection.send(MetadataRequest(), completion: outcomes.take)
        #expect(bench.broker.requests.isEmpty)
        bench.transport.run()
        #expect(outcomes.successes == 1)
        #expect(bench.broker.versions(of: .metadata) == [7])
        #expect(bench.broker.versions(of: .apiVersions) == [ApiVersionsRequest.servedVersions.upperBound])
    }

    @Test("a broker that does not know our ApiVersions version is asked again in the version it names")
    func fallsBack() {
        let bench = Bench()
        bench.broker.versions[.apiVersions] = 0...2
        let connection = bench.connect()
        let outcomes = Outcomes<MetadataResponse>()
        connection.send(MetadataRequest(), completion: outcomes.take)
        bench.transport.run()
        #expect(bench.broker.versions(of: .apiVersions) == [ApiVersionsRequest.servedVersions.upperBound, 2])
        #expect(outcomes.successes == 1)
    }

    @Test("the version of a request can be limited by its fields")
    func limitsVersions() {
        let bench = Bench()
        let connection = bench.connect()
        connection.send(MetadataRequest(), maxVersion: 4) { _ in }
        bench.transport.run()
        #expect(bench.broker.versions(of: .metadata) == [4])
    }

    @Test("an API without a common version fails, and the connection stays usable")
    func unsupported() {
        let bench = Bench()
        let connection = bench.connect()
        let missing = Outcomes<DescribeClusterResponse>()
        connection.send(DescribeClusterRequest(), completion: missing.take)
        let outcomes = Outcomes<MetadataResponse>()
        connection.send(MetadataRequest(), completion: outcomes.take)
        bench.transport.run()
        #expect(missing.errors == [.unsupportedVersion(.describeCluster)])
        #expect(outcomes.successes == 1)
    }

    @Test("no more requests than allowed are on the wire, and the rest follow in order")
    func pipelines() {
        var bench = Bench()
        bench.settings.maxInFlight = 2
        bench.broker.holdsAnswers = true
        let connection = bench.connect()
        var answered: [Int] = []
        for number in 0..<5 {
            connection.send(MetadataRequest()) { _ in answered.append(number) }
        }
        bench.transport.run()
        #expect(bench.broker.versions(of: .metadata).count == 2)
        #expect(connection.pendingCount == 5)
        bench.broker.releaseAnswers()
        bench.transport.run()
        #expect(answered == [0, 1])
        #expect(bench.broker.versions(of: .metadata).count == 4)
        bench.broker.holdsAnswers = false
        bench.broker.releaseAnswers()
        bench.transport.run()
        #expect(answered == [0, 1, 2, 3, 4])
    }

    @Test("a late answer closes the connection and fails everything outstanding")
    func timesOut() {
        var bench = Bench()
        bench.settings.requestTimeoutMs = 5_000
        let connection = bench.connect()
        bench.transport.run()
        bench.broker.holdsAnswers = true
        let outcomes = Outcomes<MetadataResponse>()
        connection.send(MetadataRequest(), completion: outcomes.take)
        connection.send(MetadataRequest(), completion: outcomes.take)
        bench.transport.advance(4_900)
        #expect(outcomes.values.isEmpty)
        bench.transport.advance(1_200)
        #expect(outcomes.errors == [.timedOut(.metadata), .timedOut(.metadata)])
        #expect(connection.isClosed)
        #expect(bench.transport.openConnections == 0)
    }

    @Test("a broker that accepts and says nothing does not hold requests for ever")
    func silentNegotiation() {
        final class Silent: FakeServer {
            func received(_ frame: [UInt8], from peer: FakePeer) {}
        }
        let transport = ManualTransport()
        transport.serve(address, Silent())
        let connection = BrokerConnection(to: address, settings: ConnectionSettings(), transport: transport)
        let outcomes = Outcomes<MetadataResponse>()
        connection.send(MetadataRequest(), completion: outcomes.take)
        transport.advance(32_000)
        #expect(outcomes.errors == [.timedOut(.apiVersions)])
    }

    @Test("an answer with another number than the request's closes the connection")
    func wrongCorrelation() {
        let bench = Bench()
        bench.broker.tamper = { bytes, header in
            header.apiKey == .metadata ? [0x7f, 0xff, 0, 0] + bytes.dropFirst(4) : bytes
        }
        let outcomes = Outcomes<MetadataResponse>()
        let connection = bench.connect()
        connection.send(MetadataRequest(), completion: outcomes.take)
        bench.transport.run()
        guard case .protocolViolation? = outcomes.errors.first else {
            Issue.record("expected a violation, got \(outcomes.values)")
            return
        }
        #expect(connection.isClosed)
    }

    @Test("every truncation of an answer is refused without harm")
    func truncatedAnswers() {
        var length = 0
        repeat {
            let bench = Bench()
            bench.broker.tamper = { bytes, header in
                header.apiKey == .metadata ? Array(bytes.prefix(length)) : bytes
            }
            var whole = 0
            bench.broker.on(MetadataRequest.self) { _, version in
                let response = MetadataResponse(brokers: [1: address], topics: [FakeTopic("t")])
                let header = RequestHeader(apiKey: .metadata, apiVersion: version, correlationID: 1, clientID: nil)
                whole = ScriptedBroker.frame(response, header).count
                return response
            }
            let outcomes = Outcomes<MetadataResponse>()
            let connection = bench.connect()
            connection.send(MetadataRequest(), completion: outcomes.take)
            bench.transport.run()
            #expect(outcomes.errors.count == (length < whole ? 1 : 0), "cut after \(length) of \(whole) bytes")
            length += 1
            if length > whole { break }
        } while true
    }

    @Test("an answer that nobody asked for closes the connection")
    func unsolicited() {
        let bench = Bench()
        let connection = bench.connect()
        bench.transport.run()
        bench.broker.peers.first?.answer([0, 0, 0, 9])
        bench.transport.run()
        #expect(connection.isClosed)
    }

    @Test("what waits fails with the reason when the broker hangs up, cannot be reached or resolved")
    func disconnects() {
        let bench = Bench()
        let outcomes = Outcomes<MetadataResponse>()
        let connection = bench.connect()
        bench.transport.run()
        bench.broker.holdsAnswers = true
        connection.send(MetadataRequest(), completion: outcomes.take)
        bench.transport.run()
        bench.transport.stopServing(address)
        bench.transport.run()
        bench.connect().send(MetadataRequest(), completion: outcomes.take)
        bench.transport.run()
        bench.transport.makeUnresolvable("broker")
        bench.connect().send(MetadataRequest(), completion: outcomes.take)
        bench.transport.run()
        #expect(
            outcomes.errors == [
                .disconnected(.closedByPeer), .disconnected(.connectFailed("refused")),
                .disconnected(.unresolvable("broker")),
            ])
    }

    @Test("closing fails everything once, and later requests at once")
    func closes() {
        let bench = Bench()
        let outcomes = Outcomes<MetadataResponse>()
        let connection = bench.connect()
        connection.send(MetadataRequest(), completion: outcomes.take)
        connection.close()
        connection.close()
        connection.send(MetadataRequest(), completion: outcomes.take)
        bench.transport.run()
        #expect(outcomes.errors == [.closed, .closed])
    }
}
