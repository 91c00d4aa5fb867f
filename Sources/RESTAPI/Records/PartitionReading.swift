import KafkaProtocol

/// A record in the order of its partition.
struct RecordEntry {
    let offset: Int64
    let timestamp: Int64
    /// nil when it was looked at and is not wanted.
    let record: ShownRecord?
    /// Whether it is one of a client's, not a marker.
    let isData: Bool

    /// Where it stands among those of all partitions.
    func place(_ partition: Int32) -> MergePlace {
        MergePlace(timestamp: timestamp, partition: partition)
    }
}

/// By time, then partition; within a partition offsets order.
struct MergePlace: Comparable {
    let timestamp: Int64
    let partition: Int32

    static func < (left: Self, right: Self) -> Bool {
        (left.timestamp, left.partition) < (right.timestamp, right.partition)
    }
}

/// How batches are looked at.
struct RecordDecoding {
    /// What one batch may decompress to, in bytes; larger ones are not shown, and that is said.
    static let outputLimit = 32 << 20

    let matcher: RecordMatcher?
    let showsControl: Bool
    let readCommitted: Bool
    var partBytes: Int
    /// Whether only places are wanted, no records.
    var countsOnly = false
}

/// How far the reading of one partition is.
final class PartitionReading {
    let partition: Int32
    var leader: Int32
    /// Where the log begins, and the first offset that is not read.
    var start: Int64 = 0
    var end: Int64 = 0
    /// The next offset to fetch, behind what was decoded.
    private(set) var next: Int64 = 0
    /// Everything from here up to ``nextOffset`` was looked at, as far as it was wanted.
    private(set) var low: Int64 = 0
    /// Where reading back began; nil when it went forward.
    private(set) var high: Int64?
    /// The first record that was taken, looking forward.
    private(set) var firstOffset: Int64?
    /// Where the partition ended when it was fetched last.
    var heardEnd: Int64 = 0
    /// What there is to say, for people.
    var notice: String?
    /// Whether it can be read no further.
    var isOver = false
    /// Tries to find it after an error.
    var tries = 0

    private var bytes: [UInt8] = []
    private var position = 0
    private var nextAtFetch: Int64 = -1
    private var aborted = AbortedProducers()
    /// Decoded, from `head` on not taken yet.
    private(set) var entries: [RecordEntry] = []
    private(set) var head = 0
    /// Memory of the records in ``entries``, about.
    private(set) var heldBytes = 0

    init(_ partition: Int32, leader: Int32) {
        self.partition = partition
        self.leader = leader
    }

    /// The offset of the next record to take, or where it will be.
    var nextOffset: Int64 { head < entries.count ? entries[head].offset : next }
    var hasBatch: Bool { position < bytes.count }
    /// Where reading goes on to what is newer.
    var newerOffset: Int64 { high ?? nextOffset }
    var isAtEnd: Bool { newerOffset >= end }
    var isAtStart: Bool { low <= start }
    /// Whether there is more, and nothing of it is here.
    var needsBytes: Bool { !isOver && head == entries.count && !hasBatch && next < end }
    var rawBytes: Int { bytes.count - position }

    /// Where the next record stands among all; of a batch that is not decoded yet, what its header says. nil without.
    var place: MergePlace? {
        if head < entries.count {
            return entries[head].place(partition)
        }
        guard hasBatch else {
            return nil
        }
        let time = bytes.withUnsafeBytes { whole -> Int64 in
            guard whole.count - position >= RecordBatchHeader.size else {
                return .min
            }
            let header = RecordBatchHeader(parsing: UnsafeRawBufferPointer(rebasing: whole[position...]))
            return header.timestampType == .logAppendTime ? header.maxTimestamp : header.baseTimestamp
        }
        return MergePlace(timestamp: time, partition: partition)
    }

    /// Begins, or goes on, at an offset.
    func seek(_ offset: Int64) {
        next = offset
        low = offset
        high = nil
        drop()
    }

    /// Goes on behind everything that was there at the beginning.
    func seekEnd() {
        next = end
        high = nil
        drop()
    }

    /// Gives up what is here, to be fetched again.
    private func drop() {
        (bytes, position, entries, head, heldBytes) = ([], 0, [], 0, 0)
        nextAtFetch = -1
    }

    /// Takes what a fetch brought; nothing when there is none where it was asked for.
    func take(_ records: [UInt8], _ transactions: [FetchResponse.AbortedTransaction]) {
        guard next > nextAtFetch else {
            // What cannot be got past would be asked for again and again.
            isOver = true
            notice = notice ?? "What stands at offset \(next) cannot be read."
            return
        }
        nextAtFetch = next
        (bytes, position) = (records, 0)
        aborted = AbortedProducers(transactions)
    }

    /// Nothing is stored from here on up to the end.
    func skipToEnd() {
        next = max(next, end)
    }

