import RESTAPI

/// How commands print their results.
enum OutputFormat: String, CaseIterable, Sendable {
    case human
    case json
    case yaml
}

/// A column as people read it and as programs do.
struct Column {
    let title: String
    /// Key in JSON and YAML: the title in snake case unless it is named otherwise.
    let key: String

    /// A Boolean that people see as `*` or nothing in a table.
    let marks: Bool

    init(_ title: String, key: String? = nil, marks: Bool = false) {
        self.title = title
        self.marks = marks
        self.key = key ?? Column.snakeCase(title)
    }

    /// `Status Time (ms)` → `status_time_ms`.
    static func snakeCase(_ title: String) -> String {
        let words = title.lowercased().map { $0.isLetter || $0.isNumber ? $0 : " " }
        return String(words).split(separator: " ").joined(separator: "_")
    }
}

/// What `-o` applies to.
protocol Printable {
    func text(_ format: OutputFormat) -> String
}

/// Rows under columns: printed as a table, as a JSON list or as a YAML list.
struct Table: Printable {
    let columns: [Column]
    var rows: [[JSON]]
    /// What people read when there are no rows.
    var whenEmpty = "None found."

    init(_ columns: [Column], rows: [[JSON]] = [], whenEmpty: String = "None found.") {
        self.columns = columns
        self.rows = rows
        self.whenEmpty = whenEmpty
    }

    func text(_ format: OutputFormat) -> String {
        switch format {
        case .human: rows.isEmpty ? whenEmpty + "\n" : human
        case .json: JSON.array(objects).text(pretty: true) + "\n"
        case .yaml: YAML.text(.array(objects))
        }
    }

    /// The rows as programs read them.
    var objects: [JSON] {
        rows.map { row in .object(zip(columns, row).map { JSON.Member($0.key, $1) }) }
    }

    /// Titles centred over a rule, numbers to the right, the rest to the left.
    private var human: String {
        let shown = rows.map { row in
            zip(columns, row).map { $0.marks ? .string($1.bool == true ? "*" : "") : $1 }
        }
        let cells = shown.flatMap { Table.wrap($0.map { Cell($0) }) }
        let widths = columns.indices.map { index in
            max(columns[index].title.count, cells.map { $0[index].text.count }.max() ?? 0)
        }
        let titles = columns.indices.map { Cell.centre(columns[$0].title, widths[$0]) }
        var lines = [Table.line(titles)]
        var rule = widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "+")
        rule = "-" + rule + "-"
        lines.append(rule)
        for row in cells {
            lines.append(Table.line(zip(row, widths).map { $0.padded(to: $1) }))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ cells: [String]) -> String {
        "  " + cells.joined(separator: " | ") + "  "
    }

    /// The lines that a row takes when its long cells are broken.
    private static func wrap(_ row: [Cell]) -> [[Cell]] {
        let columns = row.map { $0.wrapped() }
        let height = columns.map { $0.count }.max() ?? 1
        return (0..<height).map { line in
            columns.map { line < $0.count ? $0[line] : Cell("") }
        }
    }
}

/// Names and values of one thing: printed in a box, as a JSON object or as a YAML mapping.
struct Box: Printable {
    var fields: [(column: Column, value: JSON)]

    init(_ fields: [(Column, JSON)]) {
        self.fields = fields.map { (column: $0.0, value: $0.1) }
    }

    func text(_ format: OutputFormat) -> String {
        switch format {
        case .human: human
        case .json: object.text(pretty: true) + "\n"
        case .yaml: YAML.text(object)
        }
    }

    private var object: JSON {
        .object(fields.map { JSON.Member($0.column.key, $0.value) })
    }

    private var human: String {
        let values = fields.map { Cell($0.value).text }
        let left = fields.map { $0.column.title.count }.max() ?? 0
        let right = values.map { $0.count }.max() ?? 0
        let rule = "+" + String(repeating: "-", count: left + 2) + "+" + String(repeating: "-", count: right + 2) + "+"
        var lines = [rule]
        for (field, value) in zip(fields, values) {
            lines.append("| \(Cell.fill(field.column.title, left)) | \(Cell.fill(value, right)) |")
        }
        lines.append(rule)
        return lines.joined(separator: "\n") + "\n"
    }
}

/// One value as people read it.
private struct Cell {
    let text: String
    let isNumber: Bool

    init(_ value: JSON) {
        switch value {
        case .null: text = ""
        case .string(let string): text = string.replacing("\n", with: " ")
        case .array(let elements):
            text = "[" + elements.map { Cell($0).text }.joined(separator: " ") + "]"
        default: text = value.text()
        }
        isNumber = value.int != nil
    }

    /// Longer cells are broken after spaces and commas.
    private static let longest = 60

    private init(text: String, isNumber: Bool) {
        self.text = text
        self.isNumber = isNumber
    }

    func wrapped() -> [Cell] {
        guard text.count > Cell.longest else {
            return [self]
        }
        var lines = [""]
        var word = ""
        func place() {
            if !lines[lines.count - 1].isEmpty, lines[lines.count - 1].count + word.count > Cell.longest {
                lines.append("")
            }
            lines[lines.count - 1] += word
            word = ""
        }
        for character in text {
            word.append(character)
            if character == " " || character == "," {
                place()
            }
        }
        place()
        return lines.map { Cell(text: $0, isNumber: false) }
    }

    func padded(to width: Int) -> String {
        isNumber ? String(repeating: " ", count: width - text.count) + text : Cell.fill(text, width)
    }

    static func fill(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    static func centre(_ text: String, _ width: Int) -> String {
        let left = (width - text.count) / 2
        return String(repeating: " ", count: left) + fill(text, width - left)
    }
}
