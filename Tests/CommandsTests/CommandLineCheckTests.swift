import ArgumentParser
import RESTAPI
import Testing

@testable import Commands

struct CommandLineCheckTests {
    private func words(_ line: String) -> [String] {
        line.split(separator: " ").map(String.init)
    }

    /// What the whole program declares, as the parser sees it.
    private struct Declared: Sendable {
        var path: [String]
        var kind: String
        var names: [String]
        var isRepeating: Bool
    }

    private func declared() throws -> (commands: [[String]], arguments: [Declared]) { try Self.everything.get() }

    /// Found out once: the parser takes a second for it.
    private static let everything = Result { try readDeclarations() }

    private static func readDeclarations() throws -> (commands: [[String]], arguments: [Declared]) {
        let help = try JSON.parse(TwinlogCommand._dumpHelp())
        var commands: [[String]] = []
        var arguments: [Declared] = []
        func visit(_ command: JSON, _ path: [String]) {
            commands.append(path)
            for argument in command["arguments"]?.array ?? [] {
                let names = (argument["names"]?.array ?? []).filter { $0["kind"] == "long" }
                arguments.append(
                    Declared(
                        path: path, kind: argument["kind"]?.string ?? "",
                        names: names.compactMap { $0["name"]?.string },
                        isRepeating: argument["isRepeating"]?.bool ?? false))
            }
            for child in command["subcommands"]?.array ?? [] {
                visit(child, path + [child["commandName"]?.string ?? ""])
            }
        }
        visit(try #require(help["command"]), [])
        return (commands, arguments)
    }

    @Test("what the check knows of flags is what the commands declare")
    func agreement() throws {
        let arguments = try declared().arguments
        #expect(arguments.count > 200)
        for argument in arguments where !argument.names.isEmpty {
            let main = argument.names[0]
            if argument.kind == "flag" {
                #expect(CommandLineCheck.switches.contains(main), "\(argument)")
                continue
            }
            #expect(!CommandLineCheck.switches.contains(main), "\(argument)")
            for name in argument.names {
                let isRepeatable = CommandLineCheck.isRepeatable(name, argument.path)
                #expect(isRepeatable == argument.isRepeating, "\(argument)")
                if !argument.isRepeating {
                    let known = CommandLineCheck.aliases[name] ?? name
                    #expect(name == main || known == main || argument.path == ["connect", "cluster", "create"])
                }
                #expect(MissingCommands.flags[name] == nil, "\(argument)")
            }
        }
    }

    @Test("no command that exists is called missing")
    func missingIsMissing() throws {
        let existing = Set(try declared().commands.map { $0.joined(separator: " ") })
        #expect(existing.intersection(MissingCommands.paths).isEmpty)
    }

    /// Every command of the reference, as its users type it.
    private static let reference = """
        api-key create|api-key delete k|api-key describe k|api-key list|api-key store k s|api-key update k\
        |connect cluster create|connect cluster delete c|connect cluster describe c|connect cluster list\
        |connect cluster pause c|connect cluster resume c|connect cluster update c|connect logs c\
        |connect offset delete c|connect offset describe c|connect offset status describe|connect offset update c\
        |connect plugin describe p|connect plugin list|environment create e|environment delete e\
        |environment describe e|environment list|environment update e|iam acl create|iam acl delete|iam acl list\
        |iam service-account create s|iam service-account delete s|iam service-account describe s\
        |iam service-account list|iam service-account unset|iam service-account update s|kafka acl create\
        |kafka acl delete|kafka acl list|kafka broker configuration list 1|kafka broker configuration update 1\
        |kafka broker delete 1|kafka broker describe 1|kafka broker list|kafka broker task list\
        |kafka client-config create java|kafka cluster configuration describe c|kafka cluster configuration list\
        |kafka cluster configuration update|kafka cluster create c|kafka cluster delete c|kafka cluster describe c\
        |kafka cluster endpoint list|kafka cluster list|kafka cluster update c|kafka consumer group describe g\
        |kafka consumer group lag describe g|kafka consumer group lag list g|kafka consumer group lag summarize g\
        |kafka consumer group list|kafka consumer list|kafka link configuration list l\
        |kafka link configuration update l|kafka link create l|kafka link delete l|kafka link describe l\
        |kafka link list|kafka link task list l|kafka mirror create t|kafka mirror describe t|kafka mirror failover t\
        |kafka mirror list|kafka mirror pause t|kafka mirror promote t|kafka mirror resume t\
        |kafka mirror reverse-and-pause t|kafka mirror reverse-and-start t|kafka mirror state-transition-error list\
        |kafka mirror truncate-and-restore t|kafka partition describe 1|kafka partition list\
        |kafka partition reassignment list|kafka quota create q|kafka quota delete q|kafka quota describe q\
        |kafka quota list|kafka quota update q|kafka replica list|kafka replica status list\
        |kafka share-group consumer list|kafka share-group describe g|kafka share-group list\
        |kafka topic configuration list t|kafka topic consume t|kafka topic create t|kafka topic delete t\
        |kafka topic describe t|kafka topic list|kafka topic produce t|kafka topic update t|login
        """.split(separator: "|").map(String.init)

    @Test("every command of the confluent CLI is one of ours, or is said to be missing", arguments: reference)
    func everyVerb(_ line: String) throws {
        let typed = words(line)
        let existing = try declared().commands.filter { !$0.isEmpty }
        let longest = existing.filter { typed.starts(with: $0) }.map(\.count).max() ?? 0
        do {
            try CommandLineCheck.run(typed)
            let children = existing.filter { $0.count == longest + 1 && $0.starts(with: typed[..<longest]) }
            #expect(longest > 0 && children.allSatisfy { $0.last == "print" }, "\(line) is neither here nor missing")
        } catch {
            #expect(error.description.contains("does not exist in twinlog yet"))
        }
    }

    @Test("a verb that does not exist yet says so, and where to look")
    func missingVerb() {
        let error = #expect(throws: UsageError.self) {
            try CommandLineCheck.run(words("kafka mirror promote t --link l"))
        }
        #expect(
            error?.description == "\"kafka mirror promote\" of the confluent CLI does not exist in twinlog yet. "
                + "See \"twinlog kafka mirror --help\".")
        #expect(throws: UsageError.self) { try CommandLineCheck.run(words("iam rbac role list")) }
    }

    @Test(
        "a flag for one value is refused when it comes twice, under whatever name",
        arguments: [
            "kafka topic list --cluster a --cluster b", "kafka topic list --cluster=a --cluster=a",
            "kafka link create l --source-cluster a --source-cluster-id b", "kafka topic list -o json --output yaml",
            "serve --config a --config b", "connect cluster create --config-file a --config b",
            "kafka topic consume t --config-file a --config-file b", "kafka topic list --url a --endpoint b",
        ])
    func repeated(_ line: String) {
        #expect(throws: UsageError.self) { try CommandLineCheck.run(words(line)) }
    }

    @Test(
        "lists and switches may come again",
        arguments: [
            "kafka topic create t --config a=1 --config b=2", "kafka topic produce t --headers a:1 --headers b:2",
            "serve --broker-config a=1 --broker-config b=2", "kafka topic delete t --force --force",
            "kafka consumer group offset reset g --topic a --topic b --to-latest", "kafka topic list -- --cluster a",
        ])
    func allowed(_ line: String) throws {
        try CommandLineCheck.run(words(line))
    }

    @Test("switches may be written with a value, as Go programs take them")
    func switchValues() throws {
        #expect(
            try CommandLineCheck.run(words("kafka topic delete t --force=true --dry-run=false x --delimiter=true"))
                == words("kafka topic delete t --force x --delimiter=true"))
        #expect(
            try CommandLineCheck.run(words("kafka cluster update c --deletion-protection=false")).last
                == "--no-deletion-protection")
    }

    @Test("a flag that needs what is not here says what that is")
    func missingFlags() {
        let error = #expect(throws: UsageError.self) {
            try CommandLineCheck.run(words("kafka topic produce t --schema-registry-endpoint http://h"))
        }
        #expect(error?.description.contains("Schema Registry") == true)
    }

    @Test("repeated configs, lists and both together give one set, the last of equal keys counts")
    func configs() throws {
        func parse<C: ParsableCommand>(_ line: String, as type: C.Type) throws -> C {
            try #require(try TwinlogCommand.parseAsRoot(words(line)) as? C)
        }
        let create = try parse(
            "kafka topic create t --config a=1,b=2 --config c=3 --config b=4", as: TopicCreateCommand.self)
        #expect(try KeyValueConfig.parse(create.config) == ["a": "1", "b": "4", "c": "3"])
        let consume = try parse("kafka topic consume t --config a=1 --config b=2", as: TopicConsumeCommand.self)
        #expect(consume.connection.config == ["a=1", "b=2"])
        let update = try parse("connect cluster update c --config a=1 --config b=2", as: ConnectUpdateCommand.self)
        #expect(update.config.count == 2)
    }

    @Test(
        "a command that does not exist is named, whatever flags follow",
        arguments: [
            ("kafka topic frobnicate --url X", "unknown command \"frobnicate\" for \"twinlog kafka topic\""),
            ("frobnicate", "unknown command \"frobnicate\" for \"twinlog\""),
            ("kafka frobnicate x --cluster y", "unknown command \"frobnicate\" for \"twinlog kafka\""),
            ("kafka topic --url X list", "the command comes before its flags"),
        ])
    func unknownCommand(_ line: String, _ start: String) throws {
        let error = try #require(CommandLineCheck.unknownCommand(words(line), below: TwinlogCommand.self))
        #expect(error.description.hasPrefix(start))
        #expect(error.description.contains("There are: "))
        for known in ["kafka topic list --bogus", "kafka client-config lkc-1 --client x", "serve --bogus"] {
            #expect(CommandLineCheck.unknownCommand(words(known), below: TwinlogCommand.self) == nil)
        }
    }

    @Test("a negative number is a value, so that the command can say what is wrong with it")
    func negativeValues() throws {
        for (typed, read) in [
            ("serve --port-base -1 --quiet", "serve --port-base=-1 --quiet"),
            ("kafka topic list --force -1", "kafka topic list --force -1"), ("x --a -- --b -1", "x --a -- --b -1"),
        ] {
            #expect(try CommandLineCheck.run(words(typed)) == words(read))
        }
    }

    @Test(
        "counts begin at one",
        arguments: [
            "kafka topic create t --partitions=-1", "kafka topic create t --partitions 0",
            "kafka topic create t --replication-factor=-1", "kafka mirror create t --link l --replication-factor 0",
        ])
    func counts(_ line: String) {
        #expect(throws: (any Error).self) { try TwinlogCommand.parseAsRoot(words(line)) }
    }

    @Test("what the parser refuses is one sound sentence")
    func failureLines() {
        func line(_ arguments: String) -> String {
            do {
                _ = try TwinlogCommand.parseAsRoot(words(arguments))
                return ""
            } catch {
                return Failure.line(TwinlogCommand.fullMessage(for: error))
            }
        }
        #expect(line("serve --bogus") == "Error: Unknown option '--bogus'. See \"twinlog serve --help\".")
        #expect(line("serve --quit").contains("Did you mean '--quiet'? See"))
        let language = line("kafka client-config create cobol")
        #expect(language.contains(": clojure, cpp") && language.contains("springboot. See"))
    }

    @Test(
        "negative numbers can be typed",
        arguments: ["--partition -1 --offset -1", "--partition=-1 --offset=-1", "--offset -2"])
    func negative(_ flags: String) throws {
        let line = words("kafka topic consume t \(flags)")
        let command = try #require(try TwinlogCommand.parseAsRoot(line) as? TopicConsumeCommand)
        #expect(command.partition == -1)
        #expect(command.offset == (flags.hasSuffix("2") ? -2 : -1))
        let reset = words("kafka consumer group offset reset g --shift-by -10")
        #expect((try TwinlogCommand.parseAsRoot(reset) as? OffsetResetCommand)?.shiftBy == -10)
    }
}
