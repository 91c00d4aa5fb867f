/// How mirror topics move between states.
///
///     active ⇄ paused            pause, resume
///     active ⇄ sourceUnavailable the source does not answer for long, answers again
///     active ⇄ linkPaused        cluster.link.paused
///     active → failed            the source was deleted, made anew, truncated …; only failover leads on
///     any mirroring → pendingStopped → stopped        promote waits for lag 0; failover does not
///     active → pendingSynchronize → stopped           reversal, this side
///     stopped → pendingSetupForRestore → pendingRestore → active      truncate and restore
///
/// `linkPaused`, `linkFailed` and `sourceUnavailable` are never stored: they follow from the link and are what
/// `active` looks like meanwhile (see ``shown(linkIsPaused:linkHasFailed:sourceIsUnavailable:)``).
extension MirrorState {
    /// The states that `self` may move to. A state may always be set again with another error.
    package var canMoveTo: Set<MirrorState> {
        switch self {
        case .active:
            [
                .paused, .failed, .linkPaused, .linkFailed, .sourceUnavailable, .pendingStopped, .stopped,
                .pendingSynchronize,
            ]
        case .paused: [.active, .failed, .linkPaused, .linkFailed, .pendingStopped, .stopped]
        case .linkPaused: [.active, .paused, .failed, .linkFailed, .pendingStopped, .stopped]
        case .linkFailed: [.active, .paused, .failed, .linkPaused, .pendingStopped, .stopped]
        case .sourceUnavailable: [.active, .paused, .failed, .linkPaused, .linkFailed, .pendingStopped, .stopped]
        case .failed: [.pendingStopped, .stopped]
        case .pendingStopped: [.stopped]
        case .stopped: [.pendingSetupForRestore]
        case .pendingMirror: [.active, .paused, .failed, .stopped]
        case .pendingSynchronize: [.pendingStopped, .stopped, .failed]
        case .pendingSetupForRestore: [.pendingRestore, .failed, .stopped]
        case .pendingRestore: [.active, .paused, .failed, .stopped]
        }
    }

    package func canMove(to next: MirrorState) -> Bool {
        next == self || canMoveTo.contains(next)
    }

    /// Whether a link copies records in this state.
    package var isMirroring: Bool {
        switch self {
        case .active, .pendingStopped, .pendingSynchronize, .pendingRestore: true
        default: false
        }
    }

    /// What users see of a stored state while the link is in trouble.
    package func shown(linkIsPaused: Bool, linkHasFailed: Bool, sourceIsUnavailable: Bool) -> MirrorState {
        guard self == .active else {
            return self
        }
        if linkIsPaused {
            return .linkPaused
        }
        if linkHasFailed {
            return .linkFailed
        }
        return sourceIsUnavailable ? .sourceUnavailable : .active
    }
}
