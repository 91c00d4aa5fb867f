import KafkaProtocol

/// AlterConfigs: replaces all settings of a resource by the given ones; older tools still use it.
///
/// Serves v0…2. Differs from Kafka: nothing.
enum AlterConfigsHandler: RequestHandler {
    static func handle(
        _ request: AlterConfigsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<AlterConfigsResponse> {
        var response = AlterConfigsResponse()
        response.responses = request.resources.map { item in
            var result = AlterConfigsResponse.AlterConfigsResourceResponse()
            result.resourceType = item.resourceType
            result.resourceName = item.resourceName
            do throws(AdminFailure) {
                guard let kind = ConfigResource.Kind(rawValue: item.resourceType) else {
                    throw AdminFailure(.invalidRequest, "Unexpected resource type \(item.resourceType).")
                }
                let resource = ConfigResource(kind, item.resourceName)
                let given = Set(item.configs.map(\.name))
                let gone = cluster.configs.overrides(resource).keys.filter { !given.contains($0) }.sorted()
                let alterations =
                    item.configs.map { ConfigAlteration(.set, $0.name, $0.value) }
                    + gone.map { ConfigAlteration(.delete, $0) }
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
