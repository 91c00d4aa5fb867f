import KafkaProtocol

/// One `.log` file and its indexes. The indexes of a segment that is appended to are in memory only and are written
/// when it is closed; those of a closed one are read when a lookup needs them.
final class Segment {
    let baseOffset: Int64
    /// Bytes of whole batches; the file may have more after a failed write.
    var size: Int
    /// Bytes known to be on disk.
    var syncedSize = 0
    /// Position behind which all batches were written, or found sound, by this run.
    var writtenFrom: Int
    /// Batches of earlier runs that were looked at.
    var checked = CheckedBatches()
    /// Whether recovery found a batch that does not begin where the one before ends.
    var hasGaps = false
    /// Milliseconds since the epoch at which the segment was begun or last written before this run; 0 when unknown.
    let createdAt: Int64
    /// Greatest timestamp of the first batch, by which age is told.
    private(set) var firstTimestamp: Int64?

    let path: String
    let fileSystem: any FileSystem
    private var openFile: (any File)?
    private(set) var isKeptOpen = false
    /// Whether the file has lost its name; see ``removeFiles(atMost:)``.
    var isLeaving = false
    private var offsets: OffsetIndex?
    private var times: TimeIndex?
    private var transactions: TransactionIndex?
    /// Whether the offset and time index differ from their files.
    private var indexesChanged = false
    private var bytesSinceIndexEntry = 0
    /// Greatest timestamp with the last offset of its batch; nil while unknown.
    private var greatest: (timestamp: Int64, offset: Int64)?
    /// What ``lastHeaderOnDisk()`` found in a file of this many bytes.
    private var lastHeader: (size: Int, header: RecordBatchHeader?)?
    private var preallocatedEnd = 0
    private var writebackEnd = 0
    private var droppedEnd = 0

    init(baseOffset: Int64, directory: String, fileSystem: any FileSystem, size: Int, createdAt: Int64) {
        self.baseOffset = baseOffset
        self.size = size
        writtenFrom = size
        self.createdAt = createdAt
        self.fileSystem = fileSystem
        path = directory + "/" + LogFileName.of(baseOffset, "")
    }

    /// A new, empty segment. When this fails there is no new file.
    static func create(
        baseOffset: Int64, directory: String, fileSystem: any FileSystem, now: Int64
    ) throws(StorageError) -> Segment {
        let segment = Segment(
            baseOffset: baseOffset, directory: directory, fileSystem: fileSystem, size: 0, createdAt: now)
        let file = try fileSystem.file(at: segment.path + ".log", create: true)
        if try file.size() > 0 { try file.truncate(to: 0) }
        segment.openFile = file
        segment.forgetIndexes()
        return segment
    }

    /// Makes an empty index beside a segment that follows others once it holds a batch: its entries come when the
    /// segment is closed, but from now on it tells that a `.log` was there. Where that fails the next flush tells it.
    func beginIndex() { try? fileSystem.file(at: path + ".index", create: true).close() }

    func file() throws(StorageError) -> any File {
        if let openFile { return openFile }
        let file = try fileSystem.file(at: path + ".log", create: false)
        openFile = file
        return file
    }

    // MARK: Appending

    /// Writes bytes behind the last batch; `note` has to be called for each batch in them.
    func write(
        _ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, pacing: StoragePacing
    ) throws(StorageError) {
        let file = try file()
        let end = size + head.count + body.count
        if end > preallocatedEnd, end > pacing.preallocatesAtBytes, pacing.preallocationStepBytes > 0 {
            let length = max(min(end, pacing.preallocationStepBytes), head.count + body.count)
            file.preallocate(from: size, length: length)
            preallocatedEnd = size + length
        }
        try file.write(head, body, at: size)
    }

