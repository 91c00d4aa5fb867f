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
    /// Programs, and people who look at one thing, see it only when there is something to see.
    let isOptional: Bool

    init(_ title: String, key: String? = nil, marks: Bool = false, optional: Bool = false) {
        self.title = title
        self.marks = marks
        isOptional = optional
        self.key = key ?? Column.snakeCase(title)
    }

    func shows(_ value: JSON) -> Bool {
        !isOptional || (value != .null && value != "" && value != false && value != 0 && value != [])
    }

    /// `Status Time (ms)` → `status_time_ms`.
    static func snakeCase(_ title: String) -> String {
        let words = title.lowercased().map { $0.isLetter || $0.isNumber ? $0 : " " }
        return String(words).split(separator: " ").joined(separator: "_")
    }
}

/// What `-o` applies to.
protocol Printable {
    /// - Parameters:
    ///   - width: columns that people have.
    ///   - isSearched: other programs look for names in what people read, so that names are never broken.
    func text(_ format: OutputFormat, width: Int, isSearched: Bool) -> String
}

extension Printable {
    /// As wide as the narrowest terminal that we reckon with.
    func text(_ format: OutputFormat) -> String {
        text(format, width: 80)
    }

    func text(_ format: OutputFormat, width: Int) -> String {
        text(format, width: width, isSearched: true)
    }
}

/// Rows under columns: printed as a table, as a JSON list or as a YAML list.
struct Table: Printable {
    private(set) var columns: [Column]
    var rows: [[JSON]]
    /// What people read when there are no rows.
    var whenEmpty = "None found."
    private var breaks = Cell.Breaks.words

    init(_ columns: [Column], rows: [[JSON]] = [], whenEmpty: String = "None found.") {
        self.columns = columns
        self.rows = rows
        self.whenEmpty = whenEmpty
    }

    func text(_ format: OutputFormat, width: Int, isSearched: Bool) -> String {
        switch format {
        case .human: rows.isEmpty ? whenEmpty + "\n" : human(width, isSearched)
        case .json: JSON.array(objects).text(pretty: true) + "\n"
        case .yaml: YAML.text(.array(objects))
        }
    }

    /// The rows as programs read them.
    var objects: [JSON] {
        rows.map { row in
            .object(zip(columns, row).filter { $0.shows($1) }.map { JSON.Member($0.key, $1) })
        }
    }

    /// All columns beside each other where they fit. Otherwise those that are optional and empty go, and of what all
    /// rows share as much is said once, above, as lets the rest fit. Where even that is too wide, a terminal gets names
    /// broken inside their column, since it would break them anyway, in the middle of others.
    private func human(_ width: Int, _ isSearched: Bool) -> String {
        guard !fits(width) else {
            return grid(width)
        }
        let filled = columns.indices.filter { index in
            !columns[index].isOptional || rows.contains { columns[index].shows($0[index]) }
        }
        let shared = filled.filter { index in rows.allSatisfy { $0[index] == rows[0][index] } }
        for table in isSearched ? [self] : [self, breakingNames()] {
            for count in 0...shared.count {
                let moved = shared[..<count]
                let rest = table.only(filled.filter { !moved.contains($0) })
                guard !rest.columns.isEmpty, rest.fits(width) else {
                    continue
                }
                let box = Box(moved.map { (columns[$0], rows[0][$0]) })
                return (moved.isEmpty ? "" : box.text(.human, width: width)) + rest.grid(width)
            }
        }
        return only(filled).grid(width)
    }

    private func breakingNames() -> Table {
        var table = self
        table.breaks = .names
        return table
    }

    private func only(_ kept: [Int]) -> Table {
        var table = self
        table.columns = kept.map { columns[$0] }
        table.rows = rows.map { row in kept.map { row[$0] } }
        return table
    }

    private func fits(_ width: Int) -> Bool {
        let titles = columns.map { Cell(title: $0.title).breaking(breaks) }
        return narrowest([titles] + rows.map { cells($0) }).reduce(0, +) <= room(width)
    }

    private func cells(_ row: [JSON]) -> [Cell] {
        zip(columns, row).map { Cell($0.marks ? .string($1.bool == true ? "*" : "") : $1).breaking(breaks) }
    }

