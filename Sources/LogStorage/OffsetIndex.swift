/// Where batches of a segment lie: pairs of a batch's last offset and its position, one about every
/// `index.interval.bytes`. File: 8 bytes an entry, the offset relative to the segment's base and the position, both
/// int32.
struct OffsetIndex: Equatable {
    static let entrySize = 8

    struct Entry: Equatable {
        /// Last offset of a batch, relative to the segment's base offset.
        var relativeOffset: Int32
        /// Where that batch starts.
        var position: Int32
    }

    private(set) var entries: ContiguousArray<Entry> = []

    var sizeInBytes: Int { entries.count * Self.entrySize }

    /// Enters a batch behind all others. One that does not lie behind them (its header is damaged) gets no entry.
    mutating func append(relativeOffset: Int32, position: Int32) {
        guard relativeOffset >= 0, position >= 0 else { return }
        if let last = entries.last {
            guard relativeOffset > last.relativeOffset, position > last.position else { return }
        }
        entries.append(Entry(relativeOffset: relativeOffset, position: position))
    }

    /// A position at or before the batch that holds an offset.
    func position(atOrBefore relativeOffset: Int64) -> Int {
        let after = partition { Int64($0.relativeOffset) > relativeOffset }
        return after == 0 ? 0 : Int(entries[after - 1].position)
    }

    /// The start of the last indexed batch that starts at `position` or before.
    func batchStart(atOrBefore position: Int) -> Int {
        let after = partition { Int($0.position) > position }
        return after == 0 ? 0 : Int(entries[after - 1].position)
    }

    /// Drops all but the first entries.
    mutating func truncate(toCount count: Int) {
        if count < entries.count { entries.removeSubrange(count...) }
    }

    /// Drops entries of batches at `position` and behind.
    mutating func truncate(toPosition position: Int) {
        entries.removeSubrange(partition { Int($0.position) >= position }...)
    }

    /// Index of the first entry for which the condition, false and then true along the entries, holds.
    private func partition(_ condition: (Entry) -> Bool) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if condition(entries[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(sizeInBytes)
        for entry in entries {
            bytes.append(number: entry.relativeOffset)
            bytes.append(number: entry.position)
        }
        return bytes
    }

    /// Nil unless the bytes are whole entries that grow and lie inside a segment of `segmentSize` bytes. Zeros at the
    /// end, which a broker that reserves its index file leaves after a crash, are not entries.
    static func decoded(_ bytes: [UInt8], segmentSize: Int) -> OffsetIndex? {
        guard bytes.count % entrySize == 0 else { return nil }
        var index = OffsetIndex()
        index.entries.reserveCapacity(bytes.count / entrySize)
        let isSound = bytes.withUnsafeBytes { memory in
            for start in stride(from: 0, to: memory.count, by: entrySize) {
                let entry = Entry(
                    relativeOffset: memory.number(at: start), position: memory.number(at: start + 4))
                if entry.relativeOffset == 0 && entry.position == 0 && start > 0 { return true }
                guard entry.relativeOffset >= 0, entry.position >= 0, Int(entry.position) < segmentSize else {
                    return false
                }
                if let last = index.entries.last {
                    guard entry.relativeOffset > last.relativeOffset, entry.position > last.position else {
                        return false
                    }
                }
                index.entries.append(entry)
            }
            return true
        }
        return isSound ? index : nil
    }
}
