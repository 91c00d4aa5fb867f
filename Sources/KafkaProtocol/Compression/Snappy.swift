import CSnappy

/// Snappy: written in the framing of xerial's snappy-java, as Kafka's Java client does, and read with it or raw,
/// because librdkafka and others write one raw block.
enum Snappy {
    /// Starts xerial's framing; two Int32 follow, its version and the oldest version that can read it.
    private static let magic: [UInt8] = [0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0x00]
    private static let version: Int32 = 1
    private static let frameHeaderSize = 16
    private static let lengthSize = 4
    /// Input bytes of each block that is written.
    private static let blockSize = 32 << 10
    /// More output bytes than one input byte can mean: at best three make 64.
    private static let largestRatio = 32

    static func compress(_ input: UnsafeRawBufferPointer, headroom: Int) throws(CompressionError) -> [UInt8] {
        let blocks = (input.count + blockSize - 1) / blockSize
        let bound = frameHeaderSize + blocks * (lengthSize + snappy_max_compressed_length(blockSize))
        let result = arrayWithHeadroom(headroom, capacity: bound) { output in
            output.copyBytes(from: magic)
            output.storeBytes(of: version.bigEndian, toByteOffset: 8, as: Int32.self)
            output.storeBytes(of: version.bigEndian, toByteOffset: 12, as: Int32.self)
            var written = frameHeaderSize
            for start in stride(from: 0, to: input.count, by: blockSize) {
                let block = UnsafeRawBufferPointer(rebasing: input[start..<min(start + blockSize, input.count)])
                let target = UnsafeMutableRawBufferPointer(rebasing: output[(written + lengthSize)...])
                var size = target.count
                guard
                    snappy_compress(
                        block.baseAddress?.assumingMemoryBound(to: CChar.self), block.count,
                        target.baseAddress?.assumingMemoryBound(to: CChar.self), &size) == SNAPPY_OK
                else { return nil }
                output.storeBytes(of: Int32(size).bigEndian, toByteOffset: written, as: Int32.self)
                written += lengthSize + size
            }
            return written
        }
        guard let result else { throw .libraryFailure(.snappy) }
        return result
    }

    static func decompress(_ input: UnsafeRawBufferPointer, into output: inout OutputBuffer) throws(CompressionError) {
        guard input.count > 0 else { throw .truncated(.snappy) }
        guard input.starts(with: magic) else { return try decompressBlock(input, into: &output) }
        var position = 0
        while position < input.count {
            let rest = UnsafeRawBufferPointer(rebasing: input[position...])
            // Streams joined end to end have a frame header in the middle. No block is that long: as an Int32 the magic
            // is negative.
            if rest.starts(with: magic) {
                guard rest.count >= frameHeaderSize else { throw .truncated(.snappy) }
                position += frameHeaderSize
                continue
            }
            guard rest.count >= lengthSize else { throw .truncated(.snappy) }
            let size = Int(Int32(bigEndian: rest.loadUnaligned(as: Int32.self)))
            guard size > 0 else { throw .corrupt(.snappy) }
            guard size <= rest.count - lengthSize else { throw .truncated(.snappy) }
            try decompressBlock(
                UnsafeRawBufferPointer(rebasing: rest[lengthSize..<lengthSize + size]), into: &output)
            position += lengthSize + size
        }
    }

    private static func decompressBlock(
        _ block: UnsafeRawBufferPointer, into output: inout OutputBuffer
    ) throws(CompressionError) {
        let start = block.baseAddress?.assumingMemoryBound(to: CChar.self)
        var size = 0
        guard snappy_uncompressed_length(start, block.count, &size) == SNAPPY_OK else { throw .corrupt(.snappy) }
        guard size <= output.limit - output.count else { throw .limitExceeded(output.limit) }
        // A few bytes that claim to be gigabytes get no memory.
        guard size <= block.count.multipliedReportingOverflow(by: largestRatio).partialValue else {
            throw .corrupt(.snappy)
        }
        let space = try output.space(exactly: size)
        guard
            snappy_uncompress(start, block.count, space.baseAddress?.assumingMemoryBound(to: CChar.self), &size)
                == SNAPPY_OK
        else { throw .corrupt(.snappy) }
        try output.fill(size)
    }
}
