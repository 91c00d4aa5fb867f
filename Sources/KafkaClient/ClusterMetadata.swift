import KafkaProtocol

/// A partition of a topic by name.
package struct TopicPartition: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var topic: String
    package var partition: Int32

    package init(_ topic: String, _ partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.topic, left.partition) < (right.topic, right.partition)
    }

    package var description: String { "\(topic)-\(partition)" }
}

/// A cluster as one of its brokers described it.
package struct ClusterMetadata: Sendable {
    package struct PartitionInfo: Sendable {
        package var index: Int32
        package var error: ErrorCode
        /// -1 when nobody leads.
        package var leaderID: Int32
        /// -1 when the broker does not tell (Metadata before v7).
        package var leaderEpoch: Int32
    }

    package struct TopicInfo: Sendable {
        package var name: String
        /// Zero when the broker does not tell ids (Metadata before v10, or a cluster without them).
        package var id: KafkaUUID
        package var error: ErrorCode
        package var isInternal: Bool
        /// In order of index.
        package var partitions: [PartitionInfo]

        /// Whether partitions are 0, 1, 2 …, as every broker numbers them.
        package var isNumberedWithoutGaps: Bool {
            partitions.enumerated().allSatisfy { Int($0.offset) == Int($0.element.index) }
        }

        package func partition(_ index: Int32) -> PartitionInfo? {
            if index >= 0, Int(index) < partitions.count, partitions[Int(index)].index == index {
                return partitions[Int(index)]
            }
            return partitions.first { $0.index == index }
        }
    }

    /// nil before the first answer, and with brokers that have none.
    package var clusterID: String?
    /// -1 when unknown.
    package var controllerID: Int32 = -1
    package var brokers: [Int32: HostPort] = [:]
    /// Topics that were asked for, with those that do not exist (see `error`).
    package var topics: [String: TopicInfo] = [:]

    package init() {}

    package init(_ response: MetadataResponse) {
        clusterID = response.clusterID
        controllerID = response.controllerID
        for broker in response.brokers {
            brokers[broker.nodeID] = HostPort(host: broker.host, port: broker.port)
        }
        for topic in response.topics {
            guard let name = topic.name else {
                continue
            }
            let partitions = topic.partitions.map { partition in
                PartitionInfo(
                    index: partition.partitionIndex, error: ErrorCode(rawValue: partition.errorCode),
                    leaderID: partition.leaderID, leaderEpoch: partition.leaderEpoch)
            }
            topics[name] = TopicInfo(
                name: name, id: topic.topicID, error: ErrorCode(rawValue: topic.errorCode),
                isInternal: topic.isInternal, partitions: partitions.sorted { $0.index < $1.index })
        }
    }

    /// Takes over a newer answer. One that named only some topics leaves the others as they were.
    mutating func merge(_ newer: ClusterMetadata, isComplete: Bool) {
        let old = topics
        self = newer
        if !isComplete {
            topics = old.merging(newer.topics) { _, new in new }
        }
    }
}
