import Testing

/// What goes wrong is told to people, in a line of the log or to a client: in words, or by the name that Kafka has for
/// it. A type that says nothing of itself shows the names of its Swift cases there.
@Suite("Errors in words")
struct ErrorNameTests {
    /// Declarations of errors, and of what is named as if it were one, that do not say how they are printed.
    private static func findings(in file: SourceFile) -> [String] {
        let declaration = /\b(?:enum|struct) (?<name>[A-Za-z0-9]+)\s*:\s*(?<types>[A-Za-z0-9, ]+) \{(?<end>\}?)/
        return file.code.compactMap { line in
            guard let found = line.firstMatch(of: declaration), found.end.isEmpty else {
                return nil
            }
            let types = found.types.split(separator: ",").map { $0.filter { $0 != " " } }
            let isError = types.contains("Error") || ["Error", "Failure", "Fault"].contains { found.name.hasSuffix($0) }
            guard isError, !types.contains("CustomStringConvertible") else {
                return nil
            }
            return "\(file.path): \(found.name)"
        }
    }

    /// A part of another value that is never printed by itself, or a script for tests.
    private static let parts: Set = [
        "Sources/LogStorage/LogTypes.swift: RecordError", "Sources/LogStorage/FaultyFileSystem.swift: Fault",
    ]

    @Test("every error describes itself")
    func areDescribed() {
        let files = Repository.sources.filter { !$0.isGenerated }
        #expect(files.count > 100)
        let found = files.flatMap(Self.findings).filter { !Self.parts.contains($0) }
        #expect(found == [], "conform to CustomStringConvertible, with Kafka's name where it has one")
    }

    @Test(
        "one of an earlier version would be seen",
        arguments: [
            "package enum RecordBatchError: Error, Equatable, Sendable {",
            "package enum MirrorError: Int8, Sendable, CaseIterable {", "    struct Problem: Error {",
        ])
    func seesErrors(line: String) {
        #expect(Self.findings(in: SourceFile(path: "Sources/ClusterCore/A.swift", text: line)).count == 1)
    }

    @Test(
        "one without content, one that is described and other types are let through",
        arguments: [
            "private struct BrokenRequest: Error {}", "struct CLIError: Error, CustomStringConvertible {",
            "enum Codec: Int8, Sendable {", "enum Failure {",
        ])
    func letsThrough(line: String) {
        #expect(Self.findings(in: SourceFile(path: "Sources/ClusterCore/A.swift", text: line)) == [])
    }
}
