import KafkaProtocol

/// AlterConfigs: replaces all settings of a resource by the given ones; older tools still use it.
///
/// Serves v0…2. Differs from Kafka: a long request is several commits, each of whole resources.
enum AlterConfigsHandler: RequestHandler {
    static func handle(
        _ request: AlterConfigsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<AlterConfigsResponse> {
        cluster.alterConfigs(request, context)
    }
}

extension AlterConfigsRequest: AlterationRequest {
    /// What is set and not named goes back to its default.
    static func alterations(
        _ item: AlterConfigsResource, of resource: ConfigResource, _ configs: ConfigStore
    ) throws(AdminFailure) -> [ConfigAlteration] {
        let given = Set(item.configs.map(\.name))
        let gone = configs.overrides(resource).keys.filter { !given.contains($0) }.sorted()
        return item.configs.map { ConfigAlteration(.set, $0.name, $0.value) }
            + gone.map { ConfigAlteration(.delete, $0) }
    }
}