    /// Takes note of a batch that `write` put at the end.
    func note(_ header: RecordBatchHeader, indexInterval: Int) {
        if size == 0 { firstTimestamp = header.maxTimestamp }
        if header.maxTimestamp > greatest?.timestamp ?? -1 { greatest = (header.maxTimestamp, header.lastOffset) }
        if bytesSinceIndexEntry > indexInterval, let position = Int32(exactly: size) {
            offsets?.append(relativeOffset: relative(header.lastOffset), position: position)
            appendTimeEntry()
            bytesSinceIndexEntry = 0
        }
        indexesChanged = true
        bytesSinceIndexEntry += header.sizeInBytes
        size += header.sizeInBytes
    }

    /// After a failed write: the file is as long as the batches are.
    func cutBack() throws(StorageError) {
        preallocatedEnd = 0
        try file().truncate(to: size)
    }

    /// Keeps dirty and cached pages bounded while much is written.
    func pace(_ pacing: StoragePacing) {
        guard pacing.writebackBytes > 0, size >= pacing.startsAtBytes, size - writebackEnd >= pacing.writebackBytes,
            let openFile
        else { return }
        openFile.startWriteback(from: writebackEnd, length: size - writebackEnd)
        writebackEnd = size
        let keepFrom = size - pacing.keepCachedBytes
        if keepFrom - droppedEnd >= pacing.writebackBytes {
            openFile.dropCache(from: droppedEnd, length: keepFrom - droppedEnd)
            droppedEnd = keepFrom
        }
    }

    /// Whether another batch has to go to a new segment.
    func isFull(for header: RecordBatchHeader, bytes: Int, config: LogConfig, now: Int64) -> Bool {
        if header.lastOffset -| baseOffset > Int32.max { return true }
        if size == 0 { return false }
        if size > config.segmentBytes -| bytes { return true }
        if let offsets, let times {
            let limit = config.segmentIndexBytes
            if offsets.sizeInBytes + OffsetIndex.entrySize > limit || times.sizeInBytes + TimeIndex.entrySize > limit {
                return true
            }
        }
        return isOld(config: config, timestamp: header.maxTimestamp, now: now)
    }

    /// Whether `segment.ms` has passed, by the records' clock where they have one.
    func isOld(config: LogConfig, timestamp: Int64?, now: Int64) -> Bool {
        guard size > 0 else { return false }
        if let firstTimestamp, firstTimestamp >= 0, let timestamp {
            return timestamp -| firstTimestamp > config.segmentMs
        }
        return now -| createdAt > config.segmentMs
    }

    private func appendTimeEntry() {
        guard let greatest, greatest.timestamp >= 0 else { return }
        times?.append(timestamp: greatest.timestamp, relativeOffset: relative(greatest.offset))
    }

    private func relative(_ offset: Int64) -> Int32 { Int32(truncatingIfNeeded: offset -| baseOffset) }

    // MARK: Indexes

    /// Starts with empty indexes, as a new or a recovered segment does.
    func forgetIndexes() {
        offsets = OffsetIndex()
        times = TimeIndex()
        transactions = TransactionIndex()
        indexesChanged = true
        bytesSinceIndexEntry = 0
        greatest = (-1, -1)
        firstTimestamp = nil
    }

    /// Starts over as if the file was empty; batches have to be noted again.
    func beginScan() {
        size = 0
        forgetIndexes()
    }

    /// Whether ``writeIndexes()`` has entries to write.
    var hasUnwrittenIndexes: Bool { indexesChanged && size > 0 && offsets != nil }

    var hasResidentIndexes: Bool { offsets != nil }

    /// Reads the offset and time index. Nil when a file is missing or unsound: they have to be rebuilt.
    func loadIndexes() throws(StorageError) -> (OffsetIndex, TimeIndex)? {
        if let offsets, let times { return (offsets, times) }
        // At most an entry for each batch, and batches have at least a header.
        let batches = size / RecordBatchHeader.size + 1
        guard
            let offsetBytes = try fileSystem.contents(of: path + ".index", atMost: batches * OffsetIndex.entrySize),
            let timeBytes = try fileSystem.contents(of: path + ".timeindex", atMost: batches * TimeIndex.entrySize),
            let offsets = OffsetIndex.decoded(offsetBytes, segmentSize: size), let times = TimeIndex.decoded(timeBytes)
        else { return nil }
        self.offsets = offsets
        self.times = times
        indexesChanged = false
        return (offsets, times)
    }

