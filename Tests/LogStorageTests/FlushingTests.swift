import KafkaProtocol
import Testing

@testable import LogStorage

/// What a flush brings to disk, in which order, and what an append leaves to it.
@Suite("Flushing")
struct FlushingTests {
    private static let fresh = "/data/topic-0"

    private static var small: LogConfig {
        var config = LogConfig()
        config.segmentBytes = 300
        config.indexIntervalBytes = 100
        return config
    }

    private func checkpoint(_ disk: Disk) throws -> LeaderEpochs {
        try LeaderEpochs.read(disk.root + "/topic-0/" + LogFileName.leaderEpochCheckpoint, from: disk.fileSystem)
    }

    @Test("no append waits for the disk: not the first of an epoch, and not one that begins a segment")
    func appendsDoNotWait() throws {
        let disk = try Disk(.faulty)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        let log = try disk.open(Self.small) { $0.durability = .fsync }
        nonisolated(unsafe) var syncs: [String] = []
        faulty.fault = { operation, path in
            if operation == .sync { syncs.append(path) }
            return nil
        }
        for index in 0..<12 { try log.append("\(index)", epoch: Int32(index / 5)) }
        #expect(log.segmentCount >= 3)
        #expect(syncs.isEmpty)
        let ticket = try #require(log.prepareFlush())
        #expect(syncs.isEmpty)
        #expect(ticket.perform())
        log.completeFlush(ticket, succeeded: true)
        for suffix in [".log", ".index", ".timeindex", ".snapshot"] {
            #expect(syncs.contains { $0.hasSuffix(suffix) }, "\(suffix) is synced")
        }
        #expect(syncs.last == disk.root + "/topic-0")
        #expect(try checkpoint(disk) == log.epochs)
    }

    @Test("with fsync the checkpoint has an epoch once its first batch is on disk, and not before")
    func epochsFollowBatches() throws {
        let disk = try Disk(.faulty)
        let log = try disk.open { $0.durability = .fsync }
        try log.append("a")
        #expect(try checkpoint(disk).entries.isEmpty)
        let ticket = try #require(log.prepareFlush())
        try log.append("b", epoch: 3)
        #expect(ticket.perform())
        #expect(try checkpoint(disk).entries.isEmpty)
        log.completeFlush(ticket, succeeded: true)
        #expect(try checkpoint(disk).entries == [.init(epoch: 0, startOffset: 0)])
        try log.flush()
        #expect(try checkpoint(disk).entries == [.init(epoch: 0, startOffset: 0), .init(epoch: 3, startOffset: 1)])
    }

    @Test(
        "neither an append nor a deletion that drops no segment touches the checkpoint; crashes lose no epoch of it",
        arguments: [Durability.os, .fsync])
    func epochsAreOwed(durability: Durability) throws {
        let disk = try Disk(.faulty)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        let log = try disk.open { $0.durability = durability }
        nonisolated(unsafe) var touched: [String] = []
        faulty.fault = { operation, path in
            if path.contains(LogFileName.leaderEpochCheckpoint) { touched.append("\(operation)") }
            return nil
        }
        func expectKept(_ start: Int64, _ recoveryPoint: Int64) throws {
            var options = LogOptions()
            (options.now, options.durability) = (testTime, durability)
            (options.logStartOffset, options.recoveryPoint) = (start, recoveryPoint)
            let again = try PartitionLog.open(
                directory: Self.fresh, fileSystem: faulty.afterProcessDeath(), config: LogConfig(), options: options)
            #expect(again.findings.isEmpty)
            #expect(again.epochs == log.epochs)
        }
        for index in 0..<12 { try log.append("\(index)", epoch: Int32(index / 3)) }
        #expect(touched.isEmpty)
        try expectKept(0, 0)
        #expect(log.owesFiles == (durability == .os))
        try log.tidyFiles(limit: 1)
        try log.flush()
        #expect(!log.owesFiles)
        #expect(try checkpoint(disk) == log.epochs)
        touched = []
        for offset: Int64 in [1, 4, 10] {
            #expect(try log.deleteRecords(before: offset) == offset)
            try log.tidyFiles(limit: .max)
            try expectKept(offset, 0)
            try expectKept(offset, 12)
        }
        #expect(touched.isEmpty)
        #expect(log.epochs.entries == [.init(epoch: 3, startOffset: 10)])
        try log.append("a", epoch: 9)
        try expectKept(10, 12)
        // A flush may have come before the checkpoint.
        if durability == .os {
            try log.flush()
            try expectKept(10, 13)
            #expect(touched.isEmpty)
        }
        let epochs = log.epochs
        try log.close()
        let again = try disk.open(clean: true) {
            ($0.durability, $0.logStartOffset) = (durability, 10)
        }
        #expect(again.epochs == epochs)
    }

