import ClientTestSupport
import KafkaClient
import KafkaProtocol
import Testing

private let first = HostPort(host: "one", port: 9092)
private let second = HostPort(host: "two", port: 9092)

@Suite("Clients of a cluster")
struct ClusterClientTests {
    private let transport = ManualTransport()
    private let broker = ScriptedBroker()

    private func client(_ servers: [HostPort] = [first, second]) -> ClusterClient {
        ClusterClient(settings: ClientSettings(bootstrapServers: servers), transport: transport)
    }

    @Test("bootstrap servers are tried in turn until one answers")
    func triesServersInTurn() {
        broker.on(MetadataRequest.self) { _, _ in MetadataResponse(brokers: [1: second], topics: []) }
        transport.serve(second, broker)
        let client = client()
        var found: String?
        client.refreshMetadata(.none) { found = try? $0.get().clusterID }
        transport.run()
        #expect(found == "source")
        #expect(transport.dialled == [first, second])
    }

    @Test("when no server answers, the first failure is told, and the next try begins with another server")
    func tellsFirstFailure() {
        transport.makeUnresolvable("one")
        let client = client()
        var errors: [ClientError] = []
        for _ in 0..<2 {
            client.refreshMetadata(.none) { result in
                if case .failure(let error) = result { errors.append(error) }
            }
            transport.run()
        }
        #expect(
            errors == [
                .bootstrapFailed(first, .unresolvable("one")), .bootstrapFailed(second, .connectFailed("refused")),
            ])
        #expect(transport.dialled == [first, second, second, first])
    }

    @Test("metadata of some topics leaves what is known of others as it was")
    func mergesMetadata() throws {
        broker.on(MetadataRequest.self) { request, _ in
            let names = request.topics?.compactMap(\.name) ?? ["a", "b", "c"]
            return MetadataResponse(brokers: [1: first], topics: names.map { FakeTopic($0) })
        }
        transport.serve(first, broker)
        let client = client()
        client.refreshMetadata(.named(["a"])) { _ in }
        transport.run()
        client.refreshMetadata(.named(["b"])) { _ in }
        transport.run()
        #expect(client.metadata.topics.keys.sorted() == ["a", "b"])
        client.refreshMetadata(.all) { _ in }
        transport.run()
        #expect(client.metadata.topics.keys.sorted() == ["a", "b", "c"])
        #expect(try client.leader(of: TopicPartition("a", 0)) == 1)
        #expect(throws: ClientError.leaderUnknown(topic: "a", partition: 7)) {
            try client.leader(of: TopicPartition("a", 7))
        }
    }

    @Test("topics are never created by asking for them")
    func doesNotCreateTopics() {
        broker.on(MetadataRequest.self) { _, _ in MetadataResponse(brokers: [1: first], topics: []) }
        transport.serve(first, broker)
        let client = client()
        client.refreshMetadata(.named(["missing"])) { _ in }
        transport.run()
        #expect(!client.isClosed)
        #expect(broker.decoded(MetadataRequest.self).map(\.allowAutoTopicCreation) == [false])
    }

    @Test("offsets are asked of each partition's leader, and every partition gets an answer")
    func listsOffsets() {
        let other = ScriptedBroker()
        for (node, broker) in [(Int64(1), broker), (2, other)] {
            broker.on(MetadataRequest.self) { _, _ in
                MetadataResponse(brokers: [1: first, 2: second], topics: [FakeTopic("t", leaders: [1, 2, -1])])
            }
            broker.on(ListOffsetsRequest.self) { request, _ in
                var response = ListOffsetsResponse()
                response.topics = request.topics.map { asked in
                    var topic = ListOffsetsResponse.ListOffsetsTopicResponse()
                    topic.name = asked.name
                    topic.partitions = asked.partitions.map { item in
                        var partition = ListOffsetsResponse.ListOffsetsPartitionResponse()
                        partition.partitionIndex = item.partitionIndex
                        partition.offset = node * 100 - item.timestamp
                        return partition
                    }
                    return topic
                }
                return response
            }
        }
        transport.serve(first, broker)
        transport.serve(second, other)
        let client = client()
        client.refreshMetadata(.all) { _ in }
        transport.run()
        var results: [TopicPartition: Result<ListedOffset, ClientError>] = [:]
        let partitions = (0...2).map { TopicPartition("t", $0) }
        client.listOffsets([partitions[0]: .latest, partitions[1]: .earliest, partitions[2]: .latest]) { results = $0 }
        transport.run()
        #expect((try? results[partitions[0]]?.get())?.offset == 101)
        #expect((try? results[partitions[1]]?.get())?.offset == 202)
        #expect(results[partitions[2]] == .failure(.leaderUnknown(topic: "t", partition: 2)))
    }

    @Test("closing fails what waits for a connection")
    func closes() {
        let client = client()
        var failures: [ClientError] = []
        client.refreshMetadata(.none) { if case .failure(let error) = $0 { failures.append(error) } }
        client.close()
        transport.run()
        #expect(failures == [.closed])
    }
}
