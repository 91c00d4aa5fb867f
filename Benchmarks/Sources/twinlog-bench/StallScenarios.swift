import LoadGenerator

/// How long other clients make one wait: a small produce on a connection of its own beside loads that once held the
/// cluster's loop.
extension Run {
    private static let partitions = 10_000

    mutating func stalls() throws {
        let pause = 2000 * options.seconds
        try withStallServer([]) { run, target in
            try run.stall("nothing else", target) { Clock.pause(milliseconds: pause) }
            try run.administration(target)
            try run.amplification(target)
            try run.longRequests(target)
            try run.waitingFetches(target)
            try run.longDeletion(target)
            try run.slowReaders(target)
            try run.bombs(target)
            try run.logins(target)
            try run.halfRequests(target)
            try run.eagerLink(target)
        }
        if options.target == nil {
            try withStallServer([], openFiles: 256) { run, target in try run.descriptors(target) }
        }
        try withStallServer(["--durability", "fsync"]) { run, target in
            try run.stall("fsync: nothing else", target) { Clock.pause(milliseconds: pause) }
            try run.syncedPartitions(target)
            try run.wideProduce(target)
            try run.administration(target, "fsync: ")
        }
    }

    private mutating func withStallServer(
        _ more: [String], openFiles: Int? = nil, _ body: (inout Run, Target) throws -> Void
    ) throws {
        if let target = options.target { return try body(&self, target) }
        let process = try startServer(more, openFiles: openFiles)
        defer { process.stop() }
        try body(&self, process.target)
    }

    /// Runs `load` beside the probe and notes what the probe saw.
    mutating func stall(_ name: String, _ target: Target, _ load: () throws -> Void) throws {
        try stall(name, target) { (_: String) in try load() }
    }

    /// The same with a load that is told the probe's topic.
    mutating func stall(_ name: String, _ target: Target, _ load: (String) throws -> Void) throws {
        let topic = topicName("probe")
        let admin = try AdminConnection(target.source)
        try admin.createTopic(topic, partitions: 1)
        let probe = StallProbe(target.source, topic: topic)
        Clock.pause(milliseconds: 100)
        let begin = Clock.now()
        let (_, cpu) = try cpuSeconds(target) { try load(topic) }
        let seconds = Clock.seconds(since: begin)
        Clock.pause(milliseconds: 200)
        let seen = try probe.stop()
        let resident = Double(ProcessFacts.residentBytes(target.processID ?? 0)) / Double(1 << 20)
        report.add(
            .stall, name,
            [
                "p50 ms": seen.p50, "p99 ms": seen.p99, "longest ms": seen.longest, "load s": seconds,
                "CPU %": cpu / seconds * 100, "RSS MiB": resident,
            ])
        try admin.deleteTopic(topic)
    }

    private mutating func administration(_ target: Target, _ prefix: String = "") throws {
        let admin = try AdminConnection(target.source)
        let large = topicName("large")
        try stall("\(prefix)create a topic of 10,000 partitions", target) {
            try admin.createTopic(large, partitions: Self.partitions)
        }
        if prefix.isEmpty {
            // Housekeeping and checkpoints are to cost by what changes, not by what is there.
            let pause = 6000 * options.seconds
            try stall("\(Self.partitions.formatted()) partitions that rest", target) {
                Clock.pause(milliseconds: pause)
            }
        }
        try stall("\(prefix)delete it", target) { try admin.deleteTopic(large) }
        let many = (0..<100).map { "\(topicName("many"))-\($0)" }
        try stall("\(prefix)create 100 topics of 100 partitions", target) {
            for name in many { try admin.createTopic(name, partitions: 100) }
        }
        try stall("\(prefix)delete them", target) { for name in many { try admin.deleteTopic(name) } }
        let names = (0..<500).map { "\(topicName("auto"))-\($0)" }
        try stall("\(prefix)500 names created by one Metadata request", target) {
            _ = try admin.call(Request.autoCreate(names))
        }
    }

    private mutating func amplification(_ target: Target) throws {
        let admin = try AdminConnection(target.source)
        let topic = topicName("configs")
        try admin.createTopic(topic, partitions: 1)
        try stall("DescribeConfigs of one topic, 10,000 times in a request", target) {
            try Self.callOrClose(target, Request.describeConfigs(topic: topic, times: 10_000))
        }
        try stall("OffsetFetch of one partition, 100,000 times in a request", target) {
            try Self.callOrClose(target, Request.offsetFetch(group: "bench", topic: topic, times: 100_000))
        }
    }

