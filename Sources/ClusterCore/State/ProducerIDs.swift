import KafkaProtocol

/// Hands out producer ids in blocks that are written ahead, so that an id is never given twice, crash or not.
struct ProducerIDs {
    /// Ids reserved by one record (Kafka's block size).
    static let blockSize: Int64 = 1_000

    private var next: Int64 = 0
    private var reservedUpTo: Int64 = 0

    var needsBlock: Bool { next >= reservedUpTo }

    /// The record that reserves the next block for `nodeID`.
    func nextBlock(nodeID: Int32) -> ProducerIdsRecord {
        var record = ProducerIdsRecord()
        record.brokerID = nodeID
        record.nextProducerID = reservedUpTo + Self.blockSize
        return record
    }

    /// After a start: what earlier processes reserved is gone, they may have used any of it.
    mutating func skipReserved() {
        next = reservedUpTo
    }

    mutating func replay(_ record: ProducerIdsRecord) {
        next = max(next, record.nextProducerID - Self.blockSize)
        reservedUpTo = record.nextProducerID
    }

    mutating func take() -> Int64 {
        defer { next += 1 }
        return next
    }
}
