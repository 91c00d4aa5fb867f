import KafkaProtocol
import LogStorage

/// A request that is answered in slices, between which others are served. A class, so that its long arrays are not
/// copied with every slice.
protocol SlicedRequest: AnyObject {
    /// What another thread has to find out before the next slice; nil when the request only makes way for others.
    var wanted: RecordSearch? { get }

    func take(_ result: RecordSearchResult)

    /// What has to be on disk before the answer may leave.
    var targets: [FlushTarget] { get }

    /// Whether it goes on only after a parked request of the same token was woken, which then adds it again to
    /// ``RecordChecks``.
    var isWaiting: Bool { get }

    /// Does some more.
    /// - Returns: the answer once everything is done.
    func goOn(_ context: RequestContext, _ cluster: inout Cluster) -> (any KafkaResponse)?
}

extension SlicedRequest {
    var wanted: RecordSearch? { nil }
    func take(_ result: RecordSearchResult) {}
    var targets: [FlushTarget] { [] }
    var isWaiting: Bool { false }
}

extension Cluster {
    /// Answers at once when one slice does, and otherwise in turn with the other requests of ``RecordChecks``.
    mutating func answerInSlices<Response: KafkaResponse>(
        _ request: some SlicedRequest, _ context: RequestContext
    ) -> Outcome<Response> {
        if let response = request.goOn(context, &self) as? Response {
            return .reply(response)
        }
        if !request.isWaiting {
            recordChecks.add(context, request)
        }
        return .pending
    }
}

/// Kinds of long requests that are answered in slices. Each has places of its own, so that the slow ones of some
/// clients do not keep the quick ones of others waiting.
package enum SliceKind: Int, Sendable, CaseIterable {
    /// Names that are looked at to be made, or deleted: the slowest.
    case plans
    /// Metadata, which may make topics, too.
    case metadata
    /// Everything else.
    case portions

    /// nil for requests that are answered at once, or are held by other rules.
    package init?(_ key: APIKey) {
        switch key {
        case .createTopics, .deleteTopics, .createPartitions: self = .plans
        case .metadata: self = .metadata
        case .listOffsets, .offsetCommit, .offsetFetch, .findCoordinator, .describeGroups, .deleteRecords,
            .offsetForLeaderEpoch, .alterConfigs, .deleteGroups, .incrementalAlterConfigs, .offsetDelete,
            .describeConfigs, .describeTopicPartitions:
            self = .portions
        default: return nil
        }
    }

    /// The kind of the request in a frame.
    package init?(frame: UnsafeRawBufferPointer) {
        guard let key = APIKey(startOf: frame) else {
            return nil
        }
        self.init(key)
    }

    /// Places out of those of all kinds together; 1 or more.
    package func places(of all: Int) -> Int {
        max(1, self == .portions ? all / 2 : all / 4)
    }

    /// Bytes of a request that always may be decoded, however many others are answered in slices: it has some hundred
    /// elements at most, or is not long enough to be answered in slices.
    fileprivate var shortFrameBytes: Int {
        self == .portions ? 8 << 10 : 4 << 10
    }
}

/// How many requests of each kind there are.
struct SliceCounts {
    private var counts = SliceKind.allCases.map { _ in 0 }

    var total: Int { counts.reduce(0, +) }

    subscript(kind: SliceKind) -> Int { counts[kind.rawValue] }

    mutating func note(_ key: APIKey, _ change: Int) {
        // Requests without a kind are long for what they ask of the disk, and hold little themselves.
        counts[(SliceKind(key) ?? .portions).rawValue] += change  // bounded: counted one by one
    }
}

extension Cluster {
    /// Requests that are answered in slices now, and are held as a whole meanwhile.
    package var slicedRequestCount: Int { recordChecks.sliced.total +| making.planCount +| piecewise.count }

    /// Whether another long request of a kind may be decoded. One always may, so that requests get done.
    package func hasRoom(for kind: SliceKind, memoryIsShort: Bool) -> Bool {
        let pieces = kind == .portions ? piecewise.count : 0
        let count = recordChecks.sliced[kind] +| making.planCounts[kind] +| pieces
        return count == 0 || !memoryIsShort && count < kind.places(of: configuration.limits.slicedRequests)
    }

    /// Whether the request in `frame` may be handed in now; otherwise it stays what it is, bytes that are counted, as
    /// long as there is no room (``hasRoom(for:memoryIsShort:)``).
    package func mayHandle(_ frame: UnsafeRawBufferPointer, memoryIsShort: Bool) -> Bool {
        guard let kind = SliceKind(frame: frame), frame.count > kind.shortFrameBytes else {
            return true
        }
        return hasRoom(for: kind, memoryIsShort: memoryIsShort)
    }
}
