import LogStorage

/// One checkpoint file: what it says, and what it is to say after the next write. Kept up to date partition by
/// partition, so that a change costs nothing for those that have not changed.
struct PositionFile {
    private typealias Positions = OffsetCheckpointText.Positions

    private struct Replacement {
        var changes: Positions
        var goneTopics: Set<String>
    }

    private let name: String
    /// nil when the file was damaged: whatever it holds has to be written over.
    private var written: Positions? = [:]
    /// Where logs differ from the file; 0 for what is not to be in it any more.
    private var changes: Positions = [:]
    /// Topics that the file names and the cluster does not have.
    private var goneTopics: Set<String> = []
    /// How a replacement that is on its way to the disk differs from the file; nil when there is none.
    private var next: Replacement?
    /// The file's content, for replacements; another thread's while one is on its way. nil when it has to be made anew.
    private var text: OffsetCheckpointText?
    /// What earlier versions of the file said, the least of it, that a loss of power could bring back.
    private var earlier: Positions = [:]

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

    /// What the file says after a loss of power at the least; 0 when it may say nothing.
    func certain(_ partition: OffsetCheckpoint.Partition) -> Int64 {
        min(written(partition), earlier[partition.topic]?[partition.partition] ?? .max)
    }

    /// Whether positions of logs could fall back to earlier ones.
    var mayFallBack: Bool { !earlier.isEmpty }

    /// The file's name is on disk, and with it what it says now.
    mutating func nameIsOnDisk() { earlier = [:] }

    var isBeingWritten: Bool { next != nil }

    var needsWriting: Bool { written == nil || !changes.isEmpty || !goneTopics.isEmpty }

    func mentions(_ topic: String) -> Bool {
        written == nil || written?[topic] != nil || changes[topic] != nil || next?.changes[topic] != nil
    }

    /// Whether the file has a position of a partition, or is about to get one.
    func mentions(_ partition: OffsetCheckpoint.Partition) -> Bool {
        written(partition) > 0 || next?.changes[partition.topic]?[partition.partition] ?? 0 > 0
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
        earlier[topic] = nil
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
        (next, text) = (nil, nil)
        try OffsetCheckpoint.write(
            Self.offsets(positions), to: directory + "/" + name, on: fileSystem, durable: durable)
        if durable {
            nameIsOnDisk()
        } else {
            rememberEarlier(changes)
        }
        written = positions
        changes = [:]
        goneTopics = []
    }

    // MARK: Replacing without waiting

    /// Begins to replace the file, which costs what has changed. Once the handle has been synced, by whatever thread,
    /// ``finishWriting(_:_:)`` puts the new one in place.
    mutating func beginWriting(
        _ directory: String, _ fileSystem: any FileSystem
    ) throws(StorageError) -> any SyncHandle {
        let replacement = Replacement(changes: changes, goneTopics: goneTopics)
        let base = text == nil ? written ?? [:] : [:]
        let text = text ?? OffsetCheckpointText()
        // Unless this succeeds nobody knows what it holds.
        self.text = nil
        let handle = try fileSystem.beginReplacing(directory + "/" + name) {
            text.change(base)
            text.change(replacement.changes, gone: replacement.goneTopics)
            return text.encoded()
        }
        (self.text, next) = (text, replacement)
        return handle
    }

    /// Does nothing when the file was replaced meanwhile, or the replacement abandoned.
    mutating func finishWriting(_ directory: String, _ fileSystem: any FileSystem) throws(StorageError) {
        guard let next else {
            return
        }
        try fileSystem.finishReplacing(directory + "/" + name)
        self.next = nil
        rememberEarlier(next.changes)
        let wanted = wishes(concerning: next)
        for topic in next.goneTopics {
            written?[topic] = nil
        }
        written = written ?? [:]
        for (topic, partitions) in next.changes {
            for (index, offset) in partitions {
                written?[topic, default: [:]][index] = offset > 0 ? offset : nil
            }
            if written?[topic]?.isEmpty == true {
                written?[topic] = nil
            }
        }
        goneTopics = goneTopics.filter { written?[$0] != nil }
        for (partition, offset) in wanted {
            note(partition, offset)
        }
    }

    /// What the file is to say now about all that a replacement changes.
    private func wishes(concerning next: Replacement) -> [(OffsetCheckpoint.Partition, Int64)] {
        var wishes: [(OffsetCheckpoint.Partition, Int64)] = []
        func add(_ topic: String, _ index: Int32) {
            let present = goneTopics.contains(topic) ? 0 : written?[topic]?[index] ?? 0
            let name = OffsetCheckpoint.Partition(topic: topic, partition: index)
            wishes.append((name, changes[topic]?[index] ?? present))
        }
        for (topic, partitions) in next.changes {
            for index in partitions.keys {
                add(topic, index)
            }
        }
        for topic in next.goneTopics {
            for index in (changes[topic] ?? [:]).keys where next.changes[topic]?[index] == nil {
                add(topic, index)
            }
        }
        return wishes
    }

    /// What was begun will not take the file's place.
    mutating func abandonWriting() {
        if next != nil {
            (next, text) = (nil, nil)
        }
    }

    private mutating func rememberEarlier(_ changes: Positions) {
        for (topic, partitions) in changes {
            for index in partitions.keys {
                let present = max(written?[topic]?[index] ?? 0, 0)
                let least = earlier[topic]?[index] ?? .max
                earlier[topic, default: [:]][index] = min(least, present)
            }
        }
    }

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
