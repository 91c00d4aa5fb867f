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

    @Option(help: "Headers of every record: key:value pairs separated by commas.")
    var headers: String?

    @Option(help: "Partition to write to (default: by key, otherwise in turn).")
    var partition: Int32?

    @Option(help: "HOST:PORT of any Kafka cluster, instead of --cluster.")
    var bootstrap: String?

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard !delimiter.isEmpty else {
            throw ValidationError("--delimiter must not be empty.")
        }
        _ = try recordHeaders()
    }

    func run() async throws {
        let session = try await KafkaSession.open(bootstrap: try scope.bootstrap(bootstrap, global))
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
            delimiter: parseKey ? Array(delimiter.utf8) : nil, headers: try recordHeaders())
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
        try (headers ?? "").split(separator: ",").map { pair in
            guard let colon = pair.firstIndex(of: ":"), colon > pair.startIndex else {
                throw ValidationError("--headers must be key:value pairs separated by commas.")
            }
            return RecordHeader(key: String(pair[..<colon]), value: Array(pair[pair.index(after: colon)...].utf8))
        }
    }
}

/// Cuts a stream of bytes into lines.
struct LineSplitter {
    private var rest: [UInt8] = []

    /// The lines that `bytes` complete, without their ends. Empty lines are left out, as kcat and the confluent CLI do.
    mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            append(rest + bytes[start..<end], to: &lines)
            rest = []
            start = end + 1
        }
        rest += bytes[start...]
        return lines
    }

    /// The last line, when it has no end.
    mutating func finish() -> [UInt8]? {
        var lines: [[UInt8]] = []
        append(rest, to: &lines)
        rest = []
        return lines.first
    }

    private func append(_ line: [UInt8], to lines: inout [[UInt8]]) {
        let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...]
        if !line.isEmpty {
            lines.append(Array(line))
        }
    }
}

/// Makes a record of a line.
struct LineParser {
    /// nil: the whole line is the value.
    let delimiter: [UInt8]?
    let headers: [RecordHeader]

    func parse(_ line: [UInt8], now: Int64) throws(CLIError) -> ProducerRecord {
        guard let delimiter else {
            return ProducerRecord(key: nil, value: line, headers: headers, timestamp: now)
        }
        guard let found = line.firstRange(of: delimiter) else {
            throw CLIError("missing key or value in message \"\(String(decoding: line, as: UTF8.self))\"")
        }
        return ProducerRecord(
            key: Array(line[..<found.lowerBound]), value: Array(line[found.upperBound...]), headers: headers,
            timestamp: now)
    }
}

/// Chooses partitions the way Kafka's Java producer does: by the key's murmur2 hash; without a key, a batch at a time
/// in turn.
struct Partitioner {
    let count: Int32
    let fixed: Int32?
    private var turn: Int32 = 0

    init(count: Int32, fixed: Int32? = nil) {
        self.count = count
        self.fixed = fixed
    }

    func partition(for key: [UInt8]?) -> Int32 {
        if let fixed {
            return fixed
        }
        guard let key else {
            return turn % count
        }
        return (Murmur2.hash(key) & 0x7FFF_FFFF) % count
    }

    mutating func endBatch() {
        turn = (turn + 1) % count
    }
}

/// The hash that Kafka's producers share.
enum Murmur2 {
    static func hash(_ bytes: [UInt8]) -> Int32 {
        let multiplier: UInt32 = 0x5BD1_E995
        var hash = 0x9747_B28C ^ UInt32(truncatingIfNeeded: bytes.count)
        var index = 0
        while index + 4 <= bytes.count {
            var word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[index + $1]) << UInt32(8 * $1) }
            word = word &* multiplier
            word ^= word >> 24
            hash = (hash &* multiplier) ^ (word &* multiplier)
            index += 4
        }
        if index < bytes.count {
            for (shift, byte) in bytes[index...].enumerated() {
                hash ^= UInt32(byte) << UInt32(8 * shift)
            }
            hash = hash &* multiplier
        }
        hash ^= hash >> 13
        hash = hash &* multiplier
        hash ^= hash >> 15
        return Int32(bitPattern: hash)
    }
}