    /// The offset index, rebuilt from the batches when its file is of no use.
    func offsetIndex(interval: Int) throws(StorageError) -> OffsetIndex {
        if let offsets { return offsets }
        if let (offsets, _) = try loadIndexes() { return offsets }
        try rebuildIndexes(interval: interval)
        return offsets ?? OffsetIndex()
    }

    func timeIndex(interval: Int) throws(StorageError) -> TimeIndex {
        _ = try offsetIndex(interval: interval)
        return times ?? TimeIndex()
    }

    /// Builds the offset and time index from the headers of the batches.
    func rebuildIndexes(interval: Int) throws(StorageError) {
        let end = size
        let transactions = transactions
        beginScan()
        self.transactions = transactions
        let scanner = BatchScanner(try file(), from: 0, to: end, windowSize: Self.rebuildWindow)
        while let header = try scanner.next() { note(header, indexInterval: interval) }
        size = end
    }

    /// Whether the index files speak of all batches, by those behind the last entry; true also when they are of no use
    /// at all, since they are built anew then.
    func indexesReachEnd(interval: Int) throws(StorageError) -> Bool {
        guard let (offsets, times) = try loadIndexes() else { return true }
        let start = offsets.entries.last.map { Int($0.position) } ?? 0
        let scanner = BatchScanner(try file(), from: start, to: size, windowSize: Self.lookupWindow)
        while let header = try scanner.next() {
            guard scanner.batchStart - start <= interval, header.maxTimestamp <= times.last?.timestamp ?? -1 else {
                return false
            }
        }
        dropIndexes()
        return true
    }

    /// Gives back the memory of a closed segment's indexes.
    func dropIndexes() {
        guard !indexesChanged else { return }
        offsets = nil
        times = nil
    }

    /// Continues a segment of an earlier run: the indexes are loaded and the batches behind the last entry noted.
    /// Returns the offset after the last batch; nil when the file does not end with a whole batch or an index is of no
    /// use.
    /// - Parameter isGapless: whether a gap between batches is damage.
    func loadEnd(interval: Int, isGapless: Bool = false) throws(StorageError) -> Int64? {
        guard let (offsets, times) = try loadIndexes() else { return nil }
        greatest = times.last.map { ($0.timestamp, baseOffset +| Int64($0.relativeOffset)) } ?? (-1, -1)
        let start = offsets.entries.last.map { Int($0.position) } ?? 0
        let scanner = BatchScanner(try file(), from: start, to: size, windowSize: Self.lookupWindow)
        var nextOffset = baseOffset
        while let header = try scanner.next() {
            // Of the first one behind an index entry it is not known where it has to begin.
            let isExact = isGapless && (start == 0 || scanner.batchStart > start)
            guard isExact ? header.baseOffset == nextOffset : header.baseOffset >= nextOffset else { return nil }
            nextOffset = header.nextOffset
            if header.maxTimestamp > greatest?.timestamp ?? -1 { greatest = (header.maxTimestamp, header.lastOffset) }
            if scanner.batchStart == 0 { firstTimestamp = header.maxTimestamp }
        }
        guard !scanner.isBroken else { return nil }
        if greatest?.timestamp ?? -1 > times.last?.timestamp ?? -1 { indexesChanged = true }
        bytesSinceIndexEntry = size - start
        if start > 0 {
            firstTimestamp = try BatchScanner(try file(), from: 0, to: size, windowSize: 0).next()?.maxTimestamp
        }
        return nextOffset
    }

    /// Whether ``greatestTimestamp(interval:)`` reads nothing from the disk.
    var knowsGreatestTimestamp: Bool { greatest != nil }

