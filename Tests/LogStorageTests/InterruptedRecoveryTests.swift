import KafkaProtocol
import Testing

@testable import LogStorage

/// Recovery cuts records off that were known to be on disk, and nobody gets to know: the process dies first.
@Suite("Interrupted recovery")
struct InterruptedRecoveryTests {
    private static var small: LogConfig {
        var config = LogConfig()
        config.segmentBytes = 300
        config.indexIntervalBytes = 100
        return config
    }

    private let disk: Disk
    private let faulty: FaultyFileSystem

    init() throws {
        disk = try Disk(.faulty)
        faulty = try #require(disk.fileSystem as? FaultyFileSystem)
    }

    /// Records in several segments, all on disk, of which those from `damaged` on are of no use.
    private func damage(at damaged: Int64, of count: Int = 12, recoveryPoint: Int64 = 12) throws {
        let log = try disk.open(Self.small)
        for index in 0..<count { try log.append("\(index)") }
        try log.flush()
        #expect(log.segmentCount >= 3)
        // Only the segment that holds the recovery point, and later ones, are read.
        #expect(log.segments[log.segmentIndex(for: recoveryPoint)].baseOffset <= damaged)
        let segment = log.segments[log.segmentIndex(for: damaged)]
        let file = try segment.file()
        let scanner = BatchScanner(file, from: 0, to: segment.size, windowSize: Segment.rebuildWindow)
        while let header = try scanner.next(), header.baseOffset < damaged {}
        try [UInt8](repeating: 0xff, count: 30).withUnsafeBytes { try file.write($0, at: scanner.batchStart + 25) }
        try file.sync()
    }

    private func open(_ fileSystem: FaultyFileSystem, recoveryPoint: Int64 = 12) throws -> PartitionLog {
        var options = LogOptions()
        options.now = testTime
        options.recoveryPoint = recoveryPoint
        return try PartitionLog.open(
            directory: "/data/topic-0", fileSystem: fileSystem, config: Self.small, options: options)
    }

    @Test("the next start tells of the loss and opens the log, until the owner has noted the new end")
    func killedAfterTheCut() throws {
        try damage(at: 11)
        let first = try open(faulty)
        #expect(first.findings.map(\.lost) == [LostOffsets(from: 11, upTo: 12)])
        #expect(first.hasCutNote)
        for _ in 0..<2 {
            let next = try open(faulty)
            #expect(next.findings.map(\.lost) == [LostOffsets(from: 11, upTo: 12)])
            #expect(next.logEndOffset == 11 && next.recoveryPoint == 11)
        }
        let last = try open(faulty)
        try last.forgetCut()
        #expect(try !disk.names.contains(CutNote.fileName))
        let told = try open(faulty, recoveryPoint: 11)
        #expect(told.findings.isEmpty && !told.hasCutNote)
    }

    @Test(
        "wherever the process or the power ends the first start, the second one tells of the whole loss",
        arguments: 1...25, [8, 9] as [Int64])
    func killedAnywhere(moment: Int, damaged: Int64) throws {
        for losesPower in [false, true] {
            let test = try InterruptedRecoveryTests()
            try test.damage(at: damaged, of: 20, recoveryPoint: 11)
            let next = try test.open(test.afterDeath(moment, losesPower), recoveryPoint: 11)
            #expect(next.logEndOffset == damaged)
            // The file that was cut is read again until it is synced.
            #expect(next.recoveryPoint <= damaged)
            #expect(next.findings.compactMap(\.lost) == [LostOffsets(from: damaged, upTo: 20)])
        }
    }

    /// The disk when the first start ends at a change that it makes, or when it is through.
    private func afterDeath(_ moment: Int, _ losesPower: Bool) throws -> FaultyFileSystem {
        nonisolated(unsafe) var random = SeededGenerator(seed: UInt64(moment))
        nonisolated(unsafe) var left = moment
        nonisolated(unsafe) var atDeath: FaultyFileSystem?
        let changes: [FaultyFileSystem.Operation] = [.remove, .truncate, .rename, .write]
        nonisolated(unsafe) let disk = faulty
        disk.fault = { operation, _ in
            guard changes.contains(operation) else { return nil }
            left -= 1
            if left == 0 {
                atDeath = losesPower ? disk.afterPowerLoss(using: &random) : disk.afterProcessDeath()
            }
            return nil
        }
        _ = try open(disk, recoveryPoint: 11)
        disk.fault = nil
        return atDeath ?? (losesPower ? disk.afterPowerLoss(using: &random) : disk.afterProcessDeath())
    }

    @Test("a note that is out of date says nothing, and goes")
    func outOfDate() throws {
        try damage(at: 11)
        let log = try open(faulty)
        try log.append("new")
        try log.append("newer")
        try log.flush()
        let next = try open(faulty, recoveryPoint: 13)
        #expect(next.findings.isEmpty && next.logEndOffset == 13)
        #expect(try !disk.names.contains(CutNote.fileName))
    }

    @Test("a log that ends before its recovery point is refused, whatever else is damaged", arguments: [true, false])
    func otherFinding(accepts: Bool) throws {
        let id = KafkaUUID(high: 1, low: 2)
        let log = try disk.open { $0.topicID = id }
        var ends: [Int] = [0]
        for index in 0..<5 { ends.append(ends[index] + (try log.append("\(index)").bytes)) }
        try log.flush()
        let path = disk.root + "/topic-0/"
        try disk.fileSystem.file(at: path + "00000000000000000000.log", create: false).truncate(to: ends[3])
        try disk.fileSystem.replace(path + PartitionMetadata.fileName, with: [], durable: true)
        func again() throws -> PartitionLog {
            try disk.open {
                $0.topicID = id
                $0.recoveryPoint = 5
                $0.acceptsLoss = accepts
            }
        }
        if accepts {
            #expect(try again().findings.compactMap(\.lost) == [LostOffsets(from: 3, upTo: 5)])
        } else {
            let error = #expect(throws: StorageError.self) { _ = try again() }
            #expect(error?.kind == .recordsLost)
        }
    }
}
