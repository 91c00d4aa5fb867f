import ClusterCore
import KafkaProtocol
import RESTAPI

/// What is remembered of one cluster.
struct ClusterSeries: Sendable {
    /// Seconds so far.
    private(set) var ticks = 0
    private(set) var topics: [String: TopicSeries] = [:]
    private var links: [String: LinkSeries] = [:]
    private var bytesIn = NumberSeries(.rate)
    private var bytesOut = NumberSeries(.rate)
    private var recordsIn = NumberSeries(.rate)
    private var recordsOut = NumberSeries(.rate)
    private var requests = NumberSeries(.rate)
    private var connections = NumberSeries(.level)
    private var endMs: Int64 = 0
    private var coarseEndMs: Int64 = 0
    private var last: (reading: SeriesReading, monotonicMs: Int64)?
    /// Mirrors as they were seen last.
    private var mirrors: [String: MirrorStatus] = [:]
    /// Whether there was no room for something.
    private var isFull = false

    /// After so many seconds without a look everything that is remembered is older.
    private static let longestGap = 3_600

    var mirrorPartitionCount: Int { topics.values.reduce(0) { $0 + ($1.mirror?.partitions.count ?? 0) } }

    /// Takes in what was seen.
    /// - Parameters:
    ///   - wallMs: only names the moment; it may step back.
    ///   - room: how many more topics and mirror partitions may be followed.
    mutating func add(
        _ reading: SeriesReading, monotonicMs: Int64, wallMs: Int64, room: (topics: Int, mirrorPartitions: Int)
    ) {
        guard let last, monotonicMs > last.monotonicMs else {
            // Nothing to compare with: what was before is not known.
            self.last = self.last ?? (reading.totals, monotonicMs)
            return
        }
        let elapsed = monotonicMs -| last.monotonicMs
        self.last = (reading.totals, monotonicMs)
        follow(reading, room)
        let steps = min(max(1, Int((elapsed +| 500) / 1_000)), Self.longestGap)
        let seconds = Double(elapsed) / 1_000
        for _ in 0..<steps {
            let endsTen = ticks % 10 == 9
            append(reading, last.reading, seconds: seconds, endsTen: endsTen)
            append(reading, seconds: seconds, monotonicMs, endsTen: endsTen)
            ticks += 1
            coarseEndMs = endsTen ? wallMs : coarseEndMs
        }
        endMs = wallMs
    }

    private mutating func append(
        _ reading: SeriesReading, _ before: SeriesReading, seconds: Double, endsTen: Bool
    ) {
        func rate(_ now: Int, _ earlier: Int) -> Double { Double(max(0, now &- earlier)) / seconds }
        let (traffic, old) = (reading.traffic, before.traffic)
        bytesIn.append(rate(traffic.bytesIn, old.bytesIn), endsTen: endsTen)
        bytesOut.append(rate(traffic.bytesOut, old.bytesOut), endsTen: endsTen)
        recordsIn.append(rate(traffic.recordsIn, old.recordsIn), endsTen: endsTen)
        recordsOut.append(rate(traffic.recordsOut, old.recordsOut), endsTen: endsTen)
        let asked = reading.requests >= before.requests ? reading.requests - before.requests : 0
        requests.append(Double(asked) / seconds, endsTen: endsTen)
        connections.append(Double(reading.connections), endsTen: endsTen)
    }

    /// The same for topics and links.
    private mutating func append(_ reading: SeriesReading, seconds: Double, _ monotonicMs: Int64, endsTen: Bool) {
        var sums: [String: (lag: Double?, traffic: Traffic)] = [:]
        for name in Array(topics.keys) {
            let traffic = reading.topics[name] ?? Traffic()
            topics[name]?.append(traffic, seconds: seconds, endsTen: endsTen)
            guard let mirror = mirrors[name] else {
                topics[name]?.mirror = nil
                continue
            }
            topics[name]?.mirror?.append(mirror, monotonicMs: monotonicMs, endsTen: endsTen)
        }
        for (name, mirror) in mirrors {
            var sum = sums[mirror.linkName] ?? (nil, Traffic())
            for lag in mirror.lags where lag.lag >= 0 {
                sum.lag = (sum.lag ?? 0) + Double(lag.lag)
            }
            sum.traffic += reading.topics[name] ?? Traffic()
            sums[mirror.linkName] = sum
        }
        for name in Array(links.keys) where sums[name] == nil {
            links[name]?.lag.append(nil, endsTen: endsTen)
            links[name]?.bytesIn.append(0, endsTen: endsTen)
            links[name]?.recordsIn.append(0, endsTen: endsTen)
        }
        for (name, sum) in sums {
            var link = links[name] ?? LinkSeries(ticks)
            link.lag.append(sum.lag, endsTen: endsTen)
            link.bytesIn.append(Double(sum.traffic.bytesIn) / seconds, endsTen: endsTen)
            link.recordsIn.append(Double(sum.traffic.recordsIn) / seconds, endsTen: endsTen)
            links[name] = link
        }
    }

