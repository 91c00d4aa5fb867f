import KafkaProtocol

/// JoinGroup.
extension Group {
    /// A member wants into the next generation. Its answer is among the actions, or comes when the rebalance completes.
    mutating func join(_ call: JoinCall, _ actions: inout GroupActions) {
        guard accepts(call.memberID, actions.settings) else {
            remove(call.memberID, &actions)
            return fail(call, .groupMaxSizeReached, memberID: "", &actions)
        }
        guard supports(call.protocolType, call.protocols) else {
            return fail(call, .inconsistentGroupProtocol, memberID: call.memberID, &actions)
        }
        if call.memberID.isEmpty {
            joinNew(call, &actions)
        } else if pendingMembers[call.memberID] != nil, call.groupInstanceID == nil {
            addAndRebalance(call, &actions)
        } else {
            rejoin(call, &actions)
        }
    }

    func fail(_ call: JoinCall, _ code: ErrorCode, memberID: String, _ actions: inout GroupActions) {
        actions.reply(.failed(code, memberID: memberID), to: call.token)
    }

    /// `group.max.size`: during a rebalance the members that are back count, so that the last to rejoin are kept out.
    private func accepts(_ memberID: String, _ settings: GroupSettings) -> Bool {
        // Kafka does not bound the ids that it gave away; we do.
        if memberID.isEmpty, pendingMembers.count >= settings.maxSize {
            return false
        }
        switch state {
        case .empty, .dead:
            return true
        case .preparingRebalance:
            return members[memberID]?.awaitingJoin != nil || awaitingJoinCount < settings.maxSize
        case .completingRebalance, .stable:
            return members[memberID] != nil || members.count < settings.maxSize
        }
    }

    private mutating func joinNew(_ call: JoinCall, _ actions: inout GroupActions) {
        if let instanceID = call.groupInstanceID, let existing = staticMembers[instanceID] {
            return replaceStatic(existing, call, &actions)
        }
        guard call.requiresKnownMemberID else {
            return addAndRebalance(call, &actions)
        }
        let deadline = actions.deadline(after: Int64(call.sessionTimeoutMs))
        pendingMembers[call.freshMemberID] = deadline
        actions.schedule(.session(group: id, member: call.freshMemberID, deadline: deadline), at: deadline)
        fail(call, .memberIDRequired, memberID: call.freshMemberID, &actions)
    }

    private mutating func addAndRebalance(_ call: JoinCall, _ actions: inout GroupActions) {
        var member = call.member
        member.isNew = true
        member.awaitingJoin = call.token
        if state == .preparingRebalance, previousState == .empty {
            initialDelay?.memberAdded = true
        }
        add(member, protocolType: call.protocolType)
        // A new member has no id to send heartbeats with, and its connection says nothing while it waits.
        expectSign(of: member.id, within: GroupSettings.newMemberJoinTimeoutMs, &actions)
        rebalanceOrCompleteJoinPhase(&actions)
    }

    /// A member that is known joins again.
    private mutating func rejoin(_ call: JoinCall, _ actions: inout GroupActions) {
        do throws(ErrorCode) {
            try validateMember(call.memberID, instanceID: call.groupInstanceID)
        } catch {
            return fail(call, error, memberID: call.memberID, &actions)
        }
        let isUnchanged = members[call.memberID]?.protocols == call.protocols
        switch state {
        case .preparingRebalance:
            updateAndRebalance(call, &actions)
        case .completingRebalance where isUnchanged:
            // Its first answer may have been lost.
            actions.reply(joinResponse(for: call.memberID), to: call.token)
        case .stable where isUnchanged && leader != call.memberID:
            actions.reply(joinResponse(for: call.memberID), to: call.token)
        case .completingRebalance, .stable:
            // A leader that joins again asks for a new assignment, even when nothing about itself changed.
            updateAndRebalance(call, &actions)
        case .empty, .dead:
            fail(call, .unknownMemberID, memberID: call.memberID, &actions)
        }
    }

    private mutating func updateAndRebalance(_ call: JoinCall, _ actions: inout GroupActions) {
        update(call.memberID, call)
        awaitJoin(call.memberID, call.token)
        rebalanceOrCompleteJoinPhase(&actions)
    }

