import KafkaProtocol
import Testing

@testable import LogStorage

@Suite("Appending as leader")
struct LeaderAppendTests {
    @Test("records get consecutive offsets", arguments: Kind.allCases)
    func offsets(kind: Kind) throws {
        let log = try Disk(kind).open()
        let first = try log.append("a", "b", "c")
        let second = try log.append("d")
        #expect((first.baseOffset, first.lastOffset, first.recordCount) == (0, 2, 3))
        #expect((second.baseOffset, second.lastOffset) == (3, 3))
        #expect(first.logAppendTime == -1)
        #expect(!first.isDuplicate)
        #expect(log.logEndOffset == 4)
        #expect(log.highWatermark == 4)
        #expect(log.size == Int64(first.bytes + second.bytes))
        #expect(try log.records() == ["0:a", "1:b", "2:c", "3:d"])
    }

    @Test("the stored batch is sound and has the leader's epoch")
    func storedBatch() throws {
        let log = try Disk(.memory).open()
        try log.append("a")
        try log.append("b", "c", epoch: 5)
        let bytes = try log.bytes(from: 1)
        let header = try bytes.withUnsafeBytes { try validateBatch($0, rules: .replicated) }
        #expect(header.baseOffset == 1)
        #expect(header.partitionLeaderEpoch == 5)
        #expect(log.latestLeaderEpoch == 5)
        #expect(log.endOffset(forLeaderEpoch: 0) == (0, 1))
        #expect(log.endOffset(forLeaderEpoch: 5) == (5, 3))
        #expect(log.leaderEpoch(forOffset: 0) == 0)
        #expect(try log.refusal(TestBatch(), epoch: 4) == .fencedLeaderEpoch)
    }

