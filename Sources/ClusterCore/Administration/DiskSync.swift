import LogStorage

/// Something that another thread is to bring to disk; the owner has it performed and hands the outcome to
/// ``Cluster/finish(_:succeeded:now:)``.
package struct DiskSync: Sendable {
    enum Purpose {
        /// The directories of a job of ``PartitionMaking``.
        case making(UInt64)
        case checkpoints
        /// The directory in which those have got their names.
        case checkpointNames
    }

    let purpose: Purpose
    package let handle: any SyncHandle
}

extension Cluster {
    /// What is to be brought to disk since the last call.
    package mutating func drainDiskSyncs() -> [DiskSync] {
        defer { diskSyncs.removeAll() }
        return diskSyncs
    }
}
