import KafkaProtocol
import OrderedCollections

/// One classic consumer group: a state machine fed with calls and times, answering through ``GroupActions``.
///
/// What must survive a restart (generation, protocol, leader, members and their assignments) is written as a
/// GroupMetadataValue and comes back through ``replay(_:)``. A rebalance in progress is not kept: after a restart the
/// last stored generation holds, and its members must show up within their session timeouts.
///
/// Differs from Kafka: a tie between protocols is decided by who joined first, not by chance; the number of member ids
/// that were given away and not used is bounded; and a SyncGroup that waits while its member is removed is answered.
package struct Group {
    package let id: String
    package private(set) var state: GroupState = .empty
    private(set) var previousState: GroupState = .dead
    /// Milliseconds since the epoch of the last change of `state`; nil before the first.
    package private(set) var stateTimestamp: Int64?
    package internal(set) var generation: Int32 = 0
    /// `consumer`, `connect`, …; nil for a group that only stores offsets.
    package internal(set) var protocolType: String?
    /// How the current generation is assigned.
    package internal(set) var protocolName: String?
    package internal(set) var leader: String?
    /// Members in the order in which they joined.
    package internal(set) var members: OrderedDictionary<String, GroupMember> = [:]
    /// Topics that the members of this generation subscribe to; nil when that is not known.
    package internal(set) var subscribedTopics: Set<String>?

    /// Member ids by group.instance.id.
    var staticMembers: [String: String] = [:]
    /// Ids that were given away and not yet used to join, with the time at which they lapse.
    var pendingMembers: [String: Int64] = [:]
    /// Members of this generation that have not asked for their assignment.
    var pendingSync: Set<String> = []
    /// How many members support each protocol.
    var supportedProtocols: [String: Int] = [:]
    var awaitingJoinCount = 0

    /// While the first generation waits for company.
    var initialDelay: InitialDelay?
    /// When the wait for joining members ends.
    var joinDeadline: Int64?
    /// When members that have not synchronised are thrown out.
    var syncDeadline: Int64?

    struct InitialDelay {
        /// Milliseconds of the wait that is running.
        var current: Int64
        /// What may still be added to it.
        var remaining: Int64
        /// Somebody came while it ran, so it is worth waiting longer.
        var memberAdded = false
    }

    init(id: String) {
        self.id = id
    }

    package var isEmpty: Bool { state == .empty }
    var hasAllMembersJoined: Bool { members.count == awaitingJoinCount && pendingMembers.isEmpty }

    /// The rebalance waits for its slowest member.
    var rebalanceTimeoutMs: Int64 {
        Int64(members.values.lazy.map(\.rebalanceTimeoutMs).max() ?? 0)
    }

    mutating func move(to next: GroupState, now: Int64) {
        precondition(state.canMove(to: next), "group \(id) cannot move from \(state) to \(next)")
        previousState = state
        state = next
        stateTimestamp = now
    }

    // MARK: Members

    /// Refuses a caller that is not the member it claims to be.
    func validateMember(_ memberID: String, instanceID: String?) throws(ErrorCode) {
        if let instanceID {
            guard let current = staticMembers[instanceID] else {
                throw .unknownMemberID
            }
            guard current == memberID else {
                throw .fencedInstanceID
            }
        }
        guard members[memberID] != nil else {
            throw .unknownMemberID
        }
    }

    mutating func add(_ member: GroupMember, protocolType type: String) {
        if members.isEmpty {
            protocolType = type
        }
        leader = leader ?? member.id
        if let instanceID = member.groupInstanceID {
            staticMembers[instanceID] = member.id
        }
        countProtocols(of: member, by: 1)
        awaitingJoinCount += member.awaitingJoin == nil ? 0 : 1
        members[member.id] = member
        pendingMembers[member.id] = nil
    }

    /// Forgets a member. Requests of it that still wait are told that it is unknown now.
    mutating func remove(_ memberID: String, _ actions: inout GroupActions) {
        pendingMembers[memberID] = nil
        pendingSync.remove(memberID)
        answerJoin(memberID, .failed(.unknownMemberID, memberID: ""), &actions)
        answerSync(memberID, .failed(.unknownMemberID), &actions)
        guard let member = members.removeValue(forKey: memberID) else {
            return
        }
        countProtocols(of: member, by: -1)
        if let instanceID = member.groupInstanceID {
            staticMembers[instanceID] = nil
        }
        if leader == memberID {
            leader = members.keys.first
        }
    }

    // MARK: Waiting requests

    mutating func awaitJoin(_ memberID: String, _ token: RequestToken) {
        if members[memberID]?.awaitingJoin == nil {
            awaitingJoinCount += 1
        }
        members[memberID]?.awaitingJoin = token
    }

    mutating func answerJoin(
        _ memberID: String, _ response: JoinGroupResponse, _ actions: inout GroupActions
    ) {
        guard let token = members[memberID]?.awaitingJoin else {
            return
        }
        members[memberID]?.awaitingJoin = nil
        awaitingJoinCount -= 1
        actions.reply(response, to: token)
    }

    /// Returns whether the member was waiting.
    @discardableResult
    mutating func answerSync(
        _ memberID: String, _ response: SyncGroupResponse, _ actions: inout GroupActions
    ) -> Bool {
        guard let token = members[memberID]?.awaitingSync else {
            return false
        }
        members[memberID]?.awaitingSync = nil
        actions.reply(response, to: token)
        return true
    }

    // MARK: Replay

    /// What is stored about the group as it stands.
    func metadata(assignments: [String: [UInt8]]? = nil) -> GroupMetadataValue {
        var value = GroupMetadataValue()
        value.protocolType = protocolType ?? ""
        value.generation = generation
        value.protocol = protocolName
        value.leader = members.isEmpty ? nil : leader
        value.currentStateTimestamp = stateTimestamp ?? -1
        value.members = members.values.map { member in
            var stored = GroupMetadataValue.MemberMetadata()
            stored.memberID = member.id
            stored.groupInstanceID = member.groupInstanceID
            stored.clientID = member.clientID
            stored.clientHost = member.clientHost
            stored.rebalanceTimeout = member.rebalanceTimeoutMs
            stored.sessionTimeout = member.sessionTimeoutMs
            stored.subscription = member.metadata(protocolName)
            stored.assignment = assignments.map { $0[member.id] ?? [] } ?? member.assignment
            return stored
        }
        return value
    }

    /// Takes over what was stored. Members that are here get their assignments; into a group without members (after a
    /// restart) the stored ones move in.
    mutating func replay(_ value: GroupMetadataValue) {
        if members.isEmpty, state == .empty {
            restore(value)
        } else {
            for stored in value.members {
                members[stored.memberID]?.assignment = stored.assignment
            }
        }
    }

    private mutating func restore(_ value: GroupMetadataValue) {
        generation = value.generation
        protocolType = value.protocolType.isEmpty ? nil : value.protocolType
        protocolName = value.protocol
        stateTimestamp = value.currentStateTimestamp < 0 ? nil : value.currentStateTimestamp
        for stored in value.members {
            var member = GroupMember(
                id: stored.memberID, groupInstanceID: stored.groupInstanceID, clientID: stored.clientID,
                clientHost: stored.clientHost,
                rebalanceTimeoutMs: stored.rebalanceTimeout < 0 ? stored.sessionTimeout : stored.rebalanceTimeout,
                sessionTimeoutMs: stored.sessionTimeout,
                protocols: [MemberProtocol(name: value.protocol ?? "", metadata: stored.subscription)])
            member.assignment = stored.assignment
            add(member, protocolType: value.protocolType)
        }
        if !members.isEmpty {
            leader = value.leader ?? leader
            state = .stable
        }
        subscribedTopics = computeSubscribedTopics()
    }
}

extension JoinGroupResponse {
    static func failed(_ code: ErrorCode, memberID: String) -> JoinGroupResponse {
        var response = JoinGroupResponse()
        response.errorCode = code.rawValue
        response.memberID = memberID
        return response
    }
}

extension SyncGroupResponse {
    static func failed(_ code: ErrorCode) -> SyncGroupResponse {
        var response = SyncGroupResponse()
        response.errorCode = code.rawValue
        return response
    }
}
