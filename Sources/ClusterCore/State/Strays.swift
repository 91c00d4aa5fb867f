import KafkaProtocol
import LogStorage

/// Directories in a cluster's data directory that belong to no partition.
///
/// What was on its way out (`…-delete`), what belongs to a topic that metadata knows as deleted, and what holds no
/// record is removed. A directory with anything in it that no log has is not ours and stays as it is. Anything else may
/// be somebody's data (the metadata log was lost or restored from a copy, the directory was put there): it is set aside
/// as `<topic>-<partition>.<id>-stray`, the name that Kafka gives it, and never removed. Every line names what was
/// found.
extension Cluster {
    static let deletedSuffix = "-delete"
    static let straySuffix = "-stray"

    /// Looks through the directories before the logs are opened.
    ///
    /// - Parameters:
    ///   - expected: topic ids by the names of the directories that partitions have.
    ///   - removed: ids of deleted topics.
    mutating func sortOutDirectories(
        expected: [String: KafkaUUID], removed: Set<KafkaUUID>
    ) throws(StorageError) {
        let before = removals.count
        let entries = try fileSystem.list(configuration.dataDirectory).sorted { $0.name < $1.name }
        for entry in entries where entry.isDirectory && entry.name != MetadataLog.directoryName {
            if entry.name.hasSuffix(Self.deletedSuffix) {
                removals.append(moved: configuration.dataDirectory + "/" + entry.name)
                continue
            }
            guard let (topic, index) = Self.partition(entry.name) else {
                continue
            }
            do throws(StorageError) {
                try sortOut(topic, index, wanted: expected[entry.name], removed)
            } catch {
                let text = "directory \(entry.name) belongs to no topic, and could not be looked at: \(error)"
                notices.append(Notice(level: .warning, text: text))
            }
        }
        if removals.count > before {
            let text =
                "\(configuration.dataDirectory): removing \(removals.count - before) director(ies) of deleted topics "
                + "and of topics that were never created"
            notices.append(Notice(level: .info, text: text))
            scheduleTopicWork()
        }
    }

    private mutating func sortOut(
        _ topic: String, _ index: Int32, wanted: KafkaUUID?, _ removed: Set<KafkaUUID>
    ) throws(StorageError) {
        let directory = logDirectory(topic, index)
        let id = storedTopicID(directory)
        if let wanted {
            guard let id, id != wanted else {
                return
            }
        }
        guard let id, removed.contains(id) else {
            return try judge(topic, index, id: id)
        }
        removals.append(directory, log: nil, as: awayName(topic, index, id))
        if wanted != nil {
            try makeWay(directory)
        }
    }

    /// nil when there is none or it cannot be read: then the name counts.
    func storedTopicID(_ directory: String) -> KafkaUUID? {
        do throws(StorageError) {
            return try PartitionLog.storedTopicID(in: directory, on: fileSystem)
        } catch {
            return nil
        }
    }

    /// An unknown directory goes when it holds no record, and is kept under another name when it does.
    mutating func judge(_ topic: String, _ index: Int32, id: KafkaUUID?) throws(StorageError) {
        let directory = logDirectory(topic, index)
        let id = id ?? .zero
        if let foreign = try PartitionLog.foreignEntry(in: directory, on: fileSystem) {
            let text =
                "directory \(directory) belongs to no topic of this cluster and holds '\(foreign)', which no log has: "
                + "it is left as it is"
            return notices.append(Notice(level: .warning, text: text))
        }
        if try PartitionLog.storedBytes(in: directory, on: fileSystem) ?? 0 == 0 {
            return removals.append(directory, log: nil, as: awayName(topic, index, id))
        }
        var target = awayName(topic, index, id, suffix: Self.straySuffix)
        var number = 1
        while fileSystem.exists(target) {
            number += 1
            target = awayName(topic, index, id, suffix: ".\(number)\(Self.straySuffix)")
        }
        try fileSystem.rename(directory, to: target)
        let text =
            "\(directory) belongs to no topic of this cluster (topic id \(id.base64)); it is set aside as \(target) "
            + "and never removed; how to take its records back: Docs/moving-on.md"
        notices.append(Notice(level: .warning, text: text))
    }

    /// Topic and index when a directory's name is that of a partition's log.
    static func partition(_ name: String) -> (String, Int32)? {
        guard let dash = name.lastIndex(of: "-"), let index = Int32(name[name.index(after: dash)...]), index >= 0
        else {
            return nil
        }
        let topic = String(name[..<dash])
        return TopicName.problem(topic) == nil && topic != InternalTopic.clusterMetadata ? (topic, index) : nil
    }
}
