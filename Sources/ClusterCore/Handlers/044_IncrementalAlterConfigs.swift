import KafkaProtocol

/// IncrementalAlterConfigs: sets, deletes, appends to and subtracts from single settings (KIP-339).
///
/// Serves v0…1. Differs from Kafka: nothing.
enum IncrementalAlterConfigsHandler: RequestHandler {
    static func handle(
        _ request: IncrementalAlterConfigsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<IncrementalAlterConfigsResponse> {
        var response = IncrementalAlterConfigsResponse()
        response.responses = request.resources.map { item in
            var result = IncrementalAlterConfigsResponse.AlterConfigsResourceResponse()
            result.resourceType = item.resourceType
            result.resourceName = item.resourceName
            do throws(AdminFailure) {
                guard let kind = ConfigResource.Kind(rawValue: item.resourceType) else {
                    throw AdminFailure(.invalidRequest, "Unexpected resource type \(item.resourceType).")
                }
                var alterations: [ConfigAlteration] = []
                for config in item.configs {
                    guard let operation = ConfigAlteration.Operation(rawValue: config.configOperation) else {
                        throw AdminFailure(.invalidRequest, "Unknown operation type \(config.configOperation)")
                    }
                    alterations.append(ConfigAlteration(operation, config.name, config.value))
                }
                try cluster.alterConfigs(
                    ConfigResource(kind, item.resourceName), alterations, validateOnly: request.validateOnly,
                    now: context.now)
            } catch {
                result.errorCode = error.code.rawValue
                result.errorMessage = error.message ?? error.code.message
            }
            return result
        }
        return .reply(response)
    }
}
