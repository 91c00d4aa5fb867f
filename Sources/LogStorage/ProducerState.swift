import KafkaProtocol

/// What a log remembers of one producer.
final class ProducerEntry {
    /// Batches by which retries are recognised, as many as a producer may have in flight.
    static let batchesKept = 5

    struct Batch: Equatable {
        var lastSequence: Int32
        var lastOffset: Int64
        var offsetDelta: Int32
        /// Greatest timestamp of the batch.
        var timestamp: Int64

        var firstOffset: Int64 { lastOffset -| Int64(offsetDelta) }
        /// Sequences run from 0 to the largest int32 and begin at 0 again.
        var firstSequence: Int32 { (lastSequence &- offsetDelta) & .max }
    }

    let producerID: Int64
    /// -1 before anything was seen.
    var epoch: Int16 = -1
    /// Oldest first; all of the current epoch.
    var batches: [Batch] = []
    /// Of the last marker; -1 before the first.
    var coordinatorEpoch: Int32 = -1
    /// Milliseconds since the epoch; -1 when unknown.
    var lastTimestamp: Int64 = -1
    var transactionFirstOffset: Int64?

    init(producerID: Int64) { self.producerID = producerID }

    var lastSequence: Int32 { batches.last?.lastSequence ?? -1 }

    func moveToEpoch(_ epoch: Int16) {
        guard epoch != self.epoch else { return }
        self.epoch = epoch
        batches.removeAll(keepingCapacity: true)
    }

    func append(_ batch: Batch) {
        if batches.count == Self.batchesKept { batches.removeFirst() }
        batches.append(batch)
        lastTimestamp = batch.timestamp
    }
}

/// The marker in a control batch that ends a transaction.
struct TransactionMarker: Equatable {
    var isAbort: Bool
    var coordinatorEpoch: Int32
}

/// What a log knows about the producers that wrote to it: sequences for idempotence, epochs for fencing, open
/// transactions.
struct ProducerStates {
    struct Span: Equatable {
        var firstOffset: Int64
        /// Of the marker.
        var lastOffset: Int64
    }

    private struct OpenTransaction {
        var firstOffset: Int64
        var producerID: Int64
    }

    private(set) var entries: [Int64: ProducerEntry] = [:]
    /// In the order of their first offsets.
    private var openTransactions: [OpenTransaction] = []
    /// Ended, but the marker is not below the high watermark yet; in the order of their markers.
    private(set) var unsettled: [Span] = []

    /// The first offset of the oldest transaction whose outcome readers must not rely on yet.
    var firstUnstableOffset: Int64? {
        var first = openTransactions.first?.firstOffset
        for span in unsettled { first = min(first ?? .max, span.firstOffset) }
        return first
    }

    /// Forgets ended transactions whose marker is below the high watermark.
    mutating func settle(below highWatermark: Int64) {
        if !unsettled.isEmpty { unsettled.removeAll { $0.lastOffset < highWatermark } }
    }

    mutating func removeAll() { self = ProducerStates() }

    // MARK: Checks before an append

    /// The earlier append that a producer's batch repeats; nil when it is new.
    func duplicate(of header: RecordBatchHeader) -> ProducerEntry.Batch? {
        guard let entry = entries[header.producerID], entry.epoch == header.producerEpoch else { return nil }
        let last = header.lastSequence
        return entry.batches.first { $0.lastSequence == last && $0.firstSequence == header.baseSequence }
    }

    /// Whether a data batch may follow what its producer wrote before.
    /// - Parameter checksSequence: false for coordinators, whose batches carry none.
    func check(_ header: RecordBatchHeader, checksSequence: Bool) throws(AppendError) {
        guard let entry = entries[header.producerID] else { return }
        try checkEpoch(header, entry)
        if checksSequence { try checkSequence(header, entry) }
        if entry.transactionFirstOffset != nil, !header.isTransactional {
            throw AppendError(
                .invalidTxnState,
                "Producer \(header.producerID) has an open transaction; its batch is not transactional.")
        }
    }

    /// Whether a marker may end its producer's transaction.
    func check(_ marker: TransactionMarker, _ header: RecordBatchHeader) throws(AppendError) {
        guard let entry = entries[header.producerID] else { return }
        try checkEpoch(header, entry)
        guard entry.coordinatorEpoch <= marker.coordinatorEpoch else {
            throw AppendError(
                .transactionCoordinatorFenced,
                "The marker for producer \(header.producerID) has coordinator epoch \(marker.coordinatorEpoch), "
                    + "known is \(entry.coordinatorEpoch).")
        }
    }

