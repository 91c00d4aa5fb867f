import KafkaProtocol

/// From one generation to the next.
extension Group {
    mutating func rebalanceOrCompleteJoinPhase(_ actions: inout GroupActions) {
        if state.canRebalance {
            prepareRebalance(&actions)
        } else {
            completeJoinPhaseIfReady(&actions)
        }
    }

    /// Calls all members together.
    mutating func prepareRebalance(_ actions: inout GroupActions) {
        if state == .completingRebalance {
            propagateAssignments(failure: .rebalanceInProgress, &actions)
        }
        pendingSync = []
        syncDeadline = nil
        let isFirst = state == .empty
        move(to: .preparingRebalance, now: actions.now)
        if isFirst {
            waitForCompany(&actions)
        } else if hasAllMembersJoined {
            completeJoinPhase(&actions)
        } else {
            scheduleJoin(in: rebalanceTimeoutMs, &actions)
        }
    }

    /// The first generation of a group waits a little, so that members that start together need one rebalance only.
    private mutating func waitForCompany(_ actions: inout GroupActions) {
        let delay = actions.settings.initialRebalanceDelayMs
        initialDelay = InitialDelay(current: delay, remaining: max(rebalanceTimeoutMs -| delay, 0))
        scheduleJoin(in: delay, &actions)
    }

    private mutating func scheduleJoin(in wait: Int64, _ actions: inout GroupActions) {
        let deadline = actions.deadline(after: wait)
        joinDeadline = deadline
        actions.schedule(.join(group: id, deadline: deadline), at: deadline)
    }

    /// Goes on as soon as everyone is back, except in the first rebalance, which takes its time.
    mutating func completeJoinPhaseIfReady(_ actions: inout GroupActions) {
        guard state == .preparingRebalance, previousState != .empty, hasAllMembersJoined else {
            return
        }
        completeJoinPhase(&actions)
    }

    /// The wait for members is over.
    mutating func joinTimerFired(_ deadline: Int64, _ actions: inout GroupActions) {
        guard joinDeadline == deadline, state == .preparingRebalance else {
            return
        }
        guard var delay = initialDelay, delay.memberAdded, delay.remaining > 0 else {
            return completeJoinPhase(&actions)
        }
        let next = min(actions.settings.initialRebalanceDelayMs, delay.remaining)
        delay.remaining = max(delay.remaining -| delay.current, 0)
        delay.current = next
        delay.memberAdded = false
        initialDelay = delay
        scheduleJoin(in: next, &actions)
    }

    /// Closes the doors: members that have not rejoined are out (static ones keep their place until their session
    /// ends), and the next generation begins.
    mutating func completeJoinPhase(_ actions: inout GroupActions) {
        joinDeadline = nil
        initialDelay = nil
        for member in members.values where member.awaitingJoin == nil && !member.isStatic {
            remove(member.id, &actions)
        }
        guard electJoinedLeader() || members.isEmpty else {
            // Only absent static members are left: wait until they come back or their sessions end.
            return scheduleJoin(in: max(rebalanceTimeoutMs, GroupSettings.absentMembersRetryMs), &actions)
        }
        generation &+= 1
        protocolName = members.isEmpty ? nil : selectProtocol()
        subscribedTopics = computeSubscribedTopics()
        pendingSync = []
        if members.isEmpty {
            move(to: .empty, now: actions.now)
            actions.store(GroupWrite(reason: .emptied, value: metadata()))
        } else {
            move(to: .completingRebalance, now: actions.now)
            startGeneration(&actions)
        }
    }

    /// Whether the leader has joined; if not, somebody who has takes over.
    private mutating func electJoinedLeader() -> Bool {
        guard let current = leader, let member = members[current] else {
            return false
        }
        if member.awaitingJoin != nil {
            return true
        }
        guard let joined = members.values.first(where: { $0.awaitingJoin != nil }) else {
            return false
        }
        leader = joined.id
        return true
    }

    private mutating func startGeneration(_ actions: inout GroupActions) {
        for memberID in Array(members.keys) {
            answerJoin(memberID, joinResponse(for: memberID), &actions)
            members[memberID]?.isNew = false
            pendingSync.insert(memberID)
            if let timeout = members[memberID]?.sessionTimeoutMs {
                expectSign(of: memberID, within: Int64(timeout), &actions)
            }
        }
        let deadline = actions.deadline(after: rebalanceTimeoutMs)
        syncDeadline = deadline
        actions.schedule(.sync(group: id, deadline: deadline), at: deadline)
    }
}
