import ArgumentParser
import KafkaClient
import KafkaProtocol
import NIOCore

struct TopicConsumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consume", abstract: "Print the records of a topic, one a line.",
        discussion: """
            Begins with new records unless told otherwise and goes on until Ctrl-C.

            Examples:
              twinlog kafka topic consume link-topic --cluster lkc-dest --from-beginning
              twinlog kafka topic consume link-topic --cluster lkc-dest --partition 1 --offset 42 --print-offset
            """)

    @Argument(help: "Topic name.")
    var topic: String

    @Flag(name: [.customShort("b"), .customLong("from-beginning")], help: "Begin with the oldest records.")
    var fromBeginning = false

    @Option(help: "Begin at this offset.")
    var offset: Int64?

    @Option(help: "Only this partition (-1: all).")
    var partition: Int32 = -1

    @Flag(help: "Print the key before the value.")
    var printKey = false

    @Flag(help: "Print partition and offset of each record.")
    var printOffset = false

    @Flag(help: "Print the timestamp of each record, in milliseconds.")
    var timestamp = false

    @Flag(help: "Print the headers below each record.")
    var fullHeader = false

    @Option(help: "Separates what is printed of one record.")
    var delimiter = "\t"

    @Option(help: "Stop after this many records.")
    var maxMessages: Int?

    @Flag(help: "Stop at the end of the topic.")
    var exit = false

    @Option(help: "HOST:PORT of any Kafka cluster, instead of --cluster.")
    var bootstrap: String?

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard offset == nil || !fromBeginning else {
            throw ValidationError("--offset and --from-beginning exclude each other.")
        }
        guard partition >= -1, offset.map({ $0 >= 0 }) ?? true, maxMessages.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--partition, --offset and --max-messages must not be negative.")
        }
    }

    func run() async throws {
        let session = try await KafkaSession.open(bootstrap: try scope.bootstrap(bootstrap, global))
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await consume(session))
        } catch {
            outcome = .failure(error)
        }
        await session.close()
        try outcome.get()
    }

    private func consume(_ session: KafkaSession) async throws {
        var partitions = try await session.partitions(of: topic)
        if partition >= 0 {
            guard partitions.contains(partition) else {
                throw CLIError("topic \"\(topic)\" has no partition \(partition)")
            }
            partitions = [partition]
        }
        let latest = try await offsets(.latest, partitions, session)
        var starts = latest
        if let offset {
            starts = latest.mapValues { _ in offset }
        } else if fromBeginning {
            starts = try await offsets(.earliest, partitions, session)
        }
        if Platform.isTerminal(1) {
            Platform.printError("Starting Kafka Consumer. Use Ctrl-C to exit.")
        }
        let reading = Reading(
            starts: starts, ends: exit ? latest : nil, limit: maxMessages, printer: printer)
        guard !reading.isDone else {
            return
        }
        let _: Void = try await session.run { client, done in
            ConsumeLoop.start(reading, client: client, done)
        }
    }

    private var printer: RecordPrinter {
        RecordPrinter(
            key: printKey, offset: printOffset, timestamp: timestamp, headers: fullHeader, delimiter: delimiter)
    }

    private func offsets(
        _ query: OffsetQuery, _ partitions: [Int32], _ session: KafkaSession
    ) async throws -> [TopicPartition: Int64] {
        let topic = topic
        return try await session.run { client, done in
            let queries = partitions.map { (TopicPartition(topic, $0), query) }
            client.listOffsets(Dictionary(queries, uniquingKeysWith: { first, _ in first })) { results in
                var offsets: [TopicPartition: Int64] = [:]
                for (partition, result) in results {
                    switch result {
                    case .success(let listed): offsets[partition] = listed.offset
                    case .failure(let error): return done(.failure(error))
                    }
                }
                done(.success(offsets))
            }
        }
    }
}

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
    private let completion: (Result<Void, ClientError>) -> Void
    /// Keeps us alive until the end: the consumer holds its delegate weakly.
    private var keepAlive: ConsumeLoop?

    static func start(
        _ reading: Reading, client: ClusterClient, _ completion: @escaping (Result<Void, ClientError>) -> Void
    ) {
        let loop = ConsumeLoop(reading, client, completion)
        loop.keepAlive = loop
        loop.consumer.delegate = loop
        for (partition, offset) in reading.starts {
            loop.consumer.assign(partition, at: offset)
        }
        loop.consumer.start()
    }

    private init(
        _ reading: Reading, _ client: ClusterClient, _ completion: @escaping (Result<Void, ClientError>) -> Void
    ) {
        self.reading = reading
        self.completion = completion
        var settings = ConsumerSettings()
        settings.fetch.readCommitted = true
        consumer = Consumer(client: client, settings: settings, random: { UInt64.random(in: 0 ... .max) })
    }

    private func finish(_ result: Result<Void, ClientError>) {
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
        if let fault = fetched.batches.fault {
            return finish(.failure(.protocolViolation("\(fetched.partition): \(fault)")))
        }
        var output: [UInt8] = []
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
                }
            }
        } catch {
            return finish(.failure(.protocolViolation("\(fetched.partition): \(error)")))
        }
        Platform.write(output, to: 1)
        reading.reached(fetched.partition, fetched.batches.nextOffset)
        if reading.isDone {
            finish(.success(()))
        }
    }

    func consumer(_ consumer: Consumer, outOfRange partition: TopicPartition, offsets: OffsetRange) {
        let asked = reading.starts[partition] ?? -1
        let text = "offset \(asked) of \(partition) does not exist: there are \(offsets.start) to \(offsets.end)"
        finish(.failure(.broker(.offsetOutOfRange, message: text)))
    }

    func consumer(_ consumer: Consumer, retries partition: TopicPartition, after error: ClientError) {
        if !error.isRetriable {
            finish(.failure(error))
        }
    }

    func consumer(_ consumer: Consumer, refreshed result: Result<ClusterMetadata, ClientError>) {}
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

/// How a record looks on the screen.
struct RecordPrinter: Sendable {
    var key = false
    var offset = false
    var timestamp = false
    var headers = false
    var delimiter = "\t"

    func write(_ record: Record, _ partition: Int32, to output: inout [UInt8]) {
        var facts: [String] = []
        if timestamp {
            facts.append("Timestamp:\(record.timestamp)")
        }
        if offset {
            facts.append("Partition:\(partition) Offset:\(record.offset)")
        }
        if !facts.isEmpty {
            output += Array((facts.joined(separator: " ") + delimiter).utf8)
        }
        if key {
            output += (record.key ?? Array("null".utf8)) + Array(delimiter.utf8)
        }
        output += record.value ?? Array("null".utf8)
        output.append(UInt8(ascii: "\n"))
        if headers, !record.headers.isEmpty {
            let pairs = record.headers.map { header in
                "\(header.key)=\"\(String(decoding: header.value ?? [], as: UTF8.self))\""
            }
            output += Array("% Headers: [\(pairs.joined(separator: " "))]\n".utf8)
        }
    }
}
