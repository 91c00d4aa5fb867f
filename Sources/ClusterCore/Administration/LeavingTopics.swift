import KafkaProtocol
import LogStorage

/// A deleted topic with many partitions. It left the catalog at once, so that nobody finds it any more; its logs are
/// given up, and its directories join the ``DirectoryRemovals``, some at a time.
final class LeavingTopic {
    let name: String
    fileprivate let names: AwayNames
    private let partitions: [Partition]
    /// Logs of partitions that it was about to get, which come after those that it had.
    private let made: [(index: Int32, log: PartitionLog)]
    /// Places of those, by the index of their partition: some of those before may not have been made.
    private let places: [Int32: Int]
    /// Those whose turn came before that of the others, because the name of their directory was wanted.
    private var left: Set<Int> = []
    private var next = 0

    init(_ topic: Topic, made: [(index: Int32, log: PartitionLog)], _ names: AwayNames) {
        name = topic.name
        partitions = topic.partitions
        self.made = made
        let first = topic.partitions.count
        places = Dictionary(made.enumerated().map { ($1.index, first +| $0) }) { $1 }
        self.names = names
    }

    var count: Int { partitions.count + made.count }
    var isDone: Bool { next == count }

    /// What leaves: the partition unless clients never knew it, and the log unless it is offline.
    typealias Item = (index: Int32, partition: Partition?, log: PartitionLog?)

    fileprivate func takeNext() -> Item? {
        while next < count {
            next += 1  // bounded: by the arrays
            if left.remove(next - 1) == nil {
                return item(next - 1)
            }
        }
        return nil
    }

    /// One that leaves before its turn; nil when it has left.
    fileprivate func take(_ index: Int32) -> Item? {
        let place = places[index] ?? Int(index)
        guard place >= next, place < count, item(place).index == index, left.insert(place).inserted else {
            return nil
        }
        return item(place)
    }

    private func item(_ place: Int) -> Item {
        guard place < partitions.count else {
            let (index, log) = made[place - partitions.count]
            return (index, nil, log)
        }
        return (partitions[place].index, partitions[place], partitions[place].log)
    }
}

/// Those that are on their way out.
struct LeavingTopics {
    /// The first one is next.
    private var order: [LeavingTopic] = []
    private var byName: [String: [LeavingTopic]] = [:]

    var isEmpty: Bool { order.isEmpty }
    var first: LeavingTopic? { order.first }

    mutating func append(_ topic: LeavingTopic) {
        order.append(topic)
        byName[topic.name, default: []].append(topic)
    }

    mutating func removeFirst() {
        let topic = order.removeFirst()
        byName[topic.name]?.removeAll { $0 === topic }
        if byName[topic.name]?.isEmpty == true {
            byName[topic.name] = nil
        }
    }

    /// Earlier topics of a name, which may still have directories.
    func named(_ name: String) -> [LeavingTopic] { byName[name] ?? [] }
}

extension Cluster {
    /// Lets a topic that left the catalog go: one of few partitions at once, another in slices.
    /// - Parameter made: logs of partitions that it was about to get.
    mutating func letGo(_ topic: Topic, made: [(index: Int32, log: PartitionLog)]) {
        let leaving = LeavingTopic(topic, made: made, awayNames(topic.name, topic.id))
        guard leaving.count <= Self.directoriesPerSlice else {
            removals.leaving.append(leaving)
            return scheduleTopicWork()
        }
        while let item = leaving.takeNext() {
            letGo(item, of: leaving)
        }
    }

    /// One slice.
    mutating func letPartitionsGo(limit: Int) {
        var count = 0
        while count < limit, let topic = removals.leaving.first {
            while count < limit, let item = topic.takeNext() {
                letGo(item, of: topic)
                count += 1  // bounded: by the limit
            }
            if topic.isDone {
                removals.leaving.removeFirst()
            }
        }
    }

    /// A directory's name is wanted again: its log leaves now.
    mutating func letGo(_ directory: String) {
        guard !removals.leaving.isEmpty, let name = directory.split(separator: "/").last,
            let (topic, index) = Self.partition(String(name))
        else {
            return
        }
        for leaving in removals.leaving.named(topic) {
            if let item = leaving.take(index) {
                letGo(item, of: leaving)
            }
        }
    }

    private mutating func letGo(_ item: LeavingTopic.Item, of topic: LeavingTopic) {
        if let partition = item.partition {
            upkeep.forget(partition.name)
            parking.wake(.partition(partition.handle))
        }
        item.log?.giveUp()
        removals.append(logDirectory(topic.name, item.index), log: item.log, as: topic.names[item.index])
    }
}
