import LogStorage

/// The mark that a cluster leaves when it closed every log, in Kafka's file `.kafka_cleanshutdown`.
enum CleanShutdown {
    /// Tells whether the mark is there, and takes it away: from now on a crash is possible.
    static func begin(_ directory: String, _ fileSystem: any FileSystem) throws(StorageError) -> Bool {
        try fileSystem.makeDirectory(directory)
        return try CleanShutdownMarker.take(in: directory, fileSystem: fileSystem)
    }

    static func mark(_ directory: String, _ fileSystem: any FileSystem) throws(StorageError) {
        try CleanShutdownMarker.write(in: directory, fileSystem: fileSystem)
    }
}

extension Cluster {
    /// Closes every log and leaves the mark that lets the next start skip recovery.
    package mutating func close() throws(StorageError) {
        for topic in topics.sorted {
            for partition in topic.partitions {
                try partition.log?.close()
            }
        }
        try metadataLog.log.close()
        try CleanShutdown.mark(configuration.dataDirectory, fileSystem)
    }
}
