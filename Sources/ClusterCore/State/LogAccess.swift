import KafkaProtocol
import LogStorage

/// A record as coordinators and the metadata log write it.
package struct CoordinatorRecord: Sendable {
    package let key: [UInt8]
    /// nil is a tombstone.
    package let value: [UInt8]?

    package init(key: [UInt8], value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}

extension PartitionLog {
    /// Bytes read at a time while replaying.
    private static let replayChunk = 1 << 20

    /// Appends one uncompressed batch that the cluster itself wrote.
    @discardableResult
    func appendCoordinatorBatch(
        _ records: [(key: [UInt8]?, value: [UInt8]?)], leaderEpoch: Int32, now: Int64
    ) throws(ErrorCode) -> AppendResult {
        var builder = RecordBatchBuilder(leaderEpoch: leaderEpoch)
        for record in records {
            builder.append(key: record.key, value: record.value, timestamp: now)
        }
        guard let bytes = try? builder.build() else {
            throw .unknownServerError
        }
        return try appendCoordinatorBatch(bytes, leaderEpoch: leaderEpoch, now: now)
    }

    /// The same with a batch that is built already.
    @discardableResult
    func appendCoordinatorBatch(_ bytes: [UInt8], leaderEpoch: Int32, now: Int64) throws(ErrorCode) -> AppendResult {
        do throws(AppendError) {
            return try bytes.withBytes { (batch) throws(AppendError) in
                try appendAsLeader(batch, leaderEpoch: leaderEpoch, now: now, origin: .coordinator)
            }
        } catch {
            throw error.code
        }
    }

    /// Calls `body` with every data record of the log, in order.
    func forEachRecord(_ body: (Record) throws(StorageError) -> Void) throws(StorageError) {
        var offset = logStartOffset
        while offset < logEndOffset {
            let bytes = try readBytes(from: offset, maxBytes: Self.replayChunk)
            let next = try bytes.withBytes { (chunk) throws(StorageError) in
                try visit(chunk, from: offset, body)
            }
            guard next > offset else {
                throw corruption("no readable batch at offset \(offset)")
            }
            offset = next
        }
    }

    /// Visits the whole batches of `chunk`; returns the offset after the last one.
    private func visit(
        _ chunk: UnsafeRawBufferPointer, from start: Int64, _ body: (Record) throws(StorageError) -> Void
    ) throws(StorageError) -> Int64 {
        var next = start
        var batches = RecordBatchIterator(chunk)
        while let (header, batch) = try nextBatch(&batches) {
            next = header.nextOffset
            if header.isControl {
                continue
            }
            let records: [Record]
            do {
                records = try decodeRecords(batch: batch)
            } catch {
                throw corruption("batch at offset \(header.baseOffset): \(error)")
            }
            for record in records where record.offset >= start {
                try body(record)
            }
        }
        return next
    }

    private func nextBatch(
        _ batches: inout RecordBatchIterator
    ) throws(StorageError) -> (RecordBatchHeader, UnsafeRawBufferPointer)? {
        do {
            return try batches.next()
        } catch {
            throw corruption("\(error)")
        }
    }

    /// Whole batches from `offset` on, copied into memory.
    func readBytes(from offset: Int64, maxBytes: Int) throws(StorageError) -> [UInt8] {
        let slice: LogSlice
        do throws(ReadError) {
            slice = try read(from: offset, upTo: logEndOffset, maxBytes: maxBytes, atLeastOneBatch: true)
        } catch {
            // What the disk says, as it says it: a lack of file descriptors is no damage.
            if case .storage(let failure) = error {
                throw failure
            }
            throw corruption("cannot read offset \(offset): \(error)")
        }
        guard let bytes = slice.records.copy() else {
            throw StorageError(.io, "read", directory, detail: "cannot read offset \(offset)")
        }
        return bytes
    }

    func corruption(_ detail: String) -> StorageError {
        StorageError(.corrupt, "read", directory, detail: detail)
    }
}
