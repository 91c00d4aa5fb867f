import KafkaProtocol

/// JoinGroup: a member wants into a classic group's next generation. The answer waits for the others.
///
/// Serves v0…9. Differs from Kafka: see ``Group``.
enum JoinGroupHandler: RequestHandler {
    static func handle(
        _ request: JoinGroupRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<JoinGroupResponse> {
        let isNew: Bool
        do throws(ErrorCode) {
            try cluster.requireMemberCoordinator(of: request.groupID, context)
            guard cluster.groupSettings.sessionTimeoutMs.contains(request.sessionTimeoutMs) else {
                throw .invalidSessionTimeout
            }
            isNew = try createGroup(request, &cluster)
        } catch {
            return .reply(.failed(error, memberID: request.memberID).fit(for: context.version))
        }
        let call = call(request, context, &cluster)
        let answer = cluster.step(request.groupID, answering: context.token, now: context.now) { group, actions in
            group.join(call, &actions)
            if isNew {
                var empty = GroupMetadataValue()
                empty.currentStateTimestamp = context.now
                actions.store(GroupWrite(reason: .created(context.token), value: empty))
            }
        }
        guard case .join(let response)? = answer else {
            return .pending
        }
        return .reply(response)
    }

    /// A group comes into being with its first member; a member that brings an id must have got it somewhere.
    private static func createGroup(
        _ request: JoinGroupRequest, _ cluster: inout Cluster
    ) throws(ErrorCode) -> Bool {
        guard cluster.groups[request.groupID] == nil else {
            return false
        }
        guard request.memberID.isEmpty else {
            throw .unknownMemberID
        }
        guard cluster.groups.count < cluster.configuration.limits.groups else {
            throw .policyViolation
        }
        cluster.groups.create(request.groupID)
        return true
    }

    private static func call(
        _ request: JoinGroupRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> JoinCall {
        let clientID = context.clientID ?? ""
        let prefix = request.groupInstanceID ?? clientID
        return JoinCall(
            token: context.token, groupInstanceID: request.groupInstanceID, memberID: request.memberID,
            clientID: clientID, clientHost: "/\(context.connection.clientHost)",
            sessionTimeoutMs: request.sessionTimeoutMs,
            // Version 0 knows one timeout for both.
            rebalanceTimeoutMs: context.version == 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs,
            protocolType: request.protocolType,
            protocols: request.protocols.map { MemberProtocol(name: $0.name, metadata: $0.metadata) },
            freshMemberID: MemberID.make(prefix: prefix, random: cluster.random.nextUUID()))
    }
}
