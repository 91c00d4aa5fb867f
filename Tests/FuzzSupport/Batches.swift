import KafkaProtocol
import LogStorage

/// Batches of every kind that logs hold.
package enum Batches {
    package static func plain(
        now: Int64, values: Int = 2, compression: Compression = .none, base: Int64 = 0, epoch: Int32 = -1,
        producer: (id: Int64, sequence: Int32) = (-1, -1), isTransactional: Bool = false
    ) throws -> [UInt8] {
        var builder = RecordBatchBuilder(
            compression: compression, baseOffset: base, producerID: producer.id,
            producerEpoch: producer.id < 0 ? -1 : 0, baseSequence: producer.sequence,
            isTransactional: isTransactional, leaderEpoch: epoch)
        for index in 0..<values {
            builder.append(key: [1, UInt8(index)], value: [2, 3, 4], timestamp: now +| Int64(index))
        }
        return try builder.build()
    }

    package static func all(now: Int64) -> [(bytes: [UInt8], origin: AppendOrigin)] {
        let data: [[UInt8]?] = [
            try? plain(now: now), try? plain(now: now, compression: .gzip),
            try? plain(now: now, producer: (7, 0)), try? plain(now: now, producer: (8, 0), isTransactional: true),
            try? plain(now: now, values: 1),
        ]
        let marker = ControlRecords.endTransaction(
            commit: false, producerID: 8, producerEpoch: 0, coordinatorEpoch: 0, timestamp: now)
        return data.compactMap { $0 }.map { ($0, .client) } + [(marker, .coordinator)]
            + [(try? plain(now: now)).map { ($0, AppendOrigin.client) }].compactMap { $0 }
    }

    /// The header's fields: name, position, bytes.
    package static let fields: [(name: String, position: Int, width: Int)] = [
        ("baseOffset", 0, 8), ("batchLength", 8, 4), ("partitionLeaderEpoch", 12, 4), ("magic", 16, 1), ("crc", 17, 4),
        ("attributes", 21, 2), ("lastOffsetDelta", 23, 4), ("baseTimestamp", 27, 8), ("maxTimestamp", 35, 8),
        ("producerID", 43, 8), ("producerEpoch", 51, 2), ("baseSequence", 53, 4), ("recordCount", 57, 4),
    ]

    /// Makes the checksum of the batch at `position` right again, if it is a whole one.
    package static func reseal(_ bytes: inout [UInt8], at position: Int) {
        guard position >= 0, position + RecordBatchHeader.size <= bytes.count else { return }
        let length = bytes[position + 8..<position + 12].reduce(0) { $0 << 8 | Int($1) }
        let end = position + RecordBatchHeader.overhead + length
        guard length >= RecordBatchHeader.size - RecordBatchHeader.overhead, end <= bytes.count else { return }
        let crc = bytes.withUnsafeBytes {
            RecordBatchHeader.checksum(of: UnsafeRawBufferPointer(rebasing: $0[position..<end]))
        }
        bytes.put(Int64(crc), at: position + RecordBatchHeader.Position.crc, width: 4)
    }

    /// Where the batches of a file begin.
    package static func starts(_ bytes: [UInt8]) -> [Int] {
        var starts: [Int] = []
        var position = 0
        while position + RecordBatchHeader.size <= bytes.count {
            starts.append(position)
            position += RecordBatchHeader.overhead + bytes[position + 8..<position + 12].reduce(0) { $0 << 8 | Int($1) }
        }
        return starts
    }
}
