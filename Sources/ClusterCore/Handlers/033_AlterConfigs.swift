import KafkaProtocol

/// AlterConfigs: replaces all settings of a resource by the given ones; older tools still use it.
///
/// Serves v0…2. Differs from Kafka: nothing.
enum AlterConfigsHandler: RequestHandler {
    static func handle(
        _ request: AlterConfigsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<AlterConfigsResponse> {
        var response = AlterConfigsResponse()
        let repeated = Cluster.repeated(request.resources) { ($0.resourceType, $0.resourceName) }
        response.responses = request.resources.map { item in
            var result = AlterConfigsResponse.AlterConfigsResourceResponse()
            result.resourceType = item.resourceType
            result.resourceName = item.resourceName
            do throws(AdminFailure) {
                if repeated.contains("\(item.resourceType)/\(item.resourceName)") {
                    throw AdminFailure(.invalidRequest, "Each resource must appear at most once.")
                }
                guard let kind = ConfigResource.Kind(rawValue: item.resourceType) else {
                    throw AdminFailure(.invalidRequest, "Unknown resource type \(item.resourceType)")
                }
                let resource = ConfigResource(kind, item.resourceName)
                let given = Set(item.configs.map(\.name))
                let gone = cluster.configs.overrides(resource).keys.filter { !given.contains($0) }.sorted()
                let alterations =
                    item.configs.map { ConfigAlteration(.set, $0.name, $0.value) }
                    + gone.map { ConfigAlteration(.delete, $0) }
                if kind == .topic {
                    try cluster.refuseSyncedConfigs(item.resourceName, alterations.map(\.name))
                }
                try cluster.alterConfigs(
                    resource, alterations, validateOnly: request.validateOnly, now: context.now)
            } catch {
                result.errorCode = error.code.rawValue
                result.errorMessage = error.message ?? error.code.message
            }
            return result
        }
        return .reply(response)
    }
}
