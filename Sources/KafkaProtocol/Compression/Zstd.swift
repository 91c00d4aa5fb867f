import CZstd

/// Zstandard frames (RFC 8878).
enum Zstd {
    /// More output bytes than one input byte can mean: at best four make a run of 128 KiB.
    private static let largestRatio: UInt64 = 32 << 10

    static func compress(
        _ input: UnsafeRawBufferPointer, level: Int32?, headroom: Int
    ) throws(CompressionError) -> [UInt8] {
        let result = arrayWithHeadroom(headroom, capacity: ZSTD_compressBound(input.count)) { output in
            let size = ZSTD_compress(
                output.baseAddress, output.count, input.baseAddress, input.count, level ?? ZSTD_defaultCLevel())
            return ZSTD_isError(size) == 0 ? size : nil
        }
        guard let result else { throw .libraryFailure(.zstd) }
        return result
    }

    /// Several frames one after the other are one stream, as the format has it.
    static func decompress(_ input: UnsafeRawBufferPointer, into output: inout OutputBuffer) throws(CompressionError) {
        guard let start = input.baseAddress, input.count > 0 else { throw .truncated(.zstd) }
        guard let context = takeContext() else { throw .libraryFailure(.zstd) }
        defer { giveBack(context) }
        try reserveDeclaredSize(input, in: &output)
        var source = ZSTD_inBuffer(src: start, size: input.count, pos: 0)
        while true {
            let space = try output.space()
            var target = ZSTD_outBuffer(dst: space.baseAddress, size: space.count, pos: 0)
            let before = source.pos
            let missing = ZSTD_decompressStream(context, &target, &source)
            if ZSTD_isError(missing) != 0 {
                throw ZSTD_getErrorCode(missing) == ZSTD_error_memory_allocation
                    ? .libraryFailure(.zstd) : .corrupt(.zstd)
            }
            try output.fill(target.pos)
            if missing == 0 && source.pos == source.size { return }
            if target.pos == 0 && source.pos == before { throw .truncated(.zstd) }
        }
    }

    // MARK: Contexts

    /// Making a context costs more than decompressing a small batch with it (9 us), so each thread keeps one.
    private static let idle = ThreadSlot { _ = ZSTD_freeDCtx(OpaquePointer($0)) }

    /// A kept context is no larger than this; a frame with a large window makes it larger.
    private static let largestIdleSize = 4 << 20

    private static func takeContext() -> OpaquePointer? {
        guard let kept = idle.take() else { return ZSTD_createDCtx() }
        return OpaquePointer(kept)
    }

    /// Keeps the context for the thread's next use, or frees it.
    private static func giveBack(_ context: OpaquePointer) {
        let isClean = ZSTD_isError(ZSTD_DCtx_reset(context, ZSTD_reset_session_only)) == 0
        if isClean, ZSTD_sizeof_DCtx(context) <= largestIdleSize, idle.put(UnsafeMutableRawPointer(context)) { return }
        ZSTD_freeDCtx(context)
    }

    /// A frame that says how large its content is gets that much room at once, or is refused at once. With all of its
    /// room there zstd needs no window of its own.
    private static func reserveDeclaredSize(
        _ input: UnsafeRawBufferPointer, in output: inout OutputBuffer
    ) throws(CompressionError) {
        let declared = ZSTD_getFrameContentSize(input.baseAddress, input.count)
        // The two largest values mean "unknown" and "not a frame".
        guard declared < UInt64.max - 1 else { return }
        guard declared <= UInt64(output.limit) else { throw .limitExceeded(output.limit) }
        // The claim may be a lie of a few bytes: believe no more than what zstd can reach.
        let reachable = UInt64(input.count).multipliedReportingOverflow(by: largestRatio)
        guard !reachable.overflow, declared <= reachable.partialValue else { return }
        _ = try output.space(exactly: Int(declared))
    }
}
