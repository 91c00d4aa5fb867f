import ClientTestSupport
import KafkaClient
import KafkaProtocol
import Testing

private let first = HostPort(host: "one", port: 9092)
private let second = HostPort(host: "two", port: 9092)

/// Two scripted brokers over one set of logs.
private final class FakeCluster {
    let transport = ManualTransport()
    let brokers: [Int32: ScriptedBroker] = [1: ScriptedBroker(), 2: ScriptedBroker()]
    let addresses: [Int32: HostPort] = [1: first, 2: second]
    var topicID = KafkaUUID(high: 1, low: 2)
    var leaders: [Int32] = [1, 2]
    var leaderEpoch: Int32 = 0
    var logStart: Int64 = 0
    var batches: [Int32: [[UInt8]]] = [:]
    /// Partition errors by broker, for one answer each.
    var errors: [Int32: [ErrorCode]] = [:]
    /// What happens once while a question for metadata is under way.
    var duringMetadata: (() -> Void)?

    init(fetch: ClosedRange<Int16> = 4...18, metadata: ClosedRange<Int16> = 0...13) {
        for (node, broker) in brokers {
            broker.on(MetadataRequest.self, versions: metadata) { [unowned self] request, _ in
                if let action = duringMetadata {
                    duringMetadata = nil
                    action()
                }
                guard request.topics?.isEmpty != true else {
                    return MetadataResponse(brokers: addresses, topics: [])
                }
                let topic = FakeTopic(
                    "t", id: metadata.upperBound >= 10 ? topicID : .zero, leaders: leaders, leaderEpoch: leaderEpoch)
                return MetadataResponse(brokers: addresses, topics: [topic])
            }
            broker.on(FetchRequest.self, versions: fetch) { [unowned self] request, version in
                answer(request, version, node)
            }
            broker.on(ListOffsetsRequest.self) { [unowned self] request, _ in answer(request) }
        }
        for (node, address) in addresses {
            if let broker = brokers[node] {
                transport.serve(address, broker)
            }
        }
    }

    func end(_ partition: Int32) -> Int64 {
        guard let last = batches[partition]?.last else {
            return logStart
        }
        return last.withUnsafeBytes { RecordBatchHeader(parsing: $0).nextOffset }
    }

    private func answer(_ request: FetchRequest, _ version: Int16, _ node: Int32) -> FetchResponse? {
        var response = FetchResponse()
        var hasNews = false
        response.responses = request.topics.map { asked in
            var topic = FetchResponse.FetchableTopicResponse()
            topic.topic = asked.topic
            topic.topicID = asked.topicID
            topic.partitions = asked.partitions.map { item in
                let data = answer(item, node)
                hasNews = hasNews || data.errorCode != 0 || (data.records?.count ?? 0) > 0
                return data
            }
            return topic
        }
        // A long poll that finds nothing: the test's next request is answered instead.
        return hasNews ? response : nil
    }

    private func answer(_ item: FetchRequest.FetchPartition, _ node: Int32) -> FetchResponse.PartitionData {
        var data = FetchResponse.PartitionData()
        data.partitionIndex = item.partition
        data.highWatermark = end(item.partition)
        data.logStartOffset = logStart
        if var pending = errors[node], !pending.isEmpty {
            data.errorCode = pending.removeFirst().rawValue
            errors[node] = pending
        } else if leaders[Int(item.partition)] != node {
            data.errorCode = ErrorCode.notLeaderOrFollower.rawValue
        } else if item.fetchOffset < logStart || item.fetchOffset > end(item.partition) {
            data.errorCode = ErrorCode.offsetOutOfRange.rawValue
        } else {
            let found = (batches[item.partition] ?? []).filter { bytes in
                bytes.withUnsafeBytes { RecordBatchHeader(parsing: $0).lastOffset >= item.fetchOffset }
            }
            data.records = .owned(Array(found.prefix(2).joined()))
        }
        return data
    }

