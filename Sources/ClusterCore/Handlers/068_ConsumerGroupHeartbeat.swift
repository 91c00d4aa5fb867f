import KafkaProtocol

/// ConsumerGroupHeartbeat: joins and stays in a group of the consumer protocol (KIP-848).
///
/// Serves v0…1. Differs from Kafka: that protocol is not there yet, so every member is told UNSUPPORTED_VERSION, as by
/// a Kafka whose `group.version` is 0. Without the API a client would look for it for ever instead of saying so.
enum ConsumerGroupHeartbeatHandler: RequestHandler {
    static func handle(
        _ request: ConsumerGroupHeartbeatRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<ConsumerGroupHeartbeatResponse> {
        var response = ConsumerGroupHeartbeatResponse()
        response.errorCode = ErrorCode.unsupportedVersion.rawValue
        response.errorMessage = "The consumer group protocol is not served; use group.protocol=classic."
        return .reply(response)
    }
}