    private mutating func update(_ memberID: String, _ call: JoinCall) {
        guard var member = members[memberID] else {
            return
        }
        countProtocols(of: member, by: -1)
        member.protocols = call.protocols
        member.rebalanceTimeoutMs = call.rebalanceTimeoutMs
        member.sessionTimeoutMs = call.sessionTimeoutMs
        countProtocols(of: member, by: 1)
        members[memberID] = member
    }

    // MARK: Static members

    /// A static member came back without its id: it gets a new one, and whoever used the old one is fenced.
    private mutating func replaceStatic(_ oldID: String, _ call: JoinCall, _ actions: inout GroupActions) {
        guard let previous = members[oldID] else {
            return fail(call, .unknownMemberID, memberID: "", &actions)
        }
        let previousLeader = leader
        answerJoin(oldID, .failed(.fencedInstanceID, memberID: oldID), &actions)
        answerSync(oldID, .failed(.fencedInstanceID), &actions)
        rename(oldID, to: call.freshMemberID)
        update(call.freshMemberID, call)
        expectSign(of: call.freshMemberID, within: Int64(call.sessionTimeoutMs), &actions)
        awaitJoin(call.freshMemberID, call.token)
        switch state {
        case .stable where selectProtocol() == protocolName:
            let replacement = StaticReplacement(call: call, previous: previous, previousLeader: previousLeader)
            actions.store(GroupWrite(reason: .replaced(replacement), value: metadata()))
        case .stable, .completingRebalance:
            // The leader may already be assigning to the old id.
            prepareRebalance(&actions)
        default:
            completeJoinPhaseIfReady(&actions)
        }
    }

    /// Gives a member another id, in its old place.
    private mutating func rename(_ oldID: String, to newID: String) {
        guard let index = members.index(forKey: oldID) else {
            return
        }
        var member = members.elements[index].value
        member.id = newID
        member.isNew = false
        member.sessionDeadline = nil
        member.sessionTimer = nil
        members.remove(at: index)
        members.updateValue(member, forKey: newID, insertingAt: index)
        if leader == oldID {
            leader = newID
        }
        if let instanceID = member.groupInstanceID {
            staticMembers[instanceID] = newID
        }
        pendingSync.remove(oldID)
    }

    /// The new id is stored: the member can go on with the assignment of the old one.
    mutating func answerReplacement(_ replacement: StaticReplacement, _ actions: inout GroupActions) {
        let call = replacement.call
        let memberID = call.freshMemberID
        var response = joinResponse(for: memberID)
        if call.supportsSkippingAssignment {
            response.skipAssignment = leader == memberID
        } else {
            // Older clients would assign if they saw themselves as the leader, so they are shown the old id.
            response.members = []
            response.leader = replacement.previousLeader ?? ""
        }
        answerJoin(memberID, response, &actions)
    }

    /// The new id could not be stored: everything is as before.
    mutating func undoReplacement(
        _ replacement: StaticReplacement, _ code: ErrorCode, _ actions: inout GroupActions
    ) {
        let previous = replacement.previous
        var response = joinResponse(for: replacement.call.freshMemberID)
        response.errorCode = code.rawValue
        response.memberID = ""
        response.members = []
        response.leader = replacement.previousLeader ?? ""
        answerJoin(replacement.call.freshMemberID, response, &actions)
        rename(replacement.call.freshMemberID, to: previous.id)
        guard var member = members[previous.id] else {
            return
        }
        countProtocols(of: member, by: -1)
        member.protocols = previous.protocols
        member.rebalanceTimeoutMs = previous.rebalanceTimeoutMs
        member.sessionTimeoutMs = previous.sessionTimeoutMs
        countProtocols(of: member, by: 1)
        members[previous.id] = member
        expectSign(of: previous.id, within: Int64(previous.sessionTimeoutMs), &actions)
    }

    // MARK: Answers

    /// What a member is told about the current generation; only the leader sees the others.
    func joinResponse(for memberID: String) -> JoinGroupResponse {
        var response = JoinGroupResponse()
        response.generationID = generation
        response.protocolType = protocolType
        response.protocolName = protocolName
        response.leader = leader ?? ""
        response.memberID = memberID
        if leader == memberID {
            response.members = members.values.map { member in
                var entry = JoinGroupResponse.JoinGroupResponseMember()
                entry.memberID = member.id
                entry.groupInstanceID = member.groupInstanceID
                entry.metadata = member.metadata(protocolName)
                return entry
            }
        }
        return response
    }
}
