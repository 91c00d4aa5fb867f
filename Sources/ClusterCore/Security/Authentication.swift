import KafkaProtocol

/// The answer to a bare SASL token: bytes without a header.
struct BareToken: KafkaResponse {
    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {}

    /// PLAIN's server has nothing to say.
    func encode(into writer: inout WireWriter, version: Int16) {}
}

/// What became of a token.
enum AuthenticationOutcome {
    /// - Parameter lifetimeMs: after which the client has to authenticate again; 0 for never.
    case accepted(lifetimeMs: Int64)
    /// To be answered after the delay for failed log-ins.
    case refused(message: String)
    /// The answer comes with ``Cluster/finishLogin(_:isRight:now:)``.
    case checking
    case illegal
}

extension Cluster {
    /// Handles a frame of a connection that has not said who it is, or has to say so again.
    ///
    /// As in Kafka, whatever is neither ApiVersions nor the next step of SASL closes the connection unread.
    mutating func handleLocked(
        _ frame: UnsafeRawBufferPointer, from connection: ConnectionID, _ info: ConnectionInfo, now: Int64
    ) -> FrameOutcome {
        guard let session = saslSessions[connection], !info.isRefused else {
            return .close(reason: "a request after a refused log-in")
        }
        guard frame.count <= configs.brokerInt("sasl.server.max.receive.size") else {
            return .close(reason: "a frame of \(frame.count) bytes before the log-in")
        }
        if session.expectsBareToken {
            return handleBareToken(frame, from: connection, info, now: now)
        }
        guard let key = APIKey(startOf: frame) else {
            return .close(reason: "malformed request before the log-in")
        }
        switch (key, session.state) {
        case (.apiVersions, _) where session.takesApiVersions: break
        case (.saslHandshake, .initial), (.saslHandshake, .versionsKnown), (.saslHandshake, .authenticated): break
        case (.saslAuthenticate, .expecting): break
        case (_, .authenticated): return .close(reason: "\(key) after the session has expired")
        default: return .close(reason: "\(key) before the log-in")
        }
        let outcome = dispatch(frame, from: connection, info, now: now)
        guard case .reply(var reply) = outcome else {
            return outcome
        }
        if let answer = reply.body as? ApiVersionsResponse, answer.errorCode == ErrorCode.none.rawValue {
            saslSessions[connection]?.apiVersionsAnswered()
        }
        reply.effect = effect(on: connection)
        return .reply(reply)
    }

    /// What the transport has to do with a connection once the answer is out.
    private func effect(on connection: ConnectionID) -> Reply.Effect {
        switch saslSessions[connection]?.state {
        case .refused: .close
        case .authenticated: .admit
        default: .none
        }
    }

    private mutating func handleBareToken(
        _ frame: UnsafeRawBufferPointer, from connection: ConnectionID, _ info: ConnectionInfo, now: Int64
    ) -> FrameOutcome {
        requestSequence += 1  // bounded: counted here, one by one
        let token = RequestToken(
            connection: connection, sequence: requestSequence, correlationID: 0, apiKey: .saslAuthenticate,
            apiVersion: 0)
        let context = RequestContext(token: token, clientID: nil, connection: info, now: now)
        switch authenticate(frame, .bare, context) {
        case .accepted:
            var reply = Reply(to: token, body: BareToken())
            reply.framing = .bare
            reply.effect = .admit
            return .reply(reply)
        case .refused:
            // There is no way to tell why: the connection just ends, as late as any other refusal.
            park(context, on: [], until: deadline(after: failedLoginDelayMs)) { _, _, _ in BareToken() }
            return .pending
        case .checking:
            return .pending
        case .illegal:
            return .close(reason: "a bare SASL token that nobody asked for")
        }
    }

    /// How long the answer to a failed log-in is held back (`connection.failed.authentication.delay.ms`).
    var failedLoginDelayMs: Int64 { Int64(configs.brokerInt("connection.failed.authentication.delay.ms")) }

    // MARK: Steps

