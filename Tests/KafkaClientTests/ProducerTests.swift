import ClientTestSupport
import KafkaClient
import KafkaProtocol
import Testing

private let address = HostPort(host: "broker", port: 9092)
private let partition = TopicPartition("t", 0)

/// A broker that stores batches as an idempotent one does.
private final class Store {
    let transport = ManualTransport()
    let broker = ScriptedBroker()
    var sequences: [Int32] = []
    var producerIDs: [Int64] = []
    var nextProducerID: Int64 = 7
    var nextOffset: Int64 = 0
    /// Errors to answer before anything is stored.
    var errors: [ErrorCode] = []

    init() {
        transport.serve(address, broker)
        broker.on(MetadataRequest.self) { _, _ in
            MetadataResponse(brokers: [1: address], topics: [FakeTopic("t", id: KafkaUUID(high: 3, low: 4))])
        }
        broker.on(InitProducerIdRequest.self) { [unowned self] _, _ in
            var response = InitProducerIdResponse()
            response.producerID = nextProducerID
            response.producerEpoch = 0
            nextProducerID += 1
            return response
        }
        broker.on(ProduceRequest.self, versions: 3...13) { [unowned self] request, _ in
            answer(request)
        }
    }

    private func answer(_ request: ProduceRequest) -> ProduceResponse? {
        var partition = ProduceResponse.PartitionProduceResponse()
        if !errors.isEmpty {
            partition.errorCode = errors.removeFirst().rawValue
        } else {
            request.topicData.first?.partitionData.first?.records?.withBytes { bytes in
                let header = RecordBatchHeader(parsing: bytes)
                if sequences.last != header.baseSequence || header.baseSequence < 0 {
                    nextOffset += Int64(header.recordCount)
                }
                sequences.append(header.baseSequence)
                producerIDs.append(header.producerID)
            }
            partition.baseOffset = nextOffset - 1
        }
        var topic = ProduceResponse.TopicProduceResponse()
        topic.name = request.topicData.first?.name ?? ""
        topic.topicID = request.topicData.first?.topicID ?? .zero
        topic.partitionResponses = [partition]
        var response = ProduceResponse()
        response.responses = [topic]
        return request.acks == 0 ? nil : response
    }

    func producer(_ settings: ProducerSettings = ProducerSettings()) -> SimpleProducer {
        let client = ClusterClient(settings: ClientSettings(bootstrapServers: [address]), transport: transport)
        client.refreshMetadata(.all) { _ in }
        transport.run()
        return SimpleProducer(client: client, settings: settings, random: { 0 })
    }
}

private func record(_ text: String) -> ProducerRecord {
    ProducerRecord(key: nil, value: Array(text.utf8), timestamp: 1_000)
}

@Suite("Producing")
struct ProducerTests {
    @Test("batches of a partition go out one after the other, numbered for the broker")
    func numbersBatches() {
        let store = Store()
        let producer = store.producer()
        var offsets: [Int64] = []
        for count in [1, 3, 2] {
            producer.send((0..<count).map { record("\($0)") }, to: partition) { offsets.append((try? $0.get()) ?? -9) }
        }
        store.transport.run()
        #expect(store.sequences == [0, 1, 4])
        #expect(store.producerIDs == [7, 7, 7])
        #expect(offsets == [0, 3, 5])
    }

    @Test("a batch is tried again with the same numbers until it is stored")
    func retries() {
        let store = Store()
        store.errors = [.notLeaderOrFollower, .notEnoughReplicas]
        let producer = store.producer()
        var offset: Int64?
        producer.send([record("a")], to: partition) { offset = try? $0.get() }
        store.transport.advance(5_000)
        #expect(offset == 0)
        #expect(store.sequences == [0])
    }

    @Test("an error that trying again does not heal is told, and the next batch begins with a new identity")
    func givesUp() {
        let store = Store()
        store.errors = [.messageTooLarge]
        let producer = store.producer()
        var results: [Result<Int64, ClientError>] = []
        producer.send([record("a")], to: partition) { results.append($0) }
        producer.send([record("b")], to: partition) { results.append($0) }
        store.transport.advance(1_000)
        #expect(results.first == .failure(.broker(.messageTooLarge, message: nil)))
        #expect(results.last == .success(0))
        #expect(store.producerIDs == [8])
        #expect(store.sequences == [0])
    }

    @Test("a batch that cannot be delivered in time fails")
    func runsOutOfTime() {
        let store = Store()
        let producer = store.producer()
        store.transport.stopServing(address)
        var results: [Result<Int64, ClientError>] = []
        producer.send([record("a")], to: partition) { results.append($0) }
        store.transport.advance(119_000)
        #expect(results.isEmpty)
        store.transport.advance(5_000)
        #expect(results.count == 1)
    }

    @Test("with acks 0 nothing is waited for")
    func fireAndForget() {
        let store = Store()
        var settings = ProducerSettings()
        settings.acks = 0
        settings.isIdempotent = false
        let producer = store.producer(settings)
        var offset: Int64?
        producer.send([record("a")], to: partition) { offset = try? $0.get() }
        #expect(offset == -1)
        store.transport.run()
        #expect(store.sequences == [-1])
    }
}
