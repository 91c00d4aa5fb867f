/// Walks record batches that stand one after the other, as in a `records` field or a segment file, without copying.
///
/// It reads lengths and magic only; checksums and fields are `validateBatch`'s business. A partial batch at the end is
/// what a fetch with a byte limit or a torn write leaves: the walk ends before it and `remainder` is not 0.
package struct RecordBatchIterator {
    package let bytes: UnsafeRawBufferPointer
    /// Where the next batch starts; bytes of whole batches so far.
    package private(set) var position = 0

    package init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Bytes from the next batch on; after the walk those of the partial batch.
    package var remainder: Int { bytes.count - position }

    /// The next whole batch, or nil at the end or before a partial batch.
    ///
    /// Throws `badLength` or `unsupportedMagic` where no batch can stand; `position` then points there and the walk
    /// cannot go on.
    package mutating func next() throws(RecordBatchError) -> (
        header: RecordBatchHeader, bytes: UnsafeRawBufferPointer
    )? {
        guard remainder >= RecordBatchHeader.overhead else { return nil }
        let length = Int32(
            bigEndian: bytes.loadUnaligned(
                fromByteOffset: position + RecordBatchHeader.Position.batchLength, as: Int32.self))
        // Formats 0 and 1 have the magic at the same place and can be shorter, so it is looked at before the length.
        if remainder > RecordBatchHeader.Position.magic, length >= 5 {
            let magic = Int8(bitPattern: bytes[position + RecordBatchHeader.Position.magic])
            guard magic == RecordBatchHeader.magic else { throw .unsupportedMagic(magic) }
        }
        guard Int(length) >= RecordBatchHeader.size - RecordBatchHeader.overhead else { throw .badLength(length) }
        let size = RecordBatchHeader.overhead + Int(length)
        guard size <= remainder else { return nil }
        let batch = UnsafeRawBufferPointer(rebasing: bytes[position..<position + size])
        position += size
        return (RecordBatchHeader(parsing: batch), batch)
    }
}
