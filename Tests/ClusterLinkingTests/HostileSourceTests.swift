import ClientTestSupport
import ClusterLinking
import KafkaClient
import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// A source that says what a test wants: to each fetch, and to everything else.
private final class ScriptedSource {
    let broker = ScriptedBroker()
    let address = HostPort(host: "hostile", port: 9092)
    var topic = FakeTopic("t", id: KafkaUUID(high: 3, low: 4), leaders: [1])
    var metadata: (inout MetadataResponse) -> Void = { _ in }
    var offsets: (earliest: Int64, latest: Int64) = (0, 0)
    var fetch: (inout FetchResponse.PartitionData, FetchRequest.FetchPartition) -> Void = { _, _ in }

    init(on network: ManualTransport) {
        network.serve(address, broker)
        broker.on(MetadataRequest.self) { [unowned self] _, _ in
            var response = MetadataResponse(brokers: [1: address], topics: [topic])
            metadata(&response)
            return response
        }
        broker.on(ListOffsetsRequest.self) { [unowned self] request, _ in
            var response = ListOffsetsResponse()
            response.topics = request.topics.map { asked in
                var topic = ListOffsetsResponse.ListOffsetsTopicResponse()
                topic.name = asked.name
                topic.partitions = asked.partitions.map { item in
                    var found = ListOffsetsResponse.ListOffsetsPartitionResponse()
                    found.partitionIndex = item.partitionIndex
                    found.offset = item.timestamp == -2 ? offsets.earliest : offsets.latest
                    return found
                }
                return topic
            }
            return response
        }
        broker.on(FetchRequest.self) { [unowned self] request, _ in
            var response = FetchResponse()
            response.responses = request.topics.map { asked in
                var topic = FetchResponse.FetchableTopicResponse()
                topic.topic = asked.topic
                topic.topicID = asked.topicID
                topic.partitions = asked.partitions.map { item in
                    var data = FetchResponse.PartitionData()
                    data.partitionIndex = item.partition
                    data.records = .owned([])
                    fetch(&data, item)
                    return data
                }
                return topic
            }
            return response
        }
    }
}

@Suite("A source that says anything")
struct HostileSourceTests {
    private let network = ManualTransport()
    private let destination: ClusterNode
    private let source: ScriptedSource

    init() throws {
        destination = try ClusterNode("destination", on: network)
        source = ScriptedSource(on: network)
    }

    private func mirror() throws {
        var result: Result<Void, LinkFailure>?
        let configs = ["bootstrap.servers": "\(source.address)", "metadata.max.age.ms": "1000"]
        destination.engine?.createLink(
            NewLink(name: "link", configs: configs), validateOnly: false, validateLink: true
        ) { result = $0 }
        network.run()
        try #require(result).get()
        try destination.createMirror("t")
    }

    /// The destination lives, its log is whole, and it comes back.
    private func expectAlive(end: Int64? = nil) throws {
        network.advance(20_000)
        try destination.createTopic("own", partitions: 1)
        #expect(try destination.produce(sourceBatch(), to: "own", 0) == .none)
        let log = try destination.log("t", 0)
        #expect(log.logStartOffset >= 0 && log.logStartOffset <= log.logEndOffset && !log.isOffline)
        if let end {
            #expect(log.logEndOffset == end)
        }
        let before = (log.logStartOffset, log.logEndOffset)
        try destination.stop(clean: false)
        try destination.start()
        let after = try destination.log("t", 0)
        #expect((after.logStartOffset, after.logEndOffset) == before)
        network.advance(5_000)
    }

    private static let extremes: [Int64] = [.min, .min + 1, -2, -1, 0, 1, .max - 1, .max]

