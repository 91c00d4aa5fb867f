import KafkaProtocol

/// ListGroups: the groups that the asked broker coordinates, optionally by state and type.
///
/// Serves v0…5. Differs from Kafka: every group is a classic one.
enum ListGroupsHandler: RequestHandler {
    private static let classic = "classic"

    static func handle(
        _ request: ListGroupsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<ListGroupsResponse> {
        var response = ListGroupsResponse()
        let types = Set(request.typesFilter.map { $0.lowercased() })
        let states = Set(request.statesFilter.map { $0.lowercased() })
        // Without the offsets topic there are no groups, and asking should not create it.
        guard types.isEmpty || types.contains(classic), cluster.topics[InternalTopic.consumerOffsets] != nil else {
            return .reply(response)
        }
        for group in cluster.groups.sorted {
            guard states.isEmpty || states.contains(group.state.rawValue.lowercased()),
                isCoordinator(of: group.id, context, &cluster)
            else {
                continue
            }
            var entry = ListGroupsResponse.ListedGroup()
            entry.groupID = group.id
            entry.protocolType = group.protocolType ?? ""
            entry.groupState = group.state.rawValue
            entry.groupType = classic
            response.groups.append(entry)
        }
        return .reply(response)
    }

    private static func isCoordinator(
        of group: String, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Bool {
        do throws(ErrorCode) {
            try cluster.requireCoordinator(of: group, context)
            return true
        } catch {
            return false
        }
    }
}