    /// About how long the offset and time index are.
    func indexBytes(interval: Int) -> Int {
        size / max(1, interval) *| (OffsetIndex.entrySize + TimeIndex.entrySize)
    }

    /// Greatest timestamp and the last offset of its batch; (-1, -1) when there is none.
    func greatestTimestamp(interval: Int) throws(StorageError) -> (timestamp: Int64, offset: Int64) {
        if let greatest { return greatest }
        if !hasResidentIndexes, let last = try lastTimeEntryOnDisk() {
            greatest = (last.timestamp, baseOffset +| Int64(last.relativeOffset))
            return greatest ?? (-1, -1)
        }
        let wasResident = hasResidentIndexes
        let last = try timeIndex(interval: interval).last
        // Where the index had to be rebuilt the greatest timestamp is known already.
        let found = greatest ?? last.map { ($0.timestamp, baseOffset +| Int64($0.relativeOffset)) } ?? (-1, -1)
        greatest = found
        if !wasResident { dropIndexes() }
        return found
    }

    /// Writes the offset and time index if they changed; the time index ends with the greatest timestamp.
    /// - Returns: whether a file is another one now, which the disk need not have yet.
    @discardableResult
    func writeIndexes() throws(StorageError) -> Bool {
        guard indexesChanged, offsets != nil, times != nil else { return false }
        if size == 0 {
            let wereThere = fileSystem.exists(path + ".index") || fileSystem.exists(path + ".timeindex")
            guard wereThere else { return false }
            try fileSystem.remove(path + ".index")
            try fileSystem.remove(path + ".timeindex")
            return true
        }
        appendTimeEntry()
        // After a recovery the files are mostly what they were.
        let hasNewOffsets = try fileSystem.update(path + ".index", to: offsets?.encoded() ?? [])
        let hasNewTimes = try fileSystem.update(path + ".timeindex", to: times?.encoded() ?? [])
        indexesChanged = false
        return hasNewOffsets || hasNewTimes
    }

    // MARK: Transactions

    /// Aborted transactions whose marker is in this segment; read from the file once.
    func transactionIndex() throws(StorageError) -> TransactionIndex {
        if let transactions { return transactions }
        let bytes = try fileSystem.contents(of: path + ".txnindex") ?? []
        guard let index = TransactionIndex.decoded(bytes) else {
            throw StorageError(.corrupt, "read", path + ".txnindex", detail: "not a transaction index")
        }
        transactions = index
        return index
    }

    /// Notes an aborted transaction in memory, for `rewriteTransactions`.
    func noteAborted(_ entry: TransactionIndex.Entry) {
        var index = transactions ?? TransactionIndex()
        index.append(entry)
        transactions = index
    }

