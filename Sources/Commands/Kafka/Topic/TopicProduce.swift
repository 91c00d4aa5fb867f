import ArgumentParser
import KafkaClient
import KafkaProtocol
import NIOCore

struct TopicProduceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "produce", abstract: "Write records from standard input to a topic, one a line.",
        discussion: """
            Examples:
              echo '{"a":1}' | twinlog kafka topic produce link-topic --cluster lkc-source
              twinlog datagen TRANSACTIONS --keys : \\
                | twinlog kafka topic produce link-topic --cluster lkc-source --parse-key
            """)

    @Argument(help: "Topic name.")
    var topic: String

    @Flag(help: "Each line is a key, the delimiter and a value.")
    var parseKey = false

    @Option(help: "Separates key and value.")
    var delimiter = ":"

    @Option(help: "Headers of every record: key:value pairs separated by commas; repeatable.")
    var headers: [String] = []

    @Option(parsing: .unconditional, help: "Partition to write to (default, or -1: by key, otherwise in turn).")
    var partition: Int32?

    @Option(help: "How keys are written: string, integer or double.")
    var keyFormat: RecordFormat = .string

    @Option(help: "How values are written: string, integer or double.")
    var valueFormat: RecordFormat = .string

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard !delimiter.isEmpty else {
            throw ValidationError("--delimiter must not be empty.")
        }
        guard partition.map({ $0 >= -1 }) ?? true else {
            throw ValidationError("--partition must be a partition's number, or -1.")
        }
        _ = try recordHeaders()
        try connection.check()
    }

    func run() async throws {
        let session = try await KafkaSession.open(try connection.endpoint(scope, global))
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await produce(session))
        } catch {
            outcome = .failure(error)
        }
        await session.close()
        try outcome.get()
    }

    private func produce(_ session: KafkaSession) async throws {
        let partitions = try await session.partitions(of: topic)
        let partition = partition.flatMap { $0 == -1 ? nil : $0 }
        if let partition, !partitions.contains(partition) {
            throw CLIError("topic \"\(topic)\" has no partition \(partition)")
        }
        if Platform.isTerminal(0) {
            Platform.printError("Starting Kafka Producer. Use Ctrl-C or Ctrl-D to exit.")
        }
        let producer = try await session.make { client in
            SimpleProducer(client: client, settings: ProducerSettings(), random: { UInt64.random(in: 0 ... .max) })
        }
        var partitioner = Partitioner(count: Int32(partitions.count), fixed: partition)
        let parser = LineParser(
            delimiter: parseKey ? Array(delimiter.utf8) : nil, headers: try recordHeaders(), keyFormat: keyFormat,
            valueFormat: valueFormat)
        var lines = LineSplitter()
        while let chunk = try readInput() {
            try await send(lines.take(chunk), parser, &partitioner, producer, session)
        }
        if let rest = lines.finish() {
            try await send([rest], parser, &partitioner, producer, session)
        }
    }

    /// Waits for the next lines; nil at the end. The thread that serves the connection is another one.
    private func readInput() throws -> [UInt8]? {
        do throws(SystemError) {
            return try Platform.readSome(0)
        } catch {
            throw CLIError("cannot read standard input: \(error)")
        }
    }

    /// Sends the lines of one read and waits until the broker has them, so that input cannot pile up.
    private func send(
        _ lines: [[UInt8]], _ parser: LineParser, _ partitioner: inout Partitioner,
        _ producer: NIOLoopBound<SimpleProducer>, _ session: KafkaSession
    ) async throws {
        let now = Platform.wallClockMs
        var batches: [Int32: [ProducerRecord]] = [:]
        for line in lines {
            let record = try parser.parse(line, now: now)
            batches[partitioner.partition(for: record.key), default: []].append(record)
        }
        partitioner.endBatch()
        let topic = topic
        let ordered = batches.sorted { $0.key < $1.key }
        guard !ordered.isEmpty else {
            return
        }
        let _: Void = try await session.run { _, done in
            var missing = ordered.count
            var failure: ClientError?
            for (partition, records) in ordered {
                producer.value.send(records, to: TopicPartition(topic, partition)) { result in
                    if case .failure(let error) = result {
                        failure = failure ?? error
                    }
                    missing -= 1
                    if missing == 0 {
                        done(failure.map { .failure($0) } ?? .success(()))
                    }
                }
            }
        }
    }

    private func recordHeaders() throws -> [RecordHeader] {
        try headers.flatMap { $0.split(separator: ",") }.map { pair in
            guard let colon = pair.firstIndex(of: ":"), colon > pair.startIndex else {
                throw ValidationError("--headers must be key:value pairs separated by commas.")
            }
            return RecordHeader(key: String(pair[..<colon]), value: Array(pair[pair.index(after: colon)...].utf8))
        }
    }
}
