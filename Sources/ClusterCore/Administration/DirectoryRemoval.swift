import KafkaProtocol
import LogStorage

/// Directories of deleted topics (and of topics that could not be made), which go a slice at a time.
///
/// A directory first gets the name that Kafka gives it, `<topic>-<partition>.<id>-delete`, so that a topic of the same
/// name can be created at once, and then it is removed. Whatever a crash leaves behind the next start finds.
struct DirectoryRemovals {
    struct Item {
        let directory: String
        let log: PartitionLog?
        /// Where it is moved before it is removed.
        let target: String
        var isMoved = false
        /// What is left in it, once it was looked at.
        var files: [DirectoryEntry]?
    }

    /// Deleted topics of which some directories are not among the others yet.
    var leaving = LeavingTopics()
    /// Directories that are not removed yet, by the name under which they were added.
    private var items: [String: Item] = [:]
    private var order: [String] = []
    /// What is behind the first `taken` of `order` is still to be done.
    private var taken = 0
    /// Bytes of a file that go at a time: to give back the memory and the blocks of a large one takes the system long.
    var stepBytes = 64 << 20
    /// One of which a part is gone.
    private var begun: Item?
    /// Could not be removed; they are tried again by housekeeping.
    private(set) var failed: [String] = []

    /// Whether there is something to do at once.
    var isEmpty: Bool { leaving.isEmpty && begun == nil && taken == order.count }
    /// Directories, without those of topics that are leaving.
    var count: Int { order.count - taken + (begun == nil ? 0 : 1) }

    mutating func append(_ directory: String, log: PartitionLog?, as target: String) {
        let item = Item(directory: directory, log: log, target: target)
        // A moved directory of that name may still be on its way out.
        if let earlier = items.updateValue(item, forKey: directory), earlier.isMoved {
            items[earlier.target] = Item(directory: earlier.target, log: nil, target: earlier.target, isMoved: true)
            order.append(earlier.target)
        }
        order.append(directory)
    }

    /// A directory that has its last name already.
    mutating func append(moved directory: String) {
        items[directory] = Item(directory: directory, log: nil, target: directory, isMoved: true)
        order.append(directory)
    }

    /// One that has to go at once because its name is wanted.
    func waiting(_ directory: String) -> Item? {
        items[directory].flatMap { $0.isMoved ? nil : $0 }
    }

    mutating func noteMoved(_ directory: String) {
        items[directory]?.isMoved = true
    }

    mutating func next() -> Item? {
        if let item = begun {
            begun = nil
            return item
        }
        while taken < order.count {
            let name = order[taken]
            taken += 1
            if taken == order.count {
                order.removeAll()
                taken = 0
            }
            if let item = items.removeValue(forKey: name) {
                return item
            }
        }
        return nil
    }

    /// Comes back first.
    mutating func putBack(_ item: Item) {
        begun = item
    }

    mutating func noteFailure(_ item: Item) {
        let item =
            item.isMoved ? Item(directory: item.target, log: nil, target: item.target, isMoved: true) : item
        items[item.directory] = item
        failed.append(item.directory)
    }

    mutating func retryFailed() {
        order.append(contentsOf: failed)
        failed = []
    }
}

/// Names of a topic's logs on their way out, by partition. What they share is made once: there may be thousands.
struct AwayNames {
    /// Bytes of a file's name at most.
    private static let longest = 255
    let directory: String
    let topic: String
    let ending: String

    subscript(index: Int32) -> String {
        let number = "-\(index)"
        let room = Self.longest - number.utf8.count - ending.utf8.count
        return topic.utf8.count <= room
            ? "\(directory)/\(topic)\(number)\(ending)" : "\(directory)/\(topic.prefix(room))\(number)\(ending)"
    }
}

extension Cluster {
    /// Kafka's name for a log that is to be removed (`-delete`) or set aside (`-stray`): unique by the topic's id, and
    /// not longer than file systems allow.
    func awayName(_ topic: String, _ index: Int32, _ id: KafkaUUID, suffix: String = deletedSuffix) -> String {
        awayNames(topic, id, suffix: suffix)[index]
    }

    /// The same for all partitions of a topic.
    func awayNames(_ topic: String, _ id: KafkaUUID, suffix: String = deletedSuffix) -> AwayNames {
        AwayNames(directory: configuration.dataDirectory, topic: topic, ending: ".\(id.hexadecimal)\(suffix)")
    }

