import KafkaProtocol
import Testing

@testable import LogStorage

/// Random appends of plain, idempotent and transactional producers.
struct Workload {
    var random: SeededGenerator
    private var sequences: [Int64: Int32] = [:]
    private var open: Set<Int64> = []
    private var epoch: Int32 = 0
    private var counter = 0

    init(random: SeededGenerator) { self.random = random }

    /// Goes on where the producers of a log are.
    mutating func resume(_ log: PartitionLog) {
        for producer in log.activeProducers {
            sequences[producer.producerID] = producer.lastSequence + 1
            if producer.currentTransactionStartOffset >= 0 { open.insert(producer.producerID) }
        }
        epoch = log.latestLeaderEpoch ?? 0
    }

    /// One append.
    mutating func step(_ log: PartitionLog) throws {
        if Int.random(in: 0..<12, using: &random) == 0 { epoch += 1 }
        let id = Int64.random(in: 0..<4, using: &random)
        if open.contains(id), Int.random(in: 0..<3, using: &random) == 0 {
            let marker = ControlRecords.endTransaction(
                commit: Bool.random(using: &random), producerID: id, producerEpoch: 0, coordinatorEpoch: 0,
                timestamp: testTime)
            try log.lead(marker, epoch: epoch, origin: .coordinator)
            open.remove(id)
            return
        }
        let count = Int.random(in: 1...4, using: &random)
        var batch = TestBatch(values: (0..<count).map { _ in next() })
        batch.timestamp = testTime + Int64.random(in: -1000...1000, using: &random)
        batch.compression = Bool.random(using: &random) ? .none : .lz4
        if id > 0 {
            batch.producer = (id, 0, sequences[id, default: 0])
            // Producers 2 and 3 always write in transactions.
            batch.isTransactional = id > 1
        }
        try log.append(batch, epoch: epoch)
        if id > 0 { sequences[id, default: 0] += Int32(count) }
        if id > 1 { open.insert(id) }
    }

    private mutating func next() -> String {
        counter += 1
        return "\(counter)-" + String(repeating: "x", count: Int.random(in: 0...90, using: &random))
    }
}

/// What can be seen of a log.
struct LogState: Equatable {
    var end: Int64
    var lastStable: Int64
    var records: [String]
    var producers: [ActiveProducer]
    var aborted: [AbortedTransaction]
    var epochs: [LeaderEpochs.Entry]
    var greatest: TimestampOffset?
    var firstAfter: [TimestampOffset?]

    /// Failing reads show as a state that equals no other's.
    init(_ log: PartitionLog) {
        end = log.logEndOffset
        lastStable = log.lastStableOffset
        producers = log.activeProducers
        epochs = log.epochs.entries
        do {
            records = try log.records(step: 400)
            aborted = try log.abortedTransactions(from: 0, upTo: .max)
            greatest = try log.offsetOfMaxTimestamp()
            firstAfter = try [-2000, -500, 0, 500, 999].map { try log.offset(forTimestamp: testTime + $0) }
        } catch {
            Issue.record(error)
            (records, aborted, greatest, firstAfter) = (["failed \(log.directory)"], [], nil, [])
        }
    }
}

/// Names what differs.
func expectEqual(
    _ found: LogState, _ expected: LogState, _ comment: Comment? = nil, location: SourceLocation = #_sourceLocation
) {
    #expect(found.end == expected.end, comment, sourceLocation: location)
    #expect(found.lastStable == expected.lastStable, comment, sourceLocation: location)
    #expect(found.records == expected.records, comment, sourceLocation: location)
    #expect(found.producers == expected.producers, comment, sourceLocation: location)
    #expect(found.aborted == expected.aborted, comment, sourceLocation: location)
    #expect(found.epochs == expected.epochs, comment, sourceLocation: location)
    #expect(found.greatest == expected.greatest, comment, sourceLocation: location)
    #expect(found.firstAfter == expected.firstAfter, comment, sourceLocation: location)
}
