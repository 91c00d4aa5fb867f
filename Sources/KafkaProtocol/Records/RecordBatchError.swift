/// Why bytes are not an acceptable record batch (magic 2).
package enum RecordBatchError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Fewer bytes than the batch needs; the payload is how many there were.
    case tooShort(Int)
    /// The length field cannot be that of a batch, or is not that of the bytes given.
    case badLength(Int32)
    /// Message formats 0 and 1 are gone since Kafka 4.0; others never existed.
    case unsupportedMagic(Int8)
    /// `expected` is what the header says, `found` what the bytes sum to.
    case badCRC(expected: UInt32, found: UInt32)
    /// The record count does not fit the last offset delta, or the bytes.
    case badRecordCount(count: Int32, lastOffsetDelta: Int32)
    /// The batch begins before the one in front of it ends, which leads to offset `expected`.
    case badBaseOffset(Int64, expected: Int64)
    /// The attributes name a codec that does not exist (5...7).
    case unknownCompression(Int8)
    /// A producer id without a sequence, or a producer id below -1.
    case badProducerState(producerID: Int64, producerEpoch: Int16, baseSequence: Int32)
    /// The record at this index (from 0) cannot be read, or contradicts the header.
    case badRecord(index: Int, RecordFault)
    /// Bytes follow the last record that the header counts.
    case trailingBytes(Int)
    /// The payload cannot be decompressed.
    case compression(CompressionError)

    package var description: String {
        switch self {
        case .tooShort(let count): "\(count) bytes are not a whole batch"
        case .badLength(let length): "its length field says \(length)"
        case .unsupportedMagic(let magic): "message format \(magic) is not supported"
        case .badCRC(let expected, let found): "its header says CRC \(expected), its bytes have \(found)"
        case .badRecordCount(let count, let delta):
            "its record count is \(count), its last offset delta \(delta)"
        case .badBaseOffset(let offset, let expected): "base offset \(offset) stands behind offset \(expected -| 1)"
        case .unknownCompression(let codec): "there is no compression codec \(codec)"
        case .badProducerState(let id, let epoch, let sequence):
            "producer id \(id), epoch \(epoch) and sequence \(sequence) do not belong together"
        case .badRecord(let index, let fault): "record \(index): \(fault)"
        case .trailingBytes(let count): "\(count) bytes follow its last record"
        case .compression(let error): "\(error)"
        }
    }
}

/// What is wrong with one record.
package enum RecordFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// It ends behind the end of its batch.
    case truncated
    /// A variable-length integer has too many bits for its type.
    case varintTooLong
    /// The record's fields do not end where its length says.
    case badLength
    /// A key, value or header has a negative length other than -1 (null), or a header's key is null.
    case negativeLength
    /// More headers are counted than bytes are left.
    case badHeaderCount
    /// A control record's key is not one that this code knows, or its value is malformed.
    case badControlRecord

    package var description: String {
        switch self {
        case .truncated: "it ends behind the end of its batch"
        case .varintTooLong: "a variable-length integer is too long"
        case .badLength: "its fields do not end where its length says"
        case .negativeLength: "a length is negative, or a header's key is null"
        case .badHeaderCount: "its header count does not fit its length"
        case .badControlRecord: "it is no control record that is known"
        }
    }
}
