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
