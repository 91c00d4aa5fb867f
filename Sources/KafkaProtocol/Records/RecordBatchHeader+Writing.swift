/// Writing headers, and patching those of received batches.
extension RecordBatchHeader {
    private static func store<T: FixedWidthInteger>(
        _ value: T, at position: Int, in memory: UnsafeMutableRawBufferPointer
    ) {
        memory.storeBytes(of: value.bigEndian, toByteOffset: position, as: T.self)
    }

    /// Writes all 61 bytes, the checksum as it is in `crc`.
    package func write(into memory: UnsafeMutableRawBufferPointer) {
        precondition(memory.count >= Self.size, "a record batch header needs 61 bytes")
        Self.writeHead(
            into: memory, baseOffset: baseOffset, batchLength: batchLength, partitionLeaderEpoch: partitionLeaderEpoch)
        Self.store(magic, at: Position.magic, in: memory)
        Self.store(crc, at: Position.crc, in: memory)
        Self.store(attributes, at: Position.attributes, in: memory)
        Self.store(lastOffsetDelta, at: Position.lastOffsetDelta, in: memory)
        Self.store(baseTimestamp, at: Position.baseTimestamp, in: memory)
        Self.store(maxTimestamp, at: Position.maxTimestamp, in: memory)
        Self.store(producerID, at: Position.producerID, in: memory)
        Self.store(producerEpoch, at: Position.producerEpoch, in: memory)
        Self.store(baseSequence, at: Position.baseSequence, in: memory)
        Self.store(recordCount, at: Position.recordCount, in: memory)
    }

    /// Writes the 16 bytes that no checksum covers. A log writes them in front of a received batch's other bytes.
    package static func writeHead(
        into memory: UnsafeMutableRawBufferPointer, baseOffset: Int64, batchLength: Int32, partitionLeaderEpoch: Int32
    ) {
        precondition(memory.count >= headSize, "the head of a record batch needs 16 bytes")
        store(baseOffset, at: Position.baseOffset, in: memory)
        store(batchLength, at: Position.batchLength, in: memory)
        store(partitionLeaderEpoch, at: Position.partitionLeaderEpoch, in: memory)
    }

    /// Sets the base offset of the batch at the start of `batch`; the checksum stays valid.
    package static func setBaseOffset(_ offset: Int64, in batch: UnsafeMutableRawBufferPointer) {
        store(offset, at: Position.baseOffset, in: batch)
    }

    /// Sets the leader epoch of the batch at the start of `batch`; the checksum stays valid.
    package static func setPartitionLeaderEpoch(_ epoch: Int32, in batch: UnsafeMutableRawBufferPointer) {
        store(epoch, at: Position.partitionLeaderEpoch, in: batch)
    }

    /// Sets timestamp type and maximum timestamp of the whole batch in `batch`, and its checksum if anything changed.
    package static func setTimestamps(
        _ type: TimestampType, maxTimestamp: Int64, in batch: UnsafeMutableRawBufferPointer
    ) {
        var header = RecordBatchHeader(parsing: UnsafeRawBufferPointer(batch))
        guard header.setTimestamps(type, maxTimestamp: maxTimestamp) else { return }
        store(header.attributes, at: Position.attributes, in: batch)
        store(header.maxTimestamp, at: Position.maxTimestamp, in: batch)
        store(checksum(of: UnsafeRawBufferPointer(batch)), at: Position.crc, in: batch)
    }

    /// Sets timestamp type and maximum timestamp in this value; false when nothing changes. The checksum is then stale:
    /// `writeSealed` makes it anew.
    package mutating func setTimestamps(_ type: TimestampType, maxTimestamp: Int64) -> Bool {
        let bit = type == .logAppendTime ? Attribute.logAppendTime : 0
        let changed = attributes & Attribute.logAppendTime != bit || self.maxTimestamp != maxTimestamp
        attributes = attributes & ~Attribute.logAppendTime | bit
        self.maxTimestamp = maxTimestamp
        return changed
    }

    /// Writes the 61 bytes with a new checksum over them and `records`, what follows the header. For a log that changes
    /// the timestamps of a received batch without copying it: this header, then the received bytes from the 62nd on.
    package mutating func writeSealed(
        into memory: UnsafeMutableRawBufferPointer, records: UnsafeRawBufferPointer
    ) {
        write(into: memory)
        let head = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[Position.attributes..<Self.size])
        crc = CRC32C.checksum(records, seed: CRC32C.checksum(head))
        Self.store(crc, at: Position.crc, in: memory)
    }

    /// The checksum that the whole batch in `batch` ought to have: of all bytes from the attributes on.
    package static func checksum(of batch: UnsafeRawBufferPointer) -> UInt32 {
        CRC32C.checksum(UnsafeRawBufferPointer(rebasing: batch[Position.attributes...]))
    }
}
