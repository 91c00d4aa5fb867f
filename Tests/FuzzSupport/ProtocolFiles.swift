import Foundation

/// The files below `Protocol/`.
package enum ProtocolFiles {
    /// - Parameter root: the repository.
    package static func read(_ root: URL) throws -> [(path: String, text: String)] {
        let base = root.appending(path: "Protocol")
        return try FileManager.default.subpathsOfDirectory(atPath: base.path).sorted()
            .filter { $0.hasSuffix(".api") || $0.hasSuffix(".record") || $0.hasSuffix(".table") }
            .map { ($0, try String(contentsOf: base.appending(path: $0), encoding: .utf8)) }
    }
}
