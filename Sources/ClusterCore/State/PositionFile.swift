import LogStorage

/// One checkpoint file: what it says, and what it is to say after the next write. Kept up to date partition by
/// partition, so that a change costs nothing for those that have not changed.
struct PositionFile {
    private typealias Positions = [String: [Int32: Int64]]

    private let name: String
    /// nil when the file was damaged: whatever it holds has to be written over.
    private var written: Positions? = [:]
    /// Where logs differ from the file; 0 for what is not to be in it any more.
    private var changes: Positions = [:]
    /// Topics that the file names and the cluster does not have.
    private var goneTopics: Set<String> = []

    init(_ name: String) {
        self.name = name
    }

    mutating func read(
        _ directory: String, _ fileSystem: any FileSystem, _ notices: inout [Notice]
    ) throws(StorageError) {
        do throws(StorageError) {
            var positions: Positions = [:]
            for (partition, offset) in try OffsetCheckpoint.read(directory + "/" + name, from: fileSystem) {
                positions[partition.topic, default: [:]][partition.partition] = offset
            }
            written = positions
        } catch {
            guard error.kind == .corrupt else {
                throw error
            }
            let text = "\(directory)/\(name) is damaged and passed over; logs tell their positions themselves"
            notices.append(Notice(level: .warning, text: text))
            written = nil
        }
    }

    /// What the file says; 0 when it says nothing.
    func written(_ partition: OffsetCheckpoint.Partition) -> Int64 {
        max(written?[partition.topic]?[partition.partition] ?? 0, 0)
    }

    var needsWriting: Bool { written == nil || !changes.isEmpty || !goneTopics.isEmpty }

    func mentions(_ topic: String) -> Bool {
        written == nil || written?[topic] != nil || changes[topic] != nil
    }

    mutating func note(_ partition: OffsetCheckpoint.Partition, _ offset: Int64) {
        let offset = max(offset, 0)
        if offset != written(partition) {
            changes[partition.topic, default: [:]][partition.partition] = offset
        } else if changes[partition.topic]?.removeValue(forKey: partition.partition) != nil,
            changes[partition.topic]?.isEmpty == true
        {
            changes[partition.topic] = nil
        }
    }

    mutating func forgetTopic(_ topic: String) {
        changes[topic] = nil
        if written?[topic] != nil {
            goneTopics.insert(topic)
        }
    }

    mutating func forgetAllBut(_ topics: TopicCatalog) {
        for (name, positions) in written ?? [:] {
            guard let topic = topics[name] else {
                forgetTopic(name)
                continue
            }
            for index in positions.keys where topic.partition(index) == nil {
                note(OffsetCheckpoint.Partition(topic: name, partition: index), 0)
            }
        }
    }

    /// Replaces the file. When that fails, everything is still to be written.
    mutating func write(
        _ directory: String, _ fileSystem: any FileSystem, durable: Bool
    ) throws(StorageError) {
        var positions = written ?? [:]
        for topic in goneTopics {
            positions[topic] = nil
        }
        for (topic, partitions) in changes {
            for (index, offset) in partitions {
                positions[topic, default: [:]][index] = offset > 0 ? offset : nil
            }
            if positions[topic]?.isEmpty == true {
                positions[topic] = nil
            }
        }
        var offsets: [OffsetCheckpoint.Partition: Int64] = [:]
        for (topic, partitions) in positions {
            for (index, offset) in partitions {
                offsets[OffsetCheckpoint.Partition(topic: topic, partition: index)] = offset
            }
        }
        try OffsetCheckpoint.write(offsets, to: directory + "/" + name, on: fileSystem, durable: durable)
        written = positions
        changes = [:]
        goneTopics = []
    }
}
