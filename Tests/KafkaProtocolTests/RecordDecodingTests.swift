import KafkaProtocol
import Testing

@Suite("Reading records")
struct RecordDecodingTests {
    static let repeated = "second value, second value, second value"

    /// What kafka-python was asked to write into every data batch of the fixtures.
    static let expected: [Record] = [
        Record(offset: 0, timestamp: 1_700_000_000_000, key: Array("k0".utf8), value: Array("first value".utf8)),
        Record(
            offset: 1, timestamp: 1_700_000_000_007, key: nil, value: Array(repeated.utf8),
            headers: [RecordHeader(key: "trace", value: [0x00, 0xFF]), RecordHeader(key: "empty", value: [])]),
        Record(
            offset: 2, timestamp: 1_699_999_999_990, key: [], value: nil,
            headers: [RecordHeader(key: "null", value: nil)]),
        Record(offset: 3, timestamp: 1_700_000_300_000, key: Array("k3".utf8), value: []),
    ]

    static let dataBatches = RecordFixtures.batches.keys.filter { $0 != "commitMarker" }.sorted()

    @Test("batches of another client are read, whatever the codec", arguments: dataBatches)
    func foreign(name: String) throws {
        let bytes = try #require(RecordFixtures.batches[name])
        #expect(try decode(bytes) == Self.expected)
        let summary = try check(bytes)
        #expect(summary.count == 4)
        #expect(summary.maxTimestamp == 1_700_000_300_000 && summary.offsetOfMaxTimestamp == 3)
        #expect(summary.firstIndexWithoutKey == 1)
    }

    @Test("the header's fields are read")
    func header() throws {
        let header = parseHeader(try #require(RecordFixtures.batches["idempotent"]))
        #expect(header.baseOffset == 0 && header.lastOffset == 3 && header.nextOffset == 4)
        #expect(header.sizeInBytes == 168 && header.recordCount == 4 && header.magic == 2)
        #expect(header.producerID == 4711 && header.producerEpoch == 3)
        #expect(header.baseSequence == Int32.max - 1 && header.lastSequence == 1)
        #expect(header.isTransactional && !header.isControl && header.hasProducerID && !header.hasDeleteHorizon)
        #expect(header.timestampType == .createTime && header.compression == .none)
        #expect(header.baseTimestamp == 1_700_000_000_000 && header.maxTimestamp == 1_700_000_300_000)
    }

    @Test("a batch cut at any byte is refused", arguments: RecordFixtures.batches.keys.sorted())
    func truncated(name: String) throws {
        let bytes = try #require(RecordFixtures.batches[name])
        for count in 0..<bytes.count {
            #expect(throws: RecordBatchError.self) { try decode(Array(bytes[..<count])) }
        }
    }

    @Test("a payload cut at any byte is refused even when length and checksum fit", arguments: dataBatches)
    func truncatedPayload(name: String) throws {
        let bytes = try #require(RecordFixtures.batches[name])
        let header = parseHeader(bytes), payload = Array(bytes[RecordBatchHeader.size...])
        for count in 0..<payload.count {
            let cut = sealed(header, payload: Array(payload[..<count]))
            #expect(throws: RecordBatchError.self) { try decode(cut) }
            #expect(throws: RecordBatchError.self) { try check(cut) }
        }
    }

    @Test("any single changed byte behind the checksum is noticed by it", arguments: ["plain", "lz4"])
    func checksum(name: String) throws {
        let bytes = try #require(RecordFixtures.batches[name])
        for position in RecordBatchHeader.Position.crc..<bytes.count {
            var changed = bytes
            changed[position] ^= 0x10
            #expect(throws: RecordBatchError.self) { try check(changed) }
        }
    }

    @Test("mutated batches with a right checksum never trap", arguments: RecordFixtures.batches.keys.sorted())
    func mutated(name: String) throws {
        let bytes = try #require(RecordFixtures.batches[name])
        var random = RecordTestRandom(seed: UInt64(name.utf8.reduce(0) { $0 + Int($1) }))
        var accepted = 0
        for _ in 0..<4000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                changed[Int.random(in: 21..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            changed = sealed(parseHeader(changed), payload: Array(changed[RecordBatchHeader.size...]))
            guard let records = try? decode(changed) else {
                #expect(throws: RecordBatchError.self) { try check(changed, rules: .replicated) }
                continue
            }
            // Reading and checking are separate code; they must accept the same and see the same.
            let summary = try check(changed, rules: .replicated)
            #expect(summary.count == records.count)
            let latest = max(-1, records.map(\.timestamp).max() ?? -1)
            #expect(summary.maxTimestamp == latest)
            #expect(
                summary.offsetOfMaxTimestamp
                    == (latest == -1 ? -1 : records.first { $0.timestamp == latest }?.offset ?? -1))
            let base = parseHeader(changed).baseOffset
            #expect(summary.countsUp == (records.map(\.offset) == records.indices.map { base + Int64($0) }))
            #expect(summary.firstIndexWithoutKey == records.firstIndex { $0.key == nil })
            accepted += 1
            #expect(records.count == Int(parseHeader(changed).recordCount))
        }
        // Values and timestamps are free to change, so that some must have been accepted.
        #expect(accepted > 0)
    }

    @Test("records can be walked in place and the walk stopped")
    func walk() throws {
        let bytes = try #require(RecordFixtures.batches["plain"])
        var offsets: [Int64] = []
        try bytes.withUnsafeBytes { batch in
            try forEachRecord(in: batch) { record in
                offsets.append(record.offset)
                #expect(Record(record) == Self.expected[record.index])
                return offsets.count < 3
            }
        }
        #expect(offsets == [0, 1, 2])
    }
}

/// Record bytes made by hand: lengths and deltas are zigzag, so 2 means 1.
@Suite("Checking records")
struct RecordCheckingTests {
    /// No key, no value, no headers; offset delta 0, 1 and 2.
    static let first: [UInt8] = [12, 0, 0, 0, 1, 1, 0]
    static let second: [UInt8] = [12, 0, 0, 2, 1, 1, 0]
    static let third: [UInt8] = [12, 0, 0, 4, 1, 1, 0]