    @Test("with LogAppendTime the broker's time replaces the records' and the checksum holds", arguments: Kind.allCases)
    func logAppendTime(kind: Kind) throws {
        var config = LogConfig()
        config.messageTimestampType = .logAppendTime
        let log = try Disk(kind).open(config)
        let result = try log.append(TestBatch(values: ["a", "b"], timestamp: 5), now: testTime + 77)
        #expect(result.logAppendTime == testTime + 77)
        let records = try log.bytes(from: 0).withUnsafeBytes { try decodeRecords(batch: $0) }
        #expect(records.map(\.timestamp) == [testTime + 77, testTime + 77])
        #expect(
            try log.offset(forTimestamp: testTime)
                == TimestampOffset(offset: 0, timestamp: testTime + 77, leaderEpoch: 0))
    }

    @Test("one flipped bit anywhere under the checksum is CORRUPT_MESSAGE")
    func corrupt() throws {
        let log = try Disk(.memory).open()
        let good = try TestBatch(values: ["hello"]).bytes
        for position in 17..<good.count {
            var bad = good
            bad[position] ^= 1
            #expect(try log.refusal(of: bad) == .corruptMessage, "byte \(position)")
        }
        #expect(log.logEndOffset == 0)
        #expect(log.size == 0)
    }

    @Test("a batch cut at any byte is refused")
    func cut() throws {
        let log = try Disk(.memory).open()
        let good = try TestBatch(values: ["hello"]).bytes
        for count in good.indices { #expect(try log.refusal(of: Array(good.prefix(count))) != nil) }
        #expect(log.logEndOffset == 0)
    }

    @Test("a client's request has one batch that begins at offset 0")
    func oneBatch() throws {
        let log = try Disk(.memory).open()
        let one = try TestBatch().bytes
        #expect(try log.refusal(of: one + one) == .invalidRecord)
        #expect(try log.refusal(of: []) == .invalidRecord)
        #expect(try log.refusal(of: one + [0, 0, 0]) == .invalidRecord)
        #expect(try log.refusal(TestBatch(baseOffset: 3)) == .invalidRecord)
        let two = try log.lead(one + one, origin: .coordinator)
        #expect((two.baseOffset, two.lastOffset, two.recordCount) == (0, 1, 2))
    }

    /// A batch with one change to its header, its checksum made right again.
    private func patched(_ batch: TestBatch, at position: Int, _ bytes: [UInt8]) throws -> [UInt8] {
        var patched = try batch.bytes
        patched.replaceSubrange(position..<position + bytes.count, with: bytes)
        let crc = patched.withUnsafeBytes { RecordBatchHeader.checksum(of: $0) }
        patched.replaceSubrange(17..<21, with: withUnsafeBytes(of: crc.bigEndian) { Array($0) })
        return patched
    }

    @Test("counts that lie are INVALID_RECORD even with a right checksum", arguments: [Compression.none, .gzip])
    func lyingCounts(compression: Compression) throws {
        let log = try Disk(.memory).open()
        let batch = TestBatch(values: ["a", "b"], compression: compression)
        #expect(try log.refusal(of: patched(batch, at: 57, [0, 0, 0, 3])) == .invalidRecord)
        #expect(try log.refusal(of: patched(batch, at: 23, [0, 0, 0, 9])) == .invalidRecord)
        #expect(try log.refusal(of: patched(batch, at: 57, [0xff, 0xff, 0xff, 0xff])) == .invalidRecord)
        // Both agree with each other but not with the records.
        var both = try patched(batch, at: 23, [0, 0, 0, 2])
        both.replaceSubrange(57..<61, with: [0, 0, 0, 3])
        let crc = both.withUnsafeBytes { RecordBatchHeader.checksum(of: $0) }
        both.replaceSubrange(17..<21, with: withUnsafeBytes(of: crc.bigEndian) { Array($0) })
        #expect(try log.refusal(of: both) == .invalidRecord)
        #expect(log.logEndOffset == 0)
    }

    @Test("old formats, unknown codecs, control batches and LogAppendTime are not for clients to send")
    func unacceptable() throws {
        let log = try Disk(.memory).open()
        #expect(try log.refusal(of: patched(TestBatch(), at: 16, [1])) == .invalidRecord)
        #expect(try log.refusal(of: patched(TestBatch(), at: 21, [0, 5])) == .unsupportedCompressionType)
        #expect(try log.refusal(of: patched(TestBatch(), at: 21, [0, 0x20])) == .invalidRecord)
        #expect(try log.refusal(of: patched(TestBatch(), at: 21, [0, 0x08])) == .invalidTimestamp)
    }

    @Test("a batch is as large as max.message.bytes at most")
    func tooLarge() throws {
        var config = LogConfig()
        config.maxMessageBytes = try TestBatch(values: ["12345"]).bytes.count
        let log = try Disk(.memory).open(config)
        #expect(try log.refusal(TestBatch(values: ["12345"])) == nil)
        #expect(try log.refusal(TestBatch(values: ["123456"])) == .messageTooLarge)
        config.maxMessageBytes = 1 << 20
        config.segmentBytes = 1000
        log.updateConfig(config)
        #expect(try log.refusal(TestBatch(values: [String(repeating: "x", count: 1000)])) == .recordListTooLarge)
    }

    @Test("timestamps outside the topic's range are refused by record")
    func timestampRange() throws {
        var config = LogConfig()
        config.messageTimestampBeforeMaxMs = 1000
        let log = try Disk(.memory).open(config)
        #expect(try log.refusal(TestBatch(timestamp: testTime - 1000)) == nil)
        #expect(try log.refusal(TestBatch(timestamp: testTime - 1001)) == .invalidTimestamp)
        #expect(try log.refusal(TestBatch(timestamp: testTime + 3_600_000)) == nil)
        #expect(try log.refusal(TestBatch(timestamp: testTime + 3_600_001)) == .invalidTimestamp)
        #expect(try log.refusal(TestBatch(timestamp: -1)) == nil)
        do {
            try log.append(TestBatch(values: ["a", "b"], timestamp: testTime + 3_600_000, timestampStep: 1))
            Issue.record("the second record lies in the future")
        } catch let error as AppendError {
            #expect(error.recordErrors.map(\.batchIndex) == [1])
        }
    }

    @Test("a compacted topic wants keys", arguments: [Compression.none, .lz4])
    func keys(compression: Compression) throws {
        var config = LogConfig()
        config.cleanupPolicy = [.compact, .delete]
        let log = try Disk(.memory).open(config)
        #expect(try log.refusal(TestBatch(key: nil, compression: compression)) == .invalidRecord)
        #expect(try log.refusal(TestBatch(key: "", compression: compression)) == nil)
    }

    @Test("compressed batches are kept as they came", arguments: [Compression.gzip, .snappy, .lz4, .zstd])
    func compressed(compression: Compression) throws {
        let log = try Disk(.memory).open()
        let batch = TestBatch(values: ["a", "b", "c"], compression: compression)
        try log.append(batch)
        #expect(try Array(log.bytes(from: 0).dropFirst(16)) == Array(batch.bytes.dropFirst(16)))
        #expect(try log.records() == ["0:a", "1:b", "2:c"])
    }

    @Test("segments roll by size, by time and before offsets no longer fit", arguments: Kind.allCases)
    func rolling(kind: Kind) throws {
        let disk = try Disk(kind)
        var config = LogConfig()
        config.segmentBytes = 300
        config.segmentMs = 5000
        let log = try disk.open(config)
        let size = try log.append("v").bytes
        for _ in 1..<10 { try log.append("v") }
        let perSegment = 300 / size
        #expect(log.segmentCount == (10 + perSegment - 1) / perSegment)
        #expect(try log.records().count == 10)
        let count = log.segmentCount
        try log.append(TestBatch(timestamp: testTime + 5001))
        #expect(log.segmentCount == count + 1)
        #expect(try disk.names.contains("00000000000000000010.log"))
        #expect(try disk.names.contains("00000000000000000010.snapshot"))
        try log.rollIfNeeded(now: testTime + 5000)
        #expect(log.segmentCount == count + 1)
        try log.rollIfNeeded(now: .max / 2)
        #expect(log.segmentCount == count + 2)
        try log.rollIfNeeded(now: .max / 2)
        #expect(log.segmentCount == count + 2)
    }
}

