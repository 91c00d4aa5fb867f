/// What a walk over all records of a batch found.
package struct RecordSummary: Equatable, Sendable {
    package var count: Int32 = 0
    /// The latest timestamp, -1 when no record has a later one; the batch's own with LogAppendTime.
    package var maxTimestamp: Int64 = -1
    /// Offset of the first record that has `maxTimestamp`, -1 when none has.
    package var offsetOfMaxTimestamp: Int64 = -1
    /// Whether offset deltas count up from 0 without a gap.
    package var countsUp = true
    /// Index of the first record without a key: compacted topics refuse those.
    package var firstIndexWithoutKey: Int?
    /// Index and timestamp of the first record outside the range asked for.
    package var firstOutsideRange: (index: Int, timestamp: Int64)?
    /// Bytes of all records, decompressed.
    package var payloadBytes = 0

    package static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && left.maxTimestamp == right.maxTimestamp
            && left.offsetOfMaxTimestamp == right.offsetOfMaxTimestamp && left.countsUp == right.countsUp
            && left.firstIndexWithoutKey == right.firstIndexWithoutKey
            && left.firstOutsideRange?.index == right.firstOutsideRange?.index
            && left.firstOutsideRange?.timestamp == right.firstOutsideRange?.timestamp
    }
}

/// Reads every record of a batch, decompressed if it must be, and checks that count and lengths are what the header
/// says. `batch` must be a whole batch that `validateBatch` accepted.
///
/// Offset deltas are not checked, only summed up: Kafka stores them as it gets them (see `RecordSummary.countsUp`).
///
/// A batch without compression is read in place and nothing is allocated. `timestampRange` is what the topic accepts,
/// nil for anything; a record without a timestamp (-1) is always accepted. `outputLimit` bounds decompression, in
/// bytes.
package func validateRecords(
    _ batch: UnsafeRawBufferPointer, header: RecordBatchHeader, timestampRange: ClosedRange<Int64>? = nil,
    outputLimit: Int = Compression.defaultOutputLimit
) throws(RecordBatchError) -> RecordSummary {
    try withPayload(of: batch, header: header, outputLimit: outputLimit) { payload throws(RecordBatchError) in
        // Where something is wrong, reading again slowly tells what.
        var summary: RecordSummary
        if let found = summarizeRecords(payload, header: header, timestampRange: timestampRange) {
            summary = found
        } else {
            summary = try examineRecords(payload, header: header, timestampRange: timestampRange)
        }
        summary.payloadBytes = payload.count
        return summary
    }
}

/// What `validateRecords` does, record by record.
func examineRecords(
    _ payload: UnsafeRawBufferPointer, header: RecordBatchHeader, timestampRange: ClosedRange<Int64>?
) throws(RecordBatchError) -> RecordSummary {
    var summary = RecordSummary()
    try walkPayload(payload, header: header) { record in
        if Int(record.offsetDelta) != record.index { summary.countsUp = false }
        summary.count += 1
        if record.timestamp > summary.maxTimestamp {
            summary.maxTimestamp = record.timestamp
            summary.offsetOfMaxTimestamp = record.offset
        }
        if record.key == nil && summary.firstIndexWithoutKey == nil { summary.firstIndexWithoutKey = record.index }
        if let timestampRange, summary.firstOutsideRange == nil, record.timestamp != -1,
            !timestampRange.contains(record.timestamp)
        {
            summary.firstOutsideRange = (record.index, record.timestamp)
        }
        return true
    }
    return summary
}

/// Lends every record of a batch to `body` in order, until it returns false. Decompresses, verifies no checksum, and
/// takes offsets as they are: compaction leaves gaps, and Kafka stores what a producer made of them. Records lent
/// before an error is thrown were intact.
package func forEachRecord(
    in batch: UnsafeRawBufferPointer, outputLimit: Int = Compression.defaultOutputLimit,
    _ body: (RecordView) -> Bool
) throws(RecordBatchError) {
    _ = try measureRecords(in: batch, outputLimit: outputLimit, body)
}

/// What `forEachRecord` does.
/// - Returns: bytes of all records, decompressed.
package func measureRecords(
    in batch: UnsafeRawBufferPointer, outputLimit: Int, _ body: (RecordView) -> Bool
) throws(RecordBatchError) -> Int {
    guard batch.count >= RecordBatchHeader.size else { throw .tooShort(batch.count) }
    let header = RecordBatchHeader(parsing: batch)
    guard header.magic == RecordBatchHeader.magic else { throw .unsupportedMagic(header.magic) }
    guard header.sizeInBytes == batch.count else { throw .badLength(header.batchLength) }
    return try withPayload(of: batch, header: header, outputLimit: outputLimit) { payload throws(RecordBatchError) in
        try walkPayload(payload, header: header, body)
        return payload.count
    }
}

/// Copies all records out of `batch`, exactly one whole batch, after checking it whole, its checksum too.
package func decodeRecords(
    batch: UnsafeRawBufferPointer, outputLimit: Int = Compression.defaultOutputLimit
) throws(RecordBatchError) -> [Record] {
    let header = try validateBatch(batch, rules: .replicated)
    var records: [Record] = []
    if !header.isCompressed {
        records.reserveCapacity(min(Int(header.recordCount), batch.count / RecordCursor.smallestRecord))
    }
    try withPayload(of: batch, header: header, outputLimit: outputLimit) { payload throws(RecordBatchError) in
        try walkPayload(payload, header: header) { record in
            records.append(Record(record))
            return true
        }
    }
    return records
}

/// Lends the records' bytes, decompressed if they must be.
private func withPayload<R>(
    of batch: UnsafeRawBufferPointer, header: RecordBatchHeader, outputLimit: Int,
    _ body: (UnsafeRawBufferPointer) throws(RecordBatchError) -> R
) throws(RecordBatchError) -> R {
    guard header.hasKnownCompression else { throw .unknownCompression(header.codecID) }
    let payload = UnsafeRawBufferPointer(rebasing: batch[RecordBatchHeader.size...])
    // A batch that compaction emptied keeps its codec but has no stream.
    guard header.isCompressed, !(header.recordCount == 0 && payload.isEmpty) else { return try body(payload) }
    let output: OutputBuffer
    do {
        output = try header.compression.decompressed(payload, limit: outputLimit)
    } catch {
        throw .compression(error)
    }
    return try output.withBytes(body)
}

@inline(__always)
private func walkPayload(
    _ payload: UnsafeRawBufferPointer, header: RecordBatchHeader, _ body: (RecordView) -> Bool
) throws(RecordBatchError) {
    let count = Int(header.recordCount)
    guard count >= 0, count <= payload.count / RecordCursor.smallestRecord else {
        throw .badRecordCount(count: header.recordCount, lastOffsetDelta: header.lastOffsetDelta)
    }
    let appendTime = header.timestampType == .logAppendTime
    var cursor = RecordCursor(payload)
    for index in 0..<count {
        var record: RecordView
        do {
            record = try cursor.next(index: index, baseOffset: header.baseOffset, baseTimestamp: header.baseTimestamp)
        } catch {
            throw .badRecord(index: index, error)
        }
        if appendTime { record.timestamp = header.maxTimestamp }
        guard body(record) else { return }
    }
    guard cursor.remaining == 0 else { throw .trailingBytes(cursor.remaining) }
}
