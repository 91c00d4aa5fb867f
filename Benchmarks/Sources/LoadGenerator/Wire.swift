/// Builds requests of the Kafka protocol by hand, in versions without flexible encoding.
package struct WireBytes: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func int<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func string(_ value: String?) {
        guard let value else { return int(Int16(-1)) }
        int(Int16(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    package mutating func raw(_ value: [UInt8]) { bytes.append(contentsOf: value) }

    /// A zigzag varint.
    package mutating func varint(_ value: Int) {
        var rest = UInt64(bitPattern: Int64((value << 1) ^ (value >> 63)))
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// Requests as whole frames: length, header, body.
package enum Request {
    package static let correlation: Int32 = 7

    static func frame(_ key: Int16, _ version: Int16, _ body: (inout WireBytes) -> Void) -> [UInt8] {
        var content = WireBytes()
        content.int(key)
        content.int(version)
        content.int(correlation)
        content.string("bench")
        body(&content)
        var whole = WireBytes()
        whole.int(Int32(content.bytes.count))
        whole.raw(content.bytes)
        return whole.bytes
    }

    package static func apiVersions() -> [UInt8] { frame(18, 0) { _ in } }

    package static func produce(topic: String, partition: Int32, batch: [UInt8]) -> [UInt8] {
        frame(0, 7) { body in
            body.string(nil)
            body.int(Int16(-1))
            body.int(Int32(30_000))
            body.int(Int32(1))
            body.string(topic)
            body.int(Int32(1))
            body.int(partition)
            body.int(Int32(batch.count))
            body.raw(batch)
        }
    }

    /// A fetch of one partition, and where in it the offset stands.
    package static func fetch(topic: String, partition: Int32, maxBytes: Int32, waitMs: Int32) -> FetchFrame {
        let request = frame(1, 11) { body in
            body.int(Int32(-1))
            body.int(waitMs)
            body.int(Int32(1))
            body.int(max(maxBytes, 1 << 20))
            body.int(Int8(0))
            body.int(Int32(0))
            body.int(Int32(-1))
            body.int(Int32(1))
            body.string(topic)
            body.int(Int32(1))
            body.int(partition)
            body.int(Int32(-1))
            body.int(Int64(0))
            body.int(Int64(-1))
            body.int(maxBytes)
            body.int(Int32(0))
            body.string("")
        }
        // Behind the offset: log start 8, max bytes 4, forgotten topics 4, rack 2.
        return FetchFrame(bytes: request, offsetPosition: request.count - 8 - 8 - 4 - 4 - 2)
    }

    static func createTopic(_ name: String, partitions: Int32, configs: [String: String]) -> [UInt8] {
        frame(19, 2) { body in
            body.int(Int32(1))
            body.string(name)
            body.int(partitions)
            body.int(Int16(1))
            body.int(Int32(0))
            body.int(Int32(configs.count))
            for (key, value) in configs {
                body.string(key)
                body.string(value)
            }
            body.int(Int32(120_000))
            body.int(Int8(0))
        }
    }

    static func deleteTopic(_ name: String) -> [UInt8] {
        frame(20, 1) { body in
            body.int(Int32(1))
            body.string(name)
            body.int(Int32(120_000))
        }
    }

    static func endOffset(topic: String, partition: Int32) -> [UInt8] {
        frame(2, 1) { body in
            body.int(Int32(-1))
            body.int(Int32(1))
            body.string(topic)
            body.int(Int32(1))
            body.int(partition)
            body.int(Int64(-1))
        }
    }
}

/// A fetch request whose offset can be changed in place.
package struct FetchFrame: Sendable {
    package private(set) var bytes: [UInt8]
    let offsetPosition: Int

    package mutating func setOffset(_ offset: Int64) {
        withUnsafeBytes(of: offset.bigEndian) { source in
            for index in 0..<8 { bytes[offsetPosition + index] = source[index] }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// A big-endian number at a position.
    package func number<T: FixedWidthInteger>(_ type: T.Type, at position: Int) -> T {
        T(bigEndian: loadUnaligned(fromByteOffset: position, as: T.self))
    }
}

/// What the load generator reads of answers.
package enum Answer {
    /// Enough bytes of an answer to see its error codes and the first batch of records.
    static let headSize = 256

    /// The error code of a Produce answer (version 7) for one partition.
    package static func produceError(_ head: UnsafeRawBufferPointer, topic: String) -> Int16 {
        head.number(Int16.self, at: 4 + 4 + 2 + topic.utf8.count + 4 + 4)
    }

    /// Error, size of the records, and base offset of the first batch (-1 if none) of a Fetch answer (version 11).
    package static func fetched(
        _ head: UnsafeRawBufferPointer, topic: String
    ) -> (error: Int16, recordBytes: Int, firstOffset: Int64) {
        let row = 4 + 4 + 2 + 4 + 4 + 2 + topic.utf8.count + 4 + 4
        let error = head.number(Int16.self, at: row)
        let aborted = max(0, Int(head.number(Int32.self, at: row + 2 + 24)))
        let records = row + 2 + 24 + 4 + aborted * 16 + 4
        let count = Int(head.number(Int32.self, at: records))
        let first = count >= 8 && head.count >= records + 12 ? head.number(Int64.self, at: records + 4) : -1
        return (error, max(0, count), first)
    }
}
