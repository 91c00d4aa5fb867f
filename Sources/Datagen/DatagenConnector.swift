/// A datagen source connector as its configuration describes it: what it makes, how fast, for how long, as whom.
package struct DatagenConnector: Sendable {
    /// Which of the two original connectors the configuration was written for; their defaults differ.
    package enum Kind: Sendable, Hashable {
        /// `DatagenSource`.
        case cloud
        /// `io.confluent.kafka.connect.datagen.DatagenConnector`.
        case selfManaged

        /// `max.interval` when none is given, ms.
        package var defaultMaxIntervalMs: Int64 { self == .cloud ? 1000 : 500 }
    }

    package let name: String
    package let kind: Kind
    /// `kafka.topic`.
    package let topic: String
    package let schema: RecordSchema
    /// The quickstart's name in lower case; nil for a schema given as text.
    package let quickstart: String?
    /// The longest pause before a record, ms; 0 for none.
    package let maxIntervalMs: Int64
    /// How many records each task makes; nil for no end.
    package let iterations: Int64?
    /// `random.seed`; nil lets each start make other records.
    package let randomSeed: Int64?
    /// `tasks.max`: the tasks are numbered from 0.
    package let taskCount: Int
    package let decimalFormat: DecimalFormat
    /// The API key to produce with; nil when none is configured, which only the self-managed kind allows.
    package let credentials: Credentials?

    /// An API key. Its secret is in no description and no dump of it.
    package struct Credentials: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
        package let key: String
        package let secret: String

        package var description: String { "API key \(key)" }
        package var debugDescription: String { description }
        package var customMirror: Mirror { Mirror(self, children: ["key": key]) }
    }

    /// What is wrong with one entry of a configuration.
    package struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// The entry's key (`max.interval`).
        package let field: String
        package let message: String

        package var description: String { "\(field): \(message)" }
    }

    /// All that is wrong with a configuration, in the order of the keys' documentation; never empty.
    package struct InvalidConfiguration: Error, Sendable, CustomStringConvertible {
        package let problems: [Problem]

        package var description: String { problems.map { $0.description }.joined(separator: "; ") }
    }

    /// Reads a configuration. Keys that the connector does not know are left alone, as Connect does it.
    package init(configuration: [String: String]) throws(InvalidConfiguration) {
        var reader = DatagenConfigurationReader(configuration)
        let connector = reader.connector()
        guard reader.problems.isEmpty, let connector else { throw InvalidConfiguration(problems: reader.problems) }
        self = connector
    }

    /// What is wrong with a configuration; empty when a connector can be made of it.
    package static func validate(_ configuration: [String: String]) -> [Problem] {
        var reader = DatagenConfigurationReader(configuration)
        _ = reader.connector()
        return reader.problems
    }

    /// The configuration as it may be shown: every secret masked.
    package static func redacted(_ configuration: [String: String]) -> [String: String] {
        var shown = configuration
        for key in configuration.keys where isSecret(key) { shown[key] = "****************" }
        return shown
    }

    private static func isSecret(_ key: String) -> Bool {
        let words = ["secret", "password", "credentials", "jaas", "user.info"]
        return words.contains { key.lowercased().contains($0) }
    }

    init(
        name: String, kind: Kind, topic: String, schema: RecordSchema, quickstart: String?, maxIntervalMs: Int64,
        iterations: Int64?, randomSeed: Int64?, taskCount: Int, decimalFormat: DecimalFormat,
        credentials: Credentials?
    ) {
        self.name = name
        self.kind = kind
        self.topic = topic
        self.schema = schema
        self.quickstart = quickstart
        self.maxIntervalMs = maxIntervalMs
        self.iterations = iterations
        self.randomSeed = randomSeed
        self.taskCount = taskCount
        self.decimalFormat = decimalFormat
        self.credentials = credentials
    }

    /// One of the connector's tasks, at its beginning or where an earlier life of it stopped.
    /// - Parameters:
    ///   - index: 0..<`taskCount`.
    ///   - resuming: what `DatagenTask.state` said last; nil for a first start.
    ///   - entropy: the seed when neither the configuration nor `resuming` has one. Two starts should differ.
    package func task(_ index: Int, resuming: DatagenTaskState? = nil, entropy: UInt64) -> DatagenTask {
        precondition((0..<taskCount).contains(index))
        let seed = resuming?.seed ?? randomSeed.map { UInt64(bitPattern: $0) } ?? entropy
        return DatagenTask(
            connector: self, index: index,
            start: DatagenTaskState(
                generation: resuming?.generation ?? 0, iteration: resuming?.iteration ?? 0, seed: seed))
    }
}

extension DatagenConnector: CustomStringConvertible {
    package var description: String {
        let source = quickstart.map { "quickstart \($0.uppercased())" } ?? "schema \(schema.recordName)"
        return "datagen connector \(name): \(source) to \(topic), \(taskCount) task\(taskCount == 1 ? "" : "s")"
    }
}
