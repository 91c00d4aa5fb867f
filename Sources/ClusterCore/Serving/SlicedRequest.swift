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
    /// ``RecordChecks``, or its answer is somebody else's to give.
    var isWaiting: Bool { get }

    /// Bytes of memory that it takes besides the request itself.
    var heldBytes: Int { get }

    /// Does some more.
    /// - Returns: the answer once everything is done.
    func goOn(_ context: RequestContext, _ cluster: inout Cluster) -> (any KafkaResponse)?
}

extension SlicedRequest {
    var wanted: RecordSearch? { nil }
    func take(_ result: RecordSearchResult) {}
    var targets: [FlushTarget] { [] }
    var isWaiting: Bool { false }
    var heldBytes: Int { 0 }
}

extension Cluster {
    /// Answers at once when one slice does, and otherwise in turn with the other requests of ``RecordChecks``. A long
    /// request has had its slice when it was decoded.
    mutating func answerInSlices<Response: KafkaResponse>(
        _ request: some SlicedRequest, _ context: RequestContext
    ) -> Outcome<Response> {
        if !context.isLong, let response = request.goOn(context, &self) as? Response {
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

    /// Places out of those of all kinds together; 1 or more.
    package func places(of all: Int) -> Int {
        max(1, self == .portions ? all / 2 : all / 4)
    }

    /// Bytes of a request that always may be decoded, however many others are answered in slices: it has some hundred
    /// elements at most, or is not long enough to be answered in slices.
    var shortFrameBytes: Int {
        self == .portions ? 8 << 10 : 4 << 10
    }
}

/// What a request needs before it may be handed in.
package struct SliceNeed: Sendable, Equatable {
    package let kind: SliceKind
    /// It takes a place; a short one goes by how many plans there are.
    package let isLong: Bool

    /// nil for a request that needs nothing.
    package init?(frame: UnsafeRawBufferPointer) {
        guard let key = APIKey(startOf: frame), let kind = SliceKind(key) else {
            return nil
        }
        let isLong = frame.count > kind.shortFrameBytes
        // Every client asks for metadata, and most for that of few topics.
        guard isLong || kind == .plans else {
            return nil
        }
        self.kind = kind
        self.isLong = isLong
    }
}

/// How many requests have a place of each kind, and how many there are.
struct SliceCounts {
    private var counts = SliceKind.allCases.map { _ in 0 }
    private(set) var total = 0

    subscript(kind: SliceKind) -> Int { counts[kind.rawValue] }

    mutating func note(_ place: SliceKind?, _ change: Int) {
        total += change  // bounded: counted one by one
        if let place {
            counts[place.rawValue] += change  // bounded: likewise
        }
    }
}

extension Cluster {
    /// Requests that are answered in slices now, and are held as a whole meanwhile.
    package var slicedRequestCount: Int { recordChecks.sliced.total +| making.planCount +| piecewise.count }

    /// Whether there is room for what a request needs. One long request of a kind may always be decoded, so that
    /// requests get done.
    package func hasRoom(for need: SliceNeed, memoryIsShort: Bool) -> Bool {
        let all = configuration.limits.slicedRequests
        guard need.isLong else {
            return hasRoomForShortPlan
        }
        let kind = need.kind
        let count = recordChecks.sliced[kind] +| making.planCounts[kind] +| piecewise.places[kind]
        return count == 0 || !memoryIsShort && count < kind.places(of: all)
    }

    /// Whether a short request may be looked at some names at a time.
    var hasRoomForShortPlan: Bool {
        making.planCount < configuration.limits.slicedRequests *| Self.shortPlansPerPlace
    }

    /// Plans of short requests take little memory and time each, but a client may leave any number of them behind.
    private static let shortPlansPerPlace = 8

    /// Whether the request in `frame` may be handed in now; otherwise it stays what it is, bytes that are counted, as
    /// long as there is no room (``hasRoom(for:memoryIsShort:)``).
    package func mayHandle(_ frame: UnsafeRawBufferPointer, memoryIsShort: Bool) -> Bool {
        SliceNeed(frame: frame).map { hasRoom(for: $0, memoryIsShort: memoryIsShort) } ?? true
    }
}
