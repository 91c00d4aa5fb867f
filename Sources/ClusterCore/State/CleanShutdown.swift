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
    /// What is still to be done for a directory once the cluster is open.
    struct Claim {
        /// Directories that got a name which a loss of power can still take.
        var unsyncedParents: [String] = []
        /// Why the directory is to be signed, if it is.
        var reason: Reason?
    }

    enum Reason {
        case isNew
        /// The signature cannot be read as a whole; a loss of power can leave it empty.
        case isDamaged
    }

    /// Makes a new directory, and refuses one that another cluster has signed.
    static func claim(
        _ configuration: ClusterConfiguration, _ fileSystem: any FileSystem
    ) throws(StorageError) -> Claim {
        let directory = configuration.dataDirectory
        var claim = Claim(unsyncedParents: try make(directory, fileSystem))
        let (signer, isDamaged) = try signature(configuration, fileSystem)
        if let signer, signer != configuration.clusterID {
            throw StorageError(
                .corrupt, "open", directory + "/" + MetaProperties.fileName,
                detail: "it says that the directory belongs to cluster '\(signer)', not "
                    + "'\(configuration.clusterID)': put the directory of cluster '\(configuration.clusterID)' here; "
                    + "if this is it, correct cluster.id in the file")
        }
        claim.reason = isDamaged ? .isDamaged : signer == nil ? .isNew : nil
        return claim
    }

    /// Makes the directory.
    /// - Returns: what has to be synced before a loss of power cannot take its name.
    private static func make(_ directory: String, _ fileSystem: any FileSystem) throws(StorageError) -> [String] {
        var parents: [String] = []
        var path = directory
        while path != "/", !fileSystem.exists(path), let slash = path.lastIndex(of: "/") {
            path = slash == path.startIndex ? "/" : String(path[..<slash])
            parents.append(path)
        }
        try fileSystem.makeDirectory(directory)
        return parents
    }

    fileprivate static func sync(_ parents: [String], _ fileSystem: any FileSystem) throws(StorageError) {
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
        _ configuration: ClusterConfiguration, _ fileSystem: any FileSystem
    ) throws(StorageError) -> (clusterID: String?, isDamaged: Bool) {
        let directory = configuration.dataDirectory
        do {
            return (try MetaProperties.read(directory: directory, from: fileSystem)?.clusterID, false)
        } catch {
            guard error.kind == .corrupt else {
                throw error
            }
        }
        do {
            return (try MetaProperties.clusterID(directory: directory, from: fileSystem), true)
        } catch {
            guard error.kind == .corrupt else {
                throw error
            }
            throw StorageError(
                .corrupt, "read", error.path,
                detail: "\(error.detail): put a copy of it back, or remove it if the directory is that of cluster "
                    + "'\(configuration.clusterID)'")
        }
    }
}

extension Cluster {
    /// Ends what ``DataDirectoryOwner/claim(_:_:)`` began. The signature reaches the disk later: without it the next
    /// start signs again.
    mutating func finish(_ claim: DataDirectoryOwner.Claim) throws(StorageError) {
        // After the first commit, because what that has written is then on disk with its names: these cost little more.
        try DataDirectoryOwner.sync(claim.unsyncedParents, fileSystem)
        guard let reason = claim.reason else {
            return
        }
        let path = signaturePath
        let signature = MetaProperties(
            clusterID: configuration.clusterID, nodeID: configuration.brokers.first?.nodeID ?? 1)
        unsignedHandle = try fileSystem.beginReplacing(path, with: signature.encoded())
        if let unsignedHandle {
            diskSyncs.append(DiskSync(purpose: .signature, handle: unsignedHandle))
        }
        if case .isDamaged = reason {
            notices.append(Notice(level: .warning, text: "\(path) was damaged and is written anew"))
        }
    }

    private var signaturePath: String { configuration.dataDirectory + "/" + MetaProperties.fileName }

    /// Puts the signature in place.
    ///
    /// - Parameter failure: why it is not on disk.
    mutating func finishSignature(_ failure: StorageError?) {
        guard unsignedHandle != nil else {
            return
        }
        unsignedHandle = nil
        do throws(StorageError) {
            if let failure {
                throw failure
            }
            try fileSystem.finishReplacing(signaturePath)
        } catch {
            notices.append(Notice(level: .warning, text: "\(signaturePath) is written at the next start: \(error)"))
        }
    }

    /// At the end: nobody has waited for the disk yet, or has told.
    mutating func signAtOnce() throws(StorageError) {
        if let unsignedHandle {
            try unsignedHandle.sync()
            finishSignature(nil)
        }
    }
}
