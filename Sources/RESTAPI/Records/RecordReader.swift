import KafkaProtocol

/// Reads records of a topic as they were asked for, step by step: forward, or from the newest back.
///
/// All of it happens on the thread of whoever calls, which is none that owns a cluster or a socket.
final class RecordReader {
    /// Why a reading ended.
    enum End: String {
        /// Everything was read.
        case end
        /// As many records as were wanted were found.
        case limit
        /// As many records as one request may look at were looked at.
        case examined
        case time
        /// The answer became too large.
        case size
    }

    /// Bytes of records that are given at once.
    static let largestAnswer = 8 << 20
    /// Records that are given at once.
    static let mostFound = 1_000
    /// Bytes of batches that wait to be looked at; with more, records of partitions that had to wait come later than
    /// their time says.
    private static let heldBytes = 32 << 20
    /// Bytes of keys and values, of all partitions together, of which one record each is held.
    private static let heldParts = 64 << 20
    /// How long one step lasts, about.
    private static let step = Duration.milliseconds(20)

    let query: RecordQuery
    private let source: RecordSourceReader
    private(set) var partitions: [PartitionReading] = []
    private var decoding: RecordDecoding

    /// Records since the caller took them; of a reading back, the newest first.
    private(set) var found: [ShownRecord] = []
    private var foundBytes = 0
    private(set) var foundCount = 0
    private(set) var examinedRecords = 0
    private(set) var examinedBytes = 0
    private(set) var end: End?
    /// Whether the newest are wanted.
    let isBackward: Bool

    /// - Throws: 404 without topic or partition.
    init(_ cluster: any ClusterBackend, topic: String, _ query: RecordQuery) async throws {
        self.query = query
        source = RecordSourceReader(cluster, topic: topic, readCommitted: query.readCommitted)
        decoding = RecordDecoding(
            matcher: query.filter.map { RecordMatcher($0) }, showsControl: query.showsControl,
            readCommitted: query.readCommitted, partBytes: query.partBytes)
        switch query.start {
        case .latest, .before: isBackward = true
        default: isBackward = false
        }
        partitions = try await source.open(Self.wanted(query))
        // One record of each partition may have to be here to know which is next.
        decoding.partBytes = min(decoding.partBytes, Self.heldParts / max(1, partitions.count))
        try await begin()
    }

    private static func wanted(_ query: RecordQuery) -> [Int32]? {
        switch query.start {
        case .positions(let positions), .before(let positions):
            positions.keys.filter { query.partition == nil || query.partition == $0 }.sorted()
        default: query.partition.map { [$0] }
        }
    }

    // MARK: Beginning

    private func begin() async throws {
        let readable = partitions.filter { !$0.isOver }
        for partition in readable where partition.start == partition.end {
            partition.notice =
                partition.end == 0
                ? "The partition is empty."
                : "The partition has no records any more: those before offset \(partition.end) were deleted."
        }
        let share = query.limit / max(1, readable.count) + 1
        switch query.start {
        case .beginning:
            for partition in readable {
                partition.seek(partition.start)
            }
        case .latest:
            for partition in readable {
                partition.lookBack(below: partition.end, count: share)
            }
        case .before(let positions):
            for partition in readable {
                let offset = min(positions[partition.partition] ?? partition.end, partition.end)
                partition.lookBack(below: max(offset, partition.start), count: share)
            }
        case .offset(let offset):
            for partition in readable {
                if offset >= 0 {
                    begin(partition, at: offset)
                } else {
                    try await begin(partition, fromEnd: offset)
                }
            }
        case .positions(let positions):
            for partition in readable {
                begin(partition, at: positions[partition.partition] ?? partition.end)
            }
        case .time(let time): try await source.seek(readable, time)
        }
    }

    private func begin(_ partition: PartitionReading, at offset: Int64) {
        partition.seek(min(max(offset, partition.start), partition.end))
        if offset < partition.start {
            partition.notice =
                partition.notice
                ?? "Offset \(offset) is not there any more: the log begins at \(partition.start)."
        } else if offset > partition.end {
            partition.notice = "Offset \(offset) lies beyond the end, \(partition.end)."
        }
    }

    /// Counts records from the end, since not every offset has one that is shown; of many, offsets.
    private func begin(_ partition: PartitionReading, fromEnd offset: Int64) async throws {
        guard offset >= -Int64(RecordQuery.largestLimit) else {
            return partition.seek(max(partition.start, partition.end +| offset))
        }
        let count = Int(-offset)
        decoding.countsOnly = true
        defer { decoding.countsOnly = false }
        partition.lookBack(below: partition.end, count: count)
        var taken = 0
        while taken < count, !partition.entries.isEmpty || partition.needsLookBack {
            if partition.entries.isEmpty {
                try await lookBack(partition)
            } else if let entry = partition.takeLast() {
                taken += 1
                if taken == count {
                    return partition.seek(entry.offset)
                }
            }
        }
        partition.seek(taken > 0 ? partition.start : partition.end)
    }

    // MARK: Going on

    /// What was found since the last time.
    func takeFound() -> [ShownRecord] {
        defer { (found, foundBytes) = ([], 0) }
        return found
    }

