/// Requests that cost a server far more than they cost to send.
extension Request {
    /// Metadata of names that do not exist, with auto-creation allowed.
    package static func autoCreate(_ names: [String]) -> [UInt8] {
        frame(3, 4) { body in
            body.int(Int32(names.count))
            for name in names { body.string(name) }
            body.int(Int8(1))
        }
    }

    /// DescribeConfigs of one topic, named again and again.
    package static func describeConfigs(topic: String, times: Int) -> [UInt8] {
        frame(32, 2) { body in
            body.int(Int32(times))
            for _ in 0..<times {
                body.int(Int8(2))
                body.string(topic)
                body.int(Int32(-1))
            }
            body.int(Int8(1))
        }
    }

    /// OffsetFetch of one partition, named again and again.
    package static func offsetFetch(group: String, topic: String, times: Int) -> [UInt8] {
        frame(9, 5) { body in
            body.string(group)
            body.int(Int32(1))
            body.string(topic)
            body.int(Int32(times))
            for _ in 0..<times { body.int(Int32(0)) }
        }
    }

    /// OffsetFetch of many partitions of one topic.
    package static func offsetFetch(group: String, topic: String, partitions: Int32) -> [UInt8] {
        frame(9, 5) { body in
            body.string(group)
            body.int(Int32(1))
            body.string(topic)
            body.int(partitions)
            for partition in 0..<partitions { body.int(partition) }
        }
    }

    package static func describeConfigs(absentTopics count: Int) -> [UInt8] {
        frame(32, 2) { body in
            body.int(Int32(count))
            for index in 0..<count {
                body.int(Int8(2))
                body.string("absent-\(index)")
                body.int(Int32(-1))
            }
            body.int(Int8(1))
        }
    }

    /// Every partition of one topic, and the first one of another, from its beginning on.
    package static func fetch(
        topic: String, partitions: Int32, and other: String, minBytes: Int32, waitMs: Int32
    ) -> [UInt8] {
        frame(1, 11) { body in
            body.int(Int32(-1))
            body.int(waitMs)
            body.int(minBytes)
            body.int(Int32(50 << 20))
            body.int(Int8(0))
            body.int(Int32(0))
            body.int(Int32(-1))
            body.int(Int32(2))
            for (name, count) in [(topic, partitions), (other, 1)] {
                body.string(name)
                body.int(count)
                for partition in 0..<count {
                    body.int(partition)
                    body.int(Int32(-1))
                    body.int(Int64(0))
                    body.int(Int64(-1))
                    body.int(Int32(1 << 20))
                }
            }
            body.int(Int32(0))
            body.string("")
        }
    }

    package static func deleteRecords(topic: String, partition: Int32, before offset: Int64) -> [UInt8] {
        frame(21, 1) { body in
            body.int(Int32(1))
            body.string(topic)
            body.int(Int32(1))
            body.int(partition)
            body.int(offset)
            body.int(Int32(60_000))
        }
    }

    /// The same batch to every partition of a topic.
    package static func produce(topic: String, partitions: Int32, batch: [UInt8]) -> [UInt8] {
        frame(0, 7) { body in
            body.string(nil)
            body.int(Int16(-1))
            body.int(Int32(60_000))
            body.int(Int32(1))
            body.string(topic)
            body.int(partitions)
            for partition in 0..<partitions {
                body.int(partition)
                body.int(Int32(batch.count))
                body.raw(batch)
            }
        }
    }

    package static func saslHandshake(_ mechanism: String) -> [UInt8] {
        frame(17, 1) { $0.string(mechanism) }
    }

    package static func saslAuthenticate(_ token: [UInt8]) -> [UInt8] {
        frame(36, 0) { body in
            body.int(Int32(token.count))
            body.raw(token)
        }
    }
}

extension BatchShape {
    /// One record of equal bytes, compressed with snappy: some 21 times as long once it is decompressed.
    package static func bomb(decompressedBytes: Int) -> [UInt8] {
        var length: [UInt8] = []
        var rest = UInt32(decompressedBytes)
        while rest > 0x7F {
            length.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        length.append(UInt8(rest))
        // A literal of one byte, then copies of 64 bytes from one byte back.
        var block = length + [0x00, 0x00]
        var left = decompressedBytes - 1
        while left > 0 {
            let count = min(64, left)
            block += [UInt8((count - 1) << 2 | 2), 1, 0]
            left -= count
        }
        return batch(records: block, count: 1, timestamp: Clock.wall(), attributes: 2)
    }
}
