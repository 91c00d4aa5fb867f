import KafkaProtocol
import Testing

@testable import ClusterCore

/// Our table of configs against what Kafka's source says.
@Suite("Bounds of numeric configs")
struct ConfigBoundsTests {
    private static func isNumber(_ definition: ConfigDefinition) -> Bool {
        [.int, .short, .long, .double].contains(definition.type)
    }

    /// `int 1...9`, as in ``KafkaNumericConfigs``.
    private static func text(_ definition: ConfigDefinition) -> String {
        func bound(_ number: Double?) -> String { number.map { String(Int64($0)) } ?? "" }
        guard case .range(let lower, let upper) = definition.constraint else {
            return "\(definition.type)"
        }
        return "\(definition.type) \(bound(lower))...\(bound(upper))"
    }

    private static func parse(_ table: String) -> [String: String] {
        let lines = table.split(separator: "\n").filter { !$0.hasPrefix("#") }
        return Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let words = line.split(separator: " ", maxSplits: 1)
                return (String(words[0]), String(words[1]))
            })
    }

    @Test("topics' numeric configs have Kafka's types and ranges, and all of them")
    func topics() {
        let own = ConfigDefinitions.topic.filter(Self.isNumber).map { ($0.name, Self.text($0)) }
        #expect(Dictionary(uniqueKeysWithValues: own) == Self.parse(KafkaNumericConfigs.topic))
    }

    @Test("brokers' numeric configs have Kafka's types and ranges, and all of them")
    func brokers() {
        let own = Dictionary(
            uniqueKeysWithValues: ConfigDefinitions.broker.filter(Self.isNumber).map { ($0.name, Self.text($0)) })
        var expected = Self.parse(KafkaNumericConfigs.broker)
        for (name, range) in KafkaNumericConfigs.stricter {
            #expect(expected[name] != range, "\(name) is no exception")
            expected[name] = range
        }
        for name in Set(own.keys).union(expected.keys).sorted() {
            #expect(own[name] == expected[name], "\(name)")
        }
    }

    @Test("internal configs have Kafka's defaults")
    func internalDefaults() {
        for (name, value) in KafkaNumericConfigs.internalDefaults {
            #expect(ConfigDefinitions.brokerByName[name]?.defaultValue == value, "\(name)")
            #expect(ConfigDefinitions.brokerByName[name]?.isInternal == true, "\(name)")
        }
    }

    @Test(
        "what is no number that can be compared is refused",
        arguments: ["NaN", "nan", "-nan", "Infinity", "-Infinity", "inf", "1e400", "-1e400", "", "x", "1,5"])
    func notFinite(value: String) throws {
        for definition in ConfigDefinitions.topic + ConfigDefinitions.broker where definition.type == .double {
            #expect(ConfigValue.problem(value, definition)?.contains("Not a number") == true, "\(definition.name)")
        }
        let harness = try ClusterHarness()
        try harness.createTopic("t")
        let answer = try harness.alter(2, "t", .set("min.cleanable.dirty.ratio", value))
        #expect(answer.errorCode.code == .invalidConfig)
    }

    @Test("level 0 is none that gzip has")
    func gzipLevel() throws {
        for definition in [ConfigDefinitions.topicByName, ConfigDefinitions.brokerByName] {
            let level = try #require(definition["compression.gzip.level"])
            for value in ["-1", "1", "9"] { #expect(ConfigValue.problem(value, level) == nil) }
            for value in ["-2", "0", "10"] { #expect(ConfigValue.problem(value, level) != nil) }
        }
    }

    @Test(
        "a link refuses what a Java consumer would of its file, though it leaves it out",
        arguments: ["reconnect.backoff.ms", "reconnect.backoff.max.ms"])
    func reconnectBackoff(name: String) throws {
        let harness = try ClusterHarness()
        let server = ["bootstrap.servers": "127.0.0.1:1"]
        try harness.step { cluster in
            for value in ["-1", "x", "", "1.5", "9223372036854775808"] {
                #expect(throws: LinkFailure.self, "\(value)") {
                    try cluster.createLink(
                        NewLink(name: "l", configs: server.merging([name: value]) { $1 }), now: harness.now)
                }
            }
            let link = NewLink(name: "l", configs: server.merging([name: "9223372036854775807"]) { $1 })
            #expect(try cluster.createLink(link, now: harness.now).configs == server)
            #expect(throws: LinkFailure.self) {
                try cluster.alterLinkConfigs("l", [.set(name, "-1")], validateOnly: false, now: harness.now)
            }
            try cluster.alterLinkConfigs("l", [.set(name, "0")], validateOnly: false, now: harness.now)
        }
    }
}
