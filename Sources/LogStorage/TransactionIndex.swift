/// Aborted transactions of a segment, in the order of their markers. File: 34 bytes an entry, version int16 (0),
/// producer id, first offset, last offset (the marker's) and last stable offset after the marker, int64 each.
struct TransactionIndex: Equatable {
    static let entrySize = 34

    struct Entry: Equatable {
        var producerID: Int64
        var firstOffset: Int64
        var lastOffset: Int64
        var lastStableOffset: Int64
    }

    private(set) var entries: [Entry] = []

    mutating func append(_ entry: Entry) { entries.append(entry) }

    /// Drops transactions whose marker lies at `offset` or behind.
    mutating func truncate(to offset: Int64) {
        while let last = entries.last, last.lastOffset >= offset { entries.removeLast() }
    }

    static func encoded(_ entry: Entry) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(number: Int16(0))
        bytes.append(number: entry.producerID)
        bytes.append(number: entry.firstOffset)
        bytes.append(number: entry.lastOffset)
        bytes.append(number: entry.lastStableOffset)
        return bytes
    }

    func encoded() -> [UInt8] { entries.flatMap(Self.encoded) }

    /// Nil unless the bytes are whole entries of version 0 in marker order.
    static func decoded(_ bytes: [UInt8]) -> TransactionIndex? {
        guard bytes.count % entrySize == 0 else { return nil }
        var index = TransactionIndex()
        let isSound = bytes.withUnsafeBytes { memory in
            for start in stride(from: 0, to: memory.count, by: entrySize) {
                guard memory.number(at: start, as: Int16.self) == 0 else { return false }
                let entry = Entry(
                    producerID: memory.number(at: start + 2), firstOffset: memory.number(at: start + 10),
                    lastOffset: memory.number(at: start + 18), lastStableOffset: memory.number(at: start + 26))
                // Equal where several transactions ended without markers (``PartitionLog/endProducers()``).
                if let last = index.entries.last, entry.lastOffset < last.lastOffset { return false }
                index.entries.append(entry)
            }
            return true
        }
        return isSound ? index : nil
    }
}
