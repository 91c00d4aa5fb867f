import ArgumentParser
import RESTAPI
import Testing

@testable import Commands

/// Command lines as users of the course and of today's confluent CLI type them.
struct ParsingTests {
    private func parse<C: ParsableCommand>(_ line: String, as type: C.Type) throws -> C {
        let arguments = line.split(separator: " ").map(String.init)
        return try #require(try TwinlogCommand.parseAsRoot(arguments) as? C)
    }

    @Test(
        "link create takes the course's spellings and today's",
        arguments: [
            "kafka link create l --source-cluster-id s --source-bootstrap-server h:1 --config-file /f --cluster d",
            "kafka link create l --source-cluster s --source-bootstrap-server h:1 --config /f --cluster d",
        ])
    func linkCreate(_ line: String) throws {
        let command = try parse(line, as: LinkCreateCommand.self)
        #expect(command.link == "l")
        #expect(command.source.cluster == "s")
        #expect(command.source.bootstrap == "h:1")
        #expect(command.config == ["/f"])
        #expect(command.scope.cluster == "d")
        #expect(!command.dryRun)
        #expect(!command.noValidate)
    }

    @Test("the exercise's lines are understood")
    func exercise() throws {
        let mirror = try parse(
            "kafka mirror create link-topic --link my-cluster-link --environment env-local --cluster lkc-dest",
            as: MirrorCreateCommand.self)
        #expect(mirror.mirrorTopic == "link-topic")
        #expect(mirror.link == "my-cluster-link")
        let topic = try parse(
            "kafka topic create link-topic --cluster lkc-source --partitions 3", as: TopicCreateCommand.self)
        #expect(topic.partitions == 3)
        let list = try parse("kafka cluster list -o json", as: ClusterListCommand.self)
        #expect(list.output.output == .json)
        let verify = try parse(
            "kafka mirror verify link-topic --link my-cluster-link --url http://h:1", as: MirrorVerifyCommand.self)
        #expect(verify.global.url == "http://h:1")
    }

    @Test(
        "command lines without what they need, or with what is unknown, are usage errors",
        arguments: [
            "kafka mirror create t", "kafka link create", "kafka topic create t --partitions three", "kafka nope",
            "kafka cluster list -o xml", "kafka link create l --source-api-key k", "demo --records 0",
            "datagen TRANSACTIONS --iterations -1",
        ])
    func usageErrors(_ line: String) {
        let arguments = line.split(separator: " ").map(String.init)
        do {
            _ = try TwinlogCommand.parseAsRoot(arguments)
            Issue.record("\(line) was accepted")
        } catch {
            #expect(TwinlogCommand.exitCode(for: error).rawValue == 64)
        }
    }

    @Test("flags override the configs of a list")
    func linkConfigs() throws {
        let command = try parse(
            "kafka link create l --config bootstrap.servers=old:1,acl.sync.ms=7 --source-bootstrap-server new:2",
            as: LinkCreateCommand.self)
        #expect(try command.linkConfigs() == ["bootstrap.servers": "new:2", "acl.sync.ms": "7"])
    }

    @Test("an API key means SASL_SSL with PLAIN")
    func apiKey() throws {
        let command = try parse(
            "kafka link create l --source-bootstrap-server h:1 --source-api-key K --source-api-secret S",
            as: LinkCreateCommand.self)
        let configs = try command.linkConfigs()
        #expect(configs["security.protocol"] == "SASL_SSL")
        #expect(configs["sasl.mechanism"] == "PLAIN")
        #expect(configs["sasl.jaas.config"]?.contains(#"username="K" password="S";"#) == true)
    }

    @Test("a link without any source address is refused before the server is asked")
    func noBootstrap() throws {
        let command = try parse("kafka link create l --source-cluster lkc-s", as: LinkCreateCommand.self)
        #expect(throws: CLIError.self) { try command.linkConfigs() }
    }

    @Test(
        "a mirror that breaks its link's rule of names is told the name and the command",
        arguments: [("a", "A."), ("A.a", "A."), ("x --source-topic a", "A.")])
    func mirrorNames(_ names: String, _ prefix: String) throws {
        let command = try parse("kafka mirror create \(names) --link l", as: MirrorCreateCommand.self)
        #expect(
            command.nameRule(prefix: prefix).message
                == "cluster link \"l\" has the prefix \"A.\", so the mirror of topic \"a\" is called \"A.a\": "
                + "kafka mirror create A.a --source-topic a --link l")
        #expect(command.nameRule(prefix: "").message.contains("no cluster.link.prefix"))
    }

    @Test("after a link is made its configs are shown, ordered, secrets left out")
    func createdMessage() {
        let configs = ["link.mode": "DESTINATION", "bootstrap.servers": "h:1", "sasl.jaas.config": "secret"]
        let text = LinkCreateCommand.message("l", configs, dryRun: false)
        let expected = """
            Created cluster link "l" with configs:
            "bootstrap.servers"="h:1"
            "link.mode"="DESTINATION"

            """
        #expect(text == expected)
    }
}

struct KeyValueConfigTests {
    @Test("pairs are split at commas that begin a new pair")
    func pairs() throws {
        let text = "a=1,b=x,y,c.d={\"e\":[1,2]},f = g"
        #expect(try KeyValueConfig.parsePairs(text) == ["a": "1", "b": "x,y", "c.d": "{\"e\":[1,2]}", "f": "g"])
    }

    @Test("a key that a list holds twice is refused", arguments: ["a=1,b=2,a=3", "a=1, a =1"])
    func twice(_ text: String) {
        #expect(throws: CLIError("config \"a\" is given twice in \"\(text)\"")) {
            try KeyValueConfig.parsePairs(text)
        }
    }

    @Test("a properties file may hold comments, blank lines, colons, continued lines and equals signs in values")
    func properties() throws {
        let text = """
            # a comment
            ! another

            bootstrap.servers=127.0.0.1:9092
            security.protocol : SASL_SSL
            sasl.jaas.config=Module required \\
               username='K' password='a=b';
            """
        let configs = try KeyValueConfig.parseProperties(text)
        #expect(
            configs == [
                "bootstrap.servers": "127.0.0.1:9092", "security.protocol": "SASL_SSL",
                "sasl.jaas.config": "Module required username='K' password='a=b';",
            ])
    }

    @Test("lines without a key or a value are refused, with their number", arguments: ["=1", "novalue"])
    func broken(_ text: String) {
        #expect(throws: CLIError("line 2 is not of the form key=value")) {
            try KeyValueConfig.parseProperties("a=1\n" + text)
        }
    }

    @Test("what is neither a file nor pairs is refused by name")
    func neither() {
        #expect(throws: CLIError("\"nowhere.config\" is neither a file nor a list of key=value pairs")) {
            try KeyValueConfig.parse("nowhere.config")
        }
    }
}
