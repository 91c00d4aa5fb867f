import KafkaProtocol

/// IncrementalAlterConfigs: sets, deletes, appends to and subtracts from single settings (KIP-339).
///
/// Serves v0…1. Differs from Kafka: a long request is several commits, each of whole resources.
enum IncrementalAlterConfigsHandler: RequestHandler {
    static func handle(
        _ request: IncrementalAlterConfigsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<IncrementalAlterConfigsResponse> {
        cluster.alterConfigs(request, context)
    }
}

extension IncrementalAlterConfigsRequest: AlterationRequest {
    static func alterations(
        _ item: AlterConfigsResource, of resource: ConfigResource, _ configs: ConfigStore
    ) throws(AdminFailure) -> [ConfigAlteration] {
        var alterations: [ConfigAlteration] = []
        for config in item.configs {
            guard let operation = ConfigAlteration.Operation(rawValue: config.configOperation) else {
                throw AdminFailure(.invalidRequest, "Unknown operations type \(config.configOperation)")
            }
            alterations.append(ConfigAlteration(operation, config.name, config.value))
        }
        return alterations
    }
}
