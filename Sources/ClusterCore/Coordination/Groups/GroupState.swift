/// Where a classic consumer group stands.
///
/// ```
///                 a member joins                  everyone has joined, or time is up
///      Empty ───────────────────▶ PreparingRebalance ─────────────────▶ CompletingRebalance
///        ▲  ◀─────────────────────      ▲       ▲  ◀────────────────────        │
///        │      the last one left       │       │   a member joins, leaves      │ the leader's
///        │                              │       │   or fails to sync            │ assignment is stored
///        │                              │       └────────────────────────┐      ▼
///        │                              └──────────────────────────────── Stable
///        │
///        └─▶ Dead (from every state, for good: the group was deleted)
/// ```
package enum GroupState: String, Sendable, CaseIterable {
    /// No members; committed offsets may remain. Can move to `preparingRebalance` and `dead`.
    case empty = "Empty"
    /// Waits for members to join the next generation. Can move to `completingRebalance`, `empty` and `dead`.
    case preparingRebalance = "PreparingRebalance"
    /// A new generation waits for its leader's assignment. Can move to `stable`, `preparingRebalance` and `dead`.
    case completingRebalance = "CompletingRebalance"
    /// Every member can have its assignment. Can move to `preparingRebalance` and `dead`.
    case stable = "Stable"
    /// Deleted. Can move nowhere, except that deleting twice is harmless.
    case dead = "Dead"

    func canMove(to next: GroupState) -> Bool {
        switch (self, next) {
        case (_, .dead): true
        case (.preparingRebalance, .empty): true
        case (.empty, .preparingRebalance), (.completingRebalance, .preparingRebalance),
            (.stable, .preparingRebalance):
            true
        case (.preparingRebalance, .completingRebalance): true
        case (.completingRebalance, .stable): true
        default: false
        }
    }

    /// Whether something that happened to a member may start another rebalance.
    var canRebalance: Bool { canMove(to: .preparingRebalance) }
}
