/// What can become due inside a consumer group. Cancelling is lazy: every timer carries the deadline it was set for,
/// and one whose group or member has another deadline by then is ignored.
package enum GroupTimer: Sendable {
    /// A member's session may have run out.
    case session(group: String, member: String, deadline: Int64)
    /// The wait for members to join a rebalance ends (the initial delay, or the rebalance timeout).
    case join(group: String, deadline: Int64)
    /// Members that have joined must have asked for their assignment.
    case sync(group: String, deadline: Int64)
}
