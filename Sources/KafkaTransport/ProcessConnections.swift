import LogStorage
import Synchronization

/// Client connections that this process may have open, over all its clusters: as many as there are file descriptors,
/// less a reserve for logs, flushes, listeners, HTTP and links, so that a crowd of clients takes none of those.
package final class ProcessConnections: Sendable {
    package static let shared = ProcessConnections(
        limit: ProcessConnections.limit(descriptors: FileDescriptorLimit.raise()))

    /// Descriptors that connections leave to everything else, where there are enough for both.
    static let reserve = 1_024

    let limit: Int
    private let count = Atomic<Int>(0)

    package init(limit: Int) {
        self.limit = limit
    }

    /// Of `descriptors` in all: a quarter is left, and at least ``reserve``, but never more than half.
    package static func limit(descriptors: Int) -> Int {
        descriptors - max(descriptors / 4, min(reserve, descriptors / 2))
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

/// Log files that this process keeps open, over all its clusters: a quarter of its file descriptors. Beyond, a log
/// closes the file that was not used for longest.
package final class ProcessFiles: OpenFileBudget {
    package static let shared = ProcessFiles(limit: FileDescriptorLimit.raise() / 4)

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