    /// Begins to follow what has something to tell, and ends it where nothing is left to be told.
    private mutating func follow(_ reading: SeriesReading, _ room: (topics: Int, mirrorPartitions: Int)) {
        var room = room
        for name in reading.gone {
            topics[name] = nil
        }
        if let seen = reading.mirrors {
            mirrors = seen
        } else {
            let present = Set(reading.mirrorNames)
            mirrors = mirrors.filter { present.contains($0.key) }
        }
        if ticks % 10 == 9 {
            topics = topics.filter { !$0.value.isSilent }
            let linked = Set(mirrors.values.map(\.linkName))
            links = links.filter { linked.contains($0.key) || !$0.value.bytesIn.isSilent }
            isFull = false
        }
        for name in reading.topics.keys.sorted() + mirrors.keys.sorted() where topics[name] == nil {
            guard room.topics > 0 else {
                isFull = true
                break
            }
            room.topics -= 1
            topics[name] = TopicSeries(ticks)
        }
        for (name, mirror) in mirrors where topics[name]?.mirror == nil && topics[name] != nil {
            var series = MirrorSeries(link: mirror.linkName)
            let count = min(mirror.lags.count, MirrorSeries.partitionLimit, room.mirrorPartitions)
            series.partitions = Array(repeating: NumberSeries(.level), count: count)
            room.mirrorPartitions -= count
            topics[name]?.mirror = series
        }
    }

    // MARK: Reading

    func lines(of subject: SeriesSubject, step: SeriesStep, sinceMs: Int64?) -> TimeSeries {
        let isCoarse = step == .tenSeconds
        let end = isCoarse ? coarseEndMs : endMs
        var count = min(
            isCoarse ? ticks / 10 : ticks, isCoarse ? NumberSeries.coarseLimit : NumberSeries.fineLimit)
        if let sinceMs {
            let wanted = max(0, end -| sinceMs +| (step.rawValue - 1)) / step.rawValue
            count = min(count, Int(clamping: wanted))
        }
        func line(_ name: String, _ unit: String, _ series: NumberSeries) -> TimeSeries.Line {
            TimeSeries.Line(name: name, unit: unit, values: series.values(coarse: isCoarse, last: count))
        }
        var answer = TimeSeries(step: step, endMs: end, lines: [])
        switch subject {
        case .cluster:
            answer.lines = [
                line("bytes_in", "bytes/s", bytesIn), line("bytes_out", "bytes/s", bytesOut),
                line("records_in", "records/s", recordsIn), line("records_out", "records/s", recordsOut),
                line("connections", "connections", connections), line("requests", "requests/s", requests),
            ]
        case .topic(let name):
            if topics[name] == nil, isFull {
                answer.notice = "This topic is not followed: \(ClusterSampler.topicLimit) others are, no more can be."
                return answer
            }
            let topic = topics[name] ?? TopicSeries(ticks)
            answer.lines = [
                line("bytes_in", "bytes/s", topic.bytesIn), line("bytes_out", "bytes/s", topic.bytesOut),
                line("records_in", "records/s", topic.recordsIn), line("records_out", "records/s", topic.recordsOut),
            ]
            if let mirror = topic.mirror {
                answer.lines += [line("lag", "records", mirror.lag), line("lag_ms", "ms", mirror.lagMs)]
                answer.lines += mirror.partitions.enumerated().map { line("lag_partition_\($0)", "records", $1) }
                let all = mirrors[name]?.lags.count ?? 0
                if mirror.partitions.count < all {
                    let count = mirror.partitions.count
                    answer.notice = "Of \(all) partitions the lag of \(count) is followed each on its own."
                }
            }
        case .link(let name):
            let link = links[name] ?? LinkSeries(ticks)
            answer.lines = [
                line("lag", "records", link.lag), line("bytes_in", "bytes/s", link.bytesIn),
                line("records_in", "records/s", link.recordsIn),
            ]
        }
        return answer
    }
}
