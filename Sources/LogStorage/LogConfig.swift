import KafkaProtocol

/// What a topic's configuration says about one log. Names, units and defaults are those of Kafka's topic configs
/// (Apache Kafka 4.2); the cluster resolves overrides and broker defaults before it hands one of these over.
package struct LogConfig: Sendable, Equatable {
    /// `segment.bytes`: a segment is closed before it would grow beyond this many bytes.
    package var segmentBytes: Int = 1 << 30
    /// `segment.ms`: age in milliseconds at which a non-empty segment is closed.
    package var segmentMs: Int64 = 7 * 24 * 3_600_000
    /// `segment.index.bytes`: size limit of one offset or time index, in bytes.
    package var segmentIndexBytes: Int = 10 << 20
    /// `index.interval.bytes`: bytes of batches between two index entries.
    package var indexIntervalBytes: Int = 4096
    /// `retention.ms`: age in milliseconds after which a closed segment may go; -1 keeps everything.
    package var retentionMs: Int64 = 7 * 24 * 3_600_000
    /// `retention.bytes`: size in bytes that the log may have; -1 means no limit.
    package var retentionBytes: Int64 = -1
    /// `max.message.bytes`: the largest batch that a leader accepts, in bytes, header included.
    package var maxMessageBytes: Int = 1_048_588
    /// `message.timestamp.type`.
    package var messageTimestampType = TimestampType.createTime
    /// `message.timestamp.before.max.ms`: how far a record's timestamp may lie in the past.
    package var messageTimestampBeforeMaxMs: Int64 = .max
    /// `message.timestamp.after.max.ms`: how far a record's timestamp may lie in the future (KIP-937, KIP-1030).
    package var messageTimestampAfterMaxMs: Int64 = 3_600_000
    /// `cleanup.policy`.
    package var cleanupPolicy: CleanupPolicy = .delete
    /// `flush.messages`: records after which the log asks to be flushed.
    package var flushMessages: Int64 = .max
    /// `flush.ms`: milliseconds after which unflushed records ask to be flushed.
    package var flushMs: Int64 = .max
    /// `producer.id.expiration.ms` of the broker: idle time after which a producer's state is forgotten.
    package var producerIDExpirationMs: Int64 = 24 * 3_600_000

    package init() {}

    /// Whether records without a key have to be refused.
    package var requiresKeys: Bool { cleanupPolicy.contains(.compact) }
}

/// `cleanup.policy`: how old data leaves a log. An empty set keeps data for ever (KIP-1161).
package struct CleanupPolicy: OptionSet, Sendable, Equatable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let delete = CleanupPolicy(rawValue: 1)
    package static let compact = CleanupPolicy(rawValue: 2)
}

/// What an acknowledgement means.
package enum Durability: Sendable, Equatable {
    /// The bytes are in the page cache: they survive the process, not the machine.
    case os
    /// The bytes have been fsynced; ``PartitionLog/highWatermark`` moves only then.
    case fsync
}

/// How a log treats the page cache and the disk's free space while it grows. The defaults come from measurements:
/// sustained appends collapse to a fraction of the disk's speed when dirty pages pile up without bound.
package struct StoragePacing: Sendable, Equatable {
    /// Bytes a segment must hold before anything is done for it: small logs stay cheap.
    package var startsAtBytes: Int = 16 << 20
    /// Write-back is started each time this many bytes have been appended; 0 turns pacing off.
    package var writebackBytes: Int = 8 << 20
    /// Bytes behind the end of the log that stay in the page cache; older ones are dropped once written.
    package var keepCachedBytes: Int = 64 << 20
    /// Bytes a segment must hold before disk space is reserved ahead of it.
    package var preallocatesAtBytes: Int = 1 << 20
    /// The largest step in which disk space is reserved; steps start at the segment's own size. 0 reserves nothing.
    package var preallocationStepBytes: Int = 64 << 20

    package init() {}

    /// No pacing and no reservation.
    package static var none: StoragePacing {
        var pacing = StoragePacing()
        pacing.writebackBytes = 0
        pacing.preallocationStepBytes = 0
        return pacing
    }
}

/// What ``PartitionLog/open(directory:fileSystem:config:options:)`` needs to know beside the topic's configuration.
package struct LogOptions: Sendable {
    /// Written to `partition.metadata` of a new log and compared with that of an old one.
    package var topicID: KafkaUUID?
    /// Whether the data directory carried the mark of a clean stop: then sizes and indexes are trusted.
    package var cleanShutdown = false
    /// Whether this process had the log open before and gave it up: its last index was in memory only then.
    package var wasGivenUp = false
    /// From `recovery-point-offset-checkpoint`: everything below is known to be on disk and is not scanned again.
    package var recoveryPoint: Int64 = 0
    /// From `log-start-offset-checkpoint`: the first offset that readers may see.
    package var logStartOffset: Int64 = 0
    /// Where the producers of a log that was a mirror's end; see ``PartitionLog/endProducers()``.
    package var producerEnd: Int64?
    package var durability = Durability.os
    /// Whether every append was synced before the next: then only the last one can be torn, and damage before it
    /// stops the opening.
    package var everyAppendIsSynced = false
    /// Whether what follows the last sound batch stays in the file until ``PartitionLog/cutDamagedEnd()``: the caller
    /// looks first whether it may go. Nothing must be appended before.
    package var cutsLater = false
    /// Whether records were only ever given the next offset, as a leader does: no mirror, whose source may have gaps,
    /// and not compacted. Then a gap inside a segment is damage.
    package var isGapless = false
    /// Whether the log was made earlier: then its directory must be there.
    package var mustExist = false
    /// Whether the user said that records which are gone may be gone.
    package var acceptsLoss = false
    package var pacing = StoragePacing()
    /// Whether a new log is on disk when `open` returns (with durability `fsync`). Who makes many logs syncs them
    /// together instead, see ``FileSystem/treeSyncHandle(_:)``.
    package var syncsCreation = true
    /// Milliseconds since the epoch.
    package var now: Int64 = 0

    package init() {}
}
