import ClusterCore
import KafkaProtocol
import RESTAPI

/// What is followed of one topic.
struct TopicSeries: Sendable {
    var bytesIn: NumberSeries
    var recordsIn: NumberSeries
    var bytesOut: NumberSeries
    var recordsOut: NumberSeries
    /// Only of mirrors.
    var mirror: MirrorSeries?

    /// - Parameter ticks: seconds for which the cluster was looked at before; nothing happened in them.
    init(_ ticks: Int) {
        let silent = NumberSeries(.rate, silentFor: ticks % 10)
        (bytesIn, recordsIn, bytesOut, recordsOut) = (silent, silent, silent, silent)
    }

    mutating func append(_ traffic: Traffic, seconds: Double, endsTen: Bool) {
        bytesIn.append(Double(traffic.bytesIn) / seconds, endsTen: endsTen)
        recordsIn.append(Double(traffic.recordsIn) / seconds, endsTen: endsTen)
        bytesOut.append(Double(traffic.bytesOut) / seconds, endsTen: endsTen)
        recordsOut.append(Double(traffic.recordsOut) / seconds, endsTen: endsTen)
    }

    var isSilent: Bool {
        mirror == nil && bytesIn.isSilent && recordsIn.isSilent && bytesOut.isSilent && recordsOut.isSilent
    }
}

/// How far a mirror topic is behind, over time.
struct MirrorSeries: Sendable {
    /// Partitions of one topic whose lag is followed each on its own.
    static let partitionLimit = 100

    var link: String
    var lag = NumberSeries(.level)
    var lagMs = NumberSeries(.level)
    var partitions: [NumberSeries] = []
    /// When the source's ends, summed up, were first seen to have come so far; what the mirror has reached is left out.
    private var milestones: [(end: Int64, seenMs: Int64)] = []

    init(link: String) {
        self.link = link
    }

    /// - Parameters:
    ///   - lags: by partition, -1 where unknown.
    ///   - monotonicMs: the time at which they were so.
    mutating func append(_ mirror: MirrorStatus, monotonicMs: Int64, endsTen: Bool) {
        link = mirror.linkName
        let known = mirror.lags.filter { $0.lag >= 0 }
        let lagged = known.reduce(Int64(0)) { $0 +| $1.lag }
        lag.append(known.isEmpty ? nil : Double(lagged), endsTen: endsTen)
        lagMs.append(known.isEmpty ? nil : Double(age(known, lagged, monotonicMs)), endsTen: endsTen)
        for (index, entry) in mirror.lags.prefix(partitions.count).enumerated() {
            partitions[index].append(entry.lag < 0 ? nil : Double(entry.lag), endsTen: endsTen)
        }
    }

    /// Milliseconds since the source had what the mirror has.
    private mutating func age(_ lags: [MirrorLag], _ lagged: Int64, _ monotonicMs: Int64) -> Int64 {
        let end = lags.reduce(Int64(0)) { $0 +| max(0, $1.lastSourceFetchOffset) }
        let reached = end -| lagged
        if lagged > 0, milestones.last.map({ $0.end < end }) ?? true {
            milestones.append((end, monotonicMs))
        }
        milestones.removeAll { $0.end <= reached }
        if milestones.count > NumberSeries.fineLimit {
            // The oldest says since when; what is between tells less and less.
            milestones.remove(at: 1)
        }
        return lagged == 0 ? 0 : max(0, monotonicMs -| (milestones.first?.seenMs ?? monotonicMs))
    }
}

/// What is followed of one link: the sums of its mirrors.
struct LinkSeries: Sendable {
    var lag = NumberSeries(.level)
    var bytesIn: NumberSeries
    var recordsIn: NumberSeries

    init(_ ticks: Int) {
        let silent = NumberSeries(.rate, silentFor: ticks % 10)
        (bytesIn, recordsIn) = (silent, silent)
    }
}
