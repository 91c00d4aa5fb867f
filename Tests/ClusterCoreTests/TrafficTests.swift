import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// What goes in and out is counted once, where it happens.
@Suite("Traffic")
struct TrafficTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
        try harness.createTopic("orders", partitions: 2)
        try harness.createTopic("other", partitions: 1)
    }

    private func collected() -> [String: Traffic] {
        var sums: [String: Traffic] = [:]
        for (topic, traffic) in harness.step({ $0.collectTraffic(limit: 100) }) {
            sums[topic, default: Traffic()] += traffic
        }
        return sums
    }

    @Test("records that are appended count with the bytes that their log has got, by topic and together")
    func appended() throws {
        try harness.produce("orders", partition: 0, "a", "b")
        try harness.produce("orders", partition: 1, "c")
        try harness.produce("other", "d")
        let total = harness.step { $0.traffic }
        let sums = collected()
        #expect(sums["orders"]?.recordsIn == 3)
        #expect(sums["other"]?.recordsIn == 1)
        let size = try harness.log("orders", 0).size + harness.log("orders", 1).size
        #expect(sums["orders"]?.bytesIn == Int(size))
        #expect(total.recordsIn == 4)
        #expect(total.bytesIn == (sums["orders"]?.bytesIn ?? 0) + (sums["other"]?.bytesIn ?? 0))
        #expect(total.recordsOut == 0)
        // Collected once.
        #expect(collected().isEmpty)
        #expect(harness.step { $0.traffic } == total)
    }

    @Test("records that are sent count from the offset on that was asked for")
    func sent() throws {
        try harness.produce("orders", "a", "b")
        try harness.produce("orders", "c")
        _ = collected()
        let answer = try harness.fetch(harness.fetchRequest("orders", from: 2))
        #expect(collected()["orders"]?.recordsOut == 1)
        let bytes = answer.records?.count ?? 0
        #expect(bytes > 0)
        #expect(harness.step { $0.traffic.bytesOut } == bytes)
        _ = try harness.fetch(harness.fetchRequest("orders"))
        #expect(collected()["orders"]?.recordsOut == 3)
    }

    @Test("what the process itself reads, to show it, is not consumed")
    func shown() throws {
        try harness.produce("orders", "a")
        _ = collected()
        let request = harness.fetchRequest("orders")
        var answer: FetchResponse?
        harness.step { $0.submit(request, now: harness.now) { answer = $0 } }
        #expect(answer?.responses.first?.partitions.first?.records?.count ?? 0 > 0)
        #expect(collected().isEmpty)
    }

    @Test("a Fetch that finds nothing, or a Produce that is refused, counts nothing")
    func nothing() throws {
        _ = try harness.fetch(harness.fetchRequest("orders"))
        let batch = [UInt8](repeating: 0, count: 80)
        _ = try harness.call(harness.produceRequest("orders", batch: batch))
        #expect(collected().isEmpty)
        #expect(harness.step { $0.traffic } == Traffic())
    }

    @Test("partitions are collected some at a time, each once")
    func pieces() throws {
        try harness.produce("orders", partition: 0, "a")
        try harness.produce("orders", partition: 1, "b")
        try harness.produce("other", "c")
        let pieces = (0..<3).map { _ in harness.step { $0.collectTraffic(limit: 2) } }
        #expect(pieces.map(\.count) == [2, 1, 0])
        #expect(pieces.joined().reduce(0) { $0 + $1.traffic.recordsIn } == 3)
    }
}
