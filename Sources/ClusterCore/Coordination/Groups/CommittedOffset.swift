import KafkaProtocol

/// How far a group has read one partition.
package struct CommittedOffset: Sendable, Equatable {
    /// The next offset that the group wants.
    package var offset: Int64
    /// Leader epoch of the last record that was read, -1 when the client did not say.
    package var leaderEpoch: Int32
    package var metadata: String
    /// Milliseconds since the epoch.
    package var commitTimestamp: Int64
    /// Milliseconds since the epoch; nil follows `offsets.retention.minutes`.
    package var expireTimestamp: Int64?
    /// The topic that was read. Zero when that is not stored: by a program that did not know ids, or with an expiry of
    /// its own (the format has room for one of the two); then the name counts.
    package var topicID: KafkaUUID

    package init(
        offset: Int64, leaderEpoch: Int32 = -1, metadata: String = "", commitTimestamp: Int64,
        expireTimestamp: Int64? = nil, topicID: KafkaUUID = .zero
    ) {
        self.offset = offset
        self.leaderEpoch = leaderEpoch
        self.metadata = metadata
        self.commitTimestamp = commitTimestamp
        self.expireTimestamp = expireTimestamp
        self.topicID = topicID
    }
}

/// The committed offsets of one group, by topic and partition.
package struct GroupOffsets: Sendable {
    package private(set) var byTopic: [String: [Int32: CommittedOffset]] = [:]

    package var isEmpty: Bool { byTopic.isEmpty }

    package subscript(topic: String, partition: Int32) -> CommittedOffset? {
        get { byTopic[topic]?[partition] }
        set {
            byTopic[topic, default: [:]][partition] = newValue
            if byTopic[topic]?.isEmpty == true {
                byTopic[topic] = nil
            }
        }
    }
}
