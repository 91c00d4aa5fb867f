import KafkaProtocol
import LogStorage

/// Topics that are yet to go by what was set for brokers. As in Kafka, where every broker learns of it in its own time,
/// it holds for partitions soon after it was acknowledged.
struct ConfigFollowers {
    /// The last one is next.
    private var topics: [Topic] = []

    var isEmpty: Bool { topics.isEmpty }

    /// - Parameter all: topics that live, in any order. What is left of an earlier change is among them.
    mutating func begin(with all: some Sequence<Topic>) {
        // The order in which they were made is the same in every run.
        topics = all.map { (order: $0.partitions.first?.handle ?? -1, topic: $0) }.sorted { $0.order > $1.order }
            .map(\.topic)
    }

    mutating func next() -> Topic? { topics.popLast() }
}

/// How new configs reach the partitions.
extension Cluster {
    /// Lets the topics that new configs concern go by them: each once, and many of them some at a time.
    mutating func applyConfigs(_ changed: [ConfigRecord]) {
        // What brokers say concerns every topic, whichever broker says it.
        guard !changed.contains(where: { $0.resourceType == ConfigResource.Kind.broker.rawValue }) else {
            configFollowers.begin(with: topics.all)
            return followConfigs(limit: isLoading ? .max : Self.changesPerSlice)
        }
        var done: Set<String> = []
        for record in changed
        where record.resourceType == ConfigResource.Kind.topic.rawValue && done.insert(record.resourceName).inserted {
            topics[record.resourceName].map { applyConfigs(to: $0) }
        }
    }

    /// - Parameter limit: partitions after which others are served. A topic's own settings cost as much as those of
    ///   some partitions.
    mutating func followConfigs(limit: Int) {
        var left = limit
        while left > 0, let topic = configFollowers.next() {
            // It may have been deleted since.
            guard topics[topic.id] != nil else {
                continue
            }
            applyConfigs(to: topic)
            left -= topic.partitions.count + Self.partitionsLikeATopic  // bounded: by the cluster's limit
        }
        if !configFollowers.isEmpty {
            scheduleTopicWork()
        }
    }

    private static let partitionsLikeATopic = 10

    /// Lets a topic's partitions go by the configs as they are now.
    func applyConfigs(to topic: Topic) {
        for (leader, partitions) in Dictionary(grouping: topic.partitions, by: \.leader) {
            let config = configs.logConfig(topic.name, nodeID: leader)
            let minInSyncReplicas = configs.minInSyncReplicas(topic.name, nodeID: leader)
            for partition in partitions {
                partition.log?.updateConfig(config)
                partition.minInSyncReplicas = minInSyncReplicas
            }
        }
    }
}
