/// Memory that stays where it is, for requests that are sent from it again and again.
package final class FixedBytes {
    package let bytes: UnsafeMutableRawBufferPointer

    package init(_ content: [UInt8]) {
        bytes = .allocate(byteCount: content.count, alignment: 16)
        bytes.copyBytes(from: content)
    }

    deinit { bytes.deallocate() }
}

/// Each connection writes the same batch to its partition over and over.
package final class ProduceWorkload: Workload {
    package let depth: Int
    private let topic: String
    private let frames: [FixedBytes]

    package init(topic: String, partitions: Int, batch: [UInt8], depth: Int = 1) {
        self.topic = topic
        self.depth = depth
        frames = (0..<partitions).map { FixedBytes(Request.produce(topic: topic, partition: Int32($0), batch: batch)) }
    }

    package func request(_ connection: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(frames[connection % frames.count].bytes)
    }

    package func answered(_ connection: Int, head: UnsafeRawBufferPointer, size: Int) throws {
        let error = Answer.produceError(head, topic: topic)
        guard error == 0 else { throw BenchmarkError("produce to \(topic): error \(error)") }
    }
}

/// Each connection reads a partition from its beginning, and again when it has reached the end.
///
/// The partitions hold equal batches only, so that the next offset follows from the number of bytes.
package final class FetchWorkload: Workload {
    package let depth = 1
    /// Bytes of records received.
    package private(set) var recordBytes = 0
    /// Records received.
    package private(set) var records = 0
    /// Every partition was read to its end at least once.
    package var everythingRead: Bool { finished.count == partitions }

    private let topic: String
    private let partitions: Int
    private let batchSize: Int
    private let recordsPerBatch: Int
    private let end: Int64
    private var frames: [FixedBytes] = []
    private var offsetPosition = 0
    private var offsets: [Int64]
    private var finished: Set<Int> = []

    /// `end`: the next offset of each partition.
    package init(
        topic: String, partitions: Int, connections: Int, batchSize: Int, recordsPerBatch: Int, end: Int64,
        maxBytes: Int = 1 << 20
    ) {
        self.topic = topic
        self.partitions = partitions
        self.batchSize = batchSize
        self.recordsPerBatch = recordsPerBatch
        self.end = end
        offsets = [Int64](repeating: 0, count: max(connections, partitions))
        for index in 0..<max(connections, partitions) {
            let partition = Int32(index % partitions)
            let frame = Request.fetch(topic: topic, partition: partition, maxBytes: Int32(maxBytes), waitMs: 500)
            offsetPosition = frame.offsetPosition
            frames.append(FixedBytes(frame.bytes))
        }
        readers = (0..<max(1, connections)).map { $0 }
    }

    /// Which frame a connection uses now: its own, or each partition's in turn if there are fewer connections.
    private var readers: [Int]

    package func request(_ connection: Int) -> UnsafeRawBufferPointer {
        let frame = readers[connection]
        let memory = frames[frame].bytes
        memory.storeBytes(of: offsets[frame].bigEndian, toByteOffset: offsetPosition, as: Int64.self)
        return UnsafeRawBufferPointer(memory)
    }

    package func answered(_ connection: Int, head: UnsafeRawBufferPointer, size: Int) throws {
        let frame = readers[connection]
        let answer = Answer.fetched(head, topic: topic)
        guard answer.error == 0 else { throw BenchmarkError("fetch from \(topic): error \(answer.error)") }
        let batches = answer.recordBytes / batchSize
        guard batches > 0, answer.firstOffset == offsets[frame] else {
            throw BenchmarkError(
                "\(topic) at \(offsets[frame]): \(answer.recordBytes) bytes from \(answer.firstOffset)")
        }
        recordBytes += batches * batchSize
        records += batches * recordsPerBatch
        offsets[frame] += Int64(batches * recordsPerBatch)
        if offsets[frame] >= end {
            offsets[frame] = 0
            finished.insert(frame % partitions)
        }
        let next = frame + readers.count
        readers[connection] = next < frames.count ? next : connection
    }
}

/// Sends a frame and expects an answer, whatever it holds: the other side of `RawServer`.
package final class RawWorkload: Workload {
    package let depth: Int
    private let frame: FixedBytes

    /// `requestSize`: bytes of each request, its length included.
    package init(requestSize: Int, depth: Int = 1) {
        self.depth = depth
        var bytes = WireBytes()
        bytes.int(Int32(requestSize - 4))
        bytes.raw([UInt8](repeating: 0x55, count: requestSize - 4))
        frame = FixedBytes(bytes.bytes)
    }

    package func request(_ connection: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(frame.bytes) }
    package func answered(_ connection: Int, head: UnsafeRawBufferPointer, size: Int) {}
}

/// Writes a number of equal batches to every partition, one connection for each; then sends cheap requests until told
/// to stop.
package final class FillWorkload: Workload {
    package let depth = 1
    private let produce: ProduceWorkload
    private let idle = FixedBytes(Request.apiVersions())
    private var left: [Int]
    private var isProducing: [Bool]

    package var isDone: Bool { left.allSatisfy { $0 == 0 } && !isProducing.contains(true) }

    package init(topic: String, partitions: Int, batch: [UInt8], count: Int) {
        produce = ProduceWorkload(topic: topic, partitions: partitions, batch: batch)
        left = [Int](repeating: count, count: partitions)
        isProducing = [Bool](repeating: false, count: partitions)
    }

    package func request(_ connection: Int) -> UnsafeRawBufferPointer {
        isProducing[connection] = left[connection] > 0
        guard left[connection] > 0 else { return UnsafeRawBufferPointer(idle.bytes) }
        left[connection] -= 1
        return produce.request(connection)
    }

    package func answered(_ connection: Int, head: UnsafeRawBufferPointer, size: Int) throws {
        guard isProducing[connection] else { return }
        isProducing[connection] = false
        try produce.answered(connection, head: head, size: size)
    }
}
