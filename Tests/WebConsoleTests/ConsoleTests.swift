import KafkaProtocol
import Testing
import WebConsole

/// What browsers get, and what programs do not.
struct ConsoleTests {
    private let console = ConsolePages()
    private static let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    private func get(
        _ path: String, accept: String? = browser, encoding: String? = nil, ifNoneMatch: String? = nil
    ) -> ConsoleAnswer? {
        console.answer(
            to: ConsoleRequest(
                path: path.split(separator: "/").map(String.init), accept: accept, acceptEncoding: encoding,
                ifNoneMatch: ifNoneMatch))
    }

    private func header(_ name: String, _ answer: ConsoleAnswer) -> String? {
        let values = answer.headers.filter { $0.name == name }.map(\.value)
        return values.count == 1 ? values[0] : nil
    }

    @Test(
        "a browser gets the page at every address of the console",
        arguments: [
            "/", "/home", "/login", "/environments", "/environments/env-1/clusters/lkc-1/topics/a/message-viewer",
            "/clusters/lkc-1",
        ])
    func index(_ path: String) throws {
        let answer = try #require(get(path))
        #expect(answer.status == 200)
        #expect(header("content-type", answer) == "text/html; charset=utf-8")
        #expect(header("cache-control", answer) == "no-cache")
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(text.contains(console.hash))
        #expect(!text.contains("{{hash}}"))
    }

    @Test("programs get what they got", arguments: ["*/*", "application/json", "text/plain", nil])
    func programs(_ accept: String?) {
        #expect(get("/", accept: accept) == nil)
        #expect(get("/environments", accept: accept) == nil)
    }

    @Test("addresses of the interfaces stay theirs", arguments: ["/healthz", "/kafka/v3/clusters", "/twinlog/v1/me"])
    func interfaces(_ path: String) {
        #expect(get(path) == nil)
    }

    @Test("a page that a browser has is not sent again")
    func notModified() throws {
        let page = try #require(get("/"))
        let tag = try #require(header("etag", page))
        for known in [tag, "\"other\", \(tag)", "*"] {
            let answer = try #require(get("/", ifNoneMatch: known))
            #expect(answer.status == 304)
            #expect(answer.body.isEmpty)
            #expect(header("etag", answer) == tag)
        }
        #expect(get("/", ifNoneMatch: "\"other\"")?.status == 200)
    }

    @Test("a file is kept for ever under the address that names its content")
    func files() throws {
        for file in EmbeddedFile.all where file.path != "index.html" {
            let answer = try #require(get("/console/\(console.hash)/\(file.path)", accept: "*/*"))
            #expect(answer.status == 200)
            #expect(header("content-type", answer) == file.contentType)
            #expect(header("cache-control", answer) == "public, max-age=31536000, immutable")
            #expect(header("vary", answer) == "Accept-Encoding")
            #expect(answer.body == file.withBytes { Array($0) })
        }
    }

    @Test("an address of another build, or of no file, has nothing")
    func stale() {
        let folder = "/console/\(console.hash)"
        for path in ["/console", folder, "/console/0123/app.js", "\(folder)/none.js"] {
            #expect(get(path) == nil)
        }
        #expect(get("\(folder)/../index.html") == nil)
    }

    @Test("files are compressed for those that take it, and are the same then")
    func compression() throws {
        for file in EmbeddedFile.all {
            let path = file.path == "index.html" ? "/" : "/console/\(console.hash)/\(file.path)"
            let plain = try #require(get(path))
            #expect(header("content-encoding", plain) == nil)
            for _ in 0..<2 {
                let answer = try #require(get(path, encoding: "br, gzip;q=0.5"))
                if header("content-encoding", answer) == "gzip" {
                    #expect(answer.body.count < plain.body.count)
                    let restored = try answer.body.withUnsafeBytes { try Compression.gzip.decompress($0) }
                    #expect(restored == plain.body)
                } else {
                    #expect(answer.body == plain.body)
                }
            }
            let refused = try #require(get(path, encoding: "gzip;q=0, br"))
            #expect(header("content-encoding", refused) == nil)
        }
    }

    @Test("every file says what the page may load, and that nobody may frame it")
    func security() throws {
        var answers = [try #require(get("/")), try #require(get("/", ifNoneMatch: "*"))]
        answers += EmbeddedFile.all.compactMap { get("/console/\(console.hash)/\($0.path)") }
        for answer in answers {
            let policy = try #require(header("content-security-policy", answer))
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';"))
            #expect(policy.hasSuffix("base-uri 'none'; frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe"))
            #expect(header("x-content-type-options", answer) == "nosniff")
            #expect(header("referrer-policy", answer) == "no-referrer")
            #expect(header("cross-origin-opener-policy", answer) == "same-origin")
        }
    }
}
