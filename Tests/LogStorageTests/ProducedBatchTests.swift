import KafkaProtocol
import Testing

@testable import LogStorage

/// What Kafka's LogValidator makes of a producer's batch.
@Suite("Produced batches")
struct ProducedBatchTests {
    /// A batch with a header that says something else, and a right checksum.
    private func changed(_ bytes: [UInt8], _ change: (inout RecordBatchHeader) -> Void) -> [UInt8] {
        var copy = bytes
        copy.withUnsafeMutableBytes { memory in
            var header = RecordBatchHeader(parsing: UnsafeRawBufferPointer(memory))
            change(&header)
            header.writeSealed(
                into: UnsafeMutableRawBufferPointer(rebasing: memory[..<RecordBatchHeader.size]),
                records: UnsafeRawBufferPointer(rebasing: memory[RecordBatchHeader.size...]))
        }
        return copy
    }

    private func stored(_ log: PartitionLog, from offset: Int64 = 0) throws -> RecordBatchHeader {
        try log.bytes(from: offset).withUnsafeBytes { try validateBatch($0, rules: .replicated) }
    }

    @Test(
        "the header's greatest timestamp is that of the records, whatever the producer wrote",
        arguments: [Int64.min, -1, 0, testTime + 7, .max])
    func greatestTimestamp(claim: Int64) throws {
        for compression in [Compression.none, .gzip] {
            let log = try Disk(.memory).open()
            let batch = TestBatch(
                values: ["a", "b", "c"], timestamp: testTime, timestampStep: 5, compression: compression)
            try log.lead(changed(batch.bytes) { $0.maxTimestamp = claim })
            #expect(try stored(log).maxTimestamp == testTime + 10)
            #expect(
                try log.offsetOfMaxTimestamp()
                    == TimestampOffset(offset: 2, timestamp: testTime + 10, leaderEpoch: 0))
        }
    }

    @Test("a header that is right is stored as it came")
    func untouched() throws {
        let log = try Disk(.memory).open()
        let bytes = try TestBatch(values: ["a", "b"], timestampStep: 5).bytes
        try log.lead(bytes)
        #expect(try log.bytes(from: 0)[RecordBatchHeader.headSize...] == bytes[RecordBatchHeader.headSize...])
    }

    @Test("records without timestamps leave the header without one")
    func noTimestamps() throws {
        let log = try Disk(.memory).open()
        try log.lead(changed(TestBatch(timestamp: -1).bytes) { $0.maxTimestamp = testTime })
        #expect(try stored(log).maxTimestamp == -1)
    }

    /// Three records whose offset deltas are all 0.
    private func unnumbered(_ compression: Compression) throws -> [UInt8] {
        // Length 7, attributes 0, timestamp delta 0, offset delta 0, key "k", value of one letter, no headers.
        let records = ["a", "b", "c"].flatMap { letter in
            [16, 0, 0, 0, 2, UInt8(ascii: "k"), 2, letter.utf8.first ?? 0, 0] as [UInt8]
        }
        var header = RecordBatchHeader(
            attributes: Int16(compression.rawValue), baseTimestamp: testTime, maxTimestamp: testTime)
        let payload =
            compression == .none ? records : try records.withUnsafeBytes { try compression.compress($0) }
        header.batchLength = Int32(RecordBatchHeader.size - RecordBatchHeader.overhead + payload.count)
        header.recordCount = 3
        header.lastOffsetDelta = 2
        var bytes = [UInt8](repeating: 0, count: RecordBatchHeader.size) + payload
        bytes.withUnsafeMutableBytes { memory in
            header.writeSealed(
                into: UnsafeMutableRawBufferPointer(rebasing: memory[..<RecordBatchHeader.size]),
                records: UnsafeRawBufferPointer(rebasing: memory[RecordBatchHeader.size...]))
        }
        return bytes
    }

    @Test("an uncompressed batch whose offsets do not count up is stored as it came")
    func uncompressedOffsets() throws {
        let log = try Disk(.memory).open()
        let bytes = try unnumbered(.none)
        let result = try log.lead(bytes)
        #expect((result.baseOffset, result.lastOffset) == (0, 2))
        #expect(try log.bytes(from: 0)[RecordBatchHeader.headSize...] == bytes[RecordBatchHeader.headSize...])
        let records = try log.bytes(from: 0).withUnsafeBytes { try decodeRecords(batch: $0) }
        #expect(records.map(\.offset) == [0, 0, 0])
        try log.append("next")
        #expect(log.logEndOffset == 4)
    }

    @Test("a compressed one is numbered anew, with its codec", arguments: [Compression.gzip, .lz4, .zstd, .snappy])
    func compressedOffsets(compression: Compression) throws {
        let log = try Disk(.memory).open()
        try log.append("first")
        let result = try log.lead(unnumbered(compression))
        #expect((result.baseOffset, result.lastOffset, result.recordCount) == (1, 3, 3))
        let header = try stored(log, from: 1)
        #expect(header.compression == compression)
        #expect(header.maxTimestamp == testTime)
        #expect(try log.records(from: 1) == ["1:a", "2:b", "3:c"])
    }

    @Test("every refused record is named, and nothing is stored")
    func faults() throws {
        var config = LogConfig()
        config.messageTimestampBeforeMaxMs = 10
        let log = try Disk(.memory).open(config)
        do {
            try log.append(TestBatch(values: ["a", "b", "c", "d"], timestamp: testTime - 12, timestampStep: 1))
            Issue.record("two records are too old")
        } catch let error as AppendError {
            #expect(error.code == .invalidTimestamp)
            #expect(error.recordErrors.map(\.batchIndex) == [0, 1])
        }
        #expect(log.logEndOffset == 0)
    }
}
