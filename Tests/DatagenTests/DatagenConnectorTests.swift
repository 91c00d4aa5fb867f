import Datagen
import Testing

private let exercise = [
    "connector.class": "DatagenSource", "name": "DatagenSourceConnector_0", "kafka.auth.mode": "KAFKA_API_KEY",
    "kafka.api.key": "KEY0123456789ABC", "kafka.api.secret": "hush-hush-do-not-tell", "kafka.topic": "link-topic",
    "output.data.format": "JSON", "quickstart": "TRANSACTIONS", "tasks.max": "1",
]

private func exercise(_ changes: [String: String?]) -> [String: String] {
    var configuration = exercise
    for (key, value) in changes { configuration[key] = value }
    return configuration
}

struct DatagenConnectorTests {
    @Test("the course's connector is accepted with the Cloud's defaults")
    func course() throws {
        let connector = try DatagenConnector(configuration: exercise)
        #expect(connector.name == "DatagenSourceConnector_0")
        #expect(connector.kind == .cloud)
        #expect(connector.topic == "link-topic")
        #expect(connector.quickstart == "transactions")
        #expect(connector.maxIntervalMs == 1000)
        #expect(connector.iterations == nil)
        #expect(connector.taskCount == 1)
        #expect(connector.credentials?.key == "KEY0123456789ABC")
        #expect(connector.credentials?.secret == "hush-hush-do-not-tell")
    }

    @Test("the self-managed connector needs no key and waits half as long")
    func selfManaged() throws {
        let connector = try DatagenConnector(configuration: [
            "name": "c", "connector.class": "io.confluent.kafka.connect.datagen.DatagenConnector",
            "kafka.topic": "pageviews", "quickstart": "pageviews", "max.interval": " 100 ", "iterations": "10000000",
            "value.converter": "org.apache.kafka.connect.json.JsonConverter", "value.converter.schemas.enable": "false",
            "key.converter": "org.apache.kafka.connect.storage.StringConverter", "random.seed": "-5", "tasks.max": "3",
        ])
        #expect(connector.kind == .selfManaged)
        #expect(connector.credentials == nil)
        #expect(connector.maxIntervalMs == 100)
        #expect(connector.iterations == 10_000_000)
        #expect(connector.randomSeed == -5)
        #expect(connector.taskCount == 3)
        let bare = try DatagenConnector(configuration: [
            "name": "c", "connector.class": "io.confluent.kafka.connect.datagen.DatagenConnector", "kafka.topic": "t",
            "quickstart": "users",
        ])
        #expect(bare.maxIntervalMs == 500)
    }

    @Test("a schema of one's own is taken with its key field")
    func customSchema() throws {
        let type = #"{"type":"int","arg.properties":{"iteration":{"start":1}}}"#
        let schema = #"{"type":"record","name":"r","fields":[{"name":"id","type":\#(type)}]}"#
        let connector = try DatagenConnector(
            configuration: exercise(["quickstart": nil, "schema.string": schema, "schema.keyfield": "id"]))
        var task = connector.task(0, entropy: 1)
        let record = try task.next()
        #expect(record.key == Array("1".utf8))
        #expect(record.value == Array(#"{"id":1}"#.utf8))
    }

