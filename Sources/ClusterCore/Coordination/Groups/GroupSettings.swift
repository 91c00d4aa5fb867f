/// The broker configs that groups obey, by Kafka's names. Times in milliseconds.
struct GroupSettings {
    /// A member that asked to join for the first time is given up after this long. Not configurable in Kafka either.
    static let newMemberJoinTimeoutMs: Int64 = 5 * 60 * 1_000
    /// How long a group in which only absent static members are left waits at least before it looks again, whatever
    /// rebalance timeout (0, or less) they asked for.
    static let absentMembersRetryMs: Int64 = 1_000

    /// `group.initial.rebalance.delay.ms`: how long a group waits for more members before its first generation.
    var initialRebalanceDelayMs: Int64 = 3_000
    /// `group.min.session.timeout.ms`…`group.max.session.timeout.ms`
    var sessionTimeoutMs: ClosedRange<Int32> = 6_000...1_800_000
    /// `group.max.size`, never above ``ClusterLimits/membersPerGroup``.
    var maxSize = 10_000

    init() {}

    init(_ configs: ConfigStore, _ limits: ClusterLimits) {
        initialRebalanceDelayMs = Int64(max(0, configs.brokerInt("group.initial.rebalance.delay.ms")))
        let shortest = Int32(clamping: configs.brokerInt("group.min.session.timeout.ms"))
        let longest = Int32(clamping: configs.brokerInt("group.max.session.timeout.ms"))
        sessionTimeoutMs = shortest...max(shortest, longest)
        maxSize = min(limits.membersPerGroup, configs.brokerInt("group.max.size"))
    }
}
