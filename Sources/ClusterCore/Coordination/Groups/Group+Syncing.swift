import KafkaProtocol

/// SyncGroup: the leader brings the assignment, everybody takes their part of it.
extension Group {
    mutating func sync(_ request: SyncGroupRequest, _ token: RequestToken, _ actions: inout GroupActions) {
        do throws(ErrorCode) {
            try validateSync(request)
        } catch {
            return actions.reply(.failed(error), to: token)
        }
        pendingSync.remove(request.memberID)
        if pendingSync.isEmpty {
            syncDeadline = nil
        }
        guard state == .completingRebalance else {
            return actions.reply(syncResponse(for: request.memberID), to: token)
        }
        members[request.memberID]?.awaitingSync = token
        if leader == request.memberID {
            let assignments = Dictionary(
                request.assignments.map { ($0.memberID, $0.assignment) }, uniquingKeysWith: { _, last in last })
            actions.store(GroupWrite(reason: .assigned, value: metadata(assignments: assignments)))
        }
    }

    private func validateSync(_ request: SyncGroupRequest) throws(ErrorCode) {
        guard state != .empty else {
            throw .unknownMemberID
        }
        try validateMember(request.memberID, instanceID: request.groupInstanceID)
        guard request.generationID == generation else {
            throw .illegalGeneration
        }
        // Before version 5 the client does not say, which is fine.
        if let type = request.protocolType, let own = protocolType, type != own {
            throw .inconsistentGroupProtocol
        }
        if let name = request.protocolName, let own = protocolName, name != own {
            throw .inconsistentGroupProtocol
        }
        if state == .preparingRebalance {
            throw .rebalanceInProgress
        }
    }

    /// The leader's assignment is stored (and replayed): everybody may go to work.
    mutating func assignmentStored(_ actions: inout GroupActions) {
        guard state == .completingRebalance else {
            return
        }
        propagateAssignments(failure: nil, &actions)
        move(to: .stable, now: actions.now)
    }

    /// The leader's assignment could not be stored: everybody starts over.
    mutating func assignmentLost(_ code: ErrorCode, _ actions: inout GroupActions) {
        guard state == .completingRebalance else {
            return
        }
        propagateAssignments(failure: code, &actions)
        prepareRebalance(&actions)
    }

    /// Answers every SyncGroup that waits. Sessions start anew, because they may have run out meanwhile.
    mutating func propagateAssignments(failure: ErrorCode?, _ actions: inout GroupActions) {
        for memberID in Array(members.keys) {
            if failure != nil {
                members[memberID]?.assignment = []
            }
            let response = failure.map { SyncGroupResponse.failed($0) } ?? syncResponse(for: memberID)
            if answerSync(memberID, response, &actions), let timeout = members[memberID]?.sessionTimeoutMs {
                expectSign(of: memberID, within: Int64(timeout), &actions)
            }
        }
    }

    private func syncResponse(for memberID: String) -> SyncGroupResponse {
        var response = SyncGroupResponse()
        response.protocolType = protocolType
        response.protocolName = protocolName
        response.assignment = members[memberID]?.assignment ?? []
        return response
    }

    /// Members that joined but did not ask for their assignment hold up their partitions: they are out.
    mutating func syncTimerFired(_ deadline: Int64, _ actions: inout GroupActions) {
        guard syncDeadline == deadline, state == .completingRebalance || state == .stable, !pendingSync.isEmpty else {
            return
        }
        for memberID in members.keys.filter(pendingSync.contains) {
            remove(memberID, &actions)
        }
        prepareRebalance(&actions)
    }
}
