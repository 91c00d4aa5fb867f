import Testing

@testable import ProtocolSchema

@Suite("Reading records and tables")
struct TableParserTests {
    @Test(
        "a record says what it is kept as",
        arguments: [
            ("key 2", .key(2)), ("value", .value), ("metadata 17", .metadata(17)),
        ] as [(String, RecordDefinition.Kind)])
    func records(text: String, kind: RecordDefinition.Kind) throws {
        let file = "record Sample \(text)\n  versions 0...1\n  flexible none\nfields {\n  name string\n}\n"
        let record = try parseRecord(file: "r", text: file)
        #expect(record.kind == kind && record.message.name == "Sample" && record.message.fields.count == 1)
    }

    @Test("a record of no kind is refused", arguments: ["", "key", "metadata -1", "value 3", "other 1"])
    func badRecords(text: String) {
        let message = "expected `record NAME key TYPE`, `record NAME value` or `record NAME metadata ID`"
        #expect(throws: SchemaError(file: "r", line: 1, message: message)) {
            _ = try parseRecord(
                file: "r", text: "record Sample \(text)\n  versions 0...1\n  flexible none\nfields {\n}\n")
        }
    }

    @Test("errors get a constant from their name")
    func errors() throws {
        let errors = try parseErrors(
            file: "e", text: "-1 UNKNOWN_TOPIC_ID retriable Not here.\n0 NONE - All is well.\n")
        #expect(errors.map(\.constant) == ["unknownTopicID", "none"])
        #expect(errors.map(\.isRetriable) == [true, false])
        #expect(errors[1].message == "All is well.")
    }

    @Test(
        "errors are ordered and have no double",
        arguments: [
            ("0 NONE - Well.\n0 OTHER - Well.", "code 0 is out of order"),
            ("0 NONE - Well.\n1 NONE - Well.", "error NONE stands twice"),
            ("0 NONE - Well.\n1 OTHER perhaps Well.", "expected `code NAME retriable|- message`"),
        ])
    func badErrors(text: String, message: String) {
        #expect(throws: SchemaError(file: "e", line: 2, message: message)) {
            _ = try parseErrors(file: "e", text: text)
        }
    }

    @Test("a config has its explanation above it")
    func configs() throws {
        let text = """
            # heading

            // One line,
            // and another.
            topic a.ratio double 0.5 0...1 from b.ratio,c.ratio
            // Words.
            broker b.words list null clusterWide {x,y}
            // Open.
            broker c.open int "" readOnly -2... internal acts
            // Single.
            broker d.single string none readOnly only none
            """
        let configs = try parseConfigs(file: "c", text: text)
        #expect(configs.map(\.name) == ["a.ratio", "b.words", "c.open", "d.single"])
        #expect(configs[0].documentation == "One line, and another.")
        #expect(
            configs[0].constraint == .range(lower: "0", upper: "1") && configs[0].synonyms == ["b.ratio", "c.ratio"])
        #expect(configs[1].constraint == .oneOf(["x", "y"]) && configs[1].defaultValue == nil)
        #expect(configs[1].update == "clusterWide")
        #expect(configs[2].constraint == .range(lower: "-2", upper: nil) && configs[2].defaultValue == "")
        #expect(configs[2].isInternal && configs[2].acts && configs[2].onlyValue == nil)
        #expect(!configs[3].isInternal && !configs[3].acts && configs[3].onlyValue == "none")
    }

    @Test(
        "a bad config is reported with its line",
        arguments: [
            ("topic a int 1", "a is not explained"),
            ("// x\ntopic a whole 1", "expected `topic|broker name type default …`"),
            ("// x\ntopic a int 1 readOnly", "a broker config, and only that, is readOnly, perBroker or clusterWide"),
            ("// x\nbroker a int 1", "a broker config, and only that, is readOnly, perBroker or clusterWide"),
            ("// x\ntopic a int 1 acts", "`acts` is out of place"),
            ("// x\ntopic a int 1 maybe", "`maybe` is out of place"),
            ("// x\ntopic a int 1 x...y", "`x...y` is out of place"),
            ("// x\ntopic a int 1\n// x\ntopic a int 1", "a stands twice"),
        ])
    func badConfigs(text: String, message: String) {
        let line = text.split(separator: "\n").count
        #expect(throws: SchemaError(file: "c", line: line, message: message)) {
            _ = try parseConfigs(file: "c", text: text)
        }
    }

    @Test(
        "names follow Swift's way",
        arguments: [
            ("InitProducerId", "initProducerID"), ("TopicIdPartition", "topicIDPartition"), ("GroupIds", "groupIDs"),
            ("Identity", "identity"), ("LeaderIdAndEpoch", "leaderIDAndEpoch"), ("Idle", "idle"),
            ("MidIdle", "midIdle"),
        ])
    func names(kafka: String, swift: String) {
        #expect(Naming.camel(kafka) == swift)
    }

    @Test("files must fit together")
    func acrossFiles() {
        let api =
            "api Sample 7\n  versions 0...0\n  flexible none\n  access none\n  errors one\n"
            + "request {\n}\nresponse {\n}\n"
        let keys = (path: "api-keys.table", text: "7 Sample\n")
        let errors = (path: "errors.table", text: "0 ONE - Well.\n")
        #expect(throws: Never.self) { _ = try ProtocolDefinition(files: [("apis/a.api", api), keys, errors]) }
        #expect(throws: SchemaError(file: "apis/a.api", line: 1, message: "api-keys.table does not name Sample 7")) {
            _ = try ProtocolDefinition(files: [("apis/a.api", api), errors])
        }
        #expect(throws: SchemaError(file: "apis/a.api", line: 5, message: "errors.table has no one")) {
            _ = try ProtocolDefinition(files: [("apis/a.api", api), keys])
        }
        #expect(throws: SchemaError(file: "apis/b.api", line: 1, message: "key 7 has two files")) {
            _ = try ProtocolDefinition(files: [("apis/a.api", api), ("apis/b.api", api), keys, errors])
        }
        #expect(throws: SchemaError(file: "configs.table", line: 2, message: "no broker config b")) {
            _ = try ProtocolDefinition(files: [("configs.table", "// x\ntopic a int 1 from b\n")])
        }
    }
}
