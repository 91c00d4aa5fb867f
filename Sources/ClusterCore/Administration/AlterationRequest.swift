import KafkaProtocol

/// AlterConfigs and IncrementalAlterConfigs, which differ only in how they say what is to be changed of a resource.
protocol AlterationRequest: PortionedRequest where Response: AlterationResponse {
    associatedtype Resource: AlteredResource

    var resources: [Resource] { get set }
    var validateOnly: Bool { get }

    /// What is to be changed of one resource.
    static func alterations(
        _ item: Resource, of resource: ConfigResource, _ configs: ConfigStore
    ) throws(AdminFailure) -> [ConfigAlteration]
}

protocol AlteredResource {
    associatedtype Config

    var resourceType: Int8 { get }
    var resourceName: String { get }
    var configs: [Config] { get }
}

protocol AlterationResponse: KafkaResponse {
    associatedtype Outcome: AlterationOutcome

    var responses: [Outcome] { get set }

    init()
}

protocol AlterationOutcome {
    var resourceType: Int8 { get set }
    var resourceName: String { get set }
    var errorCode: Int16 { get set }
    var errorMessage: String? { get set }

    init()
}

extension AlterConfigsRequest.AlterConfigsResource: AlteredResource {}
extension AlterConfigsResponse: AlterationResponse {}
extension AlterConfigsResponse.AlterConfigsResourceResponse: AlterationOutcome {}
extension IncrementalAlterConfigsRequest.AlterConfigsResource: AlteredResource {}
extension IncrementalAlterConfigsResponse: AlterationResponse {}
extension IncrementalAlterConfigsResponse.AlterConfigsResourceResponse: AlterationOutcome {}

extension Cluster {
    /// Alters the resources of a request, of a long one some at a time.
    mutating func alterConfigs<Request: AlterationRequest>(
        _ request: Request, _ context: RequestContext
    ) -> Outcome<Request.Response> {
        var resources = NamedResources()
        for item in request.resources {
            resources.note(item.resourceType, item.resourceName)
        }
        return answerInPortions(request, context) { [resources] portion, context, cluster in
            cluster.alter(portion, resources, now: context.now)
        }
    }

    /// Keeps nothing of the configs, which would be copied when they change.
    private func alterations<Request: AlterationRequest>(
        _ request: Request, _ resources: NamedResources, _ configs: ConfigStore
    ) -> [ResourceAlteration] {
        request.resources.map { item in
            ResourceAlteration { () throws(AdminFailure) in
                let resource = try resources.resource(item.resourceType, item.resourceName, configs: item.configs.count)
                return (resource, try Request.alterations(item, of: resource, configs))
            }
        }
    }

    private mutating func alter<Request: AlterationRequest>(
        _ request: Request, _ resources: NamedResources, now: Int64
    ) -> Request.Response {
        let wanted = alterations(request, resources, configs)
        let failures = alterConfigs(wanted, validateOnly: request.validateOnly, now: now)
        var response = Request.Response()
        response.responses = zip(request.resources, failures).map { item, failure in
            var outcome = Request.Response.Outcome()
            outcome.resourceType = item.resourceType
            outcome.resourceName = item.resourceName
            if let failure {
                outcome.errorCode = failure.code.rawValue
                outcome.errorMessage = failure.message ?? failure.code.message
            }
            return outcome
        }
        return response
    }
}
