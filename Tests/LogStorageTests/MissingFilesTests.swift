import KafkaProtocol
import Testing

@testable import LogStorage

/// Somebody, or a broken disk, takes files away while nothing runs.
@Suite("Missing files")
struct MissingFilesTests {
    /// What happens to a log of several segments, and the first record that it costs.
    enum Harm: String, CaseIterable, CustomTestStringConvertible {
        case activeGone, activeEmpty, allLogsGone, firstGone, firstGoneWithIndexes, middleGone, middleEmpty
        var testDescription: String { rawValue }
    }

    private static var small: LogConfig {
        var config = LogConfig()
        config.segmentBytes = 300
        config.indexIntervalBytes = 100
        return config
    }

    private func filled(_ disk: Disk, cleanly: Bool) throws -> PartitionLog {
        let log = try disk.open(Self.small)
        for index in 0..<12 { try log.append("\(index)") }
        #expect(log.segmentCount >= 3)
        if cleanly { try log.close() }
        return log
    }

    /// Returns the first offset that is gone and the one after the last.
    private func apply(_ harm: Harm, to log: PartitionLog, on disk: Disk) throws -> (from: Int64, upTo: Int64) {
        func path(_ index: Int) -> String {
            disk.root + "/topic-0/" + LogFileName.of(log.segments[index].baseOffset, ".log")
        }
        let last = log.segments.count - 1
        switch harm {
        case .activeGone: try disk.fileSystem.remove(path(last))
        case .activeEmpty: try disk.fileSystem.replace(path(last), with: [], durable: false)
        case .allLogsGone: for index in 0...last { try disk.fileSystem.remove(path(index)) }
        case .firstGone: try disk.fileSystem.remove(path(0))
        case .firstGoneWithIndexes:
            try disk.fileSystem.remove(path(0))
            try log.segments[0].removeIndexFiles()
        case .middleGone: try disk.fileSystem.remove(path(1))
        case .middleEmpty: try disk.fileSystem.replace(path(1), with: [], durable: false)
        }
        return switch harm {
        case .activeGone, .activeEmpty: (log.segments[last].baseOffset, 12)
        case .allLogsGone: (0, 12)
        case .firstGone, .firstGoneWithIndexes: (0, log.segments[1].baseOffset)
        case .middleGone, .middleEmpty: (log.segments[1].baseOffset, log.segments[2].baseOffset)
        }
    }

