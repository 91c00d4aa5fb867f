import KafkaProtocol

/// A password that waits to be checked on another thread; its connection waits with it.
package struct LoginCheck: Sendable {
    let context: RequestContext
    let framing: SaslSession.Framing
    let username: String
    let password: String
    let authenticator: any Authenticator

    /// Takes as long as it takes. Call it once, on any thread.
    package func perform() -> Bool {
        authenticator.verify(username: username, password: password)
    }
}

/// Log-ins whose passwords are hashed elsewhere. Each connection has one at most, since its next request waits.
struct LoginChecks {
    /// Passwords that may wait at once; more are refused.
    static let limit = 1_000

    private var new: [LoginCheck] = []
    /// Given out, or waiting to be.
    private var count = 0

    var isFull: Bool { count >= Self.limit }

    mutating func add(_ check: LoginCheck) {
        new.append(check)
        count += 1
    }

    mutating func drain() -> [LoginCheck] {
        guard !new.isEmpty else {
            return []
        }
        defer { new.removeAll() }
        return new
    }

    mutating func finished() {
        count -= 1
    }
}

extension Cluster {
    /// Passwords to check since the last call; each result goes to ``finishLogin(_:isRight:now:)``.
    package mutating func drainLoginChecks() -> [LoginCheck] {
        loginChecks.drain()
    }

    /// Takes the result of a check, and answers the client if it is still there.
    package mutating func finishLogin(_ check: LoginCheck, isRight: Bool, now: Now) {
        beginStep(now)
        loginChecks.finished()
        let context = check.context
        guard saslSessions[context.token.connection] != nil else {
            return
        }
        switch (conclude(check.username, isRight: isRight, context), check.framing) {
        case (.accepted(let lifetimeMs), .request):
            var response = SaslAuthenticateResponse()
            response.sessionLifetimeMs = lifetimeMs
            deliver(response, to: context.token, effect: .admit)
        case (.accepted, .bare):
            deliver(BareToken(), to: context.token, effect: .admit, framing: .bare)
        case (.refused(let message), .request):
            let answer = SaslAuthenticateResponse.refused(message)
            park(context, on: [], until: deadline(after: failedLoginDelayMs)) { _, _, _ in answer }
        case (.refused, .bare):
            park(context, on: [], until: deadline(after: failedLoginDelayMs)) { _, _, _ in BareToken() }
        case (.checking, _), (.illegal, _):
            break
        }
        resumeWoken(now: now.wallMs)
    }

    private mutating func deliver(
        _ response: any KafkaResponse, to token: RequestToken, effect: Reply.Effect,
        framing: Reply.Framing = .message
    ) {
        var reply = Reply(to: token, body: response)
        reply.effect = effect
        reply.framing = framing
        deliveries.append(Delivery(connection: token.connection, reply: reply))
    }
}

extension SaslAuthenticateResponse {
    static func refused(_ message: String) -> SaslAuthenticateResponse {
        var response = SaslAuthenticateResponse()
        response.errorCode = ErrorCode.saslAuthenticationFailed.rawValue
        response.errorMessage = message
        return response
    }
}
