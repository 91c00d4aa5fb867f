import KafkaProtocol
import OrderedCollections

/// Names a partition inside a fetch session: by topic id from Fetch v13 on, by name before.
struct FetchKey: Hashable, Sendable {
    var topicID: KafkaUUID
    var topicName: String
    var partition: Int32
}

/// What a client wants to read from one partition.
struct FetchTarget: Sendable {
    var fetchOffset: Int64
    var maxBytes: Int32
    /// -1 when the client does not say.
    var currentLeaderEpoch: Int32
    /// -1 when the client does not say.
    var lastFetchedEpoch: Int32
    /// What the last answer said, so that an incremental answer can leave out what has not changed.
    var sentHighWatermark: Int64 = -1
    var sentLogStartOffset: Int64 = -1
}

/// An incremental fetch session (KIP-227): the partitions that a client need not repeat.
struct FetchSession {
    let id: Int32
    /// The epoch that the next request must carry.
    var epoch: Int32
    let usesTopicIDs: Bool
    var partitions: OrderedDictionary<FetchKey, FetchTarget> = [:]
    /// On the monotonic clock, in milliseconds, like `createdAt`.
    var lastUsed: Int64
    let createdAt: Int64
    /// Where the next answer begins, so that a busy partition cannot starve those behind it.
    var startIndex = 0

    /// Epochs count 1…Int32.max and start over at 1.
    mutating func advance(now: Int64) {
        epoch = epoch == .max ? 1 : epoch +| 1
        lastUsed = now
    }
}

/// The sessions of a cluster, with Kafka's rule for a full cache: a session that idled for two minutes gives way, or
/// one that has lived for two minutes and has fewer partitions than the new one.
struct FetchSessionCache {
    /// `min.incremental.fetch.session.eviction.ms`.
    static let evictionMs: Int64 = 120_000

    private var sessions: [Int32: FetchSession] = [:]
    /// Partitions of all of them.
    private(set) var partitionCount = 0

    var count: Int { sessions.count }

    subscript(id: Int32) -> FetchSession? {
        get { sessions[id] }
        set {
            partitionCount -= sessions[id]?.partitions.count ?? 0  // bounded: they were counted in
            partitionCount = partitionCount +| (newValue?.partitions.count ?? 0)
            sessions[id] = newValue
        }
    }

    mutating func remove(_ id: Int32) {
        self[id] = nil
    }

    /// The id of a new session, or nil when the cache is full and stays so.
    ///
    /// - Parameters:
    ///   - limit: sessions, beyond which one has to make room.
    ///   - partitionLimit: partitions of all sessions, beyond which the longest idle ones make room.
    mutating func add(
        _ partitions: OrderedDictionary<FetchKey, FetchTarget>, usesTopicIDs: Bool, limit: Int, partitionLimit: Int,
        now: Int64, random: inout SplitMix64
    ) -> Int32? {
        while partitionCount +| partitions.count > partitionLimit {
            guard evictIdle(now: now) else {
                return nil
            }
        }
        if sessions.count >= limit, limit <= 0 || !evict(forPartitions: partitions.count, now: now) {
            return nil
        }
        var id: Int32
        repeat {
            id = Int32.random(in: 1...Int32.max, using: &random)
        } while sessions[id] != nil
        self[id] = FetchSession(
            id: id, epoch: 1, usesTopicIDs: usesTopicIDs, partitions: partitions, lastUsed: now, createdAt: now)
        return id
    }

    private mutating func evictIdle(now: Int64) -> Bool {
        guard let oldest = sessions.values.min(by: { ($0.lastUsed, $0.id) < ($1.lastUsed, $1.id) }),
            now -| oldest.lastUsed > Self.evictionMs
        else {
            return false
        }
        self[oldest.id] = nil
        return true
    }

    private mutating func evict(forPartitions count: Int, now: Int64) -> Bool {
        guard !evictIdle(now: now) else {
            return true
        }
        let settled = sessions.values.filter { now -| $0.createdAt > Self.evictionMs }
        guard let smallest = settled.min(by: { ($0.partitions.count, $0.id) < ($1.partitions.count, $1.id) }),
            smallest.partitions.count < count
        else {
            return false
        }
        self[smallest.id] = nil
        return true
    }
}
