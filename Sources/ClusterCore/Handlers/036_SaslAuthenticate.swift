import KafkaProtocol

/// SaslAuthenticate: a client's token, which is name and password with PLAIN.
///
/// Serves v0…2. A wrong password is answered late (`connection.failed.authentication.delay.ms`), and the connection
/// closes.
enum SaslAuthenticateHandler: RequestHandler {
    static func handle(
        _ request: SaslAuthenticateRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<SaslAuthenticateResponse> {
        var response = SaslAuthenticateResponse()
        switch cluster.authenticate(request.authBytes, .request, context) {
        case .accepted(let lifetimeMs):
            response.sessionLifetimeMs = lifetimeMs
            return .reply(response)
        case .refused(let message):
            let answer = SaslAuthenticateResponse.refused(message)
            let deadline = cluster.deadline(after: cluster.failedLoginDelayMs)
            cluster.park(context, on: [], until: deadline) { _, _, _ in answer }
            return .pending
        case .checking:
            return .pending
        case .illegal:
            response.errorCode = ErrorCode.illegalSaslState.rawValue
            response.errorMessage = "SaslAuthenticate without a SaslHandshake before it"
            return .reply(response)
        }
    }
}
