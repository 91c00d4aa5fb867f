/// The kinds of control records; Kafka's `ControlRecordType`.
package enum ControlRecordType: Int16, Sendable {
    case abort = 0
    case commit = 1
    case leaderChange = 2
    case snapshotHeader = 3
    case snapshotFooter = 4
    case kraftVersion = 5
    case kraftVoters = 6
}

/// What a control record says.
package enum ControlRecord: Equatable, Sendable {
    /// A transaction of the batch's producer ended. The epoch is that of the transaction coordinator that wrote it.
    case endTransaction(commit: Bool, coordinatorEpoch: Int32)
    case leaderChange(leaderID: Int32)
    /// Any other kind, known or not; readers skip those.
    case other(type: Int16)
}

/// Control batches: markers in a log that clients never see.
package enum ControlRecords {
    /// The only version of keys and values.
    private static let version: Int16 = 0

    /// The batch that ends a transaction in one partition. Offset and leader epoch are the log's to set.
    package static func endTransaction(
        commit: Bool, producerID: Int64, producerEpoch: Int16, coordinatorEpoch: Int32, timestamp: Int64,
        baseOffset: Int64 = 0, leaderEpoch: Int32 = -1
    ) -> [UInt8] {
        var value = bigEndian(version)
        value += bigEndian(coordinatorEpoch)
        return batch(
            commit ? .commit : .abort, value: value, producerID: producerID, producerEpoch: producerEpoch,
            isTransactional: true, timestamp: timestamp, baseOffset: baseOffset, leaderEpoch: leaderEpoch)
    }

    /// The batch that a new leader of a quorum starts its epoch with. Voters are node ids.
    package static func leaderChange(
        leaderID: Int32, voters: [Int32], grantingVoters: [Int32], timestamp: Int64, baseOffset: Int64,
        leaderEpoch: Int32
    ) -> [UInt8] {
        var value = bigEndian(version)
        value += bigEndian(leaderID)
        for list in [voters, grantingVoters] {
            // A compact array: its count plus one, then each voter with no tagged fields.
            precondition(list.count < 127, "a quorum has few voters")
            value.append(UInt8(list.count + 1))
            for voter in list { value += bigEndian(voter) + [0] }
        }
        value.append(0)
        return batch(
            .leaderChange, value: value, producerID: -1, producerEpoch: -1, isTransactional: false,
            timestamp: timestamp, baseOffset: baseOffset, leaderEpoch: leaderEpoch)
    }

    /// Reads the single record of a control batch that `validateBatch` accepted.
    package static func parse(batch: UnsafeRawBufferPointer) throws(RecordBatchError) -> ControlRecord {
        var result: Result<ControlRecord, RecordFault> = .failure(.badControlRecord)
        try forEachRecord(in: batch) { record in
            result = Result { () throws(RecordFault) in try parse(key: record.key, value: record.value) }
            return false
        }
        do {
            return try result.get()
        } catch {
            throw .badRecord(index: 0, error)
        }
    }

    /// Reads one control record. Versions after 0 may only add fields, so their known fields are read.
    package static func parse(
        key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?
    ) throws(RecordFault) -> ControlRecord {
        guard let key, key.count >= 4, load(key, 0, as: Int16.self) >= 0 else { throw .badControlRecord }
        let type = load(key, 2, as: Int16.self)
        let kind = ControlRecordType(rawValue: type)
        switch kind {
        case .abort, .commit, .leaderChange:
            guard let value, value.count >= 6, load(value, 0, as: Int16.self) >= 0 else { throw .badControlRecord }
            let number = load(value, 2, as: Int32.self)
            return kind == .leaderChange
                ? .leaderChange(leaderID: number)
                : .endTransaction(commit: kind == .commit, coordinatorEpoch: number)
        default: return .other(type: type)
        }
    }

    private static func batch(
        _ type: ControlRecordType, value: [UInt8], producerID: Int64, producerEpoch: Int16, isTransactional: Bool,
        timestamp: Int64, baseOffset: Int64, leaderEpoch: Int32
    ) -> [UInt8] {
        var builder = RecordBatchBuilder(
            baseOffset: baseOffset, producerID: producerID, producerEpoch: producerEpoch,
            isTransactional: isTransactional, isControl: true, leaderEpoch: leaderEpoch)
        builder.append(key: bigEndian(version) + bigEndian(type.rawValue), value: value, timestamp: timestamp)
        do {
            return try builder.build()
        } catch {
            preconditionFailure("a small batch without compression is always built: \(error)")
        }
    }

    private static func bigEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) }
    }

    private static func load<T: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _ position: Int, as: T.Type) -> T {
        T(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
    }
}
