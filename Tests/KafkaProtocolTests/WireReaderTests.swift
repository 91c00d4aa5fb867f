import Testing

@testable import KafkaProtocol

@Suite("Reading primitives")
struct WireReaderTests {
    @Test("numbers are read in network byte order, wherever they lie")
    func numbers() throws {
        try reading(hexBytes("ff 8001 fffe 80000000 fffffffe 0102030405060708 3ff8000000000000 01")) { reader in
            #expect(try reader.readInt8() == -1)
            #expect(try reader.readInt16() == -32767)
            #expect(try reader.readUInt16() == 65534)
            #expect(try reader.readInt32() == Int32.min)
            #expect(try reader.readUInt32() == 4_294_967_294)
            #expect(try reader.readInt64() == 0x0102_0304_0506_0708)
            #expect(try reader.readFloat64() == 1.5)
            #expect(try reader.readBool())
            try reader.finish()
        }
    }

    @Test("a read past the end says how much was missing", arguments: 0..<8)
    func truncated(length: Int) {
        #expect(throws: WireError.truncated(needed: 8, available: length)) {
            try reading([UInt8](repeating: 0, count: length)) { try $0.readInt64() }
        }
    }

    @Test(
        "unsigned varints",
        arguments: [
            ("00", 0), ("7f", 127), ("8001", 128), ("ac02", 300), ("ffffffff0f", UInt32.max),
        ] as [(String, UInt32)])
    func unsignedVarint(hex: String, value: UInt32) throws {
        #expect(try reading(hexBytes(hex)) { try $0.readUnsignedVarint() } == value)
        #expect(written { $0.writeUnsignedVarint(value) } == hexBytes(hex))
    }

    @Test(
        "zigzag varints",
        arguments: [
            ("00", 0), ("01", -1), ("02", 1), ("03", -2), ("d804", 300), ("feffffff0f", Int32.max),
            ("ffffffff0f", Int32.min),
        ] as [(String, Int32)])
    func varint(hex: String, value: Int32) throws {
        #expect(try reading(hexBytes(hex)) { try $0.readVarint() } == value)
        #expect(written { $0.writeVarint(value) } == hexBytes(hex))
    }

    @Test(
        "zigzag varlongs",
        arguments: [
            ("00", 0), ("01", -1), ("02", 1), ("feffffffffffffffff01", Int64.max), ("ffffffffffffffffff01", Int64.min),
        ] as [(String, Int64)])
    func varlong(hex: String, value: Int64) throws {
        #expect(try reading(hexBytes(hex)) { try $0.readVarlong() } == value)
        #expect(written { $0.writeVarlong(value) } == hexBytes(hex))
    }

    @Test(
        "a varint that does not end, or says more than fits, is refused",
        arguments: [
            "ffffffffff", "ffffffff1f", "808080808001",
        ])
    func longVarint(hex: String) {
        #expect(throws: WireError.varintTooLong) { try reading(hexBytes(hex)) { try $0.readUnsignedVarint() } }
    }

    @Test("a varlong of more than 64 bits is refused", arguments: ["ffffffffffffffffff02", "8080808080808080808001"])
    func longVarlong(hex: String) {
        #expect(throws: WireError.varintTooLong) { try reading(hexBytes(hex)) { try $0.readVarlong() } }
    }

    @Test("strings carry an int16 length, or a varint one more than it")
    func strings() throws {
        let text = "Grüße"
        let utf8 = Array(text.utf8)
        #expect(try reading([0, 7] + utf8) { try $0.readString(compact: false) } == text)
        #expect(try reading([8] + utf8) { try $0.readString(compact: true) } == text)
        #expect(try reading([0xff, 0xff]) { try $0.readNullableString(compact: false) } == nil)
        #expect(try reading([0]) { try $0.readNullableString(compact: true) } == nil)
    }

    @Test("a null where there may be none is refused")
    func unexpectedNull() {
        #expect(throws: WireError.unexpectedNull) { try reading([0xff, 0xff]) { try $0.readString(compact: false) } }
        #expect(throws: WireError.unexpectedNull) { try reading([0]) { try $0.readString(compact: true) } }
        #expect(throws: WireError.unexpectedNull) { try reading([0]) { try $0.readBytes(compact: true) } }
        #expect(throws: WireError.unexpectedNull) {
            try reading([0]) { try $0.readArrayCount(compact: true, minimumSize: 1) }
        }
    }

    @Test("a length below -1 is refused")
    func negativeLength() {
        #expect(throws: WireError.negativeLength(-2)) {
            try reading(hexBytes("fffe")) { try $0.readNullableString(compact: false) }
        }
        #expect(throws: WireError.negativeLength(Int(Int32.min))) {
            try reading(hexBytes("80000000")) { try $0.readNullableBytes(compact: false) }
        }
    }

    @Test("text that is not UTF-8 is refused", arguments: ["02ff", "03c328", "04eda080", "05f8888080"])
    func invalidText(hex: String) {
        #expect(throws: WireError.invalidUTF8) { try reading(hexBytes(hex)) { try $0.readString(compact: true) } }
    }

    @Test("a count that cannot fit into the bytes left is refused before anything is reserved")
    func lyingCount() {
        #expect(throws: WireError.countBeyondFrame(count: Int(Int32.max), available: 8)) {
            try reading(hexBytes("7fffffff 0000000000000000")) { try $0.readArrayCount(compact: false, minimumSize: 4) }
        }
        #expect(throws: WireError.countBeyondFrame(count: 3, available: 8)) {
            try reading(hexBytes("04 0000000000000000")) { try $0.readArrayCount(compact: true, minimumSize: 4) }
        }
    }

    @Test("records are a slice of the bytes being read")
    func recordsAreSlices() throws {
        try reading(hexBytes("04 aabbcc")) { reader in
            let whole = reader.rest
            guard case .frame(let slice) = try reader.readRecords(compact: true) else {
                Issue.record("records were copied")
                return
            }
            #expect(slice.baseAddress == whole.baseAddress.map { $0 + 1 })
            #expect(Array(slice) == [0xaa, 0xbb, 0xcc])
        }
    }

    @Test("bytes left over are reported")
    func trailing() {
        #expect(throws: WireError.trailingBytes(2)) { try reading([1, 2]) { try $0.finish() } }
    }

    @Test("an empty buffer reads as empty")
    func empty() throws {
        var reader = WireReader(UnsafeRawBufferPointer(start: nil, count: 0))
        #expect(reader.remaining == 0)
        try reader.finish()
        #expect(throws: WireError.truncated(needed: 1, available: 0)) { try reader.readInt8() }
    }

    @Test("unknown tagged fields are passed over, truncated ones are refused")
    func tagged() throws {
        try reading(hexBytes("02 00 02 aabb 63 00")) { reader in
            try reader.skipTaggedFields()
            try reader.finish()
        }
        #expect(throws: WireError.self) { try reading(hexBytes("01 00 03 aabb")) { try $0.skipTaggedFields() } }
        #expect(throws: WireError.self) { try reading(hexBytes("ffffffff0f 00")) { try $0.skipTaggedFields() } }
    }
}
