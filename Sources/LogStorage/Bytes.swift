// Numbers in files are big-endian.

extension UnsafeRawBufferPointer {
    /// The number at a byte offset, which must lie inside.
    func number<T: FixedWidthInteger>(at offset: Int, as type: T.Type = T.self) -> T {
        T(bigEndian: loadUnaligned(fromByteOffset: offset, as: T.self))
    }
}

extension Array where Element == UInt8 {
    mutating func append<T: FixedWidthInteger>(number: T) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}

/// Names of files in a log's directory.
enum LogFileName {
    static let leaderEpochCheckpoint = "leader-epoch-checkpoint"
    /// Of an empty file that says that the segment of that name is empty because the loss of its records was accepted.
    static let gap = ".gap"

    /// An offset as 20 digits with a suffix.
    static func of(_ offset: Int64, _ suffix: String) -> String {
        let digits = String(offset)
        return String(repeating: "0", count: Swift.max(0, 20 - digits.count)) + digits + suffix
    }

    /// The offset of a name `of` made; nil for other names.
    static func offset(of name: String, suffix: String) -> Int64? {
        guard name.hasSuffix(suffix) else { return nil }
        let digits = name.dropLast(suffix.count)
        guard digits.count == 20, digits.allSatisfy({ $0 >= "0" && $0 <= "9" }) else { return nil }
        return Int64(digits)
    }
}

extension [UInt8] {
    /// `withUnsafeBytes` that keeps the type of what `body` throws.
    package func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try withUnsafeBufferPointer { (buffer) throws(E) in try body(UnsafeRawBufferPointer(buffer)) }
    }
}