    private func checkEpoch(_ header: RecordBatchHeader, _ entry: ProducerEntry) throws(AppendError) {
        guard header.producerEpoch >= entry.epoch else {
            throw AppendError(
                .invalidProducerEpoch,
                "Producer \(header.producerID) has epoch \(header.producerEpoch), known is \(entry.epoch).")
        }
    }

    private func checkSequence(_ header: RecordBatchHeader, _ entry: ProducerEntry) throws(AppendError) {
        guard entry.epoch >= 0 else { return }
        if header.producerEpoch != entry.epoch {
            guard header.baseSequence == 0 else {
                throw AppendError(
                    .outOfOrderSequenceNumber,
                    "Producer \(header.producerID) begins epoch \(header.producerEpoch) with sequence "
                        + "\(header.baseSequence) instead of 0.")
            }
            return
        }
        let last = entry.lastSequence
        let isNext = Int64(header.baseSequence) == Int64(last) +| 1 || (header.baseSequence == 0 && last == .max)
        guard isNext else {
            throw AppendError(
                .outOfOrderSequenceNumber,
                "Producer \(header.producerID) sent sequence \(header.baseSequence) after \(last).")
        }
    }

    // MARK: Notes of what was appended

    /// A data batch that is in the log now, `header` as it is stored.
    mutating func append(_ header: RecordBatchHeader) {
        let entry = entry(header.producerID)
        entry.moveToEpoch(header.producerEpoch)
        entry.append(
            ProducerEntry.Batch(
                lastSequence: header.lastSequence, lastOffset: header.lastOffset, offsetDelta: header.lastOffsetDelta,
                timestamp: header.maxTimestamp))
        if header.isTransactional, entry.transactionFirstOffset == nil {
            entry.transactionFirstOffset = header.baseOffset
            open(header.producerID, at: header.baseOffset)
        }
    }

    /// A marker that is in the log now. Returns the entry for the transaction index if it aborted something.
    /// - Parameter settlesLater: the marker is not below the high watermark yet.
    mutating func append(
        _ marker: TransactionMarker, _ header: RecordBatchHeader, settlesLater: Bool
    ) -> TransactionIndex.Entry? {
        let entry = entry(header.producerID)
        entry.moveToEpoch(header.producerEpoch)
        entry.coordinatorEpoch = marker.coordinatorEpoch
        entry.lastTimestamp = header.maxTimestamp
        guard let firstOffset = entry.transactionFirstOffset else { return nil }
        entry.transactionFirstOffset = nil
        openTransactions.removeAll { $0.producerID == header.producerID }
        if settlesLater { unsettled.append(Span(firstOffset: firstOffset, lastOffset: header.lastOffset)) }
        guard marker.isAbort else { return nil }
        return TransactionIndex.Entry(
            producerID: header.producerID, firstOffset: firstOffset, lastOffset: header.lastOffset,
            lastStableOffset: openTransactions.first?.firstOffset ?? header.nextOffset)
    }

    private mutating func entry(_ producerID: Int64) -> ProducerEntry {
        if let entry = entries[producerID] { return entry }
        let entry = ProducerEntry(producerID: producerID)
        entries[producerID] = entry
        return entry
    }

    private mutating func open(_ producerID: Int64, at offset: Int64) {
        let index = openTransactions.firstIndex { $0.firstOffset > offset } ?? openTransactions.count
        openTransactions.insert(OpenTransaction(firstOffset: offset, producerID: producerID), at: index)
    }

    /// Forgets producers without an open transaction that have not written for `expiration` milliseconds.
    mutating func removeExpired(now: Int64, expiration: Int64) {
        guard !entries.isEmpty else { return }
        entries = entries.filter { !Self.isExpired($0.value, now: now, expiration: expiration) }
    }

    /// The last sign of life of the producer without an open transaction that has been silent for longest, in
    /// milliseconds since the epoch; nil when there is none.
    var oldestSilence: Int64? {
        var oldest: Int64?
        for entry in entries.values where entry.transactionFirstOffset == nil {
            oldest = min(oldest ?? .max, entry.lastTimestamp)
        }
        return oldest
    }

