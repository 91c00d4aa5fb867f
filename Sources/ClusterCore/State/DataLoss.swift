import KafkaProtocol
import LogStorage

/// Records that are missing and whose loss the user accepts: `--accept-data-loss TOPIC-PARTITION`.
///
/// A partition whose files are not all there stays offline, and without its metadata log a cluster does not start,
/// until somebody says that the rest will do. Nothing is then taken for granted: the partition is read as after an
/// unclean stop, and every leader epoch rises.
extension Cluster {
    static let acceptanceOption = "--accept-data-loss"

    /// How the loss of a partition's records can be accepted, as the end of a sentence.
    static func acceptance(of name: String, _ configuration: ClusterConfiguration) -> String {
        "; to go on without them, start with \(acceptanceOption) \(configuration.clusterID)/\(name)"
    }

    /// The error with how to accept it, when it can be accepted.
    static func explained(
        _ error: StorageError, _ name: String, _ configuration: ClusterConfiguration, damageToo: Bool = false
    ) -> StorageError {
        guard error.kind == .recordsLost || damageToo && error.kind == .corrupt else {
            return error
        }
        var error = error
        error.detail += acceptance(of: name, configuration)
        return error
    }

    /// Refuses to take a directory that has no metadata log for a new one when it has partitions, or when the cluster
    /// had data in an earlier run. Nothing is made before: it may be where a disk is mounted that is missing.
    static func checkMetadataLogIsThere(
        _ configuration: ClusterConfiguration, _ fileSystem: any FileSystem
    ) throws(StorageError) {
        let directory = configuration.dataDirectory
        guard !configuration.acceptedLosses.contains(MetadataLog.directoryName),
            !fileSystem.exists(directory + "/" + MetadataLog.directoryName)
        else {
            return
        }
        let isThere = fileSystem.exists(directory)
        let entries = isThere ? try fileSystem.list(directory) : []
        let partitions = entries.filter { $0.isDirectory && isPartitionDirectory($0.name) }
        guard let one = partitions.map(\.name).min() else {
            guard configuration.mustExist else {
                return
            }
            let what = isThere ? "\(MetadataLog.directoryName) is gone" : "the directory is gone"
            throw StorageError(
                .recordsLost, "open", directory,
                detail: "\(what), and with it every topic of the cluster: put it back (is its disk mounted?)"
                    + acceptance(of: MetadataLog.directoryName, configuration))
        }
        throw StorageError(
            .recordsLost, "open", directory,
            detail: "\(MetadataLog.directoryName) is gone, but there are \(partitions.count) partitions (\(one), …), "
                + "which no topic would own" + acceptance(of: MetadataLog.directoryName, configuration))
    }

    /// A topic's records come after the commit that made it, and that was synced: where directories hold records of
    /// topics that a damaged or empty metadata log does not have, what is damaged was acknowledged.
    func checkMetadataCoversRecords(
        expected: [String: KafkaUUID], removed: Set<KafkaUUID>
    ) throws(StorageError) {
        let log = metadataLog.log
        guard log.logEndOffset == 0 || log.findings.contains(where: { $0.lost != nil }),
            !configuration.acceptedLosses.contains(MetadataLog.directoryName)
        else {
            return
        }
        var unknown: [String] = []
        for name in try fileSystem.list(configuration.dataDirectory).map(\.name).sorted()
        where try holdsUnknownRecords(name, expected, removed) {
            unknown.append(name)
        }
        guard let one = unknown.first else {
            return
        }
        let state = log.findings.first { $0.lost != nil }.map { "\($0.text) (nothing is changed yet)" } ?? "it is empty"
        throw StorageError(
            .recordsLost, "open", log.directory,
            detail: "\(state), but \(unknown.count) partition(s) hold records (\(one), …) that no topic would own, so "
                + "this is no torn write" + Self.acceptance(of: MetadataLog.directoryName, configuration))
    }

    private func holdsUnknownRecords(
        _ name: String, _ expected: [String: KafkaUUID], _ removed: Set<KafkaUUID>
    ) throws(StorageError) -> Bool {
        guard name != MetadataLog.directoryName, let (topic, index) = Self.partition(name) else {
            return false
        }
        let directory = logDirectory(topic, index)
        let id = storedTopicID(directory)
        guard id.map({ $0 != expected[name] && !removed.contains($0) }) ?? (expected[name] == nil) else {
            return false
        }
        return try PartitionLog.storedBytes(in: directory, on: fileSystem) ?? 0 > 0
    }

    private static func isPartitionDirectory(_ name: String) -> Bool {
        guard let dash = name.lastIndex(of: "-"), dash != name.startIndex else {
            return false
        }
        return Int32(name[name.index(after: dash)...]).map { $0 >= 0 } ?? false
    }

    /// Says which accepted losses were none, once everything is loaded.
    mutating func reportUnusedAcceptances() {
        for name in configuration.acceptedLosses.sorted() where name != MetadataLog.directoryName {
            let text: String
            if let dash = name.lastIndex(of: "-"), let index = Int32(name[name.index(after: dash)...]),
                topics[String(name[..<dash])]?.partition(index) != nil
            {
                guard !lossyPartitions.contains(name) else {
                    continue
                }
                text = "nothing was missing"
            } else {
                text = "there is no such partition"
            }
            notices.append(Notice(level: .warning, text: "\(Self.acceptanceOption) \(name): \(text)"))
        }
    }
}
