import Foundation
import LoadGenerator

/// The load of the tables: record sizes × batch sizes × connections.
enum Load {
    static let recordSizes = [100, 1000]
    static let connections = [1, 10, 200]
    static let partitions = 8
    static let largeBatch = 1 << 20
    /// Kafka's default limit is 1 MiB and a little; a batch of that size with its header must not hit it.
    static let topicConfigs = ["max.message.bytes": "4194304"]

    static func shapes(_ recordSize: Int) -> [BatchShape] {
        let record = recordSize < 1000 ? "\(recordSize) B" : "\(recordSize / 1000) KB"
        return [
            BatchShape(recordSize: recordSize, recordCount: 1, name: "\(record) × 1"),
            BatchShape(recordSize: recordSize, filling: 16 << 10, name: "\(record) in 16 KB"),
            BatchShape(recordSize: recordSize, filling: largeBatch, name: "\(record) in 1 MB"),
        ]
    }
}

/// Measures one server, or a fresh one for each group.
struct Run {
    let options: Options
    var report: Report
    private var numbers = 0

    init(options: Options) {
        self.options = options
        report = Report(secondsPerCell: options.seconds)
    }

    mutating func everything() throws {
        say("\(report.machine), \(Report.short(options.seconds)) s each")
        for group in options.groups {
            switch group {
            case .start: try starts()
            case .memory: try memory()
            case .loopback: try loopback()
            case .ratio: try withTarget { try $0.ratios($1) }
            case .small: try withTarget { try $0.small($1) }
            case .produce: try withTarget { try $0.produce($1) }
            case .fetch: try withTarget { try $0.fetch($1) }
            case .mirror: try withTarget { try $0.mirror($1) }
            case .lag: try withTarget { try $0.lag($1) }
            case .stall: try stalls()
            case .sustained: try withTarget { try $0.sustained($1) }
            }
        }
    }

    private mutating func withTarget(_ body: (inout Run, Target) throws -> Void) throws {
        if let target = options.target { return try body(&self, target) }
        let process = try startServer()
        defer { process.stop() }
        try body(&self, process.target)
    }

    func executable() throws -> String {
        guard let server = options.server else { throw BenchmarkError("this group starts servers: give --server") }
        return server
    }

    func startServer(_ more: [String] = [], openFiles: Int? = nil) throws -> ServerProcess {
        try ServerProcess(
            executable: executable(), options: options.serverOptions + more, dataParent: options.data,
            openFiles: openFiles)
    }

    mutating func topicName(_ label: String) -> String {
        numbers += 1
        return "bench-\(label)-\(numbers)-\(ProcessInfo.processInfo.processIdentifier)"
    }

    /// Runs `body` and returns the CPU seconds that the server used meanwhile.
    func cpuSeconds<R>(_ target: Target, _ body: () throws -> R) rethrows -> (R, Double) {
        let before = target.processID.map(ProcessFacts.cpuSeconds) ?? 0
        let result = try body()
        return (result, (target.processID.map(ProcessFacts.cpuSeconds) ?? 0) - before)
    }

    // MARK: - Groups

    private mutating func memory() throws {
        let process = try startServer()
        defer { process.stop() }
        for address in [process.target.source, process.target.dest].compactMap({ $0 }) {
            try AdminConnection(address).apiVersions()
        }
        if let http = process.target.http { _ = try HTTP.call("GET", "/readyz", at: http) }
        Clock.pause(milliseconds: 900)
        let resident = Double(ProcessFacts.residentBytes(process.target.processID ?? 0)) / Double(1 << 20)
        report.add(.memory, "idle, both clusters and HTTP", ["RSS MiB": resident])
    }

    /// What the network stack allows with the same sizes, for comparison.
    private mutating func loopback() throws {
        for connections in [1, 10] {
            for (name, requestSize, answerSize) in [
                ("down 1 MB", 100, Load.largeBatch), ("up 1 MB", Load.largeBatch, 50), ("ping-pong 200 B", 200, 60),
            ] {
                let server = try RawServer(answerSize: answerSize)
                defer { server.stop() }
                let loop = try LoadLoop(address: server.address, connections: connections)
                let result = try loop.run(RawWorkload(requestSize: requestSize), seconds: options.seconds)
                let bytes = max(result.bytesReceived, result.bytesSent)
                report.add(
                    .loopback, "\(name), \(connections) conn",
                    [
                        "MB/s": Double(bytes) / result.seconds / 1e6,
                        "requests/s": Double(result.requests) / result.seconds,
                    ])
            }
        }
    }

