/// What went into logs and out of them. Counted here, read by whoever shows it.
package struct Traffic: Sendable, Equatable {
    package var bytesIn = 0
    package var recordsIn = 0
    package var bytesOut = 0
    /// Offsets that answers to Fetch brought their clients on.
    package var recordsOut = 0

    package init() {}

    package static func += (left: inout Traffic, right: Traffic) {
        left.bytesIn &+= right.bytesIn
        left.recordsIn &+= right.recordsIn
        left.bytesOut &+= right.bytesOut
        left.recordsOut &+= right.recordsOut
    }
}

/// What is counted on the way: some additions for each batch, and a note of which partitions have something to tell.
struct TrafficCounters {
    /// Of all partitions, also of those that are gone.
    var total = Traffic()
    /// Partitions with traffic that was not collected yet; each once.
    var busy: [Partition] = []
}

extension Cluster {
    /// Records were appended.
    @inline(__always)
    mutating func noteAppended(_ bytes: Int, records: Int, to partition: Partition) {
        partition.traffic.bytesIn &+= bytes
        partition.traffic.recordsIn &+= records
        counters.total.bytesIn &+= bytes
        counters.total.recordsIn &+= records
        noteBusy(partition)
    }

    /// Records are sent.
    @inline(__always)
    mutating func noteSent(_ bytes: Int, records: Int, from partition: Partition) {
        partition.traffic.bytesOut &+= bytes
        partition.traffic.recordsOut &+= records
        counters.total.bytesOut &+= bytes
        counters.total.recordsOut &+= records
        noteBusy(partition)
    }

    @inline(__always)
    private mutating func noteBusy(_ partition: Partition) {
        if !partition.isBusy {
            partition.isBusy = true
            counters.busy.append(partition)
        }
    }

    /// What all partitions have seen since the start.
    package var traffic: Traffic { counters.total }
    /// Requests since the start.
    package var requestCount: UInt64 { requestSequence }

    /// What partitions have seen since they were collected last.
    /// - Parameter limit: so many partitions at most; call again until there are none.
    /// - Returns: by topic; a topic may be there more than once.
    package mutating func collectTraffic(limit: Int) -> [(topic: String, traffic: Traffic)] {
        let count = min(limit, counters.busy.count)
        let taken = counters.busy.suffix(count)
        let found = taken.map { partition in
            partition.isBusy = false
            defer { partition.traffic = Traffic() }
            return (topic: partition.topicName, traffic: partition.traffic)
        }
        counters.busy.removeLast(count)
        return found
    }
}
