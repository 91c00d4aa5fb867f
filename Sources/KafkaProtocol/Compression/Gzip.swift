import CZlib

/// gzip (RFC 1952) through zlib.
enum Gzip {
    /// zlib's window size (2^15) plus 16 for "gzip wrapper, not zlib's".
    private static let windowBits: Int32 = 15 + 16
    /// zlib's default memory level.
    private static let memoryLevel: Int32 = 8

    static func compress(
        _ input: UnsafeRawBufferPointer, level: Int32?, headroom: Int
    ) throws(CompressionError) -> [UInt8] {
        // zlib keeps a pointer to the stream, so that it must not move.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        let clamped = level.map { min(max($0, Z_BEST_SPEED), Z_BEST_COMPRESSION) } ?? Z_DEFAULT_COMPRESSION
        let status = deflateInit2_(
            stream, clamped, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .libraryFailure(.gzip) }
        defer { deflateEnd(stream) }
        let bound = Int(deflateBound(stream, UInt(input.count)))
        let result = arrayWithHeadroom(headroom, capacity: bound) { output in
            stream.pointee.next_in = inputPointer(input)
            stream.pointee.avail_in = UInt32(input.count)
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(clamping: output.count)
            return deflate(stream, Z_FINISH) == Z_STREAM_END ? Int(stream.pointee.total_out) : nil
        }
        guard let result else { throw .libraryFailure(.gzip) }
        return result
    }

    /// Several members one after the other are one stream, as RFC 1952 has it.
    static func decompress(_ input: UnsafeRawBufferPointer, into output: inout OutputBuffer) throws(CompressionError) {
        guard input.count > 0 else { throw .truncated(.gzip) }
        guard input.count <= Compression.inputLimit else { throw .limitExceeded(Compression.inputLimit) }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        let status = inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .libraryFailure(.gzip) }
        defer { inflateEnd(stream) }
        stream.pointee.next_in = inputPointer(input)
        stream.pointee.avail_in = UInt32(input.count)
        while true {
            let space = try output.space()
            let offered = UInt32(clamping: space.count)
            stream.pointee.next_out = space.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = offered
            let status = inflate(stream, Z_NO_FLUSH)
            try output.fill(Int(offered - stream.pointee.avail_out))
            switch status {
            case Z_STREAM_END:
                if stream.pointee.avail_in == 0 { return }
                guard inflateReset(stream) == Z_OK else { throw .libraryFailure(.gzip) }
            case Z_OK: break
            // No progress although there was room: the input is at its end.
            case Z_BUF_ERROR: throw .truncated(.gzip)
            case Z_MEM_ERROR: throw .libraryFailure(.gzip)
            default: throw .corrupt(.gzip)
            }
        }
    }

    /// zlib does not write through its input pointer, but its type says that it might.
    private static func inputPointer(_ input: UnsafeRawBufferPointer) -> UnsafeMutablePointer<UInt8>? {
        UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    }
}
