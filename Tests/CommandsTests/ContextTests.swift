import RESTAPI
import Testing

@testable import Commands

struct ContextTests {
    @Test("what is stored comes back as it was")
    func roundTrip() throws {
        var context = Context(email: "a@b", password: "p", token: "t", environment: "env-1")
        context.clusters = ["env-1": "lkc-1"]
        context.store(KeyPair(key: "K", secret: "S"), for: "lkc-1", activate: true)
        context.store(KeyPair(key: "L", secret: "\"\\\n"), for: "lkc-1", activate: false)
        let all = Contexts(current: "http://h:1", servers: ["http://h:1": context, "http://h:2": Context()])
        #expect(Contexts(try JSON.parse(all.json.text(pretty: true))) == all)
    }

    @Test("a file of a stranger's making is read as far as it makes sense")
    func foreign() throws {
        let contexts = Contexts(
            try JSON.parse(#"{"servers": {"s": {"clusters": {"e": 1}, "api_keys": []}}, "current_server": 7}"#))
        #expect(contexts == Contexts(current: nil, servers: ["s": Context()]))
    }

    @Test("a file of a newer version is refused by name; one without a version is read")
    func versions() throws {
        #expect(try Contexts.read(JSON.parse(#"{"current_server": "s"}"#), "f").current == "s")
        #expect(throws: CLIError.self) { try Contexts.read(JSON.parse(#"{"version": 2}"#), "f") }
    }

    @Test("the key in use wins; without one, the only key is used and of several none")
    func choosingKeys() {
        var context = Context()
        #expect(context.key(for: "c") == nil)
        context.store(KeyPair(key: "A", secret: "1"), for: "c", activate: false)
        #expect(context.key(for: "c") == KeyPair(key: "A", secret: "1"))
        context.store(KeyPair(key: "B", secret: "2"), for: "c", activate: false)
        #expect(context.key(for: "c") == nil)
        context.store(KeyPair(key: "C", secret: "3"), for: "c", activate: true)
        #expect(context.key(for: "c") == KeyPair(key: "C", secret: "3"))
        #expect(context.key(for: "other") == nil)
    }

    @Test("what is deleted is forgotten with everything that hangs on it")
    func forgetting() {
        var context = Context(environment: "env-1")
        context.clusters = ["env-1": "c", "env-2": "d"]
        context.store(KeyPair(key: "A", secret: "1"), for: "c", activate: true)
        context.store(KeyPair(key: "B", secret: "2"), for: "d", activate: true)
        context.forget(key: "A")
        #expect(Array(context.keys.keys) == ["d"])
        context.forget(cluster: "d")
        #expect(context.keys.isEmpty)
        #expect(context.clusters == ["env-1": "c"])
        context.forget(environment: "env-1")
        #expect(context == Context())
    }
}

struct RESTClientTests {
    @Test(
        "refusals are understood in the forms of all four APIs",
        arguments: [
            (#"{"error_code": 40403, "message": "m"}"#, 40403), (#"{"error": {"code": 409, "message": "m"}}"#, 409),
            (#"{"errors": [{"status": "400", "code": "17", "detail": "m"}]}"#, 17),
            (#"{"errors": [{"title": "m"}]}"#, 400),
        ])
    func failures(_ body: String, _ code: Int) throws {
        let failure = RESTFailure(status: 400, body: try JSON.parse(body))
        #expect(failure.code == code)
        #expect(failure.message == "m")
        #expect("\(failure)" == "REST request failed: m")
    }

    @Test("a refusal without words names its status, one for want of a log-in says what to do, none has two lines")
    func otherFailures() {
        #expect(RESTFailure(status: 502, body: .null).message == "HTTP status 502")
        let unauthorized = RESTFailure(status: 401, body: ["error_code": 401, "message": "Log in first"])
        #expect("\(unauthorized)" == "Log in first: run \"twinlog login\"")
        let long = RESTFailure(status: 400, body: ["error_code": 400, "message": "a\nb"])
        #expect("\(long)" == "REST request failed: a b")
    }

    @Test(
        "the next page is asked from the same server",
        arguments: [
            ("http://h:1/a/b?page_token=x", "", "/a/b?page_token=x"), ("/a?b", "", "/a?b"), ("", "", nil),
            ("http://evil", "", nil), ("http://h:1/pre/a?b", "/pre", "/a?b"), ("a?b", "", nil),
        ] as [(String, String, String?)])
    func nextPage(_ url: String, _ prefix: String, _ expected: String?) {
        #expect(RESTClient.target(ofURL: url, below: prefix) == expected)
    }
}

struct FailureTests {
    @Test("a wrong command line is reduced to what is wrong and where to read more")
    func line() {
        let parsed = """
            Error: Missing expected argument '--link <link>'
            Help:  --link <link>  Name of the cluster link.
            Usage: twinlog kafka mirror create <topic> --link <link>
              See 'twinlog kafka mirror create --help' for more information.
            """
        #expect(
            Failure.line(parsed)
                == "Error: Missing expected argument '--link <link>'. See \"twinlog kafka mirror create --help\".")
        #expect(Failure.line("Error: nothing more") == "Error: nothing more")
        #expect(Failure.line("") == "")
    }

    @Test("every command line that lacks something fails in the parser", arguments: ["kafka mirror create t", "x"])
    func parser(_ text: String) {
        #expect(throws: (any Error).self) {
            try TwinlogCommand.parseAsRoot(text.split(separator: " ").map(String.init))
        }
    }
}
