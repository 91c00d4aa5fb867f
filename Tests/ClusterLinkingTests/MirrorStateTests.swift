import ClusterCore
import Testing

@Suite("Mirror states")
struct MirrorStateTests {
    /// Each line: a state and those that it may move to.
    private static let table: [MirrorState: Set<MirrorState>] = [
        .active: [
            .paused, .failed, .linkPaused, .linkFailed, .sourceUnavailable, .pendingStopped, .stopped,
            .pendingSynchronize,
        ],
        .paused: [.active, .failed, .linkPaused, .linkFailed, .pendingStopped, .stopped],
        .failed: [.pendingStopped, .stopped],
        .linkPaused: [.active, .paused, .failed, .linkFailed, .pendingStopped, .stopped],
        .linkFailed: [.active, .paused, .failed, .linkPaused, .pendingStopped, .stopped],
        .sourceUnavailable: [.active, .paused, .failed, .linkPaused, .linkFailed, .pendingStopped, .stopped],
        .pendingStopped: [.stopped],
        .stopped: [.pendingSetupForRestore],
        .pendingMirror: [.active, .paused, .failed, .stopped],
        .pendingSynchronize: [.pendingStopped, .stopped, .failed],
        .pendingSetupForRestore: [.pendingRestore, .failed, .stopped],
        .pendingRestore: [.active, .paused, .failed, .stopped],
    ]

    @Test("every pair of states is allowed or refused as documented", arguments: MirrorState.allCases)
    func pairs(from: MirrorState) throws {
        let allowed = try #require(Self.table[from])
        for to in MirrorState.allCases {
            #expect(from.canMove(to: to) == (from == to || allowed.contains(to)), "\(from) → \(to)")
        }
    }

    @Test("failover leads out of every mirroring state, and nothing but restoring leads out of STOPPED")
    func failover() {
        for state in MirrorState.allCases where state != .stopped {
            #expect(state.canMove(to: .stopped))
        }
        #expect(MirrorState.stopped.canMoveTo == [.pendingSetupForRestore])
    }

    @Test("only a stopped mirror takes records from producers")
    func readOnly() {
        #expect(MirrorState.allCases.filter { !$0.isReadOnly } == [.stopped])
    }

    @Test("trouble of the link shows on active mirrors only, and a pause hides the rest")
    func shows() {
        #expect(
            MirrorState.active.shown(linkIsPaused: true, linkHasFailed: true, sourceIsUnavailable: true) == .linkPaused)
        #expect(
            MirrorState.active.shown(linkIsPaused: false, linkHasFailed: true, sourceIsUnavailable: true)
                == .linkFailed)
        #expect(
            MirrorState.active.shown(linkIsPaused: false, linkHasFailed: false, sourceIsUnavailable: true)
                == .sourceUnavailable)
        for state in MirrorState.allCases where state != .active {
            #expect(state.shown(linkIsPaused: true, linkHasFailed: true, sourceIsUnavailable: true) == state)
        }
    }
}
