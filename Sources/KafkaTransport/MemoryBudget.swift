import Synchronization

/// Bytes that clients make this process hold: requests that are not complete, answers that nobody takes.
///
/// Shared by all clusters; each counts its own part in a ``MemoryBudget``.
package final class ProcessMemory: Sendable {
    package static let shared = ProcessMemory(limit: 512 * 1024 * 1024)

    let limit: Int
    private let held = Atomic<Int>(0)

    package init(limit: Int) {
        self.limit = limit
    }

    package var used: Int { held.load(ordering: .relaxed) }

    func add(_ bytes: Int) {
        held.wrappingAdd(bytes, ordering: .relaxed)
    }
}

/// One cluster's part of the memory that clients may make the process hold. Confined to the cluster's loop.
///
/// Nothing that is under way is taken away for want of memory, and a request longer than all of it is still served: it
/// is only what begins that waits.
struct MemoryBudget {
    let limit: Int
    let process: ProcessMemory
    private(set) var used = 0
    /// The most that was ever used.
    private(set) var peak = 0

    init(limit: Int, process: ProcessMemory) {
        self.limit = limit
        self.process = process
    }

    /// Whether long requests and answers have to wait. Never for a cluster that holds nothing.
    var isShort: Bool { used > 0 && (used >= limit || process.used >= process.limit) }

    mutating func charge(_ bytes: Int) {
        used += bytes
        peak = max(peak, used)
        process.add(bytes)
    }
}