    /// A request that the server may refuse by closing the connection.
    static func callOrClose(_ target: Target, _ frame: [UInt8]) throws {
        let connection = try AdminConnection(target.source)
        _ = try? connection.call(frame)
    }

    /// Connections that ask for much and read nothing.
    private mutating func slowReaders(_ target: Target) throws {
        let admin = try AdminConnection(target.source)
        let topic = topicName("readers")
        let shape = BatchShape(recordSize: 1000, filling: Load.largeBatch, name: "")
        try admin.createTopic(topic, partitions: 1, configs: Load.topicConfigs)
        try fill(target.source, topic, shape.encode(), 64, partitions: 1)
        let request = Request.fetch(topic: topic, partition: 0, maxBytes: 50 << 20, waitMs: 0).bytes
        let pause = 2000 * options.seconds
        try stall("40 connections fetch 50 MB each and read nothing", target) {
            let readers = try (0..<40).map { _ in try AdminConnection(target.source) }
            for reader in readers { try reader.send(request) }
            Clock.pause(milliseconds: pause)
            withExtendedLifetime(readers) {}
        }
    }

    private mutating func bombs(_ target: Target) throws {
        let topic = topicName("bombs")
        try AdminConnection(target.source).createTopic(topic, partitions: 1)
        // Just below the default of max.message.bytes.
        let frame = Request.produce(
            topic: topic, partition: 0, batch: BatchShape.bomb(decompressedBytes: 20 << 20))
        try stall("20 batches of 1 MB that are 20 MiB once decompressed", target) {
            let connection = try AdminConnection(target.source)
            for _ in 0..<20 { _ = try connection.call(frame) }
        }
    }

    private mutating func logins(_ target: Target) throws {
        guard let address = target.saslPlaintext else { return }
        let token = Array("\0nobody\0wrong".utf8)
        try stall("200 log-ins with a wrong password, 20 at a time", target) {
            for _ in 0..<10 {
                let clients = try (0..<20).map { _ in try AdminConnection(address) }
                for client in clients {
                    _ = try client.call(Request.saslHandshake("PLAIN"))
                    try client.send(Request.saslAuthenticate(token))
                }
                for client in clients { _ = try? client.receive() }
            }
        }
    }

    /// What `/healthz` takes beside a thousand requests that never end.
    private mutating func halfRequests(_ target: Target) throws {
        guard let http = target.http else { return }
        let halves = try (0..<1000).map { _ in try HalfRequest(http) }
        let begin = Clock.now()
        try stall("1,000 half HTTP requests; the load is one GET /healthz", target) {
            _ = try HTTP.call("GET", "/healthz", at: http)
        }
        say("GET /healthz beside \(halves.count) half requests: \(Report.short(Clock.seconds(since: begin))) s")
        withExtendedLifetime(halves) {}
    }

    /// A link that asks without pause for what is not there.
    private mutating func eagerLink(_ target: Target) throws {
        guard target.dest != nil, let http = target.http else { return }
        let topic = topicName("eager")
        try AdminConnection(target.source).createTopic(topic, partitions: 4)
        try createLink(
            target, http, configs: ["replica.fetch.wait.max.ms": "0", "replica.fetch.min.bytes": "0"])
        try createMirror(topic, http)
        let pause = 3000 * options.seconds
        try stall("a link with replica.fetch.wait.max.ms=0 and min.bytes=0, nothing to fetch", target) {
            Clock.pause(milliseconds: pause)
        }
    }

    /// More connections than the process may have files: the rest waits, and nobody spins.
    private mutating func descriptors(_ target: Target) throws {
        let pause = 2000 * options.seconds
        try stall("400 connections where 256 files may be open", target) {
            let clients = try (0..<400).map { _ in try AdminConnection(target.source) }
            Clock.pause(milliseconds: pause)
            withExtendedLifetime(clients) {}
        }
    }

    private mutating func syncedPartitions(_ target: Target) throws {
        let topic = topicName("synced")
        try AdminConnection(target.source).createTopic(topic, partitions: 20)
        let batch = BatchShape(recordSize: 100, recordCount: 1, name: "").encode()
        let seconds = 2 * options.seconds
        try stall("fsync: 20 producers on 20 partitions", target) {
            let loop = try LoadLoop(address: target.source, connections: 20)
            _ = try loop.run(ProduceWorkload(topic: topic, partitions: 20, batch: batch), seconds: seconds)
        }
    }
}
