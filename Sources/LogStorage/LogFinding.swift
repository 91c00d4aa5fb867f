/// Something about a log that its owner has to say aloud: records that are gone, or files that were damaged and could
/// be replaced. The text does not name the partition.
package struct LogFinding: Sendable, Equatable {
    /// Offsets that are gone; nil when nothing but a file beside the records was damaged.
    package var lost: LostOffsets?
    package var text: String
}

/// A run of offsets that a log does not hold any more.
package struct LostOffsets: Sendable, Equatable {
    /// The first offset that is gone.
    package var from: Int64
    /// The offset after the last one that was there for certain; nil when nothing tells how many there were.
    package var upTo: Int64?
}

extension LogFinding {
    /// A file beside the records that was of no use. The batches say what was in it.
    static func replaced(_ file: String) -> LogFinding {
        LogFinding(text: "\(file) was damaged or missing and is made anew from the records")
    }

    /// Records that an opening could not keep.
    /// - Parameters:
    ///   - bytes: what was cut off, 0 when it was gone already.
    ///   - reason: why, as the end of a sentence.
    static func loss(from: Int64, upTo: Int64?, bytes: Int, reason: String) -> LogFinding {
        let end = upTo.flatMap { $0 > from ? $0 : nil }
        let range = end.map { "records at offsets \(from) to \($0 - 1) are lost" } ?? "the log ends at offset \(from)"
        let cut = bytes > 0 ? ", \(bytes) bytes were cut off" : ""
        return LogFinding(lost: LostOffsets(from: from, upTo: end), text: "\(range)\(cut): \(reason)")
    }
}
