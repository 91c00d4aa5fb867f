import Testing

@testable import ProtocolSchema

/// A small API in which each test changes one line.
private let sample = """
    // A comment.
    api Sample 7
      versions   2...5
      flexible   4...
      access     topic read, cluster alter
      errors     one two
      errors     three

    request {
      name       string?             nullable 3...  // whose it is
      timeoutMs  int32    = 60000    ...4
      items      [Item]              3... {
        id       uuid
        parts    [int16]
        score    float64  4...
      }
      more       [Item]?  = null     4...5
      limit      int64    = -1       5...  @0
    }
    response {
      errorCode  int16
    }
    """

/// Parses `sample` with one text replaced, which must be there.
private func parse(replacing old: String = "api", with new: String = "api") throws -> APIDefinition {
    try #require(sample.contains(old))
    return try parseAPI(file: "apis/sample.api", text: sample.replacing(old, with: new, maxReplacements: 1))
}

@Suite("Reading API files")
struct APIParserTests {
    @Test("the facts of an API are read")
    func facts() throws {
        let api = try parse()
        #expect(api.name == "Sample" && api.key == 7)
        #expect(api.versions == VersionRange(2, 5) && api.advertised == VersionRange(2, 5))
        #expect(api.flexibleFrom == 4)
        #expect(
            api.access == [
                AccessRule(resource: "topic", operation: "read"), AccessRule(resource: "cluster", operation: "alter"),
            ])
        #expect(api.errors == ["one", "two", "three"])
        #expect(api.request.name == "SampleRequest" && api.response.name == "SampleResponse")
    }

    @Test("the columns of a field are read in any number")
    func fields() throws {
        let request = try parse().request
        #expect(request.fields.map(\.name) == ["name", "timeoutMs", "items", "more", "limit"])
        let name = request.fields[0]
        #expect(name.type == .primitive(.string) && name.note == "whose it is" && name.line == 10)
        #expect(name.versions == VersionRange(2, 5) && name.nullableVersions == VersionRange(3, 5))
        #expect(request.fields[1].defaultValue == .integer(60000) && request.fields[1].versions == VersionRange(2, 4))
        #expect(request.fields[2].type == .array(.structure("Item")))
        #expect(request.fields[3].nullableVersions == VersionRange(4, 5) && request.fields[3].defaultValue == .null)
        #expect(request.fields[4].tag == 0 && request.fields[4].versions == VersionRange(5, 5))
        #expect(request.structures.map(\.name) == ["Item"])
        #expect(request.structures[0].fields.map(\.name) == ["id", "parts", "score"])
    }

    @Test("advertised versions may differ from served ones")
    func advertised() throws {
        let api = try parse(replacing: "  access ", with: "  advertised 0...5\n  access ")
        #expect(api.advertised == VersionRange(0, 5) && api.versions == VersionRange(2, 5))
    }

    @Test("an API without flexible versions says none")
    func inflexible() throws {
        let text = """
            api Plain 1
              versions 0...0
              flexible none
              access none
            request {
            }
            response {
            }
            """
        let api = try parseAPI(file: "p", text: text)
        #expect(api.flexibleFrom == nil && api.access.isEmpty && api.request.fields.isEmpty)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var old: String
        var new: String
        var line: Int
        var message: String
        var testDescription: String { message }
    }

    @Test(
        "a fault is reported with its line",
        arguments: [
            Fault(old: "api Sample 7", new: "api Sample", line: 2, message: "expected `api NAME KEY`"),
            Fault(old: "2...5", new: "2-5", line: 3, message: "`2-5` is not a range of versions"),
            Fault(old: "2...5", new: "5...2", line: 3, message: "`5...2` is not a range of versions"),
            Fault(
                old: "flexible   4...", new: "flexible   9...", line: 4, message: "`9...` is not a range of versions"),
            Fault(old: "topic read", new: "topic eat", line: 5, message: "`topic eat` is not `resource operation`"),
            Fault(old: "access ", new: "excess ", line: 5, message: "`excess` is not known here"),
            Fault(old: "request {", new: "question {", line: 9, message: "expected `request {`"),
            Fault(
                old: "name       string?", new: "Name       string?", line: 10, message: "`Name` is not a field name"),
            Fault(old: "name       string?", new: "name       text?", line: 10, message: "`text` is not a type"),
            Fault(old: "= 60000", new: "= soon", line: 11, message: "`soon` is not a default value"),
            Fault(old: "= 60000", new: "= 2147483648", line: 11, message: "default 2147483648 does not fit int32"),
            Fault(old: "= 60000", new: "= null", line: 11, message: "the default is null but the type is not nullable"),
            Fault(old: "= 60000", new: "= true", line: 11, message: "the default does not fit the type of timeoutMs"),
            Fault(old: "int32 ", new: "int32?", line: 11, message: "int32 cannot be null"),
            Fault(old: "...4\n", new: "...9\n", line: 11, message: "`...9` is not a range of versions"),
            Fault(old: "...4\n", new: "soon\n", line: 11, message: "`soon` is out of place"),
            Fault(
                old: "nullable 3...", new: "3... nullable 2...", line: 10,
                message: "field name may be null in versions that do not have it"),
            Fault(
                old: "[int16]\n", new: "[int16] {\n", line: 14,
                message: "only a struct or an array of structs has fields"),
            Fault(old: "[int16]", new: "[Part]", line: 14, message: "struct Part is not defined"),
            Fault(old: "[int16]", new: "[Item]", line: 14, message: "struct Item contains itself"),
            Fault(old: "parts ", new: "id ", line: 14, message: "field id stands twice"),
            Fault(old: "4...5\n", new: "4...5 {\n", line: 17, message: "struct Item is defined twice"),
            Fault(old: "5...  @0", new: "3...  @0", line: 18, message: "a tagged field needs flexible versions"),
            Fault(old: "4...5", new: "4...5 @0", line: 18, message: "tag 0 stands twice"),
            Fault(old: "@0", new: "@1", line: 10, message: "tags are not numbered from 0 without gaps"),
            Fault(
                old: "int64    = -1 ", new: "string?       ", line: 18,
                message: "a tagged field that may be null must state its default"),
        ])
    func faults(fault: Fault) {
        #expect(throws: SchemaError(file: "apis/sample.api", line: fault.line, message: fault.message)) {
            _ = try parse(replacing: fault.old, with: fault.new)
        }
    }

    @Test("a file that ends in the middle is refused where it ends")
    func unfinished() {
        let lines = sample.split(separator: "\n", omittingEmptySubsequences: false)
        for count in 1..<lines.count {
            let text = lines[..<count].joined(separator: "\n")
            #expect(throws: SchemaError.self) { _ = try parseAPI(file: "s", text: text) }
        }
    }

    @Test("nothing may follow the response")
    func trailing() {
        #expect(throws: SchemaError(file: "s", line: 24, message: "nothing may follow the response")) {
            _ = try parseAPI(file: "s", text: sample + "\n\nmore")
        }
    }
}
