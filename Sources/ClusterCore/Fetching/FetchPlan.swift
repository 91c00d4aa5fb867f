import KafkaProtocol
import OrderedCollections

/// A Fetch request after its session was looked at: what to read, and how the answer is to look.
struct FetchPlan {
    var partitions: OrderedDictionary<FetchKey, FetchTarget>
    /// 0 outside a session.
    var sessionID: Int32
    /// Whether partitions without news are left out.
    var isIncremental: Bool
    var startIndex: Int
    let version: Int16
    let nodeID: Int32
    let listener: ListenerName
    let readCommitted: Bool
    /// Whether what is sent counts as consumed: not what this process reads to show it.
    let isConsumption: Bool
    let minBytes: Int
    let maxBytes: Int
    /// Topics that did not exist when the request came. Like Kafka's, the answer does not hurry for their sake.
    var unknownAtStart: Set<FetchKey> = []

    /// The keys in the order in which they are read.
    var order: [FetchKey] {
        let keys = partitions.keys
        return Array(keys[start...]) + Array(keys[..<start])
    }

    private var start: Int { startIndex < partitions.count ? startIndex : 0 }

    /// Those of some keys that are asked for, in the order in which they are read.
    func order(of keys: Set<FetchKey>) -> [FetchKey] {
        let count = partitions.count
        let turns = keys.compactMap { partitions.index(forKey: $0) }.map { ($0 + count - start) % count }
        return turns.sorted().map { partitions.keys[($0 + start) % count] }
    }
}

extension FetchPlan {
    /// Works out sessions (KIP-227).
    ///
    /// - Throws: FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH or FETCH_SESSION_TOPIC_ID_ERROR.
    init(_ request: FetchRequest, _ context: RequestContext, _ cluster: inout Cluster) throws(ErrorCode) {
        version = context.version
        nodeID = context.connection.nodeID
        listener = context.connection.listener
        readCommitted = request.isolationLevel == 1
        isConsumption = context.token.connection != .internalCaller
        maxBytes = min(Int(max(0, request.maxBytes)), cluster.configuration.limits.fetchResponseBytes)
        // Waiting for more than an answer can hold would be waiting for nothing.
        minBytes = min(Int(max(0, request.minBytes)), maxBytes)
        partitions = Self.targets(request)
        sessionID = 0
        isIncremental = false
        startIndex = 0
        switch request.sessionEpoch {
        case _ where version < 7 || request.sessionEpoch == -1:
            cluster.fetchSessions.remove(request.sessionID)
        case 0:
            cluster.fetchSessions.remove(request.sessionID)
            if !partitions.isEmpty {
                sessionID = cluster.openFetchSession(partitions, usesTopicIDs: version >= 13) ?? 0
            }
        default:
            try join(request, context, &cluster)
        }
    }

    private mutating func join(
        _ request: FetchRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) throws(ErrorCode) {
        guard var session = cluster.fetchSessions[request.sessionID] else {
            throw .fetchSessionIDNotFound
        }
        guard session.epoch == request.sessionEpoch else {
            throw .invalidFetchSessionEpoch
        }
        guard session.usesTopicIDs == (version >= 13) else {
            throw .fetchSessionTopicIDError
        }
        // The copy in the cache would make the first change copy the whole table.
        cluster.fetchSessions[session.id] = nil
        for (key, target) in partitions {
            var target = target
            if let known = session.partitions[key] {
                target.sentHighWatermark = known.sentHighWatermark
                target.sentLogStartOffset = known.sentLogStartOffset
            }
            session.partitions[key] = target
        }
        let forgotten = request.forgottenTopicsData.flatMap { topic in
            topic.partitions.map { FetchKey(topicID: topic.topicID, topicName: topic.topic, partition: $0) }
        }
        if !forgotten.isEmpty {
            // All in one go: each that goes moves those behind it.
            let keys = Set(forgotten)
            session.partitions.removeAll { keys.contains($0.key) }
        }
        session.advance(now: cluster.monotonicMs)
        partitions = session.partitions
        startIndex = session.startIndex
        guard !session.partitions.isEmpty else {
            return
        }
        let count = cluster.fetchSessions.partitionCount +| session.partitions.count
        guard count <= cluster.configuration.limits.fetchSessionPartitions else {
            // It ends, and the client begins anew with all its partitions.
            throw .fetchSessionIDNotFound
        }
        sessionID = session.id
        isIncremental = true
        cluster.fetchSessions[session.id] = session
    }

    private static func targets(_ request: FetchRequest) -> OrderedDictionary<FetchKey, FetchTarget> {
        var targets = OrderedDictionary<FetchKey, FetchTarget>(
            minimumCapacity: request.topics.reduce(0) { $0 +| $1.partitions.count })
        for topic in request.topics {
            for item in topic.partitions {
                let key = FetchKey(topicID: topic.topicID, topicName: topic.topic, partition: item.partition)
                targets[key] = FetchTarget(
                    fetchOffset: item.fetchOffset, maxBytes: item.partitionMaxBytes,
                    currentLeaderEpoch: item.currentLeaderEpoch, lastFetchedEpoch: item.lastFetchedEpoch)
            }
        }
        return targets
    }
}

extension Cluster {
    mutating func openFetchSession(
        _ partitions: OrderedDictionary<FetchKey, FetchTarget>, usesTopicIDs: Bool
    ) -> Int32? {
        fetchSessions.add(
            partitions, usesTopicIDs: usesTopicIDs, limit: configuration.limits.fetchSessions,
            partitionLimit: configuration.limits.fetchSessionPartitions, now: monotonicMs, random: &random)
    }
}