    /// SaslHandshake on this connection; nil on a listener that asks nobody who they are.
    mutating func beginAuthentication(
        mechanism: String, _ context: RequestContext
    ) -> SaslSession.HandshakeAction? {
        let connection = context.token.connection
        guard var session = saslSessions[connection] else {
            return nil
        }
        let action = session.handshake(mechanism: mechanism, version: context.version, now: monotonicMs)
        saslSessions[connection] = session
        switch action {
        case .accept: connections[connection]?.admittedUntil = .min
        case .refuse: refuse(context, "mechanism \(quoted(mechanism)) is not supported")
        case .illegal: break
        }
        return action
    }

    /// Takes a token and decides. A refusal is logged, without anything secret.
    mutating func authenticate(
        _ bytes: some Sequence<UInt8>, _ framing: SaslSession.Framing, _ context: RequestContext
    ) -> AuthenticationOutcome {
        let connection = context.token.connection
        guard var session = saslSessions[connection] else {
            return .illegal
        }
        let action = session.token(bytes, framing)
        saslSessions[connection] = session
        switch action {
        case .illegal: return .illegal
        case .refuse(let problem):
            refuse(context, problem.description)
            return .refused(message: problem.description)
        case .verify(let token): return verify(token, framing, context)
        }
    }

    private mutating func verify(
        _ token: PlainToken, _ framing: SaslSession.Framing, _ context: RequestContext
    ) -> AuthenticationOutcome {
        guard let authenticator = configuration.authenticator else {
            return conclude(token.username, isRight: false, context)
        }
        guard authenticator.isSlow else {
            let isRight = authenticator.verify(username: token.username, password: token.password)
            return conclude(token.username, isRight: isRight, context)
        }
        guard !loginChecks.isFull else {
            refuse(context, "\(LoginChecks.limit) log-ins wait to be checked")
            return .refused(message: Self.tooManyLogins)
        }
        loginChecks.add(
            LoginCheck(
                context: context, framing: framing, username: token.username, password: token.password,
                authenticator: authenticator))
        return .checking
    }

    /// What follows from a password that is right or wrong.
    mutating func conclude(
        _ username: String, isRight: Bool, _ context: RequestContext
    ) -> AuthenticationOutcome {
        let connection = context.token.connection
        guard isRight else {
            refuse(context, "\(quoted(username)): invalid username or password")
            return .refused(message: Self.wrongPassword)
        }
        let principal = Principal(name: username)
        guard saslSessions[connection]?.verified(principal) == true else {
            refuse(context, "\(quoted(username)) cannot take over another user's connection")
            return .refused(message: Self.otherPrincipal)
        }
        let lifetime = max(0, Int64(configs.brokerInt("connections.max.reauth.ms")))
        let end = lifetime > 0 ? deadline(after: lifetime) : .max
        connections[connection]?.principal = principal
        connections[connection]?.admittedUntil = end
        return .accepted(lifetimeMs: lifetime)
    }

    /// Kafka's words, which clients show to their users and tools look for.
    static let wrongPassword = "Authentication failed: Invalid username or password"
    static let tooManyLogins = "Authentication failed: too many clients log in at once"
    static let otherPrincipal = "Authentication failed: the principal must not change during re-authentication"

    private mutating func refuse(_ context: RequestContext, _ reason: String) {
        let connection = context.token.connection
        saslSessions[connection]?.refuse()
        connections[connection]?.isRefused = true
        connections[connection]?.admittedUntil = .min
        notices.append(
            Notice(
                level: .warning,
                text: "log-in from \(context.connection.clientHost) to \(context.connection.listener.rawValue) failed: "
                    + reason,
                isAboutClient: true))
    }

    /// A name from a client for the log. Who swaps key and secret sends the secret as a name, so only what has the
    /// shape of a key, or of a plain word, is shown.
    private func quoted(_ name: String) -> String {
        let isShort = name.utf8.count <= Self.longestLoggedName
        let isWord = name.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isShort && isWord ? "'\(name)'" : "a name of \(name.utf8.count) bytes"
    }

    /// Bytes of the longest name that is logged: a key has 16, a secret 64.
    static let longestLoggedName = 24
}

extension APIKey {
    /// The key that a request frame begins with.
    package init?(startOf frame: UnsafeRawBufferPointer) {
        guard frame.count >= 2 else {
            return nil
        }
        self.init(rawValue: Int16(bigEndian: frame.loadUnaligned(as: Int16.self)))
    }
}
