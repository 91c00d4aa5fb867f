/// Whose turn it is on one client connection: the next request's, the outstanding answer's, or the end's.
///
/// Requests are answered in the order in which they came, one at a time, as Kafka does. While an answer is outstanding
/// (a long poll, a rebalance, a flush), is on its way in pieces, or the client reads slower than it asks, its next
/// requests wait, and reading stops as soon as more of them come in: what a client can make us hold is bounded.
///
/// Knows neither sockets nor messages: whoever owns a connection (a transport, a simulator) tells what happened and
/// does what is said.
///
///                 ┌───────────── a request is answered ─────────────┐
///      bytes ──► open ── left pending ──► pending ── delivered ─────►│
///                 │ ── socket is full ──► congested ── writable ────►│
///                 │ ── long answer ─────► sending ── sent ──────────►│
///                 │ ── memory is short ─► hungry ── memory is there ►│
///                 │ ── had its share ───► waiting ── its turn ──────►┘
///                 └── bad frame, end of log-in, hang-up ──► ending, failed, closed (final)
package struct ConnectionTurns: Equatable, Sendable {
    /// What to do with bytes that came in.
    package enum Intake: Equatable, Sendable {
        /// Cut them into frames and handle those that may be handled.
        case handle
        /// Keep them unread.
        case keep
        /// Nobody will look at them.
        case drop
    }

    /// What to do after something happened.
    package enum Action: Equatable, Sendable {
        case none
        /// Hand out the frames that are kept.
        case handle
        /// Send what is written, then close.
        case end
        /// Send what is written, then close with one line that says why.
        case fail(String)
    }

    /// An answer is outstanding.
    package private(set) var isPending = false
    /// A long answer leaves piece by piece, as the socket takes it.
    package private(set) var isSending = false
    /// The socket takes no more answers at the moment.
    package private(set) var isCongested = false
    /// The next request could have a long answer, for which there is no memory now.
    package private(set) var isHungry = false
    /// More bytes of a long request may not be taken in now.
    package private(set) var isUploadHeld = false
    /// Its requests have held the cluster long enough: those of others come first.
    package private(set) var isOutOfTurn = false
    private var isEnding = false
    private var isClosed = false
    private var failure: String?
    /// Frames are being handed out, and must not be from within.
    private var isHandling = false
    /// Bytes came in while their turn had not come.
    private var keepsBytes = false

    package init() {}

    /// Whether the next request has to wait.
    package var isBlocked: Bool {
        isPending || isSending || isCongested || isHungry || isOutOfTurn || isFinal
    }

    /// Whether nothing more is handled.
    package var isFinal: Bool { isEnding || isClosed || failure != nil }

    /// Whether the socket should be read. One that is being closed is: the client's answer to the end of TLS comes
    /// last.
    package var wantsToRead: Bool { isClosed || !(isBlocked && keepsBytes) && !isUploadHeld }

    /// Whether the client can do nothing but wait for us: for an answer, for the next request to be looked at, or for
    /// the rest of one to be read.
    package var isKeptWaiting: Bool { isPending || isHungry || isUploadHeld || isOutOfTurn }

    /// Whether the connection owes its client something, so that silence is not idleness.
    package var owesAnswer: Bool { isPending || isSending }

    // MARK: Requests

    package mutating func received() -> Intake {
        guard !isFinal else {
            return .drop
        }
        if isBlocked || isHandling {
            keepsBytes = true
            return .keep
        }
        return .handle
    }

    /// Frames are about to be handed out.
    package mutating func beginHandling() {
        isHandling = true
    }

    /// The answer to the frame just handed out is not known yet.
    package mutating func leftPending() {
        isPending = true
    }

    /// The next frame may not be handed out before ``memoryIsThere()``.
    package mutating func awaitMemory() {
        isHungry = true
    }

    /// The next frame may not be handed out before ``turnCame()``.
    package mutating func leaveTurn() {
        isOutOfTurn = true
    }

    /// An answer began to leave in pieces.
    package mutating func beganSending() {
        isSending = true
    }

    /// The answer just written is the last one.
    package mutating func willEnd() {
        isEnding = true
    }

    package mutating func failed(_ reason: String) {
        failure = failure ?? reason
    }

    /// Frames were handed out until one had to wait, or there were none.
    /// - Parameters:
    ///   - keepsBytes: whether whole or partial frames are left.
    ///   - wasHeld: whether a frame had to wait.
    package mutating func endHandling(keepsBytes: Bool, wasHeld: Bool) -> Action {
        isHandling = false
        if let final {
            return final
        }
        // A partial frame alone is no reason to stop reading: its rest has to come.
        self.keepsBytes = keepsBytes && isBlocked
        // What held it up may be over already: a socket that was full and took everything at once.
        return keepsBytes && wasHeld && !isBlocked ? .handle : .none
    }

    // MARK: Answers

    /// The outstanding answer was written.
    package mutating func delivered() -> Action {
        isPending = false
        return goOn()
    }

    /// The last piece of a long answer was written.
    package mutating func endSending() -> Action {
        isSending = false
        return goOn()
    }

    package mutating func socketBecame(writable: Bool) -> Action {
        isCongested = !writable
        return writable ? goOn() : .none
    }

    package mutating func turnCame() -> Action {
        isOutOfTurn = false
        return goOn()
    }

    package mutating func memoryIsThere() -> Action {
        isHungry = false
        isUploadHeld = false
        return goOn()
    }

    /// Too much of a long request is here already, and memory is short.
    package mutating func holdUpload() {
        isUploadHeld = true
    }

    package mutating func closed() {
        isClosed = true
    }

    private var final: Action? {
        guard !isClosed else {
            return Action.none
        }
        if let failure {
            return .fail(failure)
        }
        // What leaves in pieces leaves first.
        return isEnding && !isSending ? .end : nil
    }

    private mutating func goOn() -> Action {
        if isHandling {
            return .none
        }
        if let final {
            return final
        }
        guard !isBlocked else {
            return .none
        }
        defer { keepsBytes = false }
        return keepsBytes ? .handle : .none
    }
}