    private func narrowest(_ cells: [[Cell]]) -> [Int] {
        columns.indices.map { index in cells.map { $0[index].narrowest }.max() ?? 0 }
    }

    /// Columns of the terminal for what cells hold.
    private func room(_ width: Int) -> Int {
        width - 4 - 3 * (columns.count - 1)
    }

    /// Titles centred over a rule, numbers to the right, the rest to the left.
    private func grid(_ width: Int) -> String {
        let titles = columns.map { Cell(title: $0.title).breaking(breaks) }
        let cells = rows.map { self.cells($0) }
        let limits = limits([titles] + cells, width)
        let head = Table.wrap(titles, limits)
        let body = cells.flatMap { Table.wrap($0, limits) }
        let widths = columns.indices.map { index in
            (head + body).map { $0[index].width }.max() ?? 0
        }
        var lines = head.map { row in Table.line(zip(row, widths).map { Cell.centre($0.text, $1) }) }
        lines.append("-" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "+") + "-")
        lines += body.map { row in Table.line(zip(row, widths).map { $0.padded(to: $1) }) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// How wide each column may be: as wide as it likes when there is room, otherwise the widest give way as far as
    /// their words allow; all as they like when even that is too wide.
    private func limits(_ cells: [[Cell]], _ width: Int) -> [Int] {
        let narrowest = narrowest(cells)
        let natural = columns.indices.map { index in
            max(cells[0][index].width, narrowest[index], min(Cell.longest, cells.map { $0[index].width }.max() ?? 0))
        }
        let room = room(width)
        guard natural.reduce(0, +) > room, narrowest.reduce(0, +) <= room else {
            return natural
        }
        var limits = natural
        while limits.reduce(0, +) > room {
            let candidates = limits.indices.filter { limits[$0] > narrowest[$0] }
            guard let widest = candidates.max(by: { (limits[$0], $1) < (limits[$1], $0) }) else {
                break
            }
            limits[widest] -= 1
        }
        return limits
    }

    private static func line(_ cells: [String]) -> String {
        "  " + cells.joined(separator: " | ") + "  "
    }

    /// The lines that a row takes when its long cells are broken.
    private static func wrap(_ row: [Cell], _ limits: [Int]) -> [[Cell]] {
        let columns = zip(row, limits).map { $0.wrapped($1) }
        let height = columns.map { $0.count }.max() ?? 1
        return (0..<height).map { line in
            columns.map { line < $0.count ? $0[line] : .empty }
        }
    }
}

/// Names and values of one thing: printed in a box, as a JSON object or as a YAML mapping.
struct Box: Printable {
    var fields: [(column: Column, value: JSON)]

    init(_ fields: [(Column, JSON)]) {
        self.fields = fields.filter { $0.0.shows($0.1) }.map { (column: $0.0, value: $0.1) }
    }

    func text(_ format: OutputFormat, width: Int, isSearched: Bool) -> String {
        switch format {
        case .human: human(width)
        case .json: object.text(pretty: true) + "\n"
        case .yaml: YAML.text(object)
        }
    }

    var object: JSON {
        .object(fields.map { JSON.Member($0.column.key, $0.value) })
    }

    private func human(_ width: Int) -> String {
        let titles = fields.map { Cell(title: $0.column.title) }
        let cells = fields.map { Cell($0.value) }
        let left = titles.map { $0.width }.max() ?? 0
        let limit = max(width - left - 7, cells.map { $0.narrowest }.max() ?? 0)
        let values = cells.map { $0.wrapped(limit) }
        let right = values.joined().map { $0.width }.max() ?? 0
        let rule = "+" + String(repeating: "-", count: left + 2) + "+" + String(repeating: "-", count: right + 2) + "+"
        var lines = [rule]
        for (title, value) in zip(titles, values) {
            for (index, part) in value.enumerated() {
                lines.append("| \(Cell.fill(index == 0 ? title.text : "", left)) | \(Cell.fill(part.text, right)) |")
            }
        }
        lines.append(rule)
        return lines.joined(separator: "\n") + "\n"
    }
}
