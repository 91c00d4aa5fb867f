import HeapModule
import LogStorage

/// The logs that one kind of upkeep has to look at: those that have changed since its last look, and those whose moment
/// has come. Everything else is left alone, however many partitions there are.
///
/// Moments are milliseconds on the wall clock, as retention and segment age go by it. The order is that of the changes,
/// then of the moments: it is the same in every run.
struct UpkeepQueue {
    private struct Entry: Comparable {
        let moment: Int64
        let order: UInt64
        let name: PartitionName

        static func < (left: Entry, right: Entry) -> Bool {
            (left.moment, left.order) < (right.moment, right.order)
        }

        static func == (left: Entry, right: Entry) -> Bool { left.order == right.order }
    }

    /// Entries without a meaning that may lie in the heap before it is made anew.
    private static let staleEntriesKept = 1024

    private var changed: [PartitionName] = []
    private var isChanged: Set<PartitionName> = []
    private var heap = Heap<Entry>()
    /// The entry that counts for a log; others in the heap are stale.
    private var planned: [PartitionName: Entry] = [:]
    private var nextOrder: UInt64 = 0
    /// Due when ``begin(now:)`` was called, and not looked at yet.
    private var taken: ArraySlice<PartitionName> = []

    /// A log has changed, or its upkeep failed: it is looked at next time.
    mutating func noteChange(of name: PartitionName) {
        if isChanged.insert(name).inserted {
            changed.append(name)
        }
    }

    /// A log needs a look at `moment`. An earlier plan stays: a look too early costs little, and most logs keep theirs
    /// while they grow.
    mutating func plan(_ name: PartitionName, at moment: Int64) {
        if let entry = planned[name], entry.moment <= moment {
            return
        }
        let entry = Entry(moment: moment, order: nextOrder, name: name)
        nextOrder += 1
        planned[name] = entry
        heap.insert(entry)
        if heap.count > 2 * planned.count + Self.staleEntriesKept {
            heap = Heap(planned.values)
        }
    }

    mutating func forget(_ name: PartitionName) {
        planned[name] = nil
        isChanged.remove(name)
    }

    /// Whether logs that were due have still to be looked at.
    var isUnderWay: Bool { !taken.isEmpty }

    /// Takes the logs that need a look now; what comes later waits for the next time. While earlier ones are still to
    /// be looked at there is nothing to begin: however short the interval, each log waits once.
    mutating func begin(now: Int64) {
        guard taken.isEmpty else {
            return
        }
        var names = changed.filter(isChanged.contains)
        while let first = heap.min, first.moment <= now {
            heap.removeMin()
            guard planned[first.name] == first else {
                continue
            }
            planned[first.name] = nil
            if !isChanged.contains(first.name) {
                names.append(first.name)
            }
        }
        changed = []
        isChanged = []
        taken = names[...]
    }

    /// The next log to look at.
    mutating func next() -> PartitionName? {
        taken.popFirst()
    }
}

/// What upkeep knows about the logs of a cluster.
struct Upkeep {
    /// Where logs enter themselves when they change.
    let changes = LogChanges()
    /// Age of segments, flushes that are overdue.
    var segments = UpkeepQueue()
    var retention = UpkeepQueue()
    var producers = UpkeepQueue()
    /// Logs that owe something to their files (`PartitionLog.owesFiles`), those where that has failed, and below those
    /// that have to wait: each log is in one of them, once, and all of them in the set.
    var untidy: [PartitionName] = []
    var failedTidying: [PartitionName] = []
    var isUntidy: Set<PartitionName> = []
    /// Epoch checkpoints that were written at once in this step.
    var epochsOfStep = 0
    /// Those of which files go once the log starts are stored.
    var awaitingStart: [PartitionName] = []
    /// How many looks at logs there were since the start; tests hold it against what had changed.
    var looks = 0

    var isUnderWay: Bool { Self.queues.contains { self[keyPath: $0].isUnderWay } }

    static let queues: [WritableKeyPath<Upkeep, UpkeepQueue> & Sendable] = [\.segments, \.retention, \.producers]

    mutating func noteChange(of name: PartitionName) {
        segments.noteChange(of: name)
        retention.noteChange(of: name)
        producers.noteChange(of: name)
    }

    mutating func forget(_ name: PartitionName) {
        segments.forget(name)
        retention.forget(name)
        producers.forget(name)
    }
}
