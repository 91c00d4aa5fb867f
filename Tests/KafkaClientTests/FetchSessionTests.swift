import ClientTestSupport
import KafkaProtocol
import Testing

@testable import KafkaClient

@Suite("Fetch sessions, the client's half")
struct FetchSessionTests {
    private func target(
        _ partition: Int32, at offset: Int64 = 0, topic: String = "t", id: KafkaUUID = KafkaUUID(high: 1, low: 1)
    ) -> FetchTarget {
        FetchTarget(TopicPartition(topic, partition), topicID: id, offset: offset)
    }

    private func answer(_ session: Int32) -> FetchResponse {
        var response = FetchResponse()
        response.sessionID = session
        return response
    }

    private func partitions(_ request: FetchRequest) -> [Int32] {
        request.topics.flatMap { $0.partitions.map(\.partition) }
    }

    @Test("the first request names everything and asks for a session, later ones only what has changed")
    func incremental() {
        var session = FetchSessionClient()
        let first = session.request([target(0), target(1), target(2)], FetchSettings(), version: 13)
        #expect(first.sessionID == 0 && first.sessionEpoch == 0)
        #expect(partitions(first) == [0, 1, 2])
        session.accepted(answer(77))
        let second = session.request([target(0), target(1, at: 5), target(2)], FetchSettings(), version: 13)
        #expect(second.sessionID == 77 && second.sessionEpoch == 1)
        #expect(partitions(second) == [1])
        session.accepted(answer(77))
        let third = session.request([target(0), target(1, at: 5)], FetchSettings(), version: 13)
        #expect(third.sessionEpoch == 2)
        #expect(partitions(third).isEmpty)
        #expect(third.forgottenTopicsData.map(\.partitions) == [[2]])
    }

    @Test("a topic that was made anew is forgotten under its old id and asked for under the new one")
    func newTopicID() {
        var session = FetchSessionClient()
        _ = session.request([target(0)], FetchSettings(), version: 13)
        session.accepted(answer(5))
        let anew = session.request([target(0, id: KafkaUUID(high: 2, low: 2))], FetchSettings(), version: 13)
        #expect(anew.topics.map(\.topicID) == [KafkaUUID(high: 2, low: 2)])
        #expect(anew.forgottenTopicsData.map(\.topicID) == [KafkaUUID(high: 1, low: 1)])
    }

    @Test("a broker without room for sessions is asked for everything every time")
    func noRoom() {
        var session = FetchSessionClient()
        for _ in 0..<3 {
            let request = session.request([target(0), target(1)], FetchSettings(), version: 12)
            #expect(request.sessionID == 0 && request.sessionEpoch == 0)
            #expect(partitions(request) == [0, 1])
            session.accepted(answer(0))
        }
    }

    @Test("before version 7 there are no sessions")
    func oldBroker() {
        var session = FetchSessionClient()
        let request = session.request([target(0)], FetchSettings(), version: 6)
        #expect(request.sessionEpoch == -1)
        #expect(partitions(request) == [0])
    }

    @Test("a refused session is replaced: forgotten when the broker does not know it, else closed")
    func refusals() {
        for (code, named) in [
            (ErrorCode.fetchSessionIDNotFound, 0), (.invalidFetchSessionEpoch, 9), (.fetchSessionTopicIDError, 9),
        ] as [(ErrorCode, Int32)] {
            var session = FetchSessionClient()
            _ = session.request([target(0)], FetchSettings(), version: 13)
            session.accepted(answer(9))
            let isOurs = session.refused(code)
            #expect(isOurs)
            let next = session.request([target(0)], FetchSettings(), version: 13)
            #expect(next.sessionID == named && next.sessionEpoch == 0)
            #expect(partitions(next) == [0])
        }
        var session = FetchSessionClient()
        let isOurs = session.refused(.unknownServerError)
        #expect(!isOurs)
    }

    @Test("names instead of ids need a session of their own")
    func mixed() {
        var session = FetchSessionClient()
        _ = session.request([target(0)], FetchSettings(), version: 13)
        session.accepted(answer(9))
        let byName = session.request([target(0), target(0, topic: "u", id: .zero)], FetchSettings(), version: 12)
        #expect(byName.sessionID == 9 && byName.sessionEpoch == 0)
        #expect(byName.topics.count == 2)
    }

    @Test("epochs start over at 1 after the largest")
    func wraps() {
        var session = FetchSessionClient(id: 3, epoch: .max)
        session.accepted(answer(3))
        let next = session.request([target(0)], FetchSettings(), version: 12)
        #expect(next.sessionEpoch == 1)
    }
}

@Suite("Pace of fetching")
struct FetchPaceTests {
    private let address = HostPort(host: "one", port: 9092)

    /// A broker that answers every fetch at once with what `body` says.
    private func fetches(in milliseconds: Int64, _ body: @escaping (FetchRequest, Int) -> FetchResponse) -> Int {
        let transport = ManualTransport()
        let broker = ScriptedBroker()
        var count = 0
        broker.on(MetadataRequest.self) { _, _ in
            MetadataResponse(brokers: [1: address], topics: [FakeTopic("t", leaders: [1])])
        }
        broker.on(FetchRequest.self) { request, _ in
            count += 1
            return body(request, count)
        }
        transport.serve(address, broker)
        let client = ClusterClient(settings: ClientSettings(bootstrapServers: [address]), transport: transport)
        var settings = ConsumerSettings()
        settings.fetch.maxWaitMs = 0
        settings.fetch.minBytes = 0
        let consumer = Consumer(client: client, settings: settings, random: { 0 })
        consumer.assign(TopicPartition("t", 0), at: 0)
        consumer.start()
        transport.advance(milliseconds)
        consumer.close()
        client.close()
        return count
    }

    private func nothing(session: Int32 = 0) -> FetchResponse {
        var response = FetchResponse()
        response.sessionID = session
        return response
    }

    @Test("a broker that answers at once with nothing is asked again after a pause")
    func pauses() {
        let count = fetches(in: 10_000) { _, _ in nothing() }
        #expect(count <= Int(10_000 / FetchLoop.idlePaceMs) + 2)
        #expect(count > 100)
    }

    @Test("a broker that refuses every session is not stormed", arguments: [70, 71, 106] as [Int16])
    func refusals(code: Int16) {
        let count = fetches(in: 10_000) { _, _ in
            var response = nothing()
            response.errorCode = code
            return response
        }
        #expect(count < 200)
    }

    @Test("a session that the broker has lost is opened again at once")
    func recovers() {
        var epochs: [Int32] = []
        _ = fetches(in: 200) { request, count in
            epochs.append(request.sessionEpoch)
            var response = nothing(session: 5)
            response.errorCode = count == 3 ? ErrorCode.fetchSessionIDNotFound.rawValue : 0
            return response
        }
        #expect(epochs.prefix(5) == [0, 1, 2, 0, 1])
    }
}
