import KafkaProtocol

/// DescribeConfigs: settings of topics and brokers with their sources.
///
/// Serves v1…4. Differs from Kafka: broker loggers, client metrics and groups have no settings.
enum DescribeConfigsHandler: RequestHandler {
    static func handle(
        _ request: DescribeConfigsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<DescribeConfigsResponse> {
        var response = DescribeConfigsResponse()
        // A resource that is named twice is answered once: an answer is much longer than the question.
        var seen: Set<Resource> = []
        let resources = request.resources.filter { seen.insert(Resource($0)).inserted }
        response.results = resources.map { item in
            var result = DescribeConfigsResponse.DescribeConfigsResult()
            result.resourceType = item.resourceType
            result.resourceName = item.resourceName
            do throws(AdminFailure) {
                // No names ask for all of them, as null does.
                let keys = Set(item.configurationKeys ?? [])
                result.configs = try describe(item, context, cluster).filter { keys.isEmpty || keys.contains($0.name) }
                    .map {
                        entry($0, request)
                    }
            } catch {
                result.errorCode = error.code.rawValue
                result.errorMessage = error.message ?? error.code.message
            }
            return result
        }
        return .reply(response)
    }

    private struct Resource: Hashable {
        let type: Int8
        let name: String

        init(_ item: DescribeConfigsRequest.DescribeConfigsResource) {
            type = item.resourceType
            name = item.resourceName
        }
    }

    private static func describe(
        _ item: DescribeConfigsRequest.DescribeConfigsResource, _ context: RequestContext, _ cluster: Cluster
    ) throws(AdminFailure) -> [DescribedConfig] {
        guard let kind = ConfigResource.Kind(rawValue: item.resourceType) else {
            throw AdminFailure(.invalidRequest, "Unsupported resource type: \(item.resourceType)")
        }
        switch kind {
        case .topic:
            if let problem = TopicName.problem(item.resourceName) {
                throw AdminFailure(.invalidTopicException, problem)
            }
            try cluster.check(.topic(item.resourceName))
            return cluster.configs.describeTopic(
                overrides: cluster.configs.overrides(.topic(item.resourceName)), nodeID: context.connection.nodeID)
        case .broker:
            try cluster.check(ConfigResource(.broker, item.resourceName))
            return cluster.configs.describeBroker(item.resourceName)
        case .brokerLogger, .clientMetrics, .group:
            return []
        }
    }

    private static func entry(
        _ config: DescribedConfig, _ request: DescribeConfigsRequest
    ) -> DescribeConfigsResponse.DescribeConfigsResourceResult {
        var entry = DescribeConfigsResponse.DescribeConfigsResourceResult()
        entry.name = config.name
        entry.value = config.value
        entry.readOnly = config.isReadOnly
        entry.configSource = config.source.rawValue
        entry.isSensitive = config.isSensitive
        entry.configType = config.definition.type.rawValue
        if request.includeSynonyms {
            entry.synonyms = config.synonyms.map { synonym in
                var item = DescribeConfigsResponse.DescribeConfigsSynonym()
                item.name = synonym.name
                item.value = synonym.value
                item.source = synonym.source.rawValue
                return item
            }
        }
        if request.includeDocumentation {
            entry.documentation = config.definition.documentation
        }
        return entry
    }
}