    @Test("a log start that a crash takes back takes the epochs of its records back too", arguments: 0..<4)
    func epochsOfReturnedStart(clean: Int) throws {
        let disk = try Disk(.faulty)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        let durability: Durability = clean % 2 == 0 ? .os : .fsync
        let log = try disk.open(Self.small) { $0.durability = durability }
        for index in 0..<20 { try log.append("\(index)", epoch: Int32(index / 4)) }
        try log.tidyFiles(limit: 1)
        try log.flush()
        let epochs = log.epochs
        #expect(epochs.entries.count == 5)
        _ = try log.deleteRecords(before: 14)
        // The checkpoint has been told, no file has gone.
        faulty.fault = { operation, path in
            operation == .remove && !path.hasSuffix(".tmp") || operation == .rename && path.contains(".log")
                ? .fail(.io) : nil
        }
        #expect(throws: StorageError.self) { try log.tidyFiles(limit: .max) }
        #expect(try checkpoint(disk).entries.first?.startOffset == 14)
        faulty.fault = nil
        let again = try disk.open(Self.small) {
            ($0.durability, $0.recoveryPoint) = (durability, clean < 2 ? 20 : 0)
        }
        #expect(again.logStartOffset == 0)
        #expect(again.epochs == epochs)
    }

    @Test("epochs of a flush that was under way when the log was cut do not come back")
    func cutMeanwhile() throws {
        let disk = try Disk(.faulty)
        let log = try disk.open { $0.durability = .fsync }
        try log.append("a")
        try log.flush()
        try log.append("b", epoch: 3)
        let ticket = try #require(log.prepareFlush())
        try log.truncate(to: 1)
        #expect(ticket.perform())
        log.completeFlush(ticket, succeeded: true)
        #expect(try checkpoint(disk).entries == [.init(epoch: 0, startOffset: 0)])
        try log.append("c", epoch: 5)
        try log.flush()
        #expect(try checkpoint(disk).entries == [.init(epoch: 0, startOffset: 0), .init(epoch: 5, startOffset: 1)])
    }

    @Test("an older checkpoint that came back gets the epochs of batches that are not read again", arguments: 0..<6)
    func olderCheckpoint(known: Int) throws {
        let disk = try Disk(.faulty)
        let log = try disk.open(Self.small)
        for index in 0..<20 { try log.append("\(index)", epoch: Int32(index / 4)) }
        try log.flush()
        let epochs = log.epochs
        #expect(epochs.entries.count == 5)
        var older = epochs
        _ = older.truncate(from: Int64(known) * 4)
        try disk.fileSystem.replace(
            disk.root + "/topic-0/" + LogFileName.leaderEpochCheckpoint, with: older.encoded(), durable: false)
        let again = try disk.open(Self.small) { $0.recoveryPoint = 20 }
        #expect(again.epochs == epochs)
    }

    @Test("a full disk does not keep epochs from being flushed with their batches later")
    func fullDisk() throws {
        let disk = try Disk(.faulty)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        let log = try disk.open { $0.durability = .fsync }
        try log.append("a")
        faulty.fault = { operation, path in
            operation == .write && path.contains(LogFileName.leaderEpochCheckpoint) ? .fail(.noSpace) : nil
        }
        try log.flush()
        #expect(log.highWatermark == 1)
        #expect(try checkpoint(disk).entries.isEmpty)
        faulty.fault = nil
        try log.append("b")
        try log.flush()
        #expect(try checkpoint(disk).entries == [.init(epoch: 0, startOffset: 0)])
    }

    @Test(
        "a flush for which there is no file descriptor fails, harms nothing, and is done later",
        arguments: [true, false])
    func noDescriptor(isFirst: Bool) throws {
        let disk = try Disk(.faulty)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        let log = try disk.open(Self.small) { $0.durability = .fsync }
        if !isFirst {
            try log.append("before")
            try log.flush()
        }
        for index in 0..<8 { try log.append("\(index)", epoch: 2) }
        let (end, known) = (log.logEndOffset, log.recoveryPoint)
        faulty.fault = { operation, _ in operation == .open ? .fail(.tooManyOpenFiles) : nil }
        let error = #expect(throws: StorageError.self) { try log.flush() }
        #expect(error?.kind == .tooManyOpenFiles)
        #expect(log.prepareFlush() == nil)
        #expect(!log.isOffline)
        #expect(log.hasUnflushed)
        #expect(log.needsFlush(now: testTime))
        #expect((log.recoveryPoint, log.highWatermark, log.logEndOffset) == (known, known, end))
        faulty.fault = nil
        try log.flush()
        #expect(log.highWatermark == end)
        var random = SeededGenerator(seed: 4)
        var options = LogOptions()
        options.now = testTime
        options.recoveryPoint = log.recoveryPoint
        let again = try PartitionLog.open(
            directory: Self.fresh, fileSystem: faulty.afterPowerLoss(using: &random), config: Self.small,
            options: options)
        #expect(again.logEndOffset == end)
        #expect(again.epochs == log.epochs)
        #expect(again.findings.isEmpty)
    }

