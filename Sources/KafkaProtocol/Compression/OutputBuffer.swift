/// Memory that a decompressor fills and that grows as it does, but never holds more than a limit. Frees itself.
package struct OutputBuffer: ~Copyable {
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    /// Bytes filled so far.
    package private(set) var count = 0
    /// The most bytes that may be filled.
    package let limit: Int
    private let codec: Compression

    /// Room for `capacity` bytes at first (less when the limit is lower).
    init(capacity: Int, limit: Int, codec: Compression) throws(CompressionError) {
        precondition(limit >= 0 && limit < Int.max, "an output limit is a number of bytes")
        // One byte more than the limit, so that a codec that fills it shows that there is too much, while a codec that
        // ends exactly at the limit is not mistaken for it.
        self.capacity = max(1, min(capacity, limit + 1))
        guard let memory = Platform.allocate(self.capacity) else { throw .libraryFailure(codec) }
        self.memory = memory
        self.limit = limit
        self.codec = codec
    }

    deinit {
        Platform.release(memory)
    }

    /// Free space of at least one byte, right behind what is filled; grows if there is none.
    mutating func space() throws(CompressionError) -> UnsafeMutableRawBufferPointer {
        guard count <= limit else { throw .limitExceeded(limit) }
        if count == capacity { try grow(to: capacity > limit / 2 ? limit + 1 : capacity * 2) }
        return UnsafeMutableRawBufferPointer(start: memory + count, count: capacity - count)
    }

    /// Free space of exactly `size` bytes, right behind what is filled.
    mutating func space(exactly size: Int) throws(CompressionError) -> UnsafeMutableRawBufferPointer {
        guard size <= limit - count else { throw .limitExceeded(limit) }
        if size > capacity - count { try grow(to: min(limit + 1, max(count + size, 2 * capacity))) }
        return UnsafeMutableRawBufferPointer(start: memory + count, count: size)
    }

    /// Counts `size` bytes of the free space as filled.
    mutating func fill(_ size: Int) throws(CompressionError) {
        precondition(size >= 0 && size <= capacity - count, "a codec wrote beyond its space")
        count += size
        guard count <= limit else { throw .limitExceeded(limit) }
    }

    private mutating func grow(to newCapacity: Int) throws(CompressionError) {
        guard let grown = Platform.reallocate(memory, newCapacity) else { throw .libraryFailure(codec) }
        memory = grown
        capacity = newCapacity
    }

    /// Lends the filled bytes.
    package borrowing func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try body(UnsafeRawBufferPointer(start: memory, count: count))
    }
}
