import LogStorage

/// The mark that a cluster leaves when it closed every log, in Kafka's file `.kafka_cleanshutdown`.
enum CleanShutdown {
    /// Tells whether the mark is there, and takes it away: from now on a crash is possible.
    static func begin(_ directory: String, _ fileSystem: any FileSystem) throws(StorageError) -> Bool {
        try fileSystem.makeDirectory(directory)
        return try CleanShutdownMarker.take(directory: directory, on: fileSystem)
    }

    static func mark(_ directory: String, _ fileSystem: any FileSystem) throws(StorageError) {
        try CleanShutdownMarker.write(directory: directory, on: fileSystem)
    }
}
