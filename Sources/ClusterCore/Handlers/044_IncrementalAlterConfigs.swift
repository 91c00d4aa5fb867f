import KafkaProtocol

/// IncrementalAlterConfigs: sets, deletes, appends to and subtracts from single settings (KIP-339).
///
/// Serves v0…1. Differs from Kafka: a long request is several commits, each of whole resources.
enum IncrementalAlterConfigsHandler: RequestHandler {
    static func handle(
        _ request: IncrementalAlterConfigsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<IncrementalAlterConfigsResponse> {
        var resources = NamedResources()
        for item in request.resources {
            resources.note(item.resourceType, item.resourceName)
        }
        return cluster.answerInPortions(request, context) { [resources] portion, context, cluster in
            answer(portion, resources, context, &cluster)
        }
    }

    private static func answer(
        _ request: IncrementalAlterConfigsRequest, _ resources: NamedResources, _ context: RequestContext,
        _ cluster: inout Cluster
    ) -> IncrementalAlterConfigsResponse {
        let wanted = request.resources.map { item in
            ResourceAlteration { () throws(AdminFailure) in try alteration(item, resources) }
        }
        let failures = cluster.alterConfigs(wanted, validateOnly: request.validateOnly, now: context.now)
        var response = IncrementalAlterConfigsResponse()
        response.responses = zip(request.resources, failures).map { item, failure in
            var result = IncrementalAlterConfigsResponse.AlterConfigsResourceResponse()
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

    private static func alteration(
        _ item: IncrementalAlterConfigsRequest.AlterConfigsResource, _ resources: NamedResources
    ) throws(AdminFailure) -> (ConfigResource, [ConfigAlteration]) {
        let resource = try resources.resource(item.resourceType, item.resourceName, configs: item.configs.count)
        var alterations: [ConfigAlteration] = []
        for config in item.configs {
            guard let operation = ConfigAlteration.Operation(rawValue: config.configOperation) else {
                throw AdminFailure(.invalidRequest, "Unknown operations type \(config.configOperation)")
            }
            alterations.append(ConfigAlteration(operation, config.name, config.value))
        }
        return (resource, alterations)
    }
}
