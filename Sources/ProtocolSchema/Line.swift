/// One line of a schema file, cut into words.
struct Line {
    var number: Int
    var words: [String]
    var note: String

    /// Cuts `text` into lines; empty ones and those that hold only a comment are left out.
    static func lines(of text: String) -> [Line] {
        var result: [Line] = []
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = Line(number: index + 1, raw: raw)
            if !line.words.isEmpty { result.append(line) }
        }
        return result
    }

    private init(number: Int, raw: Substring) {
        self.number = number
        var code = raw
        var comment: Substring = ""
        if raw.hasPrefix("//") {
            code = ""
        } else if let start = Self.commentStart(in: raw) {
            code = raw[..<start]
            comment = raw[raw.index(start, offsetBy: 2)...]
        }
        words = code.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" }).map(String.init)
        note = Self.trimmed(comment)
    }

    /// `//` counts only after a blank, so that a URL may be a value.
    private static func commentStart(in text: Substring) -> Substring.Index? {
        var previous: Character = " "
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            if previous == " ", text[index] == "/", next < text.endIndex, text[next] == "/" { return index }
            previous = text[index]
            index = next
        }
        return nil
    }

    static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " || text.last == "\r" { text.removeLast() }
        return String(text)
    }
}

/// Turns names of the protocol into Swift's.
enum Naming {
    /// `InitProducerId` becomes `initProducerID`.
    static func camel(_ name: String) -> String {
        withID(name.prefix(1).lowercased() + name.dropFirst())
    }

    /// `UNKNOWN_TOPIC_ID` becomes `unknownTopicID`.
    static func constant(_ name: String) -> String {
        let words = name.lowercased().split(separator: "_")
        return words.dropFirst().reduce(words.first.map(String.init) ?? "") {
            $0 + ($1 == "id" ? "ID" : $1.prefix(1).uppercased() + $1.dropFirst())
        }
    }

    /// Spells the word `Id` as `ID`, wherever it stands but at the start.
    private static func withID(_ name: String) -> String {
        let letters = Array(name)
        var result = letters
        for index in letters.indices.dropFirst() where letters[index] == "I" {
            guard index + 1 < letters.count, letters[index + 1] == "d" else { continue }
            var after = index + 2
            if after < letters.count, letters[after] == "s" { after += 1 }
            if after == letters.count || letters[after].isUppercase { result[index + 1] = "D" }
        }
        return String(result)
    }

    static let keywords: Set<String> = [
        "protocol", "default", "internal", "operator", "extension", "init", "self", "in", "is", "as", "for", "class",
    ]

    /// A name as it is declared and used after `self.`.
    static func identifier(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }
}