@Suite("Appending as follower")
struct FollowerAppendTests {
    @Test("batches keep every byte, with gaps and epochs of their own", arguments: Kind.allCases)
    func verbatim(kind: Kind) throws {
        let log = try Disk(kind).open()
        let bytes =
            try TestBatch(values: ["a", "b"], baseOffset: 5, leaderEpoch: 1).bytes
            + TestBatch(values: ["c"], compression: .zstd, baseOffset: 9, leaderEpoch: 4).bytes
        let result = try log.follow(bytes)
        #expect((result.baseOffset, result.lastOffset, result.recordCount) == (5, 9, 3))
        #expect(log.logEndOffset == 10)
        #expect(try log.bytes(from: 0) == bytes)
        #expect(log.endOffset(forLeaderEpoch: 1) == (1, 9))
        #expect(log.latestLeaderEpoch == 4)
        #expect(try log.records(from: 7) == ["9:c"])
    }

    @Test("a partial batch at the end is left out")
    func partialTail() throws {
        let log = try Disk(.memory).open()
        let first = try TestBatch(baseOffset: 0, leaderEpoch: 0).bytes
        let second = try TestBatch(baseOffset: 1, leaderEpoch: 0).bytes
        #expect(try log.follow(first + second.dropLast()).lastOffset == 0)
        #expect(try log.follow(Array(second.dropLast())).recordCount == 0)
        #expect(log.logEndOffset == 1)
        #expect(try log.follow(second).lastOffset == 1)
    }

    @Test("offsets that do not grow and epochs that fall are refused, and nothing is appended")
    func order() throws {
        let log = try Disk(.memory).open()
        try log.follow(try TestBatch(values: ["a", "b"], baseOffset: 10, leaderEpoch: 3).bytes)
        func code(_ bytes: [UInt8]) throws -> ErrorCode? {
            do {
                try log.follow(bytes)
                return nil
            } catch let error as AppendError {
                return error.code
            }
        }
        let good = try TestBatch(baseOffset: 12, leaderEpoch: 3).bytes
        #expect(try code(good + TestBatch(baseOffset: 11, leaderEpoch: 3).bytes) == .offsetOutOfRange)
        #expect(try code(good + TestBatch(baseOffset: 13, leaderEpoch: 2).bytes) == .fencedLeaderEpoch)
        var corrupt = try TestBatch(baseOffset: 13, leaderEpoch: 3).bytes
        corrupt[65] ^= 1
        #expect(try code(good + corrupt) == .corruptMessage)
        #expect(log.logEndOffset == 12)
        #expect(try code(good) == nil)
    }

    @Test("offsets far apart go to segments of their own", arguments: Kind.allCases)
    func farApart(kind: Kind) throws {
        let disk = try Disk(kind)
        let log = try disk.open()
        let far: Int64 = 5_000_000_000
        let bytes =
            try TestBatch(values: ["a"], baseOffset: 7, leaderEpoch: 0).bytes
            + TestBatch(values: ["b"], baseOffset: far, leaderEpoch: 0).bytes
        try log.follow(bytes)
        #expect(log.segmentCount == 2)
        #expect(try log.records(from: 0) == ["7:a", "\(far):b"])
        try log.close()
        #expect(try disk.open(clean: true).records(from: 0) == ["7:a", "\(far):b"])
        #expect(try disk.open(clean: false).records(from: 0) == ["7:a", "\(far):b"])
    }

    @Test("a mirror is byte-equal to its source, segments rolled on either side", arguments: Kind.allCases)
    func mirror(kind: Kind) throws {
        var small = LogConfig()
        small.segmentBytes = 2000
        var large = LogConfig()
        large.segmentBytes = 3100
        let source = try Disk(.memory).open(small)
        let mirror = try Disk(kind).open(large)
        for index in 0..<60 {
            try source.append(
                TestBatch(values: ["\(index)", String(repeating: "x", count: index * 3)]), epoch: Int32(index / 20))
        }
        while mirror.logEndOffset < source.logEndOffset {
            try mirror.follow(source.bytes(from: mirror.logEndOffset, maxBytes: 1500))
        }
        #expect(try mirror.records() == source.records())
        var offset: Int64 = 0
        while offset < source.logEndOffset {
            let bytes = try source.bytes(from: offset, maxBytes: 1)
            #expect(try bytes == mirror.bytes(from: offset, maxBytes: 1))
            offset = try source.read(from: offset, upTo: .max, maxBytes: 1, atLeastOneBatch: true).nextOffset
        }
        for epoch in Int32(0)...2 {
            #expect(source.endOffset(forLeaderEpoch: epoch) == mirror.endOffset(forLeaderEpoch: epoch))
        }
    }
}
