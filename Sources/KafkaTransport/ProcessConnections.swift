import KafkaProtocol
import LogStorage
import Synchronization

/// Who may have how many of a process's file descriptors, so that a crowd of one kind takes none of another's.
package struct DescriptorShares: Sendable, Equatable {
    /// Client connections, over all clusters.
    package let connections: Int
    /// Log files that are kept open, over all clusters; a log opens one more for a moment where it has to.
    package let logFiles: Int
    /// Connections to the HTTP listener.
    package let http: Int
    /// Connections that links make to their sources.
    package let links: Int

    /// HTTP connections that are of use at once.
    static let maximumHTTP = 900
    /// What listeners, threads, flushes and the metadata logs need at least.
    static let own = 64

    package static let process = DescriptorShares(descriptors: FileDescriptorLimit.raise())

    /// - Parameter descriptors: that the process may have open.
    package init(descriptors: Int) {
        logFiles = max(1, descriptors / 4)
        http = max(1, min(Self.maximumHTTP, descriptors / 16))
        links = max(1, descriptors / 16)
        let rest = descriptors -| logFiles -| http -| links -| max(Self.own, descriptors / 16)
        // A process with so few that nobody can be served well still serves some.
        connections = max(descriptors / 8, rest)
    }
}

/// Connections that this process may have open, over all its clusters.
package final class ProcessConnections: Sendable {
    /// Those of clients.
    package static let shared = ProcessConnections(limit: DescriptorShares.process.connections)
    /// Those to the sources of links.
    package static let outgoing = ProcessConnections(limit: DescriptorShares.process.links)

    let limit: Int
    private let count = Atomic<Int>(0)

    package init(limit: Int) {
        self.limit = limit
    }

    /// Takes a place; false when there is none.
    func take() -> Bool {
        if count.wrappingAdd(1, ordering: .relaxed).newValue <= limit {
            return true
        }
        giveBack()
        return false
    }

    func giveBack() {
        count.wrappingSubtract(1, ordering: .relaxed)
    }
}

/// Log files that this process keeps open, over all its clusters. Beyond, a log closes the file that was not used for
/// longest.
package final class ProcessFiles: OpenFileBudget {
    package static let shared = ProcessFiles(limit: DescriptorShares.process.logFiles)

    private let limit: Int
    private let count = Atomic<Int>(0)

    package init(limit: Int) {
        self.limit = limit
    }

    package var hasRoom: Bool { count.load(ordering: .relaxed) < limit }

    package func change(by difference: Int) {
        count.wrappingAdd(difference, ordering: .relaxed)
    }
}
