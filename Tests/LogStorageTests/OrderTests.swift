import KafkaProtocol
import Testing

@testable import LogStorage

/// The checksum of a batch does not cover its base offset: a flipped bit there shows only in the order of batches.
@Suite("Damaged base offsets")
struct OrderTests {
    private static let name = "00000000000000000000.log"
    private static let count = 12

    private static var config: LogConfig {
        var config = LogConfig()
        config.indexIntervalBytes = 200
        return config
    }

    /// A log of one record a batch, closed; where its batches begin.
    private func filled(_ disk: Disk) throws -> [Int] {
        let log = try disk.open(Self.config)
        var positions: [Int] = []
        for index in 0..<Self.count {
            positions.append(Int(log.size))
            try log.append("\(index)")
        }
        try log.close()
        return positions
    }

    private func flip(_ bit: Int, of byte: Int, on disk: Disk) throws {
        var bytes = try #require(try disk.contents(Self.name))
        bytes[byte] ^= 1 << UInt8(bit)
        try disk.fileSystem.replace(disk.root + "/topic-0/" + Self.name, with: bytes, durable: false)
    }

    private func open(_ disk: Disk, clean: Bool = true, isGapless: Bool = true) throws -> PartitionLog {
        try disk.open(Self.config, clean: clean) {
            $0.recoveryPoint = clean ? Int64(Self.count) : 0
            $0.isGapless = isGapless
        }
    }

    /// Every record that is handed out stands at its own offset, and the wrong batch is met by who reads everything.
    private func expectNoWrongRecord(_ log: PartitionLog, _ label: String) throws {
        for start in 0..<log.logEndOffset {
            for step in [1, 150, Int.max] {
                // A reader begins at any offset, with whatever the log has looked at before.
                guard let found = try? log.records(from: start, step: step) else { continue }
                #expect(found == (start..<log.logEndOffset).map { "\($0):\($0)" }, "\(label), from \(start) by \(step)")
            }
        }
    }

    @Test("a batch with a flipped base offset is not handed out, nor what leads over it", arguments: 0..<count)
    func flipped(batch: Int) throws {
        for (byte, bit) in (0..<8).map({ (7, $0) }) + [(6, 0), (0, 4), (0, 7)] {
            let disk = try Disk(.memory)
            let positions = try filled(disk)
            try flip(bit, of: positions[batch] + byte, on: disk)
            let label = "batch \(batch), byte \(byte), bit \(bit)"
            let log: PartitionLog
            do {
                log = try open(disk)
            } catch let error as StorageError {
                // Behind the last index entry everything is read at a start.
                #expect(error.kind == .recordsLost, "\(label)")
                continue
            }
            guard log.logEndOffset == Int64(Self.count) else {
                #expect(log.findings.contains { $0.lost?.from == Int64(batch) }, "\(label)")
                #expect(batch == Self.count - 1, "only a last batch can be torn: \(label)")
                continue
            }
            #expect(throws: (any Error).self, "\(label)") { try log.records() }
            let damage = try #require(log.takeDamage())
            #expect(damage.kind == .corrupt && damage.detail.contains("do not follow each other"), "\(damage)")
            try expectNoWrongRecord(log, label)
            #expect(log.takeDamage() == nil, "it is told once")
        }
    }

    @Test("in a log that may have gaps a batch is not handed out before one that lies below it")
    func mayHaveGaps() throws {
        let disk = try Disk(.memory)
        let positions = try filled(disk)
        try flip(3, of: positions[5] + 7, on: disk)
        let log = try open(disk, isGapless: false)
        #expect(throws: (any Error).self) { try log.records() }
        #expect(log.takeDamage() != nil)
    }

    @Test("gaps of a mirror are read over, also in a later run", arguments: [true, false])
    func gaps(clean: Bool) throws {
        let disk = try Disk(.memory)
        let log = try disk.open(Self.config)
        for offset in [0, 3, 4, 90, 200] as [Int64] {
            try log.follow(TestBatch(values: ["\(offset)"], baseOffset: offset).bytes)
        }
        let records = try log.records()
        try log.close()
        let again = try disk.open(Self.config, clean: clean)
        #expect(try again.records() == records)
        #expect(try again.records(from: 50) == ["90:90", "200:200"])
        #expect(again.takeDamage() == nil)
    }

    @Test("a sound log is looked at once, however often it is read, and what this run wrote not at all")
    func looksOnce() throws {
        let disk = try Disk(.faulty)
        _ = try filled(disk)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        nonisolated(unsafe) var reads = 0
        faulty.fault = { operation, path in
            if operation == .read, path.hasSuffix(".log") { reads += 1 }
            return nil
        }
        func cost(_ log: PartitionLog) throws -> Int {
            reads = 0
            #expect(try log.records().count == Self.count)
            return reads
        }
        let log = try open(disk)
        let first = try cost(log)
        let second = try cost(log)
        #expect(second < first)
        let other = try Disk(.memory).open(Self.config)
        for index in 0..<Self.count { try other.append("\(index)") }
        _ = try other.records()
        #expect(other.active.checked.end == 0)
    }

    @Test("after a clean stop damage before sound batches keeps the log closed, and nothing is cut")
    func afterCleanStop() throws {
        for byte in [7, 8, 11, 16, 30] {
            let disk = try Disk(.memory)
            let log = try disk.open()
            var positions: [Int] = []
            for index in 0..<6 {
                positions.append(Int(log.size))
                try log.append("\(index)")
            }
            try log.close()
            // The log is looked at where its end does not lead to that of the file.
            try flip(3, of: positions[2] + byte, on: disk)
            let bytes = try #require(try disk.contents(Self.name))
            if byte == 30 {
                #expect(try disk.open(clean: true) { $0.recoveryPoint = 6 }.logEndOffset == 6)
                continue
            }
            let error = #expect(throws: StorageError.self) {
                _ = try disk.open(clean: true) {
                    $0.recoveryPoint = 6
                    $0.isGapless = true
                }
            }
            #expect(error?.kind == .recordsLost)
            #expect(error?.detail.contains("offsets 2 to 5 are lost") == true, "\(error?.detail ?? "")")
            #expect(try disk.contents(Self.name) == bytes)
            let accepted = try disk.open {
                $0.recoveryPoint = 6
                $0.acceptsLoss = true
                $0.isGapless = true
            }
            #expect(accepted.logEndOffset == 2)
            #expect(accepted.findings.first?.lost?.from == 2)
        }
    }

    @Test("what an unclean stop's cut takes along is told, also where no header leads there", arguments: [8, 11, 16])
    func tellsWhatWasCut(byte: Int) throws {
        let disk = try Disk(.memory)
        let positions = try filled(disk)
        try flip(3, of: positions[4] + byte, on: disk)
        let log = try open(disk, clean: false)
        #expect(log.logEndOffset == 4)
        #expect(log.findings.first?.lost == LostOffsets(from: 4, upTo: Int64(Self.count)))
    }

    @Test("a last batch that claims a later offset is not believed after a clean stop")
    func lastBatch() throws {
        let disk = try Disk(.memory)
        let positions = try filled(disk)
        try flip(4, of: positions[Self.count - 1], on: disk)
        let log = try open(disk)
        #expect(log.logEndOffset == Int64(Self.count) - 1)
        #expect(log.findings.first?.lost?.from == Int64(Self.count) - 1)
    }
}
