import KafkaProtocol

/// What a Fetch of many partitions knows while it waits: how many bytes each of them has for it, and which of them may
/// have something to tell. So whoever appends to one of them does not pay for a look at all the others, nor does a wait
/// that ends in vain.
///
/// A class, so that its tables are not copied with every look.
final class FetchWait {
    private let sequence: UInt64
    private let keys: [Int: FetchKey]
    private var bytes: [FetchKey: Int] = [:]
    private var total = 0
    /// Whether an answer leaves out partitions without news.
    private let isIncremental: Bool
    /// Those that had some in the last look, or were woken since; the others are as they were then, and left out.
    private var telling: Set<FetchKey> = []
    /// Something happened, and nobody knows to which of them.
    private var isUncertain = false
    /// ``Cluster/quietChanges`` when the last look began.
    private var changes = 0

    /// - Parameters:
    ///   - sequence: of the request that waits.
    ///   - keys: what it waits for, by the partition's handle.
    ///   - changes: ``Cluster/quietChanges`` when the look that has found `findings` began.
    init(_ sequence: UInt64, _ keys: [Int: FetchKey], _ plan: FetchPlan, _ findings: FetchFindings, since changes: Int)
    {
        self.sequence = sequence
        self.keys = keys
        isIncremental = plan.isIncremental
        take(findings, since: changes)
    }

    /// Begins anew with what a look has found, at all partitions or at ``keysToRead(_:_:)``.
    func take(_ findings: FetchFindings, since changes: Int) {
        bytes = Dictionary(findings.found.map { ($0.key, $0.bytes) }) { $1 }
        total = findings.recordBytes
        telling = isIncremental ? Set(findings.sent.map(\.key)) : []
        isUncertain = false
        self.changes = changes
    }

    /// Looks at the partitions with news.
    /// - Returns: whether there may be enough for an answer, or something else to tell.
    func mayAnswer(_ plan: FetchPlan, _ cluster: inout Cluster) -> Bool {
        guard let woken = takeWoken(&cluster) else {
            isUncertain = true
            return true
        }
        for key in woken {
            guard let now = cluster.bytes(of: key, plan) else {
                return true
            }
            total = total -| (bytes[key] ?? 0) +| now
            bytes[key] = now
        }
        return total >= plan.minBytes
    }

    /// nil when nobody knows which ones they are.
    private func takeWoken(_ cluster: inout Cluster) -> [FetchKey]? {
        guard let handles = cluster.parking.takeWokenKeys(sequence) else {
            return nil
        }
        var woken: [FetchKey] = []
        for case .partition(let handle) in handles {
            guard let key = keys[handle] else {
                return nil
            }
            woken.append(key)
        }
        if isIncremental {
            telling.formUnion(woken)
        }
        return woken
    }

    /// What has to be read for an answer that is to be the same as if everything was; nil for everything.
    func keysToRead(_ plan: FetchPlan, _ cluster: inout Cluster) -> [FetchKey]? {
        // With few of them nobody notes which were woken.
        let isNoted = keys.count > ParkingLot.manyKeys
        if isNoted {
            _ = takeWoken(&cluster)
        }
        guard isIncremental, !isUncertain, changes == cluster.quietChanges else {
            return nil
        }
        return plan.order(of: isNoted ? telling : telling.union(keys.values))
    }
}

extension Cluster {
    /// Rises with what changes what a Fetch has to tell about partitions and wakes nobody who waits for them, or not
    /// at once.
    var quietChanges: Int { checkpoints.startVersions +| topics.removals }
}
