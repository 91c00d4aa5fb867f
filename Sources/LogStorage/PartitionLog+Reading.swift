import KafkaProtocol

/// Where a batch lies.
struct BatchPlace {
    var header: RecordBatchHeader
    var position: Int
}

/// Copies a piece of a segment into a response. It belongs to the thread that steps the cluster, as the file does; it
/// is Sendable only because messages are.
///
/// It may be read in pieces, over some time: it ends when the log is closed, deleted or cut, since other records could
/// lie in its place then, or a file of the same name.
private final class SegmentSlice: RecordSource, @unchecked Sendable {
    private let log: PartitionLog
    private let generation: Int
    private let file: any File
    private let position: Int
    private let baseOffset: Int64

    init(_ log: PartitionLog, _ segment: Segment, file: any File, position: Int) {
        self.log = log
        generation = log.generation
        baseOffset = segment.baseOffset
        self.file = file
        self.position = position
    }

    var isReadable: Bool {
        !log.isClosed && log.generation == generation && baseOffset >= log.segments[0].baseOffset
    }

    private var path: String { log.directory + "/" + LogFileName.of(baseOffset, ".log") }

    func copyRecords(from start: Int, into memory: UnsafeMutableRawBufferPointer) -> Bool {
        guard isReadable else { return false }
        do throws(StorageError) {
            guard try file.read(into: memory, at: position + start) == memory.count else {
                throw StorageError(.corrupt, "read", path, detail: "the file is shorter than it was")
            }
            return true
        } catch {
            log.noteUnreadable(error)
            return false
        }
    }
}

extension PartitionLog {
    /// Whole batches from the one that holds `offset` on.
    /// - Parameters:
    ///   - limitOffset: batches that reach it or lie beyond are left out (high watermark or last stable offset).
    ///   - maxBytes: size that the slice may have.
    ///   - atLeastOneBatch: give the first batch even if it is bigger than `maxBytes`.
    package func read(
        from offset: Int64, upTo limitOffset: Int64, maxBytes: Int, atLeastOneBatch: Bool
    ) throws(ReadError) -> LogSlice {
        guard offset >= logStartOffset, offset <= logEndOffset else {
            throw .offsetOutOfRange(logStartOffset: logStartOffset, logEndOffset: logEndOffset)
        }
        let limit = min(limitOffset, logEndOffset)
        guard offset < limit, maxBytes > 0 || atLeastOneBatch else { return empty(offset) }
        do {
            return try slice(from: offset, limit: limit, maxBytes: max(maxBytes, 0), atLeastOne: atLeastOneBatch)
        } catch { throw unreadable(error) }
    }

    private func empty(_ offset: Int64) -> LogSlice {
        LogSlice(count: 0, source: nil, requestedOffset: offset, nextOffset: offset)
    }

    private func slice(
        from offset: Int64, limit: Int64, maxBytes: Int, atLeastOne: Bool
    ) throws(StorageError) -> LogSlice {
        guard let (index, start) = try findStart(offset) else { return empty(offset) }
        let segment = segments[index]
        var end = segment.size
        var nextOffset = endOffset(ofSegment: index)
        if limit < nextOffset {
            if limit <= segment.baseOffset { return empty(offset) }
            if let place = try find(limit, in: segment) {
                end = place.position
                nextOffset = min(limit, place.header.baseOffset)
            }
        }
        guard end > start else {
            // Unless it is a gap, damage has led here, which has to be said.
            _ = try orderedEnd(of: index, from: start, to: segment.size)
            return empty(offset)
        }
        if end - start > maxBytes {
            (end, nextOffset) = try trim(
                segment, start: start, end: end, maxBytes: maxBytes, atLeastOne: atLeastOne, next: nextOffset)
            guard end > start else { return empty(offset) }
        }
        let ordered = try orderedEnd(of: index, from: start, to: end)
        if ordered < end || end <= segment.writtenFrom && end == segment.checked.end {
            // The batch behind says where it begins, too, and nobody has looked at that one yet.
            (end, nextOffset) = (ordered, min(nextOffset, segment.checked.nextOffset ?? nextOffset))
        }
        if end < segment.size || index == segments.count - 1 {
            knownPlaces.remember(nextOffset, segmentBase: segment.baseOffset, position: end)
        }
        let count = end - start
        let file = try segment.file()
        // Far behind the log end the disk may have to be asked; the next piece can be on its way while this one
        // travels.
        if index < segments.count - 1 || segment.size - end > pacing.keepCachedBytes {
            file.startReading(from: end, length: min(count, segment.size - end))
        }
        return LogSlice(
            count: count, source: SegmentSlice(self, segment, file: file, position: start),
            requestedOffset: offset, nextOffset: nextOffset)
    }

