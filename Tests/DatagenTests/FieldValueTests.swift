import Testing

@testable import Datagen

struct FieldValueTests {
    @Test("strings are escaped for JSON as Java's writer does it")
    func escapes() {
        #expect(FieldValue.string("a\"b\\c\n\t\u{1}\u{1f}ü/").json == #""a\"b\\c\n\t\u0001\u001Fü/""#)
    }

    @Test(
        "doubles are written as Java writes them",
        arguments: [
            (0, "0.0"), (-0.0, "-0.0"), (1, "1.0"), (-12.5, "-12.5"), (0.001, "0.001"), (0.0001, "1.0E-4"),
            (0.00012345, "1.2345E-4"), (9_999_999, "9999999.0"), (10_000_000, "1.0E7"), (12_345_678.9, "1.23456789E7"),
            (1e21, "1.0E21"), (1.5e-300, "1.5E-300"), (100, "100.0"), (123_456.789, "123456.789"),
        ] as [(Double, String)])
    func doubles(_ value: Double, _ text: String) {
        #expect(FieldValue.double(value).json == text)
    }

    @Test("a double's text reads back as the same number", arguments: 0..<2_000)
    func doublesReadBack(_ index: Int) {
        var random = Randomness(seed: 3, task: 0, iteration: Int64(index))
        let value = Double(bitPattern: random.next())
        if value.isFinite { #expect(Double(FieldValue.double(value).json) == value) }
    }

    @Test("floats keep their own short digits")
    func floats() {
        #expect(FieldValue.float(0.1).json == "0.1")
        #expect(FieldValue.float(16_777_216).json == "1.6777216E7")
    }

    @Test(
        "bytes are base64",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func base64(_ text: String, _ encoded: String) {
        #expect(FieldValue.bytes(Array(text.utf8)).json == "\"\(encoded)\"")
    }

    @Test(
        "a decimal's unscaled number takes as few bytes as Java's BigInteger",
        arguments: [
            (0, [0]), (1, [1]), (127, [127]), (128, [0, 128]), (255, [0, 255]), (256, [1, 0]), (-1, [255]),
            (-128, [128]), (-129, [255, 127]), (1999, [0x07, 0xCF]),
            (Int128.min, [0x80] + Array(repeating: 0, count: 15)),
        ] as [(Int128, [UInt8])])
    func unscaledBytes(_ value: Int128, _ bytes: [UInt8]) {
        #expect(FieldValue.shortestTwosComplement(value) == bytes)
    }

    @Test("decimals are base64 unless the format is numeric")
    func decimals() {
        let price = FieldValue.decimal(unscaled: 1999, scale: 2)
        #expect(price.json == "\"B88=\"")
        var numeric = ""
        price.appendJSON(to: &numeric, decimals: .numeric)
        #expect(numeric == "19.99")
        #expect(FieldValue.decimal(unscaled: -5, scale: 2).plainText == "-0.05")
        #expect(FieldValue.decimal(unscaled: 7, scale: 0).plainText == "7")
    }

    @Test("arrays, maps and records nest, in their own order")
    func nesting() {
        let value = FieldValue.record([
            .init("b", .array([.int(1), .null, .bool(true)])),
            .init("a", .map([.init("z", .string("1")), .init("y", .string("2"))])),
        ])
        #expect(value.json == #"{"b":[1,null,true],"a":{"z":"1","y":"2"}}"#)
    }

    @Test("keys are what Java's toString gives")
    func keys() {
        #expect(FieldValue.null.plainText == nil)
        #expect(FieldValue.int(-3).plainText == "-3")
        #expect(FieldValue.double(1.5).plainText == "1.5")
        let record = FieldValue.record([.init("a", .int(1)), .init("b", .null), .init("c", .string("x"))])
        #expect(record.plainText == "Struct{a=1,c=x}")
        #expect(FieldValue.array([.int(1), .string("b")]).plainText == "[1, b]")
    }
}
