import KafkaProtocol

/// SaslHandshake: agrees on how a client says who it is, for the first time or again (KIP-368).
///
/// Serves v0…1; after v0 tokens come as bare frames, after v1 inside SaslAuthenticate. Differs from Kafka: PLAIN only.
enum SaslHandshakeHandler: RequestHandler {
    static func handle(
        _ request: SaslHandshakeRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<SaslHandshakeResponse> {
        var response = SaslHandshakeResponse()
        switch cluster.beginAuthentication(mechanism: request.mechanism, context) {
        case .accept:
            response.mechanisms = SaslSession.mechanisms
        case .refuse:
            response.errorCode = ErrorCode.unsupportedSaslMechanism.rawValue
            response.mechanisms = SaslSession.mechanisms
        case .illegal, nil:
            response.errorCode = ErrorCode.illegalSaslState.rawValue
        }
        return .reply(response)
    }
}