    /// Whether what was found is to be given away before more is looked for.
    var isFull: Bool { found.count >= Self.mostFound || foundBytes >= Self.largestAnswer }

    /// Looks on for some milliseconds, or until there is much to give away.
    func goOn() async throws {
        let start = ContinuousClock.now
        while end == nil, !isFull, ContinuousClock.now - start < Self.step {
            if isBackward, !isFollowing {
                try await goBack()
            } else {
                try await goForward()
            }
        }
        await Task.yield()
    }

    func stop(_ reason: End) {
        end = reason
    }

    /// Notes a record that was looked at.
    private func note(_ entry: RecordEntry) {
        examinedRecords += entry.isData ? 1 : 0
        if let record = entry.record {
            found.append(record)
            foundBytes = foundBytes +| record.heldBytes
            foundCount += 1
            if foundCount >= query.limit, !isFollowing {
                end = .limit
            }
        }
        if end == nil, examinedRecords >= query.mostExamined, !isFollowing {
            end = .examined
        }
    }

    private func decode(_ partition: PartitionReading, upTo limit: Int64) {
        examinedBytes = examinedBytes +| partition.decode(decoding, upTo: limit)
    }

    private func goForward() async throws {
        try await fill()
        var first: (partition: PartitionReading, place: MergePlace)?
        var second: MergePlace?
        for partition in partitions {
            guard let place = partition.place else {
                continue
            }
            if let known = first, known.place < place {
                second = second.map { min($0, place) } ?? place
            } else {
                second = first?.place ?? second
                first = (partition, place)
            }
        }
        guard let partition = first?.partition else {
            end = isFollowing ? nil : .end
            isIdle = true
            return
        }
        if partition.head == partition.entries.count {
            // A small batch may hold much.
            guard let other = partitions.first(where: { $0.head < $0.entries.count }),
                partitions.reduce(0, { $0 +| $1.heldBytes }) > Self.heldBytes
            else {
                return decode(partition, upTo: partition.end)
            }
            return note(other.takeFirst())
        }
        while partition.head < partition.entries.count, end == nil, !isFull {
            guard let place = partition.place, second.map({ place <= $0 }) ?? true else {
                return
            }
            note(partition.takeFirst())
        }
    }

    /// Fetches for partitions of which nothing is here.
    private func fill() async throws {
        while true {
            let empty = partitions.filter(\.needsBytes)
            guard !empty.isEmpty else {
                return
            }
            let held = partitions.reduce(0) { $0 +| $1.rawBytes +| $1.heldBytes }
            guard held < Self.heldBytes else {
                return
            }
            try await source.fetch(empty)
        }
    }

    private func goBack() async throws {
        for partition in partitions where partition.needsLookBack {
            try await lookBack(partition)
            if partition.entries.isEmpty {
                // Others have their turn, as has the clock: this may be a long way back.
                return
            }
        }
        var newest: (partition: PartitionReading, place: MergePlace)?
        for partition in partitions {
            guard let place = partition.entries.last?.place(partition.partition) else {
                continue
            }
            if newest.map({ $0.place < place }) ?? true {
                newest = (partition, place)
            }
        }
        guard let entry = newest?.partition.takeLast() else {
            end = .end
            return
        }
        note(entry)
    }

    /// Reads what stands right before what was looked at.
    private func lookBack(_ partition: PartitionReading) async throws {
        let limit = partition.beginLookBack()
        while !partition.isOver, partition.next < limit {
            if partition.hasBatch {
                decode(partition, upTo: limit)
                partition.trimLookBack(to: Self.heldBytes / max(4, partitions.count))
            } else {
                try await source.fetch([partition])
            }
        }
        partition.endLookBack()
    }

    // MARK: Following

    /// Whether records are awaited that are not written yet.
    private(set) var isFollowing = false
    /// Whether everything that there is was given.
    private(set) var isIdle = false
    /// Offsets behind which a reader that follows leaves some out, without a filter and with one.
    private static let backlog: (all: Int64, filtered: Int64) = (5_000, 500_000)

    /// Goes on with what comes, from the end of what was read.
    func follow() {
        if isBackward {
            // What is older was not asked for.
            for partition in partitions where !partition.isOver {
                partition.seekEnd()
            }
        }
        isFollowing = true
        end = nil
    }

    /// Looks for what came since the last time.
    /// - Returns: offsets that were left out, because more comes than is taken.
    func poll() async throws -> Int64 {
        isIdle = false
        try await source.fetch(partitions.filter { !$0.isOver && !$0.hasBatch && $0.head == $0.entries.count })
        let reading = partitions.filter { !$0.isOver }
        for partition in reading {
            partition.end = max(partition.end, partition.heardEnd)
        }
        let backlog = reading.reduce(Int64(0)) { $0 +| max(0, $1.end -| $1.nextOffset) }
        guard backlog > (query.filter == nil ? Self.backlog.all : Self.backlog.filtered) else {
            return 0
        }
        let share = Int64(Self.mostFound / max(1, reading.count))
        return reading.reduce(Int64(0)) { $0 +| $1.skip(to: $1.end -| share) }
    }
}
