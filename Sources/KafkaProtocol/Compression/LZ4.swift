import CLZ4

/// The LZ4 frame format, which is what Kafka means by lz4.
enum LZ4 {
    /// Independent blocks of 64 KiB without checksums: the Java client reads no linked blocks.
    private static func preferences(level: Int32?) -> LZ4F_preferences_t {
        var preferences = LZ4F_preferences_t()
        preferences.frameInfo.blockSizeID = LZ4F_max64KB
        preferences.frameInfo.blockMode = LZ4F_blockIndependent
        preferences.compressionLevel = level ?? 0
        return preferences
    }

    static func compress(
        _ input: UnsafeRawBufferPointer, level: Int32?, headroom: Int
    ) throws(CompressionError) -> [UInt8] {
        var preferences = preferences(level: level)
        let bound = LZ4F_compressFrameBound(input.count, &preferences)
        let result = arrayWithHeadroom(headroom, capacity: bound) { output in
            let size = LZ4F_compressFrame(
                output.baseAddress, output.count, input.baseAddress, input.count, &preferences)
            return LZ4F_isError(size) == 0 ? size : nil
        }
        guard let result else { throw .libraryFailure(.lz4) }
        return result
    }

    /// Several frames one after the other are one stream, as the format has it.
    static func decompress(_ input: UnsafeRawBufferPointer, into output: inout OutputBuffer) throws(CompressionError) {
        guard let start = input.baseAddress, input.count > 0 else { throw .truncated(.lz4) }
        var context: OpaquePointer?
        guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0 else {
            throw .libraryFailure(.lz4)
        }
        defer { LZ4F_freeDecompressionContext(context) }
        var position = 0
        while true {
            let space = try output.space()
            var written = space.count
            var read = input.count - position
            let missing = LZ4F_decompress(context, space.baseAddress, &written, start + position, &read, nil)
            guard LZ4F_isError(missing) == 0 else { throw .corrupt(.lz4) }
            try output.fill(written)
            position += read
            if missing == 0 && position == input.count { return }
            if written == 0 && read == 0 { throw .truncated(.lz4) }
        }
    }
}
