import Emulator
import Testing

@testable import Commands

/// What is read without the parser is what the parser reads.
struct ServeFlagsTests {
    @Test(
        "sound command lines say the same to the parser",
        arguments: [
            "", "--quiet", "--quiet --quiet", "--data-dir d --ephemeral", "--port-base=44000 --http-port 44090 --empty",
            "--broker-config a=1 --broker-config=b=2=3 --broker-config a=4",
            "--accept-data-loss t-0 --accept-data-loss u-1",
            "--listen 0.0.0.0 --allow-remote --advertise h --ports auto --brokers 3 --durability fsync",
            "--config f.yaml --log-level debug --ready-file r --as-version 4.2 --http-auth open",
            "--tls-certificate c --tls-key k --tls-ca a", "--port-base=-1",
        ])
    func same(_ line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let expected = try ServeCommand.parse(words).settings()
        #expect(ServeFlags.settings(words) == expected)
    }

    @Test(
        "what has to be explained is left to the parser",
        arguments: [
            "--help", "-h", "--version", "--nonsense", "word", "--port-base", "--port-base -1", "--quiet=maybe", "--",
            "--data-dir d extra", "-q", "--data-dir --quiet", "=", "--=x",
            "--data-dir a --data-dir b", "--quiet=true", "--data-dir=", "--broker-config bad --help",
            "--broker-config=bad --nonsense", "--help --broker-config bad", "--broker-config bad",
        ])
    func explained(_ line: String) {
        #expect(ServeFlags.settings(line.split(separator: " ").map(String.init)) == nil)
    }

    @Test(
        "the parser knows every option, and takes a value exactly where one is read here",
        arguments: ServeOption.allCases)
    func complete(_ option: ServeOption) throws {
        let flag = "--\(option.rawValue)"
        let value = option == .brokerConfig ? "a=1" : "x"
        let words = option.isSwitch ? [flag] : [flag, value]
        #expect(try ServeCommand.parse(words).settings() == ServeFlags.settings(words))
        #expect(ServeFlags.settings(words) != ServeSettings())
        #expect(throws: (any Error).self) { try ServeCommand.parse(option.isSwitch ? [flag, value] : [flag]) }
    }

    @Test("a broker config that is no pair is told by the parser's way, once nothing else has to be explained")
    func brokenPair() {
        let error = #expect(throws: StartError.self) { try ServeCommand.parse(["--broker-config", "a"]).settings() }
        #expect(error?.message.contains("'a' is not of the form KEY=VALUE") == true)
    }
}

/// Commands are found without looking at all of them.
struct ParsedAloneTests {
    @Test("a line that names a command with sound flags is parsed as from the root")
    func found() throws {
        let line = ["kafka", "topic", "create", "t", "--partitions", "3", "--cluster", "c"]
        let alone = try #require(TwinlogCommand.parsedAlone(line) as? TopicCreateCommand)
        let whole = try #require(try TwinlogCommand.parseAsRoot(line) as? TopicCreateCommand)
        #expect(alone.topic == whole.topic && alone.partitions == whole.partitions && alone.topic == "t")
        #expect(alone.scope.cluster == "c" && alone.partitions == 3)
    }

    @Test(
        "everything else is left to the root",
        arguments: [
            "", "kafka", "kafka topic", "kafka nonsense list", "kafka topic list --help", "kafka topic list --nonsense",
            "--version", "help kafka", "kafka topic create", "kafka topic list --version",
        ])
    func left(_ line: String) {
        #expect(TwinlogCommand.parsedAlone(line.split(separator: " ").map(String.init)) == nil)
    }
}
