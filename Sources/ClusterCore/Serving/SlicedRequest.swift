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

    /// Does some more.
    /// - Returns: the answer once everything is done.
    func goOn(_ context: RequestContext, _ cluster: inout Cluster) -> (any KafkaResponse)?
}

extension SlicedRequest {
    var wanted: RecordSearch? { nil }
    func take(_ result: RecordSearchResult) {}
    var targets: [FlushTarget] { [] }
}

extension Cluster {
    /// Answers at once when one slice does, and otherwise in turn with the other requests of ``RecordChecks``.
    mutating func answerInSlices<Response: KafkaResponse>(
        _ request: some SlicedRequest, _ context: RequestContext
    ) -> Outcome<Response> {
        if let response = request.goOn(context, &self) as? Response {
            return .reply(response)
        }
        recordChecks.add(context, request)
        return .pending
    }
}

extension APIKey {
    /// Whether a long request of that kind is answered in slices, and is held until the last of them.
    fileprivate var mayBeSliced: Bool {
        switch self {
        case .listOffsets, .metadata, .offsetCommit, .offsetFetch, .findCoordinator, .describeGroups, .createTopics,
            .deleteTopics, .deleteRecords, .offsetForLeaderEpoch, .alterConfigs, .deleteGroups,
            .incrementalAlterConfigs, .describeConfigs:
            true
        default: false
        }
    }
}

extension Cluster {
    /// Bytes of a request that always may be decoded, however many others are answered in slices: it has some hundred
    /// elements at most.
    private static let shortFrameBytes = 4 << 10

    /// Requests that are answered in slices now, and are held as a whole meanwhile.
    package var slicedRequestCount: Int { recordChecks.slicedCount +| making.planCount +| piecewise.count }

    /// Whether another long request may be decoded that will be answered in slices. One always may, so that requests
    /// get done.
    package func hasRoomForSlices(memoryIsShort: Bool) -> Bool {
        let count = slicedRequestCount
        return count == 0 || !memoryIsShort && count < configuration.limits.slicedRequests
    }

    /// Whether the request in `frame` may be handed in now; otherwise it stays what it is, bytes that are counted, as
    /// long as there is no room (``hasRoomForSlices(memoryIsShort:)``).
    package func mayHandle(_ frame: UnsafeRawBufferPointer, memoryIsShort: Bool) -> Bool {
        frame.count <= Self.shortFrameBytes || APIKey(startOf: frame)?.mayBeSliced != true
            || hasRoomForSlices(memoryIsShort: memoryIsShort)
    }
}
