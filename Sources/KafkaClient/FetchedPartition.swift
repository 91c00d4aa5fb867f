import KafkaProtocol

/// What a fetch brought for one partition. Its bytes are valid during the callback only.
package struct FetchedPartition {
    package let partition: TopicPartition
    /// What was asked for.
    package let fetchOffset: Int64
    package let error: ErrorCode
    /// -1 when the answer is an error.
    package let highWatermark: Int64
    package let lastStableOffset: Int64
    /// -1 when the answer is an error, or older than Fetch v5.
    package let logStartOffset: Int64
    /// Where the broker's history parts from ours (KIP-595); nil while it does not.
    package let divergence: (epoch: Int32, endOffset: Int64)?
    /// Aborted transactions within the records; only with read_committed.
    package let abortedTransactions: [FetchResponse.AbortedTransaction]
    /// Whole batches, at offsets that go up.
    package let batches: FetchedBatches
}

/// Whole record batches from the records of one fetch.
package struct FetchedBatches {
    /// From the first batch that reaches the offset asked for up to the last whole one.
    package private(set) var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    package private(set) var count = 0
    /// The first batch's base offset; it lies below the offset asked for when that is inside the batch. -1 without
    /// batches.
    package private(set) var firstOffset: Int64 = -1
    /// Where to go on; the offset asked for when there are no batches.
    package private(set) var nextOffset: Int64
    /// The last batch's leader epoch, -1 without batches or when the source writes none.
    package private(set) var lastEpoch: Int32 = -1
    /// Whether leader epochs never go down.
    package private(set) var epochsAreMonotonic = true
    /// Whether bytes of a batch that is not whole were left out at the end.
    package private(set) var isCut = false
    /// Offsets at which the source sends nothing although it goes on behind them; the first such run. Compaction leaves
    /// gaps.
    package private(set) var gap: Range<Int64>?
    /// Where in ``bytes`` the last batch begins, if it stands behind a gap and nothing stands behind it that would show
    /// whether it is in order: it may be one with a wrong offset.
    package private(set) var doubtfulEnd: Int?
    /// What stands where the next batch should, for instance a batch of a format before magic 2. Behind a gap no batch
    /// is kept when the order of batches is at fault: the one at the gap's end may be the one with a wrong offset.
    package private(set) var fault: RecordBatchError?

    /// Walks the batches in `records`; a partial one at the end is left out, as are those wholly below `offset`.
    package init(_ records: UnsafeRawBufferPointer, from offset: Int64) {
        nextOffset = offset
        var iterator = RecordBatchIterator(records)
        var start: Int?
        var end = 0
        var beforeGap: (batches: FetchedBatches, start: Int?, end: Int)?
        var isBehindGap = false
        do throws(RecordBatchError) {
            while let (header, batch) = try iterator.next() {
                guard header.lastOffsetDelta >= 0, header.baseOffset >= 0, header.nextOffset > header.baseOffset else {
                    throw .badRecordCount(count: header.recordCount, lastOffsetDelta: header.lastOffsetDelta)
                }
                guard header.nextOffset > nextOffset else {
                    if count == 0 {
                        continue
                    }
                    throw .badBaseOffset(header.baseOffset, expected: nextOffset)
                }
                if count > 0, header.baseOffset < nextOffset {
                    throw .badBaseOffset(header.baseOffset, expected: nextOffset)
                }
                isBehindGap = header.baseOffset > nextOffset
                if isBehindGap {
                    beforeGap = (self, start, end)
                    gap = gap ?? nextOffset..<header.baseOffset
                }
                take(header)
                start = start ?? (iterator.position - batch.count)
                end = iterator.position
            }
            if isBehindGap, let following = Self.baseOffset(records[iterator.position...]) {
                guard following >= nextOffset else {
                    throw .badBaseOffset(following, expected: nextOffset)
                }
                isBehindGap = false
            }
        } catch {
            if case .badBaseOffset = error, let beforeGap {
                (self, start, end) = beforeGap
                isBehindGap = false
            }
            fault = error
        }
        isCut = fault == nil && iterator.remainder > 0
        if let start {
            bytes = UnsafeRawBufferPointer(rebasing: records[start..<end])
            if isBehindGap, let beforeGap {
                doubtfulEnd = beforeGap.start == nil ? 0 : beforeGap.end - start
            }
        }
    }

    /// Where a batch begins of which not all bytes are there; nil when that is not among them.
    private static func baseOffset(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int64? {
        guard bytes.count >= 8 else {
            return nil
        }
        return bytes.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }

    /// Without the batch at the end that nothing confirms.
    ///
    /// - Parameter offset: the one asked for.
    package func withoutDoubtfulEnd(from offset: Int64) -> FetchedBatches {
        FetchedBatches(UnsafeRawBufferPointer(rebasing: bytes.prefix(doubtfulEnd ?? bytes.count)), from: offset)
    }

    private mutating func take(_ header: RecordBatchHeader) {
        if count == 0 {
            firstOffset = header.baseOffset
        } else if header.partitionLeaderEpoch < lastEpoch {
            epochsAreMonotonic = false
        }
        count += 1
        nextOffset = header.nextOffset
        lastEpoch = header.partitionLeaderEpoch
    }
}
