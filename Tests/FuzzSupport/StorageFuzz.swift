import KafkaProtocol
import LogStorage

/// Damaged files and hostile batches: a log is opened, read, written to and closed; it may refuse, it must not trap.
package struct StorageFuzz {
    private static let time: Int64 = 1_700_000_000_000
    private static let directory = "/log/t-0"
    private let files: [(name: String, bytes: [UInt8])]

    private static var config: LogConfig {
        var config = LogConfig()
        config.segmentBytes = 500
        config.indexIntervalBytes = 0
        return config
    }

    package init() throws {
        let fileSystem = MemoryFileSystem()
        let log = try Self.open(fileSystem, clean: false)
        for _ in 0..<2 {
            for batch in Batches.all(now: Self.time) {
                _ = try? batch.bytes.withUnsafeBytes {
                    try log.appendAsLeader($0, leaderEpoch: 0, now: Self.time, origin: batch.origin)
                }
            }
        }
        try log.close()
        files = try fileSystem.list(Self.directory).map(\.name).sorted().map { name in
            (name, try fileSystem.contents(of: Self.directory + "/" + name) ?? [])
        }
    }

    private static func open(_ fileSystem: any FileSystem, clean: Bool) throws -> PartitionLog {
        var options = LogOptions()
        options.cleanShutdown = clean
        options.now = time
        return try PartitionLog.open(directory: directory, fileSystem: fileSystem, config: config, options: options)
    }

    private func disk(with changed: [Int: [UInt8]]) throws -> MemoryFileSystem {
        let fileSystem = MemoryFileSystem()
        try fileSystem.makeDirectory(Self.directory)
        for (index, file) in files.enumerated() {
            try fileSystem.replace(
                Self.directory + "/" + file.name, with: changed[index] ?? file.bytes, durable: false)
        }
        return fileSystem
    }

    // MARK: Every field

    /// Every field of batch headers at every edge, on disk and on the way, with a right and a wrong checksum; every
    /// byte of a header; every file cut short. A sample takes every byte and field too, in one batch and at some edges.
    package func run(_ extent: Extent) throws -> FuzzReport {
        var report = FuzzReport()
        var picker = CasePicker(extent)
        let logs = files.indices.filter { files[$0].name.hasSuffix(".log") && !files[$0].bytes.isEmpty }
        for index in picker.pick(1, of: logs) {
            let starts = Batches.starts(files[index].bytes)
            let some = Set([starts[0], starts[starts.count / 2], starts[starts.count - 1]]).sorted()
            for start in picker.pick(1, of: some) {
                fields(index, start, &picker, &report)
                headerBytes(index, start, &picker, &report)
            }
        }
        for index in files.indices { cut(index, &picker, &report) }
        for field in Batches.fields {
            for value in picker.pick(1, of: Edges.of(width: field.width)) { arrive(field, value, &picker, &report) }
        }
        return report
    }

    private func fields(_ index: Int, _ start: Int, _ picker: inout CasePicker, _ report: inout FuzzReport) {
        for field in Batches.fields {
            for value in picker.pick(4, of: Edges.of(width: field.width)) {
                for seals in picker.pick(1, of: [true, false]) {
                    var bytes = files[index].bytes
                    bytes.put(value, at: start + field.position, width: field.width)
                    if seals { Batches.reseal(&bytes, at: start) }
                    let name = "\(files[index].name) at \(start): \(field.name) = \(value), sealed: \(seals)"
                    attempt(picker.label + name, [index: bytes], &report)
                }
            }
        }
    }

    private func headerBytes(_ index: Int, _ start: Int, _ picker: inout CasePicker, _ report: inout FuzzReport) {
        for byte in 0..<RecordBatchHeader.size {
            for (mask, seals) in picker.pick(2, of: [(0xff, false), (0xff, true), (0x80, true), (1, true)]) {
                var bytes = files[index].bytes
                bytes[start + byte] ^= UInt8(mask)
                if seals { Batches.reseal(&bytes, at: start) }
                let name = "\(files[index].name), batch at \(start): byte \(byte) ^ \(mask), sealed: \(seals)"
                attempt(picker.label + name, [index: bytes], &report)
            }
        }
    }

    private func cut(_ index: Int, _ picker: inout CasePicker, _ report: inout FuzzReport) {
        let bytes = files[index].bytes
        let lengths = Array(stride(from: 0, to: bytes.count, by: max(1, bytes.count / 12)))
        for length in picker.pick(1, of: lengths) {
            let name = "\(files[index].name) cut after \(length) bytes"
            attempt(picker.label + name, [index: Array(bytes[..<length])], &report)
        }
    }

    private func attempt(_ name: String, _ changed: [Int: [UInt8]], _ report: inout FuzzReport) {
        let bytes = changed.sorted { $0.key < $1.key }.flatMap(\.value)
        report.attempt(name, bytes) { try use(try disk(with: changed)) }
    }

    /// A batch comes in from a client, a coordinator or a source.
    private func arrive(
        _ field: (name: String, position: Int, width: Int), _ value: Int64, _ picker: inout CasePicker,
        _ report: inout FuzzReport
    ) {
        for batch in picker.pick(2, of: Batches.all(now: Self.time)) {
            for (first, second) in picker.pick(1, of: [(value, 0), (.max, value), (value, .min)] as [(Int64, Int64)]) {
                let name = "\(picker.label)batches with \(field.name) \(first), then \(second) arrive"
                report.attempt(name, batch.bytes) {
                    let fileSystem = MemoryFileSystem()
                    let log = try Self.open(fileSystem, clean: false)
                    for value in [first, second] {
                        var bytes = batch.bytes
                        bytes.put(value, at: field.position, width: field.width)
                        if field.name != "crc" { Batches.reseal(&bytes, at: 0) }
                        bytes.withUnsafeBytes { memory in
                            _ = try? log.appendAsFollower(memory, now: Self.time)
                            _ = try? log.appendAsLeader(
                                memory, leaderEpoch: .max, now: Self.time, origin: batch.origin)
                        }
                    }
                    Self.exercise(log)
                    try use(fileSystem)
                }
            }
        }
    }

    // MARK: By chance

    /// Some bytes of some files changed, some files cut.
    package func round(_ seed: UInt64) throws -> FuzzReport {
        var report = FuzzReport()
        var dice = Dice(seed: seed)
        var changed: [Int: [UInt8]] = [:]
        for _ in 0...dice.roll(3) {
            let index = dice.roll(files.count)
            var bytes = changed[index] ?? files[index].bytes
            guard !bytes.isEmpty else { continue }
            let isLog = files[index].name.hasSuffix(".log")
            for _ in 0...dice.roll(3) {
                let width = dice.pick([1, 2, 4, 8])
                let value = dice.roll(2) == 0 ? dice.pick(Edges.of(width: width)) : Int64(bitPattern: dice.next())
                bytes.put(value, at: dice.roll(bytes.count), width: width)
            }
            if isLog, dice.roll(2) == 0 {
                for start in Batches.starts(files[index].bytes) { Batches.reseal(&bytes, at: start) }
            }
            if dice.roll(6) == 0 { bytes = Array(bytes.prefix(dice.roll(bytes.count))) }
            changed[index] = bytes
        }
        let names = changed.keys.sorted().map { files[$0].name }.joined(separator: ", ")
        attempt("files, seed \(seed), \(names)", changed, &report)
        return report
    }

    // MARK: Use

    /// Opens the log as after a clean stop and as after a crash, and does everything with it. It may not open.
    private func use(_ fileSystem: MemoryFileSystem) throws {
        for clean in [true, false] {
            guard let log = try? Self.open(fileSystem, clean: clean) else { continue }
            Self.exercise(log)
            try? log.close()
        }
    }

    private static func exercise(_ log: PartitionLog) {
        let ends = [log.logStartOffset, log.logEndOffset]
        for offset in Set(Edges.all + ends + [1, 3, 5, 8, 11]).sorted() {
            for (bytes, atLeastOne) in [(1, true), (100, false), (Int.max, true)] {
                let slice = try? log.read(
                    from: offset, upTo: .max, maxBytes: bytes, atLeastOneBatch: atLeastOne)
                _ = slice?.records.copy()
            }
            _ = try? log.offset(forTimestamp: offset)
            _ = try? log.abortedTransactions(from: offset, upTo: .max)
            _ = log.leaderEpoch(forOffset: offset)
            _ = log.endOffset(forLeaderEpoch: Int32(truncatingIfNeeded: offset))
        }
        _ = try? log.offsetOfMaxTimestamp()
        _ = (log.lastStableOffset, log.activeProducers.count, log.size)
        if let bytes = try? Batches.plain(now: time, producer: (7, 2)) {
            bytes.withUnsafeBytes { _ = try? log.appendAsLeader($0, leaderEpoch: .max, now: time) }
        }
        if let bytes = try? Batches.plain(now: time, base: log.logEndOffset, epoch: log.latestLeaderEpoch ?? 0) {
            bytes.withUnsafeBytes { _ = try? log.appendAsFollower($0, now: time) }
        }
        for now in [time, .max, .min] {
            _ = log.needsFlush(now: now)
            try? log.rollIfNeeded(now: now)
            log.removeExpiredProducers(now: now)
        }
        _ = try? log.deleteRecords(before: log.logStartOffset +| 1)
        try? log.truncate(to: max(log.logStartOffset, log.logEndOffset -| 3))
        _ = try? log.applyRetention(now: time + 1)
        _ = try? log.tidyFiles(limit: .max)
    }
}
