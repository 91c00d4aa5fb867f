import Testing
import WebConsole

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The program holds the files that the repository holds.
struct EmbeddedFileTests {
    private static let pages: String = {
        var path = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        path.removeLast(3)
        return path.joined(separator: "/") + "/Sources/WebConsole/Pages"
    }()

    private static func names(below folder: String, _ prefix: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).flatMap { name -> [String] in
            guard !name.hasPrefix(".") else {
                return []
            }
            let path = "\(folder)/\(name)"
            let isFolder = (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil
            return isFolder ? try names(below: path, "\(prefix)\(name)/") : [prefix + name]
        }
    }

    @Test("every file below Pages is in the program, and nothing else: otherwise run Scripts/console-files")
    func list() throws {
        let present = try Self.names(below: Self.pages)
        #expect(Set(EmbeddedFile.all.map(\.path)) == Set(present))
        #expect(EmbeddedFile.all.count == present.count)
        #expect(present.contains("index.html"))
    }

    @Test("a file in the program has the bytes of the one on disk")
    func contents() throws {
        for file in EmbeddedFile.all {
            let stored = try Data(contentsOf: URL(filePath: "\(Self.pages)/\(file.path)"))
            // Not as arrays: they would be printed.
            let isSame = file.withBytes { $0.elementsEqual(stored) }
            #expect(isSame, "\(file.path): build again")
        }
    }

    @Test("browsers are told what every file is")
    func types() {
        #expect(EmbeddedFile.all.filter { $0.contentType == nil }.map(\.path) == [])
    }

    @Test("no page has scripts, styles or handlers in its HTML, which the policy would keep from working")
    func inlineCode() {
        for file in EmbeddedFile.all where file.path.hasSuffix(".html") {
            let text = file.withBytes { String(decoding: $0, as: UTF8.self) }.lowercased()
            #expect(!text.contains(" style="), "\(file.path)")
            #expect(!text.contains("<style"), "\(file.path)")
            #expect(!text.contains(" onclick="), "\(file.path)")
            for script in text.split(separator: "<script", omittingEmptySubsequences: false).dropFirst() {
                #expect(script.prefix { $0 != ">" }.contains("src="), "\(file.path)")
            }
        }
    }

    @Test("nothing is loaded from another host")
    func ownHostOnly() {
        for file in EmbeddedFile.all {
            let text = file.withBytes { String(decoding: $0, as: UTF8.self) }
            for mark in ["src=\"http", "href=\"//", "src=\"//", "url(http", "from \"http", "import(\"http"] {
                #expect(!text.contains(mark), "\(file.path): \(mark)")
            }
        }
    }
}
