import LoadGenerator

/// Requests that are as long as they may be, and what waits or goes away in thousands.
extension Run {
    mutating func longRequests(_ target: Target) throws {
        try stall("OffsetFetch of 190,000 partitions", target) {
            try Self.callOrClose(target, Request.offsetFetch(group: "bench", topic: "none", partitions: 190_000))
        }
        try stall("DescribeConfigs of 99,000 topics that do not exist", target) {
            try Self.callOrClose(target, Request.describeConfigs(absentTopics: 99_000))
        }
    }

    /// Consumers of many partitions wait for more than there is; the probe produces to one of those.
    mutating func waitingFetches(_ target: Target) throws {
        let topic = topicName("waiting")
        try AdminConnection(target.source).createTopic(topic, partitions: 1_000)
        let pause = 2000 * options.seconds
        try stall("10 fetches of 1,000 partitions that wait, the probe's among them", target) { probe in
            let request = Request.fetch(
                topic: topic, partitions: 1_000, and: probe, minBytes: 32 << 20, waitMs: Int32(pause * 2))
            let clients = try (0..<10).map { _ in try AdminConnection(target.source) }
            for client in clients { try client.send(request) }
            Clock.pause(milliseconds: pause)
            withExtendedLifetime(clients) {}
        }
    }

    mutating func longDeletion(_ target: Target) throws {
        let admin = try AdminConnection(target.source)
        let topic = topicName("deletion")
        let shape = BatchShape(recordSize: 1000, filling: Load.largeBatch, name: "")
        try admin.createTopic(
            topic, partitions: 1, configs: ["segment.bytes": "1600000", "max.message.bytes": "1600000"])
        try fill(target.source, topic, shape.encode(), 600, partitions: 1)
        guard let end = try admin.endOffset(topic, partition: 0) else { return }
        try stall("DeleteRecords of 600 segments of 1 MiB", target) {
            _ = try admin.call(Request.deleteRecords(topic: topic, partition: 0, before: end))
        }
    }

    /// One request that makes thousands of logs wait for the disk.
    mutating func wideProduce(_ target: Target) throws {
        let admin = try AdminConnection(target.source)
        let topic = topicName("wide")
        try admin.createTopic(topic, partitions: 2_000)
        let batch = BatchShape(recordSize: 100, recordCount: 1, name: "").encode()
        try stall("fsync: a produce to 2,000 partitions", target) {
            _ = try admin.call(Request.produce(topic: topic, partitions: 2_000, batch: batch))
        }
    }
}
