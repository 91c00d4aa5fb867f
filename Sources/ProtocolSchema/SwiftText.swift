/// Swift source being written, line by line, with the indentation kept.
struct SwiftText {
    private(set) var text: String
    private var depth = 0

    init(header: String) {
        text = "// Generated from Protocol/\(header) by `make generate`. Do not edit.\n"
    }

    /// One line; an empty one stays empty.
    mutating func line(_ line: String = "") {
        if !line.isEmpty { text += String(repeating: "    ", count: depth) + line }
        text += "\n"
    }

    /// A block in braces.
    mutating func block(_ opening: String, _ body: (inout SwiftText) -> Void) {
        line(opening + " {")
        depth += 1
        body(&self)
        depth -= 1
        line("}")
    }

    /// Lines one step further in.
    mutating func indented(_ body: (inout SwiftText) -> Void) {
        depth += 1
        body(&self)
        depth -= 1
    }

    /// A block only when there is a condition for it.
    mutating func block(if condition: String?, _ body: (inout SwiftText) -> Void) {
        if let condition { block("if \(condition)", body) } else { body(&self) }
    }

    /// The second part of `if … { } else { }`.
    mutating func alternative(
        _ condition: String, _ body: (inout SwiftText) -> Void, otherwise: (inout SwiftText) -> Void
    ) {
        line("if \(condition) {")
        depth += 1
        body(&self)
        depth -= 1
        line("} else {")
        depth += 1
        otherwise(&self)
        depth -= 1
        line("}")
    }
}
