import LogStorage

/// The mark that a cluster leaves when it closed every log, in Kafka's file `.kafka_cleanshutdown`.
enum CleanShutdown {
    /// Tells whether the mark is there, and takes it away: from now on a crash is possible.
    static func begin(_ directory: String, _ fileSystem: any FileSystem) throws(StorageError) -> Bool {
        try CleanShutdownMarker.take(directory: directory, on: fileSystem)
    }

    static func mark(_ directory: String, _ fileSystem: any FileSystem) throws(StorageError) {
        try CleanShutdownMarker.write(directory: directory, on: fileSystem)
    }
}

/// The file that says whose logs a directory holds, so that one cluster never takes another's for its own.
enum DataDirectoryOwner {
    /// Signs a new directory, and refuses one that another cluster has signed.
    static func claim(
        _ configuration: ClusterConfiguration, _ fileSystem: any FileSystem
    ) throws(StorageError) {
        let directory = configuration.dataDirectory
        try fileSystem.makeDirectory(directory)
        guard let signed = try MetaProperties.read(directory: directory, from: fileSystem) else {
            let nodeID = configuration.brokers.first?.nodeID ?? 1
            // Not waited for: without the file the next start just signs again.
            return try MetaProperties(clusterID: configuration.clusterID, nodeID: nodeID)
                .write(directory: directory, on: fileSystem, durable: false)
        }
        guard signed.clusterID == configuration.clusterID else {
            throw StorageError(
                .corrupt, "open", directory,
                detail: "the directory belongs to cluster '\(signed.clusterID)', not '\(configuration.clusterID)'")
        }
    }
}
