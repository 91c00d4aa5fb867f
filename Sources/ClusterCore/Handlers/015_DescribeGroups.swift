import KafkaProtocol

/// DescribeGroups: state, members and assignments of classic groups.
///
/// Serves v0…6. Differs from Kafka: nothing known.
enum DescribeGroupsHandler: RequestHandler {
    static func handle(
        _ request: DescribeGroupsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<DescribeGroupsResponse> {
        cluster.answerInPortions(request, context, answer)
    }

    private static func answer(
        _ request: DescribeGroupsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> DescribeGroupsResponse {
        var response = DescribeGroupsResponse()
        // A group that is named twice is answered once: an answer is much longer than the question.
        var seen: Set<String> = []
        response.groups = request.groups.filter { seen.insert($0).inserted }.map { id in
            var described = describe(id, context, &cluster)
            if request.includeAuthorizedOperations, described.errorCode == ErrorCode.none.rawValue {
                described.authorizedOperations = AuthorizedOperations.group
            }
            return described
        }
        return response
    }

    private static func describe(
        _ id: String, _ context: RequestContext, _ cluster: inout Cluster
    ) -> DescribeGroupsResponse.DescribedGroup {
        var answer = DescribeGroupsResponse.DescribedGroup()
        answer.groupID = id
        do throws(ErrorCode) {
            try cluster.requireCoordinator(of: id, context)
            guard let group = cluster.groups[id] else {
                throw .groupIDNotFound
            }
            fill(&answer, group)
        } catch .groupIDNotFound {
            // Before version 6 a group that does not exist is a dead one.
            answer.groupState = GroupState.dead.rawValue
            if context.version >= 6 {
                answer.errorCode = ErrorCode.groupIDNotFound.rawValue
                answer.errorMessage = "Group \(id) not found."
            }
        } catch {
            answer.errorCode = error.rawValue
        }
        return answer
    }

    /// What members said and got is shown only while it holds for all of them.
    private static func fill(_ answer: inout DescribeGroupsResponse.DescribedGroup, _ group: Group) {
        let isStable = group.state == .stable
        answer.groupState = group.state.rawValue
        answer.protocolType = group.protocolType ?? ""
        answer.protocolData = isStable ? group.protocolName ?? "" : ""
        answer.members = group.members.values.map { member in
            var entry = DescribeGroupsResponse.DescribedGroupMember()
            entry.memberID = member.id
            entry.groupInstanceID = member.groupInstanceID
            entry.clientID = member.clientID
            entry.clientHost = member.clientHost
            if isStable {
                entry.memberMetadata = member.metadata(group.protocolName)
                entry.memberAssignment = member.assignment
            }
            return entry
        }
    }
}
