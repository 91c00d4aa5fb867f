/// Where a log ended at some moment; see ``PartitionLog/state(of:)``.
package struct DurabilityPoint: Sendable, Equatable {
    /// The first offset that need not be durable.
    let offset: Int64
    /// Counts how often the log was cut.
    let generation: Int
}

package enum DurabilityState: Sendable, Equatable {
    /// Not on disk yet.
    case pending
    case durable
    /// It will never be known to be on disk: a flush failed, or the log was cut, closed or deleted.
    case lost
}

extension PartitionLog {
    /// The present end.
    package var durabilityPoint: DurabilityPoint { DurabilityPoint(offset: logEndOffset, generation: generation) }

    /// Whether everything before a point is on disk.
    package func state(of point: DurabilityPoint) -> DurabilityState {
        if point.generation == generation, recoveryPoint >= point.offset { return .durable }
        return isOffline || isClosed || point.generation != generation ? .lost : .pending
    }

    /// Whether records wait for a flush.
    package var hasUnflushed: Bool { logEndOffset > recoveryPoint && !isClosed }
}
