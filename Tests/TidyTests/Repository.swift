import Foundation

/// The checked-out repository, as text.
enum Repository {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file below Sources.
    static let sources = files(below: "Sources", withExtension: "swift").map(SourceFile.init)

    /// Every Swift file below Tests.
    static let tests = files(below: "Tests", withExtension: "swift").map(SourceFile.init)

    /// Relative paths of the regular files below `folder` whose name ends with the extension, sorted.
    static func files(below folder: String, withExtension ending: String) -> [String] {
        let base = root.appending(path: folder)
        guard let walk = FileManager.default.enumerator(atPath: base.path) else { return [] }
        var found: [String] = []
        for case let path as String in walk where path.hasSuffix("." + ending) && !path.contains(".build/") {
            found.append(folder + "/" + path)
        }
        return found.sorted()
    }

    /// Names of the entries of `folder`, sorted.
    static func entries(of folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)) ?? []).sorted()
    }

    static func text(of path: String) -> String {
        (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    }
}

/// One Swift file, with and without its comments and string literals.
struct SourceFile: Sendable {
    /// Relative to the repository's root.
    let path: String
    let lines: [Substring]
    /// The same lines with comments and the contents of string literals replaced by spaces.
    let code: [Substring]

    /// The folder below Sources or Tests: the module's name.
    var module: String { String(path.split(separator: "/")[1]) }
    var isGenerated: Bool { path.contains("/Generated/") }

    init(path: String) {
        self.init(path: path, text: Repository.text(of: path))
    }

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        code = CodeOnly.strip(text).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// Modules that the file imports, whatever stands before and behind the word.
    var imports: [String] {
        let access: Set<Substring> = ["package", "internal", "private", "public"]
        return code.compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
                words[..<index].allSatisfy({ $0.hasPrefix("@") || access.contains($0) })
            else { return nil }
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "typealias"]
            let name = kinds.contains(words[index + 1]) ? words[index + 2] : words[index + 1]
            return name.split(separator: ".").first.map(String.init)
        }
    }

    /// `path:line: what` of every line of code in which the pattern occurs.
    func occurrences(of pattern: Regex<AnyRegexOutput>, _ what: String) -> [String] {
        code.enumerated().compactMap { index, line in
            line.contains(pattern) ? "\(path):\(index + 1): \(what)" : nil
        }
    }
}

/// Blanks comments and string literals; keeps the line structure.
enum CodeOnly {
    private enum Place {
        case code
        case lineComment
        case blockComment(depth: Int)
        case string(delimiter: [UInt8], pounds: Int)
    }

    static func strip(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var place = Place.code
        var index = 0
        func starts(_ token: String, at position: Int) -> Bool { bytes[position...].starts(with: token.utf8) }
        while index < bytes.count {
            let byte = bytes[index]
            var width = 1
            var keeps = false
            switch place {
            case .code:
                if starts("//", at: index) {
                    place = .lineComment
                } else if starts("/*", at: index) {
                    (place, width) = (.blockComment(depth: 1), 2)
                } else if let opening = opening(of: bytes, at: index) {
                    (place, width) = (.string(delimiter: opening.delimiter, pounds: opening.pounds), opening.width)
                } else {
                    keeps = true
                }
            case .lineComment:
                if byte == UInt8(ascii: "\n") { place = .code }
            case .blockComment(let depth):
                if starts("*/", at: index) {
                    (place, width) = (depth == 1 ? .code : .blockComment(depth: depth - 1), 2)
                } else if starts("/*", at: index) {
                    (place, width) = (.blockComment(depth: depth + 1), 2)
                }
            case .string(let delimiter, let pounds):
                if byte == UInt8(ascii: "\\"), pounds == 0 {
                    width = 2
                } else if bytes[index...].starts(with: delimiter) {
                    (place, width) = (.code, delimiter.count)
                }
            }
            for byte in bytes[index..<min(index + width, bytes.count)] {
                output.append(keeps || byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
            }
            index += width
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The string literal that begins here, if one does: its closing delimiter, raw-string pounds, opening width.
    private static func opening(of bytes: [UInt8], at index: Int) -> (delimiter: [UInt8], pounds: Int, width: Int)? {
        let pound = UInt8(ascii: "#")
        let quote = UInt8(ascii: "\"")
        let pounds = bytes[index...].prefix { $0 == pound }.count
        let rest = bytes[(index + pounds)...]
        guard rest.first == quote else { return nil }
        let quotes = rest.starts(with: [quote, quote, quote]) ? 3 : 1
        let closing = Array(repeating: quote, count: quotes) + Array(repeating: pound, count: pounds)
        return (closing, pounds, pounds + quotes)
    }
}
