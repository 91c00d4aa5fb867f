import KafkaProtocol

/// How a record looks: byte by byte as it is, except on a terminal, on which it must not act.
struct RecordPrinter: Sendable {
    var key = false
    var offset = false
    var timestamp = false
    var headers = false
    var delimiter = "\t"
    var isForTerminal = false
    var keyFormat = RecordFormat.string
    var valueFormat = RecordFormat.string

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
            output += shown(record.key.map { keyFormat.decode($0) } ?? Array("null".utf8)) + Array(delimiter.utf8)
        }
        output += shown(record.value.map { valueFormat.decode($0) } ?? Array("null".utf8))
        output.append(UInt8(ascii: "\n"))
        if headers, !record.headers.isEmpty {
            let pairs = record.headers.map { header in
                "\(header.key)=\"\(String(decoding: header.value ?? [], as: UTF8.self))\""
            }
            output += shown(Array("% Headers: [\(pairs.joined(separator: " "))]".utf8)) + [UInt8(ascii: "\n")]
        }
    }

    private func shown(_ bytes: [UInt8]) -> [UInt8] {
        isForTerminal ? Array(TerminalText.escape(bytes).utf8) : bytes
    }
}
