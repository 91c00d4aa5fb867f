import KafkaProtocol
import Testing

@testable import LogStorage

/// What a loss of power brings back, or leaves half of, after recovery has cut a log.
@Suite("Files that come back")
struct ReturnedFilesTests {
    private static func config(segmentBytes: Int = 300) -> LogConfig {
        var config = LogConfig()
        config.segmentBytes = segmentBytes
        config.indexIntervalBytes = 100
        return config
    }

    /// Cuts a log file to its first batches.
    private func shorten(_ base: Int64, toBatches count: Int, on disk: Disk) throws {
        let file = try disk.fileSystem.file(at: disk.root + "/topic-0/" + LogFileName.of(base, ".log"), create: false)
        let scanner = BatchScanner(file, from: 0, to: try file.size(), windowSize: Segment.rebuildWindow)
        for _ in 0..<count { _ = try #require(try scanner.next()) }
        try file.truncate(to: scanner.position)
    }

    @Test("a leader epoch checkpoint of which a loss of power left the beginning is made anew from the batches")
    func tornEpochs() throws {
        let disk = try Disk(.memory)
        let log = try disk.open(Self.config())
        for index in 0..<25 { try log.append("\(index)", epoch: index < 12 ? 0 : index < 20 ? 1 : 2) }
        let epochs = log.epochs
        #expect(epochs.entries.map(\.startOffset) == [0, 12, 20])
        try log.tidyFiles(limit: 1)
        let bytes = try #require(try disk.contents("leader-epoch-checkpoint"))
        for count in 0..<bytes.count {
            try disk.fileSystem.replace(
                disk.root + "/topic-0/leader-epoch-checkpoint", with: Array(bytes.prefix(count)), durable: false)
            #expect(try disk.open(Self.config()) { $0.recoveryPoint = 25 }.epochs == epochs, "\(count) bytes")
        }
    }

    @Test("segments that recovery had cut off and that are back inside newer ones are left out, aloud")
    func returnedSegments() throws {
        let disk = try Disk(.memory)
        let log = try disk.open(Self.config())
        for index in 0..<18 { try log.append("old \(index)") }
        let bases = log.segments.map(\.baseOffset)
        try #require(bases.count > 3)
        var old: [String: [UInt8]] = [:]
        for name in try disk.names where bases[2...3].contains(where: { name.hasPrefix(LogFileName.of($0, ".")) }) {
            old[name] = try disk.contents(name)
        }
        try shorten(bases[1], toBatches: 1, on: disk)
        let cut = try disk.open(Self.config())
        #expect(cut.logEndOffset == bases[1] + 1)
        try cut.append(TestBatch(values: (0..<5).map { "new \($0)" }))
        while cut.segmentCount < 5 { try cut.append("new") }
        let (records, end) = (try cut.records(), cut.logEndOffset)
        for base in bases[2...3] { #expect(!cut.segments.contains { $0.baseOffset == base }) }
        for (name, bytes) in old {
            try disk.fileSystem.replace(disk.root + "/topic-0/" + name, with: bytes, durable: false)
        }
        let again = try disk.open(Self.config())
        #expect(again.logEndOffset == end)
        #expect(try again.records() == records)
        let told = again.findings.filter { $0.text.contains("brought back") }
        #expect(told.count == 2 && again.findings.allSatisfy { $0.lost == nil }, "\(again.findings)")
        #expect(try disk.names.allSatisfy { !$0.hasSuffix(".log") || old[$0] == nil })
        try again.append("more")
        try again.close()
        #expect(try disk.open(Self.config(), clean: true).records() == records + ["\(end):more"])
    }

    @Test("segments that recovery cuts off are gone for good before anything takes their offsets", arguments: 0..<20)
    func removedForGood(seed: Int) throws {
        let disk = try Disk(.faulty)
        let log = try disk.open(Self.config())
        for index in 0..<18 { try log.append("\(index)") }
        let bases = log.segments.map(\.baseOffset)
        try log.flush()
        try shorten(bases[1], toBatches: 1, on: disk)
        _ = try disk.open(Self.config())
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        var random = SeededGenerator(seed: UInt64(seed))
        let names = try faulty.afterPowerLoss(using: &random).list(disk.root + "/topic-0").map(\.name)
        #expect(names.filter { $0.hasSuffix(".log") }.sorted() == bases[...1].map { LogFileName.of($0, ".log") })
    }

    @Test("a clean stop brings to disk that recovery has cut off all of a segment", arguments: 0..<10)
    func cutToNothing(seed: Int) throws {
        let disk = try Disk(.faulty)
        let log = try disk.open(Self.config())
        for index in 0..<10 { try log.append("\(index)") }
        try log.flush()
        let base = log.active.baseOffset
        let file = try log.active.file()
        try [UInt8](repeating: 0xff, count: 30).withUnsafeBytes { try file.write($0, at: 30) }
        try file.sync()
        let cut = try disk.open(Self.config()) { $0.recoveryPoint = base }
        #expect(cut.logEndOffset == base)
        try cut.close()
        let faulty = try #require(disk.fileSystem as? FaultyFileSystem)
        var random = SeededGenerator(seed: UInt64(seed))
        let after = faulty.afterPowerLoss(using: &random)
        let path = disk.root + "/topic-0/" + LogFileName.of(base, ".log")
        #expect(try after.file(at: path, create: false).size() == 0)
    }

    @Test("a segment that recovery makes the last one gets whole indexes when it is closed")
    func indexesOfCutSegment() throws {
        let disk = try Disk(.memory)
        let config = Self.config(segmentBytes: 1_500)
        func append(_ log: PartitionLog, _ index: Int64) throws {
            try log.append(TestBatch(values: ["\(index)"], timestamp: testTime + 100 * index))
        }
        let log = try disk.open(config)
        for index in 0..<30 { try append(log, Int64(index)) }
        #expect(log.segmentCount > 1)
        try shorten(0, toBatches: 3, on: disk)
        let cut = try disk.open(config)
        #expect(cut.logEndOffset == 3)
        for index in 3..<12 { try append(cut, Int64(index)) }
        try cut.roll(baseOffset: 12, now: testTime)
        try append(cut, 12)
        try cut.close()
        let again = try disk.open(config, clean: true)
        for index in 0..<Int64(12) {
            #expect(try again.offset(forTimestamp: testTime + 100 * index)?.offset == index)
        }
    }

    @Test("a log whose last segment begins behind a gap and is damaged from its begin on goes on there")
    func damageBehindGap() throws {
        let disk = try Disk(.memory)
        var config = Self.config()
        config.cleanupPolicy = [.compact]
        let log = try disk.open(config)
        try log.append("a")
        try log.roll(baseOffset: 10, now: testTime)
        try log.follow(TestBatch(values: ["b"], baseOffset: 10).bytes)
        let file = try disk.fileSystem.file(at: disk.root + "/topic-0/" + LogFileName.of(10, ".log"), create: false)
        try [UInt8](repeating: 0xff, count: 30).withUnsafeBytes { try file.write($0, at: 30) }
        let again = try disk.open(config)
        #expect(again.logEndOffset == 10)
        #expect(again.findings.compactMap(\.lost?.from) == [10])
        #expect(try again.append("c").baseOffset == 10)
        #expect(try again.records() == ["0:a", "10:c"])
        try again.close()
        #expect(try disk.open(config, clean: true).records() == ["0:a", "10:c"])
    }
}
