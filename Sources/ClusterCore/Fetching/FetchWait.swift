import KafkaProtocol

/// What a Fetch of many partitions knows while it waits: how many bytes each of them has for it. So whoever appends to
/// one of them does not pay for a look at all the others.
///
/// A class, so that its tables are not copied with every look.
final class FetchWait {
    private let sequence: UInt64
    private let keys: [Int: FetchKey]
    private var bytes: [FetchKey: Int] = [:]
    private var total = 0

    /// - Parameters:
    ///   - sequence: of the request that waits.
    ///   - keys: what it waits for, by the partition's handle.
    init(_ sequence: UInt64, _ keys: [Int: FetchKey], _ findings: FetchFindings) {
        self.sequence = sequence
        self.keys = keys
        take(findings)
    }

    /// Begins anew with what a look at all partitions has found.
    func take(_ findings: FetchFindings) {
        bytes = Dictionary(findings.found.map { ($0.key, $0.bytes) }) { $1 }
        total = findings.recordBytes
    }

    /// Looks at the partitions with news.
    /// - Returns: whether there may be enough for an answer, or something else to tell: all of them have to be read
    ///   then.
    func mayAnswer(_ plan: FetchPlan, _ cluster: inout Cluster) -> Bool {
        guard let woken = cluster.parking.takeWokenKeys(sequence) else {
            return true
        }
        for case .partition(let handle) in woken {
            guard let key = keys[handle], let now = cluster.bytes(of: key, plan) else {
                return true
            }
            total = total -| (bytes[key] ?? 0) +| now
            bytes[key] = now
        }
        return total >= plan.minBytes
    }
}
