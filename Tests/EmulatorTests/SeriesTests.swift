import ClusterCore
import KafkaProtocol
import Testing

@testable import Emulator
@testable import RESTAPI

/// What is remembered of numbers over time.
struct NumberSeriesTests {
    @Test("the last values are kept, however they change")
    func lastValues() {
        var series = RunSeries(limit: 5)
        #expect(series.values(last: 3, missing: 0) == [0, 0, 0])
        for value in [1, 1, 2, nil, nil, 3, 3.5] {
            series.append(value)
        }
        #expect(series.count == 5)
        #expect(series.values(last: 9, missing: nil) == [nil, nil, nil, nil, 2, nil, nil, 3, 3.5])
        #expect(series.values(last: 2, missing: nil) == [3, 3.5])
        #expect(series.values(last: 0, missing: nil) == [])
    }

    @Test("values are those of a plain list, however often they change", arguments: [1, 3, 400, 70_000])
    func likeAList(period: Int) {
        var series = RunSeries(limit: 300)
        var list: [Double?] = []
        for index in 0..<1_500 {
            let value: Double? = index / period % 5 == 4 ? nil : Double(index / period)
            series.append(value)
            list.append(value)
        }
        #expect(series.values(last: 300, missing: 7) == Array(list.suffix(300)))
    }

    @Test("many equal values at once are as many one after the other")
    func several() {
        var series = RunSeries(limit: 100_000)
        series.append(2, count: 70_000)
        series.append(2, count: 3)
        #expect(series.count == 70_003)
        #expect(series.values(last: 70_003, missing: nil).allSatisfy { $0 == 2 })
        series.append(1, count: 1_000_000)
        #expect(series.count == 100_000)
    }

    @Test("ten seconds are the mean of a rate, and the last known of a level")
    func tenSeconds() {
        var (rate, level) = (NumberSeries(.rate), NumberSeries(.level))
        for value in 1...10 {
            rate.append(Double(value), endsTen: value == 10)
            level.append(value == 10 ? nil : Double(value), endsTen: value == 10)
        }
        #expect(rate.values(coarse: true, last: 1) == [5.5])
        #expect(level.values(coarse: true, last: 1) == [9])
    }
}

struct ClusterSeriesTests {
    private static let room = (topics: 10, mirrorPartitions: 10)

    private func reading(
        bytesIn: Int = 0, requests: UInt64 = 0, topics: [String: Int] = [:], mirrors: [MirrorStatus] = []
    ) -> SeriesReading {
        var traffic = Traffic()
        traffic.bytesIn = bytesIn
        var reading = SeriesReading(traffic: traffic, requests: requests, connections: 3)
        reading.topics = topics.mapValues { bytes in
            var traffic = Traffic()
            traffic.bytesIn = bytes
            return traffic
        }
        reading.mirrorNames = mirrors.map(\.mirrorTopicName)
        reading.mirrors = Dictionary(uniqueKeysWithValues: mirrors.map { ($0.mirrorTopicName, $0) })
        return reading
    }

    private func mirror(_ lags: [Int64], end: Int64 = 100, name: String = "m") -> MirrorStatus {
        MirrorStatus(
            linkName: "l", mirrorTopicName: name, sourceTopicName: "s", state: .active, stateTimeMs: 0,
            lags: lags.enumerated().map { MirrorLag(partition: Int32($0), lag: $1, lastSourceFetchOffset: end) })
    }

    private func values(
        _ name: String, _ subject: SeriesSubject, _ series: ClusterSeries, step: SeriesStep = .second,
        since: Int64? = nil
    ) -> [Double?]? {
        series.lines(of: subject, step: step, sinceMs: since).lines.first { $0.name == name }?.values
    }

    @Test("the first look is the beginning, every later one a second")
    func rates() {
        var series = ClusterSeries()
        series.add(reading(bytesIn: 1_000, requests: 5), monotonicMs: 0, wallMs: 10_000, room: Self.room)
        #expect(values("bytes_in", .cluster, series) == [])
        series.add(reading(bytesIn: 1_500, requests: 7), monotonicMs: 1_000, wallMs: 11_000, room: Self.room)
        series.add(reading(bytesIn: 1_500, requests: 8), monotonicMs: 2_000, wallMs: 12_000, room: Self.room)
        #expect(values("bytes_in", .cluster, series) == [500, 0])
        #expect(values("requests", .cluster, series) == [2, 1])
        #expect(values("connections", .cluster, series) == [3, 3])
        #expect(series.lines(of: .cluster, step: .second, sinceMs: nil).endMs == 12_000)
        #expect(values("bytes_in", .cluster, series, since: 11_000) == [0])
        #expect(values("bytes_in", .cluster, series, since: 10_999) == [500, 0])
        #expect(values("bytes_in", .cluster, series, since: .min)?.count == 2)
        #expect(values("bytes_in", .cluster, series, since: .max) == [])
    }

    @Test("seconds in which nobody looked have the rate of the whole time")
    func missedSeconds() {
        var series = ClusterSeries()
        series.add(reading(), monotonicMs: 0, wallMs: 0, room: Self.room)
        series.add(reading(bytesIn: 3_100, topics: ["t": 3_100]), monotonicMs: 3_100, wallMs: 3_100, room: Self.room)
        #expect(values("bytes_in", .cluster, series) == [1_000, 1_000, 1_000])
        #expect(values("bytes_in", .topic("t"), series) == [1_000, 1_000, 1_000])
    }

