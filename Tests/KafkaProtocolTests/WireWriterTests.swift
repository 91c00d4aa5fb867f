import Testing

@testable import KafkaProtocol

/// Records that come from elsewhere when they are needed.
private final class Source: RecordSource {
    let bytes: [UInt8]
    let works: Bool

    init(_ bytes: [UInt8], works: Bool = true) {
        self.bytes = bytes
        self.works = works
    }

    func copyRecords(from start: Int, into memory: UnsafeMutableRawBufferPointer) -> Bool {
        if works { memory.copyBytes(from: bytes[start..<start + memory.count]) }
        return works
    }
}

@Suite("Writing primitives")
struct WireWriterTests {
    @Test("numbers are written in network byte order")
    func numbers() {
        let bytes = written { writer in
            writer.writeInt8(-1)
            writer.writeInt16(-32767)
            writer.writeUInt16(65534)
            writer.writeInt32(.min)
            writer.writeUInt32(4_294_967_294)
            writer.writeInt64(0x0102_0304_0506_0708)
            writer.writeFloat64(1.5)
            writer.writeBool(true)
        }
        #expect(bytes == hexBytes("ff 8001 fffe 80000000 fffffffe 0102030405060708 3ff8000000000000 01"))
    }

    @Test("strings, bytes and nulls in both forms")
    func lengths() {
        #expect(written { $0.writeString("ab", compact: false) } == hexBytes("0002 6162"))
        #expect(written { $0.writeString("ab", compact: true) } == hexBytes("03 6162"))
        #expect(written { $0.writeNullableString(nil, compact: false) } == hexBytes("ffff"))
        #expect(written { $0.writeNullableString(nil, compact: true) } == hexBytes("00"))
        #expect(written { $0.writeBytes([1], compact: false) } == hexBytes("00000001 01"))
        #expect(written { $0.writeNullableBytes(nil, compact: false) } == hexBytes("ffffffff"))
        #expect(written { $0.writeArrayCount(nil, compact: false) } == hexBytes("ffffffff"))
        #expect(written { $0.writeArrayCount(200, compact: true) } == hexBytes("c901"))
    }

    @Test("a string too long for its length field spoils the message", arguments: [32767, 32768])
    func longString(length: Int) {
        var writer = WireWriter(capacity: 16)
        writer.writeString(String(repeating: "x", count: length), compact: false)
        let failure = writer.failure
        #expect(failure == (length > 32767))
    }

    @Test(
        "a tagged field has its size in front, also when that takes more than one byte",
        arguments: [0, 1, 127, 128, 20_000])
    func tags(size: Int) throws {
        let contents = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        let bytes = written { writer in
            let start = writer.beginTag(5)
            contents.withUnsafeBytes { writer.writeRaw($0) }
            writer.endTag(start)
        }
        try reading(bytes) { reader throws in
            #expect(try reader.readUnsignedVarint() == 5)
            #expect(try reader.readUnsignedVarint() == UInt32(size))
            #expect(Array(reader.rest) == contents)
        }
    }

    @Test("the caller's memory is used as long as it suffices")
    func borrowing() {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 8)
        defer { memory.deallocate() }
        var writer = WireWriter(borrowing: memory)
        writer.writeInt64(0x0102_0304_0506_0708)
        let fits = !writer.overflowed
        #expect(fits)
        #expect(Array(memory) == [1, 2, 3, 4, 5, 6, 7, 8])
        writer.writeInt8(9)
        let overflowed = writer.overflowed
        #expect(overflowed)
        let bytes = writer.copyBytes()
        #expect(bytes == [1, 2, 3, 4, 5, 6, 7, 8, 9])
    }

    @Test("records are read from their source straight into the message")
    func source() {
        let records: [UInt8] = [7, 8, 9]
        let bytes = written { $0.writeRecords(.source(Source(records), count: 3), compact: false) }
        #expect(bytes == hexBytes("00000003 070809"))
        #expect(RecordBytes.source(Source(records), count: 3).copy() == records)
        #expect(RecordBytes.source(Source(records), count: 3).withBytes { Array($0) } == records)
    }

    @Test("records that could not be read spoil the message")
    func failingSource() {
        var writer = WireWriter(capacity: 16)
        writer.writeRecords(.source(Source([1], works: false), count: 1), compact: true)
        let failure = writer.failure
        #expect(failure)
        #expect(RecordBytes.source(Source([1], works: false), count: 1).copy() == nil)
        writer.reset()
        let isFresh = !writer.failure && writer.count == 0
        #expect(isFresh)
    }

    @Test("a length can be filled in afterwards")
    func patching() {
        let bytes = written { writer in
            writer.writeInt32(0)
            writer.writeInt8(1)
            writer.patchInt32(1, at: 0)
        }
        #expect(bytes == hexBytes("00000001 01"))
    }
}

@Suite("Identifiers")
struct WireUUIDTests {
    @Test(
        "ids print as Kafka prints them",
        arguments: [
            (0, 0, "AAAAAAAAAAAAAAAAAAAAAA"), (0, 1, "AAAAAAAAAAAAAAAAAAAAAQ"),
            (UInt64.max, UInt64.max, "_____________________w"),
            (0x0102_0304_0506_0708, 0x090a_0b0c_0d0e_0f10, "AQIDBAUGBwgJCgsMDQ4PEA"),
        ] as [(UInt64, UInt64, String)])
    func base64(high: UInt64, low: UInt64, text: String) {
        let id = KafkaUUID(high: high, low: low)
        #expect(id.base64 == text)
        #expect(KafkaUUID(base64: text) == id)
    }

    @Test(
        "other texts are no ids",
        arguments: [
            "", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAA+A", "AAAAAAAAAAAAAAAAAAAAAB",
        ])
    func refused(text: String) {
        #expect(KafkaUUID(base64: text) == nil)
    }
}
