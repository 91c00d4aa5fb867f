import KafkaProtocol

/// One record of the cluster's durable state. Kafka's own records, and some of ours (ids from 20000 on, which
/// Kafka's tools skip as unknown).
enum MetadataChange: Sendable {
    case topic(TopicRecord)
    case partition(PartitionRecord)
    case partitionChange(PartitionChangeRecord)
    case config(ConfigRecord)
    case removeTopic(RemoveTopicRecord)
    case producerIDs(ProducerIdsRecord)
    case clusterLink(ClusterLinkRecord)
    case removeClusterLink(RemoveClusterLinkRecord)
    case mirrorTopic(MirrorTopicRecord)
    case mirrorLeaderEpoch(MirrorLeaderEpochRecord)
    case featureLevel(FeatureLevelRecord)
    /// The next three bracket a commit of several batches; only ``MetadataLog`` writes and reads them.
    case beginTransaction(BeginTransactionRecord)
    case endTransaction(EndTransactionRecord)
    case abortTransaction(AbortTransactionRecord)
    case raiseLeaderEpochs(RaiseLeaderEpochsRecord)

    /// The record's value in the metadata log: frame version, type, version, fields.
    func encoded() -> [UInt8] {
        switch self {
        case .topic(let record): record.encodeMetadataFrame()
        case .partition(let record): record.encodeMetadataFrame()
        case .partitionChange(let record): record.encodeMetadataFrame()
        case .config(let record): record.encodeMetadataFrame()
        case .removeTopic(let record): record.encodeMetadataFrame()
        case .producerIDs(let record): record.encodeMetadataFrame()
        case .clusterLink(let record): record.encodeMetadataFrame()
        case .removeClusterLink(let record): record.encodeMetadataFrame()
        case .mirrorTopic(let record): record.encodeMetadataFrame()
        case .mirrorLeaderEpoch(let record): record.encodeMetadataFrame()
        case .featureLevel(let record): record.encodeMetadataFrame()
        case .beginTransaction(let record): record.encodeMetadataFrame()
        case .endTransaction(let record): record.encodeMetadataFrame()
        case .abortTransaction(let record): record.encodeMetadataFrame()
        case .raiseLeaderEpochs(let record): record.encodeMetadataFrame()
        }
    }

    /// nil for record types that this cluster does not keep (a newer one's, or Kafka's own housekeeping).
    init?(decoding value: UnsafeRawBufferPointer) throws(WireError) {
        var reader = WireReader(value)
        guard let change = try Self.read(&reader) else {
            return nil
        }
        self = change
    }

    private static func read(_ reader: inout WireReader) throws(WireError) -> MetadataChange? {
        let frame = try MetadataFrame(from: &reader)
        let version = frame.version
        switch frame.id {
        case TopicRecord.id: return .topic(try TopicRecord(from: &reader, version: version))
        case PartitionRecord.id: return .partition(try PartitionRecord(from: &reader, version: version))
        case PartitionChangeRecord.id:
            return .partitionChange(try PartitionChangeRecord(from: &reader, version: version))
        case ConfigRecord.id: return .config(try ConfigRecord(from: &reader, version: version))
        case RemoveTopicRecord.id: return .removeTopic(try RemoveTopicRecord(from: &reader, version: version))
        case ProducerIdsRecord.id: return .producerIDs(try ProducerIdsRecord(from: &reader, version: version))
        case ClusterLinkRecord.id: return .clusterLink(try ClusterLinkRecord(from: &reader, version: version))
        case RemoveClusterLinkRecord.id:
            return .removeClusterLink(try RemoveClusterLinkRecord(from: &reader, version: version))
        case MirrorTopicRecord.id: return .mirrorTopic(try MirrorTopicRecord(from: &reader, version: version))
        case MirrorLeaderEpochRecord.id:
            return .mirrorLeaderEpoch(try MirrorLeaderEpochRecord(from: &reader, version: version))
        case FeatureLevelRecord.id: return .featureLevel(try FeatureLevelRecord(from: &reader, version: version))
        case BeginTransactionRecord.id:
            return .beginTransaction(try BeginTransactionRecord(from: &reader, version: version))
        case EndTransactionRecord.id:
            return .endTransaction(try EndTransactionRecord(from: &reader, version: version))
        case AbortTransactionRecord.id:
            return .abortTransaction(try AbortTransactionRecord(from: &reader, version: version))
        case RaiseLeaderEpochsRecord.id:
            return .raiseLeaderEpochs(try RaiseLeaderEpochsRecord(from: &reader, version: version))
        default: return nil
        }
    }
}