    @Test("absurd high watermarks, stable offsets and log starts change nothing", arguments: extremes)
    func positions(value: Int64) throws {
        source.fetch = { data, item in
            data.highWatermark = value
            data.lastStableOffset = value
            data.logStartOffset = value
            data.records = .owned(item.fetchOffset == 0 ? (try? sourceBatch(count: 3)) ?? [] : [])
        }
        try mirror()
        try expectAlive()
        for snapshot in try #require(destination.engine).mirrors(link: nil) {
            #expect(snapshot.partitions.allSatisfy { $0.lag >= -1 })
        }
    }

    @Test("a batch at an absurd offset or in an absurd epoch is kept or refused, never fatal", arguments: extremes)
    func batchHeads(value: Int64) throws {
        source.fetch = { data, _ in
            data.highWatermark = .max
            var bytes = (try? sourceBatch(count: 3)) ?? []
            bytes.withUnsafeMutableBytes { memory in
                RecordBatchHeader.writeHead(
                    into: memory, baseOffset: value, batchLength: Int32(memory.count - 12),
                    partitionLeaderEpoch: Int32(clamping: value))
            }
            data.records = .owned(bytes)
        }
        try mirror()
        try expectAlive()
    }

    @Test("batches out of order are not taken, and nothing behind them before the source sends what belongs there")
    func disorder() throws {
        var offsets: [Int64] = [0, 1, 2, 3, 4, 13, 6, 7]
        source.fetch = { data, item in
            data.highWatermark = 8
            data.logStartOffset = 0
            let first = offsets.firstIndex { $0 >= item.fetchOffset } ?? offsets.endIndex
            data.records = .owned(offsets[first...].flatMap { (try? sourceBatch(at: $0)) ?? [] })
        }
        try mirror()
        network.advance(10_000)
        let log = try destination.log("t", 0)
        #expect(log.logEndOffset == 5)
        #expect(destination.lines.contains { $0.contains("cannot be mirrored") && $0.contains("do not follow") })
        // As a source does that looks for the batch which reaches an offset, and passes over the wrong one.
        offsets = [0, 1, 2, 3, 4, 6, 7]
        network.advance(60_000)
        #expect(log.logEndOffset == 5)
        #expect(try destination.mirror("t").partitions[0].lag == 3)
        offsets = [0, 1, 2, 3, 4, 5, 6, 7]
        network.advance(60_000)
        #expect(log.logEndOffset == 8)
        #expect(destination.lines.contains { $0.contains("is mirrored again") })
    }

    @Test("disorder that a new connection's first answer shows is found again, and its end too")
    func disorderAfterRestart() throws {
        var offsets: [Int64] = [0, 1, 2, 3, 4]
        // Answers without room for this partition.
        var crowded = 0
        source.fetch = { data, item in
            data.highWatermark = 8
            data.logStartOffset = 0
            if crowded > 0 {
                crowded -= 1
                return
            }
            let first = offsets.firstIndex { $0 >= item.fetchOffset } ?? offsets.endIndex
            data.records = .owned(offsets[first...].flatMap { (try? sourceBatch(at: $0)) ?? [] })
        }
        try mirror()
        network.advance(10_000)
        #expect(try destination.log("t", 0).logEndOffset == 5)
        offsets = [0, 1, 2, 3, 4, 13, 6, 7]
        crowded = 3
        try destination.stop(clean: true)
        try destination.start()
        let earlier = destination.lines.count
        network.advance(60_000)
        let log = try destination.log("t", 0)
        #expect(log.logEndOffset == 5 && crowded == 0)
        let lines = destination.lines.dropFirst(earlier)
        #expect(lines.contains { $0.contains("cannot be mirrored") && $0.contains("do not follow") })
        #expect(!lines.contains { $0.contains("nothing at offset") || $0.contains("is mirrored again") })
        offsets = [0, 1, 2, 3, 4, 5, 6, 7]
        network.advance(60_000)
        #expect(log.logEndOffset == 8)
    }

    @Test("damage behind a batch behind a gap is asked for again")
    func damageBehindGap() throws {
        var isDamaged = true
        source.fetch = { data, item in
            data.highWatermark = 8
            data.logStartOffset = 0
            var bytes = [0, 5].filter { $0 >= item.fetchOffset }.flatMap { (try? sourceBatch(at: $0)) ?? [] }
            var last = (try? sourceBatch(at: 6, count: 2)) ?? []
            if isDamaged {
                last.replaceSubrange(8..<12, with: [255, 255, 255, 255])
            }
            bytes += item.fetchOffset <= 7 ? last : []
            data.records = .owned(bytes)
        }
        try mirror()
        network.advance(60_000)
        let log = try destination.log("t", 0)
        #expect(log.logEndOffset < 8)
        #expect(destination.lines.contains { $0.contains("cannot be mirrored") })
        isDamaged = false
        network.advance(60_000)
        #expect(log.logEndOffset == 8)
    }

    /// Answers as Kafka does that has these batches of one record one after the other, whose index knows where each
    /// should be: up to so many in an answer, and the head of the next.
    private func serve(_ offsets: @escaping () -> [Int64], index: [Int64], limit: Int, head: Int = 0) {
        source.fetch = { data, item in
            let offsets = offsets()
            data.highWatermark = (offsets.last ?? -1) + 1
            data.logStartOffset = 0
            let known = index.lastIndex { $0 <= item.fetchOffset } ?? 0
            let first = offsets[known...].firstIndex { $0 >= item.fetchOffset } ?? offsets.endIndex
            let end = min(first + limit, offsets.endIndex)
            var bytes = offsets[first..<end].flatMap { (try? sourceBatch(at: $0)) ?? [] }
            if end < offsets.endIndex, first < end {
                bytes += ((try? sourceBatch(at: offsets[end])) ?? []).prefix(head)
            }
            data.records = .owned(bytes)
        }
    }

    @Test(
        "nor is one that an answer ends with, whatever room answers have",
        arguments: [1, 2, 3, 6, 40], [0, 30])
    func disorderAtTheEnd(limit: Int, head: Int) throws {
        let right = (0..<40).map(Int64.init)
        var offsets = right
        offsets[5] = 13
        serve({ offsets }, index: right, limit: limit, head: head)
        try mirror()
        network.advance(60_000)
        let log = try destination.log("t", 0)
        #expect(log.logEndOffset == 5)
        #expect(destination.lines.contains { $0.contains("cannot be mirrored") && $0.contains("do not follow") })
        #expect(try destination.mirror("t").partitions[0].lag == 35)
        offsets = right
        network.advance(60_000)
        #expect(log.logEndOffset == 40)
        #expect(try destination.bytes("t", 0) == right.flatMap { try sourceBatch(at: $0) })
        #expect(destination.lines.contains { $0.contains("is mirrored again") })
    }

    @Test(
        "gaps of compaction are copied, whatever room answers have",
        arguments: [1, 2, 3, 6, 40], [0, 30])
    func compacted(limit: Int, head: Int) throws {
        let offsets: [Int64] = [2, 3, 9, 10, 11, 20, 30, 40, 41, 60, 80]
        serve({ offsets }, index: offsets, limit: limit, head: head)
        try mirror()
        network.advance(60_000)
        #expect(try destination.bytes("t", 0) == offsets.flatMap { try sourceBatch(at: $0) })
        #expect(try destination.mirror("t").partitions[0].lag == 0)
        #expect(!destination.lines.contains { $0.contains("cannot be mirrored") })
    }

    @Test("offsets that a source passes over are named, unless compaction explains them")
    func gap() throws {
        source.fetch = { data, item in
            data.highWatermark = 4
            data.records = .owned([0, 3].filter { $0 >= item.fetchOffset }.flatMap { (try? sourceBatch(at: $0)) ?? [] })
        }
        try mirror()
        network.advance(10_000)
        #expect(try destination.log("t", 0).logEndOffset == 4)
        #expect(destination.lines.contains { $0.contains("no records at offsets 1 to 2") })
    }

    @Test("absurd timestamps are copied as they are", arguments: extremes)
    func timestamps(value: Int64) throws {
        source.fetch = { data, item in
            data.highWatermark = 3
            var bytes: [UInt8] = []
            let batches: [(Int64, Int64)] = [(0, 0), (1, value), (2, 7)]
            for (offset, timestamp) in batches where offset >= item.fetchOffset {
                var builder = RecordBatchBuilder(baseOffset: offset)
                builder.append(key: nil, value: [1], timestamp: timestamp)
                bytes += (try? builder.build()) ?? []
            }
            data.records = .owned(bytes)
        }
        try mirror()
        try expectAlive(end: 3)
    }

    @Test("absurd divergences neither truncate nor hold the mirror for ever", arguments: extremes)
    func divergences(value: Int64) throws {
        source.fetch = { data, item in
            data.highWatermark = 3
            if item.fetchOffset == 0 {
                data.records = .owned((try? sourceBatch(count: 3)) ?? [])
            } else {
                data.divergingEpoch.epoch = Int32(clamping: value)
                data.divergingEpoch.endOffset = value
            }
        }
        try mirror()
        try expectAlive(end: 3)
    }

    @Test("absurd ranges beside OFFSET_OUT_OF_RANGE end no process", arguments: extremes, extremes)
    func ranges(earliest: Int64, latest: Int64) throws {
        source.offsets = (earliest, latest)
        source.fetch = { data, _ in data.errorCode = ErrorCode.offsetOutOfRange.rawValue }
        try mirror()
        try expectAlive()
    }

    @Test("partitions with absurd numbers and epochs are not taken over", arguments: [.min, -1, 7, .max] as [Int32])
    func partitions(value: Int32) throws {
        try mirror()
        source.topic.leaders = [1, 1, 1]
        source.metadata = { response in
            response.topics[0].partitions[2].partitionIndex = value
            response.topics[0].partitions[0].leaderEpoch = value
        }
        try expectAlive()
        #expect(destination.cluster.topics["t"]?.partitions.count == 1)
    }

    @Test("bytes damaged on the way end a connection at most", arguments: 0..<40 as Range<UInt64>)
    func noise(seed: UInt64) throws {
        source.fetch = { data, item in
            data.highWatermark = 1_000
            data.records = .owned((try? sourceBatch(at: item.fetchOffset, count: 3)) ?? [])
        }
        try mirror()
        var random = SplitMix64(state: seed)
        source.broker.tamper = { bytes, _ in
            var bytes = bytes
            for _ in 0..<Int.random(in: 0...3, using: &random) where bytes.count > 4 {
                bytes[Int.random(in: 4..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            return bytes
        }
        network.advance(2_000)
        source.broker.tamper = nil
        try expectAlive()
    }
}
