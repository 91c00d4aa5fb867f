/// Builds a message in network byte order in memory that grows.
///
/// It may start on memory of the caller, for instance a connection's output buffer, and moves to memory of its own when
/// that is full. Writes never fail one by one: what cannot be encoded sets `failure`, and the message must then be
/// dropped.
package struct WireWriter: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    /// Bytes written so far.
    package private(set) var count = 0
    private var owned: Bool
    /// The caller's memory was too small, so the bytes are in memory of the writer.
    package private(set) var overflowed = false
    /// Something could not be encoded: records could not be read, or a length does not fit its field.
    package private(set) var failure = false

    /// Whether records of a source are left out, for who sends them in pieces; see `deferred`. A message whose records
    /// lie inside a tagged field cannot be written like that.
    package var defersRecords = false
    /// The records that were left out, in order.
    package private(set) var deferred: [DeferredRecords] = []

    /// Starts on memory of its own, `capacity` bytes at first.
    package init(capacity: Int) {
        self.capacity = max(capacity, 64)
        base = .allocate(byteCount: self.capacity, alignment: 8)
        owned = true
    }

    /// Starts on `memory`, which must outlive the writer. See `overflowed`.
    package init(borrowing memory: UnsafeMutableRawBufferPointer) {
        owned = memory.baseAddress == nil
        capacity = owned ? 64 : memory.count
        base = memory.baseAddress ?? .allocate(byteCount: 64, alignment: 8)
        overflowed = owned
    }

    deinit {
        if owned { base.deallocate() }
    }

    /// The bytes written; valid only during `body`.
    package borrowing func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// A copy of the bytes written.
    package borrowing func copyBytes() -> [UInt8] {
        [UInt8](UnsafeRawBufferPointer(start: base, count: count))
    }

    /// Forgets what was written and keeps the memory, for the next message.
    package mutating func reset() {
        count = 0
        failure = false
        deferred = []
    }

    /// Marks the message as unusable.
    package mutating func fail() { failure = true }

    @inline(__always)
    package mutating func reserve(_ extra: Int) {
        if capacity - count < extra { grow(extra) }
    }

    @inline(never)
    private mutating func grow(_ extra: Int) {
        let larger = max(capacity * 2, count + extra)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
        memory.copyMemory(from: base, byteCount: count)
        if owned { base.deallocate() } else { overflowed = true }
        base = memory
        capacity = larger
        owned = true
    }

    // MARK: fixed-width numbers

    @inline(__always)
    private mutating func store<T: FixedWidthInteger>(_ value: T) {
        reserve(MemoryLayout<T>.size)
        (base + count).storeBytes(of: value.bigEndian, as: T.self)
        count += MemoryLayout<T>.size
    }

    @inline(__always) package mutating func writeInt8(_ value: Int8) { store(value) }
    @inline(__always) package mutating func writeBool(_ value: Bool) { store(value ? UInt8(1) : 0) }
    @inline(__always) package mutating func writeInt16(_ value: Int16) { store(value) }
    @inline(__always) package mutating func writeUInt16(_ value: UInt16) { store(value) }
    @inline(__always) package mutating func writeInt32(_ value: Int32) { store(value) }
    @inline(__always) package mutating func writeUInt32(_ value: UInt32) { store(value) }
    @inline(__always) package mutating func writeInt64(_ value: Int64) { store(value) }
    @inline(__always) package mutating func writeFloat64(_ value: Double) { store(value.bitPattern) }

    @inline(__always)
    package mutating func writeUUID(_ value: KafkaUUID) {
        store(value.high)
        store(value.low)
    }

    /// Overwrites four bytes written before, for instance a length known only afterwards.
    package mutating func patchInt32(_ value: Int32, at offset: Int) {
        precondition(offset >= 0 && offset + 4 <= count, "patch outside what was written")
        (base + offset).storeBytes(of: value.bigEndian, as: Int32.self)
    }

    // MARK: variable-length numbers

    @inline(__always)
    package mutating func writeUnsignedVarint(_ value: UInt32) {
        if value < 0x80 {
            store(UInt8(truncatingIfNeeded: value))
        } else {
            writeLongVarint(UInt64(value))
        }
    }

    /// Zigzag, five bytes at most.
    package mutating func writeVarint(_ value: Int32) {
        writeLongVarint(UInt64(UInt32(bitPattern: (value << 1) ^ (value >> 31))))
    }

    /// Zigzag, ten bytes at most.
    package mutating func writeVarlong(_ value: Int64) {
        writeLongVarint(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    private mutating func writeLongVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            store(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        store(UInt8(truncatingIfNeeded: rest))
    }

    // MARK: lengths

    @inline(__always)
    private mutating func writeLength(_ length: Int, compact: Bool, wide: Bool) {
        if compact {
            writeUnsignedVarint(UInt32(truncatingIfNeeded: length + 1))
        } else if wide {
            writeInt32(Int32(truncatingIfNeeded: length))
        } else {
            if length > Int(Int16.max) { failure = true }
            writeInt16(Int16(truncatingIfNeeded: length))
        }
    }

    /// The count before an array's elements; nil writes null.
    @inline(__always)
    package mutating func writeArrayCount(_ elements: Int?, compact: Bool) {
        writeLength(elements ?? -1, compact: compact, wide: true)
    }

    /// The mark before an optional struct.
    package mutating func writePresence(_ isPresent: Bool) { writeInt8(isPresent ? 1 : -1) }

    // MARK: strings and bytes

    package mutating func writeString(_ value: String, compact: Bool) {
        // `withUTF8` may make the string contiguous, hence the copy; the native ones we have already are.
        var value = value
        value.withUTF8 { utf8 in
            writeLength(utf8.count, compact: compact, wide: false)
            writeRaw(UnsafeRawBufferPointer(utf8))
        }
    }

    package mutating func writeNullableString(_ value: String?, compact: Bool) {
        if let value {
            writeString(value, compact: compact)
        } else {
            writeLength(-1, compact: compact, wide: false)
        }
    }

    package mutating func writeBytes(_ value: [UInt8], compact: Bool) {
        writeLength(value.count, compact: compact, wide: true)
        value.withUnsafeBytes { writeRaw($0) }
    }

    package mutating func writeNullableBytes(_ value: [UInt8]?, compact: Bool) {
        if let value {
            writeBytes(value, compact: compact)
        } else {
            writeLength(-1, compact: compact, wide: true)
        }
    }

    /// Bytes as they are, without a length.
    package mutating func writeRaw(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        (base + count).copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    /// A `records` field; a lazy source is read straight into the message.
    package mutating func writeRecords(_ value: RecordBytes?, compact: Bool) {
        guard let value else { return writeLength(-1, compact: compact, wide: true) }
        writeLength(value.count, compact: compact, wide: true)
        switch value {
        case .frame(let bytes): writeRaw(bytes)
        case .owned(let bytes): bytes.withUnsafeBytes { writeRaw($0) }
        case .source(let source, let size): writeSource(source, size)
        }
    }

    /// Bytes of a lazy source, without a length: read straight into the message, or left out of it.
    package mutating func writeSource(_ source: any RecordSource, _ size: Int) {
        if defersRecords, size > 0 {
            deferred.append(DeferredRecords(position: count, source: source, count: size))
            return
        }
        reserve(size)
        let target = UnsafeMutableRawBufferPointer(start: base + count, count: size)
        if !source.copyRecords(from: 0, into: target) { failure = true }
        count += size
    }

    // MARK: tagged fields

    /// Writes a tagged field's number and, once `endTag` is given the returned mark, its size before its contents.
    mutating func beginTag(_ tag: UInt32) -> Int {
        writeUnsignedVarint(tag)
        return count
    }

    /// Puts the size in front of the contents written since `beginTag`.
    mutating func endTag(_ start: Int) {
        let size = count - start
        var width = 1
        var rest = size >> 7
        while rest > 0 {
            width += 1
            rest >>= 7
        }
        reserve(width)
        // The contents move up by the width of their size: tagged fields are small and rare.
        (base + start + width).copyMemory(from: base + start, byteCount: size)
        count = start
        writeUnsignedVarint(UInt32(truncatingIfNeeded: size))
        count += size
    }
}
