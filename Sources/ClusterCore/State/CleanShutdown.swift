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
    ///
    /// - Returns: a line for the operator when the signature was damaged and has been renewed.
    static func claim(
        _ configuration: ClusterConfiguration, _ fileSystem: any FileSystem
    ) throws(StorageError) -> Notice? {
        let directory = configuration.dataDirectory
        try make(directory, fileSystem)
        let (signer, isDamaged) = try signature(directory, fileSystem)
        if let signer, signer != configuration.clusterID {
            throw StorageError(
                .corrupt, "open", directory + "/" + MetaProperties.fileName,
                detail: "it says that the directory belongs to cluster '\(signer)', not "
                    + "'\(configuration.clusterID)': put the directory of cluster '\(configuration.clusterID)' here; "
                    + "if this is it, correct cluster.id in the file")
        }
        guard signer == nil || isDamaged else {
            return nil
        }
        // Its name is not waited for: without the file the next start just signs again.
        try MetaProperties(clusterID: configuration.clusterID, nodeID: configuration.brokers.first?.nodeID ?? 1)
            .write(directory: directory, on: fileSystem, durable: false)
        guard isDamaged else {
            return nil
        }
        return Notice(level: .warning, text: "\(directory)/\(MetaProperties.fileName) was damaged and is written anew")
    }

    /// Makes the directory, with a name that a loss of power does not take.
    private static func make(_ directory: String, _ fileSystem: any FileSystem) throws(StorageError) {
        var parents: [String] = []
        var path = directory
        while path != "/", !fileSystem.exists(path), let slash = path.lastIndex(of: "/") {
            path = slash == path.startIndex ? "/" : String(path[..<slash])
            parents.append(path)
        }
        try fileSystem.makeDirectory(directory)
        for parent in parents {
            do throws(StorageError) {
                try fileSystem.syncDirectory(parent)
            } catch {
                // Directories above ours may be closed to us.
                guard error.kind == .accessDenied else {
                    throw error
                }
            }
        }
    }

    /// Whose directory it is, as far as the file can be read; a loss of power may have left it empty.
    private static func signature(
        _ directory: String, _ fileSystem: any FileSystem
    ) throws(StorageError) -> (clusterID: String?, isDamaged: Bool) {
        do {
            return (try MetaProperties.read(directory: directory, from: fileSystem)?.clusterID, false)
        } catch {
            guard error.kind == .corrupt else {
                throw error
            }
            return (try MetaProperties.clusterID(directory: directory, from: fileSystem), true)
        }
    }
}