    @Test("a batch of three smallest records is accepted")
    func accepted() throws {
        let bytes = batch(of: Self.first + Self.second + Self.third, count: 3)
        #expect(try check(bytes).count == 3)
        #expect(try decode(bytes).map(\.offset) == [0, 1, 2])
    }

    @Test("counts that lie are refused")
    func counts() {
        let records = Self.first + Self.second
        #expect(throws: RecordBatchError.badRecordCount(count: 3, lastOffsetDelta: 2)) {
            try check(batch(of: records, count: 3))
        }
        #expect(throws: RecordBatchError.badRecordCount(count: 2, lastOffsetDelta: 5)) {
            try check(batch(of: records, count: 2, lastOffsetDelta: 5))
        }
        #expect(throws: RecordBatchError.trailingBytes(7)) { try check(batch(of: records, count: 1)) }
        for count: Int32 in [0, -1, .min] {
            #expect(throws: RecordBatchError.self) { try check(batch(of: records, count: count, lastOffsetDelta: 1)) }
        }
        #expect(throws: RecordBatchError.badRecordCount(count: .max, lastOffsetDelta: .max - 1)) {
            try check(batch(of: records, count: .max))
        }
        #expect(throws: RecordBatchError.self) { try check(batch(of: [], count: 0)) }
    }

    @Test("counts that lie are refused behind every codec", arguments: Compression.allCases)
    func compressedCounts(codec: Compression) throws {
        let payload = try codec.compress(Self.first + Self.second + Self.third)
        for count: Int32 in [2, 4] {
            var header = RecordBatchHeader(attributes: Int16(codec.rawValue))
            header.recordCount = count
            header.lastOffsetDelta = count - 1
            #expect(throws: RecordBatchError.self) { try check(sealed(header, payload: payload)) }
            #expect(throws: RecordBatchError.self) { try decode(sealed(header, payload: payload)) }
        }
    }

    @Test("offsets are taken as they are, and the summary says whether they count up")
    func offsets() throws {
        #expect(try check(batch(of: Self.first + Self.second, count: 2)).countsUp)
        let others = [
            batch(of: Self.first + Self.third, count: 2, lastOffsetDelta: 4),
            batch(of: Self.second + Self.third, count: 2),
            batch(of: Self.first + Self.first, count: 2), batch(of: [12, 0, 0, 1, 1, 1, 0], count: 1),
        ]
        for bytes in others {
            let summary = try check(bytes, rules: .replicated)
            #expect(!summary.countsUp)
            #expect(Int(summary.count) == (try decode(bytes).count))
        }
        // The header's own arithmetic is checked for a producer.
        #expect(throws: RecordBatchError.self) { try check(others[0]) }
        #expect(try decode(others[2]).map(\.offset) == [0, 0])
        #expect(try decode(others[3]).map(\.offset) == [-1])
    }

    @Test("a batch that compaction emptied is accepted from a log and not from a producer")
    func emptied() throws {
        let bytes = batch(of: [], count: 0, lastOffsetDelta: 7)
        #expect(try check(bytes, rules: .replicated).count == 0)
        #expect(try decode(bytes).isEmpty)
        #expect(throws: RecordBatchError.badRecordCount(count: 0, lastOffsetDelta: 7)) { try check(bytes) }
    }

    static let faults: [(bytes: [UInt8], fault: RecordFault)] = [
        ([14, 0, 0, 0, 1, 1, 0], .truncated),  // a record longer than the batch
        ([11, 0, 0, 0, 1, 1, 0], .badLength),  // a negative length
        ([10, 0, 0, 0, 1, 1, 0], .truncated),  // fields longer than the record
        ([14, 0, 0, 0, 1, 1, 0, 0], .badLength),  // a record longer than its fields
        ([12, 0, 0, 0, 3, 1, 0], .negativeLength),  // a key of length -2
        ([12, 0, 0, 0, 1, 3, 0], .negativeLength),  // a value of length -2
        ([12, 0, 0, 0, 2, 1, 0], .truncated),  // a key that takes the value's length: then nothing is left for headers
        ([12, 0, 0, 0, 1, 40, 0], .truncated),  // a value beyond the record
        ([12, 0, 0, 0, 1, 1, 1], .badHeaderCount),  // -1 headers
        ([12, 0, 0, 0, 1, 1, 2], .badHeaderCount),  // one header and no bytes for it
        ([16, 0, 0, 0, 1, 1, 2, 1, 1], .negativeLength),  // a header without a name
        ([16, 0, 0, 0, 1, 1, 2, 0, 3], .negativeLength),  // a header's value of length -2
        ([16, 0, 0, 0, 1, 1, 2, 0, 2], .truncated),  // a header's value beyond the record
        ([0xFF, 0xFF, 0xFF, 0xFF, 0x1F, 0, 0], .varintTooLong),  // a length of 33 bits
        ([0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0], .varintTooLong),  // a length of six bytes
        ([28, 0] + [UInt8](repeating: 0xFF, count: 9) + [0x02, 0, 1, 1], .varintTooLong),  // a timestamp of 65 bits
    ]

    @Test("malformed records are refused with their reason", arguments: faults.indices)
    func malformed(index: Int) {
        let (bytes, fault) = Self.faults[index]
        // A negative length's bytes are as long as the record says, so that only its own rule can refuse it.
        #expect(throws: RecordBatchError.badRecord(index: 0, fault)) { try check(batch(of: bytes, count: 1)) }
    }

    @Test("the widest deltas are read")
    func widest() throws {
        let minimum: [UInt8] = [30, 0] + [UInt8](repeating: 0xFF, count: 9) + [0x01, 0, 1, 1, 0]
        let bytes = batch(of: minimum, count: 1)
        #expect(try decode(bytes)[0].timestamp == Int64.min + 1000)
    }

    @Test("timestamps outside the accepted range are found, missing ones accepted")
    func timestamps() throws {
        var builder = RecordBatchBuilder()
        for timestamp: Int64 in [500, -1, 700, 900, 900] {
            builder.append(key: [1], value: nil, timestamp: timestamp)
        }
        let bytes = try builder.build()
        #expect(try check(bytes, timestampRange: 500...900).firstOutsideRange == nil)
        let early = try check(bytes, timestampRange: 501...900)
        #expect(early.firstOutsideRange?.index == 0 && early.firstOutsideRange?.timestamp == 500)
        let late = try check(bytes, timestampRange: 500...800)
        #expect(late.firstOutsideRange?.index == 3 && late.firstOutsideRange?.timestamp == 900)
        #expect(late.maxTimestamp == 900 && late.offsetOfMaxTimestamp == 3)
        #expect(late.firstIndexWithoutKey == nil)
    }
}
