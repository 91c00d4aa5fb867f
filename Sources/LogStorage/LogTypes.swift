import KafkaProtocol

/// Why records were not appended: the error that the producer is answered, and a sentence for people.
package struct AppendError: Error, Sendable, CustomStringConvertible {
    package var code: ErrorCode
    package var message: String
    /// Records at fault by their index in the batch (Produce v8+, KIP-467); empty when the whole batch is.
    package var recordErrors: [RecordError]

    package struct RecordError: Sendable, Equatable {
        package var batchIndex: Int32
        package var message: String?

        package init(batchIndex: Int32, message: String?) {
            self.batchIndex = batchIndex
            self.message = message
        }
    }

    package init(_ code: ErrorCode, _ message: String, recordErrors: [RecordError] = []) {
        self.code = code
        self.message = message
        self.recordErrors = recordErrors
    }

    package var description: String { "\(code): \(message)" }
}

/// Who appends to a leader.
package enum AppendOrigin: Sendable {
    /// A Produce request: exactly one batch with base offset 0, no control batch, sequences are checked.
    case client
    /// A coordinator of this cluster: several batches and control batches are allowed, sequences are not checked.
    case coordinator
}

/// What an append did.
package struct AppendResult: Sendable, Equatable {
    /// Offset of the first record; -1 when nothing was given.
    package var baseOffset: Int64
    /// Offset of the last record.
    package var lastOffset: Int64
    /// Milliseconds since the epoch with `LogAppendTime`, else -1.
    package var logAppendTime: Int64
    package var logStartOffset: Int64
    /// The batch had been appended before (an idempotent producer's retry): offsets are those of the first time.
    package var isDuplicate: Bool
    package var recordCount: Int
    /// Bytes written.
    package var bytes: Int
}

/// Why nothing could be read.
package enum ReadError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Below the log start or beyond the log end: OFFSET_OUT_OF_RANGE.
    case offsetOutOfRange(logStartOffset: Int64, logEndOffset: Int64)
    /// KAFKA_STORAGE_ERROR.
    case storage(StorageError)

    package var code: ErrorCode {
        switch self {
        case .offsetOutOfRange: .offsetOutOfRange
        case .storage: .kafkaStorageError
        }
    }

    package var description: String {
        switch self {
        case .offsetOutOfRange(let start, let end): "\(code): the log has offsets \(start) to \(end -| 1)"
        case .storage(let error): "\(code): \(error)"
        }
    }
}

/// Whole batches of a log, not read yet.
package struct LogSlice: Sendable {
    /// Bytes that the batches have.
    package var count: Int
    /// Copies the batches out of the file; nil when `count` is 0. Valid on the thread that steps the cluster.
    package var source: (any RecordSource)?
    /// The offset that was asked for.
    package var requestedOffset: Int64
    /// Where a reader that has these batches goes on; equal to `requestedOffset` when there are none.
    package var nextOffset: Int64

    /// For a response's `records` field.
    package var records: RecordBytes {
        if let source { .source(source, count: count) } else { .owned([]) }
    }
}

/// A transaction that ended in an abort, as a Fetch answer names it.
package struct AbortedTransaction: Sendable, Equatable {
    package var producerID: Int64
    package var firstOffset: Int64
}

/// A record found by its timestamp.
package struct TimestampOffset: Sendable, Equatable {
    package var offset: Int64
    /// Milliseconds since the epoch.
    package var timestamp: Int64
    /// Epoch of the batch; -1 when it has none.
    package var leaderEpoch: Int32
}

/// What DescribeProducers tells about a producer of a log.
package struct ActiveProducer: Sendable, Equatable {
    package var producerID: Int64
    package var producerEpoch: Int16
    /// -1 when only markers are known.
    package var lastSequence: Int32
    /// Milliseconds since the epoch; -1 when unknown.
    package var lastTimestamp: Int64
    /// -1 before the first marker.
    package var coordinatorEpoch: Int32
    /// -1 without an open transaction.
    package var currentTransactionStartOffset: Int64
}
