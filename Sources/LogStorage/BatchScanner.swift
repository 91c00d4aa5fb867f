import KafkaProtocol

/// Walks the batches of a segment file through a window in memory.
final class BatchScanner {
    /// Where the next batch starts.
    private(set) var position: Int
    /// Where the batch that `next` returned last starts.
    private(set) var batchStart: Int
    /// Set when the walk ended before `end`: what stands at `position` is not a whole batch.
    private(set) var isBroken = false

    private let file: any File
    private let end: Int
    private var window: UnsafeMutableRawBufferPointer
    private var windowStart = 0
    private var windowCount = 0

    /// - Parameters:
    ///   - end: bytes of the file that count.
    ///   - windowSize: bytes to read at once; it grows for larger batches whose content is asked for.
    init(_ file: any File, from position: Int, to end: Int, windowSize: Int) {
        self.file = file
        self.position = position
        self.batchStart = position
        self.end = end
        window = .allocate(byteCount: max(min(windowSize, end - position), RecordBatchHeader.size), alignment: 16)
    }

    deinit { window.deallocate() }

    /// The header of the next batch; nil at the end and before something that is not a whole batch.
    func next() throws(StorageError) -> RecordBatchHeader? {
        guard position < end else { return nil }
        guard end - position >= RecordBatchHeader.size else { return stop() }
        let bytes = try load(position, RecordBatchHeader.size)
        guard bytes.count == RecordBatchHeader.size else { return stop() }
        let header = RecordBatchHeader(parsing: bytes)
        guard header.magic == RecordBatchHeader.magic, header.sizeInBytes >= RecordBatchHeader.size,
            header.sizeInBytes <= end - position
        else { return stop() }
        batchStart = position
        position += header.sizeInBytes
        return header
    }

    /// All bytes of the batch that `next` returned last; valid until the next call of either.
    func batch() throws(StorageError) -> UnsafeRawBufferPointer {
        try load(batchStart, position - batchStart)
    }

    private func stop() -> RecordBatchHeader? {
        isBroken = true
        return nil
    }

    private func load(_ start: Int, _ count: Int) throws(StorageError) -> UnsafeRawBufferPointer {
        if start < windowStart || start + count > windowStart + windowCount {
            if count > window.count {
                window.deallocate()
                windowCount = 0
                window = .allocate(byteCount: count, alignment: 16)
            }
            let wanted = min(window.count, max(end - start, 0))
            windowStart = start
            windowCount = 0
            windowCount = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: window[..<wanted]), at: start)
        }
        let place = start - windowStart
        return UnsafeRawBufferPointer(rebasing: window[place..<min(place + count, windowCount)])
    }
}
