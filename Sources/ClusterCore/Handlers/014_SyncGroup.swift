import KafkaProtocol

/// SyncGroup: the leader brings the assignment of a generation, the others wait for their part.
///
/// Serves v0…5. Differs from Kafka: nothing known.
enum SyncGroupHandler: RequestHandler {
    static func handle(
        _ request: SyncGroupRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<SyncGroupResponse> {
        do throws(ErrorCode) {
            // From version 5 on the member must say what it believes the group is assigned by (KIP-559).
            if context.version >= 5, request.protocolType == nil || request.protocolName == nil {
                throw .inconsistentGroupProtocol
            }
            try cluster.requireMemberCoordinator(of: request.groupID, context)
            guard cluster.groups[request.groupID] != nil else {
                throw .unknownMemberID
            }
        } catch {
            return .reply(.failed(error))
        }
        let answer = cluster.step(request.groupID, answering: context.token, now: context.now) { group, actions in
            group.sync(request, context.token, &actions)
        }
        guard case .sync(let response)? = answer else {
            return .pending
        }
        return .reply(response)
    }
}
