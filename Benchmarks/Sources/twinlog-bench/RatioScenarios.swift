import Foundation
import LoadGenerator

/// Broker and bare loopback in turns, with the same sizes and connections: what the machine does besides hits both.
extension Run {
    mutating func ratios(_ target: Target) throws {
        let shape = BatchShape(recordSize: 1000, filling: Load.largeBatch, name: "")
        let batch = shape.encode()
        let admin = try AdminConnection(target.source)
        let topic = topicName("ratio")
        let count = 16
        try admin.createTopic(topic, partitions: Load.partitions, configs: Load.topicConfigs)
        try fill(target.source, topic, batch, count)
        for connections in [1, 10] {
            try compare("fetch 1 MB, \(connections) conn", requestSize: 100, answerSize: batch.count, connections) {
                seconds in
                let loop = try LoadLoop(address: target.source, connections: connections)
                let workload = FetchWorkload(
                    topic: topic, partitions: Load.partitions, connections: connections, batchSize: batch.count,
                    recordsPerBatch: shape.recordCount, end: Int64(count * shape.recordCount))
                let result = try loop.run(workload, seconds: seconds)
                return Double(workload.recordBytes) / result.seconds / 1e6
            }
        }
        for connections in [1, 10] {
            try compare("produce 1 MB, \(connections) conn", requestSize: batch.count, answerSize: 60, connections) {
                seconds in
                let loop = try LoadLoop(address: target.source, connections: connections)
                let workload = ProduceWorkload(topic: topic, partitions: Load.partitions, batch: batch)
                let result = try loop.run(workload, seconds: seconds)
                return Double(result.requests * batch.count) / result.seconds / 1e6
            }
        }
        try admin.deleteTopic(topic)
    }

    /// `broker` runs for so many seconds and returns its MB/s.
    private mutating func compare(
        _ name: String, requestSize: Int, answerSize: Int, _ connections: Int, broker: (Double) throws -> Double
    ) throws {
        var rounds: [(broker: Double, loopback: Double)] = []
        for _ in 0..<3 {
            let raw = try RawServer(answerSize: answerSize)
            defer { raw.stop() }
            let loop = try LoadLoop(address: raw.address, connections: connections)
            let result = try loop.run(RawWorkload(requestSize: requestSize), seconds: options.seconds / 2)
            let bytes = Double(max(result.bytesSent, result.bytesReceived))
            rounds.append((try broker(options.seconds / 2), bytes / result.seconds / 1e6))
        }
        rounds.sort { $0.broker / $0.loopback < $1.broker / $1.loopback }
        let median = rounds[1]
        report.add(
            .ratio, name,
            [
                "broker MB/s": median.broker, "loopback MB/s": median.loopback,
                "ratio": median.broker / median.loopback,
            ])
    }
}
