import LogStorage

/// Whether records of a coordinator have to be in the log together.
///
/// A commit of several offsets, or a group with its members, is one batch: it is there or it is not, and one that is
/// larger than `max.message.bytes` is refused. Tombstones may go one batch after the other, as in Kafka, or what has
/// grown large could never be removed. A stop in between is harmless: every tombstone removes one thing that was to
/// go, the group's own comes last, and who asked hears of no success and asks again (or the next start and the next
/// round of expiry do).
enum RecordGrouping {
    case inOneBatch
    case inParts

    /// Records in one batch at most.
    static let recordsPerPart = 1_000
    /// What a record needs beside key and value at most: length, attributes, deltas, lengths, header count.
    private static let recordOverhead = 32
    private static let batchOverhead = 61

    func parts(of records: [CoordinatorRecord], for config: LogConfig) -> [Range<Int>] {
        guard self == .inParts else {
            return [records.indices]
        }
        let limit = min(config.maxMessageBytes, config.segmentBytes) - Self.batchOverhead
        var parts: [Range<Int>] = []
        var start = 0
        var bytes = 0
        for (index, record) in records.enumerated() {
            let size = record.key.count + (record.value?.count ?? 0) + Self.recordOverhead
            if index > start, bytes + size > limit || index - start == Self.recordsPerPart {
                parts.append(start..<index)
                start = index
                bytes = 0
            }
            bytes += size
        }
        return parts + [start..<records.count]
    }
}
