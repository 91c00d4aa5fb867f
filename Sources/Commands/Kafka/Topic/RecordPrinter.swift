import KafkaProtocol

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
