/// What a batch's timestamps mean: topic config `message.timestamp.type`, attribute bit 3.
package enum TimestampType: Int8, Sendable {
    /// Each record has the time that its producer gave.
    case createTime = 0
    /// Every record of the batch has the batch's maximum timestamp, which the broker set.
    case logAppendTime = 1
}

/// The first 61 bytes of a record batch (magic 2), parsed. Offsets are absolute; timestamps are milliseconds since
/// 1970, -1 where there is none.
///
/// The checksum covers everything from the attributes on, so base offset, length and leader epoch can be set without a
/// new one.
package struct RecordBatchHeader: Equatable, Sendable {
    /// Bytes of the header; records follow.
    package static let size = 61
    /// Base offset and length: bytes that `batchLength` does not count.
    package static let overhead = 12
    /// Base offset, length and leader epoch: what a log may write anew without touching the checksum.
    package static let headSize = 16
    /// The only message format of Kafka 4.
    package static let magic: Int8 = 2

    /// Where the fields lie.
    package enum Position {
        package static let baseOffset = 0, batchLength = 8, partitionLeaderEpoch = 12, magic = 16, crc = 17
        package static let attributes = 21, lastOffsetDelta = 23, baseTimestamp = 27, maxTimestamp = 35
        package static let producerID = 43, producerEpoch = 51, baseSequence = 53, recordCount = 57
    }

    /// Bits of `attributes`; the lowest three are the codec.
    package enum Attribute {
        package static let compressionMask: Int16 = 0x07, logAppendTime: Int16 = 0x08, transactional: Int16 = 0x10
        package static let control: Int16 = 0x20, deleteHorizon: Int16 = 0x40
    }

    package var baseOffset: Int64
    /// Bytes after this field; the whole batch has 12 more.
    package var batchLength: Int32
    package var partitionLeaderEpoch: Int32
    package var magic: Int8
    package var crc: UInt32
    package var attributes: Int16
    package var lastOffsetDelta: Int32
    /// What the records' timestamp deltas add to; with `hasDeleteHorizon` also when tombstones may go.
    package var baseTimestamp: Int64
    package var maxTimestamp: Int64
    /// -1 without idempotence.
    package var producerID: Int64
    package var producerEpoch: Int16
    /// The first record's sequence number, -1 without idempotence and in control batches.
    package var baseSequence: Int32
    package var recordCount: Int32

    /// Reads the header at the start of `bytes`, which must hold at least 61. Checks nothing else: see `validateBatch`.
    package init(parsing bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count >= Self.size, "a record batch header needs 61 bytes")
        func load<T: FixedWidthInteger>(_ position: Int, as type: T.Type = T.self) -> T {
            T(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
        }
        baseOffset = load(Position.baseOffset)
        batchLength = load(Position.batchLength)
        partitionLeaderEpoch = load(Position.partitionLeaderEpoch)
        magic = load(Position.magic)
        crc = load(Position.crc)
        attributes = load(Position.attributes)
        lastOffsetDelta = load(Position.lastOffsetDelta)
        baseTimestamp = load(Position.baseTimestamp)
        maxTimestamp = load(Position.maxTimestamp)
        producerID = load(Position.producerID)
        producerEpoch = load(Position.producerEpoch)
        baseSequence = load(Position.baseSequence)
        recordCount = load(Position.recordCount)
    }

    /// A header with the given fields; length, count and checksum follow when the batch is built.
    package init(
        baseOffset: Int64 = 0, partitionLeaderEpoch: Int32 = -1, attributes: Int16 = 0, baseTimestamp: Int64 = -1,
        maxTimestamp: Int64 = -1, producerID: Int64 = -1, producerEpoch: Int16 = -1, baseSequence: Int32 = -1
    ) {
        self.baseOffset = baseOffset
        self.batchLength = Int32(Self.size - Self.overhead)
        self.partitionLeaderEpoch = partitionLeaderEpoch
        self.magic = Self.magic
        self.crc = 0
        self.attributes = attributes
        self.lastOffsetDelta = 0
        self.baseTimestamp = baseTimestamp
        self.maxTimestamp = maxTimestamp
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.baseSequence = baseSequence
        self.recordCount = 0
    }

    package var lastOffset: Int64 { baseOffset &+ Int64(lastOffsetDelta) }
    /// The offset after this batch.
    package var nextOffset: Int64 { lastOffset &+ 1 }
    /// Bytes of the whole batch.
    package var sizeInBytes: Int { Self.overhead + Int(batchLength) }
    /// The last record's sequence number; sequences wrap from the largest Int32 to 0. -1 without a sequence.
    package var lastSequence: Int32 { baseSequence < 0 ? -1 : Self.sequence(baseSequence, advancedBy: lastOffsetDelta) }
    /// The codec; `.none` when the attributes name one that does not exist, which `hasKnownCompression` tells.
    package var compression: Compression { Compression(rawValue: codecID) ?? .none }
    package var hasKnownCompression: Bool { Compression(rawValue: codecID) != nil }
    package var isCompressed: Bool { codecID != 0 }
    /// The codec's number as the attributes have it, 0...7.
    package var codecID: Int8 { Int8(truncatingIfNeeded: attributes & Attribute.compressionMask) }
    package var timestampType: TimestampType {
        attributes & Attribute.logAppendTime == 0 ? .createTime : .logAppendTime
    }
    package var isTransactional: Bool { attributes & Attribute.transactional != 0 }
    /// A batch of markers, not of a client's records.
    package var isControl: Bool { attributes & Attribute.control != 0 }
    package var hasDeleteHorizon: Bool { attributes & Attribute.deleteHorizon != 0 }
    package var hasProducerID: Bool { producerID > -1 }

    /// The sequence number `delta` (0 or more) after `sequence` (0 or more), wrapping from the largest Int32 to 0.
    package static func sequence(_ sequence: Int32, advancedBy delta: Int32) -> Int32 {
        (sequence &+ delta) & Int32.max
    }
}
