import RESTAPI
import Testing

struct JSONTests {
    private static let texts: [(String, JSON)] = [
        ("null", nil), (" true ", true), ("0", 0), ("-12", -12), ("9223372036854775807", .int(.max)),
        ("1.5e2", .double(150)), ("-0.5", .double(-0.5)), (#""aé\n\u00e9\ud83d\ude00\/""#, "aé\né😀/"),
        ("[]", .array([])), ("[1,[2]]", [1, [2]]), (#"{"b":1,"a":{"c":null}}"#, ["b": 1, "a": ["c": nil]]),
    ]

    @Test("texts of RFC 8259 are read", arguments: texts)
    func reading(_ text: String, _ expected: JSON) throws {
        #expect(try JSON.parse(text) == expected)
    }

    @Test(
        "texts that are no JSON are refused",
        arguments: [
            "", " ", "{", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "01", "1.", ".5", "+1", "1e", "--1", "tru",
            "nul",
            "\"a", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ude00\"", "\"\u{1}\"", "1 2", "[] []", "1e999", "NaN",
        ])
    func refusing(_ text: String) {
        #expect(throws: JSONError.self) { try JSON.parse(text) }
    }

    @Test(
        "a name that an object holds twice is refused, and told",
        arguments: [
            (#"{"a":1,"b":2,"a":3}"#, 13), (#"{"x":[{"a":1, "\u0061":1}]}"#, 14), (#"{"a":null,"a":null}"#, 10),
        ])
    func twice(_ text: String, _ offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
        #expect(error?.message == "\"a\" is given twice in one object")
        #expect(error?.offset == offset)
    }

    @Test("objects beside and inside each other may hold the same names")
    func sameNames() throws {
        #expect(try JSON.parse(#"{"a":{"a":1},"b":[{"a":1},{"a":2}]}"#) == ["a": ["a": 1], "b": [["a": 1], ["a": 2]]])
    }

    @Test("bytes that are not UTF-8 are refused inside strings")
    func invalidUTF8() {
        #expect(throws: JSONError.self) { try JSON.parse([0x22, 0xFF, 0x22]) }
    }

    @Test("nesting is bounded")
    func depth() throws {
        let most = JSON.maximumDepth
        _ = try JSON.parse(String(repeating: "[", count: most) + String(repeating: "]", count: most))
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try JSON.parse(deep) }
    }

    @Test("what is written is read back the same")
    func roundTrip() throws {
        let value: JSON = [
            "text": "\"\\\n\t\u{1}ü😀", "list": [1, .double(2.5), true, nil, .array([])], "empty": .object([]),
            "min": .int(.min),
        ]
        #expect(try JSON.parse(value.text()) == value)
        #expect(try JSON.parse(value.text(pretty: true)) == value)
    }

    @Test("objects keep the order in which they were written")
    func order() {
        let value: JSON = ["z": 1, "a": 2]
        #expect(value.text() == #"{"z":1,"a":2}"#)
        #expect(value.text(pretty: true) == "{\n  \"z\": 1,\n  \"a\": 2\n}")
    }
}

struct PercentEncodingTests {
    @Test("what is encoded decodes to the same", arguments: ["plain", "a b/c?d=e&f", "100%", "ü😀", ""])
    func roundTrip(_ text: String) {
        #expect(PercentEncoding.decode(PercentEncoding.encode(text)) == text)
    }

    @Test("incomplete escapes are refused", arguments: ["%", "%4", "%zz", "%ff"])
    func broken(_ text: String) {
        #expect(PercentEncoding.decode(text) == nil)
    }

    @Test("a path that decodes to no text is a 400")
    func brokenPath() {
        #expect(throws: RESTError.self) { try RESTRequest(method: .get, target: "/a/%ff") }
        #expect(throws: RESTError.self) { try RESTRequest(method: .get, target: "/a?b=%") }
    }

    @Test("a plus in a query is a space, in a path it is a plus")
    func plus() throws {
        let request = try RESTRequest(method: .get, target: "/a+b?c=d+e")
        #expect(request.path == ["a+b"])
        #expect(request.query == ["c": "d e"])
    }
}
