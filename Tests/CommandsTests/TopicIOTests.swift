import KafkaClient
import KafkaProtocol
import Testing

@testable import Commands

struct LineTests {
    @Test("lines are put together across reads; the last one needs no end")
    func splitting() {
        var splitter = LineSplitter()
        #expect(splitter.take(Array("a\nb".utf8)) == [Array("a".utf8)])
        #expect(splitter.take(Array("c\r\n\n".utf8)) == [Array("bc".utf8)])
        #expect(splitter.take(Array("tail".utf8)).isEmpty)
        #expect(splitter.finish() == Array("tail".utf8))
        #expect(splitter.finish() == nil)
    }

    @Test("a key ends at the first delimiter")
    func keys() throws {
        let parser = LineParser(delimiter: Array("::".utf8), headers: [])
        let record = try parser.parse(Array("k:1::v::w".utf8), now: 5)
        #expect(record.key == Array("k:1".utf8))
        #expect(record.value == Array("v::w".utf8))
        #expect(record.timestamp == 5)
    }

    @Test("a line without the delimiter is refused")
    func missingKey() {
        let parser = LineParser(delimiter: Array(":".utf8), headers: [])
        #expect(throws: CLIError("missing key or value in message \"plain\"")) {
            try parser.parse(Array("plain".utf8), now: 0)
        }
    }
}

struct RecordFormatTests {
    @Test("integers are four bytes and doubles eight, the least significant first, there and back")
    func numbers() throws {
        #expect(try RecordFormat.integer.encode(Array("258".utf8)) == [2, 1, 0, 0])
        #expect(RecordFormat.integer.decode([2, 1, 0, 0]) == Array("258".utf8))
        #expect(try RecordFormat.double.encode(Array("1".utf8)) == [0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
        #expect(RecordFormat.double.decode([0, 0, 0, 0, 0, 0, 0xF0, 0x3F]) == Array("1.0".utf8))
        #expect(RecordFormat.integer.decode([1]) == [1])
    }

    @Test("what is no number is refused", arguments: ["x", "-1", "4294967296", ""])
    func refused(_ text: String) {
        #expect(throws: CLIError.self) { try RecordFormat.integer.encode(Array(text.utf8)) }
    }
}

struct PartitionerTests {
    /// Values of `org.apache.kafka.common.utils.Utils.murmur2`, as its own unit test lists them.
    @Test(
        "keys are hashed as Kafka's producers do",
        arguments: [
            ("21", Int32(-973_932_308)), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ])
    func murmur2(_ key: String, _ hash: Int32) {
        #expect(KeyPartitioning.murmur2(Array(key.utf8)) == hash)
    }

    @Test("records without a key go round the partitions, batch by batch")
    func turns() {
        var partitioner = Partitioner(count: 3)
        var seen: [Int32] = []
        for _ in 0..<4 {
            seen.append(partitioner.partition(for: nil))
            #expect(partitioner.partition(for: nil) == seen.last)
            partitioner.endBatch()
        }
        #expect(seen == [0, 1, 2, 0])
    }

    @Test("a fixed partition wins over the key")
    func fixed() {
        #expect(Partitioner(count: 9, fixed: 4).partition(for: Array("foobar".utf8)) == 4)
    }
}

struct RecordPrinterTests {
    private let record = Record(
        offset: 42, timestamp: 1_700, key: Array("k".utf8), value: Array("v".utf8),
        headers: [RecordHeader(key: "h", value: Array("x".utf8)), RecordHeader(key: "n", value: nil)])

    private func text(_ printer: RecordPrinter, _ record: Record) -> String {
        var output: [UInt8] = []
        printer.write(record, 1, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test("the value alone is a line")
    func plain() {
        #expect(text(RecordPrinter(), record) == "v\n")
    }

    @Test("everything that was asked for stands before the value, headers below")
    func full() {
        let printer = RecordPrinter(key: true, offset: true, timestamp: true, headers: true, delimiter: "|")
        #expect(text(printer, record) == "Timestamp:1700 Partition:1 Offset:42|k|v\n% Headers: [h=\"x\" n=\"\"]\n")
    }

    @Test("a missing key or value is null")
    func nulls() {
        let empty = Record(offset: 0, timestamp: 0, key: nil, value: nil, headers: [])
        #expect(text(RecordPrinter(key: true), empty) == "null\tnull\n")
    }
}

struct ReadingTests {
    private let first = TopicPartition("t", 0)
    private let second = TopicPartition("t", 1)

    @Test("reading ends once every partition has reached its end")
    func ends() {
        var reading = Reading(
            starts: [first: 0, second: 5], ends: [first: 3, second: 5], limit: nil, printer: RecordPrinter())
        #expect(!reading.isDone)
        reading.reached(first, 2)
        #expect(!reading.isDone)
        reading.reached(first, 3)
        #expect(reading.isDone)
    }

    @Test("a start beyond the end is not taken for the end")
    func beyond() {
        #expect(!Reading(starts: [first: 9], ends: [first: 4], limit: nil, printer: RecordPrinter()).isDone)
    }

    @Test("nothing to read is done at once, without ends it never is")
    func bounds() {
        #expect(Reading(starts: [first: 4], ends: [first: 4], limit: nil, printer: RecordPrinter()).isDone)
        #expect(!Reading(starts: [first: 4], ends: nil, limit: nil, printer: RecordPrinter()).isDone)
        #expect(Reading(starts: [first: 4], ends: nil, limit: 0, printer: RecordPrinter()).isDone)
    }
}

struct CommittedFilterTests {
    private func batch(_ base: Int64, producer: Int64, transactional: Bool) throws -> [UInt8] {
        var builder = RecordBatchBuilder(
            baseOffset: base, producerID: producer, producerEpoch: 0, baseSequence: 0, isTransactional: transactional)
        builder.append(key: nil, value: [1], timestamp: 0)
        return try builder.build()
    }

    @Test("records of an aborted transaction are left out up to its marker, control records always")
    func aborted() throws {
        var transaction = FetchResponse.AbortedTransaction()
        transaction.producerID = 7
        transaction.firstOffset = 10
        var filter = CommittedFilter([transaction])
        let batches = [
            try batch(9, producer: 7, transactional: true), try batch(10, producer: 7, transactional: true),
            try batch(11, producer: 8, transactional: true),
            ControlRecords.endTransaction(
                commit: false, producerID: 7, producerEpoch: 0, coordinatorEpoch: 0, timestamp: 0, baseOffset: 12),
            try batch(13, producer: 7, transactional: true), try batch(14, producer: -1, transactional: false),
        ]
        let shown = try batches.map { bytes in
            try bytes.withUnsafeBytes { try filter.shows(RecordBatchHeader(parsing: $0), $0) }
        }
        #expect(shown == [true, false, true, false, true, true])
    }
}
