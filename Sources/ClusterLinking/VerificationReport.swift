import KafkaClient
import KafkaProtocol

/// The outcome of comparing a mirror topic with its source, byte by byte.
package struct VerificationReport: Sendable {
    package var linkName: String
    package var mirrorTopicName: String
    package var sourceTopicName: String
    package var mirrorPartitionCount: Int
    package var sourcePartitionCount = 0
    /// Those that both sides have, in order.
    package var partitions: [PartitionVerification] = []

    init(linkName: String, mirrorTopicName: String, sourceTopicName: String, mirrorPartitionCount: Int) {
        self.linkName = linkName
        self.mirrorTopicName = mirrorTopicName
        self.sourceTopicName = sourceTopicName
        self.mirrorPartitionCount = mirrorPartitionCount
    }

    /// What differs in the topics as a whole, in words; nil when nothing does.
    package var difference: String? {
        guard sourcePartitionCount != mirrorPartitionCount else {
            return nil
        }
        return "the source has \(sourcePartitionCount) partitions, the mirror \(mirrorPartitionCount)"
    }
    /// Whether both have the same partitions, and every partition the same bytes wherever both sides hold something.
    package var matches: Bool {
        !partitions.isEmpty && difference == nil && partitions.allSatisfy { $0.difference == nil }
    }
    /// Whether no byte was compared, so that ``matches`` proves nothing.
    package var isEmpty: Bool { partitions.allSatisfy { $0.source.batches == 0 && $0.mirror.batches == 0 } }
    /// Whether, beyond ``matches``, nothing of the source is missing at the mirror's end.
    package var isComplete: Bool { matches && partitions.allSatisfy { $0.lag == 0 } }
}

/// Both sides of one partition.
package struct PartitionVerification: Sendable {
    package var partition: Int32
    package var source: SideDigest
    package var mirror: SideDigest
    /// Offsets that both sides keep and that were compared; empty when there are none.
    package var compared: OffsetRange
    /// What differs first, in words; nil when nothing does.
    package var difference: String?

    /// Offsets at the source's end that the mirror did not have when the comparison began.
    package var lag: Int64 { max(0, source.range.end -| mirror.range.end) }
}

/// What one side holds in the compared range.
package struct SideDigest: Sendable {
    /// Log start and end (the source's end is its high watermark) when the comparison began.
    package var range: OffsetRange
    package var batches = 0
    package var records = 0
    package var bytes = 0
    /// SHA-256 over the batches as they are stored, one after the other: for a segment file that begins and ends with
    /// the compared range it is what `sha256sum` says.
    package var hash = ""
}
