import KafkaClient
import KafkaProtocol

/// Short forms of metadata answers.
package struct FakeTopic {
    package var name: String
    package var id: KafkaUUID
    package var error: ErrorCode
    /// Leader of each partition.
    package var leaders: [Int32]
    package var leaderEpoch: Int32

    package init(
        _ name: String, id: KafkaUUID = .zero, error: ErrorCode = .none, leaders: [Int32] = [1], leaderEpoch: Int32 = 0
    ) {
        self.name = name
        self.id = id
        self.error = error
        self.leaders = leaders
        self.leaderEpoch = leaderEpoch
    }
}

extension MetadataResponse {
    package init(brokers: [Int32: HostPort], topics: [FakeTopic], clusterID: String? = "source") {
        self.init()
        self.clusterID = clusterID
        controllerID = brokers.keys.min() ?? -1
        self.brokers = brokers.sorted { $0.key < $1.key }.map { id, address in
            var broker = MetadataResponseBroker()
            broker.nodeID = id
            broker.host = address.host
            broker.port = address.port
            return broker
        }
        self.topics = topics.map { topic in
            var item = MetadataResponseTopic()
            item.name = topic.name
            item.topicID = topic.id
            item.errorCode = topic.error.rawValue
            item.partitions = topic.leaders.enumerated().map { index, leader in
                var partition = MetadataResponsePartition()
                partition.partitionIndex = Int32(index)
                partition.leaderID = leader
                partition.leaderEpoch = topic.leaderEpoch
                return partition
            }
            return item
        }
    }
}
