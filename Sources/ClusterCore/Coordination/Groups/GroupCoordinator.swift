import KafkaProtocol

/// The classic consumer groups of a cluster and the offsets they committed.
///
/// Stored state changes only by ``replay(_:)``. Members that come and go between two generations live in the groups
/// alone.
package struct GroupCoordinator {
    private var groups: [String: Group] = [:]
    private var offsets: [String: GroupOffsets] = [:]
    /// Groups with offsets, by topic.
    private var groupsByTopic: [String: Set<String>] = [:]
    /// Offsets of topics that are no more, still in the log.
    var orphans = OrphanedOffsets()
    /// When offsets are looked through for expired ones again, on the monotonic clock; nil until the
    /// first look.
    var nextExpiry: Int64?
    /// Groups that the look under way has still to come to.
    var expiring: ArraySlice<String> = []

    init() {}

    package var count: Int { groups.count }
    package subscript(id: String) -> Group? { groups[id] }
    /// All groups, ordered by id.
    package var sorted: [Group] { groups.values.sorted { $0.id < $1.id } }
    /// Ids of all groups, in order.
    var ids: [String] { groups.keys.sorted() }
    /// Names of all topics for which some group has committed, in order.
    var topicsWithOffsets: [String] { groupsByTopic.keys.sorted() }

    package func offsets(of group: String) -> GroupOffsets {
        offsets[group] ?? GroupOffsets()
    }

    mutating func create(_ id: String) {
        groups[id] = Group(id: id)
    }

    /// Forgets a group that could not be stored.
    mutating func discard(_ id: String) {
        groups[id] = nil
    }

    /// Changes a group in place; nil when there is none.
    mutating func update<R>(_ id: String, _ body: (inout Group) -> R) -> R? {
        guard let index = groups.index(forKey: id) else {
            return nil
        }
        return body(&groups.values[index])
    }

    /// Applies a record that was appended (or read back after a start).
    mutating func replay(_ record: GroupRecord) {
        switch record {
        case .group(let id, let value?):
            groups[id, default: Group(id: id)].replay(value)
        case .group(let id, nil):
            groups[id] = nil
        case .offset(let group, let topic, let partition, let offset):
            replayOffset(group, topic, partition, offset)
        }
    }

    /// An offset may be the first that is heard of a group: consumers that assign themselves only commit.
    private mutating func replayOffset(
        _ group: String, _ topic: String, _ partition: Int32, _ offset: CommittedOffset?
    ) {
        if offset != nil, groups[group] == nil {
            groups[group] = Group(id: group)
        }
        // What is in the log under this key is replaced, by a tombstone or by a commit for a later topic of that name.
        orphans.remove(OrphanedOffsets.Key(group: group, topic: topic, partition: partition))
        offsets[group, default: GroupOffsets()][topic, partition] = offset
        noteChange(group, topic)
    }

    private mutating func noteChange(_ group: String, _ topic: String) {
        if offsets[group]?.byTopic[topic] == nil {
            groupsByTopic[topic]?.remove(group)
            if groupsByTopic[topic]?.isEmpty == true {
                groupsByTopic[topic] = nil
            }
        } else {
            groupsByTopic[topic, default: []].insert(group)
        }
        if offsets[group]?.isEmpty == true {
            offsets[group] = nil
        }
    }

    /// The end of a topic is the end of what was committed for it, from now on and for ever: a later topic of that name
    /// does not inherit it, whether or not the tombstones could be written yet.
    mutating func orphanOffsets(ofTopic topic: String, where matches: (CommittedOffset) -> Bool = { _ in true }) {
        for group in groupsByTopic[topic] ?? [] {
            for (partition, offset) in offsets[group]?.byTopic[topic] ?? [:] where matches(offset) {
                offsets[group]?[topic, partition] = nil
                orphans.insert(OrphanedOffsets.Key(group: group, topic: topic, partition: partition))
            }
            noteChange(group, topic)
        }
    }

    /// Takes in the groups of another partition.
    mutating func adopt(_ other: GroupCoordinator) {
        groups.merge(other.groups) { mine, _ in mine }
        for (group, committed) in other.offsets where offsets[group] == nil {
            offsets[group] = committed
            for topic in committed.byTopic.keys {
                groupsByTopic[topic, default: []].insert(group)
            }
        }
    }

    /// Reads a record back after a start. A group's record replaces what an earlier one said.
    mutating func restore(_ record: GroupRecord) {
        if case .group(let id, .some) = record {
            groups[id] = nil
        }
        replay(record)
    }

    /// Kafka does not notice either: a member is gone when it leaves, or when its session ends. Answers to a closed
    /// connection are dropped by the cluster.
    mutating func connectionClosed(_ id: ConnectionID) {}
}
