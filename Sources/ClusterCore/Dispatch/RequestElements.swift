import KafkaProtocol

/// How many elements the arrays of one request may have, all together. Kafka has no such limit; here they are answered
/// on the thread that serves everybody, and a frame of some megabytes has room for millions of them.
///
/// Twice what a client of a cluster with `ClusterLimits.partitions` partitions sends, each in a topic of its own.
package enum RequestElements {
    /// Tagged fields of a header.
    static let header = 100
    /// Partitions that a client may name.
    private static let partitions = 100_000

    /// Bytes of a request beyond which decoding it, and the first look at it, are worth a slice each.
    package static let longFrameBytes = 64 << 10

    /// Bytes of memory that an element takes when it is decoded, with its part of the answer and what is noted about it
    /// in between.
    private static let bytesOfOne = 192

    /// Bytes of memory that a request takes which is answered in slices.
    /// - Parameters:
    ///   - bytes: its length on the wire.
    ///   - elements: of all its arrays.
    static func memory(bytes: Int, elements: Int) -> Int {
        // Text is held twice: as asked, and in the answer.
        2 *| bytes +| elements *| bytesOfOne
    }

    package static func limit(of key: APIKey) -> Int {
        switch key {
        // Topics and their partitions, each with a batch: one record alone has 70 bytes, and few producers send more
        // than a megabyte.
        case .produce: partitions / 2
        // Topics and their partitions, or groups. What a Fetch forgets is less than what it names.
        case .fetch, .listOffsets, .offsetCommit, .offsetFetch, .offsetForLeaderEpoch, .deleteRecords, .offsetDelete:
            2 * partitions
        // Names, and of resources a few keys.
        case .describeConfigs, .metadata, .deleteTopics, .describeTopicPartitions, .findCoordinator, .describeGroups,
            .deleteGroups:
            partitions
        // Topics, their partitions, and three replicas of each.
        case .createPartitions: 5 * partitions
        // Topics, their partitions and configs: MirrorMaker 2 sends every config of every topic in one request.
        case .createTopics, .alterConfigs, .incrementalAlterConfigs: 2 * partitions
        // Members of a group, protocols, filters.
        default: 10_000
        }
    }
}
