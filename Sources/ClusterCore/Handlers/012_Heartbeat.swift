import KafkaProtocol

/// Heartbeat: a member of a classic group is alive, and hears whether it must rejoin.
///
/// Serves v0…4. Differs from Kafka: nothing known.
enum HeartbeatHandler: RequestHandler {
    static func handle(
        _ request: HeartbeatRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<HeartbeatResponse> {
        var response = HeartbeatResponse()
        do throws(ErrorCode) {
            try cluster.requireMemberCoordinator(of: request.groupID, context)
            var code = ErrorCode.unknownMemberID
            _ = cluster.step(request.groupID, now: context.now) { code = $0.heartbeat(request, &$1) }
            response.errorCode = code.rawValue
        } catch {
            response.errorCode = error.rawValue
        }
        return .reply(response)
    }
}
