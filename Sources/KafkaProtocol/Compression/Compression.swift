/// The codecs of record batches, with the numbers of the attributes' lowest three bits.
package enum Compression: Int8, Sendable, CaseIterable {
    case none = 0
    case gzip = 1
    case snappy = 2
    case lz4 = 3
    case zstd = 4

    /// Kafka's name of the codec, as in `compression.type`.
    package var name: String {
        switch self {
        case .none: "none"
        case .gzip: "gzip"
        case .snappy: "snappy"
        case .lz4: "lz4"
        case .zstd: "zstd"
        }
    }

    /// The codec that Kafka calls `name`; `uncompressed`, a topic's way to say none, too.
    package init?(name: String) {
        if name == "uncompressed" {
            self = .none
            return
        }
        guard let codec = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = codec
    }
}

extension Compression {
    /// What one batch may decompress to unless the caller says otherwise: far above what clients build (their batches
    /// are limited before compression), far below what hurts.
    package static let defaultOutputLimit = 128 << 20

    /// The most bytes that `compress` takes: a batch's length is an Int32.
    package static let inputLimit = Int(Int32.max)

    /// `bytes` compressed, after `headroom` bytes of zero for the caller to fill.
    ///
    /// `level` is the codec's own (gzip 1...9, lz4 1...17, zstd -131072...22); nil is the codec's default, others are
    /// brought into range by the library. Snappy has none.
    package func compress(
        _ bytes: UnsafeRawBufferPointer, level: Int32? = nil, headroom: Int = 0
    ) throws(CompressionError) -> [UInt8] {
        guard bytes.count <= Self.inputLimit else { throw .limitExceeded(Self.inputLimit) }
        return switch self {
        case .none: [UInt8](repeating: 0, count: headroom) + bytes
        case .gzip: try Gzip.compress(bytes, level: level, headroom: headroom)
        case .snappy: try Snappy.compress(bytes, headroom: headroom)
        case .lz4: try LZ4.compress(bytes, level: level, headroom: headroom)
        case .zstd: try Zstd.compress(bytes, level: level, headroom: headroom)
        }
    }

    /// `bytes` decompressed. Throws `limitExceeded` as soon as the output would be larger than `limit` bytes.
    package func decompress(
        _ bytes: UnsafeRawBufferPointer, limit: Int = defaultOutputLimit
    ) throws(CompressionError) -> [UInt8] {
        try decompressed(bytes, limit: limit).withBytes { [UInt8]($0) }
    }

    /// The same in memory that frees itself: no second copy.
    package func decompressed(
        _ bytes: UnsafeRawBufferPointer, limit: Int = defaultOutputLimit
    ) throws(CompressionError) -> OutputBuffer {
        // Text compresses to about a quarter; too little room costs a few reallocations.
        var output = try OutputBuffer(capacity: max(4096, min(bytes.count, limit / 4) * 4), limit: limit, codec: self)
        switch self {
        case .none:
            guard bytes.count > 0 else { break }
            try output.space(exactly: bytes.count).copyMemory(from: bytes)
            try output.fill(bytes.count)
        case .gzip: try Gzip.decompress(bytes, into: &output)
        case .snappy: try Snappy.decompress(bytes, into: &output)
        case .lz4: try LZ4.decompress(bytes, into: &output)
        case .zstd: try Zstd.decompress(bytes, into: &output)
        }
        return output
    }
}

/// An array of `headroom` zeros and what `fill` writes into at most `capacity` bytes; nil when `fill` returns nil.
func arrayWithHeadroom(
    _ headroom: Int, capacity: Int, fill: (UnsafeMutableRawBufferPointer) -> Int?
) -> [UInt8]? {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: headroom + capacity) { buffer, initialized in
        let memory = UnsafeMutableRawBufferPointer(buffer)
        for index in 0..<headroom { memory[index] = 0 }
        let filled = fill(UnsafeMutableRawBufferPointer(rebasing: memory[headroom..<headroom + capacity]))
        failed = filled == nil
        initialized = headroom + (filled ?? 0)
    }
    return failed ? nil : bytes
}
