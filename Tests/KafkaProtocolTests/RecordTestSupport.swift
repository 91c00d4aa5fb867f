import KafkaProtocol

/// A small generator with a seed (SplitMix64), so that a failure can be repeated.
struct RecordTestRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

func parseHeader(_ batch: [UInt8]) -> RecordBatchHeader {
    batch.withUnsafeBytes { RecordBatchHeader(parsing: $0) }
}

/// `header` with the length and checksum that `payload` needs, and the payload.
func sealed(_ header: RecordBatchHeader, payload: [UInt8]) -> [UInt8] {
    var header = header
    header.batchLength = Int32(RecordBatchHeader.size - RecordBatchHeader.overhead + payload.count)
    var batch = [UInt8](repeating: 0, count: RecordBatchHeader.size) + payload
    batch.withUnsafeMutableBytes { memory in
        header.writeSealed(
            into: UnsafeMutableRawBufferPointer(rebasing: memory[..<RecordBatchHeader.size]),
            records: UnsafeRawBufferPointer(rebasing: memory[RecordBatchHeader.size...]))
    }
    return batch
}

/// A batch of hand-made record bytes whose header counts `count` records.
func batch(of payload: [UInt8], count: Int32, lastOffsetDelta: Int32? = nil) -> [UInt8] {
    var header = RecordBatchHeader(baseTimestamp: 1000, maxTimestamp: 1000)
    header.recordCount = count
    header.lastOffsetDelta = lastOffsetDelta ?? count - 1
    return sealed(header, payload: payload)
}

func decode(_ batch: [UInt8]) throws -> [Record] {
    try batch.withUnsafeBytes { try decodeRecords(batch: $0) }
}

/// Both checks, as a broker runs them on a produced batch.
@discardableResult
func check(
    _ batch: [UInt8], rules: BatchRules = .produced, timestampRange: ClosedRange<Int64>? = nil
) throws -> RecordSummary {
    try batch.withUnsafeBytes { bytes in
        let header = try validateBatch(bytes, rules: rules)
        return try validateRecords(bytes, header: header, timestampRange: timestampRange)
    }
}

extension Compression {
    func decompress(_ bytes: [UInt8], limit: Int = Compression.defaultOutputLimit) throws -> [UInt8] {
        try bytes.withUnsafeBytes { try decompress($0, limit: limit) }
    }

    func compress(_ bytes: [UInt8], level: Int32? = nil) throws -> [UInt8] {
        try bytes.withUnsafeBytes { try compress($0, level: level) }
    }
}
