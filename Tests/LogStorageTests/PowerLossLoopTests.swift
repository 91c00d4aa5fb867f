import KafkaProtocol
import Testing

@testable import LogStorage

/// Logs that lose power again and again, at any call to the file system.
@Suite("Losses of power, one after the other")
struct PowerLossLoopTests {
    /// Beside the first ones: those that have found something.
    private static let seeds =
        Array(0..<200) + [420, 438, 486, 792, 873, 885, 961, 987, 996, 1056, 1144, 1353, 1422, 2271]

    @Test("what other files say about batches is what the batches say", arguments: seeds)
    func filesAreTrue(seed: Int) throws {
        try PowerLossRun(seed: UInt64(seed)).run(rounds: 4)
    }

    @Test("a process that dies loses nothing, and what other files say is what the batches say", arguments: 0..<150)
    func deaths(seed: Int) throws {
        try PowerLossRun(seed: UInt64(seed), losesPower: false).run(rounds: 4)
    }
}

private final class PowerLossRun {
    private var random: SeededGenerator
    private let durability: Durability
    private var config = LogConfig()
    private var disk = FaultyFileSystem()
    private var options = LogOptions()
    /// The disk when the power went, with what had been acknowledged by then.
    private var atLoss: (disk: FaultyFileSystem, recoveryPoint: Int64, isClean: Bool)?
    private var callsLeft = 0
    private var recoveryPoint: Int64 = 0
    private var isClean = false
    /// What snapshots know of lost records is right, and no batch says it.
    private var hasLost = false
    /// Whether records are deleted from the front, too: snapshots know producers of theirs that no batch tells of.
    private let deletes: Bool
    /// Otherwise only the process dies: then nothing is lost.
    private let losesPower: Bool
    /// The log end that was acknowledged.
    private var acknowledgedEnd: Int64 = 0

    init(seed: UInt64, losesPower: Bool = true) throws {
        random = SeededGenerator(seed: seed)
        self.losesPower = losesPower
        durability = seed.isMultiple(of: 3) ? .os : .fsync
        deletes = seed % 3 == 2
        // A batch of the workload has up to 470 bytes.
        config.segmentBytes = max(500, Int.random(in: 400...2_500, using: &random))
        config.indexIntervalBytes = 200
        try disk.makeDirectory("/data")
        try disk.syncDirectory("")
        options.now = testTime
        options.durability = durability
    }

    func run(rounds: Int) throws {
        for _ in 0..<rounds {
            let log = try open()
            try check(log)
            try use(log)
        }
    }

    private func open() throws -> PartitionLog {
        options.recoveryPoint = recoveryPoint
        options.cleanShutdown = isClean
        options.acceptsLoss = false
        do throws(StorageError) {
            return try PartitionLog.open(directory: "/data/t-0", fileSystem: disk, config: config, options: options)
        } catch {
            // Only what was acknowledged without being on disk may seem to be missing.
            try #require(losesPower && durability == .os && !isClean && error.kind == .recordsLost, "\(error)")
            (options.acceptsLoss, hasLost) = (true, true)
            return try PartitionLog.open(directory: "/data/t-0", fileSystem: disk, config: config, options: options)
        }
    }

    /// Compares a log with one that has nothing but its batches, and the notes of what was accepted to be missing.
    private func check(_ log: PartitionLog) throws {
        #expect(log.logEndOffset >= recoveryPoint)
        if !losesPower {
            #expect(log.logEndOffset >= acknowledgedEnd)
            #expect(log.findings.isEmpty)
        }
        let bare = MemoryFileSystem()
        try bare.makeDirectory("/data/t-0")
        for entry in try disk.list("/data/t-0") where [".log", ".gap"].contains(where: entry.name.hasSuffix) {
            let bytes = try disk.contents(of: "/data/t-0/" + entry.name) ?? []
            try bare.replace("/data/t-0/" + entry.name, with: bytes, durable: false)
        }
        var scan = LogOptions()
        scan.now = testTime
        scan.acceptsLoss = true
        scan.logStartOffset = log.logStartOffset
        let read = try PartitionLog.open(directory: "/data/t-0", fileSystem: bare, config: config, options: scan)
        let (found, expected) = (LogState(log), LogState(read))
        #expect((found.end, found.records) == (expected.end, expected.records))
        // Of a log without records the batches tell no epoch.
        #expect(found.epochs == expected.epochs || hasLost || found.records.isEmpty)
        if !hasLost, !deletes { expectEqual(found, expected, "clean: \(isClean)") }
    }

    private func use(_ log: PartitionLog) throws {
        var workload = Workload(random: SeededGenerator(seed: random.next()))
        workload.resume(log)
        (atLoss, isClean) = (nil, false)
        recoveryPoint = log.recoveryPoint
        callsLeft = Int.random(in: 1...600, using: &random)
        disk.fault = { [self] _, _ in
            callsLeft -= 1
            if callsLeft == 0 { losePower() }
            return nil
        }
        for _ in 0..<Int.random(in: 1...60, using: &random) where atLoss == nil {
            switch Int.random(in: 0..<12, using: &random) {
            case 0: try log.flush()
            case 1: try flushMeanwhile(log, &workload)
            case 2: try log.roll(baseOffset: log.logEndOffset, now: testTime)
            case 3 where deletes: try delete(from: log)
            case 4 where deletes: try log.tidyFiles(limit: Int.random(in: 1...12, using: &random))
            default: try workload.step(log)
            }
            recoveryPoint = log.recoveryPoint
            if atLoss == nil { acknowledgedEnd = log.logEndOffset }
        }
        if atLoss == nil, Bool.random(using: &random) {
            try log.close()
            (recoveryPoint, isClean) = (log.recoveryPoint, true)
        }
        if atLoss == nil { losePower() }
        disk.fault = nil
        (disk, recoveryPoint, isClean) = try #require(atLoss)
    }

    /// Files go later; the checkpoint says where the log begins before anybody hears of it.
    private func delete(from log: PartitionLog) throws {
        let offset = Int64.random(in: log.logStartOffset...log.highWatermark, using: &random)
        _ = try log.deleteRecords(before: offset)
        if atLoss == nil { options.logStartOffset = log.logStartOffset }
    }

    /// Another thread flushes while records come in.
    private func flushMeanwhile(_ log: PartitionLog, _ workload: inout Workload) throws {
        guard let ticket = log.prepareFlush() else { return }
        for _ in 0..<Int.random(in: 0...6, using: &random) { try workload.step(log) }
        let succeeded = ticket.perform()
        for _ in 0..<Int.random(in: 0...3, using: &random) { try workload.step(log) }
        log.completeFlush(ticket, succeeded: succeeded)
    }

    private func losePower() {
        let after = losesPower ? disk.afterPowerLoss(using: &random) : disk.afterProcessDeath()
        atLoss = (after, recoveryPoint, isClean)
    }
}
