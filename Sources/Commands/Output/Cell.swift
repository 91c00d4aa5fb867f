import RESTAPI

/// One value as people read it, broken into lines where it must be.
struct Cell {
    let text: String
    let isNumber: Bool
    private var breaks = Breaks.words

    /// Where a cell may be broken.
    enum Breaks {
        /// After spaces, commas and the `//` of addresses, so that names stay whole.
        case words
        /// After any punctuation, for terminals that names do not fit.
        case names
    }

    /// Nothing in a cell can act upon a terminal.
    init(_ value: JSON) {
        switch value {
        case .null: text = ""
        case .string(let string): text = TerminalText.escape(string.replacing("\n", with: " "))
        case .array(let elements):
            text = "[" + elements.map { Cell($0).text }.joined(separator: " ") + "]"
        default: text = TerminalText.escape(value.text())
        }
        isNumber = value.int != nil
    }

    func breaking(_ breaks: Breaks) -> Cell {
        var cell = self
        cell.breaks = breaks
        return cell
    }

    init(title: String) {
        text = title
        isNumber = false
    }

    private init(text: String, isNumber: Bool) {
        self.text = text
        self.isNumber = isNumber
    }

    static let empty = Cell(title: "")

    /// Longer cells are broken after spaces and commas, even where there is room.
    static let longest = 60

    var width: Int { DisplayWidth.of(text) }

    /// The narrowest that the cell can be made by breaking it.
    var narrowest: Int {
        words.map { DisplayWidth.of(Cell.trimmed($0)) }.max() ?? 0
    }

    private var words: [String] {
        var words = [""]
        var last: Character?
        for character in text {
            words[words.count - 1].append(character)
            let ends = character == " " || character == "," || (character == "/" && last == "/")
            if ends || (breaks == .names && ".-_:/".contains(character)) {
                words.append("")
            }
            last = character
        }
        return words
    }

    private static func trimmed(_ word: String) -> String {
        word.last == " " ? String(word.dropLast()) : word
    }

    /// - Parameter limit: columns of a line; a longer word stays whole.
    func wrapped(_ limit: Int) -> [Cell] {
        guard width > limit else {
            return [self]
        }
        var lines = [""]
        for word in words {
            let line = lines[lines.count - 1]
            if !line.isEmpty, DisplayWidth.of(line) + DisplayWidth.of(Cell.trimmed(word)) > limit {
                lines.append(word)
            } else {
                lines[lines.count - 1] += word
            }
        }
        return lines.map { Cell(text: Cell.trimmed($0), isNumber: false) }
    }

    func padded(to width: Int) -> String {
        isNumber ? String(repeating: " ", count: max(0, width - self.width)) + text : Cell.fill(text, width)
    }

    static func fill(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
    }

    static func centre(_ text: String, _ width: Int) -> String {
        let left = max(0, width - DisplayWidth.of(text)) / 2
        return String(repeating: " ", count: left) + fill(text, width - left)
    }
}
