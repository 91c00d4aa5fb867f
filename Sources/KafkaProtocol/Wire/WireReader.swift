/// A cursor over the bytes of one message, in network byte order.
///
/// Valid only during the call that was given the bytes: it neither owns nor retains them. Every read checks the bytes
/// left first, so hostile input ends in a `WireError`, never in a trap. After an error the position is unspecified.
package struct WireReader {
    private var cursor: UnsafeRawPointer
    private var end: UnsafeRawPointer
    /// Elements that all arrays, and all unknown tagged fields, that are read from now on may have together.
    package var elementsLeft = Int.max

    /// How many elements an array reserves before any is read: memory must follow bytes received, not bytes promised.
    static let reservationLimit = 1024

    package init(_ bytes: UnsafeRawBufferPointer) {
        // An empty buffer may have no address; any fixed one will do, since nothing is ever read from it.
        let start = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
        cursor = start
        end = start + bytes.count
    }

    /// Bytes not yet read.
    package var remaining: Int {
        @inline(__always) get { end - cursor }
    }

    /// The bytes not yet read; as short-lived as the reader.
    package var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: cursor, count: remaining) }

    /// Fails unless everything was read.
    package func finish() throws(WireError) {
        if cursor != end { throw .trailingBytes(remaining) }
    }

    // MARK: fixed-width numbers

    @inline(__always)
    mutating func take(_ count: Int) throws(WireError) -> UnsafeRawPointer {
        guard remaining >= count else { throw .truncated(needed: count, available: remaining) }
        let start = cursor
        cursor = start + count
        return start
    }

    @inline(__always)
    package mutating func readInt8() throws(WireError) -> Int8 {
        try take(1).load(as: Int8.self)
    }

    @inline(__always)
    package mutating func readBool() throws(WireError) -> Bool {
        try take(1).load(as: UInt8.self) != 0
    }

    @inline(__always)
    package mutating func readInt16() throws(WireError) -> Int16 {
        Int16(bigEndian: try take(2).loadUnaligned(as: Int16.self))
    }

    @inline(__always)
    package mutating func readUInt16() throws(WireError) -> UInt16 {
        UInt16(bigEndian: try take(2).loadUnaligned(as: UInt16.self))
    }

    @inline(__always)
    package mutating func readInt32() throws(WireError) -> Int32 {
        Int32(bigEndian: try take(4).loadUnaligned(as: Int32.self))
    }

    @inline(__always)
    package mutating func readUInt32() throws(WireError) -> UInt32 {
        UInt32(bigEndian: try take(4).loadUnaligned(as: UInt32.self))
    }

    @inline(__always)
    package mutating func readInt64() throws(WireError) -> Int64 {
        Int64(bigEndian: try take(8).loadUnaligned(as: Int64.self))
    }

    @inline(__always)
    package mutating func readFloat64() throws(WireError) -> Double {
        Double(bitPattern: UInt64(bigEndian: try take(8).loadUnaligned(as: UInt64.self)))
    }

    @inline(__always)
    package mutating func readUUID() throws(WireError) -> KafkaUUID {
        let start = try take(16)
        return KafkaUUID(
            high: UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }

    // MARK: variable-length numbers

    /// An unsigned LEB128 number of at most five bytes.
    @inline(__always)
    package mutating func readUnsignedVarint() throws(WireError) -> UInt32 {
        guard cursor != end else { throw .truncated(needed: 1, available: 0) }
        let first = cursor.load(as: UInt8.self)
        if first < 0x80 {
            cursor += 1
            return UInt32(first)
        }
        let value = try readLongVarint(maximumBytes: 5)
        guard value <= UInt64(UInt32.max) else { throw .varintTooLong }
        return UInt32(truncatingIfNeeded: value)
    }

    /// A zigzag number of at most five bytes.
    package mutating func readVarint() throws(WireError) -> Int32 {
        let raw = try readUnsignedVarint()
        return Int32(bitPattern: raw >> 1) ^ -Int32(bitPattern: raw & 1)
    }

    /// A zigzag number of at most ten bytes.
    package mutating func readVarlong() throws(WireError) -> Int64 {
        let raw = try readLongVarint(maximumBytes: 10)
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }

    @inline(never)
    private mutating func readLongVarint(maximumBytes: Int) throws(WireError) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<maximumBytes {
            let byte = UInt64(try take(1).load(as: UInt8.self))
            // The tenth byte holds one bit only.
            if index == 9 && byte > 1 { throw .varintTooLong }
            value |= (byte & 0x7f) << UInt64(7 * index)
            if byte < 0x80 { return value }
        }
        throw .varintTooLong
    }

    // MARK: lengths

    /// The length of a string, byte field or array: compact is length + 1 with 0 for null. -1 means null.
    @inline(__always)
    mutating func readLength(compact: Bool, wide: Bool) throws(WireError) -> Int {
        if compact { return Int(try readUnsignedVarint()) - 1 }
        let length = wide ? Int(try readInt32()) : Int(try readInt16())
        guard length >= -1 else { throw .negativeLength(length) }
        return length
    }

    /// The count of an array that may not be null. Every element takes `minimumSize` bytes or more (one at least), so
    /// that a lying count is refused before anything is reserved.
    @inline(__always)
    package mutating func readArrayCount(compact: Bool, minimumSize: Int) throws(WireError) -> Int {
        guard let count = try readNullableArrayCount(compact: compact, minimumSize: minimumSize) else {
            throw .unexpectedNull
        }
        return count
    }

    /// The count of an array, nil when the array is null.
    @inline(__always)
    package mutating func readNullableArrayCount(compact: Bool, minimumSize: Int) throws(WireError) -> Int? {
        let count = try readLength(compact: compact, wide: true)
        if count < 0 { return nil }
        guard count <= remaining / minimumSize else {
            throw .countBeyondFrame(count: count, available: remaining)
        }
        try take(elements: count)
        return count
    }

    @inline(__always)
    private mutating func take(elements count: Int) throws(WireError) {
        guard count <= elementsLeft else { throw .tooManyElements }
        elementsLeft -= count
    }

    /// Whether an optional struct follows.
    package mutating func readPresence() throws(WireError) -> Bool {
        let mark = try readInt8()
        guard mark == 1 || mark == -1 else { throw .invalidPresence(mark) }
        return mark == 1
    }

    // MARK: strings and bytes

    package mutating func readString(compact: Bool) throws(WireError) -> String {
        let length = try readLength(compact: compact, wide: false)
        guard length >= 0 else { throw .unexpectedNull }
        return try readUTF8(length)
    }

    package mutating func readNullableString(compact: Bool) throws(WireError) -> String? {
        let length = try readLength(compact: compact, wide: false)
        return length < 0 ? nil : try readUTF8(length)
    }

    private mutating func readUTF8(_ length: Int) throws(WireError) -> String {
        let bytes = UnsafeRawBufferPointer(start: try take(length), count: length)
        guard let string = String(validating: bytes, as: UTF8.self) else { throw .invalidUTF8 }
        return string
    }

    package mutating func readBytes(compact: Bool) throws(WireError) -> [UInt8] {
        let length = try readLength(compact: compact, wide: true)
        guard length >= 0 else { throw .unexpectedNull }
        return [UInt8](UnsafeRawBufferPointer(start: try take(length), count: length))
    }

    package mutating func readNullableBytes(compact: Bool) throws(WireError) -> [UInt8]? {
        let length = try readLength(compact: compact, wide: true)
        return length < 0 ? nil : [UInt8](UnsafeRawBufferPointer(start: try take(length), count: length))
    }

    /// A `records` field as a slice of the bytes being read.
    package mutating func readRecords(compact: Bool) throws(WireError) -> RecordBytes? {
        let length = try readLength(compact: compact, wide: true)
        return length < 0 ? nil : .frame(UnsafeRawBufferPointer(start: try take(length), count: length))
    }

    /// `count` bytes as they are, as a slice of the bytes being read.
    package mutating func readSlice(_ count: Int) throws(WireError) -> UnsafeRawBufferPointer {
        guard count >= 0 else { throw .negativeLength(count) }
        return UnsafeRawBufferPointer(start: try take(count), count: count)
    }

    // MARK: tagged fields

    /// Starts a tagged field of `size` bytes: reads stay inside it until `leaveTag`.
    mutating func enterTag() throws(WireError) -> UnsafeRawPointer {
        let size = Int(try readUnsignedVarint())
        guard remaining >= size else { throw .truncated(needed: size, available: remaining) }
        let outer = end
        end = cursor + size
        return outer
    }

    /// Ends a tagged field, which must have been read to its last byte.
    mutating func leaveTag(_ outer: UnsafeRawPointer) throws(WireError) {
        try finish()
        end = outer
    }

    /// Passes over a tagged field that this version does not know.
    mutating func skipTag() throws(WireError) {
        _ = try take(Int(try readUnsignedVarint()))
    }

    /// The contents of a tagged field, as a slice of the bytes being read.
    mutating func readTagContents() throws(WireError) -> UnsafeRawBufferPointer {
        try readSlice(Int(try readUnsignedVarint()))
    }

    /// Passes over a whole section of tagged fields.
    @inline(__always)
    package mutating func skipTaggedFields() throws(WireError) {
        var count = try readUnsignedVarint()
        if count > 0 { try take(elements: Int(count)) }
        while count > 0 {
            _ = try readUnsignedVarint()
            try skipTag()
            count -= 1
        }
    }
}
