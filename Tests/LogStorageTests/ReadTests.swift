import KafkaProtocol
import Testing

@testable import LogStorage

@Suite("Reading")
struct ReadTests {
    /// 200 batches of 1 to 4 records with values of mixed lengths over several segments, and the offsets they begin at.
    private func filled(_ kind: Kind, interval: Int = 300) throws -> (Disk, PartitionLog, starts: [Int64]) {
        let disk = try Disk(kind)
        var config = LogConfig()
        config.segmentBytes = 6000
        config.indexIntervalBytes = interval
        let log = try disk.open(config)
        var starts: [Int64] = []
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            let values = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                String(repeating: "v", count: Int.random(in: 0...120, using: &random))
            }
            starts.append(try log.append(TestBatch(values: values)).baseOffset)
        }
        return (disk, log, starts)
    }

    @Test("a read begins with the batch that holds the offset", arguments: Kind.allCases)
    func containingBatch(kind: Kind) throws {
        let (_, log, starts) = try filled(kind)
        #expect(log.segmentCount > 3)
        for offset in stride(from: log.logEndOffset - 1, through: 0, by: -1) {
            let expected = try #require(starts.last { $0 <= offset })
            let bytes = try log.bytes(from: offset, maxBytes: 1)
            let header = bytes.withUnsafeBytes { RecordBatchHeader(parsing: $0) }
            #expect(header.baseOffset == expected)
            #expect(header.sizeInBytes == bytes.count)
        }
    }

    @Test("sequential reads of any size give every record once", arguments: Kind.allCases)
    func sequential(kind: Kind) throws {
        let (_, log, _) = try filled(kind)
        let all = try log.records()
        #expect(all.count == Int(log.logEndOffset))
        for step in [1, 100, 333, 1000, 4096, 5999, 100_000] {
            #expect(try log.records(step: step) == all, "steps of \(step) bytes")
        }
        var config = log.config
        config.indexIntervalBytes = 1 << 30
        log.updateConfig(config)
        #expect(try log.records(step: 700) == all)
    }

    @Test("slices hold whole batches and no more bytes than asked for", arguments: [Kind.posix, .memory])
    func maxBytes(kind: Kind) throws {
        let (_, log, starts) = try filled(kind)
        for start in starts.prefix(60) {
            for limit in [0, 61, 200, 500, 1500] {
                let slice = try log.read(from: start, upTo: .max, maxBytes: limit, atLeastOneBatch: false)
                #expect(slice.count <= limit)
                let bytes = try #require(slice.records.copy())
                try bytes.withUnsafeBytes { memory in
                    var iterator = RecordBatchIterator(memory)
                    var next = start
                    while let (header, _) = try iterator.next() { next = header.nextOffset }
                    #expect(iterator.remainder == 0)
                    #expect(slice.nextOffset == next)
                }
            }
        }
    }

    @Test("the first batch comes whole when one is wanted at least, and not at all otherwise")
    func firstBatch() throws {
        let log = try Disk(.memory).open()
        let size = try log.append(String(repeating: "x", count: 500)).bytes
        #expect(try log.bytes(from: 0, maxBytes: size - 1, atLeastOne: true).count == size)
        #expect(try log.bytes(from: 0, maxBytes: size - 1, atLeastOne: false).isEmpty)
        #expect(try log.bytes(from: 0, maxBytes: size, atLeastOne: false).count == size)
        #expect(try log.bytes(from: 0, maxBytes: 0, atLeastOne: true).count == size)
    }

    @Test("batches that reach the limit offset are left out", arguments: [Kind.posix, .memory])
    func limitOffset(kind: Kind) throws {
        let (_, log, starts) = try filled(kind)
        let ends = starts.dropFirst() + [log.logEndOffset]
        for limit in Int64(0)...60 {
            let slice = try log.read(from: 0, upTo: limit, maxBytes: .max, atLeastOneBatch: true)
            let bytes = try #require(slice.records.copy())
            let found = try decoded(bytes).count
            let expected = Int(ends.last { $0 <= limit } ?? 0)
            // A slice ends with its segment; these offsets are all in the first one.
            #expect(found == expected, "limit \(limit)")
        }
    }

    @Test("the log end gives nothing, offsets outside the log are refused", arguments: Kind.allCases)
    func outOfRange(kind: Kind) throws {
        let log = try Disk(kind).open()
        #expect(try log.bytes(from: 0).isEmpty)
        for _ in 0..<5 { try log.append("v") }
        #expect(try log.bytes(from: 5).isEmpty)
        #expect(throws: ReadError.offsetOutOfRange(logStartOffset: 0, logEndOffset: 5)) { try log.bytes(from: 6) }
        #expect(throws: ReadError.offsetOutOfRange(logStartOffset: 0, logEndOffset: 5)) { try log.bytes(from: -1) }
        #expect(try log.deleteRecords(before: 3) == 3)
        #expect(throws: ReadError.offsetOutOfRange(logStartOffset: 3, logEndOffset: 5)) { try log.bytes(from: 2) }
        #expect(try log.records() == ["3:v", "4:v"])
    }

    @Test("a reader that waits at the log end gets what is appended next", arguments: Kind.allCases)
    func tailing(kind: Kind) throws {
        var config = LogConfig()
        config.segmentBytes = 400
        let log = try Disk(kind).open(config)
        var offset: Int64 = 0
        for index in 0..<30 {
            try log.append("\(index)")
            let slice = try log.read(from: offset, upTo: log.highWatermark, maxBytes: .max, atLeastOneBatch: true)
            #expect(try decoded(try #require(slice.records.copy())) == ["\(index):\(index)"])
            offset = slice.nextOffset
            #expect(try log.bytes(from: offset).isEmpty)
        }
    }

    @Test("damage to an index file is repaired from the batches", arguments: [Kind.posix, .memory])
    func damagedIndex(kind: Kind) throws {
        let (disk, log, _) = try filled(kind)
        let all = try log.records(step: 500)
        let config = log.config
        try log.close()
        let path = disk.root + "/topic-0/00000000000000000000.index"
        var index = try #require(try disk.fileSystem.contents(of: path))
        // Positions that lie in the middle of batches, growing still.
        for entry in stride(from: 7, to: index.count, by: 8) { index[entry] ^= 0x03 }
        try disk.fileSystem.replace(path, with: index, durable: false)
        #expect(try disk.open(config, clean: true).records(step: 500) == all)
        try disk.fileSystem.remove(path)
        #expect(try disk.open(config, clean: true).records(step: 500) == all)
        try disk.fileSystem.replace(path, with: [1, 2, 3], durable: false)
        #expect(try disk.open(config, clean: true).records(step: 500) == all)
    }

    @Test("a record is found by its timestamp inside its batch", arguments: [Compression.none, .zstd])
    func byTimestamp(compression: Compression) throws {
        let disk = try Disk(.posix)
        var config = LogConfig()
        config.segmentBytes = 1500
        config.indexIntervalBytes = 200
        config.messageTimestampAfterMaxMs = .max
        let log = try disk.open(config)
        #expect(try log.offset(forTimestamp: 0) == nil)
        #expect(try log.offsetOfMaxTimestamp() == nil)
        // Offset n has time base + 10 n, but for a batch in between that is far ahead of its time.
        for index in 0..<40 {
            let start = testTime + Int64(index) * 30 + (index == 20 ? 100_000 : 0)
            try log.append(
                TestBatch(
                    values: ["a", "b", "c"], timestamp: start, timestampStep: 10, compression: compression),
                epoch: 3)
        }
        #expect(log.segmentCount > 2)
        func check(_ log: PartitionLog) throws {
            #expect(try log.offset(forTimestamp: 0)?.offset == 0)
            #expect(
                try log.offset(forTimestamp: testTime + 95)
                    == TimestampOffset(offset: 10, timestamp: testTime + 100, leaderEpoch: 3))
            #expect(try log.offset(forTimestamp: testTime + 590)?.offset == 59)
            // Everything later is first reached by the batch that is ahead.
            #expect(try log.offset(forTimestamp: testTime + 600)?.offset == 60)
            #expect(try log.offset(forTimestamp: testTime + 1000)?.offset == 60)
            #expect(try log.offset(forTimestamp: testTime + 100_615)?.offset == 62)
            #expect(try log.offset(forTimestamp: testTime + 100_621) == nil)
            #expect(
                try log.offsetOfMaxTimestamp()
                    == TimestampOffset(offset: 62, timestamp: testTime + 100_620, leaderEpoch: 3))
        }
        try check(log)
        try log.close()
        try check(try disk.open(config, clean: true))
        try check(try disk.open(config, clean: false))
    }

    @Test("deleted records are not found by timestamp")
    func timestampBehindStart() throws {
        let log = try Disk(.memory).open()
        for index in 0..<10 { try log.append(TestBatch(timestamp: testTime + Int64(index))) }
        _ = try log.deleteRecords(before: 4)
        #expect(try log.offset(forTimestamp: 0)?.offset == 4)
    }

    /// Asks until nothing has to be looked at elsewhere; returns how often something had.
    private func ask(
        _ question: (inout RecordLookup) throws -> TimestampOffset?
    ) throws -> (answer: TimestampOffset?, searches: Int) {
        var lookup = RecordLookup(bytes: 0)
        var searches = 0
        while true {
            let answer = try question(&lookup)
            guard lookup.isUnfinished else {
                return (answer, searches)
            }
            if let search = lookup.wanted {
                searches += 1
                lookup.take(search.perform())
            }
        }
    }

    /// A batch whose first record is the later one, and one that is as late.
    private func appendPair(_ log: PartitionLog) throws {
        for times in [[9, 1], [2, 9]] as [[Int64]] {
            var builder = RecordBatchBuilder(compression: .zstd)
            for time in times { builder.append(key: nil, value: [1], timestamp: testTime + time) }
            _ = try builder.build().withUnsafeBytes { try log.appendAsLeader($0, leaderEpoch: 0, now: testTime) }
        }
    }

    @Test("what was found in a log does not count for another one, nor after its end was cut", arguments: 0...1)
    func anotherLog(kind: Int) throws {
        let log = try Disk(.memory).open()
        try appendPair(log)
        _ = try log.deleteRecords(before: 1)
        var lookup = RecordLookup(bytes: 0)
        #expect(try log.offset(forTimestamp: testTime + 5, &lookup) == nil)
        // The visible records of the first batch are all earlier: the second one comes next.
        lookup.take(try #require(lookup.wanted).perform())
        let other = kind == 0 ? try Disk(.memory).open() : log
        try other.truncateFully(startingAt: 0, now: testTime)
        try appendPair(other)
        #expect(try other.logEndOffset == 4 && other.offset(forTimestamp: testTime + 5)?.offset == 0)
        var answer = try other.offset(forTimestamp: testTime + 5, &lookup)
        lookup.take(try #require(lookup.wanted).perform())
        answer = try other.offset(forTimestamp: testTime + 5, &lookup)
        #expect(answer?.offset == 0 && !lookup.isUnfinished)
    }

    @Test("a walk over many batches is interrupted, and goes on where it was")
    func longWalk() throws {
        let log = try Disk(.memory).open()
        let count = 500
        // The record that is far ahead is deleted, and its segment goes on being worth a look.
        try log.append(TestBatch(timestamp: testTime + 1_000_000))
        for index in 0..<count { try log.append(TestBatch(timestamp: testTime + Int64(index % 400))) }
        _ = try log.deleteRecords(before: 1)
        let questions: [(inout RecordLookup) throws -> TimestampOffset?] = [
            { try log.offset(forTimestamp: testTime + 500_000, &$0) }, { try log.offsetOfMaxTimestamp(&$0) },
        ]
        let expected: [Int64?] = [nil, 400]
        for (question, offset) in zip(questions, expected) {
            let share = 2_000
            var lookup = RecordLookup(bytes: share)
            var (answer, asked) = (try question(&lookup), 1)
            while lookup.isUnfinished, asked < count {
                #expect(lookup.bytes == 0)
                if let search = lookup.wanted { lookup.take(search.perform()) }
                lookup.bytes = share
                answer = try question(&lookup)
                asked += 1
            }
            #expect(answer?.offset == offset)
            // A batch of one record has some 70 bytes.
            #expect(asked > count * 60 / share && asked < count * 200 / share, "\(asked)")
        }
    }

    @Test("what is looked at elsewhere gives the same answers", arguments: [Compression.none, .gzip, .zstd])
    func searchedElsewhere(compression: Compression) throws {
        var config = LogConfig()
        config.segmentBytes = 1500
        config.indexIntervalBytes = 200
        let log = try Disk(.memory).open(config)
        for index in 0..<40 {
            try log.append(
                TestBatch(
                    values: ["a", "b", "c"], timestamp: testTime + Int64(index % 17) * 30, timestampStep: 10,
                    compression: compression))
        }
        // Inside a batch, inside a segment, and where the latest record lies just before or just behind.
        for start in [0, 1, 5, 49, 50, 51, 101, 102, 103, 118] as [Int64] {
            _ = try log.deleteRecords(before: start)
            for timestamp in stride(from: testTime - 5, through: testTime + 510, by: 15) {
                let asked = try ask { try log.offset(forTimestamp: timestamp, &$0) }
                #expect(try asked.answer == log.offset(forTimestamp: timestamp))
                #expect(asked.searches > 0 || asked.answer == nil)
            }
            let asked = try ask { try log.offsetOfMaxTimestamp(&$0) }
            #expect(try asked.answer == log.offsetOfMaxTimestamp())
            #expect(asked.searches > 0)
        }
    }

    @Test("the record with the greatest timestamp is the first of those that readers see")
    func greatestVisible() throws {
        let log = try Disk(.memory).open()
        let times: [[Int64]] = [[0, 9, 5], [7, 3, 7], [1, 2, 7]]
        for batch in times {
            var builder = RecordBatchBuilder(compression: .zstd)
            for time in batch { builder.append(key: nil, value: [1], timestamp: testTime + time) }
            _ = try builder.build().withUnsafeBytes { try log.appendAsLeader($0, leaderEpoch: 0, now: testTime) }
        }
        let expected: [Int64: Int64] = [0: 1, 1: 1, 2: 3, 3: 3, 4: 5, 5: 5, 6: 8, 8: 8]
        for (start, offset) in expected.sorted(by: { $0.key < $1.key }) {
            _ = try log.deleteRecords(before: start)
            #expect(try log.offsetOfMaxTimestamp()?.offset == offset, "from \(start) on")
        }
    }
}
