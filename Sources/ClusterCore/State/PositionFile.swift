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
    /// What a replacement that is on its way to the disk says; nil when there is none.
    private var next: Positions?

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

    var isBeingWritten: Bool { next != nil }

    var needsWriting: Bool { written == nil || !changes.isEmpty || !goneTopics.isEmpty }

    func mentions(_ topic: String) -> Bool {
        written == nil || written?[topic] != nil || changes[topic] != nil || next?[topic] != nil
    }

    /// Whether the file has a position of a partition, or is about to get one.
    func mentions(_ partition: OffsetCheckpoint.Partition) -> Bool {
        written(partition) > 0 || next?[partition.topic]?[partition.partition] != nil
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
        let positions = wanted
        next = nil
        try OffsetCheckpoint.write(
            Self.offsets(positions), to: directory + "/" + name, on: fileSystem, durable: durable)
        written = positions
        changes = [:]
        goneTopics = []
    }

    // MARK: Replacing without waiting

    /// Begins to replace the file. Once the handle has been synced, ``finishWriting(_:_:)`` puts the new one in place.
    mutating func beginWriting(
        _ directory: String, _ fileSystem: any FileSystem
    ) throws(StorageError) -> any SyncHandle {
        let positions = wanted
        let handle = try OffsetCheckpoint.beginWriting(
            Self.offsets(positions), to: directory + "/" + name, on: fileSystem)
        next = positions
        return handle
    }

    /// Does nothing when the file was replaced meanwhile, or the replacement abandoned.
    mutating func finishWriting(_ directory: String, _ fileSystem: any FileSystem) throws(StorageError) {
        guard let next else {
            return
        }
        self.next = nil
        try fileSystem.finishReplacing(directory + "/" + name)
        let wanted = wanted
        written = next
        (changes, goneTopics) = ([:], [])
        for (topic, partitions) in next {
            guard let present = wanted[topic] else {
                goneTopics.insert(topic)
                continue
            }
            for (index, offset) in partitions where present[index] != offset {
                changes[topic, default: [:]][index] = present[index] ?? 0
            }
        }
        for (topic, partitions) in wanted {
            for (index, offset) in partitions where next[topic]?[index] == nil {
                changes[topic, default: [:]][index] = offset
            }
        }
    }

    /// What was begun will not take the file's place.
    mutating func abandonWriting() { next = nil }

    /// What the file is to say.
    private var wanted: Positions {
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
        return positions
    }

    private static func offsets(_ positions: Positions) -> [OffsetCheckpoint.Partition: Int64] {
        var offsets: [OffsetCheckpoint.Partition: Int64] = [:]
        for (topic, partitions) in positions {
            for (index, offset) in partitions {
                offsets[OffsetCheckpoint.Partition(topic: topic, partition: index)] = offset
            }
        }
        return offsets
    }
}
