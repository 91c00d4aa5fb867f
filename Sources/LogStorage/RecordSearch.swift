import KafkaProtocol

/// A question about the records of one stored batch.
struct RecordQuestion: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// The first record that is as late as that.
        case first(timestamp: Int64)
        /// The timestamp of the latest record.
        case latest
    }

    let kind: Kind
    /// Records before that offset do not count.
    let from: Int64
    /// The batch's base offset.
    let batch: Int64
}

enum RecordAnswer: Sendable {
    case first(TimestampOffset?)
    /// -1 when there is no record.
    case latest(Int64)
    case unreadable(RecordBatchError)
}

/// A question that takes too long to answer on the spot: the batch may decompress to a hundred million bytes.
package struct RecordSearch: Sendable {
    let question: RecordQuestion
    /// The whole batch.
    let bytes: [UInt8]

    /// Bytes of memory that it takes while it waits.
    package var heldBytes: Int { bytes.count }

    /// Takes as long as it takes. Call it once, on any thread; the result goes to ``RecordLookup/take(_:)``.
    package func perform() -> RecordSearchResult {
        let answer: RecordAnswer = bytes.withUnsafeBytes { bytes in
            do throws(RecordBatchError) {
                return try Self.answer(question, bytes, limit: Compression.defaultOutputLimit).answer
            } catch {
                return .unreadable(error)
            }
        }
        return RecordSearchResult(question: question, answer: answer)
    }

    /// - Returns: the answer, and how many bytes were looked at or decompressed for it.
    static func answer(
        _ question: RecordQuestion, _ batch: UnsafeRawBufferPointer, limit: Int
    ) throws(RecordBatchError) -> (answer: RecordAnswer, bytes: Int) {
        let epoch = RecordBatchHeader(parsing: batch).partitionLeaderEpoch
        var first: TimestampOffset?
        var latest: Int64 = -1
        let bytes = try measureRecords(in: batch, outputLimit: limit) { record in
            guard record.offset >= question.from else { return true }
            guard case .first(let timestamp) = question.kind else {
                latest = max(latest, record.timestamp)
                return true
            }
            guard record.timestamp >= timestamp else { return true }
            first = TimestampOffset(offset: record.offset, timestamp: record.timestamp, leaderEpoch: epoch)
            return false
        }
        return (question.kind == .latest ? .latest(latest) : .first(first), max(bytes, batch.count))
    }
}

package struct RecordSearchResult: Sendable {
    let question: RecordQuestion
    let answer: RecordAnswer
}

/// What is known, and may still be found out on the spot, while one question about a log is answered. When that does
/// not reach, it ``isUnfinished``, and the question is to be asked once more: with what was found elsewhere if that is
/// ``wanted``, and with new ``bytes``.
package struct RecordLookup {
    /// How far the search for the greatest timestamp has come in the segment of the log start.
    struct Walk {
        /// The log start then.
        let start: Int64
        /// Batches before that offset were looked at.
        let next: Int64
        let best: (timestamp: Int64, offset: Int64)
    }

    /// Bytes that may still be looked at or decompressed, from 0 on.
    package var bytes: Int
    /// What has to be found out elsewhere first; the log's answer means nothing while it is set.
    package private(set) var wanted: RecordSearch?
    /// There were more batches to look at than `bytes` reached.
    private var isInterrupted = false
    private var known: [RecordQuestion: RecordAnswer] = [:]
    /// Where to go on looking for the first record of a time: the batches before have none.
    var goOnAt: Int64 = 0
    var walk: Walk?
    /// Of which log, and of which state of it, all this is known.
    private var log: PartitionLog?
    private var generation = 0

    package init(bytes: Int) {
        self.bytes = bytes
    }

    /// Without a bound, for owners that may wait.
    static var unlimited: RecordLookup { RecordLookup(bytes: .max) }

    package mutating func take(_ result: RecordSearchResult) {
        if case .first(nil) = result.answer, let batch = wanted?.bytes {
            // Its place is known for good: no need to keep the answer.
            goOnAt = batch.withUnsafeBytes { RecordBatchHeader(parsing: $0).nextOffset }
        } else {
            known[result.question] = result.answer
        }
        wanted = nil
    }

    /// Whether the question has to be asked once more; the log's answer means nothing then.
    package var isUnfinished: Bool { wanted != nil || isInterrupted }

    /// Begins the next question with what is left.
    package mutating func forget() {
        known.removeAll()
        goOnAt = 0
        walk = nil
        wanted = nil
        isInterrupted = false
        log = nil
    }

    /// A log is asked, for the first time or once more. What is known of another one of that name, or of batches that
    /// were cut off since, is forgotten.
    mutating func begin(_ log: PartitionLog) {
        isInterrupted = false
        guard self.log !== log || generation != log.generation else { return }
        forget()
        self.log = log
        generation = log.generation
    }

    /// Counts what was looked at; at least that is done in each call.
    /// - Returns: whether more may be; otherwise the lookup ``isUnfinished``.
    mutating func mayGoOn(after size: Int) -> Bool {
        // Of a large batch no more than a window is read.
        bytes = max(0, bytes -| min(size, Segment.rebuildWindow))
        isInterrupted = bytes == 0
        return !isInterrupted
    }

    /// - Returns: nil when ``wanted`` is set.
    mutating func answer(
        _ kind: RecordQuestion.Kind, from: Int64, _ batch: UnsafeRawBufferPointer, _ header: RecordBatchHeader
    ) -> RecordAnswer? {
        let question = RecordQuestion(kind: kind, from: from, batch: header.baseOffset)
        if let answer = known[question] { return answer }
        let limit = min(bytes, Compression.defaultOutputLimit)
        if header.isCompressed ? limit > 0 : batch.count <= bytes {
            do throws(RecordBatchError) {
                let found = try RecordSearch.answer(question, batch, limit: limit)
                bytes = max(0, bytes - found.bytes)  // bounded: both lie from 0 on
                return found.answer
            } catch .compression(.limitExceeded) where limit < Compression.defaultOutputLimit {
                // How long it takes is not known.
            } catch {
                // How far it came is not known: what follows is looked at elsewhere.
                if bytes < .max { bytes = 0 }
                return .unreadable(error)
            }
        }
        bytes = 0
        wanted = RecordSearch(question: question, bytes: Array(batch))
        return nil
    }
}
