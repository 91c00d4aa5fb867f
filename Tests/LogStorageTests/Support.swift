import KafkaProtocol
import Testing

@testable import LogStorage

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// 13 November 2023: the time of most tests.
let testTime: Int64 = 1_700_000_000_000

/// The file systems that must behave the same.
enum Kind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case posix, memory, faulty
    var testDescription: String { rawValue }
}

/// A directory for all tests of this process, removed when it ends.
private let temporaryDirectory: String = {
    var template = Array("/tmp/log-storage-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { fatalError("no temporary directory") }
    atexit { try? PosixFileSystem().removeTree(temporaryDirectory) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}()

/// A file system with an empty directory in it.
final class Disk {
    let fileSystem: any FileSystem
    let root: String

    init(_ kind: Kind) throws {
        switch kind {
        case .memory: (fileSystem, root) = (MemoryFileSystem(), "/data")
        case .faulty: (fileSystem, root) = (FaultyFileSystem(), "/data")
        case .posix:
            // A small limit, so that every suite opens files again and again.
            fileSystem = PosixFileSystem(openFileLimit: 3)
            var template = Array((temporaryDirectory + "/XXXXXX").utf8CString)
            guard mkdtemp(&template) != nil else { throw StorageError(.io, "mkdtemp", temporaryDirectory) }
            root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        try fileSystem.makeDirectory(root)
        if kind == .faulty { try fileSystem.syncDirectory("") }
    }

    func open(
        _ config: LogConfig = LogConfig(), clean: Bool = false, now: Int64 = testTime,
        _ change: (inout LogOptions) -> Void = { _ in }
    ) throws -> PartitionLog {
        var options = LogOptions()
        options.cleanShutdown = clean
        options.now = now
        change(&options)
        return try PartitionLog.open(
            directory: root + "/topic-0", fileSystem: fileSystem, config: config, options: options)
    }

    func contents(_ name: String) throws -> [UInt8]? {
        try fileSystem.contents(of: root + "/topic-0/" + name)
    }

    var names: [String] {
        get throws { try fileSystem.list(root + "/topic-0").map(\.name).sorted() }
    }
}

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}

/// What a test batch is about; everything else is at its default.
struct TestBatch {
    var values: [String] = ["v"]
    var key: String? = "k"
    var timestamp = testTime
    /// Added per record.
    var timestampStep: Int64 = 0
    var compression = Compression.none
    var baseOffset: Int64 = 0
    var producer: (id: Int64, epoch: Int16, sequence: Int32) = (-1, -1, -1)
    var isTransactional = false
    var leaderEpoch: Int32 = -1

    var bytes: [UInt8] {
        get throws {
            var builder = RecordBatchBuilder(
                compression: compression, baseOffset: baseOffset, producerID: producer.id,
                producerEpoch: producer.epoch, baseSequence: producer.sequence, isTransactional: isTransactional,
                leaderEpoch: leaderEpoch)
            for (index, value) in values.enumerated() {
                builder.append(
                    key: key.map { [UInt8]($0.utf8) }, value: [UInt8](value.utf8),
                    timestamp: timestamp + Int64(index) * timestampStep)
            }
            return try builder.build()
        }
    }
}

extension PartitionLog {
    @discardableResult
    func append(
        _ batch: TestBatch, epoch: Int32 = 0, now: Int64 = testTime, origin: AppendOrigin = .client
    ) throws -> AppendResult {
        try lead(try batch.bytes, epoch: epoch, now: now, origin: origin)
    }

    @discardableResult
    func append(_ values: String..., epoch: Int32 = 0, now: Int64 = testTime) throws -> AppendResult {
        try append(TestBatch(values: values), epoch: epoch, now: now)
    }

    @discardableResult
    func lead(
        _ bytes: [UInt8], epoch: Int32 = 0, now: Int64 = testTime, origin: AppendOrigin = .client
    ) throws -> AppendResult {
        try bytes.withUnsafeBytes { try appendAsLeader($0, leaderEpoch: epoch, now: now, origin: origin) }
    }

    @discardableResult
    func follow(_ bytes: [UInt8], now: Int64 = testTime) throws -> AppendResult {
        try bytes.withUnsafeBytes { try appendAsFollower($0, now: now) }
    }

    @discardableResult
    func mark(
        commit: Bool, producer: Int64, epoch: Int16 = 0, coordinatorEpoch: Int32 = 0
    ) throws -> AppendResult {
        try lead(
            ControlRecords.endTransaction(
                commit: commit, producerID: producer, producerEpoch: epoch, coordinatorEpoch: coordinatorEpoch,
                timestamp: testTime), origin: .coordinator)
    }

    /// The code that an append is refused with; nil when it is not.
    func refusal(_ batch: TestBatch, epoch: Int32 = 0, now: Int64 = testTime) throws -> ErrorCode? {
        try refusal(of: try batch.bytes, epoch: epoch, now: now)
    }

    func refusal(of bytes: [UInt8], epoch: Int32 = 0, now: Int64 = testTime) throws -> ErrorCode? {
        do {
            try lead(bytes, epoch: epoch, now: now)
            return nil
        } catch let error as AppendError {
            return error.code
        }
    }

    /// What one read gives.
    func bytes(
        from offset: Int64, upTo limit: Int64 = .max, maxBytes: Int = .max, atLeastOne: Bool = true
    ) throws -> [UInt8] {
        let slice = try read(from: offset, upTo: limit, maxBytes: maxBytes, atLeastOneBatch: atLeastOne)
        guard let bytes = slice.records.copy() else { throw StorageError(.io, "read", directory) }
        return bytes
    }

    /// Reads to the end in steps and returns all records as `offset:value`.
    func records(from start: Int64? = nil, step: Int = .max) throws -> [String] {
        var offset = start ?? logStartOffset
        var found: [String] = []
        while true {
            let slice = try read(from: offset, upTo: .max, maxBytes: step, atLeastOneBatch: true)
            guard slice.count > 0, let bytes = slice.records.copy() else { return found }
            found += try decoded(bytes)
            guard slice.nextOffset > offset else { throw StorageError(.corrupt, "read", "no progress") }
            offset = slice.nextOffset
        }
    }
}

/// Records of consecutive batches as `offset:value`.
func decoded(_ bytes: [UInt8]) throws -> [String] {
    try bytes.withUnsafeBytes { memory in
        var found: [String] = []
        var iterator = RecordBatchIterator(memory)
        while let (header, batch) = try iterator.next() {
            if header.isControl {
                found.append("\(header.baseOffset):control")
                continue
            }
            found += try decodeRecords(batch: batch).map {
                "\($0.offset):" + String(decoding: $0.value ?? [], as: UTF8.self)
            }
        }
        return found
    }
}

/// Bytes written as hexadecimal digits.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }
    var bytes: [UInt8] = []
    var index = digits.startIndex
    while index < digits.endIndex {
        let next = digits.index(index, offsetBy: 2)
        bytes.append(UInt8(digits[index..<next], radix: 16) ?? 0)
        index = next
    }
    return bytes
}
