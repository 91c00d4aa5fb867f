import KafkaProtocol

/// LeaveGroup: members go, or an administrator removes them.
///
/// Serves v0…5. Differs from Kafka: nothing known.
enum LeaveGroupHandler: RequestHandler {
    static func handle(
        _ request: LeaveGroupRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<LeaveGroupResponse> {
        var response = LeaveGroupResponse()
        do throws(ErrorCode) {
            try cluster.requireMemberCoordinator(of: request.groupID, context)
            response.members = leave(request, context, &cluster)
        } catch {
            response.errorCode = error.rawValue
        }
        // Before version 3 there is one member, and its error is that of the request.
        if context.version < 3, let only = response.members.first {
            response.errorCode = only.errorCode
        }
        return .reply(response)
    }

    private static func leave(
        _ request: LeaveGroupRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> [LeaveGroupResponse.MemberResponse] {
        let leaving = context.version < 3 ? [identity(request.memberID)] : request.members
        var answers = leaving.map { member in
            var answer = LeaveGroupResponse.MemberResponse()
            answer.memberID = member.memberID
            answer.groupInstanceID = member.groupInstanceID
            answer.errorCode = ErrorCode.unknownMemberID.rawValue
            return answer
        }
        _ = cluster.step(request.groupID, now: context.now) { group, actions in
            for (index, member) in leaving.enumerated() {
                do throws(ErrorCode) {
                    try group.leave(memberID: member.memberID, instanceID: member.groupInstanceID, &actions)
                    answers[index].errorCode = ErrorCode.none.rawValue
                } catch {
                    answers[index].errorCode = error.rawValue
                }
            }
            if answers.contains(where: { $0.errorCode == ErrorCode.none.rawValue }) {
                group.membersLeft(&actions)
            }
        }
        return answers
    }

    private static func identity(_ memberID: String) -> LeaveGroupRequest.MemberIdentity {
        var identity = LeaveGroupRequest.MemberIdentity()
        identity.memberID = memberID
        return identity
    }
}
