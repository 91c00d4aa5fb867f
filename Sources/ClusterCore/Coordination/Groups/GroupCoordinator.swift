import KafkaProtocol
import LogStorage

/// The classic consumer groups of a cluster and the offsets they committed.
package struct GroupCoordinator {
    init() {}

    mutating func connectionClosed(_ id: ConnectionID) {}
}

extension Cluster {
    mutating func fireGroupTimer(_ timer: GroupTimer, now: Int64) {}

    mutating func loadGroups(now: Int64) throws(StorageError) {}

    mutating func expireOffsets(now: Int64) {}
}
