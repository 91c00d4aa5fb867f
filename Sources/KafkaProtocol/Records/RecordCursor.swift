/// Reads records one after the other from borrowed bytes, and never beyond them.
struct RecordCursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0
    /// Where the record being read ends, or all bytes between records.
    private var end: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        end = bytes.count
    }

    /// Bytes after the last record read.
    var remaining: Int { bytes.count - position }

    /// The smallest record: length, attributes, two deltas, null key, null value, no headers.
    static let smallestRecord = 7

    /// The next record. Its offset and timestamp are `base` and `baseTimestamp` plus what the record adds.
    mutating func next(index: Int, baseOffset: Int64, baseTimestamp: Int64) throws(RecordFault) -> RecordView {
        let start = position
        end = bytes.count
        let length = Int(try varint())
        guard length >= 0 else { throw .badLength }
        guard length <= end - position else { throw .truncated }
        end = position + length
        // Attributes: none are defined.
        _ = try take(1)
        let timestampDelta = try varlong()
        let offsetDelta = try varint()
        let key = try nullableBytes()
        let value = try nullableBytes()
        let headersStart = position
        let headerCount = try skipHeaders()
        guard position == end else { throw .badLength }
        return RecordView(
            index: index, offsetDelta: offsetDelta, offset: baseOffset &+ Int64(offsetDelta),
            timestamp: baseTimestamp &+ timestampDelta, key: key, value: value, headerCount: headerCount,
            headerBytes: slice(from: headersStart), bytes: slice(from: start))
    }

    private func slice(from start: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    }

    private mutating func skipHeaders() throws(RecordFault) -> Int {
        let count = Int(try varint())
        // A header has at least two bytes.
        guard count >= 0, count <= (end - position) / 2 else { throw .badHeaderCount }
        for _ in 0..<count { _ = try header() }
        return count
    }

    /// One header: its name's bytes and its value.
    mutating func header() throws(RecordFault) -> (key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?) {
        guard let key = try nullableBytes() else { throw .negativeLength }
        return (key, try nullableBytes())
    }

    // MARK: Primitives

    private mutating func take(_ count: Int) throws(RecordFault) -> UnsafeRawBufferPointer {
        guard count <= end - position else { throw .truncated }
        position += count
        return UnsafeRawBufferPointer(rebasing: bytes[position - count..<position])
    }

    private mutating func nullableBytes() throws(RecordFault) -> UnsafeRawBufferPointer? {
        let length = Int(try varint())
        if length == -1 { return nil }
        guard length >= 0 else { throw .negativeLength }
        return try take(length)
    }

    /// A zigzag-coded Int32 of one to five bytes.
    mutating func varint() throws(RecordFault) -> Int32 {
        guard position < end else { throw .truncated }
        let first = bytes[position]
        if first < 0x80 {
            position += 1
            return Int32(first >> 1) ^ -Int32(first & 1)
        }
        let raw = try unsigned(bits: 32)
        return Int32(bitPattern: UInt32(truncatingIfNeeded: raw >> 1)) ^ -Int32(raw & 1)
    }

    /// A zigzag-coded Int64 of one to ten bytes.
    mutating func varlong() throws(RecordFault) -> Int64 {
        let raw = try unsigned(bits: 64)
        return Int64(bitPattern: raw >> 1) ^ -Int64(raw & 1)
    }

    private mutating func unsigned(bits: UInt64) throws(RecordFault) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard position < end else { throw .truncated }
            let byte = UInt64(bytes[position])
            position += 1
            let part = byte & 0x7F
            guard shift < bits, part >> min(bits - shift, 7) == 0 else { throw .varintTooLong }
            value |= part << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }
}
