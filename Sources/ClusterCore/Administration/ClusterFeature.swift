import KafkaProtocol

/// A feature of the cluster with its levels (KIP-584), as ApiVersions tells them.
///
/// Clients read from these what they may do: a Java producer switches to the second transaction protocol when
/// `transaction.version` is finalised at 2. So a feature is here only once everything that it promises is served.
/// `group.version` (KIP-848 groups), `transaction.version`, `share.version`, `streams.version`,
/// `eligible.leader.replicas.version` and `kraft.version` are not, and count as level 0.
struct ClusterFeature {
    let name: String
    /// Levels that the brokers could be set to.
    let supported: ClosedRange<Int16>
    /// The level that holds.
    let finalized: Int16

    /// From 3.3-IV3 (level 7), the oldest that Kafka 4 knows, to 4.2-IV1 (level 29), where a new cluster of 4.2 is.
    static let metadataVersion = ClusterFeature(
        name: FeatureLevels.kafkaName, supported: 7...FeatureLevels.kafka, finalized: FeatureLevels.kafka)

    static let all = [metadataVersion]
}

extension Cluster {
    /// The epoch of the finalised features: as in Kafka the offset of the last change of metadata, which only grows.
    var featuresEpoch: Int64 { max(0, metadataLog.log.logEndOffset -| 1) }
}