    /// Server CPU time of a produce request with one record of 100 bytes.
    private mutating func small(_ target: Target) throws {
        let admin = try AdminConnection(target.source)
        let batch = BatchShape(recordSize: 100, recordCount: 1, name: "").encode()
        for (connections, depth) in [(1, 1), (50, 1), (200, 1), (10, 10)] {
            let topic = topicName("small")
            try admin.createTopic(topic, partitions: Load.partitions)
            let loop = try LoadLoop(address: target.source, connections: connections)
            let workload = ProduceWorkload(topic: topic, partitions: Load.partitions, batch: batch, depth: depth)
            _ = try loop.run(workload, seconds: options.seconds / 4)
            var rounds: [(micros: Double, result: LoadResult)] = []
            for _ in 0..<3 {
                let (result, cpu) = try cpuSeconds(target) { try loop.run(workload, seconds: options.seconds) }
                rounds.append((cpu * 1e6 / Double(result.requests), result))
            }
            rounds.sort { $0.micros < $1.micros }
            let median = rounds[1]
            report.add(
                .small, "1 record of 100 B, \(connections) conn × \(depth)",
                [
                    "CPU µs/request": median.micros,
                    "requests/s": Double(median.result.requests) / median.result.seconds,
                    "p50 µs": median.result.latency(0.5), "p99 µs": median.result.latency(0.99),
                ])
            try admin.deleteTopic(topic)
        }
    }

    private mutating func produce(_ target: Target) throws {
        let admin = try AdminConnection(target.source)
        for shape in Load.recordSizes.flatMap(Load.shapes) {
            let batch = shape.encode()
            for connections in Load.connections {
                let topic = topicName("produce")
                try admin.createTopic(topic, partitions: Load.partitions, configs: Load.topicConfigs)
                let loop = try LoadLoop(address: target.source, connections: connections)
                let workload = ProduceWorkload(topic: topic, partitions: Load.partitions, batch: batch)
                let (result, cpu) = try cpuSeconds(target) { try loop.run(workload, seconds: options.seconds) }
                let bytes = Double(result.requests * batch.count)
                report.add(
                    .produce, "\(shape.name), \(connections) conn",
                    [
                        "MB/s": bytes / result.seconds / 1e6,
                        "records/s": Double(result.requests * shape.recordCount) / result.seconds,
                        "CPU s/GB": cpu / bytes * 1e9, "p99 ms": result.latency(0.99) / 1000,
                    ])
                try admin.deleteTopic(topic)
            }
        }
    }

    private mutating func fetch(_ target: Target) throws {
        let admin = try AdminConnection(target.source)
        for shape in Load.recordSizes.flatMap(Load.shapes) {
            let batch = shape.encode()
            let topic = topicName("fetch")
            let count = Self.batchesPerPartition(batch.count)
            try admin.createTopic(topic, partitions: Load.partitions, configs: Load.topicConfigs)
            try fill(target.source, topic, batch, count)
            for connections in Load.connections {
                let loop = try LoadLoop(address: target.source, connections: connections)
                let workload = FetchWorkload(
                    topic: topic, partitions: Load.partitions, connections: connections, batchSize: batch.count,
                    recordsPerBatch: shape.recordCount, end: Int64(count * shape.recordCount))
                let (result, cpu) = try cpuSeconds(target) { try loop.run(workload, seconds: options.seconds) }
                report.add(
                    .fetch, "\(shape.name), \(connections) conn",
                    [
                        "MB/s": Double(workload.recordBytes) / result.seconds / 1e6,
                        "records/s": Double(workload.records) / result.seconds,
                        "CPU s/GB": cpu / Double(workload.recordBytes) * 1e9,
                    ])
            }
            try admin.deleteTopic(topic)
        }
    }

    /// Batches of each partition: 16 MiB or 10,000 batches, whichever is less.
    private static func batchesPerPartition(_ size: Int) -> Int {
        min(10_000, (16 << 20) / size)
    }

    /// Writes the same number of batches to every partition, one connection for each.
    func fill(
        _ address: Address, _ topic: String, _ batch: [UInt8], _ count: Int, partitions: Int = Load.partitions
    ) throws {
        let loop = try LoadLoop(address: address, connections: partitions)
        let workload = FillWorkload(topic: topic, partitions: partitions, batch: batch, count: count)
        _ = try loop.run(workload, until: { workload.isDone })
    }

    /// Five seconds of batches of 1 MB: long enough for the page cache to push back.
    private mutating func sustained(_ target: Target) throws {
        let admin = try AdminConnection(target.source)
        let shape = BatchShape(recordSize: 1000, filling: Load.largeBatch, name: "")
        let batch = shape.encode()
        let topic = topicName("sustained")
        try admin.createTopic(topic, partitions: 4, configs: Load.topicConfigs)
        let loop = try LoadLoop(address: target.source, connections: 4)
        let workload = ProduceWorkload(topic: topic, partitions: 4, batch: batch, depth: 2)
        let (result, cpu) = try cpuSeconds(target) { try loop.run(workload, seconds: 5 * options.seconds) }
        let bytes = Double(result.requests * batch.count)
        report.add(
            .sustained, "1 MB batches, 4 conn × 2, \(Report.short(5 * options.seconds)) s",
            [
                "MB/s": bytes / result.seconds / 1e6, "CPU s/GB": cpu / bytes * 1e9,
                "p99 ms": result.latency(0.99) / 1000,
            ])
        try admin.deleteTopic(topic)
    }
}
