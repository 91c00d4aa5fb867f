/// How far timestamps had grown by which offset: pairs of the greatest timestamp so far and the offset of its batch's
/// last record. File: 12 bytes an entry, timestamp int64 and the offset relative to the segment's base int32.
struct TimeIndex: Equatable {
    static let entrySize = 12

    struct Entry: Equatable {
        var timestamp: Int64
        var relativeOffset: Int32
    }

    private(set) var entries: ContiguousArray<Entry> = []

    var sizeInBytes: Int { entries.count * Self.entrySize }
    var last: Entry? { entries.last }

    /// Enters a timestamp if it is greater than all before.
    mutating func append(timestamp: Int64, relativeOffset: Int32) {
        guard relativeOffset >= 0 else { return }
        if let last = entries.last {
            guard timestamp > last.timestamp, relativeOffset >= last.relativeOffset else { return }
        }
        entries.append(Entry(timestamp: timestamp, relativeOffset: relativeOffset))
    }

    /// An offset such that every record before it has a timestamp below `timestamp`.
    func relativeOffset(before timestamp: Int64) -> Int64 {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].timestamp >= timestamp { high = middle } else { low = middle + 1 }
        }
        return low == 0 ? 0 : Int64(entries[low - 1].relativeOffset)
    }

    /// Drops all but the first entries.
    mutating func truncate(toCount count: Int) {
        if count < entries.count { entries.removeSubrange(count...) }
    }

    /// Drops entries of offsets from `relativeOffset` on.
    mutating func truncate(toRelativeOffset relativeOffset: Int64) {
        while let last = entries.last, Int64(last.relativeOffset) >= relativeOffset { entries.removeLast() }
    }

    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(sizeInBytes)
        for entry in entries {
            bytes.append(number: entry.timestamp)
            bytes.append(number: entry.relativeOffset)
        }
        return bytes
    }

    /// Nil unless the bytes are whole entries that grow; zeros at the end are not entries.
    static func decoded(_ bytes: [UInt8]) -> TimeIndex? {
        guard bytes.count % entrySize == 0 else { return nil }
        var index = TimeIndex()
        index.entries.reserveCapacity(bytes.count / entrySize)
        let isSound = bytes.withUnsafeBytes { memory in
            for start in stride(from: 0, to: memory.count, by: entrySize) {
                let entry = Entry(
                    timestamp: memory.number(at: start), relativeOffset: memory.number(at: start + 8))
                if entry.timestamp == 0 && entry.relativeOffset == 0 && start > 0 { return true }
                guard entry.relativeOffset >= 0 else { return false }
                if let last = index.entries.last {
                    guard entry.timestamp > last.timestamp, entry.relativeOffset >= last.relativeOffset else {
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
