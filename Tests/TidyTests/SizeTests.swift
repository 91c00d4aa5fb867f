import Testing

/// Sizes beyond which a reader loses the thread. Generated files are excepted.
@Suite("Sizes")
struct SizeTests {
    static let files = (Repository.sources + Repository.tests).filter { !$0.isGenerated }

    @Test("no line is longer than 120 characters")
    func lineLength() {
        var wrong: [String] = []
        for file in Self.files {
            for (index, line) in file.lines.enumerated() where line.count > 120 {
                wrong.append("\(file.path):\(index + 1): \(line.count) characters")
            }
        }
        #expect(wrong == [])
    }

    @Test("no file is longer than 500 lines")
    func fileLength() {
        let wrong = Self.files.filter { $0.lines.count > 501 }.map { "\($0.path): \($0.lines.count - 1) lines" }
        #expect(wrong == [])
    }

    @Test("no function is longer than 70 lines")
    func functionLength() {
        let wrong = Self.files.flatMap { file in
            Functions.lengths(in: file).filter { $0.lines > 70 }
                .map { "\(file.path):\($0.start): \($0.name) has \($0.lines) lines" }
        }
        #expect(wrong == [])
    }

    @Test("indentation is by spaces, and no line ends with one")
    func whitespace() {
        var wrong: [String] = []
        for file in Self.files {
            for (index, line) in file.lines.enumerated() where line.contains("\t") || line.hasSuffix(" ") {
                wrong.append("\(file.path):\(index + 1)")
            }
        }
        #expect(wrong == [])
    }

    @Test("the length of a function is counted from its first line to its closing brace")
    func functionLengths() {
        let text = """
            protocol P {
                func none() -> Int
                init(x: Int)
            }
            struct S {
                func one() { }
                func three(
                    a: Int
                ) -> [() -> Void] where A: B {
                    if a { b() }
                }
                init() {
                }
            }
            """
        let found = Functions.lengths(in: SourceFile(path: "Sources/X/y.swift", text: text))
        #expect(found.map(\.lines) == [1, 5, 2])
        #expect(found.map(\.start) == [6, 7, 12])
    }
}

/// Finds the functions and initialisers of a file that have a body.
enum Functions {
    struct Found {
        let name: String
        let start: Int
        let lines: Int
    }

    static func lengths(in file: SourceFile) -> [Found] {
        let text = Array(file.code.joined(separator: "\n").utf8)
        let newline = UInt8(ascii: "\n")
        var found: [Found] = []
        var line = 1
        for index in text.indices {
            if text[index] == newline { line += 1 }
            guard let name = declaration(text, at: index), let body = bodyStart(text, after: index + name.count),
                let end = matchingBrace(text, from: body)
            else { continue }
            let inside = text[index...end].count { $0 == newline }
            found.append(Found(name: name, start: line, lines: inside + 1))
        }
        return found
    }

    /// `func name` or `init` if a declaration begins at this byte.
    private static func declaration(_ text: [UInt8], at index: Int) -> String? {
        if index > 0, !isBlank(text[index - 1]) { return nil }
        if text[index...].starts(with: "func ".utf8) {
            let ends = [UInt8(ascii: "("), UInt8(ascii: "<")]
            let name = text[(index + 5)...].prefix { !isBlank($0) && !ends.contains($0) }
            return "func " + String(decoding: name, as: UTF8.self)
        }
        for form in ["init(", "init?(", "init<"] where text[index...].starts(with: form.utf8) { return "init" }
        return nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") }

    /// The opening brace of the body, or nil for a requirement of a protocol.
    private static func bodyStart(_ text: [UInt8], after start: Int) -> Int? {
        var depth = 0
        var index = start
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "{") where depth == 0: return index
            case UInt8(ascii: "}") where depth == 0: return nil
            case UInt8(ascii: "\n") where depth == 0:
                let rest = text[index...].drop(while: isBlank)
                let goesOn = ["{", "->", "throws", "rethrows", "async", "where"]
                if !goesOn.contains(where: { rest.starts(with: $0.utf8) }) { return nil }
            default: break
            }
            index += 1
        }
        return nil
    }

    private static func matchingBrace(_ text: [UInt8], from start: Int) -> Int? {
        var depth = 0
        for index in start..<text.count {
            if text[index] == UInt8(ascii: "{") { depth += 1 }
            if text[index] == UInt8(ascii: "}") { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }
}
