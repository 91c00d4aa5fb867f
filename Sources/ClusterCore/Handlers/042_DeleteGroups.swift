import KafkaProtocol

/// DeleteGroups: removes groups without members, and their offsets.
///
/// Serves v0…2. Differs from Kafka: nothing known.
enum DeleteGroupsHandler: RequestHandler {
    static func handle(
        _ request: DeleteGroupsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<DeleteGroupsResponse> {
        cluster.answerInPortions(request, context, answer)
    }

    private static func answer(
        _ request: DeleteGroupsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> DeleteGroupsResponse {
        var response = DeleteGroupsResponse()
        response.results = request.groupsNames.map { id in
            var result = DeleteGroupsResponse.DeletableGroupResult()
            result.groupID = id
            do throws(ErrorCode) {
                try cluster.requireCoordinator(of: id, context)
                try cluster.deleteGroup(id, now: context.now)
            } catch {
                result.errorCode = error.rawValue
            }
            return result
        }
        return response
    }
}
