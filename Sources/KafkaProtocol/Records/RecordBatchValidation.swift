/// Whose batch it is, which decides how strict the checks of its header are.
package enum BatchRules: Sendable {
    /// A producer's: offsets without gaps, at least one record.
    case produced
    /// Copied from another log: compaction may have left gaps, or no record at all.
    case replicated
}

/// Checks a batch without reading its records: length, magic, codec, count against the last offset delta, producer
/// fields and checksum. `batch` must be exactly one whole batch, `header` its parsed header. The header can still lie
/// about the records: see `validateRecords`.
package func validateBatch(
    _ batch: UnsafeRawBufferPointer, header: RecordBatchHeader, rules: BatchRules = .produced
) throws(RecordBatchError) {
    guard batch.count >= RecordBatchHeader.size else { throw .tooShort(batch.count) }
    guard header.magic == RecordBatchHeader.magic else { throw .unsupportedMagic(header.magic) }
    guard header.sizeInBytes == batch.count else { throw .badLength(header.batchLength) }
    let found = RecordBatchHeader.checksum(of: batch)
    guard found == header.crc else { throw .badCRC(expected: header.crc, found: found) }
    guard header.hasKnownCompression else { throw .unknownCompression(header.codecID) }
    try validateCounts(header, rules: rules)
    if header.hasProducerID && rules == .produced && !header.isControl {
        guard header.producerEpoch >= 0, header.baseSequence >= 0 else {
            throw .badProducerState(
                producerID: header.producerID, producerEpoch: header.producerEpoch, baseSequence: header.baseSequence)
        }
    }
}

/// Parses the header of `batch`, exactly one whole batch, and checks it as above.
@discardableResult
package func validateBatch(
    _ batch: UnsafeRawBufferPointer, rules: BatchRules = .produced
) throws(RecordBatchError) -> RecordBatchHeader {
    guard batch.count >= RecordBatchHeader.size else { throw .tooShort(batch.count) }
    let header = RecordBatchHeader(parsing: batch)
    try validateBatch(batch, header: header, rules: rules)
    return header
}

private func validateCounts(_ header: RecordBatchHeader, rules: BatchRules) throws(RecordBatchError) {
    let count = Int64(header.recordCount), span = Int64(header.lastOffsetDelta) + 1
    let fits =
        switch rules {
        case .produced: count > 0 && count == span
        // Here the batch keeps its own offsets, so they must be ones.
        case .replicated:
            count >= 0 && span > 0 && count <= span && header.baseOffset >= 0 && header.baseOffset <= Int64.max - span
        }
    guard fits else {
        throw .badRecordCount(count: header.recordCount, lastOffsetDelta: header.lastOffsetDelta)
    }
}