    /// Notes an aborted transaction, at once in the file too.
    func appendAborted(_ entry: TransactionIndex.Entry) throws(StorageError) {
        var index = try transactionIndex()
        let position = index.entries.count * TransactionIndex.entrySize
        index.append(entry)
        transactions = index
        let file = try fileSystem.file(at: path + ".txnindex", create: true)
        var failure: StorageError?
        TransactionIndex.encoded(entry).withUnsafeBytes { bytes in
            do throws(StorageError) { try file.write(bytes, at: position) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Makes the transaction index file hold what is known in memory.
    /// - Returns: whether it is another one now, which the disk need not have yet.
    func rewriteTransactions() throws(StorageError) -> Bool {
        let index = try transactionIndex()
        if index.entries.isEmpty {
            let wasThere = fileSystem.exists(path + ".txnindex")
            if wasThere { try fileSystem.remove(path + ".txnindex") }
            return wasThere
        }
        return try fileSystem.update(path + ".txnindex", to: index.encoded())
    }

    // MARK: Cutting and removing

    /// Cuts the file to `position`, the start of a batch that holds `offset` or follows it.
    func truncate(toPosition position: Int, offset: Int64, interval: Int) throws(StorageError) {
        var offsets = try offsetIndex(interval: interval)
        var times = try timeIndex(interval: interval)
        var transactions = try transactionIndex()
        offsets.truncate(toPosition: position)
        times.truncate(toRelativeOffset: offset -| baseOffset)
        transactions.truncate(to: offset)
        // Indexes of an empty file would say that records are missing.
        if position == 0 { try removeIndexFiles() }
        try file().truncate(to: position)
        self.offsets = offsets
        self.times = times
        self.transactions = transactions
        size = position
        forgetChecks(from: position)
        syncedSize = min(syncedSize, position)
        preallocatedEnd = 0
        writebackEnd = min(writebackEnd, position)
        droppedEnd = min(droppedEnd, position)
        greatest = nil
        firstTimestamp = nil
        if try loadEnd(interval: interval) == nil { try rebuildIndexes(interval: interval) }
        indexesChanged = true
        try writeIndexes()
        _ = try rewriteTransactions()
    }

    /// Sets the size to that of the batches noted by a scan and cuts what follows them.
    func cutTornTail(fileSize: Int) throws(StorageError) {
        if fileSize > size { try file().truncate(to: size) }
    }

    /// No more appends: indexes are written and leave memory, reserved space goes back.
    /// - Returns: whether index files are others now, which the disk need not have yet.
    func seal() throws(StorageError) -> Bool {
        let isNew = try writeIndexes()
        retire()
        return isNew
    }

    /// What is left to do once the indexes are written.
    func retire() {
        // Space that stays reserved costs disk, not correctness.
        if preallocatedEnd > size { try? openFile?.truncate(to: size) }
        preallocatedEnd = 0
        dropIndexes()
    }

    func closeFile() {
        openFile?.close()
        isKeptOpen = false
    }

    /// Keeps the file's descriptor until ``closeFile()``.
    func keepOpen() throws(StorageError) {
        try file().keepOpen()
        isKeptOpen = true
    }

    // MARK: Taking back

    var savepoint: Savepoint {
        Savepoint(
            size: size, bytesSinceIndexEntry: bytesSinceIndexEntry, greatest: greatest, firstTimestamp: firstTimestamp,
            offsetCount: offsets?.entries.count ?? 0, timeCount: times?.entries.count ?? 0)
    }

    /// Forgets what was noted since; the file is as it was and on disk.
    func restore(_ before: Savepoint) {
        size = before.size
        syncedSize = before.size
        (preallocatedEnd, writebackEnd) = (0, min(writebackEnd, size))
        (bytesSinceIndexEntry, greatest) = (before.bytesSinceIndexEntry, before.greatest)
        firstTimestamp = before.firstTimestamp
        offsets?.truncate(toCount: before.offsetCount)
        times?.truncate(toCount: before.timeCount)
        indexesChanged = true
    }

    /// The offset after the last batch, found from the end of the index file without reading the rest; nil where the
    /// batches do not lead to the end of the file.
    func endOffsetOnDisk() throws(StorageError) -> Int64? { try lastHeaderOnDisk()?.nextOffset }

    /// The header of the last batch, found as for ``endOffsetOnDisk()``.
    func lastHeaderOnDisk() throws(StorageError) -> RecordBatchHeader? {
        if let known = lastHeader, known.size == size { return known.header }
        let scanner = BatchScanner(
            try file(), from: try lastIndexedPosition(), to: size, windowSize: Self.lookupWindow)
        var last: RecordBatchHeader?
        while let header = try scanner.next() { last = header }
        if scanner.isBroken { last = nil }
        lastHeader = (size, last)
        return last
    }

    /// Files beside the `.log`, whether they are there or not.
    var indexPaths: [String] { Self.indexSuffixes.map { path + $0 } }
    var transactionIndexPath: String { path + ".txnindex" }

    static let indexSuffixes = [".index", ".timeindex", ".txnindex"]

    /// Bytes that a lookup reads at once: an index interval and some.
    static let lookupWindow = 8 << 10
    static let rebuildWindow = 64 << 10
}
