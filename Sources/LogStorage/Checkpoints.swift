import KafkaProtocol

/// A file of offsets by partition, as `recovery-point-offset-checkpoint` and `log-start-offset-checkpoint` are: a
/// version line (0), a line with the count, then a line `topic partition offset` each.
package enum OffsetCheckpoint {
    package struct Partition: Hashable, Sendable {
        package var topic: String
        package var partition: Int32

        package init(topic: String, partition: Int32) {
            self.topic = topic
            self.partition = partition
        }
    }

    package static let recoveryPointFile = "recovery-point-offset-checkpoint"
    package static let logStartOffsetFile = "log-start-offset-checkpoint"

    /// Empty when there is no such file.
    /// - Throws: `.corrupt` when it is not of the format.
    package static func read(
        _ path: String, from fileSystem: any FileSystem
    ) throws(StorageError) -> [Partition: Int64] {
        guard let bytes = try fileSystem.contents(of: path) else { return [:] }
        var lines = TextLines(bytes, path: path)
        try lines.expectVersion("0")
        let count = try lines.count()
        var offsets: [Partition: Int64] = [:]
        for _ in 0..<count {
            let fields = try lines.fields(3)
            guard let partition = Int32(fields[1]), let offset = Int64(fields[2]), offset >= 0 else {
                throw lines.malformed()
            }
            offsets[Partition(topic: fields[0], partition: partition)] = offset
        }
        try lines.expectEnd()
        return offsets
    }

    package static func write(
        _ offsets: [Partition: Int64], to path: String, on fileSystem: any FileSystem, durable: Bool
    ) throws(StorageError) {
        try fileSystem.replace(path, with: encoded(offsets), durable: durable, isSound: true)
    }

    private static func encoded(_ offsets: [Partition: Int64]) -> [UInt8] {
        var text = "0\n\(offsets.count)\n"
        let ordered = offsets.sorted { ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition) }
        for (key, offset) in ordered { text += "\(key.topic) \(key.partition) \(offset)\n" }
        return [UInt8](text.utf8)
    }
}

/// `meta.properties` of a data directory (version 1, as KRaft brokers keep it).
package struct MetaProperties: Sendable, Equatable {
    package static let fileName = "meta.properties"

    package var clusterID: String
    package var nodeID: Int32
    package var directoryID: KafkaUUID?

    package init(clusterID: String, nodeID: Int32, directoryID: KafkaUUID? = nil) {
        self.clusterID = clusterID
        self.nodeID = nodeID
        self.directoryID = directoryID
    }

    /// The cluster's id in a file that may be damaged otherwise; nil when it names none.
    package static func clusterID(directory: String, from fileSystem: any FileSystem) throws(StorageError) -> String? {
        propertyLines(try fileSystem.contents(of: directory + "/" + fileName) ?? [])["cluster.id"]
    }

    /// Nil when the directory has none.
    package static func read(
        directory: String, from fileSystem: any FileSystem
    ) throws(StorageError) -> MetaProperties? {
        let path = directory + "/" + fileName
        guard let bytes = try fileSystem.contents(of: path) else { return nil }
        let properties = propertyLines(bytes)
        guard properties["version"] == "1", let cluster = properties["cluster.id"],
            let node = properties["node.id"].flatMap(Int32.init)
        else { throw StorageError(.corrupt, "read", path, detail: "version 1 with cluster.id and node.id expected") }
        return MetaProperties(
            clusterID: cluster, nodeID: node, directoryID: properties["directory.id"].flatMap(KafkaUUID.init(base64:)))
    }

    /// What the file holds.
    package func encoded() -> [UInt8] {
        var text = "cluster.id=\(clusterID)\n"
        if let directoryID { text += "directory.id=\(directoryID.base64)\n" }
        text += "node.id=\(nodeID)\nversion=1\n"
        return [UInt8](text.utf8)
    }
}

/// `.kafka_cleanshutdown`: there after a clean stop, to be removed before the first append of the next run.
package enum CleanShutdownMarker {
    package static let fileName = ".kafka_cleanshutdown"

    package static func write(directory: String, on fileSystem: any FileSystem) throws(StorageError) {
        let text = #"{"version":0,"brokerEpoch":-1}"#
        try fileSystem.replace(directory + "/" + fileName, with: [UInt8](text.utf8), durable: true)
    }

    /// Says whether the mark was there, and removes it.
    package static func take(directory: String, on fileSystem: any FileSystem) throws(StorageError) -> Bool {
        let path = directory + "/" + fileName
        guard fileSystem.exists(path) else { return false }
        try fileSystem.remove(path)
        try fileSystem.syncDirectory(directory)
        return true
    }
}

/// `partition.metadata`: which topic a log belongs to.
enum PartitionMetadata {
    static let fileName = "partition.metadata"

    static func read(directory: String, from fileSystem: any FileSystem) throws(StorageError) -> KafkaUUID? {
        let path = directory + "/" + fileName
        guard let bytes = try fileSystem.contents(of: path) else { return nil }
        var fields: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            fields[String(line[..<colon])] = String(value)
        }
        guard fields["version"] == "0", let id = fields["topic_id"].flatMap(KafkaUUID.init(base64:)) else {
            throw StorageError(.corrupt, "read", path, detail: "version 0 with a topic_id expected")
        }
        return id
    }

    static func write(
        _ id: KafkaUUID, directory: String, on fileSystem: any FileSystem, durable: Bool
    ) throws(StorageError) {
        let text = "version: 0\ntopic_id: \(id.base64)\n"
        try fileSystem.replace(directory + "/" + fileName, with: [UInt8](text.utf8), durable: durable)
    }
}

/// Lines of a checkpoint: a version, a count, then as many lines of fields.
struct TextLines {
    private var lines: ArraySlice<Substring>
    private let path: String
    /// A last line without its end is what a loss of power left of a file: a number in it may be the beginning of one.
    private let isWhole: Bool

    init(_ bytes: [UInt8], path: String) {
        isWhole = bytes.last == UInt8(ascii: "\n")
        let text = String(decoding: bytes, as: UTF8.self)
        lines = text.split(separator: "\n", omittingEmptySubsequences: true)[...]
        self.path = path
    }

    func malformed() -> StorageError { StorageError(.corrupt, "read", path, detail: "not of the checkpoint format") }

    mutating func expectVersion(_ version: String) throws(StorageError) {
        guard let line = lines.popFirst(), line == version else { throw malformed() }
    }

    /// The count, which cannot be more than the lines that follow.
    mutating func count() throws(StorageError) -> Int {
        guard let line = lines.popFirst(), let count = Int(line), count >= 0, count <= lines.count else {
            throw malformed()
        }
        return count
    }

    mutating func fields(_ count: Int) throws(StorageError) -> [String] {
        guard let line = lines.popFirst() else { throw malformed() }
        let fields = line.split(separator: " ").map(String.init)
        guard fields.count == count else { throw malformed() }
        return fields
    }

    func expectEnd() throws(StorageError) {
        guard lines.isEmpty, isWhole else { throw malformed() }
    }
}

/// `key=value` lines; `#` starts a comment.
private func propertyLines(_ bytes: [UInt8]) -> [String: String] {
    var properties: [String: String] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
        guard let equals = line.firstIndex(of: "=") else { continue }
        properties[String(line[..<equals])] = String(line[line.index(after: equals)...])
    }
    return properties
}
