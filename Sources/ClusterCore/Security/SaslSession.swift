import KafkaProtocol

/// How far one connection of a SASL listener is with saying who it is.
///
///                 ApiVersions                 SaslHandshake              token is right
///     initial ───────────────► versionsKnown ───────────────► expecting ────────────────► authenticated
///        └────────────────── SaslHandshake ───────────────────►  │ ▲                          │
///                                                 token is wrong │ └──── SaslHandshake ───────┘  (re-authentication)
///     any but authenticated ── mechanism unknown ──► refused ◄───┘
///
/// | state | can move to |
/// |---|---|
/// | initial | versionsKnown, expecting, refused |
/// | versionsKnown | expecting, refused |
/// | expecting | authenticated, refused |
/// | authenticated | expecting |
/// | refused | – |
struct SaslSession: Equatable {
    enum State: Equatable {
        /// Nothing was said yet.
        case initial
        /// ApiVersions was answered: once is enough, the next has to be the handshake.
        case versionsKnown
        /// The mechanism is agreed; `again` is who the connection belonged to before (KIP-368).
        case expecting(Framing, again: Principal?)
        case authenticated(Principal)
        /// The connection is about to be closed.
        case refused
    }

    /// How tokens travel after the handshake.
    enum Framing: Equatable {
        /// Inside SaslAuthenticate (handshake version 1, KIP-152).
        case request
        /// As bare frames (handshake version 0).
        case bare
    }

    enum HandshakeAction: Equatable {
        case accept
        /// Answer UNSUPPORTED_SASL_MECHANISM with what there is, and close.
        case refuse
        /// Answer ILLEGAL_SASL_STATE.
        case illegal
    }

    enum TokenAction: Equatable {
        case verify(PlainToken)
        case refuse(PlainToken.Problem)
        case illegal
    }

    /// What can be spoken. SCRAM would need secrets in a form that hashes of keys do not give.
    static let mechanisms = ["PLAIN"]
    /// Milliseconds between two re-authentications of one connection at least.
    static let reauthenticationIntervalMs: Int64 = 1_000

    private(set) var state = State.initial
    private var lastReauthentication: Int64?

    /// Whether ApiVersions may be asked now.
    var takesApiVersions: Bool { state == .initial }

    /// Whether the next frame is a bare token.
    var expectsBareToken: Bool {
        if case .expecting(.bare, _) = state { true } else { false }
    }

    /// ApiVersions was answered without an error.
    mutating func apiVersionsAnswered() {
        if state == .initial {
            state = .versionsKnown
        }
    }

    /// - Parameter now: the monotonic clock, in milliseconds.
    mutating func handshake(mechanism: String, version: Int16, now: Int64) -> HandshakeAction {
        var previous: Principal?
        switch state {
        case .initial, .versionsKnown: break
        case .authenticated(let principal):
            if let last = lastReauthentication, now -| last < Self.reauthenticationIntervalMs {
                return .illegal
            }
            lastReauthentication = now
            previous = principal
        case .expecting, .refused: return .illegal
        }
        guard Self.mechanisms.contains(mechanism) else {
            state = .refused
            return .refuse
        }
        state = .expecting(version == 0 ? .bare : .request, again: previous)
        return .accept
    }

    /// Takes a token. After ``TokenAction/verify(_:)``, ``verified(_:)`` or ``refuse()`` has to follow.
    mutating func token(_ bytes: some Sequence<UInt8>, _ framing: Framing) -> TokenAction {
        guard case .expecting(framing, _) = state else {
            return .illegal
        }
        do throws(PlainToken.Problem) {
            return .verify(try PlainToken(bytes))
        } catch {
            state = .refused
            return .refuse(error)
        }
    }

    /// The token was right. False when the connection belonged to somebody else before: it must be refused then.
    mutating func verified(_ principal: Principal) -> Bool {
        guard case .expecting(_, let previous) = state, previous == nil || previous == principal else {
            state = .refused
            return false
        }
        state = .authenticated(principal)
        return true
    }

    mutating func refuse() {
        state = .refused
    }
}
