/// Builds one record batch (magic 2) from records, for clients, coordinators and compaction.
///
/// Offsets start at `baseOffset` and count up unless `append` says otherwise. The bytes are laid out as they will be
/// sent, so that a batch without compression is never copied.
package struct RecordBatchBuilder {
    private var header: RecordBatchHeader
    private var bytes = [UInt8](repeating: 0, count: RecordBatchHeader.size)
    private let compression: Compression
    private let level: Int32?
    private var hasBaseTimestamp: Bool
    private var largestTimestamp: Int64 = -1
    /// Records so far.
    package private(set) var count = 0
    /// The next record's offset less the base offset.
    private var nextDelta: Int64 = 0

    /// A builder of an empty batch. `producerID`, `producerEpoch` and `baseSequence` are -1 without idempotence;
    /// control batches have no sequence. `leaderEpoch` is the log's to set and -1 from a client; `level` is as in
    /// `Compression.compress`.
    package init(
        compression: Compression = .none, level: Int32? = nil, baseOffset: Int64 = 0,
        timestampType: TimestampType = .createTime, producerID: Int64 = -1, producerEpoch: Int16 = -1,
        baseSequence: Int32 = -1, isTransactional: Bool = false, isControl: Bool = false, leaderEpoch: Int32 = -1
    ) {
        var attributes = Int16(compression.rawValue)
        if timestampType == .logAppendTime { attributes |= RecordBatchHeader.Attribute.logAppendTime }
        if isTransactional { attributes |= RecordBatchHeader.Attribute.transactional }
        if isControl { attributes |= RecordBatchHeader.Attribute.control }
        header = RecordBatchHeader(
            baseOffset: baseOffset, partitionLeaderEpoch: leaderEpoch, attributes: attributes, producerID: producerID,
            producerEpoch: producerEpoch, baseSequence: baseSequence)
        self.compression = compression
        self.level = level
        hasBaseTimestamp = false
    }

    /// A builder that keeps everything of another batch's header but its records: what compaction and a change of codec
    /// (`compression`, nil to keep it) need. Append the remaining records with their old offsets.
    package init(like header: RecordBatchHeader, compression: Compression? = nil, level: Int32? = nil) {
        self.header = header
        self.compression = compression ?? header.compression
        self.level = level
        self.header.attributes =
            header.attributes & ~RecordBatchHeader.Attribute.compressionMask | Int16(self.compression.rawValue)
        hasBaseTimestamp = true
    }

    /// Bytes of the batch so far, before compression.
    package var uncompressedSize: Int { bytes.count }
    package var isEmpty: Bool { count == 0 }

    /// Makes room for that many bytes of records.
    package mutating func reserveCapacity(_ size: Int) {
        bytes.reserveCapacity(RecordBatchHeader.size + size)
    }

    /// The most bytes that a record without headers adds, for a caller that fills batches up to a limit.
    package static func largestSize(keyCount: Int, valueCount: Int) -> Int {
        // Length, attributes, timestamp and offset delta, two lengths, header count.
        5 + 1 + 10 + 5 + 5 + keyCount + 5 + valueCount + 1
    }

    /// Appends a record. `offset` nil is the one after the last; others must be larger than it and within Int32 of
    /// the base offset. The record must stay below 2 GiB.
    package mutating func append(
        key: [UInt8]?, value: [UInt8]?, headers: [RecordHeader] = [], timestamp: Int64, offset: Int64? = nil
    ) {
        var coded: [UInt8] = []
        appendVarint(Int64(headers.count), to: &coded)
        for header in headers {
            appendVarint(Int64(header.key.utf8.count), to: &coded)
            coded.append(contentsOf: header.key.utf8)
            appendVarint(header.value.map { Int64($0.count) } ?? -1, to: &coded)
            if let value = header.value { coded.append(contentsOf: value) }
        }
        withOptionalBytes(key) { key in
            withOptionalBytes(value) { value in
                coded.withUnsafeBytes { headers in
                    append(key: key, value: value, codedHeaders: headers, timestamp: timestamp, offset: offset)
                }
            }
        }
    }

    /// Appends a record without headers from borrowed bytes.
    package mutating func append(
        key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, timestamp: Int64, offset: Int64? = nil
    ) {
        withUnsafeBytes(of: UInt8(0)) { noHeaders in
            append(key: key, value: value, codedHeaders: noHeaders, timestamp: timestamp, offset: offset)
        }
    }

    /// Appends a record of another batch at its own offset, byte for byte but for the deltas.
    package mutating func append(_ record: RecordView) {
        append(
            key: record.key, value: record.value, codedHeaders: record.headerBytes, timestamp: record.timestamp,
            offset: record.offset)
    }

    /// Appends a record of another batch at the next offset, whatever its own is.
    package mutating func appendAtNextOffset(_ record: RecordView) {
        append(
            key: record.key, value: record.value, codedHeaders: record.headerBytes, timestamp: record.timestamp,
            offset: nil)
    }

    private mutating func append(
        key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, codedHeaders: UnsafeRawBufferPointer,
        timestamp: Int64, offset: Int64?
    ) {
        let delta = offset.map { $0 &- header.baseOffset } ?? nextDelta
        precondition(delta >= nextDelta && delta <= Int64(Int32.max), "offsets grow and stay within Int32 of the base")
        if !hasBaseTimestamp {
            header.baseTimestamp = timestamp
            hasBaseTimestamp = true
        }
        largestTimestamp = count == 0 ? timestamp : max(largestTimestamp, timestamp)
        let timestampDelta = timestamp &- header.baseTimestamp
        let keyCount = key.map { Int64($0.count) } ?? -1, valueCount = value.map { Int64($0.count) } ?? -1
        let length =
            1 + varintSize(timestampDelta) + varintSize(delta) + varintSize(keyCount) + (key?.count ?? 0)
            + varintSize(valueCount) + (value?.count ?? 0) + codedHeaders.count
        precondition(length <= Int32.max, "a record is smaller than 2 GiB")
        appendVarint(Int64(length), to: &bytes)
        bytes.append(0)
        appendVarint(timestampDelta, to: &bytes)
        appendVarint(delta, to: &bytes)
        appendVarint(keyCount, to: &bytes)
        if let key { bytes.append(contentsOf: key) }
        appendVarint(valueCount, to: &bytes)
        if let value { bytes.append(contentsOf: value) }
        bytes.append(contentsOf: codedHeaders)
        count += 1
        nextDelta = delta + 1
    }

    /// The finished batch.
    ///
    /// `lastOffset` is given when the batch covers offsets beyond its last record, as compacted ones do, and must be
    /// given for a batch without records. `maxTimestamp` nil is the largest of the records (for LogAppendTime give the
    /// time).
    package consuming func build(
        lastOffset: Int64? = nil, maxTimestamp: Int64? = nil
    ) throws(CompressionError) -> [UInt8] {
        precondition(count > 0 || lastOffset != nil, "a batch has records, or a last offset that it stands for")
        var sealed = header
        let lastDelta = lastOffset.map { $0 &- sealed.baseOffset } ?? nextDelta - 1
        precondition(
            lastDelta >= nextDelta - 1 && lastDelta <= Int64(Int32.max), "the last offset is behind all records")
        if count > 0 && compression != .none {
            bytes = try bytes.compressedRecords(compression, level: level)
        }
        guard bytes.count <= Int(Int32.max) else { throw .limitExceeded(Int(Int32.max)) }
        sealed.batchLength = Int32(bytes.count - RecordBatchHeader.overhead)
        sealed.lastOffsetDelta = Int32(lastDelta)
        sealed.recordCount = Int32(count)
        sealed.maxTimestamp = maxTimestamp ?? (count > 0 ? largestTimestamp : header.maxTimestamp)
        bytes.withUnsafeMutableBytes { memory in
            let head = UnsafeMutableRawBufferPointer(rebasing: memory[..<RecordBatchHeader.size])
            let records = UnsafeRawBufferPointer(rebasing: memory[RecordBatchHeader.size...])
            sealed.writeSealed(into: head, records: records)
        }
        return bytes
    }
}

extension [UInt8] {
    /// These bytes with everything behind a batch header compressed.
    fileprivate func compressedRecords(_ codec: Compression, level: Int32?) throws(CompressionError) -> [UInt8] {
        let result: Result<[UInt8], CompressionError> = withUnsafeBytes { bytes in
            let records = UnsafeRawBufferPointer(rebasing: bytes[RecordBatchHeader.size...])
            return Result { () throws(CompressionError) in
                try codec.compress(records, level: level, headroom: RecordBatchHeader.size)
            }
        }
        return try result.get()
    }
}

private func withOptionalBytes(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Void) {
    guard let bytes else { return body(nil) }
    bytes.withUnsafeBytes { body($0) }
}

/// Bytes of a zigzag-coded integer; values within Int32 have the same code as an Int32's.
private func varintSize(_ value: Int64) -> Int {
    let raw = UInt64(bitPattern: value << 1 ^ value >> 63)
    return max(1, (UInt64.bitWidth - raw.leadingZeroBitCount + 6) / 7)
}

private func appendVarint(_ value: Int64, to bytes: inout [UInt8]) {
    var raw = UInt64(bitPattern: value << 1 ^ value >> 63)
    while raw >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: raw) | 0x80)
        raw >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: raw))
}
