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
        for segment in segments { segment.closeFile() }
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

    /// The topic that a directory says it belongs to; nil when it says nothing.
    package static func storedTopicID(
        in directory: String, on fileSystem: any FileSystem
    ) throws(StorageError) -> KafkaUUID? {
        try PartitionMetadata.read(directory: directory, from: fileSystem)
    }
}