    @Test("each wrong entry is told by its key", arguments: [
        (["connector.class": nil], "connector.class", "DatagenSource"),
        (["connector.class": "S3_SINK"], "connector.class", "S3_SINK"),
        (["name": ""], "name", "name"), (["kafka.topic": nil], "kafka.topic", "topic"),
        (["kafka.topic": "no topic"], "kafka.topic", "no topic"), (["kafka.topic": ".."], "kafka.topic", ".."),
        (["quickstart": nil], "quickstart", "schema.string"),
        (["quickstart": "TRANSACTOINS"], "quickstart", "did you mean TRANSACTIONS"),
        (["quickstart": "SHOES"], "quickstart", "not generated here"),
        (["schema.string": "{}"], "schema.string", "only one"),
        (["quickstart": nil, "schema.string": "{}"], "schema.string", "type is missing"),
        (["quickstart": nil, "schema.filename": "/etc/passwd"], "schema.filename", "schema.string"),
        (["max.interval": "fast"], "max.interval", "whole number"),
        (["max.interval": "-1"], "max.interval", "at least 0"),
        (["iterations": "99999999999"], "iterations", "out of range"), (["tasks.max": "0"], "tasks.max", "from 1"),
        (["tasks.max": "1.5"], "tasks.max", "whole number"), (["random.seed": "x"], "random.seed", "whole number"),
        (["output.data.format": "AVRO"], "output.data.format", "use JSON"),
        (["output.data.format": "JSON_SR"], "output.data.format", "schema registry"),
        (["output.data.format": "PROTOBUF"], "output.data.format", "use JSON"),
        (["output.data.format": "XML"], "output.data.format", "no format"),
        (["value.converter": "io.confluent.connect.avro.AvroConverter"], "value.converter", "JsonConverter"),
        (["value.converter.schemas.enable": "true"], "value.converter.schemas.enable", "false"),
        (["kafka.auth.mode": "SERVICE_ACCOUNT"], "kafka.auth.mode", "KAFKA_API_KEY"),
        (["kafka.api.key": nil], "kafka.api.key", "API key"), (["kafka.api.secret": nil], "kafka.api.secret", "secret"),
    ] as [([String: String?], String, String)])
    func problems(_ changes: [String: String?], _ field: String, _ text: String) throws {
        let problems = DatagenConnector.validate(exercise(changes))
        #expect(problems.map { $0.field } == [field])
        #expect(problems.first?.message.contains(text) == true, "\(problems)")
        #expect(throws: DatagenConnector.InvalidConfiguration.self) {
            try DatagenConnector(configuration: exercise(changes))
        }
    }

    @Test("an empty configuration is answered with all that is missing")
    func everythingMissing() {
        let fields = DatagenConnector.validate([:]).map { $0.field }
        #expect(Set(fields) == ["connector.class", "name", "kafka.topic", "quickstart"])
    }

    @Test("keys of other parts of Connect are left alone")
    func unknownKeys() {
        #expect(DatagenConnector.validate(exercise(["transforms": "x", "errors.tolerance": "all"])) == [])
    }

    @Test("the secret is in no description, dump or shown configuration")
    func secrets() throws {
        let connector = try DatagenConnector(configuration: exercise)
        var dumped = ""
        dump(connector, to: &dumped)
        let credentials = "\(connector.credentials as Any)"
        for text in ["\(connector)", String(reflecting: connector), dumped, credentials] {
            #expect(!text.contains("hush"), "\(text)")
        }
        let shown = DatagenConnector.redacted(exercise)
        #expect(!shown.values.contains { $0.contains("hush") })
        #expect(shown["kafka.api.key"] == "KEY0123456789ABC")
        #expect(shown.keys == exercise.keys)
        let errors = DatagenConnector.validate(exercise(["kafka.topic": nil]))
        #expect(!"\(errors)".contains("hush"))
    }
}

struct DatagenTaskTests {
    private func connector(_ changes: [String: String?] = [:]) throws -> DatagenConnector {
        try DatagenConnector(configuration: exercise(changes))
    }

    private func values(_ task: DatagenTask, _ count: Int) throws -> [[UInt8]] {
        var task = task
        return try (0..<count).map { _ in try task.next().value }
    }

    @Test("a record has key, JSON and the three headers as text")
    func record() throws {
        var task = try connector(["tasks.max": "2"]).task(1, entropy: 4)
        _ = try task.next()
        let record = try task.next()
        #expect(record.key == Array("2".utf8))
        #expect(String(decoding: record.value, as: UTF8.self).hasPrefix(#"{"transaction_id":2,"card_id":"#))
        let headers = record.headers.map { "\($0.key)=\(String(decoding: $0.value, as: UTF8.self))" }
        #expect(headers == ["task.generation=0", "task.id=1", "current.iteration=1"])
    }

