import KafkaProtocol
import LogStorage

/// Which formats a data directory uses, as Kafka's FeatureLevelRecords in the metadata log say.
///
/// Levels of `twinlog.metadata.version`: 0 (no record), everything before there were levels; 1, commits of several
/// batches in transactions, committed offsets with topic ids, producer ids from a place of the cluster's own.
package struct FeatureLevels: Sendable {
    /// What this program writes, and reads from an older directory.
    package static let current: Int16 = 1
    package static let name = "twinlog.metadata.version"
    /// Kafka's own level, for its tools: 4.2-IV1.
    static let kafka: Int16 = 29
    static let kafkaName = "metadata.version"

    /// By feature name.
    package private(set) var finalized: [String: Int16] = [:]

    /// Level 0 takes a feature away.
    mutating func replay(_ record: FeatureLevelRecord) {
        finalized[record.name] = record.featureLevel == 0 ? nil : record.featureLevel
    }

    /// What has to be written before this program may use the directory; empty when it is up to date.
    var upgrade: [MetadataChange] {
        [(Self.kafkaName, Self.kafka), (Self.name, Self.current)].filter { name, level in
            finalized[name, default: 0] < level
        }.map { name, level in
            var record = FeatureLevelRecord()
            record.name = name
            record.featureLevel = level
            return .featureLevel(record)
        }
    }

    static func isTooNew(_ record: FeatureLevelRecord) -> Bool {
        record.name == name && record.featureLevel > current
    }

    /// Refuses what a newer program has written.
    static func check(_ change: MetadataChange, _ directory: String) throws(StorageError) {
        guard case .featureLevel(let record) = change, isTooNew(record) else {
            return
        }
        throw StorageError(
            .tooNew, "open", directory,
            detail: "the directory was written by a newer Twinlog (\(name) \(record.featureLevel), this one knows "
                + "\(current)); start that version, or use another data directory")
    }
}

extension Cluster {
    /// Notes in the metadata log which formats this program writes, at the first start and after an update.
    mutating func upgradeFeatures(now: Int64) throws(StorageError) {
        let upgrade = features.upgrade
        guard !upgrade.isEmpty else {
            return
        }
        let isNew = topics.count == 0 && features.finalized.isEmpty
        do throws(ErrorCode) {
            try commit(upgrade, now: now)
        } catch {
            let detail = "the feature levels could not be written (\(error.name))"
            guard !isNew else {
                throw StorageError(.io, "write", metadataLog.log.directory, detail: detail)
            }
            // Everything that is there can be read; the next start tries again.
            notices.append(Notice(level: .warning, text: "\(configuration.dataDirectory): \(detail)"))
        }
    }
}