    /// Few directories go at once, more in slices.
    mutating func removeSoon() {
        if removals.count <= Self.directoriesPerSlice {
            removeFiles(limit: Self.filesPerSlice)
        }
        if !removals.isEmpty {
            scheduleTopicWork()
        }
    }

    /// Removes files of directories that are on their way out, and the directories with their last files.
    mutating func removeFiles(limit: Int) {
        var left = limit
        while left > 0, var item = removals.next() {
            // Moving and removing the directory itself.
            left -= 2
            do throws(StorageError) {
                if !item.isMoved {
                    try move(item)
                    item.isMoved = true
                }
                try remove(&item, &left)
            } catch {
                note(error, item)
            }
        }
    }

    private mutating func remove(_ item: inout DirectoryRemovals.Item, _ left: inout Int) throws(StorageError) {
        guard fileSystem.exists(item.target) else {
            return
        }
        var files: [DirectoryEntry]
        if let known = item.files {
            files = known
        } else {
            files = try fileSystem.list(item.target)
        }
        // At least one, so that there is an end to it.
        for _ in 0..<min(files.count, max(1, left)) {
            var file = files.removeLast()
            let path = item.target + "/" + file.name
            if file.size > removals.stepBytes {
                file.size -= removals.stepBytes  // bounded: just compared
                try shorten(path, to: file.size)
                files.append(file)
                left = 0
                break
            }
            try file.isDirectory ? fileSystem.removeTree(path) : fileSystem.remove(path)
            left -= 1 + file.size / max(1, removals.stepBytes / Self.filesPerSlice)  // bounded: by stepBytes
            if left <= 0 {
                break
            }
        }
        item.files = files
        guard files.isEmpty else {
            return removals.putBack(item)
        }
        try fileSystem.removeTree(item.target)
    }

    private func shorten(_ path: String, to size: Int) throws(StorageError) {
        let file = try fileSystem.file(at: path, create: false)
        defer { file.close() }
        try file.truncate(to: size)
    }

    private mutating func note(_ error: StorageError, _ item: DirectoryRemovals.Item) {
        removals.noteFailure(item)
        let directory = item.isMoved ? item.target : item.directory
        let text = "directory \(directory) of a deleted log was not removed yet: \(error)"
        complain(.removal, of: directory, text, level: .warning)
    }

    private func move(_ item: DirectoryRemovals.Item) throws(StorageError) {
        // Whoever makes a log asks for the name first (``makeWay(_:)``); should one not have, its records stay.
        if let living = livingLog(item.directory), living !== item.log {
            return
        }
        if let log = item.log {
            return try log.moveAway(to: item.target)
        }
        do throws(StorageError) {
            try fileSystem.rename(item.directory, to: item.target)
        } catch {
            guard error.kind == .notFound else {
                throw error
            }
        }
    }

    /// Whether a directory's name is taken: on disk, or by what has yet to be moved away from there (which must not be
    /// done any more once there is a new log).
    mutating func isWanted(_ directory: String) -> Bool {
        letGo(directory)
        return removals.waiting(directory) != nil || fileSystem.exists(directory)
    }

    /// The log of a partition that clients know.
    private func livingLog(_ directory: String) -> PartitionLog? {
        guard let name = directory.split(separator: "/").last, let (topic, index) = Self.partition(String(name)),
            let partitions = topics[topic]?.partitions, partitions.indices.contains(Int(index)),
            let log = partitions[Int(index)].log, log.directory == directory
        else {
            return nil
        }
        return log
    }

    /// Clears the name of a directory for a new log. What is there and was not on its way out is set aside, not
    /// removed: metadata does not know whose it is.
    mutating func makeWay(_ directory: String) throws(StorageError) {
        letGo(directory)
        if let item = removals.waiting(directory) {
            if fileSystem.exists(directory) {
                try move(item)
            } else {
                item.log?.giveUp()
            }
            removals.noteMoved(directory)
            return
        }
        guard let name = directory.split(separator: "/").last, let (topic, index) = Self.partition(String(name)) else {
            return
        }
        guard livingLog(directory) == nil else {
            throw StorageError(.alreadyExists, "make", directory, detail: "a partition has its log there")
        }
        try judge(topic, index, id: storedTopicID(directory))
        if removals.waiting(directory) != nil {
            try makeWay(directory)
            scheduleTopicWork()
        }
    }
}
