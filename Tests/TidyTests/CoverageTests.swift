import Testing

/// What is served is defined, handled, tested, and tested from outside.
@Suite("Coverage")
struct CoverageTests {
    /// Names of the handlers in `HandlerList.all`, such as `FetchHandler`.
    static let handlers: [String] = {
        Repository.text(of: "Sources/ClusterCore/Handlers/HandlerList.swift")
            .matches(of: /ServedAPI\((\w+Handler)\.self\)/).map { String($0.1) }
    }()

    /// Handler name → the number in the name of the file that declares it.
    static let numbers: [String: String] = {
        var found: [String: String] = [:]
        for file in Repository.sources where file.path.hasPrefix("Sources/ClusterCore/Handlers/") {
            guard let match = file.path.firstMatch(of: /Handlers\/(\d{3})_\w+\.swift$/) else { continue }
            for line in file.code {
                if let name = line.firstMatch(of: /\benum (\w+Handler)\b/) { found[String(name.1)] = String(match.1) }
            }
        }
        return found
    }()

    static func hasFile(_ number: String, in folder: String, separator: String) -> Bool {
        Repository.entries(of: folder).contains { $0.hasPrefix(number + separator) }
    }

    @Test("the list of handlers is found")
    func handlersAreFound() {
        #expect(Self.handlers.count > 20)
        #expect(Set(Self.handlers).count == Self.handlers.count)
    }

    /// Handlers of the list without a file of their number in the folder.
    static func missing(in folder: String, separator: String) -> [String] {
        handlers.filter { handler in numbers[handler].map { !hasFile($0, in: folder, separator: separator) } ?? true }
    }

    @Test("every served API has a handler in a file of its number")
    func handlerFiles() {
        #expect(Self.handlers.filter { Self.numbers[$0] == nil } == [])
    }

    @Test("every handler is served")
    func everyHandlerIsServed() {
        #expect(Set(Self.numbers.keys).subtracting(Self.handlers) == [])
    }

    @Test("every served API is defined in Protocol/apis")
    func definitions() {
        #expect(Self.missing(in: "Protocol/apis", separator: "-") == [])
    }

    @Test("every served API has a test file of its number")
    func testFiles() {
        #expect(Self.missing(in: "Tests/ClusterCoreTests", separator: "_") == [])
    }

    @Test("every test has a sentence for a name")
    func testsAreSentences() {
        var wrong: [String] = []
        for file in Repository.tests where file.module != "TidyTests" {
            for (index, line) in file.code.enumerated() where line.contains(/@Test\b(?!\()/) {
                wrong.append("\(file.path):\(index + 1)")
            }
            for (index, line) in file.lines.enumerated()
            where file.code[index].contains("@Test(") && !line.contains(/@Test\(("|#"|$)/) {
                wrong.append("\(file.path):\(index + 1)")
            }
        }
        #expect(wrong == [])
    }

    @Test("every conformance test says in a sentence what holds")
    func conformanceTestsAreSentences() {
        var wrong: [String] = []
        for path in Repository.files(below: "Tests/Conformance", withExtension: "py") where path.contains("/test_") {
            let lines = Repository.text(of: path).split(separator: "\n", omittingEmptySubsequences: false)
            for index in lines.indices where lines[index].hasPrefix("def test_") {
                let body = lines[index...].drop { !$0.hasSuffix(":") }.dropFirst().first ?? ""
                if !body.contains("\"\"\"") { wrong.append("\(path):\(index + 1)") }
            }
        }
        #expect(wrong == [])
    }
}
