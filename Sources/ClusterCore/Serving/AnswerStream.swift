import KafkaProtocol

/// A long answer that leaves piece by piece: its records stay in the log until the client takes them.
///
/// Valid on the thread that steps the cluster.
package struct AnswerStream {
    /// Length field, header and everything but the records.
    private let head: [UInt8]
    /// Where records belong in `head`, in order.
    private let records: [DeferredRecords]
    /// Bytes of `head`, and of the records before which it stands, that have left.
    private var headDone = 0
    private var recordIndex = 0
    private var recordDone = 0
    /// Bytes that have not left.
    package private(set) var remaining: Int

    /// nil when the answer cannot be encoded, or is longer than a frame can be.
    package init?(_ reply: Reply) {
        var writer = WireWriter(capacity: 4096)
        writer.defersRecords = true
        writer.writeInt32(0)
        reply.encode(into: &writer)
        let records = writer.deferred
        let total = records.reduce(writer.count) { $0 +| $1.count }
        guard !writer.failure, let length = Int32(exactly: total - 4) else {
            return nil
        }
        writer.patchInt32(length, at: 0)
        head = writer.copyBytes()
        heldBytes = head.count +| ((reply.body as? PiecewiseAnswer)?.heldBytes ?? 0)
        self.records = records
        remaining = total
    }

    /// Bytes of memory that it takes, with the request that it is made from.
    package let heldBytes: Int

    /// Writes the next piece.
    /// - Returns: its bytes, as many as fit or are left; nil when records could not be read any more (their topic was
    ///   deleted, for instance): what was begun cannot be finished.
    package mutating func fill(_ memory: UnsafeMutableRawBufferPointer) -> Int? {
        var filled = 0
        while filled < memory.count, remaining > 0 {
            let room = UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
            let stop = recordIndex < records.count ? records[recordIndex].position : head.count
            let count: Int
            if headDone < stop {
                count = min(room.count, stop - headDone)
                head.withUnsafeBytes { bytes in
                    room.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[headDone..<headDone + count]))
                }
                headDone += count
            } else {
                let piece = records[recordIndex]
                count = min(room.count, piece.count - recordDone)
                guard piece.source.copyRecords(
                    from: recordDone, into: UnsafeMutableRawBufferPointer(rebasing: room[..<count]))
                else {
                    return nil
                }
                recordDone += count
                if recordDone == piece.count {
                    recordIndex += 1
                    recordDone = 0
                }
            }
            filled += count
            remaining -= count
        }
        return filled
    }
}
