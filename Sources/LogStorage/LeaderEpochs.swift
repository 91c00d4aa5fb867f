/// Where leader epochs begin, and the rules by which Kafka answers where one ends.
/// File `leader-epoch-checkpoint`: version 0, count, then a line `epoch startOffset` each.
struct LeaderEpochs: Equatable {
    struct Entry: Equatable {
        var epoch: Int32
        var startOffset: Int64
    }

    /// Epochs and start offsets both grow.
    private(set) var entries: [Entry] = []

    var latest: Int32? { entries.last?.epoch }

    /// Notes that `epoch` begins at `startOffset`. Entries that contradict it, by a higher epoch or by an offset that
    /// is not lower, go. Returns whether anything changed.
    mutating func assign(_ epoch: Int32, startOffset: Int64) -> Bool {
        guard epoch >= 0, startOffset >= 0 else { return false }
        if let last = entries.last, last.epoch == epoch, startOffset >= last.startOffset { return false }
        while let last = entries.last, last.epoch >= epoch || last.startOffset >= startOffset { entries.removeLast() }
        entries.append(Entry(epoch: epoch, startOffset: startOffset))
        return true
    }

    /// The largest epoch not above the given one, and the first offset of the epoch after it; the log end for the
    /// latest. An epoch below all known ones ends where the first known one begins. (-1, -1) for what is not known.
    func endOffset(for epoch: Int32, logEndOffset: Int64) -> (leaderEpoch: Int32, endOffset: Int64) {
        guard epoch >= 0, let latest else { return (-1, -1) }
        if epoch == latest { return (epoch, logEndOffset) }
        guard let next = entries.firstIndex(where: { $0.epoch > epoch }) else { return (-1, -1) }
        if next == 0 { return (epoch, entries[0].startOffset) }
        return (entries[next - 1].epoch, entries[next].startOffset)
    }

    /// The epoch in which an offset was or will be written.
    func epoch(forOffset offset: Int64) -> Int32? {
        entries.last { $0.startOffset <= offset }?.epoch
    }

    /// Drops epochs that begin at `endOffset` or behind. Returns whether anything changed.
    mutating func truncate(from endOffset: Int64) -> Bool {
        let count = entries.count
        while let last = entries.last, last.startOffset >= endOffset { entries.removeLast() }
        return entries.count != count
    }

    /// Drops epochs that end before `startOffset`; the one that is current there begins at it from now on.
    mutating func truncate(before startOffset: Int64) -> Bool {
        guard let first = entries.first, first.startOffset < startOffset else { return false }
        let current = entries.lastIndex { $0.startOffset <= startOffset } ?? 0
        entries.removeFirst(current)
        entries[0].startOffset = startOffset
        return true
    }

    mutating func removeAll() { entries = [] }

    static func read(_ path: String, from fileSystem: any FileSystem) throws(StorageError) -> LeaderEpochs {
        var epochs = LeaderEpochs()
        guard let bytes = try fileSystem.contents(of: path) else { return epochs }
        var lines = TextLines(bytes, path: path)
        try lines.expectVersion("0")
        let count = try lines.count()
        for _ in 0..<count {
            let fields = try lines.fields(2)
            guard let epoch = Int32(fields[0]), let start = Int64(fields[1]) else { throw lines.malformed() }
            _ = epochs.assign(epoch, startOffset: start)
        }
        try lines.expectEnd()
        return epochs
    }

    func encoded() -> [UInt8] {
        var text = "0\n\(entries.count)\n"
        for entry in entries { text += "\(entry.epoch) \(entry.startOffset)\n" }
        return [UInt8](text.utf8)
    }
}