    private static func isExpired(_ entry: ProducerEntry, now: Int64, expiration: Int64) -> Bool {
        // A producer whose records have no timestamp (-1) counts as silent since 1970, as in Kafka.
        entry.transactionFirstOffset == nil && now -| entry.lastTimestamp >= expiration
    }

    /// The entries for the transaction index when every producer ends at `offset`, in the order of the transactions.
    func abortedAtEnd(_ offset: Int64) -> [TransactionIndex.Entry] {
        openTransactions.enumerated().map { index, open in
            let next = index + 1 < openTransactions.count ? openTransactions[index + 1].firstOffset : offset
            return TransactionIndex.Entry(
                producerID: open.producerID, firstOffset: open.firstOffset, lastOffset: max(offset -| 1, 0),
                lastStableOffset: next)
        }
    }

    // MARK: Snapshots

    /// Bytes of one producer in a snapshot.
    private static let snapshotEntrySize = 46
    private static let snapshotHeaderSize = 10

    /// A `.snapshot` file, version 1: version int16, CRC-32C of all that follows uint32, count int32, then for each
    /// producer id int64, epoch int16, last sequence int32, last offset int64, offset delta int32, timestamp int64,
    /// coordinator epoch int32, first offset of the open transaction int64 or -1.
    func snapshot() -> [UInt8] {
        var body: [UInt8] = []
        body.append(number: Int32(entries.count))
        for (_, entry) in entries.sorted(by: { $0.key < $1.key }) {
            let last = entry.batches.last
            body.append(number: entry.producerID)
            body.append(number: entry.epoch)
            body.append(number: last?.lastSequence ?? -1)
            body.append(number: last?.lastOffset ?? -1)
            body.append(number: last?.offsetDelta ?? 0)
            body.append(number: entry.lastTimestamp)
            body.append(number: entry.coordinatorEpoch)
            body.append(number: entry.transactionFirstOffset ?? -1)
        }
        var bytes: [UInt8] = []
        bytes.append(number: Int16(1))
        bytes.append(number: body.withUnsafeBytes { CRC32C.checksum($0) })
        return bytes + body
    }

    /// Nil when the bytes are not an intact snapshot.
    static func decoded(snapshot bytes: [UInt8]) -> ProducerStates? {
        bytes.withUnsafeBytes { memory in
            guard memory.count >= snapshotHeaderSize, memory.number(at: 0, as: Int16.self) == 1,
                memory.number(at: 2) == CRC32C.checksum(UnsafeRawBufferPointer(rebasing: memory[6...]))
            else { return nil }
            let count = Int(memory.number(at: 6, as: Int32.self))
            guard count >= 0, memory.count == snapshotHeaderSize + count * snapshotEntrySize else { return nil }
            var states = ProducerStates()
            for index in 0..<count {
                let start = snapshotHeaderSize + index * snapshotEntrySize
                states.load(UnsafeRawBufferPointer(rebasing: memory[start..<start + snapshotEntrySize]))
            }
            return states
        }
    }

    private mutating func load(_ bytes: UnsafeRawBufferPointer) {
        let entry = ProducerEntry(producerID: bytes.number(at: 0))
        entry.epoch = bytes.number(at: 8)
        let batch = ProducerEntry.Batch(
            lastSequence: bytes.number(at: 10), lastOffset: bytes.number(at: 14), offsetDelta: bytes.number(at: 22),
            timestamp: bytes.number(at: 26))
        if batch.lastOffset >= 0 { entry.batches = [batch] }
        entry.lastTimestamp = batch.timestamp
        entry.coordinatorEpoch = bytes.number(at: 34)
        let transaction: Int64 = bytes.number(at: 38)
        entries[entry.producerID] = entry
        if transaction >= 0 {
            entry.transactionFirstOffset = transaction
            open(entry.producerID, at: transaction)
        }
    }

    /// For DescribeProducers, by producer id.
    var described: [ActiveProducer] {
        entries.values.sorted { $0.producerID < $1.producerID }.map { entry in
            ActiveProducer(
                producerID: entry.producerID, producerEpoch: entry.epoch, lastSequence: entry.lastSequence,
                lastTimestamp: entry.lastTimestamp, coordinatorEpoch: entry.coordinatorEpoch,
                currentTransactionStartOffset: entry.transactionFirstOffset ?? -1)
        }
    }
}
