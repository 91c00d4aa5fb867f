import Foundation
import LoadGenerator

/// What needs both clusters and a link.
extension Run {
    private static let link = "bench-link"
    private static let partitions = 4

    private func clusters(_ target: Target) throws -> (dest: Address, http: Address) {
        guard let dest = target.dest, let http = target.http else {
            throw BenchmarkError("mirrors need --dest and --http")
        }
        return (dest, http)
    }

    func createLink(_ target: Target, _ http: Address, configs: [String: String] = [:]) throws {
        let all = configs.merging(["bootstrap.servers": "\(target.source)"]) { $1 }
        let entries = all.map { #"{"name":"\#($0.key)","value":"\#($0.value)"}"# }.joined(separator: ",")
        let body = #"{"source_cluster_id":"lkc-source","configs":[\#(entries)]}"#
        let path = "/kafka/v3/clusters/lkc-dest/links?link_name=\(Self.link)"
        try HTTP.must("POST", path, body: body, at: http)
    }

    func createMirror(_ topic: String, _ http: Address) throws {
        let path = "/kafka/v3/clusters/lkc-dest/links/\(Self.link)/mirrors"
        try HTTP.must("POST", path, body: #"{"source_topic_name":"\#(topic)"}"#, at: http)
    }

    /// How fast a link copies what a consumer could read, both over one connection.
    mutating func mirror(_ target: Target) throws {
        let (dest, http) = try clusters(target)
        let source = try AdminConnection(target.source)
        let shape = BatchShape(recordSize: 1000, filling: 16 << 10, name: "")
        let batch = shape.encode()
        let bytesPerPartition = 128 * 1_048_576 * min(1, options.seconds)
        let count = Int(bytesPerPartition) / batch.count
        let end = Int64(count * shape.recordCount)
        let topic = topicName("mirror")
        try source.createTopic(topic, partitions: Self.partitions)
        try fill(target.source, topic, batch, count, partitions: Self.partitions)

        let loop = try LoadLoop(address: target.source, connections: 1)
        let workload = FetchWorkload(
            topic: topic, partitions: Self.partitions, connections: 1, batchSize: batch.count,
            recordsPerBatch: shape.recordCount, end: end)
        let consumed = try loop.run(workload, until: { workload.everythingRead })
        let consumeRate = Double(workload.recordBytes) / consumed.seconds / 1e6

        try createLink(target, http)
        let (recordRate, cpu) = try cpuSeconds(target) { () throws -> Double in
            try createMirror(topic, http)
            return try copyRate(topic, dest, end: end)
        }
        let rate: Double = recordRate * Double(batch.count) / Double(shape.recordCount) / 1e6
        let bytes = Double(count * Self.partitions * batch.count)
        report.add(
            .mirror, "16 KB batches, \(Self.partitions) partitions, \(Int(bytes / 1e6)) MB",
            [
                "mirror MB/s": rate, "consume MB/s": consumeRate, "ratio": rate / consumeRate,
                "CPU s/GB": cpu / bytes * 1e9,
            ])
    }

    /// Records per second that arrive in the mirror, from the first that is seen there to the last.
    private func copyRate(_ topic: String, _ dest: Address, end: Int64) throws -> Double {
        let admin = try AdminConnection(dest)
        let begin = Clock.now()
        var first: (time: UInt64, records: Int64)?
        while Clock.seconds(since: begin) < 60 {
            let held = try (0..<Self.partitions).reduce(Int64(0)) {
                try $0 + (admin.endOffset(topic, partition: $1) ?? 0)
            }
            if first == nil, held > 0 { first = (Clock.now(), held) }
            if held == end * Int64(Self.partitions) {
                // A copy that is whole when first seen took at most the time since it was asked for.
                guard let first, first.records < held else { return Double(held) / Clock.seconds(since: begin) }
                return Double(held - first.records) / Clock.seconds(since: first.time)
            }
            Clock.pause(milliseconds: 1)
        }
        throw BenchmarkError("\(topic) was not mirrored within 60 s")
    }

    /// Time from sending a record to the source until a waiting consumer has it, on the source and on the mirror.
    mutating func lag(_ target: Target) throws {
        let (dest, http) = try clusters(target)
        let source = try AdminConnection(target.source)
        let topic = topicName("lag")
        try source.createTopic(topic, partitions: 1)
        try createLink(target, http)
        try createMirror(topic, http)
        let batch = BatchShape(recordSize: 100, recordCount: 1, name: "").encode()
        // The first record shows that the link runs; it is not measured.
        _ = try source.call(Request.produce(topic: topic, partition: 0, batch: batch))
        let admin = try AdminConnection(dest)
        let begin = Clock.now()
        while try admin.endOffset(topic, partition: 0) != 1 {
            guard Clock.seconds(since: begin) < 30 else {
                throw BenchmarkError("\(topic) was not mirrored within 30 s")
            }
            Clock.pause(milliseconds: 1)
        }
        for (name, address) in [("read from the source", target.source), ("read from the mirror", dest)] {
            let end = try source.endOffset(topic, partition: 0) ?? 0
            let probe = try LagProbe(
                producer: target.source, consumer: address, topic: topic, batch: batch, nextOffset: end)
            let (p50, p99) = try probe.run(seconds: 4 * options.seconds, perSecond: 500)
            report.add(.lag, "500 records/s, \(name)", ["p50 ms": p50, "p99 ms": p99])
        }
    }
}
