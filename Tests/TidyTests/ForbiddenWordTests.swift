import Testing

/// Words whose mere presence breaks an invariant of the architecture.
@Suite("Forbidden words")
struct ForbiddenWordTests {
    struct Rule: Sendable {
        let what: String
        let pattern: String
    }

    static let printing = Rule(what: "printing", pattern: #"\b(print|debugPrint|dump|fputs|puts)\("#)

    /// A cluster is stepped by one thread and told the time: that makes it fast, and its tests exact.
    static let pure: [Rule] = [
        Rule(what: "async code", pattern: #"\b(async|await|nonisolated|actor)\b"#),
        Rule(what: "a task", pattern: #"\b(Task|TaskGroup|withTaskGroup)\b"#),
        Rule(what: "a lock or an atomic", pattern: #"\b(Mutex|Atomic\w*|NSLock|NIOLock\w*|pthread_\w+)\b"#),
        Rule(what: "a queue or a thread", pattern: #"\b(DispatchQueue|DispatchTime|Thread|EventLoop)\b"#),
        Rule(what: "a clock", pattern: #"\b(ContinuousClock|SuspendingClock|clock_gettime|gettimeofday)\b"#),
        Rule(what: "a clock", pattern: #"\bDate\(|\.now\(\)|\bDate\.now\b"#),
        Rule(what: "randomness", pattern: #"\b(SystemRandomNumberGenerator|arc4random\w*|getrandom)\b"#),
        Rule(what: "randomness", pattern: #"\.random\(in: *[^,)]*\)|\.(shuffled|shuffle|randomElement)\(\)"#),
        printing,
    ]

    static func violations(of rules: [Rule], in files: [SourceFile]) throws -> [String] {
        try rules.flatMap { rule in
            let pattern = try Regex(rule.pattern)
            return files.flatMap { $0.occurrences(of: pattern, rule.what) }
        }
    }

    @Test("ClusterCore and LogStorage know no concurrency, clock, randomness or output", arguments: pure)
    func pureModules(rule: Rule) throws {
        let files = Repository.sources.filter { ["ClusterCore", "LogStorage"].contains($0.module) }
        #expect(try Self.violations(of: [rule], in: files) == [])
    }

    @Test("libraries do not print: what is to be said goes through the logger or the command line")
    func librariesDoNotPrint() throws {
        let talkers: Set = ["Commands", "twinlog", "ProtocolGenerator"]
        let files = Repository.sources.filter { !talkers.contains($0.module) }
        #expect(try Self.violations(of: [Self.printing], in: files) == [])
    }

    @Test("commands print through StandardOutput alone, which notices what cannot be written")
    func commandsNoticeFailures() throws {
        let rule = Rule(what: "unnoticed printing", pattern: #"(^|[^.\w])(print|debugPrint|dump|fputs|puts)\(|to: 1\)"#)
        let files = Repository.sources.filter { ["Commands", "twinlog"].contains($0.module) }
        #expect(!files.isEmpty)
        let findings = try Self.violations(of: [rule], in: files.filter { !$0.path.hasSuffix("/StandardOutput.swift") })
        #expect(findings == [])
    }

    @Test("JSON exists only at the edges: HTTP, the command line, the ready file, generated records")
    func jsonAtTheEdges() throws {
        let edges: Set = ["RESTAPI", "WebConsole", "Commands", "Emulator", "Datagen"]
        let files = Repository.sources.filter { !edges.contains($0.module) }
        let rule = Rule(what: "JSON", pattern: #"\bJSON\w*"#)
        #expect(try Self.violations(of: [rule], in: files) == [])
    }

    @Test("nothing is public: the product is a program, and targets see each other through `package`")
    func nothingIsPublic() throws {
        let files = Repository.sources.filter { $0.module != "TwinlogTesting" }
        let rule = Rule(what: "public access", pattern: #"^\s*(public|open) "#)
        #expect(try Self.violations(of: [rule], in: files) == [])
    }

    @Test("tests wait for conditions and never sleep")
    func testsDoNotSleep() throws {
        let rule = Rule(what: "a sleep", pattern: #"\b(sleep|usleep|nanosleep)\("#)
        #expect(try Self.violations(of: [rule], in: Repository.tests) == [])
        let waiting: Set = ["Tests/Conformance/support/wait.py", "Tests/Conformance/support/server.py"]
        let sleepers = Repository.files(below: "Tests/Conformance", withExtension: "py")
            .filter { !waiting.contains($0) && Repository.text(of: $0).contains("sleep(") }
        #expect(sleepers == [])
    }

    @Test("comments and strings do not count as code")
    func commentsAreNotCode() throws {
        let text = """
            let a = "await" // await
            /* await /* await */ await */ let b = #"await "quoted" await"#
            let c = await d
            """
        let file = SourceFile(path: "Sources/X/y.swift", text: text)
        let found = file.occurrences(of: try Regex(#"\bawait\b"#), "await")
        #expect(found == ["Sources/X/y.swift:3: await"])
    }
}
