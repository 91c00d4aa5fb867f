/// Something that can copy records into a message while the message is being built, for instance a piece of a log.
package protocol RecordSource: AnyObject, Sendable {
    /// Fills all of `memory` with the records' bytes from `start` on. False when they could not be read: the message is
    /// then dropped.
    func copyRecords(from start: Int, into memory: UnsafeMutableRawBufferPointer) -> Bool
    /// Whether they are still there, as far as that is known without reading them.
    var isReadable: Bool { get }
}

extension RecordSource {
    package var isReadable: Bool { true }
}

/// Records that were left out of a message: they belong behind its first `position` bytes.
package struct DeferredRecords: Sendable {
    package let position: Int
    package let source: any RecordSource
    /// Bytes; not 0.
    package let count: Int
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

    /// Whether the bytes are there, as far as that is known without reading them.
    package var isReadable: Bool {
        if case .source(let source, _) = self { source.isReadable } else { true }
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
                wasRead = source.copyRecords(from: 0, into: whole)
                filled = wasRead ? count : 0
            }
            return wasRead ? bytes : nil
        }
    }
}
