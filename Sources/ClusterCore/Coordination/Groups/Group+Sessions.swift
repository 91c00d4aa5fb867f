import KafkaProtocol

/// Signs of life and departures.
extension Group {
    /// Restarts a member's session: it must be heard within `timeout` milliseconds.
    ///
    /// One timer per member is enough: a later deadline is looked up when the earlier one fires.
    mutating func expectSign(of memberID: String, within timeout: Int64, _ actions: inout GroupActions) {
        let deadline = actions.deadline(after: timeout)
        members[memberID]?.sessionDeadline = deadline
        guard let member = members[memberID], member.sessionTimer.map({ deadline < $0 }) ?? true else {
            return
        }
        members[memberID]?.sessionTimer = deadline
        actions.schedule(.session(group: id, member: memberID, deadline: deadline), at: deadline)
    }

    func validateHeartbeat(_ memberID: String, instanceID: String?, generation: Int32) throws(ErrorCode) {
        try validateMember(memberID, instanceID: instanceID)
        guard generation == self.generation else {
            throw .illegalGeneration
        }
    }

    /// Heartbeat; the code tells the member what it should do.
    mutating func heartbeat(_ request: HeartbeatRequest, _ actions: inout GroupActions) -> ErrorCode {
        do throws(ErrorCode) {
            try validateHeartbeat(
                request.memberID, instanceID: request.groupInstanceID, generation: request.generationID)
        } catch {
            return error
        }
        keepAlive(request.memberID, &actions)
        return state == .preparingRebalance ? .rebalanceInProgress : .none
    }

    mutating func keepAlive(_ memberID: String, _ actions: inout GroupActions) {
        if let timeout = members[memberID]?.sessionTimeoutMs {
            expectSign(of: memberID, within: Int64(timeout), &actions)
        }
    }

    /// After a restart: the stored members must be heard within their session timeouts, and too many of them must go.
    mutating func resume(_ actions: inout GroupActions) {
        for memberID in Array(members.keys) {
            keepAlive(memberID, &actions)
        }
        if members.count > actions.settings.maxSize {
            prepareRebalance(&actions)
        }
    }

    // MARK: Departure

    /// One entry of a LeaveGroup. An administrator names a static member by its instance id alone.
    mutating func leave(
        memberID: String, instanceID: String?, _ actions: inout GroupActions
    ) throws(ErrorCode) {
        if memberID.isEmpty {
            guard let instanceID, let current = staticMembers[instanceID] else {
                throw .unknownMemberID
            }
            remove(current, &actions)
        } else if pendingMembers.removeValue(forKey: memberID) == nil {
            try validateMember(memberID, instanceID: instanceID)
            remove(memberID, &actions)
        }
    }

    /// After the entries of a LeaveGroup were handled, at least one with success.
    mutating func membersLeft(_ actions: inout GroupActions) {
        switch state {
        case .stable, .completingRebalance: rebalanceOrCompleteJoinPhase(&actions)
        case .preparingRebalance: completeJoinPhaseIfReady(&actions)
        case .empty, .dead: break
        }
    }

    /// A session may have run out.
    mutating func sessionTimerFired(_ memberID: String, _ deadline: Int64, _ actions: inout GroupActions) {
        if pendingMembers[memberID] == deadline {
            pendingMembers[memberID] = nil
            return completeIfAllJoined(&actions)
        }
        guard var member = members[memberID], member.sessionTimer == deadline else {
            return
        }
        member.sessionTimer = nil
        members[memberID] = member
        guard let due = member.sessionDeadline else {
            return
        }
        if due > actions.monotonicMs {
            members[memberID]?.sessionTimer = due
            return actions.schedule(.session(group: id, member: memberID, deadline: due), at: due)
        }
        members[memberID]?.sessionDeadline = nil
        let isWaiting = member.awaitingJoin != nil || member.awaitingSync != nil
        if member.isNew || !isWaiting {
            expel(memberID, &actions)
        }
    }

    private mutating func expel(_ memberID: String, _ actions: inout GroupActions) {
        remove(memberID, &actions)
        switch state {
        case .stable, .completingRebalance: prepareRebalance(&actions)
        default: completeIfAllJoined(&actions)
        }
    }

    /// Unlike a new arrival, a departure can also end the first rebalance early.
    private mutating func completeIfAllJoined(_ actions: inout GroupActions) {
        if state == .preparingRebalance, hasAllMembersJoined {
            completeJoinPhase(&actions)
        }
    }
}
