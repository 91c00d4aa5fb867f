import KafkaClient
import KafkaProtocol

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
    var keyFormat = RecordFormat.string
    var valueFormat = RecordFormat.string

    func parse(_ line: [UInt8], now: Int64) throws(CLIError) -> ProducerRecord {
        guard let delimiter else {
            return ProducerRecord(
                key: nil, value: try valueFormat.encode(line), headers: headers, timestamp: now)
        }
        guard let found = line.firstRange(of: delimiter) else {
            throw CLIError("missing key or value in message \"\(String(decoding: line, as: UTF8.self))\"")
        }
        return ProducerRecord(
            key: try keyFormat.encode(Array(line[..<found.lowerBound])),
            value: try valueFormat.encode(Array(line[found.upperBound...])), headers: headers, timestamp: now)
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
        return KeyPartitioning.partition(for: key, count: count)
    }

    mutating func endBatch() {
        turn = (turn + 1) % count
    }
}