    private func answer(_ request: ListOffsetsRequest) -> ListOffsetsResponse {
        var response = ListOffsetsResponse()
        response.topics = request.topics.map { asked in
            var topic = ListOffsetsResponse.ListOffsetsTopicResponse()
            topic.name = asked.name
            topic.partitions = asked.partitions.map { item in
                var partition = ListOffsetsResponse.ListOffsetsPartitionResponse()
                partition.partitionIndex = item.partitionIndex
                partition.offset = item.timestamp == -2 ? logStart : end(item.partitionIndex)
                return partition
            }
            return topic
        }
        return response
    }
}

/// Keeps what a consumer brings.
private final class Recorder: ConsumerDelegate {
    var bytes: [Int32: [UInt8]] = [:]
    var highWatermarks: [Int32: Int64] = [:]
    var outOfRange: [OffsetRange] = []
    var retries: [ClientError] = []
    var faults: [RecordBatchError] = []
    var divergences: [Int64] = []
    /// Where to go on after OFFSET_OUT_OF_RANGE.
    var jumpsToStart = true

    func consumer(_ consumer: Consumer, fetched: FetchedPartition) {
        bytes[fetched.partition.partition, default: []].append(contentsOf: fetched.batches.bytes)
        highWatermarks[fetched.partition.partition] = fetched.highWatermark
        if let divergence = fetched.divergence {
            divergences.append(divergence.endOffset)
        }
        if let fault = fetched.batches.fault {
            faults.append(fault)
        }
    }

    func consumer(_ consumer: Consumer, outOfRange partition: TopicPartition, offsets: OffsetRange) {
        outOfRange.append(offsets)
        if jumpsToStart {
            consumer.seek(partition, to: offsets.start)
        }
    }

    func consumer(_ consumer: Consumer, retries partition: TopicPartition, after error: ClientError) {
        retries.append(error)
    }

    func consumer(_ consumer: Consumer, refreshed result: Result<ClusterMetadata, ClientError>) {}
}

@Suite("Reading partitions")
struct ConsumerTests {
    private let recorder = Recorder()

    private func consume(
        _ cluster: FakeCluster, _ partitions: [Int32] = [0, 1], at offset: Int64 = 0,
        _ settings: ConsumerSettings = ConsumerSettings()
    ) -> Consumer {
        let client = ClusterClient(
            settings: ClientSettings(bootstrapServers: [first]), transport: cluster.transport)
        let consumer = Consumer(client: client, settings: settings, random: { 0 })
        consumer.delegate = recorder
        for partition in partitions {
            consumer.assign(TopicPartition("t", partition), at: offset)
        }
        consumer.start()
        return consumer
    }

    private func fill(_ cluster: FakeCluster, _ partition: Int32, count: Int) throws {
        for _ in 0..<count {
            try cluster.batches[partition, default: []].append(batch(at: cluster.end(partition), count: 3))
        }
    }

    @Test(
        "every batch of every partition comes once, from the leader of each", arguments: [4, 11, 12, 13, 18] as [Int16])
    func readsEverything(version: Int16) throws {
        let cluster = FakeCluster(fetch: 4...version)
        try fill(cluster, 0, count: 7)
        try fill(cluster, 1, count: 4)
        let consumer = consume(cluster)
        cluster.transport.advance(100)
        for partition in [0, 1] as [Int32] {
            #expect(recorder.bytes[partition] == Array(try #require(cluster.batches[partition]).joined()))
            #expect(recorder.highWatermarks[partition] == cluster.end(partition))
            #expect(consumer.position(TopicPartition("t", partition)) == cluster.end(partition))
        }
        for broker in cluster.brokers.values {
            #expect(Set(broker.versions(of: .fetch)) == [version])
        }
    }

    @Test("without topic ids a new broker is asked by name, in a version that has names")
    func readsByName() throws {
        let cluster = FakeCluster(metadata: 0...9)
        try fill(cluster, 0, count: 1)
        let consumer = consume(cluster)
        cluster.transport.advance(100)
        #expect(recorder.bytes[0] == cluster.batches[0]?.first)
        #expect(cluster.brokers[1]?.versions(of: .fetch).allSatisfy { $0 == 12 } == true)
        consumer.close()
    }

