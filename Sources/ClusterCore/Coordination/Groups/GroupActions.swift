import KafkaProtocol

/// What a group wants done after one event: answers, timers, and at most one record to store.
///
/// A group never answers, appends or looks at a clock itself; whoever hands it an event carries this out.
struct GroupActions {
    /// Milliseconds since the epoch of the event.
    let now: Int64
    /// The same moment on the clock that deadlines go by, in milliseconds.
    let monotonicMs: Int64
    let settings: GroupSettings
    private(set) var replies: [(token: RequestToken, body: GroupReply)] = []
    private(set) var timers: [(timer: GroupTimer, deadline: Int64)] = []
    /// What must be appended before the waiting answers are known.
    private(set) var write: GroupWrite?

    init(now: Int64, monotonicMs: Int64, settings: GroupSettings) {
        self.now = now
        self.monotonicMs = monotonicMs
        self.settings = settings
    }

    /// The moment `milliseconds` after the event.
    func deadline(after milliseconds: Int64) -> Int64 {
        monotonicMs +| max(0, milliseconds)
    }

    mutating func reply(_ response: JoinGroupResponse, to token: RequestToken) {
        replies.append((token, .join(response)))
    }

    mutating func reply(_ response: SyncGroupResponse, to token: RequestToken) {
        replies.append((token, .sync(response)))
    }

    mutating func schedule(_ timer: GroupTimer, at deadline: Int64) {
        timers.append((timer, deadline))
    }

    mutating func store(_ write: GroupWrite) {
        self.write = write
    }

    mutating func takeWrite() -> GroupWrite? {
        defer { write = nil }
        return write
    }
}

enum GroupReply {
    case join(JoinGroupResponse)
    case sync(SyncGroupResponse)
}

/// A change of the stored group, and what hangs on it.
struct GroupWrite {
    enum Reason {
        /// The last member has gone.
        case emptied
        /// The first member has come; that JoinGroup fails if the group cannot be stored.
        case created(RequestToken)
        /// The leader has assigned; the members wait for it.
        case assigned
        /// A static member came back under a new id without disturbing the others.
        case replaced(StaticReplacement)
    }

    let reason: Reason
    let value: GroupMetadataValue
}

/// How to answer a static member's JoinGroup once its new id is stored, and how to take it back if it cannot be.
struct StaticReplacement {
    let call: JoinCall
    let previous: GroupMember
    let previousLeader: String?
}
