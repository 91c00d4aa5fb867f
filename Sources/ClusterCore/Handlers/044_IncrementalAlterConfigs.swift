import KafkaProtocol

/// IncrementalAlterConfigs: sets, deletes, appends to and subtracts from single settings (KIP-339).
///
/// Serves v0…1. Differs from Kafka: nothing.
enum IncrementalAlterConfigsHandler: RequestHandler {
    static func handle(
        _ request: IncrementalAlterConfigsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<IncrementalAlterConfigsResponse> {
        var response = IncrementalAlterConfigsResponse()
        let repeated = Cluster.repeated(request.resources) { ($0.resourceType, $0.resourceName) }
        response.responses = request.resources.map { item in
            var result = IncrementalAlterConfigsResponse.AlterConfigsResourceResponse()
            result.resourceType = item.resourceType
            result.resourceName = item.resourceName
            do throws(AdminFailure) {
                if repeated.contains("\(item.resourceType)/\(item.resourceName)") {
                    throw AdminFailure(.invalidRequest, "Each resource must appear at most once.")
                }
                guard let kind = ConfigResource.Kind(rawValue: item.resourceType) else {
                    throw AdminFailure(.invalidRequest, "Unknown resource type \(item.resourceType)")
                }
                var alterations: [ConfigAlteration] = []
                for config in item.configs {
                    guard let operation = ConfigAlteration.Operation(rawValue: config.configOperation) else {
                        throw AdminFailure(.invalidRequest, "Unknown operations type \(config.configOperation)")
                    }
                    alterations.append(ConfigAlteration(operation, config.name, config.value))
                }
                if kind == .topic {
                    try cluster.refuseSyncedConfigs(item.resourceName, alterations.map(\.name))
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