    /// Looks at the next batch.
    /// - Returns: bytes of the batch.
    func decode(_ decoding: RecordDecoding, upTo limit: Int64) -> Int {
        if head == entries.count {
            (entries, head, heldBytes) = ([], 0, 0)
        }
        guard next < limit else {
            (bytes, position) = ([], 0)
            return 0
        }
        let length = bytes.withUnsafeBytes { whole -> Int? in
            var batches = RecordBatchIterator(UnsafeRawBufferPointer(rebasing: whole[position...]))
            guard let (header, batch) = try? batches.next(), header.nextOffset > header.baseOffset else {
                return nil
            }
            if header.nextOffset > next {
                look(at: batch, header, decoding, upTo: limit)
                next = min(header.nextOffset, max(limit, next))
            }
            return batch.count
        }
        guard let length else {
            // A batch that is not whole, or none at all: what follows is asked for anew.
            (bytes, position) = ([], 0)
            return 0
        }
        position += length
        if !hasBatch {
            (bytes, position) = ([], 0)
        }
        return length
    }

    private func look(
        at batch: UnsafeRawBufferPointer, _ header: RecordBatchHeader, _ decoding: RecordDecoding, upTo limit: Int64
    ) {
        let isHidden = decoding.readCommitted && aborted.hides(header, batch)
        guard header.isControl ? decoding.showsControl : !isHidden else {
            return
        }
        let from = next
        do throws(RecordBatchError) {
            try forEachRecord(in: batch, outputLimit: RecordDecoding.outputLimit) { view in
                guard view.offset >= from, view.offset < limit else {
                    return true
                }
                var record: ShownRecord?
                if !decoding.countsOnly, decoding.matcher?.matches(view) ?? true {
                    let shown = ShownRecord(view, header, partition: partition, partBytes: decoding.partBytes)
                    heldBytes = heldBytes +| shown.heldBytes
                    record = shown
                }
                heldBytes += MemoryLayout<RecordEntry>.stride
                entries.append(
                    RecordEntry(
                        offset: view.offset, timestamp: view.timestamp, record: record, isData: !header.isControl))
                return true
            }
        } catch {
            notice = "The batch at offset \(header.baseOffset) cannot be shown: \(error)."
        }
    }

    // MARK: Forward

    /// The next record.
    func takeFirst() -> RecordEntry {
        defer { head += 1 }
        firstOffset = firstOffset ?? entries[head].offset
        return entries[head]
    }

    /// Goes on at a later offset, without what stands before it.
    /// - Returns: how many offsets were left out.
    func skip(to offset: Int64) -> Int64 {
        guard offset > nextOffset else {
            return 0
        }
        let skipped = offset -| nextOffset
        next = offset
        drop()
        return skipped
    }

    // MARK: Backward

    /// Offsets of the next look back.
    private var window: Int64 = 4
    private var windowLow: Int64 = 0
    private static let largestWindow: Int64 = 1_000_000
    /// What is kept of one look back.
    private static let keptRecords = 16_384

    /// Whether there is more before what was looked at, and nothing of it is here.
    var needsLookBack: Bool { !isOver && entries.isEmpty && low > start }

    /// Looks for the newest below an offset.
    /// - Parameter count: records that are wanted of it, about.
    func lookBack(below offset: Int64, count: Int) {
        seek(offset)
        high = offset
        window = max(4, Int64(count))
    }

    /// Begins to read what stands right before what was looked at.
    /// - Returns: up to where to decode.
    func beginLookBack() -> Int64 {
        let limit = low
        windowLow = max(start, low -| window)
        next = windowLow
        drop()
        return limit
    }

    /// Keeps memory bounded: what stands first is looked at again later.
    func trimLookBack(to bytes: Int) {
        while entries.count > Self.keptRecords || heldBytes > bytes, entries.count > 1 {
            entries.removeFirst(entries.count / 2)
            windowLow = entries.first?.offset ?? windowLow
            heldBytes = entries.reduce(0) { $0 +| ($1.record?.heldBytes ?? 0) +| MemoryLayout<RecordEntry>.stride }
        }
    }

    /// What was asked for is here.
    func endLookBack() {
        window =
            entries.count * 8 < window ? min(window *| 4, Self.largestWindow) : min(window *| 2, max(window, 4_096))
        if entries.isEmpty {
            low = windowLow
        }
        (bytes, position) = ([], 0)
    }

    /// The newest record that was not taken.
    func takeLast() -> RecordEntry? {
        guard let entry = entries.popLast() else {
            return nil
        }
        low = entries.isEmpty ? windowLow : entry.offset
        return entry
    }
}

/// Producers whose transaction was aborted, as read_committed leaves their records out.
private struct AbortedProducers {
    /// By first offset, the last one first.
    private var coming: [FetchResponse.AbortedTransaction] = []
    private var producers: Set<Int64> = []

    init(_ transactions: [FetchResponse.AbortedTransaction] = []) {
        coming = transactions.sorted { $0.firstOffset > $1.firstOffset }
    }

    /// Whether a batch belongs to a transaction that was aborted; its end is noted.
    mutating func hides(_ header: RecordBatchHeader, _ batch: UnsafeRawBufferPointer) -> Bool {
        while let first = coming.last, first.firstOffset <= header.lastOffset {
            producers.insert(first.producerID)
            coming.removeLast()
        }
        guard header.isTransactional else {
            return false
        }
        guard !header.isControl else {
            if case .endTransaction(commit: false, _)? = try? ControlRecords.parse(batch: batch) {
                producers.remove(header.producerID)
            }
            return false
        }
        return producers.contains(header.producerID)
    }
}