    @Test(
        "a log that lacks files is not opened, and nothing is changed; accepting the loss opens it for good",
        arguments: Harm.allCases)
    func harmed(harm: Harm) throws {
        let disk = try Disk(.memory)
        let lost = try apply(harm, to: try filled(disk, cleanly: true), on: disk)
        let names = try disk.names
        for clean in [true, false] {
            let error = #expect(throws: StorageError.self) { _ = try disk.open(Self.small, clean: clean) }
            #expect(error?.kind == .recordsLost)
            #expect(
                error?.detail.contains("offsets \(lost.from) to \(lost.upTo - 1) are lost") == true,
                "\(error?.detail ?? "")")
            #expect(try disk.names == names)
        }
        let log = try disk.open(Self.small) { $0.acceptsLoss = true }
        #expect(log.findings.first?.lost == LostOffsets(from: lost.from, upTo: lost.upTo))
        let kept = (0..<Int64(12)).filter { !(lost.from..<lost.upTo).contains($0) }
        #expect(try log.records() == kept.map { "\($0):\($0)" })
        try log.append("more")
        let records = try log.records()
        try log.close()
        for clean in [true, false] {
            let again = try disk.open(Self.small, clean: clean)
            #expect(try again.records() == records)
            #expect(again.findings.isEmpty)
            if clean { try again.close() }
        }
    }

    @Test(
        "after a crash it is noticed that the last segment, or the end of its file, was on disk and is gone",
        arguments: [true, false])
    func lastGone(isFileThere: Bool) throws {
        let disk = try Disk(.memory)
        let config = isFileThere ? LogConfig() : Self.small
        let log = try disk.open(config)
        for index in 0..<8 { try log.append("\(index)") }
        try log.flush()
        let path = disk.root + "/topic-0/" + LogFileName.of(log.active.baseOffset, ".log")
        let end: Int64
        if isFileThere {
            end = 5
            let batch = try TestBatch(values: ["0"]).bytes.count
            try disk.fileSystem.file(at: path, create: false).truncate(to: 5 * batch)
        } else {
            end = log.active.baseOffset
            try disk.fileSystem.remove(path)
        }
        let names = try disk.names
        let error = #expect(throws: StorageError.self) { _ = try disk.open(config) { $0.recoveryPoint = 8 } }
        #expect(error?.kind == .recordsLost)
        #expect(error?.detail.contains("offsets \(end) to 7 are lost") == true, "\(error?.detail ?? "")")
        #expect(try disk.names.filter { $0.hasSuffix(".log") } == names.filter { $0.hasSuffix(".log") })
        let accepted = try disk.open(config) {
            $0.recoveryPoint = 8
            $0.acceptsLoss = true
        }
        #expect(accepted.logEndOffset == end)
        #expect(accepted.findings.first?.lost == LostOffsets(from: end, upTo: 8))
    }

    @Test(
        "after a crash right behind its first batch it is told that the last segment's file is gone, once",
        arguments: [Durability.os, .fsync])
    func activeGoneUnflushed(durability: Durability) throws {
        let disk = try Disk(.memory)
        let log = try disk.open(Self.small) { $0.durability = durability }
        while log.segmentCount < 3 { try log.append("a") }
        let base = log.active.baseOffset
        let name = LogFileName.of(base, ".log")
        try disk.fileSystem.remove(disk.root + "/topic-0/" + name)
        let again = try disk.open(Self.small) { $0.durability = durability }
        #expect(again.logEndOffset == base)
        let told = try #require(again.findings.first)
        #expect(again.findings.count == 1)
        #expect(told.text.contains("the log ends at offset \(base)") && told.text.contains("\(name)"), "\(told.text)")
        // With fsync a loss of power looks the same, and takes nothing that was acknowledged.
        #expect(told.lost == (durability == .os ? LostOffsets(from: base, upTo: nil) : nil))
        try again.append("more")
        #expect(try disk.open(Self.small) { $0.durability = durability }.findings.isEmpty)
    }

    @Test("a last segment to which nothing was written may be gone")
    func emptyActiveGone() throws {
        let disk = try Disk(.memory)
        let log = try filled(disk, cleanly: false)
        try log.roll(baseOffset: log.logEndOffset, now: testTime)
        try disk.fileSystem.remove(disk.root + "/topic-0/" + LogFileName.of(log.active.baseOffset, ".log"))
        #expect(try disk.open(Self.small).findings.isEmpty)
    }

    @Test("with durability fsync a first segment that is gone is missed after a crash too", arguments: [true, false])
    func firstGoneWithFsync(hasIndex: Bool) throws {
        let disk = try Disk(.memory)
        let log = try disk.open(Self.small) { $0.durability = .fsync }
        for index in 0..<12 { try log.append("\(index)") }
        try log.flush()
        if hasIndex {
            let path = disk.root + "/topic-0/" + LogFileName.of(0, ".log")
            try disk.fileSystem.remove(path)
        } else {
            // What was deleted on purpose leaves neither.
            _ = try log.deleteRecords(before: log.segments[1].baseOffset)
        }
        let open = { try disk.open(Self.small) { $0.durability = .fsync } }
        if hasIndex {
            let error = #expect(throws: StorageError.self) { _ = try open() }
            #expect(error?.detail.contains("offsets 0 to \(log.segments[1].baseOffset - 1) are lost") == true)
        } else {
            #expect(try open().findings.isEmpty)
        }
    }

    @Test("deleting from the front of a log never looks like a loss, whatever the disk is full of")
    func deletedOnFullDisk() throws {
        let disk = try Disk(.faulty)
        let log = try filled(disk, cleanly: false)
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        faulty.fault = { operation, path in
            operation == .write && path.contains("checkpoint") ? .fail(.noSpace) : nil
        }
        let first = log.segments[1].baseOffset
        #expect(try log.deleteRecords(before: first) == first)
        #expect(log.segments.first?.baseOffset == first)
        #expect(throws: StorageError.self) { try log.tidyFiles(limit: .max) }
        #expect(try !disk.names.contains(LogFileName.of(0, ".log")))
        faulty.fault = nil
        try log.append("more")
        try log.close()
        #expect(try disk.open(Self.small, clean: true).logStartOffset == first)
    }

    @Test("after a clean stop a hole is seen also when every file of the segment is gone")
    func hole() throws {
        let disk = try Disk(.memory)
        let log = try filled(disk, cleanly: true)
        let gone = log.segments[1].baseOffset
        for name in try disk.names
        where LogFileName.offset(of: name, suffix: ".log") == gone || name.hasPrefix(LogFileName.of(gone, "")) {
            try disk.fileSystem.remove(disk.root + "/topic-0/" + name)
        }
        let error = #expect(throws: StorageError.self) { _ = try disk.open(Self.small, clean: true) }
        #expect(error?.detail.contains("offsets \(gone) to \(log.segments[2].baseOffset - 1) are lost") == true)
    }

    @Test(
        "segments of which a loss of power left the names only end the log, aloud, unless their loss was accepted",
        arguments: [1, 2], [false, true])
    func hollow(first: Int, isTail: Bool) throws {
        let disk = try Disk(.memory)
        let log = try filled(disk, cleanly: false)
        for index in 12..<24 { try log.append("\(index)") }
        let bases = log.segments.map(\.baseOffset)
        #expect(bases.count > 4)
        let end = bases[first]
        for base in isTail ? bases[first...] : bases[first...first] {
            for suffix in [".log", ".index", ".timeindex", ".snapshot"] {
                try disk.fileSystem.replace(
                    disk.root + "/topic-0/" + LogFileName.of(base, suffix), with: [], durable: false)
            }
        }
        let again = try disk.open(Self.small) { $0.recoveryPoint = bases[1] }
        #expect(again.logEndOffset == end)
        #expect(again.findings.contains { $0.lost?.from == end }, "\(again.findings)")
        #expect(try again.records() == (0..<end).map { "\($0):\($0)" })
        try again.append("more")
        try again.flush()
        let last = try disk.open(Self.small) { $0.recoveryPoint = bases[1] }
        #expect(last.findings.isEmpty)
        #expect(last.logEndOffset == end + 1)
    }

    @Test("an empty file of a log that was never closed is noticed by its leader epochs")
    func youngLog() throws {
        let disk = try Disk(.memory)
        let log = try disk.open()
        try log.append("a")
        try log.tidyFiles(limit: 1)
        try disk.fileSystem.replace(disk.root + "/topic-0/00000000000000000000.log", with: [], durable: false)
        let error = #expect(throws: StorageError.self) { _ = try disk.open() }
        #expect(error?.kind == .recordsLost)
    }

    @Test(
        "a directory without files, and a log to which nothing was written, are simply empty", arguments: [true, false])
    func empty(clean: Bool) throws {
        let disk = try Disk(.memory)
        try disk.fileSystem.makeDirectory(disk.root + "/topic-0")
        #expect(try disk.open(clean: clean) { $0.mustExist = true }.logEndOffset == 0)
        #expect(try disk.open(clean: clean) { $0.mustExist = true }.logEndOffset == 0)
    }

    @Test("a directory that must be there and is not keeps the log closed")
    func directory() throws {
        let disk = try Disk(.memory)
        let error = #expect(throws: StorageError.self) { _ = try disk.open { $0.mustExist = true } }
        #expect(error?.kind == .recordsLost)
        #expect(!disk.fileSystem.exists(disk.root + "/topic-0"))
        let log = try disk.open {
            $0.mustExist = true
            $0.acceptsLoss = true
        }
        #expect(log.findings.count == 1)
    }

    @Test("a crash at any point of emptying, cutting or retention never looks like a loss", arguments: 0..<30)
    func crashes(point: Int) throws {
        let changes: [(PartitionLog) throws -> Void] = [
            { try $0.truncateFully(startingAt: 40, now: testTime) },
            { try $0.truncateFully(startingAt: 0, now: testTime) },
            { try $0.truncate(to: $0.segments[2].baseOffset) },
            { try $0.truncate(to: 1) },
            {
                _ = try $0.deleteRecords(before: 9)
                try $0.tidyFiles(limit: .max)
            },
            {
                try $0.applyRetention(now: testTime + 365 * 24 * 3_600_000)
                try $0.tidyFiles(limit: .max)
            },
        ]
        for change in changes {
            let disk = try Disk(.faulty)
            let log = try filled(disk, cleanly: point % 2 == 0)
            let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
            nonisolated(unsafe) var count = 0
            faulty.fault = { operation, _ in
                guard operation != .read, operation != .list else { return nil }
                count += 1
                return count > point ? .fail(.io) : nil
            }
            do { try change(log) } catch { #expect(error is StorageError || error is ReadError) }
            let after = faulty.afterProcessDeath()
            var options = LogOptions()
            options.now = testTime
            let again = try PartitionLog.open(
                directory: disk.root + "/topic-0", fileSystem: after, config: Self.small, options: options)
            #expect(again.logEndOffset >= 0)
        }
    }

    @Test("emptying a log ends the transactions that were open in it")
    func transactions() throws {
        let disk = try Disk(.memory)
        let log = try disk.open()
        try log.append(TestBatch(producer: (7, 0, 0), isTransactional: true))
        #expect(log.lastStableOffset == 0)
        try log.truncateFully(startingAt: 100, now: testTime)
        #expect(log.activeProducers.isEmpty)
        try log.follow(TestBatch(baseOffset: 100).bytes)
        #expect(log.lastStableOffset == 101)
        #expect(try disk.open { $0.logStartOffset = 100 }.lastStableOffset == 101)
    }
}
