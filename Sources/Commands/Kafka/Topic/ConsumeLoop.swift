import KafkaClient
import KafkaProtocol

/// What is left to read and print.
struct Reading: Sendable {
    var starts: [TopicPartition: Int64]
    /// Where to stop; nil goes on for ever.
    var ends: [TopicPartition: Int64]?
    /// How many records are still wanted.
    var limit: Int?
    let printer: RecordPrinter

    init(starts: [TopicPartition: Int64], ends: [TopicPartition: Int64]?, limit: Int?, printer: RecordPrinter) {
        self.starts = starts
        // A start beyond the end stays: reading it says that there is no such offset.
        self.ends = ends?.filter { end in starts[end.key].map { $0 != end.value } ?? false }
        self.limit = limit
        self.printer = printer
    }

    var isDone: Bool { limit == 0 || ends?.isEmpty == true }

    /// Notes that a partition was read up to `next`.
    mutating func reached(_ partition: TopicPartition, _ next: Int64) {
        if let end = ends?[partition], next >= end {
            ends?[partition] = nil
        }
    }
}

/// Prints what a consumer brings until there is enough. Lives on the client's thread.
final class ConsumeLoop: ConsumerDelegate {
    private var reading: Reading
    private let consumer: Consumer
    private let outage: Outage
    private let completion: (Result<Void, CLIError>) -> Void
    /// The offsets after what was printed: what could not be written to the end is not among it.
    private(set) var positions: [TopicPartition: Int64] = [:]
    /// Keeps us alive until the end: the consumer holds its delegate weakly.
    private var keepAlive: ConsumeLoop?

    @discardableResult
    static func start(
        _ reading: Reading, client: ClusterClient, outage: Outage,
        _ completion: @escaping (Result<Void, CLIError>) -> Void
    ) -> ConsumeLoop {
        let loop = ConsumeLoop(reading, client, outage, completion)
        loop.keepAlive = loop
        loop.consumer.delegate = loop
        for (partition, offset) in reading.starts {
            loop.consumer.assign(partition, at: offset)
        }
        loop.consumer.start()
        return loop
    }

    /// Ends reading; the completion is called unless it was already.
    func stop() {
        finish(.success(()))
    }

    /// How many records are still wanted.
    var left: Int? { reading.limit }

    private init(
        _ reading: Reading, _ client: ClusterClient, _ outage: Outage,
        _ completion: @escaping (Result<Void, CLIError>) -> Void
    ) {
        self.reading = reading
        self.outage = outage
        self.completion = completion
        var settings = ConsumerSettings()
        settings.fetch.readCommitted = true
        consumer = Consumer(client: client, settings: settings, random: { UInt64.random(in: 0 ... .max) })
    }

    private func fail(_ error: ClientError) {
        finish(.failure(CLIError(error)))
    }

    private func finish(_ result: Result<Void, CLIError>) {
        guard keepAlive != nil else {
            return
        }
        consumer.close()
        completion(result)
        keepAlive = nil
    }

    func consumer(_ consumer: Consumer, fetched: FetchedPartition) {
        guard !reading.isDone else {
            return
        }
        outage.ends()
        if let fault = fetched.batches.fault {
            return fail(.protocolViolation("\(fetched.partition): \(fault)"))
        }
        var output: [UInt8] = []
        var position: Int64?
        var filter = CommittedFilter(fetched.abortedTransactions)
        do throws(RecordBatchError) {
            var iterator = RecordBatchIterator(fetched.batches.bytes)
            while reading.limit != 0, let (header, batch) = try iterator.next() {
                guard try filter.shows(header, batch) else {
                    continue
                }
                for record in try decodeRecords(batch: batch) where record.offset >= fetched.fetchOffset {
                    guard reading.limit != 0 else {
                        break
                    }
                    reading.printer.write(record, fetched.partition.partition, to: &output)
                    reading.limit? -= 1
                    position = record.offset + 1
                }
            }
        } catch {
            return fail(.protocolViolation("\(fetched.partition): \(error)"))
        }
        do throws(CLIError) {
            try StandardOutput.write(output)
        } catch {
            return finish(.failure(error))
        }
        positions[fetched.partition] =
            reading.limit == 0 ? position ?? positions[fetched.partition] : fetched.batches.nextOffset
        reading.reached(fetched.partition, fetched.batches.nextOffset)
        if reading.isDone {
            finish(.success(()))
        }
    }

    func consumer(_ consumer: Consumer, outOfRange partition: TopicPartition, offsets: OffsetRange) {
        let asked = reading.starts[partition] ?? -1
        let text = "offset \(asked) of \(partition) does not exist: there are \(offsets.start) to \(offsets.end)"
        fail(.broker(.offsetOutOfRange, message: text))
    }

    func consumer(_ consumer: Consumer, retries partition: TopicPartition, after error: ClientError) {
        if !error.isRetriable {
            fail(error)
        } else if error.isOutage {
            outage.begins("\(error)")
        }
    }

    func consumer(_ consumer: Consumer, refreshed result: Result<ClusterMetadata, ClientError>) {
        switch result {
        case .success: outage.ends()
        case .failure(let error) where error.isOutage: outage.begins("\(error)")
        case .failure: break
        }
    }
}

/// Leaves out control records and what aborted transactions wrote (read_committed).
struct CommittedFilter {
    /// Aborted transactions that have not begun yet, by first offset.
    private var upcoming: [FetchResponse.AbortedTransaction]
    /// Producers whose open transaction was aborted.
    private var aborted: Set<Int64> = []

    init(_ transactions: [FetchResponse.AbortedTransaction]) {
        upcoming = transactions.sorted { $0.firstOffset > $1.firstOffset }
    }

    mutating func shows(
        _ header: RecordBatchHeader, _ batch: UnsafeRawBufferPointer
    ) throws(RecordBatchError) -> Bool {
        while let next = upcoming.last, next.firstOffset <= header.lastOffset {
            aborted.insert(next.producerID)
            upcoming.removeLast()
        }
        if header.isControl {
            if case .endTransaction(commit: false, _) = try ControlRecords.parse(batch: batch) {
                aborted.remove(header.producerID)
            }
            return false
        }
        return !(header.isTransactional && aborted.contains(header.producerID))
    }
}