    @Test("a wall clock that is set, and a look that comes twice, do no harm")
    func clocks() {
        var series = ClusterSeries()
        series.add(reading(), monotonicMs: 5_000, wallMs: 900_000, room: Self.room)
        series.add(reading(bytesIn: 10), monotonicMs: 6_000, wallMs: 1_000, room: Self.room)
        series.add(reading(bytesIn: 10), monotonicMs: 6_000, wallMs: 1_000, room: Self.room)
        series.add(reading(bytesIn: 30), monotonicMs: 7_000, wallMs: 2_000, room: Self.room)
        #expect(values("bytes_in", .cluster, series) == [10, 20])
        #expect(series.lines(of: .cluster, step: .second, sinceMs: nil).endMs == 2_000)
    }

    @Test("five minutes of seconds and an hour of ten seconds are kept")
    func limits() {
        var series = ClusterSeries()
        for second in 0...4_005 {
            series.add(
                reading(bytesIn: second * 10), monotonicMs: Int64(second) * 1_000, wallMs: Int64(second) * 1_000,
                room: Self.room)
        }
        #expect(values("bytes_in", .cluster, series) == Array(repeating: 10, count: 300))
        #expect(values("bytes_in", .cluster, series, step: .tenSeconds) == Array(repeating: 10, count: 360))
        #expect(series.lines(of: .cluster, step: .tenSeconds, sinceMs: nil).endMs == 4_000_000)
    }

    @Test("a topic is followed from its first record on, and was silent before")
    func topics() {
        var series = ClusterSeries()
        for second in 0...5 {
            let topics = second < 4 ? [:] : ["t": 100 * second]
            series.add(reading(topics: topics), monotonicMs: Int64(second) * 1_000, wallMs: 0, room: Self.room)
        }
        #expect(values("bytes_in", .topic("t"), series) == [0, 0, 0, 400, 500])
        #expect(values("bytes_in", .topic("silent"), series) == [0, 0, 0, 0, 0])
        #expect(values("lag", .topic("t"), series) == nil)
    }

    @Test("what finds no room is not followed, and says so; a topic that is gone makes room")
    func room() {
        var series = ClusterSeries()
        series.add(reading(), monotonicMs: 0, wallMs: 0, room: (1, 0))
        series.add(reading(topics: ["a": 1, "b": 2]), monotonicMs: 1_000, wallMs: 0, room: (1, 0))
        #expect(series.topics.keys.sorted() == ["a"])
        let answer = series.lines(of: .topic("b"), step: .second, sinceMs: nil)
        #expect(answer.lines.isEmpty)
        #expect(answer.notice?.contains("not followed") == true)
        var later = reading(topics: ["b": 2])
        later.gone = ["a"]
        series.add(later, monotonicMs: 2_000, wallMs: 0, room: (1, 0))
        #expect(series.topics.keys.sorted() == ["b"])
    }

    @Test("a mirror's lag is there for all partitions, for each one and for its link")
    func mirrors() {
        var series = ClusterSeries()
        series.add(reading(), monotonicMs: 0, wallMs: 0, room: Self.room)
        series.add(
            reading(topics: ["m": 50], mirrors: [mirror([-1, -1])]), monotonicMs: 1_000, wallMs: 0, room: Self.room)
        series.add(reading(mirrors: [mirror([4, 3])]), monotonicMs: 2_000, wallMs: 0, room: Self.room)
        series.add(reading(mirrors: [mirror([0, 0])]), monotonicMs: 3_000, wallMs: 0, room: Self.room)
        #expect(values("lag", .topic("m"), series) == [nil, 7, 0])
        #expect(values("lag_partition_0", .topic("m"), series) == [nil, 4, 0])
        #expect(values("lag_partition_1", .topic("m"), series) == [nil, 3, 0])
        #expect(values("lag", .link("l"), series) == [nil, 7, 0])
        #expect(values("bytes_in", .link("l"), series) == [50, 0, 0])
    }

    @Test("the lag in milliseconds is the time since the source had what the mirror has")
    func lagMs() {
        var series = ClusterSeries()
        series.add(reading(), monotonicMs: 0, wallMs: 0, room: Self.room)
        // The source's end, and what the mirror lacks of it, second by second.
        let course: [(end: Int64, lag: Int64)] = [(10, 0), (20, 10), (30, 20), (40, 15), (40, 0)]
        for (index, (end, lag)) in course.enumerated() {
            series.add(
                reading(mirrors: [mirror([lag], end: end)]), monotonicMs: Int64(index + 1) * 1_000, wallMs: 0,
                room: Self.room)
        }
        // At 4 s the mirror is at 25: it lacks what the source has had since 3 s.
        #expect(values("lag_ms", .topic("m"), series) == [0, 0, 1_000, 1_000, 0])
    }

    @Test("of a mirror with very many partitions some are followed each on its own, and the answer says so")
    func wideMirrors() {
        var series = ClusterSeries()
        let wide = mirror(Array(repeating: 1, count: 150))
        series.add(reading(), monotonicMs: 0, wallMs: 0, room: (10, 1_000))
        series.add(reading(mirrors: [wide]), monotonicMs: 1_000, wallMs: 0, room: (10, 1_000))
        let answer = series.lines(of: .topic("m"), step: .second, sinceMs: nil)
        #expect(answer.lines.filter { $0.name.hasPrefix("lag_partition_") }.count == MirrorSeries.partitionLimit)
        #expect(values("lag", .topic("m"), series) == [150])
        #expect(answer.notice?.contains("150") == true)
        #expect(series.mirrorPartitionCount == MirrorSeries.partitionLimit)
    }
}