    @Test("reading follows a partition to its new leader and goes on where it was")
    func followsLeaders() throws {
        let cluster = FakeCluster()
        try fill(cluster, 0, count: 2)
        let consumer = consume(cluster, [0])
        cluster.transport.advance(100)
        cluster.leaders = [2, 1]
        cluster.leaderEpoch = 1
        try fill(cluster, 0, count: 2)
        // The old leader's answer to the poll that is under way.
        cluster.transport.stopServing(first)
        cluster.transport.serve(first, try #require(cluster.brokers[1]))
        cluster.transport.advance(3_000)
        #expect(recorder.bytes[0] == Array(try #require(cluster.batches[0]).joined()))
        let epochs = cluster.brokers[2]?.decoded(FetchRequest.self).last?.topics.first?.partitions.first?
            .currentLeaderEpoch
        #expect(epochs == 1)
        consumer.close()
    }

    @Test("NOT_LEADER and its like are tried again after a back-off and fresh metadata")
    func retriesErrors() throws {
        let cluster = FakeCluster()
        try fill(cluster, 0, count: 1)
        cluster.errors[1] = [.notLeaderOrFollower, .fencedLeaderEpoch, .kafkaStorageError]
        let consumer = consume(cluster, [0])
        cluster.transport.advance(5_000)
        #expect(recorder.bytes[0] == cluster.batches[0]?.first)
        #expect(
            recorder.retries == [
                .broker(.notLeaderOrFollower, message: nil), .broker(.fencedLeaderEpoch, message: nil),
                .broker(.kafkaStorageError, message: nil),
            ])
        #expect(try #require(cluster.brokers[1]).versions(of: .metadata).count >= 4)
        consumer.close()
    }

