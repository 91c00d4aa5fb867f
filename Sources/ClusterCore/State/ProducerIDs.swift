import KafkaProtocol

/// Hands out producer ids in blocks that are written ahead, so that an id is never given twice, crash or not.
///
/// A real Kafka counts from 0. A mirror topic holds batches with the ids of its source, and a producer of this cluster
/// that got one of those would be taken for it once the topic becomes writable: its first batch for a duplicate. So
/// every cluster counts from a place of its own, far above 0 and drawn at random when the first id is wanted; the first
/// record of a block keeps it. Chains of links (A→B→C) do not meet either: any two of these places are as good as
/// never closer to each other than the ids that a cluster gives in its life (two that gave a million each: one chance
/// in two thousand million).
struct ProducerIDs {
    /// Ids reserved by one record (Kafka's block size).
    static let blockSize: Int64 = 1_000
    /// Where clusters begin to count. The upper end leaves room below 2^53, so that tools that keep numbers as doubles
    /// show ids as they are.
    static let firstIDs: ClosedRange<Int64> = (1 << 40)...(1 << 52)

    private var next: Int64 = 0
    private var reservedUpTo: Int64 = 0

    var needsBlock: Bool { next >= reservedUpTo }

    /// Whether this cluster counts from a place of its own yet. One without ids does not, nor one whose ids are small:
    /// they are from before clusters had such a place.
    var hasPlace: Bool { reservedUpTo >= Self.firstIDs.lowerBound }

    /// The record that reserves the next block for `nodeID`; nil when ids are used up.
    ///
    /// - Parameter first: where a cluster begins that has no place yet.
    func nextBlock(nodeID: Int32, first: Int64) -> ProducerIdsRecord? {
        let start = hasPlace ? reservedUpTo : first
        guard start <= Int64.max - Self.blockSize else {
            return nil
        }
        var record = ProducerIdsRecord()
        record.brokerID = nodeID
        record.nextProducerID = start +| Self.blockSize
        return record
    }

    /// After a start: what earlier processes reserved is gone, they may have used any of it.
    mutating func skipReserved() {
        next = reservedUpTo
    }

    /// A record that would lower the mark is ignored: ids below it may have been given.
    mutating func replay(_ record: ProducerIdsRecord) {
        guard record.nextProducerID > reservedUpTo else {
            return
        }
        reservedUpTo = record.nextProducerID
        next = max(next, reservedUpTo -| Self.blockSize)
    }

    mutating func take() -> Int64 {
        defer { next = next +| 1 }
        return next
    }
}

extension Cluster {
    /// - Throws: KAFKA_STORAGE_ERROR when the block could not be stored, UNKNOWN_SERVER_ERROR (as Kafka) when there are
    ///   no more ids.
    mutating func nextProducerID(_ nodeID: Int32, now: Int64) throws(ErrorCode) -> Int64 {
        if producerIDs.needsBlock {
            let first = producerIDs.hasPlace ? 0 : drawFirstProducerID()
            guard let block = producerIDs.nextBlock(nodeID: nodeID, first: first) else {
                throw .unknownServerError
            }
            try commit([.producerIDs(block)], now: now)
        }
        return producerIDs.take()
    }

    /// Clusters that were given the same seed differ by their ids.
    private mutating func drawFirstProducerID() -> Int64 {
        var dice = SplitMix64(state: random.next() ^ clusterIDHash)
        return Int64.random(in: ProducerIDs.firstIDs, using: &dice)
    }

    /// FNV-1a of the cluster's id.
    private var clusterIDHash: UInt64 {
        configuration.clusterID.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
