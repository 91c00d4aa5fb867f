import KafkaProtocol
import Testing

@testable import LogStorage

@Suite("Numbers at the edge")
struct ExtremeNumberTests {
    private static let edges: [Int64] = [.min, .min + 1, -2, -1, 0, 1, 1 << 31, .max - 1, .max]

    private func resealed(_ batch: [UInt8], _ change: (inout RecordBatchHeader) -> Void) -> [UInt8] {
        var copy = batch
        copy.withUnsafeMutableBytes { memory in
            var header = RecordBatchHeader(parsing: UnsafeRawBufferPointer(memory))
            change(&header)
            let records = UnsafeRawBufferPointer(rebasing: memory[RecordBatchHeader.size...])
            header.writeSealed(
                into: UnsafeMutableRawBufferPointer(rebasing: memory[..<RecordBatchHeader.size]), records: records)
        }
        return copy
    }

    @Test("any greatest timestamp may follow any other in a batch's header", arguments: edges, edges)
    func headerTimestamps(first: Int64, second: Int64) throws {
        let disk = try Disk(.memory)
        var config = LogConfig()
        config.messageTimestampBeforeMaxMs = .max
        config.messageTimestampAfterMaxMs = .max
        let log = try disk.open(config)
        for timestamp in [first, second, first] {
            try log.lead(resealed(try TestBatch().bytes) { $0.maxTimestamp = timestamp })
        }
        for timestamp in [second, first] {
            let batch = TestBatch(baseOffset: log.logEndOffset, leaderEpoch: 0)
            try log.follow(resealed(try batch.bytes) { $0.maxTimestamp = timestamp })
        }
        for now in Self.edges {
            _ = try log.offset(forTimestamp: now)
            _ = log.needsFlush(now: now)
            log.removeExpiredProducers(now: now)
            try log.rollIfNeeded(now: now)
            try log.applyRetention(now: now)
        }
        #expect(log.logEndOffset == 5)
    }

    @Test("a log whose offsets are used up refuses records, and stays readable")
    func lastOffsets() throws {
        let disk = try Disk(.memory)
        let log = try disk.open()
        try log.append("a")
        try log.follow(try TestBatch(values: ["b"], baseOffset: .max - 1, leaderEpoch: 0).bytes)
        #expect(log.logEndOffset == .max)
        #expect(try log.refusal(TestBatch()) == .kafkaStorageError)
        #expect(throws: AppendError.self) {
            try log.follow(try TestBatch(baseOffset: .max, leaderEpoch: 0).bytes)
        }
        let slice = try log.read(from: 1, upTo: .max, maxBytes: .max, atLeastOneBatch: true)
        #expect(slice.count > 0)
        #expect(try log.read(from: .max, upTo: .max, maxBytes: 1, atLeastOneBatch: true).count == 0)
        try log.close()
        #expect(try disk.open().logEndOffset == .max)
    }

    @Test("batches whose offsets were damaged on disk neither end the process nor an index's rebuilding")
    func damagedOffsets() throws {
        for field in [RecordBatchHeader.Position.baseOffset, RecordBatchHeader.Position.lastOffsetDelta] {
            for byte in 0..<(field == RecordBatchHeader.Position.baseOffset ? 8 : 4) {
                for value in [UInt8(0x7f), 0x80, 0xff, 0x01] {
                    try damage(at: field + byte, to: value)
                }
            }
        }
    }

    private func damage(at place: Int, to value: UInt8) throws {
        let disk = try Disk(.memory)
        var config = LogConfig()
        config.indexIntervalBytes = 0
        var log = try disk.open(config)
        for _ in 0..<6 { try log.append("v") }
        let size = Int(log.size) / 6
        try log.close()
        let file = try disk.fileSystem.file(at: disk.root + "/topic-0/00000000000000000000.log", create: false)
        try withUnsafeBytes(of: value) { try file.write($0, at: 3 * size + place) }
        try disk.fileSystem.remove(disk.root + "/topic-0/00000000000000000000.index")
        for clean in [true, false] {
            do {
                log = try disk.open(config, clean: clean)
            } catch let error as StorageError where clean {
                // Nothing is torn after a clean stop.
                #expect("\(error)".contains("no torn write"))
                continue
            }
            let ends = [log.logStartOffset, log.logEndOffset -| 1, log.logEndOffset]
            for offset in Array(0...8) + ends {
                // What is damaged may be refused; it must not trap.
                _ = try? log.read(from: offset, upTo: .max, maxBytes: 1, atLeastOneBatch: true)
                _ = try? log.offset(forTimestamp: testTime)
            }
            for segment in log.segments { try segment.rebuildIndexes(interval: 0) }
            try log.append("w")
        }
    }
}