    @Test("the same random.seed gives each task its own records again, whatever the entropy")
    func seeds() throws {
        let connector = try connector(["random.seed": "42", "tasks.max": "2"])
        #expect(try values(connector.task(0, entropy: 1), 50) == values(connector.task(0, entropy: 2), 50))
        #expect(try values(connector.task(0, entropy: 1), 50) != values(connector.task(1, entropy: 1), 50))
        let unseeded = try self.connector()
        #expect(try values(unseeded.task(0, entropy: 1), 50) != values(unseeded.task(0, entropy: 2), 50))
    }

    @Test("after its iterations the task stops with the original's words")
    func finished() throws {
        var task = try connector(["iterations": "3"]).task(0, entropy: 1)
        for _ in 0..<3 { _ = try task.next() }
        #expect(task.isFinished)
        let error = #expect(throws: DatagenTask.Finished.self) { try task.next() }
        #expect(error?.description == "Stopping connector: generated the configured 3 number of messages")
    }

    @Test("less than one iteration means no end", arguments: ["-1", "0"])
    func endless(_ iterations: String) throws {
        var task = try connector(["iterations": iterations]).task(0, entropy: 1)
        for _ in 0..<100 { _ = try task.next() }
        #expect(!task.isFinished)
    }

    @Test("a task that is started anew goes on where it stopped, in the next generation")
    func resuming() throws {
        let connector = try connector(["iterations": "20"])
        let whole = try values(connector.task(0, entropy: 77), 20)
        var first = connector.task(0, entropy: 77)
        for _ in 0..<8 { _ = try first.next() }
        let kept = try #require(DatagenTaskState(text: first.state.text))
        var second = connector.task(0, resuming: kept, entropy: 1)
        #expect(second.generation == 1)
        #expect(second.iteration == 8)
        #expect(try values(second, 12) == Array(whole[8...]))
        for _ in 0..<12 { _ = try second.next() }
        #expect(second.isFinished)
        #expect(second.state.generation == 2)
    }

    @Test("the kept state is text that reads back")
    func stateText() {
        let state = DatagenTaskState(generation: 3, iteration: 50, seed: .max)
        #expect(state.text == "task.generation=3,current.iteration=50,random.seed=-1")
        #expect(DatagenTaskState(text: state.text) == state)
        let negative = "task.generation=-1,current.iteration=0,random.seed=0"
        for text in ["", "task.generation=1", state.text + ",x=1", negative] {
            #expect(DatagenTaskState(text: text) == nil)
        }
    }

    @Test("pauses lie between 0 and max.interval, and asking for one changes no record")
    func pauses() throws {
        var task = try connector(["max.interval": "100"]).task(0, entropy: 1)
        var pauses: [Int64] = []
        for _ in 0..<1_000 {
            pauses.append(task.delayMs())
            _ = try task.next()
        }
        #expect(pauses.allSatisfy { (0..<100).contains($0) })
        #expect(Set(pauses).count > 80)
        #expect((40...60).contains(pauses.reduce(0, +) / 1_000))
        #expect(try connector(["max.interval": "0"]).task(0, entropy: 1).delayMs() == 0)
    }

    @Test("decimals are numbers when the configuration says so")
    func numericDecimals() throws {
        var task = try connector(["quickstart": "purchases", "value.converter.decimal.format": "numeric"])
            .task(0, entropy: 1)
        let text = String(decoding: try task.next().value, as: UTF8.self)
        #expect(text.wholeMatch(of: /\{"id":0,"item_type":"[a-z]+","price_per_unit":[1-4]\d\.\d\d\}/) != nil, "\(text)")
    }
}
