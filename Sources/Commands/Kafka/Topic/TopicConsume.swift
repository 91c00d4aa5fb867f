import ArgumentParser
import KafkaClient
import KafkaProtocol

struct TopicConsumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consume", abstract: "Print the records of a topic, one a line.",
        discussion: """
            Begins with new records unless told otherwise and goes on until Ctrl-C. With --group, begins where the \
            group is and commits what was printed.

            Examples:
              twinlog kafka topic consume link-topic --cluster lkc-dest --from-beginning
              twinlog kafka topic consume link-topic --cluster lkc-dest --partition 1 --offset 42 --print-offset
              twinlog kafka topic consume link-topic --cluster lkc-dest --group readers -b --exit
            """)

    @Argument(help: "Topic name.")
    var topic: String

    @Option(help: "Read as a member of this consumer group.")
    var group: String?

    @Flag(name: [.customShort("b"), .customLong("from-beginning")], help: "Begin with the oldest records.")
    var fromBeginning = false

    @Option(
        parsing: .unconditional, help: "Begin at this offset (-1: at the end, as without it; -2: at the beginning).")
    var offset: Int64?

    @Option(parsing: .unconditional, help: "Only this partition (-1: all).")
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

    @Option(help: "How keys are written: string, integer or double.")
    var keyFormat: RecordFormat = .string

    @Option(help: "How values are written: string, integer or double.")
    var valueFormat: RecordFormat = .string

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard offset == nil || !fromBeginning else {
            throw ValidationError("--offset and --from-beginning exclude each other.")
        }
        guard partition >= -1, offset.map({ $0 >= -2 }) ?? true else {
            throw ValidationError(
                "--partition must be a partition's number or -1, --offset an offset, -1 (end) or -2 (beginning).")
        }
        guard maxMessages.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--max-messages must be 1 or more.")
        }
        guard group == nil || (partition == -1 && offset == nil) else {
            throw ValidationError("--group chooses partitions and offsets: leave --partition and --offset out.")
        }
        guard group != "" else {
            throw ValidationError("--group must not be empty.")
        }
        try connection.check()
    }

    func run() async throws {
        let session = try await KafkaSession.open(try connection.endpoint(scope, global))
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
        let all = try await session.partitions(of: topic)
        if Platform.isTerminal(1) {
            Platform.printError("Starting Kafka Consumer. Use Ctrl-C to exit.")
        }
        if let group {
            let reader = GroupReader(
                session: session, group: group, topic: topic, fromBeginning: fromBeginning, exitsAtEnd: exit,
                printer: printer)
            return try await reader.run(limit: maxMessages)
        }
        guard partition < 0 || all.contains(partition) else {
            throw CLIError("topic \"\(topic)\" has no partition \(partition)")
        }
        let partitions = (partition < 0 ? all : [partition]).map { TopicPartition(topic, $0) }
        let latest = try await session.offsets(.latest, partitions)
        var starts = latest
        if let offset, offset >= 0 {
            starts = latest.mapValues { _ in offset }
        } else if fromBeginning || offset == -2 {
            starts = try await session.offsets(.earliest, partitions)
        }
        let reading = Reading(starts: starts, ends: exit ? latest : nil, limit: maxMessages, printer: printer)
        guard !reading.isDone else {
            return Platform.printError(emptyReason)
        }
        let outcome: Result<Void, CLIError> = try await session.run { client, done in
            ConsumeLoop.start(reading, client: client, outage: Outage()) { done(.success($0)) }
        }
        try outcome.get()
    }

    /// Why there is nothing to print before reading has begun.
    private var emptyReason: String {
        let place = partition < 0 ? "topic \"\(topic)\"" : "partition \(partition) of topic \"\(topic)\""
        return fromBeginning || offset.map { $0 != -1 } ?? false
            ? "Nothing to print: \(place) has no records from there on."
            : "Nothing to print: reading begins at the end of \(place), and --exit ends it there. "
                + "--from-beginning begins with the oldest records."
    }

    private var printer: RecordPrinter {
        RecordPrinter(
            key: printKey, offset: printOffset, timestamp: timestamp, headers: fullHeader, delimiter: delimiter,
            isForTerminal: Platform.isTerminal(1), keyFormat: keyFormat, valueFormat: valueFormat)
    }
}
