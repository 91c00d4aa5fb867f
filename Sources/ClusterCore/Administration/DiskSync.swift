import LogStorage

/// Something that another thread is to bring to disk; the owner has it performed and hands the outcome to
/// ``Cluster/finish(_:_:now:)``.
package struct DiskSync: Sendable {
    enum Purpose {
        /// The directories of a job of ``PartitionMaking``.
        case making(UInt64)
        /// The checkpoint of log starts.
        case logStarts
        /// The directory in which that has got its name, after so many renames.
        case checkpointNames(Int)
        case recoveryPoints
        /// `meta.properties`.
        case signature
    }

    let purpose: Purpose
    package let handle: any SyncHandle

    /// On whatever thread.
    /// - Returns: nil when it is on disk.
    package func perform() -> StorageError? {
        do throws(StorageError) {
            try handle.sync()
            return nil
        } catch {
            return error
        }
    }
}

extension Cluster {
    /// What is to be brought to disk since the last call.
    package mutating func drainDiskSyncs() -> [DiskSync] {
        defer { diskSyncs.removeAll() }
        return diskSyncs
    }
}