    @Test("a broker that goes away is dialled again for ever, without a storm, and nothing is lost or repeated")
    func reconnects() throws {
        let cluster = FakeCluster()
        try fill(cluster, 0, count: 1)
        let consumer = consume(cluster, [0])
        cluster.transport.advance(100)
        cluster.transport.stopServing(first)
        let before = cluster.transport.dialled.count
        cluster.transport.advance(600_000)
        // Two dials a second at most: one for metadata, one for the partition.
        #expect(cluster.transport.dialled.count - before < 1_800)
        #expect(cluster.transport.dialled.count - before > 100)
        try fill(cluster, 0, count: 2)
        cluster.transport.serve(first, try #require(cluster.brokers[1]))
        cluster.transport.advance(5_000)
        #expect(recorder.bytes[0] == Array(try #require(cluster.batches[0]).joined()))
        consumer.close()
        cluster.transport.advance(10)
    }

    @Test("what is assigned later has not failed: it is read at once", arguments: [false, true])
    func readsWhatComesLater(whileMetadataIsUnderWay: Bool) throws {
        let cluster = FakeCluster()
        try fill(cluster, 0, count: 1)
        var settings = ConsumerSettings()
        settings.retryBackoffMs = 1 << 31
        settings.retryBackoffMaxMs = 1 << 31
        let consumer = consume(cluster, [], at: 0, settings)
        let assign = { consumer.assign(TopicPartition("t", 0), at: 0) }
        if whileMetadataIsUnderWay {
            cluster.duringMetadata = assign
        } else {
            cluster.transport.advance(10)
            assign()
        }
        cluster.transport.advance(100)
        #expect(recorder.bytes[0] == cluster.batches[0]?.first)
        #expect(recorder.retries.isEmpty)
        consumer.close()
    }

    @Test("however long a partition may rest after failures, it goes on when its broker is back")
    func goesOnWithItsBroker() throws {
        let cluster = FakeCluster()
        try fill(cluster, 0, count: 1)
        var settings = ConsumerSettings()
        settings.retryBackoffMaxMs = .max
        settings.metadataMaxAgeMs = 5_000
        let consumer = consume(cluster, [0], at: 0, settings)
        cluster.transport.advance(100)
        cluster.addresses.values.forEach(cluster.transport.stopServing)
        cluster.transport.advance(3_600_000)
        try fill(cluster, 0, count: 1)
        cluster.transport.serve(first, try #require(cluster.brokers[1]))
        // A back-off is moved by a fifth.
        cluster.transport.advance(5_000 + 5_000 / 5)
        #expect(recorder.bytes[0] == Array(try #require(cluster.batches[0]).joined()))
        consumer.close()
    }

    @Test("an offset that the broker no longer has is told with the offsets it has")
    func reportsRange() throws {
        let cluster = FakeCluster()
        try fill(cluster, 0, count: 4)
        cluster.logStart = 6
        let consumer = consume(cluster, [0])
        cluster.transport.advance(1_000)
        #expect(recorder.outOfRange == [OffsetRange(start: 6, end: 12)])
        #expect(recorder.bytes[0] == Array(try #require(cluster.batches[0]).dropFirst(2).joined()))
        consumer.close()
    }

    @Test("an offset beyond the end is told once, and the partition rests until somebody decides")
    func restsOutOfRange() throws {
        let cluster = FakeCluster()
        try fill(cluster, 0, count: 1)
        recorder.jumpsToStart = false
        let consumer = consume(cluster, [0], at: 50)
        cluster.transport.advance(60_000)
        #expect(recorder.outOfRange == [OffsetRange(start: 0, end: 3)])
        consumer.seek(TopicPartition("t", 0), to: 0)
        cluster.transport.advance(100)
        #expect(recorder.bytes[0] == cluster.batches[0]?.first)
        consumer.close()
    }

    @Test("a broker whose Fetch knows no epochs is asked where the last one ended", arguments: [2, 3, 6] as [Int64])
    func asksForEpochs(end: Int64) throws {
        let cluster = FakeCluster(fetch: 4...11)
        cluster.leaderEpoch = 4
        try fill(cluster, 0, count: 3)
        var asked: [Int32] = []
        cluster.brokers[1]?.on(OffsetForLeaderEpochRequest.self) { request, _ in
            var item = OffsetForLeaderEpochResponse.EpochEndOffset()
            asked.append(request.topics[0].partitions[0].leaderEpoch)
            item.leaderEpoch = 3
            item.endOffset = end
            var topic = OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult()
            topic.topic = "t"
            topic.partitions = [item]
            var response = OffsetForLeaderEpochResponse()
            response.topics = [topic]
            return response
        }
        let client = ClusterClient(settings: ClientSettings(bootstrapServers: [first]), transport: cluster.transport)
        let consumer = Consumer(client: client, settings: ConsumerSettings(), random: { 0 })
        consumer.delegate = recorder
        consumer.assign(TopicPartition("t", 0), at: 3, lastFetchedEpoch: 3)
        consumer.start()
        cluster.transport.advance(5_000)
        #expect(asked == [3])
        #expect(recorder.divergences == (end < 3 ? [end] : []))
        #expect((recorder.bytes[0] ?? []).isEmpty == (end < 3))
        consumer.close()
    }

    @Test("a batch that is none is told, and the partition rests")
    func restsAfterFault() throws {
        let cluster = FakeCluster()
        var old = try batch(at: 0)
        old[RecordBatchHeader.Position.magic] = 1
        cluster.batches[0] = [old]
        let consumer = consume(cluster, [0])
        cluster.transport.advance(60_000)
        #expect(recorder.faults == [.unsupportedMagic(1)])
        consumer.close()
    }

    @Test("a partition that is taken away is not asked for again")
    func removes() throws {
        let cluster = FakeCluster()
        let consumer = consume(cluster, [0])
        cluster.transport.advance(100)
        consumer.remove(TopicPartition("t", 0))
        let asked = try #require(cluster.brokers[1]).versions(of: .fetch).count
        try fill(cluster, 0, count: 1)
        cluster.transport.advance(60_000)
        #expect(try #require(cluster.brokers[1]).versions(of: .fetch).count == asked)
        #expect(recorder.bytes.isEmpty)
    }

    @Test("after closing nothing is left: no connection, no timer that dials")
    func closes() throws {
        let cluster = FakeCluster()
        let consumer = consume(cluster)
        cluster.transport.advance(100)
        consumer.close()
        consumer.client.close()
        let dialled = cluster.transport.dialled.count
        cluster.transport.advance(600_000)
        #expect(cluster.transport.openConnections == 0)
        #expect(cluster.transport.dialled.count == dialled)
    }
}
