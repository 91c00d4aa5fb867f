import Testing

@testable import YAML

@Suite("YAML")
struct YAMLReaderTests {
    @Test("mappings, sequences and scalars in block and flow style, quotes and comments, with their lines")
    func everyKind() throws {
        let text = """
            # a comment
            name: twin   # another
            list:
              - 1
              - "two: 2"
            flow: {a: 'it''s', b: [x, y]}
            empty:
            """
        #expect(
            try YAMLNode.parse(text)
                == .mapping(
                    [
                        .init(key: "name", value: .scalar("twin", line: 2)),
                        .init(
                            key: "list",
                            value: .sequence([.scalar("1", line: 4), .scalar("two: 2", line: 5)], line: 4)),
                        .init(
                            key: "flow",
                            value: .mapping(
                                [
                                    .init(key: "a", value: .scalar("it's", line: 6)),
                                    .init(
                                        key: "b",
                                        value: .sequence([.scalar("x", line: 6), .scalar("y", line: 6)], line: 6)),
                                ], line: 6)),
                        .init(key: "empty", value: .scalar("", line: 7)),
                    ], line: 2))
    }

    @Test("a text without content is nothing", arguments: ["", "\n\n", "# only a comment", "---\n"])
    func empty(text: String) throws {
        let node = try YAMLNode.parse(text)
        #expect(node == nil || node?.text == "")
    }

    @Test(
        "what is not read is refused, with its line",
        arguments: [
            ("a: 1\nb: *x", 2, "aliases"), ("a: &x 1", 1, "anchors"), ("a: 1\n\na: 2", 3, "twice"),
            ("a: !!int 3", 1, "tag"), ("? [k]\n: v", 1, "key"), ("a: 1\n---\nb: 2", 3, "second document"),
            ("a: [", 2, ""), ("a: b: c", 1, ""), ("\tx: 1", 1, ""),
        ])
    func refused(text: String, line: Int, word: String) {
        let error = #expect(throws: YAMLError.self) { try YAMLNode.parse(text) }
        #expect(error?.problem.contains(word) == true || word.isEmpty)
        #expect(error.map { abs($0.line - line) <= 1 } == true, "\(error.map(String.init(describing:)) ?? "")")
        #expect(error?.description.contains("\n") == false)
    }

    @Test("nesting has an end")
    func depth() throws {
        let allowed = YAMLNode.maximumDepth
        let nested = String(repeating: "[", count: allowed) + String(repeating: "]", count: allowed)
        #expect(try YAMLNode.parse(nested) != nil)
        #expect(throws: YAMLError.self) {
            try YAMLNode.parse(String(repeating: "[", count: 100) + String(repeating: "]", count: 100))
        }
        #expect(throws: YAMLError.self) { try YAMLNode.parse(String(repeating: "[", count: 100_000)) }
    }

    @Test("bytes of any kind are read or refused, never worse")
    func anyBytes() {
        var state: UInt64 = 42
        let alphabet = Array("ab:-?[]{}#&*!|>'\"%@`,\n\t \u{0}é".unicodeScalars)
        for _ in 0..<3_000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<24 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.append(alphabet[Int(state >> 33) % alphabet.count])
            }
            _ = try? YAMLNode.parse(String(text))
        }
    }
}
