/// One task of a datagen connector: a sequence of records that is the same for the same seed and another for each task.
package struct DatagenTask: Sendable {
    /// What goes to the topic.
    package struct Record: Sendable {
        /// What the string converter makes of the key field; nil for null, empty without a key field.
        package let key: [UInt8]?
        /// JSON.
        package let value: [UInt8]
        /// `task.generation`, `task.id` and `current.iteration` as decimal text, as Connect's simple header converter
        /// writes them.
        package let headers: [(key: String, value: [UInt8])]
    }

    /// Every record that `iterations` asks for has been made: the task fails with this, as the original's does.
    package struct Finished: Error, Hashable, CustomStringConvertible {
        package let count: Int64

        package var description: String { "Stopping connector: generated the configured \(count) number of messages" }
    }

    package let index: Int
    /// 0 for the first life of the task, one more with each restart.
    package let generation: Int64
    private let iterations: Int64?
    private let maxIntervalMs: Int64
    private let decimalFormat: DecimalFormat
    private var generator: RecordGenerator

    init(connector: DatagenConnector, index: Int, start: DatagenTaskState) {
        self.index = index
        generation = start.generation
        iterations = connector.iterations
        maxIntervalMs = connector.maxIntervalMs
        decimalFormat = connector.decimalFormat
        generator = RecordGenerator(schema: connector.schema, seed: start.seed, task: index)
        generator.skip(to: start.iteration)
    }

    /// How many records the task has made in all its lives.
    package var iteration: Int64 { generator.iteration }

    package var isFinished: Bool { iterations.map { generator.iteration >= $0 } ?? false }

    /// From where the task's next life goes on: to be kept once the records made so far are in the topic.
    package var state: DatagenTaskState {
        DatagenTaskState(generation: generation + 1, iteration: generator.iteration, seed: generator.seed)
    }

    /// How long to wait before the next record, ms: uniform from 0 up to `max.interval`, which is excluded.
    package func delayMs() -> Int64 {
        guard maxIntervalMs > 0 else { return 0 }
        // Its own stream: waiting must not change the records.
        var random = Randomness(seed: ~generator.seed, task: index, iteration: generator.iteration)
        return Int64(Double(maxIntervalMs) * random.fraction())
    }

    package mutating func next() throws(Finished) -> Record {
        if let iterations, isFinished { throw Finished(count: iterations) }
        let made = generator.next()
        return Record(
            key: made.key.plainText.map { Array($0.utf8) },
            value: Array(made.json(decimals: decimalFormat).utf8),
            headers: [
                ("task.generation", Array(String(generation).utf8)),
                ("task.id", Array(String(index).utf8)),
                ("current.iteration", Array(String(made.iteration).utf8)),
            ])
    }
}

/// Where a task stands, small enough to be kept after every record: what the original keeps in its source offsets.
package struct DatagenTaskState: Sendable, Hashable {
    /// Of the life that starts from here.
    package let generation: Int64
    /// The next record's place.
    package let iteration: Int64
    package let seed: UInt64

    package init(generation: Int64, iteration: Int64, seed: UInt64) {
        self.generation = generation
        self.iteration = iteration
        self.seed = seed
    }

    /// `task.generation=1,current.iteration=50,random.seed=42`.
    package var text: String {
        "task.generation=\(generation),current.iteration=\(iteration),random.seed=\(Int64(bitPattern: seed))"
    }

    /// Reads `text`; nil for anything else.
    package init?(text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let names = ["task.generation=", "current.iteration=", "random.seed="]
        guard parts.count == names.count else { return nil }
        var numbers: [Int64] = []
        for (part, name) in zip(parts, names) {
            guard part.hasPrefix(name), let number = Int64(part.dropFirst(name.count)) else { return nil }
            numbers.append(number)
        }
        guard numbers[0] >= 0, numbers[1] >= 0 else { return nil }
        self.init(generation: numbers[0], iteration: numbers[1], seed: UInt64(bitPattern: numbers[2]))
    }
}