    /// The segment and position of the batch that holds an offset, or of the next one where there is a gap.
    private func findStart(_ offset: Int64) throws(StorageError) -> (index: Int, position: Int)? {
        var index = segmentIndex(for: offset)
        if let place = knownPlaces.place(of: offset), place.segmentBase == segments[index].baseOffset,
            place.position < segments[index].size
        {
            return (index, place.position)
        }
        while index < segments.count {
            if let place = try find(offset, in: segments[index]) { return (index, place.position) }
            index += 1
        }
        return nil
    }

    /// The first batch of a segment that reaches `offset`.
    func find(_ offset: Int64, in segment: Segment) throws(StorageError) -> BatchPlace? {
        var start = 0
        if offset > segment.baseOffset {
            start = try offsetIndex(of: segment).position(atOrBefore: offset -| segment.baseOffset)
        }
        return try find(offset, in: segment, from: start)
    }

    private func find(_ offset: Int64, in segment: Segment, from start: Int) throws(StorageError) -> BatchPlace? {
        let scanner = BatchScanner(try segment.file(), from: start, to: segment.size, windowSize: Segment.lookupWindow)
        while let header = try scanner.next() {
            if header.lastOffset >= offset { return BatchPlace(header: header, position: scanner.batchStart) }
        }
        guard scanner.isBroken else { return nil }
        try repairIndex(of: segment, brokenAt: start)
        return try find(offset, in: segment, from: 0)
    }

    /// The end of the last batch that begins at `start` or behind and ends within `maxBytes`, and the offset after it.
    private func trim(
        _ segment: Segment, start: Int, end: Int, maxBytes: Int, atLeastOne: Bool, next: Int64,
        isSecondTry: Bool = false
    ) throws(StorageError) -> (end: Int, nextOffset: Int64) {
        let limit = start +| maxBytes
        let from = max(start, try offsetIndex(of: segment).batchStart(atOrBefore: limit))
        let scanner = BatchScanner(try segment.file(), from: from, to: end, windowSize: Segment.lookupWindow)
        var found = (end: from, nextOffset: next)
        while let header = try scanner.next() {
            if scanner.position > limit {
                if found.end > start { return (found.end, min(next, header.baseOffset)) }
                return atLeastOne ? (scanner.position, header.nextOffset) : (start, next)
            }
            found = (scanner.position, header.nextOffset)
        }
        guard scanner.isBroken else { return found }
        // A new index that leads to the same place shows that the batches themselves are at fault.
        try repairIndex(of: segment, brokenAt: isSecondTry ? 0 : from)
        return try trim(
            segment, start: start, end: end, maxBytes: maxBytes, atLeastOne: atLeastOne, next: next,
            isSecondTry: true)
    }

    /// An index that points between batches is built anew; batches that do not follow each other without any index's
    /// doing are damage that nothing here can repair.
    private func repairIndex(of segment: Segment, brokenAt start: Int) throws(StorageError) {
        guard start > 0 else {
            throw StorageError(
                .corrupt, "read", directory + "/" + LogFileName.of(segment.baseOffset, ".log"),
                detail: "batches do not follow each other")
        }
        knownPlaces.forget()
        try segment.rebuildIndexes(interval: config.indexIntervalBytes)
    }

    func offsetIndex(of segment: Segment) throws(StorageError) -> OffsetIndex {
        makeRoom(for: segment)
        return try segment.offsetIndex(interval: config.indexIntervalBytes)
    }

    /// Before indexes of a closed segment are read: those of only few stay in memory.
    func makeRoom(for segment: Segment) {
        guard !segment.hasResidentIndexes else { return }
        var resident = segments.dropLast().filter(\.hasResidentIndexes)
        while resident.count >= Self.residentClosedIndexes { resident.removeFirst().dropIndexes() }
    }

    // MARK: Transactions

    /// Aborted transactions that overlap offsets from `offset` up to (not including) `endOffset`, in the order of their
    /// markers.
    package func abortedTransactions(
        from offset: Int64, upTo endOffset: Int64
    ) throws(ReadError) -> [AbortedTransaction] {
        var found: [AbortedTransaction] = []
        do {
            for segment in segments[segmentIndex(for: offset)...] {
                for entry in try segment.transactionIndex().entries {
                    if entry.lastOffset >= offset, entry.firstOffset < endOffset {
                        found.append(
                            AbortedTransaction(producerID: entry.producerID, firstOffset: entry.firstOffset))
                    }
                    if entry.lastStableOffset >= endOffset { return found }
                }
            }
        } catch { throw unreadable(error) }
        return found
    }
}
