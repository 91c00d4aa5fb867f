import KafkaProtocol

/// DescribeConfigs: settings of topics and brokers with their sources.
///
/// Serves v1…4. Differs from Kafka: broker loggers, client metrics and groups have no settings.
enum DescribeConfigsHandler: RequestHandler {
    static func handle(
        _ request: DescribeConfigsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<DescribeConfigsResponse> {
        cluster.answerInSlices(Look(request), context)
    }

    /// Resources that are looked at before others are served; what there is to say about them comes later.
    static let resourcesPerSlice = 1_000

    /// A request as far as its resources were looked at.
    private final class Look: SlicedRequest {
        private let request: DescribeConfigsRequest
        private var seen: Set<Resource> = []
        private var items: [Item] = []
        private var next = 0
        /// The answer is on its way without us.
        private(set) var isWaiting = false

        init(_ request: DescribeConfigsRequest) {
            self.request = request
            // At once: what grows moves all that is in it.
            seen.reserveCapacity(request.resources.count)
            items.reserveCapacity(request.resources.count)
        }

        func goOn(_ context: RequestContext, _ cluster: inout Cluster) -> (any KafkaResponse)? {
            let end = min(next +| resourcesPerSlice, request.resources.count)
            // A resource that is named twice is answered once: an answer is much longer than the question.
            for question in request.resources[next..<end] where seen.insert(Resource(question)).inserted {
                items.append(described(question, cluster))
            }
            next = end
            guard next == request.resources.count else {
                return nil
            }
            let (items, request, configs, nodeID) = (items, request, cluster.configs, context.connection.nodeID)
            @Sendable func results(_ range: Range<Int>) -> DescribeConfigsResponse {
                var response = DescribeConfigsResponse()
                response.results = items[range].map { result($0, request, configs, nodeID) }
                return response
            }
            guard items.count > resourcesAtOnce, context.token.connection != .internalCaller else {
                return results(items.indices)
            }
            isWaiting = true
            cluster.answerInPieces(
                context, count: items.count, perPiece: resourcesAtOnce,
                isFlexible: DescribeConfigsRequest.isFlexible(context.version), results)
            return nil
        }
    }

    /// Resources that are described in one go: some milliseconds of work, and some hundred kilobytes of answer.
    static let resourcesAtOnce = 20

    /// A resource that was asked for, and whether there is one.
    private struct Item: Sendable {
        let question: DescribeConfigsRequest.DescribeConfigsResource
        let failure: AdminFailure?
    }

    private static func described(
        _ question: DescribeConfigsRequest.DescribeConfigsResource, _ cluster: Cluster
    ) -> Item {
        do throws(AdminFailure) {
            guard let kind = ConfigResource.Kind(rawValue: question.resourceType) else {
                throw AdminFailure(.invalidRequest, "Unsupported resource type: \(question.resourceType)")
            }
            if kind == .topic, let problem = TopicName.problem(question.resourceName) {
                throw AdminFailure(.invalidTopicException, problem)
            }
            if kind == .topic || kind == .broker {
                try cluster.check(ConfigResource(kind, question.resourceName))
            }
            return Item(question: question, failure: nil)
        } catch {
            return Item(question: question, failure: error)
        }
    }

    private static func result(
        _ item: Item, _ request: DescribeConfigsRequest, _ configs: ConfigStore, _ nodeID: Int32
    ) -> DescribeConfigsResponse.DescribeConfigsResult {
        var result = DescribeConfigsResponse.DescribeConfigsResult()
        result.resourceType = item.question.resourceType
        result.resourceName = item.question.resourceName
        if let failure = item.failure {
            result.errorCode = failure.code.rawValue
            result.errorMessage = failure.message ?? failure.code.message
            return result
        }
        // No names ask for all of them, as null does.
        let keys = Set(item.question.configurationKeys ?? [])
        result.configs = settings(item.question, configs, nodeID).filter { keys.isEmpty || keys.contains($0.name) }
            .map { entry($0, request) }
        return result
    }

    private struct Resource: Hashable {
        let type: Int8
        let name: String

        init(_ item: DescribeConfigsRequest.DescribeConfigsResource) {
            type = item.resourceType
            name = item.resourceName
        }
    }

    private static func settings(
        _ question: DescribeConfigsRequest.DescribeConfigsResource, _ configs: ConfigStore, _ nodeID: Int32
    ) -> [DescribedConfig] {
        switch ConfigResource.Kind(rawValue: question.resourceType) {
        case .topic:
            configs.describeTopic(overrides: configs.overrides(.topic(question.resourceName)), nodeID: nodeID)
        case .broker: configs.describeBroker(question.resourceName)
        case .brokerLogger, .clientMetrics, .group, nil: []
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