    @Test("many segments get to disk some at a time, oldest first, with few descriptors held at once")
    func manySegments() throws {
        let disk = try Disk(.faulty)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        let log = try disk.open(Self.small) { $0.durability = .fsync }
        for index in 0..<400 { try log.append("\(index)", epoch: Int32(index / 100)) }
        #expect(log.segmentCount > 10 * PartitionLog.segmentsPerTicket)
        // Five files for each segment, the epochs and two directories.
        let limit = 5 * PartitionLog.segmentsPerTicket + 3
        faulty.fault = { operation, _ in
            operation == .open && faulty.openHandles >= limit ? .fail(.tooManyOpenFiles) : nil
        }
        var random = SeededGenerator(seed: 11)
        var rounds = 0
        while let ticket = log.prepareFlush() {
            rounds += 1
            let known = log.recoveryPoint
            #expect(ticket.perform())
            #expect(log.recoveryPoint == known)
            log.completeFlush(ticket, succeeded: true)
            #expect(log.recoveryPoint == ticket.upToOffset && ticket.upToOffset > known)
            #expect(log.highWatermark == log.recoveryPoint)
            #expect(try checkpoint(disk).entries.isEmpty == log.hasUnflushed)
            var options = LogOptions()
            options.now = testTime
            options.recoveryPoint = log.recoveryPoint
            options.durability = .fsync
            let again = try PartitionLog.open(
                directory: Self.fresh, fileSystem: faulty.afterPowerLoss(using: &random), config: Self.small,
                options: options)
            #expect(again.logEndOffset >= log.recoveryPoint)
            #expect(try again.records() == Array(try log.records().prefix(Int(again.logEndOffset))))
            var epochs = log.epochs
            _ = epochs.truncate(from: again.logEndOffset)
            #expect(again.epochs == epochs)
        }
        #expect(rounds > 10)
        #expect(log.recoveryPoint == log.logEndOffset && log.flushObstacle == nil)
        #expect(try checkpoint(disk) == log.epochs)
    }

    @Test("a clean stop and a flush that waits need few descriptors too", arguments: [Durability.os, .fsync])
    func manySegmentsAtOnce(durability: Durability) throws {
        let disk = try Disk(.faulty)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        let log = try disk.open(Self.small) { $0.durability = durability }
        for index in 0..<400 { try log.append("\(index)") }
        faulty.fault = { operation, _ in
            operation == .open && faulty.openHandles >= 50 ? .fail(.tooManyOpenFiles) : nil
        }
        try log.close()
        #expect(log.recoveryPoint == 400)
        faulty.fault = nil
        var random = SeededGenerator(seed: 3)
        let again = try PartitionLog.open(
            directory: Self.fresh, fileSystem: faulty.afterPowerLoss(using: &random), config: Self.small,
            options: {
                var options = LogOptions()
                options.now = testTime
                options.recoveryPoint = 400
                options.cleanShutdown = true
                return options
            }())
        #expect(again.logEndOffset == 400)
    }

    @Test(
        "an index or snapshot that cannot be opened ends no log: it goes, and is built anew",
        arguments: [".index", ".timeindex", ".snapshot"])
    func unreadableHint(suffix: String) throws {
        let disk = try Disk(.faulty)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        let log = try disk.open(Self.small) { $0.durability = .fsync }
        for index in 0..<12 { try log.append("\(index)") }
        faulty.fault = { operation, path in
            operation == .open && path.hasSuffix(suffix) ? .fail(.accessDenied) : nil
        }
        let ticket = try #require(log.prepareFlush())
        #expect(ticket.perform())
        log.completeFlush(ticket, succeeded: true)
        faulty.fault = nil
        #expect(!log.isOffline && log.recoveryPoint == 12)
        // The one that was begun beside the active segment has nothing to be flushed.
        let begun = LogFileName.of(log.active.baseOffset, ".index")
        #expect(try !disk.names.contains { $0.hasSuffix(suffix) && $0 != begun })
        #expect(try log.records(step: 1).count == 12)
        var random = SeededGenerator(seed: 8)
        var options = LogOptions()
        options.now = testTime
        options.recoveryPoint = 12
        let again = try PartitionLog.open(
            directory: Self.fresh, fileSystem: faulty.afterPowerLoss(using: &random), config: Self.small,
            options: options)
        #expect(try again.records() == log.records())
    }

    @Test("files wait for the next flush once each; very many of them take no time", .timeLimit(.minutes(1)))
    func manyFiles() {
        var files = UnsyncedFiles()
        for _ in 0..<2 {
            for offset in 0..<50_000 as Range<Int64> {
                files.insert(UnsyncedFile(path: LogFileName.of(offset, ".index"), offset: offset))
            }
        }
        #expect(files.all.map(\.offset) == Array(0..<50_000))
        files.remove(Array(files.all.prefix(49_999)))
        #expect(files.all.map(\.offset) == [49_999])
        files.insert(UnsyncedFile(path: LogFileName.of(7, ".index"), offset: 7))
        #expect(files.all.map(\.offset) == [49_999, 7])
    }
}
