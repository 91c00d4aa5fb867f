import ClusterCore
import KafkaTransport
import RESTAPI
import Synchronization

/// Numbers of one cluster over time, in memory: the cluster and its transport count, and once a second somebody looks.
///
/// Seconds go by the monotonic clock; the wall clock only names the last one, so that nothing happens when it is set.
final class ClusterSampler: Sendable {
    /// What is followed in this process at most.
    static let topicLimit = 2_000
    static let mirrorPartitionLimit = 10_000
    /// Mirror partitions of a cluster beyond which they are only looked at every ten seconds.
    static let quickMirrorPartitions = 1_000
    /// Partitions with traffic that are collected in one go.
    private static let partitionsPerPiece = 2_000

    private let series: Mutex<ClusterSeries>

    init() {
        // Nothing has been counted yet: what happens before the first look belongs to it.
        let nothing = SeriesReading(traffic: Traffic(), requests: 0, connections: 0)
        var series = ClusterSeries()
        series.add(nothing, monotonicMs: MonotonicClock.nowMs(), wallMs: 0, room: (0, 0))
        self.series = Mutex(series)
    }

    /// Topics and mirror partitions that are followed.
    var followed: (topics: Int, mirrorPartitions: Int) {
        series.withLock { ($0.topics.count, $0.mirrorPartitionCount) }
    }

    /// Looks once.
    /// - Parameter room: how many more topics and mirror partitions may be followed.
    func sample(_ runtime: ClusterRuntime, room: (topics: Int, mirrorPartitions: Int)) async throws {
        let loop = runtime.loop
        let isTenth = series.withLock { $0.ticks % 10 == 9 }
        let followed = series.withLock { isTenth ? Array($0.topics.keys) : [] }
        let (first, monotonicMs): (SeriesReading, Int64) = try await loop.onLoop {
            let connections = loop.connectionCount
            let reading = loop.withCluster { cluster, _ in
                SeriesReading(&cluster, connections: connections, followed)
            }
            return loop.eventLoop.makeSucceededFuture((reading, MonotonicClock.nowMs()))
        }
        var reading = first
        while true {
            let piece = try await loop.submit { cluster, _ in
                cluster.collectTraffic(limit: Self.partitionsPerPiece)
            }
            for (topic, traffic) in piece {
                reading.topics[topic, default: Traffic()] += traffic
            }
            guard piece.count == Self.partitionsPerPiece else {
                break
            }
        }
        if isTenth || reading.mirrorPartitions <= Self.quickMirrorPartitions {
            reading.mirrors = try await runtime.mirrorStatuses(of: reading.mirrorNames)
        }
        let wallMs = WallClock.nowMs()
        series.withLock { [reading] in $0.add(reading, monotonicMs: monotonicMs, wallMs: wallMs, room: room) }
    }

    func lines(of subject: SeriesSubject, step: SeriesStep, sinceMs: Int64?) -> TimeSeries {
        series.withLock { $0.lines(of: subject, step: step, sinceMs: sinceMs) }
    }
}

/// What one look sees.
struct SeriesReading: Sendable {
    /// Since the start.
    var traffic: Traffic
    var requests: UInt64
    var connections: Int
    /// Since the last look, of those that have some.
    var topics: [String: Traffic] = [:]
    /// Mirror topics, ordered.
    var mirrorNames: [String] = []
    var mirrorPartitions = 0
    /// nil when nobody looked.
    var mirrors: [String: MirrorStatus]?
    /// Topics that are followed and do not exist any more.
    var gone: [String] = []

    /// Without what is not compared with the next look.
    var totals: SeriesReading { SeriesReading(traffic: traffic, requests: requests, connections: connections) }

    init(traffic: Traffic, requests: UInt64, connections: Int) {
        self.traffic = traffic
        self.requests = requests
        self.connections = connections
    }

    /// - Parameter followed: topics of which it is to be said whether they are gone.
    init(_ cluster: inout Cluster, connections: Int, _ followed: [String]) {
        self.init(traffic: cluster.traffic, requests: cluster.requestCount, connections: connections)
        gone = followed.filter { cluster.topics[$0] == nil }
        guard cluster.links.count > 0 else {
            return
        }
        for topic in cluster.topics.all where topic.mirror?.state.isReadOnly == true {
            mirrorNames.append(topic.name)
            mirrorPartitions += topic.partitions.count
        }
        mirrorNames.sort()
    }
}
