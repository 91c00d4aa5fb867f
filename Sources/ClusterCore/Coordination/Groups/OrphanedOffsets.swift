import KafkaProtocol

/// Committed offsets whose topic is gone and whose tombstones are still to be written.
///
/// Nobody sees them any more. What is lost when the process dies before the tombstones are in the log is found again by
/// the next start: the offset names the id of a topic that is not there, or not under that name.
struct OrphanedOffsets {
    struct Key: Hashable, Comparable {
        let topic: String
        let partition: Int32

        static func < (left: Key, right: Key) -> Bool {
            (left.topic, left.partition) < (right.topic, right.partition)
        }
    }

    private var byGroup: [String: Set<Key>] = [:]

    /// Tombstones could not be written: housekeeping tries again.
    var waitsForUpkeep = false

    var isEmpty: Bool { byGroup.isEmpty }
    /// Whether tombstones can be written at once.
    var isWorthTrying: Bool { !isEmpty && !waitsForUpkeep }
    var count: Int { byGroup.values.reduce(0) { $0 + $1.count } }
    var groups: [String] { byGroup.keys.sorted() }

    mutating func insert(_ key: Key, of group: String) {
        byGroup[group, default: []].insert(key)
    }

    mutating func remove(_ key: Key, of group: String) {
        guard byGroup[group]?.remove(key) != nil else {
            return
        }
        if byGroup[group]?.isEmpty == true {
            byGroup[group] = nil
        }
    }

    /// The first keys of a group, in order.
    func keys(of group: String, limit: Int) -> [Key] {
        Array((byGroup[group] ?? []).sorted().prefix(limit))
    }
}

extension Cluster {
    /// Tombstones written in one go at most.
    static let tombstonesPerSlice = 2_000

    /// Writes tombstones for offsets of topics that are gone. One that could not be written is only reported, and tried
    /// again by housekeeping: nobody sees the offset, and a later commit under its key replaces it.
    ///
    /// - Returns: whether there are more to write at once.
    @discardableResult
    mutating func removeOrphanedOffsets(now: Int64) -> Bool {
        var left = Self.tombstonesPerSlice
        for group in groups.orphans.groups {
            guard left > 0 else {
                return true
            }
            let records = groups.orphans.keys(of: group, limit: left).map { key in
                GroupRecord.offset(group: group, topic: key.topic, partition: key.partition, nil)
            }
            left -= records.count
            do throws(ErrorCode) {
                try append(records, group: group, .inParts, now: now)
            } catch {
                let text =
                    "\(groups.orphans.count) committed offset(s) of deleted topics could not be removed from the log "
                    + "(\(error.name)); they are not served, and removing them is tried again"
                notices.append(Notice(level: .warning, text: text))
                groups.orphans.waitsForUpkeep = true
                return false
            }
        }
        return !groups.orphans.isEmpty
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
