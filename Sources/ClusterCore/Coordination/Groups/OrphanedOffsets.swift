import HeapModule
import KafkaProtocol

/// Committed offsets whose topic is gone and whose tombstones are still to be written.
///
/// Nobody sees them any more. What is lost when the process dies before the tombstones are in the log is found again by
/// the next start: the offset names the id of a topic that is not there, or not under that name.
struct OrphanedOffsets {
    struct Key: Hashable, Comparable {
        let group: String
        let topic: String
        let partition: Int32

        static func < (left: Key, right: Key) -> Bool {
            (left.group, left.topic, left.partition) < (right.group, right.topic, right.partition)
        }
    }

    /// Those in `queue`, `aside`, or taken just now: whether their tombstones are still to be written.
    private var isMissing: [Key: Bool] = [:]
    /// The next ones, group by group: putting one in costs nothing for the others, however many there are.
    private var queue = Heap<Key>()
    /// Those whose turn came, and whose partition of `__consumer_offsets` took nothing, until it is tried again.
    private var aside: [Key] = []
    private var failedPartitions: Set<Int> = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }
    /// Whether tombstones can be written at once.
    var isWorthTrying: Bool { !queue.isEmpty }

    mutating func insert(_ key: Key) {
        switch isMissing.updateValue(true, forKey: key) {
        case true?: return
        case false?: count += 1
        case nil:
            count += 1
            queue.insert(key)
        }
    }

    mutating func remove(_ key: Key) {
        // Nearly always there are none.
        guard !isMissing.isEmpty, isMissing[key] == true else {
            return
        }
        isMissing[key] = false
        count -= 1
    }

    /// What could not be written is tried again.
    mutating func tryAgain() {
        failedPartitions = []
        if queue.isEmpty {
            queue = Heap(aside)
        } else {
            queue.insert(contentsOf: aside)
        }
        aside = []
    }

    /// The next keys of one group, at most `limit`. ``finish(_:)`` or ``putAside(_:partition:)`` has to follow.
    ///
    /// - Parameters:
    ///   - limit: lessened by one for each key that was looked at.
    ///   - partition: the one of `__consumer_offsets` that a group has.
    fileprivate mutating func take(limit: inout Int, partition: (_ group: String) -> Int) -> [Key] {
        var taken: [Key] = []
        while limit > 0, let next = queue.min, next.group == taken.first?.group ?? next.group {
            queue.removeMin()
            limit -= 1
            if isMissing[next] == false {
                isMissing[next] = nil
            } else if failedPartitions.contains(partition(next.group)) {
                aside.append(next)
            } else {
                taken.append(next)
            }
        }
        return taken
    }

    /// What was taken has been written.
    fileprivate mutating func finish(_ keys: [Key]) {
        for key in keys where isMissing.removeValue(forKey: key) == true {
            count -= 1
        }
    }

    /// What was taken could not be written, or not all of it. Groups of the same partition need not be tried before
    /// ``tryAgain()``.
    fileprivate mutating func putAside(_ keys: [Key], partition: Int) {
        failedPartitions.insert(partition)
        for key in keys {
            if isMissing[key] == true {
                aside.append(key)
            } else {
                isMissing[key] = nil
            }
        }
    }
}

extension Cluster {
    /// Tombstones written in one go at most.
    static let tombstonesPerSlice = 2_000

    /// Writes some tombstones for offsets of topics that are gone. Those that could not be written are only reported,
    /// and tried again by housekeeping: nobody sees the offsets, and later commits under their keys replace them.
    ///
    /// - Returns: whether there are more to write at once.
    @discardableResult
    mutating func removeOrphanedOffsets(now: Int64) -> Bool {
        let partitions = topics[InternalTopic.consumerOffsets]?.partitions.count ?? 0
        func partition(_ group: String) -> Int { partitions > 0 ? JavaHash.bucket(group, of: partitions) : 0 }
        var left = Self.tombstonesPerSlice
        while left > 0, groups.orphans.isWorthTrying {
            let keys = groups.orphans.take(limit: &left, partition: partition)
            guard let group = keys.first?.group else {
                continue
            }
            let records = keys.map { GroupRecord.offset(group: group, topic: $0.topic, partition: $0.partition, nil) }
            do throws(ErrorCode) {
                try append(records, group: group, .inParts, now: now)
                groups.orphans.finish(keys)
            } catch {
                groups.orphans.putAside(keys, partition: partition(group))
                let name = "\(InternalTopic.consumerOffsets)-\(partition(group))"
                let text =
                    "committed offsets of deleted topics could not be removed from \(name) (\(error.name)), "
                    + "\(groups.orphans.count) are left; they are not served, and removing them is tried again"
                complain(.groups, of: "tombstones in " + name, text, level: .warning)
            }
        }
        return groups.orphans.isWorthTrying
    }

    /// After a start: a crash may have come between the end of a topic and the tombstones, and the topic may have been
    /// created again since.
    mutating func orphanOffsetsWithoutTopic() {
        for name in groups.topicsWithOffsets {
            guard let topic = topics[name] else {
                groups.orphanOffsets(ofTopic: name)
                continue
            }
            groups.orphanOffsets(ofTopic: name) { $0.topicID != .zero && $0.topicID != topic.id }
        }
    }
}
