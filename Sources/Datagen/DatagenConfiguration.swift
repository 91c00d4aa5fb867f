/// Reads a connector's configuration, going on after each problem so that all of them can be told at once.
struct DatagenConfigurationReader {
    private let entries: [String: String]
    private(set) var problems: [DatagenConnector.Problem] = []

    init(_ configuration: [String: String]) {
        entries = configuration
    }

    /// The connector, as far as there are no problems.
    mutating func connector() -> DatagenConnector? {
        let kind = kind()
        let name = required("name", "the connector needs a name")
        let topic = topic()
        let (schema, quickstart) = source()
        let interval = number("max.interval", 0...Int64.max) ?? kind?.defaultMaxIntervalMs
        let iterations = number("iterations", Int64(Int32.min)...Int64(Int32.max)) ?? -1
        let seed = number("random.seed", Int64.min...Int64.max)
        let tasks = number("tasks.max", 1...Int64(Limit.tasks)) ?? 1
        let decimals = format()
        let credentials = credentials(required: kind == .cloud)
        guard let kind, let name, let topic, let schema, let interval else { return nil }
        return DatagenConnector(
            name: name, kind: kind, topic: topic, schema: schema, quickstart: quickstart, maxIntervalMs: interval,
            iterations: iterations > 0 ? iterations : nil, randomSeed: seed, taskCount: Int(tasks),
            decimalFormat: decimals, credentials: credentials)
    }

    private mutating func problem(_ field: String, _ message: String) {
        problems.append(.init(field: field, message: message))
    }

    /// The entry without white space around it; nil when it is absent or empty.
    private func entry(_ field: String) -> String? {
        guard var text = entries[field].map({ Substring($0) }) else { return nil }
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text.isEmpty ? nil : String(text)
    }

    private mutating func required(_ field: String, _ message: String) -> String? {
        if let text = entry(field) { return text }
        problem(field, message)
        return nil
    }

    private mutating func number(_ field: String, _ range: ClosedRange<Int64>) -> Int64? {
        guard let text = entry(field) else { return nil }
        guard let value = Int64(text) else {
            problem(field, "\"\(text)\" is not a whole number")
            return nil
        }
        guard range.contains(value) else {
            let open = range.upperBound == .max
            let allowed = open ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            problem(field, "\(value) is out of range: it must be \(allowed)")
            return nil
        }
        return value
    }

    // MARK: - What and where to

    private mutating func kind() -> DatagenConnector.Kind? {
        guard let name = required("connector.class", "say DatagenSource") else { return nil }
        switch name {
        case "DatagenSource": return .cloud
        case "io.confluent.kafka.connect.datagen.DatagenConnector", "DatagenConnector", "Datagen": return .selfManaged
        default:
            problem("connector.class", "there is no connector \"\(name)\" here, only DatagenSource")
            return nil
        }
    }

    private mutating func topic() -> String? {
        guard let topic = required("kafka.topic", "say which topic to write to") else { return nil }
        let legal = topic.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard legal, topic.utf8.count <= 249, topic != ".", topic != ".." else {
            problem("kafka.topic", "\"\(topic)\" is no topic name")
            return nil
        }
        return topic
    }

    /// The schema, and the quickstart's name when it is one.
    private mutating func source() -> (RecordSchema?, String?) {
        let given = ["quickstart", "schema.string", "schema.filename"].filter { entry($0) != nil }
        guard let only = given.first else {
            problem("quickstart", "say what to generate: quickstart or schema.string")
            return (nil, nil)
        }
        guard given.count == 1 else {
            for field in given.dropFirst() { problem(field, "\(only) is set too, and only one of them can be") }
            return (nil, nil)
        }
        switch only {
        case "quickstart":
            do {
                let schema = try Quickstart.find(entry("quickstart") ?? "")
                return (schema, schema.name)
            } catch {
                problem("quickstart", error.description)
            }
        case "schema.string":
            do {
                let key = entry("schema.keyfield") ?? ""
                return (try RecordSchema.parse(avro: entry("schema.string") ?? "", keyField: key), nil)
            } catch {
                let ofKey = error.path == "schema.keyfield"
                problem(ofKey ? "schema.keyfield" : "schema.string", ofKey ? error.reason : error.description)
            }
        default:
            problem("schema.filename", "files are not read here: put the schema itself into schema.string")
        }
        return (nil, nil)
    }

    // MARK: - Format

    private mutating func format() -> DecimalFormat {
        let output = entry("output.data.format")?.uppercased() ?? "JSON"
        if output != "JSON" {
            let known = ["AVRO", "JSON_SR", "PROTOBUF"].contains(output)
            problem(
                "output.data.format",
                known
                    ? "\(output) needs a schema registry, which is not part of this: use JSON"
                    : "there is no format \"\(output)\": use JSON")
        }
        if let converter = entry("value.converter"), converter != "org.apache.kafka.connect.json.JsonConverter" {
            problem("value.converter", "only org.apache.kafka.connect.json.JsonConverter is available")
        }
        if let schemas = entry("value.converter.schemas.enable"), schemas.lowercased() != "false" {
            problem("value.converter.schemas.enable", "records are written without their schemas: use false")
        }
        if let converter = entry("key.converter"), converter != "org.apache.kafka.connect.storage.StringConverter" {
            problem("key.converter", "only org.apache.kafka.connect.storage.StringConverter is available")
        }
        guard let text = entry("value.converter.decimal.format") else { return .base64 }
        if let format = DecimalFormat(rawValue: text.uppercased()) { return format }
        problem("value.converter.decimal.format", "there is no format \"\(text)\": use BASE64 or NUMERIC")
        return .base64
    }

    // MARK: - Credentials

    private mutating func credentials(required: Bool) -> DatagenConnector.Credentials? {
        if let mode = entry("kafka.auth.mode"), mode.uppercased() != "KAFKA_API_KEY" {
            problem("kafka.auth.mode", "\"\(mode)\" is not available: use KAFKA_API_KEY")
            return nil
        }
        let key = entry("kafka.api.key")
        let secret = entry("kafka.api.secret")
        if let key, let secret { return .init(key: key, secret: secret) }
        // Half of a pair is a mistake in either kind.
        if required || key != nil || secret != nil || entry("kafka.auth.mode") != nil {
            if key == nil { problem("kafka.api.key", "an API key of the topic's cluster is needed") }
            if secret == nil { problem("kafka.api.secret", "the API key's secret is needed") }
        }
        return nil
    }
}
