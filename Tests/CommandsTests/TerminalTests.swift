import KafkaProtocol
import RESTAPI
import Testing

@testable import Commands

struct DisplayWidthTests {
    /// Widths by Unicode's East Asian Width (UAX #11) and emoji presentation (UTS #51).
    @Test(
        "a text is as wide as a terminal shows it",
        arguments: [
            ("topic", 5), ("", 0), ("日本語", 6), ("한국", 4), ("e\u{301}te\u{301}", 3), ("🎉", 2), ("👩‍👩‍👧", 2), ("❤️", 2),
            ("🇩🇪", 2), ("ａ", 2), ("ü", 1), ("a\u{200B}b", 2),
        ])
    func widths(_ text: String, _ width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test("columns of a table stand below each other when cells hold wide characters")
    func columns() {
        let table = Table([Column("Name"), Column("Value")], rows: [["日本", "x"], ["abcd", "y"], ["e\u{301}", "z"]])
        let lines = table.text(.human).split(separator: "\n").map(String.init)
        #expect(lines[2] == "  日本 | x      ")
        #expect(lines[3] == "  abcd | y      ")
        #expect(lines[4] == "  e\u{301}    | z      ")
        #expect(Set(lines.map { DisplayWidth.of($0) }).count == 1)
    }
}

struct TerminalTextTests {
    @Test(
        "what a terminal would act upon is shown as an escape",
        arguments: [
            ("\u{1B}[31mred", "\\x1b[31mred"), ("a\rb", "a\\rb"), ("a\u{7}", "a\\x07"), ("a\u{9B}2J", "a\\x9b2J"),
            ("a\u{202E}b", "a\\u{202e}b"), ("a\nb\tc", "a\\nb\\tc"), ("日本 é 🎉", "日本 é 🎉"), ("\u{7F}", "\\x7f"),
        ])
    func escapes(_ text: String, _ shown: String) {
        #expect(TerminalText.escape(text) == shown)
    }

    @Test("a record's lines and tabs stay, its other controls and broken bytes are shown")
    func records() {
        #expect(TerminalText.escape(Array("a\n\tb\u{1B}c".utf8)) == "a\n\tb\\x1bc")
        #expect(TerminalText.escape([0x61, 0xFF, 0x1B, 0xC3, 0xA9, 0xC3]) == "a\\xff\\x1bé\\xc3")
    }

    @Test("records are byte-exact in a pipe and harmless on a terminal")
    func printer() {
        let value: [UInt8] = [0x1B, 0x5B, 0x32, 0x4A, 0xFF]
        let record = Record(
            offset: 0, timestamp: 0, key: value, value: value, headers: [RecordHeader(key: "\u{1B}h", value: nil)])
        var piped: [UInt8] = []
        RecordPrinter(key: true).write(record, 0, to: &piped)
        #expect(piped == value + [0x09] + value + [0x0A])
        var shown: [UInt8] = []
        RecordPrinter(key: true, headers: true, isForTerminal: true).write(record, 0, to: &shown)
        let expected = "\\x1b[2J\\xff\t\\x1b[2J\\xff\n% Headers: [\\x1bh=\"\"]\n"
        #expect(String(decoding: shown, as: UTF8.self) == expected)
    }

    @Test("names from a server cannot act in a table or a box")
    func tables() {
        let table = Table([Column("Name")], rows: [["\u{1B}]0;x\u{7}\nb"]])
        #expect(!table.text(.human).unicodeScalars.contains("\u{1B}"))
        #expect(table.text(.human).contains("\\x1b]0;x\\x07 b"))
        #expect(Box([(Column("Name"), "\u{1B}c")]).text(.human).contains("\\x1bc"))
    }
}

struct TableWidthTests {
    private let columns = [Column("Config Name"), Column("Config Value"), Column("Read-Only")]

    @Test("a table that can be made to fit 80 columns fits, by breaking its widest cells and titles")
    func fits() {
        let words = Array(repeating: "abcdefgh", count: 9).joined(separator: ",")
        let table = Table(
            columns, rows: [["auto.create.mirror.topics.filters", .string(words), false], ["b", "c", true]])
        let lines = table.text(.human, width: 80).split(separator: "\n")
        #expect(lines.allSatisfy { DisplayWidth.of(String($0)) <= 80 })
        let value = lines.dropFirst(2).map { $0.split(separator: "|")[1].filter { $0 != " " } }.joined()
        #expect(value.hasPrefix(words))
    }

    @Test("a table that cannot fit is as wide as it likes")
    func natural() {
        let long = String(repeating: "x", count: 70)
        let rows: [[JSON]] = [[.string(long), "two words", true], [.string(long + "x"), "others", true]]
        let lines = Table(columns, rows: rows).text(.human, width: 80).split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[2].contains("two words"))
    }

    @Test("on a terminal names are broken after punctuation where nothing else helps, and nowhere else")
    func names() {
        let name = "availability.check.consecutive.failure.threshold"
        let rows: [[JSON]] = [
            [.string(name), "DYNAMIC_CLUSTER_LINK_CONFIG", true], ["x", "DEFAULT_CONFIG", false],
        ]
        let table = Table(columns, rows: rows)
        let lines = table.text(.human, width: 70, isSearched: false).split(separator: "\n")
        #expect(lines.allSatisfy { DisplayWidth.of(String($0)) <= 70 })
        let cells = lines.dropFirst(2).map { $0.split(separator: "|")[0].filter { $0 != " " } }
        #expect(cells.joined() == name + "x")
        #expect(table.text(.human, width: 70, isSearched: true).contains(name))
        #expect(table.text(.human, width: 100, isSearched: false).contains(name))
    }

    @Test("the clusters of a first start fit 80 columns", arguments: [nil, "lkc-dest"])
    func clusters(_ current: String?) {
        let all: [(String, String, String)] = [
            ("lkc-source", "source-cluster", "BASIC"), ("lkc-dest", "dest-cluster", "DEDICATED"),
        ]
        let rows = all.map { id, name, type -> [JSON] in
            [
                .bool(id == current), .string(id), .string(name), .string(type), "gcp", "us-west4", "single-zone", "",
                "UP", false, .string("SASL_SSL://127.0.0.1:\(id == "lkc-dest" ? 9193 : 9093)"),
            ]
        }
        let lines = ClusterListCommand.table(rows).text(.human, width: 80, isSearched: false).split(separator: "\n")
        #expect(lines.allSatisfy { DisplayWidth.of(String($0)) <= 80 })
        #expect(lines.contains { $0.contains("127.0.0.1:9193") })
    }

    @Test("long values of a box are broken")
    func box() {
        let words = Array(repeating: "abcdefgh", count: 20).joined(separator: " ")
        let lines = Box([(Column("Value"), .string(words))]).text(.human, width: 80).split(separator: "\n")
        #expect(lines.count > 3)
        #expect(lines.allSatisfy { $0.count <= 80 })
    }
}
