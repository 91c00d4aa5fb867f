import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("SASL sessions")
struct SaslSessionTests {
    private static let alice = Principal(name: "alice")
    private static let token = Array("\u{0}alice\u{0}pass".utf8)

    /// One session in each state, by name.
    private static let states: [(name: String, session: SaslSession)] = {
        let initial = SaslSession()
        var known = initial
        known.apiVersionsAnswered()
        var expecting = initial
        _ = expecting.handshake(mechanism: "PLAIN", version: 1, now: 0)
        var bare = initial
        _ = bare.handshake(mechanism: "PLAIN", version: 0, now: 0)
        var authenticated = expecting
        _ = authenticated.verified(alice)
        var again = authenticated
        _ = again.handshake(mechanism: "PLAIN", version: 1, now: 0)
        var refused = initial
        refused.refuse()
        return [
            ("initial", initial), ("versionsKnown", known), ("expecting", expecting), ("bare", bare),
            ("authenticated", authenticated), ("again", again), ("refused", refused),
        ]
    }()

    private static func name(_ session: SaslSession) -> String {
        switch session.state {
        case .initial: "initial"
        case .versionsKnown: "versionsKnown"
        case .expecting(.bare, _): "bare"
        case .expecting(.request, nil): "expecting"
        case .expecting(.request, _): "again"
        case .authenticated: "authenticated"
        case .refused: "refused"
        }
    }

    /// Every event with what it leads to from every state, in the order of ``states``.
    private static let table: [(event: String, results: [String])] = [
        ("apiVersions", ["versionsKnown", "versionsKnown", "expecting", "bare", "authenticated", "again", "refused"]),
        ("handshake", ["expecting", "expecting", "expecting", "bare", "again", "again", "refused"]),
        ("handshake v0", ["bare", "bare", "expecting", "bare", "bare", "again", "refused"]),
        ("other mechanism", ["refused", "refused", "expecting", "bare", "refused", "again", "refused"]),
        (
            "right token",
            ["initial", "versionsKnown", "authenticated", "bare", "authenticated", "authenticated", "refused"]
        ),
        ("wrong token", ["initial", "versionsKnown", "refused", "bare", "authenticated", "refused", "refused"]),
        (
            "bare token",
            ["initial", "versionsKnown", "expecting", "authenticated", "authenticated", "again", "refused"]
        ),
        (
            "another's token",
            ["initial", "versionsKnown", "authenticated", "bare", "authenticated", "refused", "refused"]
        ),
    ]

    private static func apply(_ event: String, to session: inout SaslSession) {
        func take(_ token: [UInt8], _ framing: SaslSession.Framing, _ principal: Principal?) {
            guard case .verify = session.token(token, framing) else {
                return
            }
            if let principal {
                _ = session.verified(principal)
            } else {
                session.refuse()
            }
        }
        switch event {
        case "apiVersions": session.apiVersionsAnswered()
        case "handshake": _ = session.handshake(mechanism: "PLAIN", version: 1, now: 5_000)
        case "handshake v0": _ = session.handshake(mechanism: "PLAIN", version: 0, now: 5_000)
        case "other mechanism": _ = session.handshake(mechanism: "SCRAM-SHA-256", version: 1, now: 5_000)
        case "right token": take(token, .request, alice)
        case "wrong token": take(token, .request, nil)
        case "bare token": take(token, .bare, alice)
        default: take(token, .request, Principal(name: "bob"))
        }
    }

    @Test("every event leads from every state where the drawing says", arguments: table.indices)
    func transitions(row: Int) {
        let (event, results) = Self.table[row]
        for (state, expected) in zip(Self.states, results) {
            var session = state.session
            Self.apply(event, to: &session)
            #expect(Self.name(session) == expected, "\(event) in \(state.name)")
        }
    }

    @Test("a connection is logged in again at most once a second")
    func reauthenticationIsLimited() {
        var session = Self.states[4].session
        #expect(session.handshake(mechanism: "PLAIN", version: 1, now: 10_000) == .accept)
        let isSame = session.verified(Self.alice)
        #expect(isSame)
        #expect(session.handshake(mechanism: "PLAIN", version: 1, now: 10_999) == .illegal)
        #expect(session.handshake(mechanism: "PLAIN", version: 1, now: 11_000) == .accept)
    }

    @Test(
        "tokens that name nobody are told apart",
        arguments: [
            ("", PlainToken.Problem.wrongShape), ("alice", .wrongShape), ("\u{0}alice", .wrongShape),
            ("\u{0}alice\u{0}pass\u{0}", .wrongShape), ("\u{0}\u{0}pass", .noUsername),
            ("\u{0}alice\u{0}", .noPassword),
            ("bob\u{0}alice\u{0}pass", .otherAuthorization),
        ])
    func malformedTokens(text: String, problem: PlainToken.Problem) {
        #expect(throws: problem) { _ = try PlainToken(text.utf8) }
    }

    @Test("bytes that are no UTF-8 are no token")
    func tokensAreText() {
        #expect(throws: PlainToken.Problem.wrongShape) { _ = try PlainToken([0, 0xFF, 0, 0x61]) }
    }

    @Test("an authorization id that repeats the name is fine")
    func ownAuthorization() throws {
        let token = try PlainToken("alice\u{0}alice\u{0}pass".utf8)
        #expect(token.username == "alice")
        #expect(token.password == "pass")
    }
}
