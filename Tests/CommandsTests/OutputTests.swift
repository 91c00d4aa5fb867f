import RESTAPI
import Testing

@testable import Commands

struct TableTests {
    private let table = Table(
        [Column("Name"), Column("Internal"), Column("Replication Factor"), Column("Partition Count")],
        rows: [["topic1", false, 3, 12], ["a", true, 1, 100]])

    @Test("a table centres its titles over a rule, numbers stand to the right")
    func human() {
        let lines = table.text(.human).split(separator: "\n").map(String.init)
        #expect(lines[0] == "   Name  | Internal | Replication Factor | Partition Count  ")
        #expect(lines[1] == "---------+----------+--------------------+------------------")
        #expect(lines[2] == "  topic1 | false    |                  3 |              12  ")
        #expect(lines[3] == "  a      | true     |                  1 |             100  ")
    }

    @Test("every line of a table is as wide as the others")
    func widths() {
        let lines = table.text(.human).split(separator: "\n")
        #expect(Set(lines.map { $0.count }).count == 1)
    }

    @Test("JSON has the columns in snake case, values keep their types")
    func json() throws {
        let value = try JSON.parse(table.text(.json))
        #expect(
            value == [
                ["name": "topic1", "internal": false, "replication_factor": 3, "partition_count": 12],
                ["name": "a", "internal": true, "replication_factor": 1, "partition_count": 100],
            ])
    }

    @Test("YAML is one mapping a row")
    func yaml() {
        let expected = """
            - name: topic1
              internal: false
              replication_factor: 3
              partition_count: 12
            - name: a
              internal: true
              replication_factor: 1
              partition_count: 100

            """
        #expect(table.text(.yaml) == expected)
    }

    @Test("a long cell is broken after commas and spaces, never inside a word")
    func wrapping() {
        let words = (10..<40).map { "word\($0)" }
        let table = Table(
            [Column("Name"), Column("Value")], rows: [["n", .string(words.joined(separator: ","))], ["m", "x"]])
        let lines = table.text(.human).split(separator: "\n").dropFirst(2)
        #expect(lines.count == 5)
        #expect(Set(lines.map { $0.count }).count == 1)
        let cells = lines.map { $0.split(separator: "|")[1].filter { $0 != " " } }
        #expect(cells.joined().hasPrefix(words.joined(separator: ",")))
        #expect(cells.dropLast(2).allSatisfy { $0.last == "," })
    }

    @Test("without rows people read a sentence and programs an empty list")
    func empty() {
        let table = Table([Column("Name")])
        #expect(table.text(.human) == "None found.\n")
        #expect(table.text(.json) == "[]\n")
        #expect(table.text(.yaml) == "[]\n")
    }

    @Test("of a table that is too wide, optional columns without values go, and what all rows share is said once")
    func tooWide() {
        let wide = String(repeating: "w", count: 30)
        let columns = [Column("Shared"), Column("Empty", optional: true), Column("Own"), Column("Other")]
        let rows: [[JSON]] = [[.string(wide), "", .string(wide), 1], [.string(wide), "", .string(wide + "x"), 1]]
        let lines = Table(columns, rows: rows).text(.human, width: 60).split(separator: "\n")
        #expect(lines.allSatisfy { DisplayWidth.of(String($0)) <= 60 })
        #expect(lines.count(where: { $0.contains("Shared") }) == 1 && lines[1].contains(wide))
        #expect(!lines.contains { $0.contains("Empty") })
        #expect(lines.suffix(2).map { $0.contains(wide) } == [true, true])
        // No more than has to be: the last column is shared too, and stays.
        #expect(lines.suffix(2).allSatisfy { $0.hasSuffix("1  ") })
        #expect(Table(columns, rows: rows).text(.human, width: 200).contains("Empty"))
    }

    @Test(
        "column titles become keys",
        arguments: [
            ("Status Time (ms)", "status_time_ms"), ("Read-Only", "read_only"), ("ID", "id"),
            ("Max Per Partition Mirror Lag", "max_per_partition_mirror_lag"),
        ])
    func keys(_ title: String, _ key: String) {
        #expect(Column(title).key == key)
    }
}

struct BoxTests {
    @Test("a box frames names and values")
    func human() {
        let box = Box([(Column("Name"), "topic1"), (Column("Partition Count"), 3)])
        let expected = """
            +-----------------+--------+
            | Name            | topic1 |
            | Partition Count | 3      |
            +-----------------+--------+

            """
        #expect(box.text(.human) == expected)
        #expect(box.text(.json) == "{\n  \"name\": \"topic1\",\n  \"partition_count\": 3\n}\n")
        #expect(box.text(.yaml) == "name: topic1\npartition_count: 3\n")
    }
}

struct YAMLTests {
    @Test(
        "text that YAML would take for something else is quoted",
        arguments: ["true", "No", "null", "12", "1e3", "", "- a", "a: b", "a #b", "*", "~", "{}", "x ", "a\nb", "-1"])
    func quoting(_ text: String) {
        #expect(YAML.text(["v": .string(text)]) == "v: " + JSON.string(text).text() + "\n")
    }

    @Test("ordinary text is not", arguments: ["topic1", "lkc-dest", "HOST:9092", "a b", "_x"])
    func plain(_ text: String) {
        #expect(YAML.text(["v": .string(text)]) == "v: \(text)\n")
    }

    @Test("lists and mappings nest")
    func nesting() {
        let value: JSON = ["a": [1, ["b": "c", "d": ["e"]]], "f": .object([]), "g": nil]
        let expected = """
            a:
              - 1
              - b: c
                d:
                  - e
            f: {}
            g: null

            """
        #expect(YAML.text(value) == expected)
    }
}
