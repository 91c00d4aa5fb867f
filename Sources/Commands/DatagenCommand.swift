import ArgumentParser
import Datagen

/// Prints generated records: the input of any Kafka producer.
struct DatagenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datagen", abstract: "Print generated records, one JSON document a line.",
        discussion: """
            Examples:
              twinlog datagen TRANSACTIONS --iterations 100
              twinlog datagen TRANSACTIONS --keys '|' | kcat -P -b 127.0.0.1:9092 -t link-topic -K '|'
            """)

    @Argument(help: "Name of the quickstart: \(Quickstart.all.map { $0.name.uppercased() }.joined(separator: ", ")).")
    var quickstart: String

    @Option(help: "How many records to print.")
    var iterations: Int = 100

    @Option(help: "Begin after this many records of the sequence.")
    var skip: Int64 = 0

    @Option(help: "The same seed gives the same records.")
    var seed: UInt64 = 1

    @Option(help: "Print the key and this separator before each record.")
    var keys: String?

    /// That are written at once.
    private static let writeBytes = 65_536

    func validate() throws {
        guard iterations >= 0, skip >= 0 else {
            throw ValidationError("--iterations and --skip must not be negative.")
        }
    }

    func run() throws {
        guard let schema = Quickstart.schema(named: quickstart) else {
            let known = Quickstart.all.map { $0.name.uppercased() }.joined(separator: ", ")
            throw CLIError("unknown quickstart \"\(quickstart)\": there is \(known)")
        }
        var generator = RecordGenerator(schema: schema, seed: seed)
        generator.skip(to: skip)
        var lines: [UInt8] = []
        for _ in 0..<iterations {
            let record = generator.next()
            lines += Array((keys.map { record.keyText + $0 + record.json } ?? record.json).utf8) + [UInt8(ascii: "\n")]
            if lines.count >= DatagenCommand.writeBytes {
                try StandardOutput.write(lines)
                lines = []
            }
        }
        try StandardOutput.write(lines)
    }
}
