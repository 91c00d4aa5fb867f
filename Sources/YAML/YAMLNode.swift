/// A piece of a YAML document, with the line (from 1 on) where it begins.
///
/// Scalars are texts: what `yes` or `8` mean is for whoever reads them to say.
package indirect enum YAMLNode: Equatable, Sendable {
    case scalar(String, line: Int)
    case sequence([YAMLNode], line: Int)
    /// In the order of the document; no key appears twice.
    case mapping([Entry], line: Int)

    package struct Entry: Equatable, Sendable {
        package var key: String
        package var value: YAMLNode
    }

    package var line: Int {
        switch self {
        case .scalar(_, let line), .sequence(_, let line), .mapping(_, let line): line
        }
    }

    package var text: String? {
        if case .scalar(let text, _) = self { text } else { nil }
    }
}

/// What a document has that cannot be read, and where: a line from 1 on.
package struct YAMLError: Error, Equatable, Sendable, CustomStringConvertible {
    package let line: Int
    package let problem: String

    package init(line: Int, _ problem: String) {
        self.line = line
        self.problem = problem
    }

    package var description: String { "line \(line): \(problem)" }
}
