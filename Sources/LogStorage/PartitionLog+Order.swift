import KafkaProtocol

/// A run of batches in a segment that were read and found to follow each other.
struct CheckedBatches {
    /// Positions: where the first of them begins, and where the last one ends.
    var start = 0
    var end = 0
    /// The offset after the last one; nil before the first was looked at.
    var nextOffset: Int64?

    func covers(_ position: Int, upTo end: Int) -> Bool { start <= position && end <= self.end }
}

/// The checksum of a batch does not cover its base offset and its length. That these are sound shows in how batches
/// follow each other, which is looked at before batches of an earlier run are handed out for the first time.
extension PartitionLog {
    /// Where batches end that may be handed out from `start` on: `end`, or an earlier end of a batch behind `start`
    /// when more would have to be looked at than one read may take.
    /// - Throws: `.corrupt`, which is noted in ``damageToTell`` too.
    func orderedEnd(of index: Int, from start: Int, to end: Int) throws(StorageError) -> Int {
        let segment = segments[index]
        // What this run has written, or recovery has looked at, need not be read.
        let oldEnd = min(end, segment.writtenFrom)
        guard start < oldEnd, !segment.checked.covers(start, upTo: oldEnd) else { return end }
        var checked = segment.checked
        if start < checked.start || start > checked.end {
            // An indexed batch before the one that holds `start`, so that what comes before that is seen too.
            let offsets = try offsetIndex(of: segment)
            let from = offsets.batchStart(atOrBefore: offsets.batchStart(atOrBefore: start) -| 1)
            checked = CheckedBatches(start: from, end: from)
        }
        let limit = min(oldEnd, max(start, checked.end) +| Self.checkedBytesPerRead)
        let scanner = BatchScanner(
            try segment.file(), from: checked.end, to: segment.size, windowSize: Self.orderWindow)
        while checked.end < limit, let header = try scanner.next() {
            let expected = checked.nextOffset ?? (scanner.batchStart == 0 ? segment.baseOffset : nil)
            guard follows(header, expected, segmentEnd: endOffset(ofSegment: index)) else {
                // What comes before is sound, unless it may have been a gap that led here.
                guard !isGapless || checked.end <= start else { break }
                throw disorder(at: scanner.batchStart, of: segment, header, expected)
            }
            checked.end = scanner.position
            checked.nextOffset = header.nextOffset
        }
        guard !scanner.isBroken || isGapless && checked.end > start else {
            throw tell(corruption(of: segment, "there is no whole batch at byte \(scanner.position)"))
        }
        segment.checked = checked
        return checked.end < oldEnd ? checked.end : end
    }

    /// - Parameter expected: the offset after the batch before; nil when that is not known.
    private func follows(_ header: RecordBatchHeader, _ expected: Int64?, segmentEnd: Int64) -> Bool {
        guard header.nextOffset > header.baseOffset, header.nextOffset <= segmentEnd else { return false }
        guard let expected else { return true }
        return isGapless ? header.baseOffset == expected : header.baseOffset >= expected
    }

    private func disorder(
        at position: Int, of segment: Segment, _ header: RecordBatchHeader, _ expected: Int64?
    ) -> StorageError {
        var text = "the batch at byte \(position) says that it begins at offset \(header.baseOffset)"
        if let expected { text += ", the one before ends at \(expected -| 1)" }
        return tell(corruption(of: segment, "batches do not follow each other: \(text)"))
    }

    private func corruption(of segment: Segment, _ detail: String) -> StorageError {
        StorageError(.corrupt, "read", directory + "/" + LogFileName.of(segment.baseOffset, ".log"), detail: detail)
    }

    /// Readers only get a code, so the owner of the log has to say what is the matter: once.
    private func tell(_ damage: StorageError) -> StorageError {
        guard !hasToldDamage else { return damage }
        hasToldDamage = true
        damageToTell = damage
        noteChange()
        return damage
    }

    /// Damage that a reader has met and that nobody has been told of yet.
    package func takeDamage() -> StorageError? {
        defer { damageToTell = nil }
        return damageToTell
    }

    /// Bytes looked at for one read: what a thread reads without keeping others waiting.
    static let checkedBytesPerRead = 4 << 20
    /// Bytes read at once for that: headers of long batches lie far apart.
    static let orderWindow = 4 << 10
}

extension Segment {
    /// The batches from `position` on are gone.
    func forgetChecks(from position: Int) {
        writtenFrom = min(writtenFrom, position)
        if checked.end > position { checked = CheckedBatches() }
    }

    /// Recovery has looked at all batches.
    func noteAllChecked() { writtenFrom = 0 }
}
