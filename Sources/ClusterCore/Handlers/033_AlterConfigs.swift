import KafkaProtocol

/// AlterConfigs: replaces all settings of a resource by the given ones; older tools still use it.
///
/// Serves v0…2. Differs from Kafka: a long request is several commits, each of whole resources.
enum AlterConfigsHandler: RequestHandler {
    static func handle(
        _ request: AlterConfigsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<AlterConfigsResponse> {
        var resources = NamedResources()
        for item in request.resources {
            resources.note(item.resourceType, item.resourceName)
        }
        return cluster.answerInPortions(request, context) { [resources] portion, context, cluster in
            answer(portion, resources, context, &cluster)
        }
    }

    private static func answer(
        _ request: AlterConfigsRequest, _ resources: NamedResources, _ context: RequestContext,
        _ cluster: inout Cluster
    ) -> AlterConfigsResponse {
        let configs = cluster.configs
        let wanted = request.resources.map { item in
            ResourceAlteration { () throws(AdminFailure) in try alteration(item, resources, configs) }
        }
        let failures = cluster.alterConfigs(wanted, validateOnly: request.validateOnly, now: context.now)
        var response = AlterConfigsResponse()
        response.responses = zip(request.resources, failures).map { item, failure in
            var result = AlterConfigsResponse.AlterConfigsResourceResponse()
            result.resourceType = item.resourceType
            result.resourceName = item.resourceName
            if let failure {
                result.errorCode = failure.code.rawValue
                result.errorMessage = failure.message ?? failure.code.message
            }
            return result
        }
        return response
    }

    /// What is set and not named goes back to its default.
    private static func alteration(
        _ item: AlterConfigsRequest.AlterConfigsResource, _ resources: NamedResources, _ configs: ConfigStore
    ) throws(AdminFailure) -> (ConfigResource, [ConfigAlteration]) {
        let resource = try resources.resource(item.resourceType, item.resourceName, configs: item.configs.count)
        let given = Set(item.configs.map(\.name))
        let gone = configs.overrides(resource).keys.filter { !given.contains($0) }.sorted()
        return (
            resource,
            item.configs.map { ConfigAlteration(.set, $0.name, $0.value) } + gone.map { ConfigAlteration(.delete, $0) }
        )
    }
}
