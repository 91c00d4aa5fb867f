import KafkaProtocol

extension PartitionLog {
    /// Gives up the log's files and moves its directory out of the way of a later log of that name. The log must not be
    /// used any more. A directory that is not there (any more) is fine.
    package func moveAway(to newDirectory: String) throws(StorageError) {
        giveUp()
        do throws(StorageError) {
            try fileSystem.rename(directory, to: newDirectory)
        } catch {
            guard error.kind == .notFound else { throw error }
        }
    }

    /// Closes the files without writing anything: nobody will open this log again.
    package func giveUp() {
        isClosed = true
        for segment in dropped + segments { segment.closeFile() }
        dropped = []
    }

    /// Bytes of batches in a directory of segments; nil when there is no such directory.
    package static func storedBytes(
        in directory: String, on fileSystem: any FileSystem
    ) throws(StorageError) -> Int? {
        do throws(StorageError) {
            return try fileSystem.list(directory).reduce(0) { sum, entry in
                entry.name.hasSuffix(".log") ? sum + entry.size : sum
            }
        } catch {
            guard error.kind == .notFound else { throw error }
            return nil
        }
    }

    /// Something in a directory that is not a log's: a directory, or a file with a name that no version of a log uses.
    /// nil when there is none, or no directory.
    package static func foreignEntry(
        in directory: String, on fileSystem: any FileSystem
    ) throws(StorageError) -> String? {
        do throws(StorageError) {
            return try fileSystem.list(directory).filter { $0.isDirectory || !isLogFile($0.name) }.map(\.name).min()
        } catch {
            guard error.kind == .notFound else { throw error }
            return nil
        }
    }

    /// Names that Kafka's logs and ours use, also half written and on their way out.
    private static func isLogFile(_ name: String) -> Bool {
        var name = Substring(name)
        for suffix in [".tmp", ".deleted", ".cleaned", ".swap"] where name.hasSuffix(suffix) {
            name = name.dropLast(suffix.count)
        }
        if ["partition.metadata", "leader-epoch-checkpoint", CutNote.fileName].contains(String(name)) {
            return true
        }
        let endings = [".log", ".index", ".timeindex", ".txnindex", ".snapshot", LogFileName.gap]
        guard let ending = endings.first(where: { name.hasSuffix($0) }) else {
            return false
        }
        return name.dropLast(ending.count).allSatisfy { ("0"..."9").contains($0) }
    }

    /// The topic that a directory says it belongs to; nil when it says nothing.
    package static func storedTopicID(
        in directory: String, on fileSystem: any FileSystem
    ) throws(StorageError) -> KafkaUUID? {
        try PartitionMetadata.read(directory: directory, from: fileSystem)
    }
}
