import ClusterCore
import KafkaClient
import KafkaProtocol

/// What a link remembers about one partition that it mirrors; the rest is in the mirror's log.
final class MirrorPartition {
    /// The mirror topic, not the source's.
    let topicID: KafkaUUID
    let source: TopicPartition
    /// -1 before the first fetch.
    var sourceHighWatermark: Int64 = -1
    /// -1 before the first fetch.
    var lastFetchMs: Int64 = -1
    /// Where the mirror's readers begin once the first batch is there, which may hold older records too.
    var firstVisibleOffset: Int64?
    /// Whether it is certain that the source has what the mirror ends with.
    var lookBack = LookBack.due
    /// Why the last try failed; nil once one succeeds.
    var problem: String?
    /// Why the mirror could not take what the source sent; nil once it could. Trying goes on.
    var refusal: String?
    /// Where the source's batches did not follow each other: what lies behind is not taken without what begins there.
    var disorderOffset: Int64?
    /// Where an answer brought nothing but a batch behind a gap: asked for next is the gap's last offset.
    var doubtfulGap: Range<Int64>?
    /// Offsets that the last answer passed over although the topic is not compacted.
    var passedOver: Range<Int64>?
    /// When that is worth a line in the log.
    var gapLines = RareLines<Bool>()
    /// When a refusal is.
    var refusalLines = RareLines<String>()

    enum LookBack {
        /// A connection is new.
        case due
        /// The mirror's last batch was asked for once more.
        case underWay
        case done
    }

    init(topicID: KafkaUUID, source: TopicPartition) {
        self.topicID = topicID
        self.source = source
    }

    /// Offsets that are missing, given where the log ends and where the next fetch begins (beyond it after a jump over
    /// offsets that the source no longer has).
    func lag(logEndOffset: Int64, position: Int64?) -> Int64 {
        guard sourceHighWatermark >= 0 else {
            return -1
        }
        return max(0, sourceHighWatermark -| max(logEndOffset, position.map { min($0, sourceHighWatermark) } ?? 0))
    }
}
