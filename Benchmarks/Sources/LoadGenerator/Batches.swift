/// Record batches of equal records, built once and sent many times.
package struct BatchShape: Sendable {
    /// Bytes of each record's value.
    package let recordSize: Int
    package let recordCount: Int
    package let name: String

    package init(recordSize: Int, recordCount: Int, name: String) {
        self.recordSize = recordSize
        self.recordCount = recordCount
        self.name = name
    }

    /// As many records as fit in about `bytes`; at least one.
    package init(recordSize: Int, filling bytes: Int, name: String) {
        self.init(recordSize: recordSize, recordCount: max(1, (bytes - 61) / (recordSize + 9)), name: name)
    }

    /// A batch of format 2, uncompressed, without producer id; values differ from record to record.
    package func encode() -> [UInt8] {
        var records = WireBytes()
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        for delta in 0..<recordCount {
            let value = (0..<recordSize).map { _ -> UInt8 in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return UInt8(truncatingIfNeeded: state)
            }
            var record = WireBytes()
            record.int(Int8(0))
            record.varint(0)
            record.varint(delta)
            record.varint(-1)
            record.varint(value.count)
            record.raw(value)
            record.varint(0)
            records.varint(record.bytes.count)
            records.raw(record.bytes)
        }
        return Self.batch(records: records.bytes, count: recordCount, timestamp: Clock.wall())
    }

    static func batch(records: [UInt8], count: Int, timestamp: Int64, attributes: Int16 = 0) -> [UInt8] {
        var tail = WireBytes()
        tail.int(attributes)
        tail.int(Int32(count - 1))
        tail.int(timestamp)
        tail.int(timestamp)
        tail.int(Int64(-1))
        tail.int(Int16(-1))
        tail.int(Int32(-1))
        tail.int(Int32(count))
        tail.raw(records)
        var whole = WireBytes()
        whole.int(Int64(0))
        whole.int(Int32(tail.bytes.count + 9))
        whole.int(Int32(-1))
        whole.int(Int8(2))
        whole.int(CRC32C.checksum(tail.bytes))
        whole.raw(tail.bytes)
        return whole.bytes
    }
}

/// CRC-32C byte by byte: batches are built before a measurement begins.
package enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1 }
    }

    package static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes { crc = table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ (crc >> 8) }
        return ~crc
    }
}
