/// Something that can copy records into a message while the message is being built, for instance a piece of a log.
package protocol RecordSource: AnyObject, Sendable {
    /// Fills all of `memory`. False when the records could not be read: the message is then dropped.
    func copyRecords(into memory: UnsafeMutableRawBufferPointer) -> Bool
}

/// The bytes of a `records` field.
///
/// Sendable only because messages are: a `.frame` is valid during the step that received the frame and must not leave
/// it.
package enum RecordBytes: @unchecked Sendable {
    /// Borrowed from the frame being handled. Who keeps the records copies them.
    case frame(UnsafeRawBufferPointer)
    case owned([UInt8])
    /// Read straight into the message when it is encoded.
    case source(any RecordSource, count: Int)

    /// Size in bytes.
    package var count: Int {
        switch self {
        case .frame(let bytes): bytes.count
        case .owned(let bytes): bytes.count
        case .source(_, let count): count
        }
    }

    /// Calls `body` with the bytes, which are valid during the call; nil when a source could not be read.
    package func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R? {
        switch self {
        case .frame(let bytes): return try body(bytes)
        case .owned(let bytes): return try bytes.withUnsafeBytes(body)
        case .source: return try copy()?.withUnsafeBytes(body)
        }
    }

    /// A copy of the bytes; nil when a source could not be read.
    package func copy() -> [UInt8]? {
        switch self {
        case .frame(let bytes): return [UInt8](bytes)
        case .owned(let bytes): return bytes
        case .source(let source, let count):
            var wasRead = true
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { memory, filled in
                let whole = UnsafeMutableRawBufferPointer(start: memory.baseAddress, count: count)
                wasRead = source.copyRecords(into: whole)
                filled = wasRead ? count : 0
            }
            return wasRead ? bytes : nil
        }
    }
}
