import KafkaProtocol

/// How a fetch behaves, in Kafka's terms.
package struct FetchSettings: Sendable {
    /// How long the broker waits for ``minBytes``, in milliseconds.
    package var maxWaitMs: Int32 = 500
    package var minBytes: Int32 = 1
    /// Bytes of records in one answer; a first batch that is larger comes all the same.
    package var maxBytes: Int32 = 10_485_760
    /// Bytes of records per partition in one answer, with the same exception.
    package var partitionMaxBytes: Int32 = 1_048_576
    /// Only records of committed transactions, up to the last stable offset.
    package var readCommitted = false
    package var rackID = ""

    package init() {}
}

/// One partition of a fetch.
package struct FetchTarget: Sendable, Equatable {
    package var partition: TopicPartition
    /// Zero when it is not known: then the topic goes by name, in a version that has names.
    package var topicID: KafkaUUID
    package var offset: Int64
    /// -1 leaves the broker's check of epochs out.
    package var currentLeaderEpoch: Int32 = -1
    /// The epoch of the last batch that was fetched; lets the broker tell where histories part. -1 when unknown.
    package var lastFetchedEpoch: Int32 = -1

    package init(_ partition: TopicPartition, topicID: KafkaUUID, offset: Int64) {
        self.partition = partition
        self.topicID = topicID
        self.offset = offset
    }
}

extension FetchRequest {
    /// The last version that names topics; from the next one on they go by id.
    package static let lastVersionWithNames: Int16 = 12

    /// The highest version that can carry `targets`.
    package static func highestVersion(for targets: [FetchTarget]) -> Int16 {
        targets.allSatisfy { $0.topicID != .zero } ? servedVersions.upperBound : lastVersionWithNames
    }

    /// A consumer's fetch of `targets`, in their order; outside a fetch session as it stands.
    package init(_ targets: [FetchTarget], _ settings: FetchSettings) {
        self.init()
        maxWaitMs = settings.maxWaitMs
        minBytes = settings.minBytes
        maxBytes = settings.maxBytes
        isolationLevel = settings.readCommitted ? 1 : 0
        rackID = settings.rackID
        // A topic appears once, whatever the order of its partitions: brokers refuse or misread it otherwise.
        var positions: [String: Int] = [:]
        for target in targets {
            var item = FetchPartition()
            item.partition = target.partition.partition
            item.currentLeaderEpoch = target.currentLeaderEpoch
            item.fetchOffset = target.offset
            item.lastFetchedEpoch = target.lastFetchedEpoch
            item.partitionMaxBytes = settings.partitionMaxBytes
            if let position = positions[target.partition.topic] {
                topics[position].partitions.append(item)
            } else {
                var topic = FetchTopic()
                topic.topic = target.partition.topic
                topic.topicID = target.topicID
                topic.partitions = [item]
                positions[target.partition.topic] = topics.count
                topics.append(topic)
            }
        }
    }
}

extension FetchResponse {
    /// Calls `body` for every partition of the answer that `lookUp` recognises.
    ///
    /// - Parameter lookUp: finds a target by topic name (to v12) or id (from v13) and partition.
    package func forEachPartition(
        _ lookUp: (_ name: String, _ id: KafkaUUID, _ partition: Int32) -> FetchTarget?,
        _ body: (FetchedPartition) -> Void
    ) {
        for topic in responses {
            for item in topic.partitions {
                guard let target = lookUp(topic.topic, topic.topicID, item.partitionIndex) else {
                    continue
                }
                FetchResponse.withFetched(item, target, body)
            }
        }
    }

    private static func withFetched(
        _ item: PartitionData, _ target: FetchTarget, _ body: (FetchedPartition) -> Void
    ) {
        let code = ErrorCode(rawValue: item.errorCode)
        func call(_ records: UnsafeRawBufferPointer) {
            let diverges = item.divergingEpoch.epoch >= 0 || item.divergingEpoch.endOffset >= 0
            body(
                FetchedPartition(
                    partition: target.partition, fetchOffset: target.offset, error: code,
                    highWatermark: code == .none ? item.highWatermark : -1,
                    lastStableOffset: code == .none ? item.lastStableOffset : -1,
                    logStartOffset: code == .none ? item.logStartOffset : -1,
                    divergence: diverges ? (item.divergingEpoch.epoch, item.divergingEpoch.endOffset) : nil,
                    abortedTransactions: item.abortedTransactions ?? [],
                    batches: FetchedBatches(records, from: target.offset)))
        }
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        guard code == .none, let records = item.records, records.withBytes(call) != nil else {
            return call(nothing)
        }
    }
}
